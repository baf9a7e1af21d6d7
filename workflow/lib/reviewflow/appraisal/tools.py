"""Tools of appraisal as data: what a tool file says, and how people's words for its parts are understood."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

Raw = Mapping[str, Any]
OVERALL = "overall"


@dataclass(frozen=True)
class Judgement:
    """One level. `risk` is low, some, high, unknown or none; `ordinal` whether it has a place in the order."""

    code: str
    label: str
    risk: str
    symbol: str
    colour: str
    ink: str
    ordinal: bool
    aliases: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """One signalling question. `asked` is the condition on which it is asked (None: always); `stars` what answers
    earn where judgements are counted in stars."""

    code: str
    text: str
    answers: tuple[str, ...]
    asked: Raw | None
    stars: Mapping[str, int]


@dataclass(frozen=True)
class Domain:
    """One domain, or the overall judgement. `judgements` from the best to the worst; `parts` are decision tables of
    (condition or None, judgement)."""

    code: str
    label: str
    judgements: tuple[Judgement, ...]
    questions: tuple[Question, ...] = ()
    parts: tuple[tuple[tuple[Raw | None, str], ...], ...] = ()
    aliases: tuple[str, ...] = ()
    group: str = "bias"
    direct: bool = False
    worst: bool = False

    def judgement(self, word: str) -> Judgement | None:
        """The level that a person's word stands for."""
        return self._words.get(_plain(word))

    def question(self, code: str) -> Question | None:
        """A question by its code."""
        return next((q for q in self.questions if q.code == code), None)

    def rank(self, code: str) -> int:
        """Place in the order from the best, 0, to the worst."""
        return [j.code for j in self.judgements].index(code)

    @property
    def stars(self) -> bool:
        """Whether the judgement is a count of stars."""
        return any(q.stars for q in self.questions)

    @property
    def _words(self) -> dict[str, Judgement]:
        return {_plain(word): j for j in self.judgements for word in (*j.aliases, j.label, j.code)}


@dataclass(frozen=True)
class Tool:
    """One tool. `domains` in the order of columns; `overall` is None where the tool has no such judgement."""

    tool: str
    name: str
    version: str
    source: str
    year: str
    about: str
    verified: str
    level: str
    needs_comparator: bool
    certainty_starts_high: bool
    aliases: tuple[str, ...]
    answers: Mapping[str, str]
    domains: tuple[Domain, ...]
    overall: Domain | None

    @property
    def parts(self) -> tuple[Domain, ...]:
        """Everything that is judged: the domains, then the overall judgement."""
        return (*self.domains, *([self.overall] if self.overall else []))

    def domain(self, word: str) -> Domain | None:
        """The domain that a person's word stands for."""
        return {_plain(w): d for d in self.parts for w in (*d.aliases, d.label, d.code)}.get(_plain(word))

    def domain_of(self, question: str) -> Domain | None:
        """The domain to which a question belongs."""
        return next((d for d in self.domains if d.question(question)), None)


@dataclass(frozen=True)
class Tools:
    """All tools of a review, its own included, by their short names."""

    by_code: Mapping[str, Tool] = field(default_factory=dict)

    def find(self, word: str) -> Tool | None:
        """The tool that a person's word stands for: capitals, blanks and signs do not count."""
        return self._words.get(_plain(word))

    @property
    def names(self) -> list[str]:
        """Names of all, sorted."""
        return sorted(tool.name for tool in self.by_code.values())

    @property
    def _words(self) -> dict[str, Tool]:
        return {_plain(word): t for t in self.by_code.values() for word in (*t.aliases, t.name, t.tool)}


def read_tools(texts: Mapping[str, str]) -> Tools:
    """Tools of the files' texts by file name, which must have passed `tool_faults`."""
    raw = extended([yaml.load(text, Loader=yaml.BaseLoader) for text in texts.values()])  # noqa: S506 text only
    return Tools({spec["tool"]: _tool(spec) for spec in raw})


def extended(raw: Iterable[Raw]) -> list[dict[str, Any]]:
    """What each file says, with what it takes over from the tool that it extends."""
    listed = list(raw)
    named = {spec.get("tool"): spec for spec in listed}
    return [_over(named.get(spec.get("extends"), {}), spec) for spec in listed]


def _over(base: Raw, spec: Raw) -> dict[str, Any]:
    own = {domain["code"]: domain for domain in spec.get("domains", [])}
    taken = [own.pop(domain["code"], domain) for domain in base.get("domains", [])]
    merged = {key: value for key, value in base.items() if key != "aliases"} | dict(spec)
    return merged | {"domains": [*taken, *own.values()]}


def _tool(spec: Raw) -> Tool:
    scale = _judgements(spec["judgements"])
    codes = tuple(spec.get("answers", {}))
    overall = spec.get("overall")
    return Tool(
        **{key: spec.get(key, "") for key in ("tool", "name", "version", "source", "year", "about", "verified")},
        level=spec.get("level", "study"),
        needs_comparator=spec.get("needs_comparator") == "true",
        certainty_starts_high=spec.get("certainty_starts_high") == "true",
        aliases=tuple(spec.get("aliases", ())),
        answers=spec.get("answers", {}),
        domains=tuple(_domain(domain, scale, codes) for domain in spec["domains"]),
        overall=_domain({"code": OVERALL, **overall}, scale, codes) if overall else None,
    )


def _domain(spec: Raw, scale: tuple[Judgement, ...], answers: tuple[str, ...]) -> Domain:
    judgements = _judgements(spec["judgements"]) if "judgements" in spec else scale
    direct = spec.get("direct") == "true"
    usual = tuple(j.code for j in judgements) if direct else tuple(spec.get("answers", answers))
    return Domain(
        code=spec["code"],
        label=spec["label"],
        judgements=judgements,
        questions=tuple(_question(q, usual) for q in spec.get("questions", ())),
        parts=tuple(tuple((rule.get("when"), rule["then"]) for rule in part) for part in spec.get("parts", ())),
        aliases=tuple(spec.get("aliases", ())),
        group=spec.get("group", "bias"),
        direct=direct,
        worst=spec.get("rule") == "worst",
    )


def _question(spec: Raw, answers: tuple[str, ...]) -> Question:
    stars = {answer: int(n) for answer, n in spec.get("stars", {}).items()}
    return Question(spec["code"], spec["text"], tuple(spec.get("answers", answers)), spec.get("asked"), stars)


def _judgements(listed: Iterable[Raw]) -> tuple[Judgement, ...]:
    names = ("code", "label", "risk", "symbol", "colour", "ink")
    return tuple(
        Judgement(
            **{name: spec[name] for name in names},
            ordinal=spec.get("ordinal", "true") == "true",
            aliases=tuple(spec.get("aliases", ())),
        )
        for spec in listed
    )


def _plain(word: str) -> str:
    """A word as it is compared: letters and digits only, and the signs of a word that is nothing but signs."""
    return re.sub(r"[\W_]+", "", word).casefold() or word.strip()
