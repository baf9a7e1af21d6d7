"""What is left to do or to look at in the appraisal, and for whom."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from .tools import Tool, Tools
from .votes import Assessment, Everyone, Target

Row = dict[str, Any]
_SHARED = "records/appraisal/adjudication.csv"


def issues(
    config: Mapping[str, Any], tools: Tools, everyone: Everyone, consensus: Sequence[Row], one_armed: Collection[str]
) -> list[Row]:
    """Rows of issues.csv. `consensus` are the rows of risk_of_bias.csv; `one_armed` the studies of which the review
    takes nothing but before-after contrasts."""
    assessors = config["appraisal"]["assessors"]
    found = [*_left(config, everyone, consensus, assessors)]
    included = {row["study_id"] for row in consensus}
    for assessor, work in everyone.items():
        for target, assessment in work.items():
            if target[0] in included:
                found += _own(assessor, target, assessment)
    found += _misapplied(tools, consensus, one_armed)
    return list({tuple(row[k] for k in ("study_id", "tool", "outcome", "domain", "kind", "person")): row
                 for row in found}.values())  # fmt: skip


def _row(target: Target, domain: str, kind: str, person: str, file: str, issue: str) -> Row:
    study, tool, outcome = target
    return {
        "study_id": study, "tool": tool, "outcome": outcome, "domain": domain, "kind": kind, "person": person,
        "file": file, "issue": issue,
    }  # fmt: skip


def _left(
    config: Mapping[str, Any], everyone: Everyone, consensus: Sequence[Row], assessors: Sequence[str]
) -> Iterator[Row]:
    for row in consensus:
        target = (row["study_id"], row.get("tool", ""), row.get("outcome", ""))
        domain = row.get("domain", "")
        if row["status"] == "conflict":
            adjudicator = config["appraisal"].get("adjudicator", "")
            yield _row(target, domain, "conflict", adjudicator, _SHARED, "the assessors differ: decide which holds")
        for assessor in assessors if row["status"] in ("not_assessed", "incomplete") else ():
            work = everyone[assessor].get(target)
            if row["status"] == "not_assessed":
                yield _row(target, "", "not_assessed", assessor, _file(assessor), "assess the study")
            elif not work or not work.judgement(domain):
                proposal = work.proposal(domain).judgement if work else ""
                hint = f" (your answers propose {proposal})" if proposal else ""
                yield _row(target, domain, "missing", assessor, _file(assessor), f"write your judgement{hint}")


def _own(assessor: str, target: Target, assessment: Assessment) -> Iterator[Row]:
    """What an assessor's answers and judgements leave open between them."""
    for domain in assessment.tool.parts:
        proposal, judged = assessment.proposal(domain.code), assessment.judgement(domain.code)
        answers = _file(assessor, "answers")
        if judged and proposal.judgement not in ("", judged) and not assessment.text(domain.code, "justification"):
            issue = f"the answers propose {proposal.judgement}, you judged {judged}: say why in justification"
            yield _row(target, domain.code, "justification", assessor, _file(assessor), issue)
        if assessment.begun(domain) and proposal.missing:
            yield _row(target, domain.code, "unanswered", assessor, answers, f"answer {', '.join(proposal.missing)}")
        idle = assessment.idle(domain)
        if idle:
            issue = f"{', '.join(idle)} answered, though the answers before leave nothing to ask: no rule uses it"
            yield _row(target, domain.code, "unused_answer", assessor, answers, issue)


def _misapplied(tools: Tools, consensus: Sequence[Row], one_armed: Collection[str]) -> Iterator[Row]:
    for row in consensus:
        tool = tools.find(row.get("tool", ""))
        if tool and tool.needs_comparator and row["study_id"] in one_armed:
            target = (row["study_id"], tool.name, row["outcome"])
            yield _row(target, "", "misapplied", "", "records/appraisal/", _why(tool))


def _why(tool: Tool) -> str:
    return (
        f"{tool.name} asks of two groups, and the review takes only before-after contrasts from this study: choose a "
        "tool for studies of one group"
    )


def _file(assessor: str, table: str = "risk_of_bias") -> str:
    return f"records/appraisal/{assessor}/{table}.csv"
