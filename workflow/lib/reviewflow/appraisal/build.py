"""Risk of bias: the assessors' judgements become one consensus, beside what the tools' rules propose."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import pandas as pd

from reviewflow.tables import frame, join_list, rows_of

from .agreement import agreement
from .issues import issues
from .tools import Domain, Tool, Tools
from .votes import Assessment, Everyone, Target, assessments, canonical

Row = dict[str, Any]
Key = tuple[str, str, str, str]
_NAMES = ("study_id", "tool", "outcome", "domain")


def build(
    config: Mapping[str, Any],
    tools: Tools,
    judged: Mapping[str, pd.DataFrame],
    answers: Mapping[str, pd.DataFrame],
    adjudication: pd.DataFrame,
    studies: pd.DataFrame,
    contrasts: pd.DataFrame,
) -> dict[str, pd.DataFrame]:
    """Tables of results/appraisal: risk_of_bias (consensus of each study of results/extraction/studies), agreement,
    issues, and domains and levels of the tools that are used.

    `config` is config.yaml with its defaults; `judged` and `answers` have one frame of people's tables for each
    assessor, `contrasts` is results/extraction/contrasts. The tables must have passed `check`.
    """
    assessors = sorted(config["appraisal"]["assessors"])
    everyone = {name: assessments(tools, judged[name], answers[name]) for name in assessors}
    rulings = {tuple(row[name] for name in _NAMES): row for row in canonical(tools, adjudication)}
    included = sorted(studies["study_id"])
    rows = _consensus(tools, everyone, rulings, included)
    used = [tool for tool in tools.by_code.values() if tool.name in {row.get("tool") for row in rows}]
    tables: dict[str, list[Row]] = {
        "risk_of_bias": rows,
        "agreement": agreement(tools, everyone, included),
        "issues": issues(config, tools, everyone, rows, _one_armed(config, contrasts)),
        "domains": [row for tool in used for row in _domains(tool)],
        "levels": [row for tool in used for domain in tool.parts for row in _levels(tool, domain)],
    }
    return {name: frame(f"results/appraisal/{name}", found) for name, found in tables.items()}


def _consensus(
    tools: Tools, everyone: Everyone, rulings: Mapping[tuple[str, ...], Row], included: Sequence[str]
) -> list[Row]:
    keys: set[Key] = set()
    for work in everyone.values():
        keys |= {(*target, domain) for target, assessment in work.items() for domain in assessment.concerned}
    rows: list[Row] = []
    for key in sorted(keys):
        tool = tools.find(key[1])
        domain = tool.domain(key[3]) if tool else None
        if key[0] in included and domain is not None:
            rows.append(dict(zip(_NAMES, key, strict=True)) | _judgement(everyone, key, domain, rulings.get(key)))
    unseen = {*included} - {key[0] for key in keys}
    rows += [{"study_id": study, "status": "not_assessed", "differs": False} for study in unseen]
    return sorted(rows, key=lambda row: [row.get(name, "") for name in _NAMES])


def _judgement(everyone: Everyone, key: Key, domain: Domain, ruling: Row | None) -> Row:
    """Status, judgement and support of one key. A ruling holds even where assessors are missing or agree."""
    target: Target = key[:3]
    work: dict[str, Assessment] = {name: found[target] for name, found in everyone.items() if target in found}
    votes = {name: said for name, found in work.items() if (said := found.judgement(domain.code))}
    support = {name: found.text(domain.code, "support") for name, found in work.items()}
    if ruling is not None and {*votes.values()} != {ruling["judgement"]}:
        status, judgement = "adjudicated", str(ruling["judgement"])
        support[ruling["adjudicator"]] = ruling["support"]
    elif len(votes) < len(everyone):
        status, judgement = "incomplete", ""
    elif len({*votes.values()}) > 1:
        status, judgement = "conflict", ""
    else:
        status, judgement = "agreed", next(iter(votes.values()))
    proposed = {} if domain.direct else {name: found.proposal(domain.code).judgement for name, found in work.items()}
    proposed = {name: word for name, word in proposed.items() if word}
    level = domain.judgement(judgement) if judgement else None
    return {
        "status": status,
        "judgement": judgement,
        "risk": level.risk if level else "",
        "support": _said(support),
        "proposed": _said(proposed),
        "differs": bool(judgement and proposed and judgement not in proposed.values()),
        "justification": _said({name: found.text(domain.code, "justification") for name, found in work.items()}),
    }


def _said(words: Mapping[str, str]) -> str:
    return join_list(f"{name}={text}" for name, text in words.items() if text)


def _one_armed(config: Mapping[str, Any], contrasts: pd.DataFrame) -> Collection[str]:
    """Studies of which the review takes nothing but before-after contrasts."""
    compares: dict[str, list[bool]] = {}
    for row in rows_of(contrasts[["study_id", "comparison"]]):
        alone = bool(config["comparisons"].get(row["comparison"], {}).get("before_after"))
        compares.setdefault(row["study_id"], []).append(alone)
    return {study for study, alone in compares.items() if all(alone)}


def _domains(tool: Tool) -> list[Row]:
    return [
        {"tool": tool.name, "position": i, "domain": domain.code, "label": domain.label,
         "group": "overall" if domain is tool.overall else domain.group}
        for i, domain in enumerate(tool.parts, 1)
    ]  # fmt: skip


def _levels(tool: Tool, domain: Domain) -> list[Row]:
    return [
        {"tool": tool.name, "domain": domain.code, "position": i, "judgement": level.code, "label": level.label,
         "risk": level.risk, "symbol": level.symbol, "colour": level.colour, "ink": level.ink}
        for i, level in enumerate(domain.judgements, 1)
    ]  # fmt: skip
