"""Which record of the review an entry of an export is: by our own record_id, else by what is told of it, exactly."""

from collections.abc import Iterable, Mapping

import pandas as pd

from reviewflow.tables import rows_of
from reviewflow.text import doi, fold, year

from .columns import Parsed, Row

_MEND = "write its record_id into the export, or leave it out with --skip-unmatched"
Found = tuple[str, str, str]


class Finder:
    """The records of the review by what identifies them. `records` has the rows of results/search/records.csv,
    `report_of` the report of each record: records of one report are one place for a decision."""

    def __init__(self, records: pd.DataFrame, report_of: Mapping[str, str]) -> None:
        self._report_of = report_of
        self._known: set[str] = set()
        self._numbers: dict[tuple[str, str], set[str]] = {}
        self._titles: dict[tuple[str, int], set[str]] = {}
        self._dois: dict[str, set[str]] = {}
        for row in rows_of(records):
            record = row["record_id"]
            self._known.add(record)
            number = {"accession": row["accession"], "doi": row["doi"], "pmid": row["pmid"], "record": record}
            for kind, value in number.items():
                if value:
                    self._numbers.setdefault((kind, value.casefold()), set()).add(record)
            if row["doi"]:
                self._dois.setdefault(record, set()).add(row["doi"])
            for title in {fold(row["title"]), fold(row["translated_title"])} - {""}:
                if row["year"] is not pd.NA:
                    self._titles.setdefault((title, int(row["year"])), set()).add(record)

    def find(self, entry: Parsed) -> Found:
        """The record and "", or "", what is wrong with the entry, and the mend."""
        ours = list(dict.fromkeys(name for name in entry.names if name in self._known))
        if len(ours) > 1:
            return "", f"it names {len(ours)} records: {', '.join(ours)}", "split it: one entry is one record"
        if ours:
            return ours[0], "", ""
        title = entry.fields["title"][:60]
        for found in (self._by_number(entry), self._by_title(entry.fields)):
            reports = {self._report_of.get(record, record) for record in found}
            if len(reports) > 1:
                return "", f'"{title}" may be any of {", ".join(sorted(found))}', _MEND
            if found:
                return next(iter(reports & found), min(found)), "", ""
        return "", f'"{title}" is no record of the review', _MEND

    def _by_number(self, entry: Parsed) -> set[str]:
        """Every record that has the entry's accession, DOI or PMID."""
        fields = entry.fields
        accessions = {name for name in (entry.accession, fields["accession"]) if name}
        keys = [(kind, name.casefold()) for name in accessions for kind in ("accession", "record")]
        keys += [("doi", name) for name in {doi(fields["doi"]), doi(fields["url"])} if name]
        pmid = fields["pmid"].strip()
        keys += [("pmid", pmid)] if pmid.isascii() and pmid.isdigit() else []
        return self._union(keys)

    def _by_title(self, fields: Row) -> set[str]:
        """Every record with the entry's title and year, but for those with another DOI."""
        when, name = year(fields["year"]), doi(fields["doi"])
        titles = {fold(fields["title"]), fold(fields["translated_title"])} - {""}
        found = {record for title in titles if when for record in self._titles.get((title, when), ())}
        return {record for record in found if not name or name in self._dois.get(record, {name})}

    def _union(self, keys: Iterable[tuple[str, str]]) -> set[str]:
        return {record for key in keys for record in self._numbers.get(key, ())}
