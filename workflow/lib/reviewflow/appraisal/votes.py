"""What each assessor judged and answered, in the tools' own words, and what the answers propose."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from reviewflow.tables import rows_of

from .decide import NOT_APPLICABLE, Proposal, asked, propose, propose_overall
from .tools import OVERALL, Domain, Question, Tool, Tools

Row = dict[str, Any]
# study_id, name of the tool, outcome
Target = tuple[str, str, str]


@dataclass
class Assessment:
    """One assessor's work on one target: judgements by domain, answers by question, both in the tool's own words, and
    the rows that they come from."""

    tool: Tool
    rows: dict[str, Row] = field(default_factory=dict)
    answers: dict[str, str] = field(default_factory=dict)

    def judgement(self, domain: str) -> str:
        """The assessor's own judgement; in a checklist the answer is it."""
        if domain in self.rows:
            return str(self.rows[domain]["judgement"])
        found = self.tool.domain(domain)
        return self.answers.get(found.questions[0].code, "") if found and found.direct else ""

    def text(self, domain: str, column: str) -> str:
        """A cell of the assessor's row; blank where there is none."""
        return str(self.rows.get(domain, {}).get(column) or "")

    def proposal(self, domain: str) -> Proposal:
        """What the answers propose. The overall judgement is proposed from the assessor's judgements of the domains,
        or what is proposed for them."""
        found = self.tool.domain(domain)
        if found is None:
            return Proposal()
        if domain != OVERALL:
            return propose(found, self.answers)
        known = {d.code: self.judgement(d.code) or propose(d, self.answers).judgement for d in self.tool.domains}
        return propose_overall(self.tool, known)

    def begun(self, domain: Domain) -> bool:
        """Whether any question of the domain is answered."""
        return any(q.code in self.answers for q in domain.questions)

    @property
    def concerned(self) -> list[str]:
        """Domains that the assessor has judged, or begun to answer; the overall judgement too once all are answered."""
        codes = [d.code for d in self.tool.parts if d.code in self.rows or self.begun(d)]
        if self.answers and OVERALL not in codes and self.tool.overall and self.proposal(OVERALL).judgement:
            codes.append(OVERALL)
        return codes

    def idle(self, domain: Domain) -> list[str]:
        """Questions that are answered though they are not asked."""
        on = asked(domain, self.answers)
        return [q for q, is_asked in on.items() if is_asked is False and self.answers.get(q, NOT_APPLICABLE) != "NA"]


def answer_of(tool: Tool, question: Question, word: str) -> str:
    """The code of an answer that a person wrote; "" where the question does not know it."""
    domain = tool.domain_of(question.code)
    if domain and domain.direct:
        found = domain.judgement(word)
        return found.code if found else ""
    folded = word.casefold()
    codes = {code: tool.answers.get(code, code) for code in (*question.answers, NOT_APPLICABLE)}
    return next((c for c, label in codes.items() if folded in (c.casefold(), label.casefold())), "")


def assessments(tools: Tools, judged: pd.DataFrame, answers: pd.DataFrame) -> dict[Target, Assessment]:
    """One assessor's work by target. Both tables must have passed `check`."""
    found: dict[Target, Assessment] = {}
    for row in canonical(tools, judged):
        tool = tools.find(row["tool"])
        if tool is not None:
            target = found.setdefault((row["study_id"], tool.name, row["outcome"]), Assessment(tool))
            target.rows[row["domain"]] = row
    for row in rows_of(answers):
        tool = tools.find(row["tool"])
        domain = tool.domain_of(row["question"]) if tool else None
        question = domain.question(row["question"]) if domain else None
        if tool is not None and question is not None:
            target = found.setdefault((row["study_id"], tool.name, row["outcome"]), Assessment(tool))
            target.answers[question.code] = answer_of(tool, question, row["answer"])
    return found


def canonical(tools: Tools, data: pd.DataFrame) -> Iterable[Row]:
    """Rows of judgements with tool, domain and judgement in the tool's own words."""
    for row in rows_of(data):
        tool = tools.find(row["tool"])
        domain = tool.domain(row["domain"]) if tool else None
        level = domain.judgement(row["judgement"]) if domain else None
        if tool is not None and domain is not None and level is not None:
            yield row | {"tool": tool.name, "domain": domain.code, "judgement": level.code}


Everyone = Mapping[str, Mapping[Target, Assessment]]
