"""config/config.yaml: read, checked against its schema, defaults filled in."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from reviewflow.faults import Fault, raise_faults
from reviewflow.form.faults import field_faults
from reviewflow.schema import SCHEMAS, load_yaml, schema

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

    yield from twice(path, node)
    yield from _people(path, data, node)
    yield from _own_fields(path, data, node)
    for error in Draft202012Validator(config_schema()).iter_errors(data):
        keys = list(error.absolute_path)
        mend = _MENDS.get(str(error.validator), error.schema.get("description", "correct the value"))
        if error.validator == "additionalProperties":
            for key in [k for k in error.instance if k not in error.schema.get("properties", {})]:
                place = [*keys, key]
                yield Fault(path, line_of(node, place, of_key=True), ".".join(map(str, place)), "unknown key", mend)
        else:
            yield Fault(path, line_of(node, keys), ".".join(map(str, keys)), error.message, str(mend))


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
            yield Fault(path, line_of(node, [group, "adjudicator"]), place, f'"{third}" is one of the {role}', mend)
        if len({str(name).lower() for name in names}) < len(set(map(str, names))):
            mend = "give them names that every file system tells apart"
            problem = "two names differ in upper and lower case only"
            yield Fault(path, line_of(node, [group, role]), f"{group}.{role}", problem, mend)
    for name in {"other", "blank", "keep", "drop"} & {*_names(parts, "extraction", "extractors")}:
        problem = f'"{name}" is a word of the adjudicator\'s worksheet'
        mend = f"give the extractor another name, such as {name}_1"
        yield Fault(path, line_of(node, ["extraction", "extractors"]), "extraction.extractors", problem, mend)
    yield from _screening(path, parts.get("screening", {}), node)


def _names(parts: Mapping[str, Any], group: str, role: str) -> list[str]:
    names = parts.get(group, {}).get(role)
    return [str(name) for name in names] if isinstance(names, list) else []


def _screening(path: str, screening: Mapping[str, Any], node: yaml.Node | None) -> Iterator[Fault]:
    """Reviewers who left and are still there, names that are taken, and votes that nobody could give."""

    def fault(key: str, problem: str, mend: str) -> Fault:
        return Fault(path, line_of(node, ["screening", key]), f"screening.{key}", problem, mend)

    listed = [screening.get(key, []) for key in ("reviewers", "former_reviewers")]
    reviewers, former = ([str(name) for name in names] if isinstance(names, list) else [] for names in listed)
    for name in former:
        if name.lower() in {other.lower() for other in reviewers}:
            mend = "keep the name in one of the two lists"
            yield fault("former_reviewers", f'"{name}" is one of the reviewers, too', mend)
    if screening.get("adjudicator") in former:
        problem = f'"{screening["adjudicator"]}" is one of the former_reviewers, whose votes count'
        yield fault("adjudicator", problem, "name a third person, or leave it blank")
    for key, names in (("reviewers", reviewers), ("former_reviewers", former)):
        for name in names:
            if name.lower() in _taken():
                problem = f'"{name}" is the name of a file or of a column of the tables'
                yield fault(key, problem, f"give the reviewer another name, such as {name}_1")
    yield from _votes(screening, reviewers, fault)


def _own_fields(path: str, data: Any, node: yaml.Node | None) -> Iterator[Fault]:
    """The review's own fields of the extraction that could not be columns."""
    extraction = data.get("extraction") if isinstance(data, dict) else None
    for key, place, problem, mend in field_faults(extraction if isinstance(extraction, dict) else {}):
        line = line_of(node, ["extraction", key, place])
        yield Fault(path, line, f"extraction.{key}.{place}", problem, mend)


def _votes(screening: Mapping[str, Any], reviewers: list[str], fault: Callable[..., Fault]) -> Iterator[Fault]:
    needed, sample = screening.get("reviewers_per_report", 2), screening.get("check_sample", 0)
    if not isinstance(needed, int) or not isinstance(sample, int | float):
        return
    if "reviewers" in screening and len(reviewers) < needed:
        problem = f"each report needs {needed} votes, and {len(reviewers)} can vote"
        yield fault("reviewers", problem, "name more reviewers, or lower reviewers_per_report")
    elif sample > 0 and needed != 1:
        problem = f"a check sample is for screening by one reviewer, and each report needs {needed} votes here"
        yield fault("check_sample", problem, "set it to 0, or set reviewers_per_report to 1")
    elif sample > 0 and "reviewers" in screening and len(reviewers) < 2:
        yield fault("check_sample", "nobody else can screen the sample", "name a second reviewer, or set it to 0")


def _taken() -> set[str]:
    """Names that stand for something else beside a reviewer's: in results, each reviewer has a column of the stage's
    table, and in records, the adjudicator a file."""
    return {"adjudication", *schema("results/screening/title_abstract").columns}


def twice(path: str, node: yaml.Node | None) -> Iterator[Fault]:
    """Keys that stand twice in one place: YAML would take the last without a word."""
    if isinstance(node, yaml.MappingNode):
        seen: dict[str, int] = {}
        for key, value in node.value:
            line = key.start_mark.line + 1
            if seen.setdefault(key.value, line) != line:
                problem = f"the key stands in line {seen[key.value]} too"
                yield Fault(path, line, key.value, problem, "keep one of them")
            yield from twice(path, value)
    for value in node.value if isinstance(node, yaml.SequenceNode) else []:
        yield from twice(path, value)


def line_of(node: yaml.Node | None, keys: list[str | int], *, of_key: bool = False) -> int:
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
