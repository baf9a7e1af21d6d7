"""Faults of the appraisal that one table alone does not show."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from reviewflow.tables import Fault, rows_of, schema

from .tools import Domain, Tool, Tools
from .votes import answer_of

Frames = Mapping[str, pd.DataFrame]
_KEY = schema("records/appraisal/risk_of_bias").key
_MEND = "add it there or correct it here"
# Levels by which each domain of GRADE can move certainty: Guyatt 2011, GRADE guidelines 1 and 9; three levels for risk
# of bias where ROBINS-I lets non-randomised evidence start high: Schünemann 2019, GRADE guidelines 18.
LIMITS = {
    "risk_of_bias": (-3, 0), "inconsistency": (-2, 0), "indirectness": (-2, 0), "imprecision": (-2, 0),
    "publication_bias": (-2, 0), "large_effect": (0, 2), "dose_response": (0, 1), "plausible_confounding": (0, 1),
}  # fmt: skip
# How many analyses of a comparison its Summary of Findings has at most: Cochrane Handbook 14.1.4.
MOST = 7


@dataclass(frozen=True)
class People:
    """What people wrote about risk of bias and certainty: `risk_of_bias` and `answers` have a frame an assessor."""

    risk_of_bias: Frames
    answers: Frames
    adjudication: pd.DataFrame
    certainty: pd.DataFrame
    grade: pd.DataFrame


def check(
    config: Mapping[str, Any],
    tools: Tools,
    people: People,
    study_reports: pd.DataFrame,
    analyses: pd.DataFrame,
    outcomes: pd.DataFrame,
) -> list[Fault]:
    """All faults, sorted by file and line. The frames are people's, with `_file` and `_line`."""
    faults: list[Fault] = []
    known = {"study_id": (set(study_reports["study_id"]), "study_reports.csv")}
    known["outcome"] = ({*outcomes["outcome"], ""}, "config/outcomes.csv")
    for data in [*people.risk_of_bias.values(), *people.answers.values(), people.adjudication]:
        for column, (values, place) in known.items():
            faults += _unknown(data, column, values, place)
    for data in [*people.risk_of_bias.values(), people.adjudication]:
        faults += _words(tools, data)
    for data in people.answers.values():
        faults += _answers(tools, data)
    for data in (people.certainty, people.grade):
        faults += _unknown(data, "analysis", set(analyses["analysis"]), "config/analyses.csv")
    faults += _ratings(people.grade)
    faults += _unjudged(config, tools, people)
    return sorted([*faults, *_protocol(config, analyses)])


def _unknown(data: pd.DataFrame, column: str, known: Collection[str], place: str) -> Iterator[Fault]:
    for row in rows_of(data):
        if row[column] not in known:
            yield Fault(row["_file"], row["_line"], column, f'"{row[column]}" is not in {place}', _MEND)


def _fault(row: Mapping[str, Any], column: str, problem: str, mend: str) -> Fault:
    return Fault(row["_file"], row["_line"], column, problem, mend)


def _tool(tools: Tools, row: Mapping[str, Any]) -> tuple[Tool | None, list[Fault]]:
    tool = tools.find(row["tool"])
    mend = f"write one of {', '.join(tools.names)}, or describe the tool in config/tools/ (docs/appraisal.md)"
    return tool, [] if tool else [_fault(row, "tool", f'"{row["tool"]}" is no known tool', mend)]


def _words(tools: Tools, data: pd.DataFrame) -> Iterator[Fault]:
    """Words that the tool does not know, and one judgement under two names."""
    seen: dict[tuple[str, ...], int] = {}
    for row in rows_of(data):
        tool, faults = _tool(tools, row)
        yield from faults
        domain = tool.domain(row["domain"]) if tool else None
        if tool and not domain:
            mend = f"write one of {', '.join(d.code for d in tool.parts)}"
            yield _fault(row, "domain", f'"{row["domain"]}" is no domain of {tool.name}', mend)
        if tool and domain:
            yield from _level(row, tool, domain)
            key = (row["study_id"], tool.name, row["outcome"], domain.code)
            if seen.setdefault(key, row["_line"]) != row["_line"]:
                problem = f"{tool.name} {domain.code} of this study stands in line {seen[key]} too, in other words"
                yield _fault(row, ", ".join(_KEY), problem, "keep one of them")


def _level(row: Mapping[str, Any], tool: Tool, domain: Domain) -> Iterator[Fault]:
    if domain.judgement(row["judgement"]) is None:
        problem = f'"{row["judgement"]}" is no judgement of {tool.name} {domain.code}'
        yield _fault(row, "judgement", problem, f"write one of {', '.join(j.code for j in domain.judgements)}")


def _answers(tools: Tools, data: pd.DataFrame) -> Iterator[Fault]:
    """Words that the tool does not know, and one question that is answered under two names of its tool."""
    seen: dict[tuple[str, ...], int] = {}
    for row in rows_of(data):
        tool, faults = _tool(tools, row)
        yield from faults
        domain = tool.domain_of(row["question"]) if tool else None
        question = domain.question(row["question"]) if domain else None
        if tool and not question:
            listed = ", ".join(q.code for d in tool.domains for q in d.questions)
            mend = f"write one of {listed}" if listed else "the tool has none: leave the line out"
            yield _fault(row, "question", f'"{row["question"]}" is no question of {tool.name}', mend)
        if tool and question and not answer_of(tool, question, row["answer"]):
            problem = f'"{row["answer"]}" is no answer to {tool.name} {question.code}'
            yield _fault(row, "answer", problem, f"write one of {', '.join(question.answers)}")
        key = (row["study_id"], tool.name if tool else "", row["outcome"], row["question"])
        if tool and question and seen.setdefault(key, row["_line"]) != row["_line"]:
            problem = f"{tool.name} {question.code} of this study stands in line {seen[key]} too, in other words"
            yield _fault(row, "study_id, tool, outcome, question", problem, "keep one of them")


def _ratings(grade: pd.DataFrame) -> Iterator[Fault]:
    for row in rows_of(grade):
        least, most = LIMITS[row["domain"]]
        if not least <= row["rating"] <= most:
            problem = f"{row['rating']} is not a rating of {row['domain']}"
            yield _fault(row, "rating", problem, f"write a whole number from {least} to {most}")


def _unjudged(config: Mapping[str, Any], tools: Tools, people: People) -> Iterator[Fault]:
    """Adjudications of what nobody has judged."""

    def key(row: Mapping[str, Any]) -> tuple[str, ...]:
        tool = tools.find(row["tool"])
        domain = tool.domain(row["domain"]) if tool else None
        return row["study_id"], tool.name if tool else row["tool"], row["outcome"], domain.code if domain else ""

    judged = {key(row) for name in config["appraisal"]["assessors"] for row in rows_of(people.risk_of_bias[name])}
    judged |= {key(row) for frame in people.answers.values() for row in _as_domains(tools, frame)}
    for row in rows_of(people.adjudication):
        if key(row)[3] and key(row) not in judged:
            name = "/".join(row[part] for part in _KEY if row[part])
            yield _fault(row, ", ".join(_KEY), f'no assessor has judged "{name}"', "copy its key")


def _as_domains(tools: Tools, answers: pd.DataFrame) -> Iterator[dict[str, Any]]:
    """Answers that are judgements themselves, as rows of a domain."""
    for row in rows_of(answers):
        tool = tools.find(row["tool"])
        domain = tool.domain_of(row["question"]) if tool else None
        if domain and domain.direct:
            yield row | {"domain": domain.code}


def _protocol(config: Mapping[str, Any], analyses: pd.DataFrame) -> Iterator[Fault]:
    """Names in config.yaml that nothing bears, and more outcomes than a Summary of Findings has."""
    appraisal, file = config["appraisal"], "config/config.yaml"
    comparison = dict(zip(analyses["analysis"], analyses["comparison"], strict=True))
    named = [("summary", name) for name in appraisal.get("summary", [])]
    named += [("assumed_risks", name) for name in appraisal.get("assumed_risks", {})]
    named += [("weighted_by", appraisal["weighted_by"])] if appraisal.get("weighted_by") else []
    for key, name in named:
        if name not in comparison:
            yield Fault(file, 0, f"appraisal.{key}", f'"{name}" is not in config/analyses.csv', _MEND)
    for name in appraisal.get("start", {}):
        if name not in config.get("comparisons", {}):
            yield Fault(file, 0, "appraisal.start", f'"{name}" is not in comparisons', _MEND)
    chosen = [comparison[name] for name in appraisal.get("summary", []) if name in comparison]
    for name in sorted({c for c in chosen if chosen.count(c) > MOST}):
        problem = f"{chosen.count(name)} analyses of {name}, and a Summary of Findings has at most {MOST}"
        yield Fault(file, 0, "appraisal.summary", problem, "keep those that matter most for a decision")
