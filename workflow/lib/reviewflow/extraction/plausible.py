"""What looks wrong in one study's numbers and may yet be right: rows of results/extraction/warnings.

Printed numbers are compared by what rounds to them, never as if they were exact.
"""

from collections.abc import Iterator, Mapping, Sequence
from math import hypot, log, sqrt
from typing import Any

from reviewflow.preparation.critical import p_of_t, p_of_z, t_of_level, z_of_level
from reviewflow.preparation.printed import Interval, p_interval, places_in, printed_p, rounding
from reviewflow.preparation.units import slips
from reviewflow.tables import join_list

from .contrasts import CONTRAST, SIDES, n_of
from .prepare_arm import Arm
from .rows import Row, key_text, text

# A difference of more standard deviations than this is rare; one from a standard error printed as SD is common.
LARGE_SMD = 2.0
# Check, value, expected, message.
Finding = tuple[str, str, str, str]


def warning(finding: Finding, study: str, where: str, people: Sequence[str]) -> Row:
    """One row of results/extraction/warnings."""
    check, value, expected, message = finding
    named = {"check": check, "study_id": study, "where": where, "value": value, "expected": expected}
    return named | {"message": message, "person": join_list(sorted(people))}


def of_lines(lines: Sequence[Row], arms: Mapping[str, Row], outcome: Row, config: Mapping[str, Any]) -> list[Row]:
    """What looks wrong in single lines."""
    rows = []
    for line in lines:
        where = f"results {key_text([*(line[part] for part in CONTRAST), line['arm_id']])}"
        for finding in _of_line(line, arms, outcome):
            rows.append(warning(finding, line["study_id"], where, config["extraction"]["extractors"]))  # noqa: PERF401
    return rows


def _of_line(line: Row, arms: Mapping[str, Row], outcome: Row) -> Iterator[Finding]:
    name = "effect" if line["arm_id"] is None else "mean"
    natural = line.get("scale") == "geometric" or (name == "effect" and line.get("scale") == "natural")
    n = line["n"] if line["arm_id"] is None else n_of(line, arms)
    yield from _limits(line, name, natural)
    if name == "effect":
        yield from _p(line, natural, line.get("ci_level") or 95.0)
    else:
        yield from _counts(line, n, arms[line["arm_id"]]["n"])
    if outcome["unit"] and line["unit"] is None and outcome["kind"] == "continuous":
        message = f"no unit is given; the numbers are taken to be in {outcome['unit']}"
        yield "unit_blank", "", outcome["unit"], message


def _limits(line: Row, name: str, natural: bool) -> Iterator[Finding]:
    given = [x for column in (name, "ci_lower", "ci_upper") if (x := line.get(column)) is not None]
    if len(given) < 3 or (natural and min(given) <= 0):
        return
    value, lower, upper = (_interval(line, x, natural) for x in given)
    below = Interval(value.low - lower.high, value.high - lower.low)
    above = Interval(upper.low - value.high, upper.high - value.low)
    if not below.meets(above):
        scale = "the log scale" if natural else "its scale"
        printed = f"{text(given[0])} ({text(given[1])} to {text(given[2])})"
        message = f"the limits are not symmetric about the {name} on {scale}; check all three, and the scale"
        yield "ci_asymmetric", printed, f"a distance of {_mid(below)} on both sides", message


def _interval(line: Row, value: float, natural: bool = False) -> Interval:
    """All numbers, or their logarithms, that are printed as this one in the line."""
    interval = rounding(value, places_in(line["quote"], value))
    if not natural:
        return interval
    return Interval(log(interval.low) if interval.low > 0 else -1e6, log(interval.high))


def _mid(interval: Interval) -> str:
    return f"{(interval.low + interval.high) / 2:.3g}"


def _p(line: Row, natural: bool, level: float) -> Iterator[Finding]:
    p = printed_p(line["p_value"]) if line.get("p_value") is not None else None
    ratio = _standardised(line, natural, level)
    if p is None or ratio is None:
        return
    found = [Interval(p_of_z(ratio.high), p_of_z(ratio.low))]
    # The test may have been a t; 4 degrees of freedom stand for any small study. Limits by t are wider, too.
    by_limits = line.get("ci_lower") is not None and line.get("ci_upper") is not None
    wider = z_of_level(level) / t_of_level(level, 4) if by_limits else 1.0
    found.append(Interval(p_of_t(ratio.high / wider, 4), p_of_t(ratio.low / wider, 4)))
    range_ = Interval(min(i.low for i in found), max(i.high for i in found))
    if not range_.meets(p_interval(p)):
        message = "P does not follow from the effect and its limits or standard error; check all of them"
        yield "p_mismatch", line["p_value"], f"{found[0].low:.2g} to {found[0].high:.2g}", message


def _standardised(line: Row, natural: bool, level: float) -> Interval | None:
    """Smallest and largest |effect| / SE that the printed numbers allow, SE by the normal distribution."""
    effect, lower, upper = (line.get(column) for column in ("effect", "ci_lower", "ci_upper"))
    if effect is None:
        return None
    if lower is not None and upper is not None and not (natural and lower <= 0):
        value, low, high = (_interval(line, x, natural) for x in (effect, lower, upper))
        width = 2 * z_of_level(level)
        se = Interval(max(high.low - low.high, 1e-12) / width, (high.high - low.low) / width)
    elif line.get("se") and not natural:
        value, se = _interval(line, effect), _interval(line, line["se"])
    else:
        return None
    near = 0.0 if value.low <= 0 <= value.high else min(abs(value.low), abs(value.high))
    return Interval(near / se.high, max(abs(value.low), abs(value.high)) / max(se.low, 1e-12))


def _counts(line: Row, n: float | None, enrolled: float | None) -> Iterator[Finding]:
    if n is not None and enrolled is not None and n > enrolled:
        message = "more participants are analysed than arms.csv has in the arm; check both"
        yield "n_above_arm", text(n), f"at most {text(enrolled)}", message
    events, percent = line["events"], line.get("percent")
    if (
        n
        and events is not None
        and percent is not None
        and not _interval(line, percent).meets(Interval(*[events / n * 100] * 2))
    ):
        message = "the percentage is not that of events in n; check all three"
        yield "percent_mismatch", text(percent), f"{events / n * 100:.4g}", message
    if line.get("baseline_mean") is not None and n is not None and enrolled is not None and n < enrolled:
        message = "fewer participants at follow-up than in the arm: the values at baseline must be of the same ones"
        yield "n_before_after", text(n), text(enrolled), message


def of_contrast(row: Row, arms: Mapping[str, Arm], outcome: Row, people: Sequence[str]) -> list[Row]:
    """What looks wrong in the numbers of one contrast; `arms` are its sides, e and c."""
    where = f"contrasts {key_text(row[part] for part in (*CONTRAST, 'contrast'))}"
    found = [*_distance(row), *_skewed(arms), *_ranges(row, outcome)]
    return [warning(finding, row["study_id"], where, people) for finding in found]


def _distance(row: Row) -> Iterator[Finding]:
    names = [f"{name}_{side}" for name in ("mean", "sd", "n") for side in SIDES.values()]
    numbers = [float(row[name]) for name in names if row.get(name) is not None]
    if len(numbers) < len(names):
        return
    m_e, m_c, sd_e, sd_c, n_e, n_c = numbers
    if sd_e == 0 or sd_c == 0:
        yield "sd_zero", "0", "more than 0", "a standard deviation of 0 leaves no variance; check it against the report"
    elif n_e + n_c > 2:
        pooled = hypot(sqrt(max(n_e - 1, 0)) * sd_e, sqrt(max(n_c - 1, 0)) * sd_c) / sqrt(n_e + n_c - 2)
        smd = (m_e - m_c) / pooled if pooled else 0.0
        if abs(smd) > LARGE_SMD:
            message = (
                "the means are many standard deviations apart: is a standard error given as the standard deviation?"
            )
            yield "large_smd", f"{smd:.2f}", f"between -{LARGE_SMD:g} and {LARGE_SMD:g}", message


def _skewed(arms: Mapping[str, Arm]) -> Iterator[Finding]:
    for side, arm in arms.items():
        if arm.skewness is not None and arm.skewness.skewed:
            message = (
                f"the data of {arm.arm_id} are skewed by Shi's test, so that mean and SD from the median are doubtful"
            )
            yield f"skewed_{side}", f"{arm.skewness.statistic:.3g}", f"below {arm.skewness.critical:.3g}", message


def _ranges(row: Row, outcome: Row) -> Iterator[Finding]:
    least, most = outcome.get("plausible_min"), outcome.get("plausible_max")
    names = ["baseline_mean_e"] if row.get("scores") == "change" else ["mean_e", "mean_c", "baseline_mean_e"]
    for name in names:
        mean = row.get(name)
        if mean is None or ((least is None or mean >= least) and (most is None or mean <= most)):
            continue
        expected = " and ".join(
            [f"at least {text(least)}"] * (least is not None) + [f"at most {text(most)}"] * (most is not None)
        )
        fits = [f for f in slips(outcome.get("analyte") or "") if _within(mean * f, least, most)]
        hint = f"; times {' or '.join(f'{f:.4g}' for f in fits)} it would be plausible: check the unit" if fits else ""
        message = f"{name} is outside the plausible range of config/outcomes.csv{hint}"
        yield f"implausible_{name}", text(mean), expected, message


def _within(value: float, least: float | None, most: float | None) -> bool:
    return (least is None or value >= least) and (most is None or value <= most)
