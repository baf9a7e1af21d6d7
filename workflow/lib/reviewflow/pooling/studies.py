"""Effects of the studies of one analysis from the columns of a table, and why a study has none."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from . import cells, measures
from .batch import Array, Mask
from .choice import BINARY, COLUMNS, Choice

CORRECTION = 0.5
NOT_ESTIMABLE = "not estimable: no events, or only events, on both sides"
# What a study of a mixed model of counts is told.
_LONE = "in the likelihood, though without an effect of its own: no events, or only events, on both sides"
_SHOWN = "its own effect, not the likelihood: "
Texts = NDArray[np.object_]


class Studies(NamedTuple):
    """Effect and variance of each study (NaN where it has none), the cells that Mantel-Haenszel sums (None where there
    are no 2x2 tables), why a study is left out ("" where it is used), what was done to its numbers ("" where nothing
    was; None where nobody asked), whose effect it is where a study may have several, and the columns of counts that a
    likelihood is of (None for other methods than GLMM)."""

    y: Array
    v: Array
    table: cells.Cells | None
    why_not: Texts
    notes: Texts | None = None
    study: Texts | None = None
    counts: tuple[Array, ...] | None = None

    @property
    def there(self) -> Mask:
        """Which studies have what is pooled: an effect, or counts."""
        return np.asarray(np.isfinite(self.y if self.counts is None else np.sum(self.counts, axis=0)))

    def only(self, kept: Mask) -> "Studies":
        """The same studies, of which only some have an effect."""
        y, v = np.where(kept, self.y, np.nan), np.where(kept, self.v, np.nan)
        table = None if self.table is None else cells.Cells(*(np.where(kept, cell, 0.0) for cell in self.table))
        counts = None if self.counts is None else tuple(np.where(kept, column, np.nan) for column in self.counts)
        return Studies(y, v, table, self.why_not, self.notes, self.study, counts)

    def at(self, kept: Mask) -> "Studies":
        """Some of the studies."""
        table = None if self.table is None else cells.Cells(*(cell[kept] for cell in self.table))
        notes, study = (None if part is None else part[kept] for part in (self.notes, self.study))
        counts = None if self.counts is None else tuple(column[kept] for column in self.counts)
        return Studies(self.y[kept], self.v[kept], table, self.why_not[kept], notes, study, counts)


def studies(measure: str, columns: Mapping[str, Array], choice: Choice) -> Studies:
    """Effects of one measure from the columns that metafor's escalc takes (`COLUMNS`; NaN where blank). A study without
    any of these numbers is taken as its yi and vi say, where the table has them; no sum of Mantel-Haenszel has a place
    for such a study. Raises KeyError for a column that is missing."""
    raw = COLUMNS[measure]
    if not raw or raw[0] not in columns:
        return _whole(cells.Effects(columns["yi"], columns["vi"]), _missing(columns, ("yi", "vi")))
    given = {name: np.asarray(columns[name], float) for name in raw}
    made = _binary(measure, given, choice) if measure in BINARY else _other(measure, given, choice)
    if choice.method == "GLMM":
        return _counted(made, given)
    if "yi" not in columns or "vi" not in columns:
        return made
    return _with_generic(made, given, columns, summed=choice.method == "MH")


def whole_counts(measure: str, counts: Sequence[Array]) -> list[Array]:
    """Those of a measure's columns of counts that must be whole numbers: all but person-time."""
    return [column for i, column in enumerate(counts) if measure != "IRR" or i in (0, 2)]


def _counted(made: Studies, given: Mapping[str, Array]) -> Studies:
    """The studies whose counts a likelihood takes as they are: all that have them, also without any event."""
    columns = tuple(given.values())
    events, size = columns[0::2], columns[1::2]
    known = np.isfinite(np.stack(columns)).all(axis=0)
    usable = known & np.asarray((np.stack(size) > 0).all(axis=0) & (np.stack(events) >= 0).all(axis=0))
    if "t1i" not in given:
        usable &= np.asarray((np.stack(events) <= np.stack(size)).all(axis=0))
    why = np.where(usable, "", np.where(known, "more events than participants", _missing(given)))
    lone = usable & ~np.isfinite(made.y)
    said = np.where(lone, _LONE, "")
    if made.notes is not None:
        said = np.where(usable & (made.notes != "") & ~lone, np.char.add(_SHOWN, made.notes.astype(str)), said)
    counts = tuple(np.where(usable, column, np.nan) for column in columns)
    y, v = np.where(usable, made.y, np.nan), np.where(usable, made.v, np.nan)
    return Studies(y, v, None, why.astype(object), said.astype(object), None, counts)


def _other(measure: str, given: Mapping[str, Array], choice: Choice) -> Studies:
    x = tuple(given.values())
    if measure == "IRR":
        zero, silent = (x[0] == 0) | (x[2] == 0), (x[0] == 0) & (x[2] == 0)
        half = np.where(silent, np.nan, CORRECTION * zero)
        why = np.where(silent, "not estimable: no events on both sides", _missing(given)).astype(object)
        return _whole(measures.rate_ratio(x[0] + half, x[1], x[2] + half, x[3]), why, _halves(zero))
    if measure == "PLO":
        zero = (x[0] == 0) | (x[0] == x[1])
        half = CORRECTION * zero
        return _whole(measures.proportion_logit(x[0] + half, x[1] + 2 * half), _missing(given), _halves(zero))
    if measure == "HR":
        estimate, lower, upper = (_log(part) for part in x)
        return _whole(measures.from_interval(estimate, lower, upper, choice.interval_level), _missing(given))
    if measure == "SMD":
        found = measures.standardised(x[0], x[1], x[2], x[3], x[4], x[5], variance=choice.smd)
        return _whole(found, _missing(given))
    return _whole(_PLAIN[measure](*x), _missing(given))


def _halves(zero: Mask) -> Texts:
    return np.where(zero, "0.5 added to both counts, of which one is 0", "").astype(object)


# Measures whose formula takes the columns of COLUMNS in their order and nothing else.
_PLAIN: dict[str, Callable[..., cells.Effects]] = {
    "MD": measures.mean_difference,
    "ROM": measures.ratio_of_means,
    "MC": measures.mean_change,
    "SMCC": measures.change_standardised,
    "SMCR": measures.change_raw_standardised,
    "PAS": measures.proportion_arcsine,
    "ZCOR": measures.fisher_z,
}


def _log(x: Array) -> Array:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.log(x))


def _missing(columns: Mapping[str, Array], names: tuple[str, ...] = ()) -> Texts:
    """Which numbers of each study are missing, in words; where none is, that the others give no variance above 0."""
    used = names or tuple(columns)
    blank = np.stack([~np.isfinite(np.asarray(columns[name], float)) for name in used])
    texts = np.full(blank.shape[1], "its numbers give no finite effect with a variance above 0", dtype=object)
    for i in np.flatnonzero(blank.any(axis=0)):
        lacking = [name for name, gone in zip(used, blank[:, i], strict=True) if gone]
        texts[i] = f"{' and '.join([', '.join(lacking[:-1]), lacking[-1]] if len(lacking) > 1 else lacking)} missing"
    return texts


def _whole(found: cells.Effects, why: Texts, notes: Texts | None = None) -> Studies:
    usable = np.isfinite(found.y) & np.isfinite(found.v) & (np.nan_to_num(found.v) > 0)
    y, v = np.where(usable, found.y, np.nan), np.where(usable, found.v, np.nan)
    said = np.full(len(y), "", dtype=object) if notes is None else np.where(usable, notes, "").astype(object)
    return Studies(y, v, None, np.where(usable, "", why).astype(object), said)


def _with_generic(made: Studies, given: Mapping[str, Array], columns: Mapping[str, Array], *, summed: bool) -> Studies:
    generic = _whole(cells.Effects(columns["yi"], columns["vi"]), made.why_not)
    bare = np.isnan(np.stack(list(given.values()))).all(axis=0) & np.isfinite(generic.y)
    if summed:
        why = np.where(bare, "it has an effect but no counts, which Mantel-Haenszel's sums need", made.why_not)
        return made._replace(why_not=why.astype(object))
    texts = np.where(bare, "effect and variance as given", "" if made.notes is None else made.notes).astype(object)
    return Studies(
        np.where(bare, generic.y, made.y), np.where(bare, generic.v, made.v), made.table,
        np.where(bare, "", made.why_not).astype(object), texts,
    )  # fmt: skip


def _binary(measure: str, given: Mapping[str, Array], choice: Choice) -> Studies:
    a, n, c, m = given.values()
    raw = cells.Cells(a, n - a, c, m - c)
    known = np.isfinite(np.stack(raw)).all(axis=0) & (n > 0) & (m > 0)
    corrected = raw.plus(CORRECTION, raw.zero)
    peto = measure == "PETO" or choice.method == "PETO"
    if peto:
        found = cells.peto(raw)
    elif measure == "RD":
        found = cells.risk_difference(corrected)
        found = found if choice.rd_corrected else cells.Effects(cells.risk_difference(raw).y, found.v)
    else:
        found = (cells.odds_ratio if measure == "OR" else cells.risk_ratio)(corrected)
    empty = raw.no_events | (raw.all_events & ((measure != "RR") | (not choice.correct_mh)))
    silent = known & empty & (measure != "RD")
    possible = np.stack(raw).min(axis=0) >= 0
    usable = known & possible & ~silent & np.isfinite(found.y) & (np.nan_to_num(found.v) > 0)
    why = np.where(silent, NOT_ESTIMABLE, np.where(known & ~possible, "more events than participants", _missing(given)))
    y, v = np.where(usable, found.y, np.nan), np.where(usable, found.v, np.nan)
    summed = corrected if choice.correct_mh else raw
    # rma.mh sums the risks of a study in which everybody had the event, though escalc gives it no ratio.
    in_sums = usable | (known & possible & raw.all_events & (measure == "RR") & (not choice.correct_mh))
    table = cells.Cells(*(np.where(in_sums, cell, 0.0) for cell in summed))
    notes = np.where(usable & raw.zero & (not peto), _correction(measure, choice), "")
    return Studies(y, v, table, np.where(usable, "", why).astype(object), notes.astype(object))


def _correction(measure: str, choice: Choice) -> str:
    """Where 0.5 was added to the cells of a study with a zero cell."""
    where = "0.5 added to each cell, of which one or more are 0"
    if measure == "RD" and not choice.rd_corrected:
        where += ", for the variance only"
    if choice.method == "MH" and not choice.correct_mh:
        where += "; not in Mantel-Haenszel's sums"
    return where
