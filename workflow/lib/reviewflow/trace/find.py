"""From what somebody typed to the record, report or study that is meant."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import polars as pl

from reviewflow import text

from .source import Source

_CLUSTERS, _RECORDS, _REPORTS = "results/dedupe/clusters", "results/search/records", "results/dedupe/reports"
_LINKS, _STUDIES = "records/extraction/study_reports", "results/extraction/studies"
_PMID = re.compile(r"(?:pmid\s*:?\s*)?(\d{1,9})", re.IGNORECASE)
# Any shorter part of a title stands in too many; a Chinese word may have two characters.
_SHORTEST = 2
# Below this similarity (0 to 100) two names have nothing to do with each other.
_ALIKE = 70
_NEAR = 5


@dataclass(frozen=True)
class Candidate:
    """Something that may be meant: record, report or study; its id; its title or label."""

    kind: str
    id: str
    title: str


def find(source: Source, asked: str) -> list[Candidate]:
    """What `asked` may mean, by the surest way that finds anything: an id as it is written; a DOI or PubMed number; an
    id in another case or an accession alone; a title or the label of a study; a part of one."""
    ways: tuple[Callable[[Source, str], list[Candidate]], ...] = (
        _exact, _by_number, _loosely, _by_title, _by_part,
    )  # fmt: skip
    wanted = asked.strip()
    found = next((found for way in ways if wanted and (found := _sorted(way(source, wanted)))), [])
    # Titles are for choosing among several.
    return _titled(source, found) if len(found) > 1 else found


def near(source: Source, asked: str) -> list[Candidate]:
    """What is written almost so: ids, labels and titles."""
    from rapidfuzz import fuzz, process

    records = source.found(_CLUSTERS, pl.lit(True), "record_id")["record_id"].unique().sort().to_list()
    names = {**dict.fromkeys(records, "record"), **dict.fromkeys(_study_ids(source), "study")}
    matches = process.extract(
        asked.lower(), list(names), scorer=fuzz.ratio, processor=str.lower, limit=_NEAR, score_cutoff=_ALIKE
    )
    found = _titled(source, [_named(source, names[name], name) for name, _, _ in matches])
    if " " in asked.strip() or not found:
        titles = source.found(_REPORTS, pl.lit(True), "report_id", "title")
        written = titles["title"].to_list()
        likely = process.extract(
            asked.lower(), written, scorer=fuzz.token_set_ratio, processor=str.lower, limit=_NEAR, score_cutoff=_ALIKE
        )
        found += [Candidate("report", titles["report_id"][at], title) for title, _, at in likely]
    return list(dict.fromkeys(found))[:_NEAR]


def _exact(source: Source, asked: str) -> list[Candidate]:
    studies = [_named(source, "study", asked)] if asked in _study_ids(source) else []
    return studies + _records(source, pl.col("record_id") == asked)


def _loosely(source: Source, asked: str) -> list[Candidate]:
    low = asked.lower()
    studies = [_named(source, "study", name) for name in _study_ids(source) if name.lower() == low]
    name = pl.col("record_id").str.to_lowercase()
    return studies + _records(source, (name == low) | name.str.ends_with(f":{low}"))


def _records(source: Source, where: pl.Expr) -> list[Candidate]:
    """Records that satisfy `where`; the founder of a report stands for the report."""
    found = source.found(_CLUSTERS, where, "record_id", "report_id").unique(maintain_order=True).rows()
    if not found:
        alone = source.found(_RECORDS, where, "record_id", "title").unique("record_id", maintain_order=True).rows()
        return [Candidate("record", name, title) for name, title in alone]
    return [Candidate("report" if name == report else "record", name, "") for name, report in found]


def _by_number(source: Source, asked: str) -> list[Candidate]:
    doi, pmid = text.doi(asked), _PMID.fullmatch(asked)
    if not doi and not pmid:
        return []
    where = pl.col("doi") == doi if doi else pl.col("pmid") == (pmid.group(1) if pmid else "")
    found = source.found(_REPORTS, where, "report_id", "title").rows()
    # A report carries one DOI, and its records may give others.
    records = [] if found else source.found(_RECORDS, where, "record_id")["record_id"].unique().to_list()
    if records and source.has(_CLUSTERS):
        homes = source.found(_CLUSTERS, pl.col("record_id").is_in(records), "report_id")["report_id"]
        found = source.found(_REPORTS, pl.col("report_id").is_in(homes.unique().to_list()), "report_id", "title").rows()
    if not found and records:
        return _records(source, pl.col("record_id").is_in(records))
    return [Candidate("report", name, title) for name, title in found]


def _by_title(source: Source, asked: str) -> list[Candidate]:
    low = _plain(asked)
    return _where(source, lambda column: pl.col(column).str.strip_chars(" .").str.to_lowercase() == low.strip(" ."))


def _by_part(source: Source, asked: str) -> list[Candidate]:
    low = _plain(asked)
    if len(low) < _SHORTEST:
        return []
    return _where(source, lambda column: pl.col(column).str.to_lowercase().str.contains(low, literal=True))


def _where(source: Source, holds: Callable[[str], pl.Expr]) -> list[Candidate]:
    labelled = source.found(_STUDIES, holds("label"), "study_id", "label").rows()
    table, name = (_REPORTS, "report_id") if source.has(_REPORTS) else (_RECORDS, "record_id")
    kind = name.removesuffix("_id")
    titled = source.found(table, holds("title") | holds("translated_title"), name, "title", "translated_title")
    both = [Candidate(kind, own, _both(title, other)) for own, title, other in titled.unique(name).rows()]
    return [Candidate("study", *row) for row in labelled] + both


def _both(title: str, translated: str) -> str:
    return f"{title} [{translated}]" if title and translated not in ("", title) else title or translated


def _study_ids(source: Source) -> list[str]:
    tables = (_LINKS, _STUDIES, "records/extraction/studies")
    found = (source.found(table, pl.lit(True), "study_id")["study_id"].to_list() for table in tables)
    return sorted({name for names in found for name in names})


def _named(source: Source, kind: str, name: str) -> Candidate:
    if kind == "study":
        labels = source.found(_STUDIES, pl.col("study_id") == name, "label")["label"].to_list()
        return Candidate(kind, name, labels[0] if labels else "")
    return next(iter(_records(source, pl.col("record_id") == name)), Candidate(kind, name, ""))


def _titled(source: Source, candidates: Iterable[Candidate]) -> list[Candidate]:
    """Candidates with the titles of their reports where they have none."""
    listed = list(candidates)
    blank = [c.id for c in listed if c.kind != "study" and not c.title]
    home = dict(source.found(_CLUSTERS, pl.col("record_id").is_in(blank), "record_id", "report_id").rows())
    chosen = pl.col("report_id").is_in(sorted(set(home.values())))
    titles = dict(source.found(_REPORTS, chosen, "report_id", "title").rows())
    return [c if c.title else replace(c, title=titles.get(home.get(c.id, ""), "")) for c in listed]


def _sorted(found: Iterable[Candidate]) -> list[Candidate]:
    return sorted(set(found), key=lambda c: (c.kind, c.id))


def _plain(asked: str) -> str:
    return " ".join(asked.lower().split())
