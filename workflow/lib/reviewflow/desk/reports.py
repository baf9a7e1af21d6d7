"""The reports of the review as the page shows them, held in columns: 200,000 of them are there in seconds."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import polars as pl

from reviewflow.events import seen_digest
from reviewflow.tables import split_list


@dataclass(frozen=True)
class Report:
    """One report with the best fields of its records."""

    report_id: str
    title: str
    translated_title: str
    language: str
    authors: tuple[str, ...]
    journal: str
    year: str
    volume: str
    issue: str
    pages: str
    doi: str
    pmid: str
    abstract: str
    publication_type: tuple[str, ...]
    n_records: int
    sources: tuple[str, ...]
    record_ids: tuple[str, ...]
    notice: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """What it is called where a title is needed."""
        return self.title or self.translated_title or self.report_id


_LISTS = ("authors", "publication_type", "sources", "record_ids")
COLUMNS = tuple(name for name in Report.__dataclass_fields__ if name != "notice")


class Reports(Mapping[str, Report]):
    """Reports by report_id; each is made when it is asked for."""

    def __init__(self, columns: pl.DataFrame, notices: Mapping[str, str]) -> None:
        self._columns = columns.select(COLUMNS)
        self._place = {report: i for i, report in enumerate(columns["report_id"].to_list())}
        self._notices = notices
        self._digest = lru_cache(maxsize=1024)(self._digest_of)

    @property
    def columns(self) -> pl.DataFrame:
        """All reports in columns."""
        return self._columns

    def __getitem__(self, report_id: str) -> Report:
        row: dict[str, Any] = self._columns.row(self._place[report_id], named=True)
        lists = {name: tuple(split_list(row[name])) for name in _LISTS}
        year = "" if row["year"] is None else str(row["year"])
        return Report(**{**row, **lists, "year": year, "notice": tuple(split_list(self._notices.get(report_id, "")))})

    def __iter__(self) -> Iterator[str]:
        return iter(self._place)

    def __len__(self) -> int:
        return len(self._place)

    def __contains__(self, report_id: object) -> bool:
        return report_id in self._place

    def years(self) -> dict[str, int]:
        """The year of each report that has one."""
        listed = zip(self._place, self._columns["year"].to_list(), strict=True)
        return {report: year for report, year in listed if year is not None}

    def seen(self, report_id: str) -> str:
        """The digest of the text that the page shows of it."""
        return self._digest(report_id)

    def _digest_of(self, report_id: str) -> str:
        report = self[report_id]
        return seen_digest(report.title, report.translated_title, report.abstract)

    def found(self, words: Sequence[str]) -> set[str]:
        """Reports whose titles and authors have all of these words in them, whatever their case and accents."""
        wanted = self._folded
        for word in words:
            wanted = wanted.filter(pl.col("text").str.contains(_folded(word), literal=True))
        return set(wanted["report_id"].to_list())

    @cached_property
    def _folded(self) -> pl.DataFrame:
        joined = pl.concat_str("title", "translated_title", "authors", separator=" ")
        text = joined.str.normalize("NFKD").str.replace_all(r"\p{M}", "").str.to_lowercase()
        return self._columns.select("report_id", text.alias("text"))


def _folded(word: str) -> str:
    spread = unicodedata.normalize("NFKD", word)
    return "".join(c for c in spread if not unicodedata.category(c).startswith("M")).lower()
