"""What the report is made of: the protocol, the tables, and look-ups between them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from reviewflow.duplicates import View
from reviewflow.page import wording
from reviewflow.page.document import Link
from reviewflow.tables import rows_of, split_list

Line = dict[str, Any]


@dataclass(frozen=True)
class Review:
    """Everything the report reads."""

    config: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame]
    provenance: Mapping[str, Any]
    strategies: Mapping[str, str]

    def table(self, name: str) -> pd.DataFrame:
        """A table by its name."""
        return self.tables[name]

    def lines(self, name: str) -> list[Line]:
        """The rows of a table."""
        return rows_of(self.tables[name])

    def setting(self, section: str, key: str, default: Any = "") -> Any:
        """A key of config.yaml."""
        return self.config.get(section, {}).get(key, default)

    @property
    def title(self) -> str:
        """The title, also of a review that has none yet."""
        return str(self.setting("review", "title")) or "Review without a title"

    @cached_property
    def duplicates(self) -> View:
        """What the pages of import and deduplication are made of."""
        ledger = self.table("screening/ledger")
        return View(self.tables, dict(zip(ledger["report_id"], ledger["state"], strict=True)))

    @cached_property
    def reports(self) -> dict[str, Line]:
        """The fields of each report that lists show."""
        shown = ["report_id", "title", "translated_title", "authors", "year", "journal", "pmid", "doi", "sources"]
        return {line["report_id"]: line for line in rows_of(self.table("dedupe/reports")[[*shown, "notes"]])}

    @cached_property
    def outcomes(self) -> dict[str, Line]:
        """Outcomes by their short names."""
        return {line["outcome"]: line for line in self.lines("config/outcomes")}

    @cached_property
    def reasons(self) -> dict[str, str]:
        """Labels of exclusion reasons by their codes, in the order of the protocol."""
        return {line["reason"]: line["label"] for line in self.lines("config/exclusion_reasons")}

    @cached_property
    def studies(self) -> dict[str, str]:
        """Labels of studies by their short names."""
        return {line["study_id"]: line["label"] or line["study_id"] for line in self.lines("extraction/studies")}

    @cached_property
    def analyses(self) -> list[Line]:
        """The analyses in the order of the protocol."""
        return self.lines("config/analyses")

    @cached_property
    def pooled(self) -> dict[str, Line]:
        """Pooled rows by analysis."""
        return {line["analysis"]: line for line in self.lines("synthesis/pooled")}

    @cached_property
    def effects(self) -> dict[str, list[Line]]:
        """Study rows by analysis."""
        return grouped(self.lines("synthesis/effects"), "analysis")

    @cached_property
    def reproduction(self) -> dict[str, list[Line]]:
        """Printed values by analysis."""
        return grouped(self.lines("synthesis/reproduction"), "analysis")

    @cached_property
    def contrasts(self) -> dict[tuple[str, ...], Line]:
        """Contrasts by study, comparison, outcome, timepoint, and which of several it is."""
        key = ("study_id", "comparison", "outcome", "timepoint")
        lines = self.lines("extraction/contrasts")
        return {(*(line[part] for part in key), line.get("contrast", "")): line for line in lines}

    def contrast(self, analysis: Line, effect: Line) -> Line:
        """The contrast behind an effect in an analysis; empty where there is none."""
        key = (analysis["comparison"], analysis["outcome"], analysis["timepoint"])
        return self.contrasts.get((effect["study_id"], *key, effect.get("contrast", "")), {})

    def further(self, name: str) -> dict[str, list[Line]]:
        """The rows of a further table of the synthesis by analysis; none where the synthesis made no such table."""
        table = f"synthesis/{name}"
        if name not in self._further:
            self._further[name] = grouped(self.lines(table), "analysis") if table in self.tables else {}
        return self._further[name]

    @cached_property
    def _further(self) -> dict[str, dict[str, list[Line]]]:
        return {}

    def comparison(self, name: str) -> Mapping[str, str]:
        """A comparison of config.yaml."""
        found: Mapping[str, str] = self.config.get("comparisons", {}).get(
            name, {"label": name, "experimental": "experimental", "control": "control"}
        )
        return found

    @cached_property
    def names(self) -> dict[str, str]:
        """Analyses as headings name them, by their short names."""
        return {line["analysis"]: self.name_of(line) for line in self.analyses}

    def name_of(self, analysis: Line) -> str:
        """An analysis as headings name it, its comparison included."""
        return f"{analysis['label']}: {self.comparison(analysis['comparison'])['label']}"

    def field(self, name: str) -> str:
        """The label of a column of studies.csv."""
        fields = self.setting("extraction", "study_fields", [])
        return next(
            (str(field["label"]) for field in fields if field["name"] == name), wording.human(name).capitalize()
        )

    def outcome(self, name: str) -> str:
        """The label of an outcome."""
        return str(self.outcomes.get(name, {}).get("label") or name)

    def study(self, study_id: str) -> str:
        """The label of a study."""
        return self.studies.get(study_id, study_id)

    def study_link(self, study_id: str, label: str = "") -> Link:
        """A study, leading to its row in the table of included studies."""
        known = study_id in self.studies
        return Link(label or self.study(study_id), wording.to("study", study_id) if known else "")

    def report_links(self, ids: str) -> tuple[Link, ...]:
        """Reports, leading to their rows in the lists."""
        return tuple(Link(name, wording.to("report", name)) for name in split_list(ids))

    @cached_property
    def flow(self) -> dict[tuple[str, str], int]:
        """Counts of all waves by name and part."""
        table = self.table("screening/flow")
        return self._counts(table[table["wave"] == "all"])

    @cached_property
    def waves(self) -> dict[str, dict[tuple[str, str], int]]:
        """Counts by wave, the waves in order."""
        table = self.table("screening/flow")
        names = sorted(set(table["wave"]) - {"all"}, key=lambda wave: (len(wave), wave))
        return {name: self._counts(table[table["wave"] == name]) for name in names}

    def count(self, data: str, part: str = "") -> int:
        """A count of all waves; 0 where the flow table has none."""
        return self.flow.get((data, part), 0)

    @staticmethod
    def _counts(table: pd.DataFrame) -> dict[tuple[str, str], int]:
        return {(data, part): int(n) for data, part, n in zip(table["data"], table["part"], table["n"], strict=True)}


def grouped(rows: list[Line], key: str) -> dict[str, list[Line]]:
    """Rows by the value of one column, in the order in which they come."""
    found: dict[str, list[Line]] = {}
    for line in rows:
        found.setdefault(line[key], []).append(line)
    return found
