"""The list of reports that concern a person at a stage: filtered, counted and sorted in columns."""

import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple, Protocol

import polars as pl

from reviewflow.tables import split_list

from .query import CHOSEN, Query

_DECIDED = ("decision", "reason", "note", "decided_at")


class Decided(Protocol):
    """A person's own decision on a report."""

    @property
    def decision(self) -> str:
        """include, exclude or unsure."""

    @property
    def reason(self) -> str:
        """Code of the reason."""

    @property
    def note(self) -> str:
        """The note."""

    @property
    def decided_at(self) -> str:
        """When."""


class Row(NamedTuple):
    """One line of the list."""

    report_id: str
    title: str
    translated_title: str
    authors: list[str]
    journal: str
    year: str
    sources: list[str]
    state: str
    decision: str
    reason: str
    note: str
    decided_at: str


class Answer(NamedTuple):
    """A page of rows, how many there are in all, and the counts of each choice of a filter under the other filters."""

    rows: list[Row]
    found: int
    of: int
    pages: int
    page: int
    counts: dict[str, dict[str, int]]


class Catalogue:
    """The reports of a review in columns, with the text that words are looked for in."""

    def __init__(self, columns: pl.DataFrame) -> None:
        self._shown = columns.select(
            "report_id", "title", "translated_title", "authors", "journal", "year", "sources", "abstract"
        ).with_row_index("_at")
        self._key = self._shown.select("report_id", "_at", "year", "sources")
        self._place = {report: at for at, report in enumerate(columns["report_id"].to_list())}
        self.having = lru_cache(maxsize=64)(self._having)

    def standings(
        self, waiting: Sequence[str], decided: Mapping[str, Decided], skipped: Collection[str] = ()
    ) -> "Standings":
        """The list of one person at one stage: what waits, in its order, of which some was skipped; then what is
        decided."""
        asked = [report for report in waiting if report in self._place]
        done = {report: event for report, event in decided.items() if report in self._place}
        at = [self._place[report] for report in (*asked, *done)]
        put_off = set(skipped)
        state = [*("skipped" if report in put_off else "waiting" for report in asked), *["decided"] * len(done)]
        cells = {name: [getattr(event, name) for event in done.values()] for name in _DECIDED}
        blank = pl.repeat("", len(asked), dtype=pl.String, eager=True)
        listed = self._key[pl.Series(at, dtype=pl.UInt32)].with_columns(
            pl.Series("state", state, dtype=pl.String),
            *(pl.concat([blank, pl.Series(of, dtype=pl.String)]).alias(name) for name, of in cells.items()),
        )
        return Standings(self, listed)

    def warm(self) -> None:
        """Make ready what the first search for a word and the first sorting by title would wait for."""
        _ = self._text, self._alphabet

    def titles(self, at: pl.Series) -> pl.Series:
        """The place of each report in the alphabet of titles."""
        return self._alphabet.gather(at)

    def rows(self, listed: pl.DataFrame) -> list[Row]:
        """The rows of a page in full."""
        shown = self._shown[listed["_at"].to_list()].drop("_at", "report_id", "year", "sources", "abstract")
        full = pl.concat([listed.drop("_at"), shown], how="horizontal")
        return [_row(line) for line in full.iter_rows(named=True)]

    def _having(self, word: str) -> pl.Series:
        """Whether each report has the folded word in its titles, authors or abstract."""
        return self._text.str.contains(word, literal=True)

    @cached_property
    def _alphabet(self) -> pl.Series:
        name = pl.when(pl.col("title") != "").then(pl.col("title")).otherwise(pl.col("translated_title"))
        return self._shown.select(name.str.to_lowercase().rank("ordinal"))[:, 0]

    @cached_property
    def _text(self) -> pl.Series:
        joined = pl.concat_str("title", "translated_title", "authors", "abstract", separator="\n")
        # Nearly all text is plain ASCII, for which case is all that there is to fold; the rest takes much longer.
        plain = pl.col("text").str.len_bytes() == pl.col("text").str.len_chars()
        spread = pl.col("text").str.normalize("NFKD").str.replace_all(r"\p{M}", "")
        whole = self._shown.select(joined.alias("text")).with_columns(plain.alias("plain"))
        other = whole.filter(~pl.col("plain")).select(spread.str.to_lowercase())["text"]
        lower = whole["text"].str.to_lowercase()
        return lower.scatter((~whole["plain"]).arg_true(), other) if len(other) else lower


class Standings:
    """How the reports of one person stand at one stage; answers queries."""

    def __init__(self, catalogue: Catalogue, listed: pl.DataFrame) -> None:
        self._catalogue, self._listed = catalogue, listed
        self._by_source = _by_source(listed["sources"])

    def answer(self, query: Query) -> Answer:
        """A page of what the query asks for."""
        always = self._always(query)
        masks = {name: self._chosen(name, getattr(query, name)) for name in CHOSEN}
        kept = _all([always, *masks.values()])
        counts = {}
        for name in CHOSEN:
            others = _all([always, *(mask for other, mask in masks.items() if other != name)])
            counts[name] = self._count(name, others)
        listed = self._sorted(self._listed.filter(kept), query.sort)
        pages = max(1, -(-len(listed) // query.size))
        page = min(query.page, pages)
        rows = self._catalogue.rows(listed.slice((page - 1) * query.size, query.size))
        return Answer(rows, len(listed), len(self._listed), pages, page, counts)

    def _always(self, query: Query) -> pl.Series:
        """What every count keeps to: years and words."""
        year, masks = self._listed["year"], [pl.repeat(True, len(self._listed), dtype=pl.Boolean, eager=True)]
        if query.year_from:
            masks.append((year >= int(query.year_from)).fill_null(False))
        if query.year_to:
            masks.append((year <= int(query.year_to)).fill_null(False))
        words = map(_folded, query.words.split())
        masks.extend(self._catalogue.having(word).gather(self._listed["_at"]) for word in words)
        return _all(masks)

    def _chosen(self, name: str, value: str) -> pl.Series | None:
        if not value:
            return None
        if name == "source":
            nowhere = pl.repeat(False, len(self._listed), dtype=pl.Boolean, eager=True)
            return self._by_source.get(value, nowhere)
        if name == "note":
            return self._listed["note"] != ""
        return self._listed[name] == value

    def _count(self, name: str, kept: pl.Series) -> dict[str, int]:
        if name == "source":
            return {source: int((has & kept).sum()) for source, has in self._by_source.items()}
        if name == "note":
            return {"yes": int(((self._listed["note"] != "") & kept).sum())}
        counted = self._listed[name].filter(kept).value_counts(sort=True)
        return {value: n for value, n in counted.iter_rows() if value}

    def _sorted(self, listed: pl.DataFrame, sort: str) -> pl.DataFrame:
        if sort in ("newest", "oldest"):
            return listed.sort("year", descending=sort == "newest", nulls_last=True, maintain_order=True)
        if sort == "decided":
            return listed.sort("decided_at", descending=True, maintain_order=True)
        if sort == "title":
            return listed[self._catalogue.titles(listed["_at"]).arg_sort()]
        return listed


def _all(masks: Iterable[pl.Series | None]) -> pl.Series:
    given = [mask for mask in masks if mask is not None]
    kept = given[0]
    for mask in given[1:]:
        kept = kept & mask
    return kept


def _by_source(sources: pl.Series) -> dict[str, pl.Series]:
    """For each source which reports it found. Few different lists of sources occur, so they are taken apart once."""
    lists = sources.unique().to_list()
    names = sorted({source for cell in lists for source in split_list(cell)})
    return {name: sources.is_in([cell for cell in lists if name in split_list(cell)]) for name in names}


def _row(line: Mapping[str, object]) -> Row:
    cells = {name: "" if line[name] is None else str(line[name]) for name in Row._fields}
    return Row(**{**cells, "authors": split_list(cells["authors"]), "sources": split_list(cells["sources"])})  # type: ignore[arg-type]


def _folded(word: str) -> str:
    spread = unicodedata.normalize("NFKD", word)
    return "".join(c for c in spread if not unicodedata.category(c).startswith("M")).lower()
