"""What the numbers suggest for each domain of GRADE. Each suggestion says what it rests on; none decides anything."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from . import imprecision
from .absolute import OF_RISKS, Assumed, known, null, with_intervention
from .imprecision import Level

Row = Mapping[str, Any]
Suggestion = tuple[int | None, str]
# Handbook 10.10.2: from 50% I2 may be substantial, from 75% considerable.
SUBSTANTIAL, CONSIDERABLE = 50.0, 75.0
# Handbook 10.10.2 and 13.3.5.4: tests of heterogeneity and of asymmetry have little power, hence 0.10.
WEAK_TEST = 0.10
# "Most" of the information, Handbook 14.2.2.
MOST = 50.0
_PEOPLE = "people judge this; nothing to compute"


@dataclass(frozen=True)
class Evidence:
    """One analysis with all that a suggestion may rest on. `risk` has each used study's risk (blank where none holds),
    `asymmetry` the rows of results/synthesis/asymmetry, `start` the level before any rating."""

    pooled: Row
    effects: Sequence[Row]
    risk: Mapping[str, str]
    assumed: Assumed
    important: float | None
    before_after: bool
    start: str
    asymmetry: Sequence[Row] = ()
    subgroup_test: Row | None = None

    @property
    def used(self) -> list[Row]:
        """Effects that are in the estimate."""
        return [row for row in self.effects if row["used"]]

    @property
    def interval(self) -> tuple[float, float] | None:
        """Limits on the scale people read."""
        low, high = self.pooled["ci_lower_natural"], self.pooled["ci_upper_natural"]
        return (float(low), float(high)) if known(low) and known(high) else None


def suggestions(evidence: Evidence) -> dict[str, Suggestion]:
    """A rating or None, and its basis in words, for each domain of GRADE."""
    if not evidence.pooled["k"] or evidence.interval is None:
        return dict.fromkeys(_ALL, (None, "no estimate"))
    return {name: find(evidence) for name, find in _ALL.items()}


def _risk_of_bias(evidence: Evidence) -> Suggestion:
    column = "weight_random" if evidence.pooled["model"] == "random" else "weight_fixed"
    weights = {row["study_id"]: 0.0 for row in evidence.used}
    for row in evidence.used:
        weights[row["study_id"]] += float(row[column]) if known(row[column]) else 0.0
    total = sum(weights.values())
    if not total or not any(evidence.risk.get(study) for study in weights):
        return None, "no study of this analysis has a judgement of risk of bias that holds"
    share = dict.fromkeys(("low", "some", "high", ""), 0.0)
    for study, weight in weights.items():
        risk = evidence.risk.get(study, "")
        share[risk if risk in share else ""] += 100 * weight / total
    basis = (
        f"weight from studies at low risk {share['low']:.0f}%, some concerns {share['some']:.0f}%, high risk "
        f"{share['high']:.0f}%, not known {share['']:.0f}%"
    )
    return (-2 if share["high"] > MOST else -1 if share["low"] <= MOST else 0), basis


def _inconsistency(evidence: Evidence) -> Suggestion:
    pooled = evidence.pooled
    if pooled["k"] < 2 or not known(pooled["i2"]):
        return None, "one study: nothing to compare"
    i2, p = float(pooled["i2"]), float(pooled["q_p"])
    said = [f"I2 {i2:.0f}%, P of the Q test {p:.2g}"]
    wide = _prediction(pooled, said)
    level = -1 if (i2 >= SUBSTANTIAL and p < WEAK_TEST) or wide else 0
    if i2 >= CONSIDERABLE and wide:
        level = -2
    test = evidence.subgroup_test
    if level and test is not None and known(test["p_value"]) and test["p_value"] < WEAK_TEST:
        said.append(f"subgroups may explain part of it (P {float(test['p_value']):.2g})")
    return level, "; ".join(said)


def _prediction(pooled: Row, said: list[str]) -> bool:
    """Whether the prediction interval includes no effect though the confidence interval does not."""
    limits = [pooled[name] for name in ("pi_lower", "pi_upper", "ci_lower", "ci_upper")]
    if null(pooled["measure"]) is None or not all(map(known, limits)):
        return False
    # On the analysis scale no effect is 0 for ratios, too.
    includes, excluded = limits[0] <= 0 <= limits[1], not limits[2] <= 0 <= limits[3]
    said.append(f"the prediction interval {'includes' if includes else 'excludes'} no effect")
    return bool(includes and excluded)


def _imprecision(evidence: Evidence) -> Suggestion:
    measure = evidence.pooled["measure"]
    lower, upper = evidence.interval or (0.0, 0.0)
    risk, own = evidence.assumed.value, evidence.important
    if measure in OF_RISKS and own and risk is not None:
        ends = sorted(with_intervention(measure, end, risk) - risk for end in (lower, upper))
        level = imprecision.of_interval(ends[0], ends[1], 0.0, (-own, own), own=True)
    elif measure in ("MD", "MC", "GIV") and own:
        level = imprecision.of_interval(lower, upper, 0.0, (-own, own), own=True)
    else:
        usual = imprecision.STANDARDISED if measure in ("SMD", "SMCC", "SMCR") else None
        usual = imprecision.RELATIVE if measure in ("OR", "RR", "HR", "PETO", "IRR") else usual
        level = imprecision.of_interval(lower, upper, null(measure), usual, own=False)
    level = _sized(evidence, level)
    return level.rating, level.basis


def _sized(evidence: Evidence, level: Level) -> Level:
    if evidence.before_after:
        return imprecision.with_size(level, None, None, "one group")
    n = float(evidence.pooled["n"]) if known(evidence.pooled["n"]) else None
    if evidence.pooled["measure"] in OF_RISKS:
        risk = evidence.assumed.value
        needed = imprecision.size_for_risks(risk) if risk is not None else None
        how = f"a quarter fewer events than {risk:.3g}" if needed else "the comparator's risk is not known, 0 or 1"
        return imprecision.with_size(level, n, needed, how)
    sds = [float(row["sd_c"]) for row in evidence.used if known(row["sd_c"])]
    if evidence.pooled["measure"] == "MD" and evidence.important and sds:
        needed = imprecision.size_for_means(evidence.important, median(sds))
        return imprecision.with_size(level, n, needed, f"a difference of {evidence.important:g}, SD {median(sds):.3g}")
    if evidence.pooled["measure"] in ("MD", "SMD"):
        return imprecision.with_size(level, n, imprecision.RULE_OF_THUMB, "rule of thumb")
    return imprecision.with_size(level, n, None, "not defined for this measure")


def _publication_bias(evidence: Evidence) -> Suggestion:
    made = [row for row in evidence.asymmetry if row["made"] and known(row["p_value"])]
    if not made:
        reasons = [str(row["reason"]) for row in evidence.asymmetry if row["reason"]]
        return None, reasons[0] if reasons else f"{evidence.pooled['k']} studies: no test of asymmetry was made"
    said = ", ".join(f"{row['test']} P {float(row['p_value']):.2g}" for row in made)
    return (-1 if any(row["p_value"] < WEAK_TEST for row in made) else 0), f"tests of asymmetry: {said}"


def _large_effect(evidence: Evidence) -> Suggestion:
    measure, effect, risk = evidence.pooled["measure"], evidence.pooled["estimate_natural"], evidence.assumed.value
    if evidence.start != "low":
        return None, "only evidence that starts low is rated up"
    if measure == "OR" and risk:
        effect = with_intervention("OR", float(effect), risk) / risk
    elif measure != "RR":
        return None, "no risk ratio to judge by"
    lower, upper = evidence.interval or (0.0, 0.0)
    if lower <= 1 <= upper or not effect:
        return 0, f"risk ratio {float(effect):.3g}, and the interval includes no effect"
    # GRADE guidelines 9 (Guyatt 2011): large from a twofold, very large from a fivefold change.
    fold = max(float(effect), 1 / float(effect))
    return (2 if fold > 5 else 1 if fold > 2 else 0), f"risk ratio {float(effect):.3g}"


def _nothing(_: Evidence) -> Suggestion:
    return None, _PEOPLE


_ALL = {
    "risk_of_bias": _risk_of_bias, "inconsistency": _inconsistency, "indirectness": _nothing,
    "imprecision": _imprecision, "publication_bias": _publication_bias, "large_effect": _large_effect,
    "dose_response": _nothing, "plausible_confounding": _nothing,
}  # fmt: skip
DOMAINS = tuple(_ALL)
