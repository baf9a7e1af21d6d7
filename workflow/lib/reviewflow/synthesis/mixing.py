"""Why the effects of an analysis cannot be pooled together: units, scores, parts of people."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np

from reviewflow.pooling import Studies

from .effects import Columns
from .engine import Mask
from .kinds import KINDS

Row = Mapping[str, Any]
# Effects whose denominator is another where scores are changes: they have no scale in common with those at follow-up
# (Cochrane Handbook, section 10.5.2). A ratio of changes is no ratio of means either.
_OF_ONE_KIND = ("SMD", "ROM")


class Stop(NamedTuple):
    """Why an analysis is stopped, in a word, and in a sentence with the rows and the mend; blank where it is not."""

    word: str = ""
    sentence: str = ""


def stop(analysis: Row, outcomes: Mapping[str, Row], own: Columns, used: Mask, found: Studies) -> Stop:
    """Whether the whole analysis is stopped. `used` are the effects that would be pooled."""
    sentence = _units(own, analysis, outcomes)
    if sentence:
        return Stop("units differ", sentence)
    rows = scores(own, used)
    if len(rows) > 1 and analysis["measure"] in _OF_ONE_KIND:
        listed = f"{analysis['measure']} of values at follow-up and of changes is not one scale ({_said(rows)})"
        mend = "choose one in preparation.change_scores, use MD, or leave studies out"
        return Stop("scores differ", f"stopped: {listed}; {mend}")
    parts = _parts(own, used, found)
    if parts:
        listed = f"counts of {_listed(parts)} are not whole numbers, and only these have a likelihood"
        mend = "combine the arms in preparation.multi_arm, or write IV in method"
        return Stop("counts are not whole", f"stopped: {listed}; {mend}")
    return Stop()


def scores(own: Columns, used: Mask) -> dict[str, list[str]]:
    """The effects in use that come from means, by their scores: final or change."""
    means = used & (own["scores"] != "") & np.isfinite(own["mean_e"].astype(float))
    rows: dict[str, list[str]] = {}
    for study, contrast, kind in zip(*(own[name][means] for name in ("study_id", "contrast", "scores")), strict=True):
        rows.setdefault(kind, []).append(_name(study, contrast))
    return rows


def mixed_note(analysis: Row, own: Columns, used: Mask) -> str:
    """That differences of values at follow-up and of changes are pooled together; blank where they are not."""
    rows = scores(own, used)
    if len(rows) < 2 or analysis["measure"] != "MD":
        return ""
    return f"values at follow-up and changes from baseline are pooled together ({_said(rows)})"


def _said(rows: Mapping[str, list[str]]) -> str:
    return ", ".join(f"{kind} in {_listed(names)}" for kind, names in sorted(rows.items()))


def _parts(own: Columns, used: Mask, found: Studies) -> list[str]:
    if found.counts is None:
        return []
    # Person-time is no count; its columns have names of their own.
    whole = [own[name].astype(float) for name in ("events_e", "events_c", "n_e", "n_c")]
    counts = np.stack([np.where(np.isfinite(column), column, 0.0) for column in whole])
    odd = used & (counts != np.round(counts)).any(axis=0)
    return [_name(study, contrast) for study, contrast in zip(own["study_id"][odd], own["contrast"][odd], strict=True)]


def _units(own: Columns, analysis: Row, outcomes: Mapping[str, Row]) -> str:
    """Why effects in several units cannot be averaged, with their rows; blank where they can. Blanks between the
    letters make no other unit."""
    if not KINDS[analysis["measure"]].has_unit:
        return ""
    rows: dict[str, list[str]] = {}
    for study, contrast, unit in zip(own["study_id"], own["contrast"], own["unit"], strict=True):
        rows.setdefault(unit.replace(" ", ""), []).append(_name(study, contrast))
    rows.pop("", None)
    fixed = str(outcomes.get(analysis["outcome"], {}).get("unit") or "").replace(" ", "")
    if fixed:
        rows.pop(fixed, None)
    if len(rows) < (1 if fixed else 2):
        return ""
    listed = ", ".join(f"{unit} in {_listed(studies)}" for unit, studies in sorted(rows.items()))
    asked = f" but {fixed} in outcomes.csv" if fixed else ""
    return f"stopped: units differ ({listed}{asked}); convert the values, or correct the unit"


def _name(study: str, contrast: str) -> str:
    return f"{study}{f' {contrast}' if contrast else ''}"


def _listed(names: Iterable[str]) -> str:
    return " and ".join(names)
