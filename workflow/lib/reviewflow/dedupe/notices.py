"""Which reports of the review retractions, expressions of concern and errata are about.

A record that says so of itself is certain. A notice is tied to its report by the identifiers that it names, else by
its title, once the words of the notice are taken off. What fits less than that is shown as perhaps, never hidden.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import pandas as pd

from reviewflow import text
from reviewflow.concerns import GRAVITY
from reviewflow.tables import frame, rows_of, split_list

from .conditions import SAME_JOURNAL
from .names import surname

_WHAT = (
    r"retract(?:ion|ed)|withdraw(?:al|n)|errat(?:um|a)|corrigend(?:um|a)|correct(?:ions?|ed)|adden(?:dum|da)|"
    r"(?:editorial\s)?expressions?\sof\sconcern"
)
# "Retraction note to: ...", "Author Correction: ...", "[Expression of concern] ...", "勘误:..."
_OPENING = re.compile(
    rf"^\W*(?:(?:author|publisher|notice\sof|statement\sof)\s)*(?:{_WHAT})\b(?:\s(?:notice|note|statement|article|"
    rf"publication|chapter))?(?:\s(?:to|for|of|on|about|regarding|in))?\b[\s\W]*|"
    r"^\W*(?:撤稿|撤销|撤回|勘误|更正)(?:声明|启事|通知|说明)?[\s\W]*",
    re.IGNORECASE,
)
# "...: correction", "... (Retraction of vol 12, pg 34, 2010)", "... [J Cells 12 (2010) 34-40]"
_CLOSING = re.compile(
    rf"(?:[\s.:([\-\u2013\u2014]+(?:{_WHAT})(?:\s(?:notice|note))?[\s.)\]]*|"
    r"\s*\([^()]*\d[^()]*\)\.?|\s*\[(?:[^\[\]]*\d[^\[\]]*)\]\.?)$",
    re.IGNORECASE,
)
# A Chinese notice quotes the title: 《...》一文的勘误
_QUOTED = re.compile("[《〈](.{4,})[》〉]")
_PMID = re.compile(r"\bPMID:?\s?(\d{1,8})\b", re.IGNORECASE)
_DOI = re.compile(r"\b10\.\d{4,9}/\S+")
_NAMING = ("title", "translated_title", "abstract", "notes")
# Shorter titles ("Editorial", "In memoriam") do not tell one report from another; CJK characters tell more each.
_TELLING, _TELLING_CJK = 20, 8


def notices(sightings: pd.DataFrame, clusters: pd.DataFrame, reports: pd.DataFrame) -> pd.DataFrame:
    """Table notices from records.csv, clusters.csv and reports.csv."""
    flagged = sightings[sightings["notice"] != ""]
    flagged = flagged.assign(_rank=flagged["notice"].map(GRAVITY.index))
    flagged = flagged.sort_values(["record_id", "_rank", "notice_role", "title"], kind="stable")
    flagged = flagged.drop_duplicates("record_id")
    home = clusters.drop_duplicates("record_id").set_index("record_id")["report_id"]
    flagged = flagged.assign(report_id=home.reindex(flagged["record_id"]).to_numpy())
    themselves = set(flagged.loc[flagged["notice_role"] == "notice", "report_id"])
    subjects = set(flagged.loc[flagged["notice_role"] == "subject", "report_id"])
    # Nothing is looked up, and no title folded, where no record is a notice.
    chosen = reports[~reports["report_id"].isin(themselves)] if themselves else reports.iloc[:0]
    known = _Known(chosen, subjects)
    titles: dict[str, str] = dict(zip(reports["report_id"], reports["title"], strict=True))
    rows: list[dict[str, Any]] = []
    for line in rows_of(flagged):
        found = known.about(line) if line["notice_role"] == "notice" else [(line["report_id"], "own")]
        for report, tie in found or [("", "")]:
            rows.append(line | {"about": report, "tie": tie, "title_about": titles.get(report, "")})
    return frame("results/dedupe/notices", rows)


class _Known:
    """The reports of the review that are no notices themselves, to be found by identifier and title."""

    def __init__(self, reports: pd.DataFrame, subjects: set[str]) -> None:
        """`subjects`: the reports whose own titles may begin with the words of a notice."""
        self.fields = dict(zip(reports["report_id"], _sides(reports), strict=True))
        self.by_id: dict[str, list[str]] = {}
        self.by_title: dict[str, list[str]] = {}
        for report, doi, pmid in reports[["report_id", "doi", "pmid"]].itertuples(index=False):
            for name in filter(None, (doi, pmid)):
                self.by_id.setdefault(name, []).append(report)
        for report, *both in reports[["report_id", "title", "translated_title"]].itertuples(index=False):
            every = [t for title in both for t in subject_titles(title)] if report in subjects else both
            for key in {_folded(title) for title in every} - {""}:
                self.by_title.setdefault(key, []).append(report)

    def about(self, notice: dict[str, Any]) -> list[tuple[str, str]]:
        """The reports that a notice is about, each with the tie."""
        own = {notice["doi"], notice["pmid"]}
        named = [name for name in _named(notice) if name not in own]
        by_id = dict.fromkeys(report for name in named for report in self.by_id.get(name, []))
        if by_id:
            return [(report, "identifier") for report in by_id]
        keys = {_folded(t) for c in ("title", "translated_title") for t in subject_titles(notice[c])} - {""}
        alike = dict.fromkeys(report for key in sorted(keys) for report in self.by_title.get(key, []))
        return _ties(_side(notice), {report: self.fields[report] for report in alike})


class _Side(NamedTuple):
    authors: str
    journal: str
    year: Any


def _sides(reports: pd.DataFrame) -> Iterator[_Side]:
    return (_Side(*row) for row in reports[["authors", "journal", "year"]].itertuples(index=False))


def _side(line: dict[str, Any]) -> _Side:
    return _Side(line["authors"], line["journal"], line["year"])


def _ties(notice: _Side, alike: dict[str, _Side]) -> list[tuple[str, str]]:
    """A report is the one where authors or journal agree and no other agrees as well; a notice that is older than the
    report is not about it."""
    marks = {report: _agreement(notice, side) for report, side in alike.items() if not _earlier(notice, side)}
    best = max(marks.values(), default=0)
    sure = best > 0 and list(marks.values()).count(best) == 1
    return [(report, "title" if sure and mark == best else "maybe") for report, mark in sorted(marks.items())]


def _agreement(notice: _Side, report: _Side) -> int:
    people = _surnames(notice.authors) & _surnames(report.authors)
    return bool(people) + same_journal(notice.journal, report.journal)


def _earlier(notice: _Side, report: _Side) -> bool:
    return bool(pd.notna(notice.year) and pd.notna(report.year) and notice.year < report.year - 1)


def _surnames(authors: str) -> set[str]:
    return {surname(name) for name in split_list(authors)} - {""}


def same_journal(one: str, other: str) -> bool:
    """Whether two names may be those of one journal, either of them abbreviated."""
    from .journals import journal_names, one_journal  # with rapidfuzz, which the gate does without

    names = journal_names(one), journal_names(other)
    return all(names) and one_journal(*names) >= SAME_JOURNAL


def subject_titles(title: str) -> Iterator[str]:
    """What may be the title of the report that a notice is about: its own, and what is left each time that words of
    the notice come off, for a title may end in brackets itself."""
    yield from _QUOTED.findall(title)
    before = ""
    while title and title != before:
        yield title
        before = title
        opened = _OPENING.sub("", title)
        title = (opened if opened != title else _CLOSING.sub("", title)).strip()


def _folded(title: str) -> str:
    """A title as it is looked up; blank where it is too short to tell a report."""
    key = text.fold(title)
    cjk = any("\u3040" <= c <= "\u9fff" or "\uac00" <= c <= "\ud7a3" for c in key)
    return key if len(key) >= (_TELLING_CJK if cjk else _TELLING) else ""


def _named(notice: dict[str, Any]) -> Iterable[str]:
    """The identifiers that stand in the text of a notice."""
    for column in _NAMING:
        yield from (text.doi(found) for found in _DOI.findall(notice[column]))
        yield from _PMID.findall(notice[column])
