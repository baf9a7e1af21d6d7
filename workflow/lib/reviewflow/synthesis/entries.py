"""Which effects enter an analysis, and why the others do not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from reviewflow.pooling import Choice
from reviewflow.protocol import is_before_after, least_certain
from reviewflow.tables import rows_of, split_list

from . import dependence, engine, mixing, overlaps
from .effects import Columns, Effects, Words, effects
from .engine import Job, Mask

Row = Mapping[str, Any]
_KEY = ("comparison", "outcome", "timepoint")


@dataclass(frozen=True)
class Sources:
    """What analyses are made of: the protocol, the contrasts by comparison, outcome and timepoint, the outcomes and the
    characteristics of studies by name, overall judgements of risk of bias by study and outcome (blank: the whole
    study), the year of each study's primary report, and the pairs of studies that may have the same participants."""

    config: Mapping[str, Any]
    contrasts: Mapping[tuple[str, ...], Columns]
    outcomes: Mapping[str, Row]
    studies: Mapping[str, Row]
    judgements: Mapping[tuple[str, str], str]
    years: Mapping[str, int]
    overlaps: Sequence[Row] = ()

    @property
    def synthesis(self) -> Mapping[str, Any]:
        """The group `synthesis` of config.yaml."""
        found: Mapping[str, Any] = self.config["synthesis"]
        return found

    def studies_of(self, comparison: str) -> dict[str, str]:
        """Labels of the studies that have a contrast of a comparison, by study_id."""
        parts = [own for key, own in self.contrasts.items() if key[0] == comparison]
        return {s: label for own in parts for s, label in zip(own["study_id"], own["label"], strict=True)}


def by_key(contrasts: pd.DataFrame) -> dict[tuple[str, ...], Columns]:
    """Contrasts as columns by comparison, outcome and timepoint, sorted by study and contrast."""
    ordered = contrasts.sort_values(["study_id", "contrast"], kind="stable")
    columns = {str(name): ordered[name].to_numpy() for name in ordered.columns}
    places: dict[tuple[str, ...], list[int]] = {}
    for place, key in enumerate(zip(*(columns[part] for part in _KEY), strict=True)):
        places.setdefault(key, []).append(place)
    return {key: {name: values[at] for name, values in columns.items()} for key, at in places.items()}


def overall(risk_of_bias: pd.DataFrame) -> dict[tuple[str, str], str]:
    """Settled overall judgements by study and outcome."""
    rows = rows_of(risk_of_bias[risk_of_bias["domain"] == "overall"])
    return {(row["study_id"], row["outcome"]): row["judgement"] for row in rows if row["judgement"]}


def primary_years(studies: pd.DataFrame, reports: pd.DataFrame) -> dict[str, int]:
    """The year of the first primary report of each study, where it is known."""
    years = {r: int(y) for r, y in zip(reports["report_id"], reports["year"], strict=True) if not pd.isna(y)}
    first = ((s, split_list(r)[:1]) for s, r in zip(studies["study_id"], studies["reports"], strict=True))
    return {study: years[report] for study, found in first for report in found if report in years}


@dataclass(frozen=True)
class Entry:
    """One analysis with its contrasts: their effects, which of them are used, and why the others are not ("" where one
    is used). `stop` says why the whole analysis is stopped, or is blank."""

    analysis: Row
    choice: Choice
    own: Columns
    effects: Effects
    why: Words
    stop: str = ""

    @property
    def name(self) -> str:
        """The analysis's short name."""
        return str(self.analysis["analysis"])

    @property
    def measure(self) -> str:
        """Its effect measure."""
        return str(self.analysis["measure"])

    @property
    def used(self) -> Mask:
        """Which effects are pooled."""
        return np.asarray(self.why == "", dtype=bool)

    @property
    def k(self) -> int:
        """Studies in the estimate."""
        return len(set(self.own["study_id"][self.used]))

    @property
    def special(self) -> str:
        """What takes more than an effect and a variance a study, in words; blank where nothing does."""
        if self.choice.method == "GLMM":
            return "a mixed model of counts has no effects of studies that could be set against each other"
        return "" if self.choice.dependence == "refuse" else "it takes effects as independent, which these are not"

    def job(self) -> Job:
        """The analysis as the engine takes it."""
        return self.part(np.ones(int(self.used.sum()), dtype=bool), self.choice)

    def part(self, kept: Mask, choice: Choice) -> Job:
        """The same of some of the used effects, with other choices."""
        return Job(self.measure, self.effects.studies.at(self.used).at(kept), choice)

    def values(self, column: str) -> np.ndarray:
        """A column of the contrasts that are used."""
        return np.asarray(self.own[column][self.used])

    def summary(self, sources: Sources, kept: Mask | None = None) -> dict[str, Any]:
        """k, effects, participants (None where one is unknown) and least certain provenance, of the used effects or of
        some of them."""
        at = np.flatnonzero(self.used)[slice(None) if kept is None else kept]
        within = is_before_after(sources.config, self.analysis["comparison"])
        n = np.stack([np.asarray(self.own[side][at], float) for side in (["n_e"] if within else ["n_e", "n_c"])])
        known = len(at) > 0 and bool(np.isfinite(n).all())
        if not within:
            n[1, self._counted_before(at)] = 0
        certain = least_certain(self.own["provenance"][at])
        studies = len(set(self.own["study_id"][at]))
        # Part of a split group counts in parts, which may miss a whole number by rounding alone.
        participants = round(float(n.sum())) if known else None
        return {"k": studies, "k_effects": len(at), "n": participants, "provenance": certain}

    def _counted_before(self, at: np.ndarray) -> list[int]:
        """Which of some effects have the control group of an effect before them."""
        shared, studies = self.own["shared_control"][at].astype(bool), list(self.own["study_id"][at])
        return [i for i, study in enumerate(studies) if shared[i] and study in studies[:i]]


def enter(
    analysis: Row, sources: Sources, out: Mapping[str, str] | None = None, correlation: float | None = None,
    drop_imputed: bool = False,
) -> Entry:  # fmt: skip
    """Prepare one analysis. `out` has further studies to leave out with the reason, `correlation` takes the place of
    imputed ones, `drop_imputed` leaves out effects of which a number was imputed."""
    key = tuple(analysis[part] for part in _KEY)
    own = sources.contrasts.get(key) or _none(sources)
    choice = engine.choice(analysis, sources.synthesis)
    found = effects(own, analysis["measure"], choice, correlation)
    why = found.studies.why_not.copy()
    if drop_imputed:
        why = np.where(own["imputed"].astype(bool), "left out: a number was imputed", why)
    named = dict.fromkeys(split_list(analysis["exclude_studies"]), "left out in config/analyses.csv")
    for study, reason in (named | dict(out or {})).items():
        why = np.where(own["study_id"] == study, reason, why)
    used = set(own["study_id"][why == ""])
    if sources.synthesis.get("overlaps", "keep_one") == "keep_one":
        for study, reason in overlaps.left_out(used, sources.overlaps).items():
            why = np.where((why == "") & (own["study_id"] == study), reason, why)
    rho = analysis.get("rho", sources.synthesis.get("rho"))
    choice = dependence.chosen(choice, own, why == "", analysis, rho)
    if choice.dependence == "refuse":
        why = dependence.refused(own, why)
    stop = mixing.stop(analysis, sources.outcomes, own, why == "", found.studies)
    if stop.word:
        why = np.where(why == "", f"the analysis is stopped: {stop.word}", why)
    named_studies = found.studies._replace(study=own["study_id"])
    return Entry(analysis, choice, own, found._replace(studies=named_studies), why.astype(object), stop.sentence)


def _none(sources: Sources) -> Columns:
    """Columns without a contrast, of the types that others have."""
    some = next(iter(sources.contrasts.values()), None)
    if some is not None:
        return {name: values[:0] for name, values in some.items()}
    from reviewflow.tables import empty_result

    empty = empty_result("results/extraction/contrasts")
    return {str(name): empty[name].to_numpy() for name in empty.columns}
