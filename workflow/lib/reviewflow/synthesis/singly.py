"""What single studies do to an analysis: leave-one-out, cumulative, influence. The model is the one that the whole
analysis uses, so that a study's removal shows its own doing and not that of a rule."""

from dataclasses import replace
from typing import Any

import numpy as np

from reviewflow.pooling import Analysis, Choice, diagnostics

from .engine import Ask
from .entries import Entry, Sources

Row = dict[str, Any]
# The median of chi-squared with 1 degree of freedom, beyond which Cook's distance counts as large (Viechtbauer and
# Cheung 2010, Res Synth Methods 1:112): qchisq(0.5, 1).
_MEDIAN = 0.454936423119573


def kept_model(entry: Entry, result: Analysis) -> Choice:
    """The choices of an analysis with the model that it came to use."""
    return entry.choice if entry.special else replace(entry.choice, model=result.row["model"])


def asks(entry: Entry, result: Analysis, sources: Sources) -> list[Ask]:
    """Leave-one-out of three or more studies, and studies as they accumulate, of two or more. None of a GLMM, of which
    one fit takes seconds and a note says so."""
    if entry.k < 2 or entry.choice.method == "GLMM":
        return []
    choice = kept_model(entry, result)
    studies = entry.values("study_id")
    labels = dict(zip(studies, entry.values("label"), strict=True))
    found = []
    for study in labels if entry.k > 2 else ():
        row = {"analysis": entry.name, "study_id": study, "label": labels[study]}
        found.append(Ask("leave_one_out", row, entry.part(studies != study, choice)))
    years = {study: sources.years.get(study) for study in labels}
    order = sorted(labels, key=lambda study: (years[study] is None, years[study] or 0, labels[study], study))
    for position, study in enumerate(order, 1):
        row = {"analysis": entry.name, "position": position, "study_id": study, "label": labels[study]}
        kept = np.isin(studies, order[:position])
        found.append(Ask("cumulative", row | {"order_by": years[study]}, entry.part(kept, choice)))
    return found


def influence_rows(entry: Entry, result: Analysis) -> list[Row]:
    """Rows of influence.csv of an analysis of three or more studies, each with one effect."""
    k = int(entry.used.sum())
    if k < 3 or entry.special:
        return []
    choice, found = kept_model(entry, result), entry.job().studies
    random = choice.model == "random"
    made = diagnostics.influence(found.y, found.v, choice.tau2 if random else None, choice.ci if random else "wald")
    influential = (np.abs(made.dffits) > 3 * np.sqrt(1 / (k - 1))) | (made.cook > _MEDIAN)
    influential |= (made.hat > 3 / k) | (np.abs(made.dfbetas) > 1)
    columns: dict[str, Any] = {
        "study_id": entry.values("study_id"), "label": entry.values("label"), "rstudent": made.rstudent,
        "dffits": made.dffits, "cook_d": made.cook, "cov_r": made.covariance_ratio, "q_del": made.q_without,
        "hat": made.hat, "weight": made.weight, "dfbetas": made.dfbetas, "baujat_x": made.baujat_x,
        "baujat_y": made.baujat_y, "influential": influential,
    }  # fmt: skip
    if random:
        columns["tau2_del"] = made.tau2_without
    rows = zip(*(np.asarray(values).tolist() for values in columns.values()), strict=True)
    return [{"analysis": entry.name} | dict(zip(columns, row, strict=True)) for row in rows]
