"""Summary of Findings: each chosen analysis with its relative and absolute effect and the certainty of it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from reviewflow.tables import join_list

from .absolute import OF_RISKS, Assumed, known, with_intervention
from .check import MOST
from .grade import SYMBOLS

Row = dict[str, Any]
# Cohen's rule of thumb, Handbook 15.5.3.1.
_NO_SCALE = "in standard deviations: about 0.2 is small, 0.5 moderate, 0.8 large"


def chosen(config: Mapping[str, Any], analyses: Sequence[Row]) -> list[Row]:
    """The analyses that are shown, by comparison in the order of config.yaml: those of appraisal.summary in their
    order, else the first seven of each comparison (Handbook 14.1.4)."""
    order = {name: i for i, name in enumerate(config["appraisal"].get("summary", []))}
    listed = sorted((a for a in analyses if a["analysis"] in order), key=lambda a: order[a["analysis"]])
    found: dict[str, list[Row]] = {name: [] for name in config.get("comparisons", {})}
    for analysis in listed if order else analyses:
        found.setdefault(analysis["comparison"], []).append(analysis)
    return [row for rows in found.values() for row in rows[:MOST]]


def row(analysis: Row, position: int, pooled: Row, assumed: Assumed, certainty: Row, ratings: Iterable[Row]) -> Row:
    """One row of summary_of_findings.csv. The limits of an absolute effect are those of the relative effect at the
    same assumed risk (Handbook 14.1.5.2)."""
    measure = analysis["measure"]
    found: Row = {name: analysis[name] for name in ("comparison", "analysis", "outcome", "timepoint", "measure")}
    found |= {"position": position, "studies": int(pooled["k"]), "participants": pooled["n"]}
    found |= {"certainty": certainty["certainty"], "symbol": SYMBOLS.get(certainty["certainty"], "")}
    moved = [r for r in ratings if known(r["rating"]) and r["rating"]]
    found["explanations"] = join_list(f"{r['domain']}={r['rating']:+d} {r['explanation']}".strip() for r in moved)
    ends = [pooled[name] for name in ("estimate_natural", "ci_lower_natural", "ci_upper_natural")]
    if not pooled["k"] or not all(map(known, ends)):
        return found | {"note": "no study in the estimate"}
    effect, lower, upper = map(float, ends)
    found |= {"effect": effect, "ci_lower": lower, "ci_upper": upper, "note": ""}
    return found | _absolute(measure, (effect, lower, upper), assumed)


def _absolute(measure: str, ends: tuple[float, float, float], assumed: Assumed) -> Row:
    if measure in ("MD", "MC"):
        found: Row = dict(zip(("difference", "difference_lower", "difference_upper"), ends, strict=True))
        if assumed.value is None:
            return found | {"note": "no mean of the comparator is known"}
        means = [assumed.value + end for end in ends]
        found |= dict(zip(("with_intervention", "with_lower", "with_upper"), means, strict=True))
        return found | {"assumed": assumed.value, "assumed_from": assumed.source}
    if measure not in OF_RISKS:
        return {"note": _NO_SCALE if measure.startswith("SM") else "no absolute effect follows from this measure"}
    if assumed.value is None:
        return {"note": "no risk of the comparator is known: give it in appraisal.assumed_risks"}
    risks = [with_intervention(measure, end, assumed.value) for end in ends]
    found = {"assumed": assumed.value, "assumed_from": assumed.source}
    found |= dict(zip(("with_intervention", "with_lower", "with_upper"), risks, strict=True))
    names = ("difference", "difference_lower", "difference_upper")
    return found | {name: risk - assumed.value for name, risk in zip(names, risks, strict=True)}
