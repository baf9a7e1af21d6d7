"""Whether the review is finished, and otherwise what waits for whom."""

from collections import Counter
from dataclasses import dataclass

from reviewflow.duplicates import notices
from reviewflow.page import wording
from reviewflow.page.document import Bullets, Paragraph, Section, Table, col, num, paragraph, row
from reviewflow.waiting import waiting as waiting_one_by_one

from .review import Review

# What waits, one of it and several, by the tasks of reviewflow.waiting.
_NOUNS = {
    "write_title": ("title of the review to write", ""),
    "name_reviewers": ("list of reviewers to write", ""),
    "name_extractors": ("list of extractors to write", ""),
    "run_search": ("search to run first", ""),
    "add_export": ("search without an export", "searches without an export"),
    "rule": ("doubtful pair of records to rule on", "doubtful pairs of records to rule on"),
    "decide": ("report to decide", "reports to decide"),
    "adjudicate": ("report in conflict to adjudicate", "reports in conflict to adjudicate"),
    "resolve_collision": ("report with colliding decisions", "reports with colliding decisions"),
    "retrieve": ("report to retrieve", "reports to retrieve"),
    "link_to_study": ("report to link to a study", "reports to link to a study"),
    "resolve": ("disagreement to resolve", "disagreements to resolve"),
    "single_extraction": ("line that one person alone extracted", "lines that one person alone extracted"),
    "not_extracted": ("study not extracted", "studies not extracted"),
    "not_included": ("line of a study that is not included", "lines of studies that are not included"),
    "unit": ("unit that does not fit its analysis", "units that do not fit their analysis"),
    "overlap": ("pair of studies that may overlap to rule on", "pairs of studies that may overlap to rule on"),
    "same_study": ("study that has two study_ids", "studies that have two study_ids"),
    "implausible": ("implausible value", "implausible values"),
    "not_assessed": ("study to assess for risk of bias", "studies to assess for risk of bias"),
    "incomplete": ("incomplete entry", "incomplete entries"),
    "missing": ("judgement of risk of bias to write", "judgements of risk of bias to write"),
    "justification": ("judgement to justify", "judgements to justify"),
    "unanswered": ("domain with questions to answer", "domains with questions to answer"),
    "certainty": ("rating of certainty to settle", "ratings of certainty to settle"),
    "conflict": ("judgement of risk of bias in conflict", "judgements of risk of bias in conflict"),
}


@dataclass(frozen=True)
class Waiting:
    """So much of one task waits for one person, whose answer goes into `file`."""

    stage: str
    n: int
    task: str
    person: str
    file: str

    @property
    def who(self) -> str:
        """The person, or that nobody is named."""
        return self.person or "nobody named yet"


def waiting(review: Review) -> list[Waiting]:
    """All that stands between this report and a final one, counted by task and person, in the order of the stages."""
    every = waiting_one_by_one(review.config, review.tables)
    counts = Counter((w.stage, w.task, w.person, w.file) for w in every)
    stages = list(wording.STAGES)
    return [
        Waiting(stage, n, _NOUNS[task][n != 1], who, file)
        for (stage, task, who, file), n in sorted(counts.items(), key=lambda found: stages.index(found[0][0]))
    ]


def is_final(review: Review) -> bool:
    """Whether nothing waits."""
    return not waiting(review)


def section(review: Review) -> Section:
    """The section on the state of the review; it stands first."""
    waits = waiting(review)
    blocks: list[Paragraph | Table | Bullets] = [_verdict(waits)]
    blocks += notices.alarms(review.duplicates)
    notice = review.setting("review", "notice")
    if notice:
        blocks.append(paragraph(notice, kind="notice"))
    if waits:
        blocks.append(_table(waits))
    return Section("status", "State of this review", "State", tuple(blocks))


def _verdict(waits: list[Waiting]) -> Paragraph:
    if not waits:
        return paragraph(
            "Final. ", "Every report has its terminal state, and nothing waits for anybody.", kind="verdict final"
        )
    return paragraph(
        "Interim. ",
        "This review is not finished: what stands below is what there is so far, and counts may change. "
        "The table says what waits, for whom, and where the answer goes.",
        kind="verdict interim",
    )


def _table(waits: list[Waiting]) -> Table:
    rows = tuple(row(wording.STAGES[w.stage], str(w.n), w.task, w.who, w.file) for w in waits)
    heads = (
        col("Stage"),
        num("Number"),
        col("What waits"),
        col("For whom"),
        col("File for the answer"),
    )
    return Table("waiting", "What waits for whom", heads, rows, file="waiting")
