"""config/config.yaml: read, checked against its schema, defaults filled in."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from reviewflow.faults import Fault, raise_faults
from reviewflow.schema import SCHEMAS, load_yaml

CONFIG = "config/config.yaml"
# What says nothing without the protocol.
_BOUND = (
    "config/",
    *(f"records/{part}" for part in ("amendments.csv", "appraisal/", "extraction/", "published/", "screening/")),
)
_MENDS = {
    "additionalProperties": "remove it, or correct its spelling; config/README.md lists all keys",
    "required": "add the key; config/README.md describes it",
}


def config_schema() -> dict[str, Any]:
    """The JSON schema of config.yaml."""
    loaded: dict[str, Any] = load_yaml((SCHEMAS / "config.schema.yaml").read_text(encoding="utf-8"))
    return loaded


def read_config(path: Path | str = CONFIG, *, checked: bool = False) -> dict[str, Any]:
    """The review's configuration with every default filled in; all of it is defaults where the file is not there
    (`without_config` says whether it may be missing). Raises DataFaults with all faults of the file.

    `checked`: the file has passed before as it stands, so that the validator need not be loaded.
    """
    try:
        text = Path(path).read_text(encoding="utf-8-sig") if Path(path).is_file() else ""
        loaded = load_yaml(text)
        data = {} if loaded is None else loaded
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        problem = f"not YAML ({getattr(error, 'problem', None) or error})"
        raise_faults([Fault(str(path), mark.line + 1 if mark else 1, "", problem, "mind indentation and quotes")])
    if not checked:
        raise_faults(_faults(str(path), data, yaml.compose(text, Loader=yaml.SafeLoader)))
    filled: dict[str, Any] = with_defaults(data, config_schema())
    return filled


def without_config(files: Sequence[str]) -> list[Fault]:
    """Why a review of these files cannot do without config.yaml; exports and rulings on their pairs can."""
    bound = [file for file in files if file.startswith(_BOUND)]
    if bound:
        mend = "put it back, or write one like that which `reviewflow new DIR` makes"
        return [Fault(CONFIG, 0, "", f"the file is not there, and {bound[0]} needs it", mend)]
    if not any(file.startswith("records/search/exports/") for file in files):
        mend = "put exports into records/search/exports/, or make a review's folder with `reviewflow new DIR`"
        return [Fault(CONFIG, 0, "", "neither this file nor any export is there", mend)]
    return []


def _faults(path: str, data: object, node: yaml.Node | None) -> Iterator[Fault]:
    from jsonschema import Draft202012Validator

    yield from _twice(path, node)
    yield from _people(path, data, node)
    for error in Draft202012Validator(config_schema()).iter_errors(data):
        keys = list(error.absolute_path)
        mend = _MENDS.get(str(error.validator), error.schema.get("description", "correct the value"))
        if error.validator == "additionalProperties":
            for key in [k for k in error.instance if k not in error.schema.get("properties", {})]:
                place = [*keys, key]
                yield Fault(path, _line(node, place, of_key=True), ".".join(map(str, place)), "unknown key", mend)
        else:
            yield Fault(path, _line(node, keys), ".".join(map(str, keys)), error.message, str(mend))


def _people(path: str, data: Any, node: yaml.Node | None) -> Iterator[Fault]:
    """People who could not do what the protocol asks of them. What is not of the right type is the schema's to say."""
    parts = {k: v for k, v in data.items() if isinstance(v, dict)} if isinstance(data, dict) else {}
    for group, role in (("screening", "reviewers"), ("extraction", "extractors"), ("appraisal", "assessors")):
        names, third = parts.get(group, {}).get(role), parts.get(group, {}).get("adjudicator")
        if not isinstance(names, list):
            continue
        if third in names:
            mend = "name a third person, or leave it blank"
            place = f"{group}.adjudicator"
            yield Fault(path, _line(node, [group, "adjudicator"]), place, f'"{third}" is one of the {role}', mend)
        if len({str(name).lower() for name in names}) < len(set(map(str, names))):
            mend = "give them names that every file system tells apart"
            problem = "two names differ in upper and lower case only"
            yield Fault(path, _line(node, [group, role]), f"{group}.{role}", problem, mend)
    yield from _enough(path, parts.get("screening", {}), node)


def _enough(path: str, screening: Any, node: yaml.Node | None) -> Iterator[Fault]:
    reviewers, needed = screening.get("reviewers"), screening.get("reviewers_per_report", 2)
    if isinstance(reviewers, list) and isinstance(needed, int) and len(reviewers) < needed:
        problem = f"each report needs {needed} votes, and {len(reviewers)} can vote"
        mend = "name more reviewers, or lower reviewers_per_report"
        yield Fault(path, _line(node, ["screening", "reviewers"]), "screening.reviewers", problem, mend)


def _twice(path: str, node: yaml.Node | None) -> Iterator[Fault]:
    """Keys that stand twice in one place: YAML would take the last without a word."""
    if isinstance(node, yaml.MappingNode):
        seen: dict[str, int] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if seen.setdefault(key.value, line) != line:
                problem = f"the key stands in line {seen[key.value]} too"
                yield Fault(path, line, key.value, problem, "keep one of them")
            yield from _twice(path, value)
    for value in node.value if isinstance(node, yaml.SequenceNode) else []:
        yield from _twice(path, value)


def _line(node: yaml.Node | None, keys: list[str | int], *, of_key: bool = False) -> int:
    """Line of the value that `keys` lead to, or of the last key itself, from 1."""
    line = node.start_mark.line if node else 0
    for key in keys:
        if isinstance(node, yaml.MappingNode):
            name, node = next(((n, v) for n, v in node.value if n.value == str(key)), (node, node))
            line = name.start_mark.line if of_key else node.start_mark.line
        elif isinstance(node, yaml.SequenceNode) and isinstance(key, int):
            node = node.value[key]
            line = node.start_mark.line
    return line + 1


def with_defaults(data: Any, schema: dict[str, Any]) -> Any:
    """`data` with the defaults of `schema` at every level."""
    if schema.get("type") == "array":
        return [with_defaults(value, schema["items"]) for value in data]
    if schema.get("type") != "object" or not isinstance(data, Mapping):
        return data
    declared = schema.get("properties", {})
    filled = {name: spec["default"] for name, spec in declared.items() if "default" in spec} | dict(data)
    other = schema.get("additionalProperties")
    rest = other if isinstance(other, dict) else {}
    return {name: with_defaults(value, declared.get(name, rest)) for name, value in filled.items()}
