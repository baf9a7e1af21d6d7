"""The life of a study in words."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from reviewflow.page import wording

from .report_text import at, link, noted
from .source import Row
from .terminal import Line
from .tree import Effect, Extracted, Study

# What says where a cell was read and what it means, behind the cells themselves.
_BESIDE = ("page", "quote", "provenance", "note")
_KEYS = ("study_id", "arm_id", "comparison", "outcome", "timepoint")


def study_lines(study: Study) -> Iterator[Line]:
    """A study from its links to the pooled estimates."""
    label = (study.characteristics or {}).get("label")
    yield Line(0, f"Study {study.study_id}{f' ({label})' if label and label != study.study_id else ''}", 1)
    yield from _part("Reports", [_link(row) for row in study.links])
    for table in ("studies", "arms", "results"):
        lines = [entry for entry in study.extracted if entry.table == table]
        yield from _part(f"As extracted: {table}", _extracted(lines))
    yield from _part("Adjudication of the extraction", map(_adjudication, study.adjudication))
    yield from _part("Differences between extractors", map(_disagreement, study.disagreements))
    yield from _part("What is missing or wrong", map(_issue, study.issues))
    yield from _part("Contrasts that hold", map(_contrast, study.contrasts))
    yield from _part("Risk of bias as judged", map(_judgement, study.judgements))
    yield from _part("Adjudication of the risk of bias", map(_judgement, study.rulings))
    yield from _part("Risk of bias that holds", map(_bias, study.risk_of_bias))
    yield from _part("Effects and the analyses that they enter", map(_effect, study.effects))


def _part(head: str, entries: Iterable[str]) -> Iterator[Line]:
    lines = [Line(2, entry) for entry in entries]
    if lines:
        yield from (Line(1, head, 2), *lines)


def _link(row: Row) -> str:
    return f"{row['report_id'] or 'no report has this record'}: {link(row)}"


def _extracted(entries: Sequence[Extracted]) -> Iterator[str]:
    """One line for each key; extractors who wrote the same share it."""
    alike: dict[tuple[str, str], list[Extracted]] = {}
    for entry in entries:
        alike.setdefault((entry.key, _said(entry.line)), []).append(entry)
    for (key, said), found in alike.items():
        where = "; ".join(f"{entry.line['person']}, {at(entry.line)}" for entry in found)
        yield f"{key}: {said} [{where}]"


def _said(line: Row) -> str:
    left_out = (*_KEYS, *_BESIDE, "person", "_file", "_line")
    cells = [
        f"{name} {_cell(value)}" for name, value in line.items() if name not in left_out and value not in ("", None, [])
    ]
    page, quote, provenance, note = (line[name] for name in _BESIDE)
    beside = [page, f'"{quote}"' if quote else "", provenance, f"note: {note}" if note else ""]
    return "; ".join([", ".join(cells) or "no value", *filter(None, beside)])


def _cell(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return repr(value).removesuffix(".0") if isinstance(value, float) else str(value)


def _adjudication(row: Row) -> str:
    said = f"{row['table']} {row['key']} {row['column']}: {row['value'] or 'blank'}, by {row['adjudicator']}"
    return noted(said, row["note"], at(row))


def _disagreement(row: Row) -> str:
    held = f"; {row['value'] or 'blank'} holds, by {row['adjudicator']}" if row["status"] == "adjudicated" else ""
    return f"{row['table']} {row['key']} {row['column']}: {', '.join(row['values'])}; {row['status']}{held}"


def _issue(row: Row) -> str:
    who = f" ({row['person']})" if row["person"] else ""
    return f"{wording.human(row['kind'])}, {row['where']}: {row['issue']}{who}"


def _contrast(row: Row) -> str:
    names = (
        "n_e", "n_c", "events_e", "events_c", "time_e", "time_c", "mean_e", "sd_e", "mean_c", "sd_c", "baseline_mean_e",
        "baseline_sd_e", "change_mean_e", "change_sd_e", "correlation", "effect", "se", "unit",
    )  # fmt: skip
    cells = ", ".join(f"{name} {_cell(row[name])}" for name in names if row.get(name) not in ("", None))
    quote = f'"{row["quote"]}"' if row["quote"] else ""
    beside = "; ".join(filter(None, (row["source"], quote, row["provenance"])))
    return f"{row['comparison']}/{row['outcome']}/{row['timepoint']}{_which(row)}: {cells}; {beside}"


def _which(row: Row) -> str:
    """Which of several contrasts of a study it is; blank where there is one."""
    return f" [{row['contrast']}]" if row.get("contrast") else ""


def _judgement(row: Row) -> str:
    who = row.get("adjudicator") or row.get("person", "")
    said = f"{who}, {_domain(row)}: {row['judgement']}"
    return noted(f"{said}, {row['page']}" if row.get("page") else said, row["support"], at(row))


def _bias(row: Row) -> str:
    if row["status"] == "not_assessed":
        return "not assessed"
    return f"{_domain(row)}: {row['judgement'] or 'nothing settled'} ({row['status']})"


def _domain(row: Row) -> str:
    return ", ".join(filter(None, (row["tool"], row["outcome"], row["domain"])))


def _effect(found: Effect) -> str:
    row = found.effect
    label = f" ({_named(found.analysis)})" if found.analysis else ""
    natural = (row["effect_natural"], row["ci_lower_natural"], row["ci_upper_natural"])
    effect = f"{row['measure']} {_estimate(natural)}, standard error {_short(row['se'])}"
    return f"{row['analysis']}{label}{_which(row)}: {effect}; {_share(found)}"


def _named(analysis: Row) -> str:
    """The label of an analysis, and its timepoint where the label does not say it."""
    label, timepoint = analysis["label"], analysis["timepoint"]
    return str(label) if timepoint in label else f"{label}, {timepoint}"


def _share(found: Effect) -> str:
    row, pooled = found.effect, found.pooled
    if not row["used"]:
        return f"not in the pooled estimate: {row['note'] or 'no reason given'}"
    if not pooled:
        return "nothing is pooled yet"
    weight = f"{wording.number(found.weight, 1)}% of" if found.weight is not None else "enters"
    natural = (pooled["estimate_natural"], pooled["ci_lower_natural"], pooled["ci_upper_natural"])
    certainty = (found.certainty or {}).get("certainty", "not_assessed")
    graded = f", certainty {wording.human(certainty)}" if certainty != "not_assessed" else ""
    studies = wording.several(pooled["k"], "study", "studies")
    return f"{weight} the {pooled['model']} estimate {_estimate(natural)} of {studies}{graded}"


def _estimate(values: tuple[object, object, object]) -> str:
    return "not estimable" if values[0] is None else f"{_short(values[0])} ({_short(values[1])} to {_short(values[2])})"


def _short(value: object) -> str:
    return "unknown" if value is None else wording.plain(value)
