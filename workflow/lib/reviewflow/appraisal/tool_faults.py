"""Faults of the tool files that a review brings itself: all of them, each with its line."""

from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from reviewflow.config import line_of, twice
from reviewflow.schema import tool_schema
from reviewflow.tables import Fault

from .decide import NOT_APPLICABLE
from .tools import Raw, Tools, extended, read_tools

_HELP = "docs/appraisal.md describes the file"
Place = list[str | int]


class _File:
    """One tool file: its place, what it says, and where its lines are."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.spec: Any = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 the base loader makes text only
        self.node = yaml.compose(text, Loader=yaml.BaseLoader)

    def fault(self, place: Place, problem: str, mend: str) -> Fault:
        """A fault at the value that the keys lead to."""
        return Fault(self.name, line_of(self.node, place), ".".join(map(str, place)), problem, mend)


def tool_faults(own: Mapping[str, str], bundled: Mapping[str, str]) -> list[Fault]:
    """Faults of the review's own tool files, text by file name, beside those that are bundled; sorted."""
    faults: list[Fault] = []
    whole: list[_File] = []
    for name, text in own.items():
        try:
            file = _File(name, text)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            problem = f"not YAML ({getattr(error, 'problem', None) or error})"
            mend = "mind indentation, and put text with : or ? in quotes"
            faults.append(Fault(name, mark.line + 1 if mark else 1, "", problem, mend))
            continue
        found = [*twice(name, file.node), *_shape(file)]
        faults += found
        whole += [] if found else [file]
    known = read_tools(bundled)
    bases = [yaml.load(text, Loader=yaml.BaseLoader) for text in bundled.values()]  # noqa: S506 text only
    faults += [fault for file in whole for fault in _names(file, known, whole)]
    if not faults:
        named = {spec["tool"]: spec for spec in (*bases, *(file.spec for file in whole))}
        faults += [fault for file in whole for fault in _extends(file, named)]
    if not faults:
        merged = extended([*bases, *(file.spec for file in whole)])[len(bases) :]
        faults += [f for file, spec in zip(whole, merged, strict=True) for f in _Meaning(file, spec).faults()]
    return sorted(set(faults))


def _shape(file: _File) -> Iterator[Fault]:
    """What the schema says. A tool that extends another need not repeat what that one says."""
    from jsonschema import Draft202012Validator

    extends = isinstance(file.spec, dict) and "extends" in file.spec
    for error in Draft202012Validator(tool_schema()).iter_errors(file.spec):
        place = list(error.absolute_path)
        if error.validator == "required" and not place and extends and "'tool'" not in error.message:
            continue
        mend = error.schema.get("description", _HELP) if error.validator != "required" else f"add the key; {_HELP}"
        yield file.fault(place, error.message, str(mend))


def _names(file: _File, known: Tools, own: list[_File]) -> Iterator[Fault]:
    """Names that another tool has."""
    spec = file.spec
    words: list[tuple[str, Place]] = [(spec["tool"], ["tool"])]
    words += [(spec["name"], ["name"])] if "name" in spec else []
    words += [(word, ["aliases", i]) for i, word in enumerate(spec.get("aliases", []))]
    for word, place in words:
        other = known.find(word)
        if other:
            problem = f'"{word}" is a name of the bundled tool {other.name}'
            yield file.fault(place, problem, "give it a name of its own, such as with your review's name in it")
    for other_file in own:
        if other_file is not file and other_file.spec["tool"] == spec["tool"]:
            yield file.fault(["tool"], f'"{spec["tool"]}" is in {other_file.name} too', "give one of them another name")


def _extends(file: _File, named: Mapping[str, Raw]) -> Iterator[Fault]:
    base = file.spec.get("extends")
    if base is not None and (base not in named or base == file.spec["tool"]):
        mend = f"write one of {', '.join(sorted({*named} - {file.spec['tool']}))}"
        yield file.fault(["extends"], f'no other tool is called "{base}"', mend)
    elif base is not None and "extends" in named[base]:
        yield file.fault(["extends"], f'"{base}" extends another tool itself', "extend that one")


class _Meaning:
    """Words of one tool that stand for nothing in it."""

    def __init__(self, file: _File, spec: Raw) -> None:
        self.file, self.spec = file, spec
        self.own = {domain["code"] for domain in file.spec.get("domains", [])}

    def faults(self) -> Iterator[Fault]:
        """All of them; those of what a base tool says have no place here."""
        seen: set[str] = set()
        for i, domain in enumerate(self.file.spec.get("domains", [])):
            place: Place = ["domains", i]
            if domain["code"] in seen:
                yield self.file.fault([*place, "code"], f'"{domain["code"]}" stands twice', "give each its own code")
            seen.add(domain["code"])
            yield from self._domain(domain, place)
        if "overall" in self.file.spec:
            yield from self._overall(self.file.spec["overall"])

    def _levels(self, part: Raw) -> list[str]:
        return [j["code"] for j in part.get("judgements", self.spec["judgements"])]

    def _domain(self, domain: Raw, place: Place) -> Iterator[Fault]:
        questions = domain.get("questions", [])
        direct = domain.get("direct") == "true"
        if direct and len(questions) != 1:
            problem = f"a direct domain has {len(questions)} questions"
            yield self.file.fault(place, problem, "give it one, whose answer is the judgement")
        listed = self._levels(domain) if direct else domain.get("answers", list(self.spec.get("answers", {})))
        answers = {q["code"]: {*q.get("answers", listed), NOT_APPLICABLE} for q in questions}
        if len(answers) < len(questions):
            yield self.file.fault([*place, "questions"], "a question's code stands twice", "give each its own code")
        for n, question in enumerate(questions):
            here = [*place, "questions", n]
            unknown = set(question.get("answers", [])) - set(self.spec.get("answers", {})) - set(listed)
            for answer in sorted(unknown):
                yield self.file.fault(here, f'"{answer}" is not among answers', "declare it in answers")
            yield from self._condition(question.get("asked", {}), answers, here)
        yield from self._tables(domain, answers, place)
        most = sum(max(map(int, q["stars"].values()), default=0) for q in questions if "stars" in q)
        lacking = {str(n) for n in range(most + 1)} - set(self._levels(domain)) if most else set()
        for stars in sorted(lacking):
            yield self.file.fault(place, f'no judgement has the code "{stars}"', "add one for each number of stars")

    def _overall(self, overall: Raw) -> Iterator[Fault]:
        counted = [d for d in self.spec["domains"] if d.get("group", "bias") == "bias"]
        yield from self._tables(overall, {d["code"]: set(self._levels(d)) for d in counted}, ["overall"])
        if overall.get("rule") == "worst":
            for level in sorted({level for d in counted for level in self._levels(d)} - set(self._levels(overall))):
                problem = f'"worst" may give "{level}", which is no overall judgement'
                yield self.file.fault(["overall", "rule"], problem, "declare it, or write decision tables as parts")

    def _tables(self, part: Raw, values: Mapping[str, set[str]], place: Place) -> Iterator[Fault]:
        for p, table in enumerate(part.get("parts", [])):
            for r, rule in enumerate(table):
                here = [*place, "parts", p, r]
                yield from self._condition(rule.get("when", {}), values, here)
                if rule["then"] not in self._levels(part):
                    mend = f"write one of {', '.join(self._levels(part))}"
                    yield self.file.fault([*here, "then"], f'"{rule["then"]}" is no judgement here', mend)

    def _condition(self, condition: Raw, values: Mapping[str, set[str]], place: Place) -> Iterator[Fault]:
        for name, value in condition.items():
            if name == "any":
                for part in value:
                    yield from self._condition(part, values, place)
                continue
            of = value["of"] if name == "count" else list(values) if name == "any_domain" else [name]
            said = value["is"] if name == "count" else value
            for code in sorted(set(of) - set(values)):
                yield self.file.fault(place, f'"{code}" is not known here', f"write one of {', '.join(values)}")
            allowed = set[str]().union(*(values[code] for code in of if code in values))
            for word in sorted(set(said) - allowed) if set(of) <= set(values) else []:
                mend = f"write one of {', '.join(sorted(allowed))}"
                yield self.file.fault(place, f'"{word}" cannot be said of {", ".join(of)}', mend)
