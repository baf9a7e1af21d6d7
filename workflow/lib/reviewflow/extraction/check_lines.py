"""Faults of one line of results.csv. What a report does not print is no fault but an issue of the contrast."""

from collections.abc import Iterator, Mapping
from typing import Any

from reviewflow.preparation.printed import printed_p
from reviewflow.protocol import is_before_after

from .rows import Row, text

# Column, what is wrong, and the mend.
Trouble = tuple[str, str, str]
REPORT = "check it against the report"
_COUNTS = ("events", "percent", "person_time")
_MEANS = (
    "mean", "sd", "mean_se", "median", "q1", "q3", "lowest", "highest", "baseline_mean", "baseline_sd", "change_mean",
    "change_sd",
)  # fmt: skip
_OF_ARM = (*_COUNTS, *_MEANS)
_OF_CONTRAST = ("effect", "se", "observed_minus_expected", "variance")
_TESTS = ("t_value", "f_value", "p_value")
# Any of these begins what an arm's line is for.
_BEGINS = ("events", "percent", "mean", "median", "change_mean")


def line_troubles(
    row: Row, config: Mapping[str, Any], kinds: Mapping[str, str], arm_of: Mapping[tuple[str, str], Row]
) -> Iterator[Trouble]:
    """All that is wrong with one line. `kinds` are the outcomes' kinds, `arm_of` the extractor's arms by study and
    arm."""
    comparison, outcome = row["comparison"], row["outcome"]
    if comparison not in config["comparisons"]:
        problem = f'"{comparison}" is not a comparison of config.yaml'
        yield "comparison", problem, _one_of(config["comparisons"])
    if outcome not in kinds:
        yield "outcome", f'"{outcome}" is not in outcomes.csv', _one_of(kinds)
    yield from _kind_troubles(row, kinds.get(outcome, ""))
    yield from _number_troubles(row)
    if row["arm_id"] is None:
        before_after = comparison in config["comparisons"] and is_before_after(config, comparison)
        yield from _whole_troubles(row, before_after)
    else:
        yield from _arm_troubles(row)
        yield from _participant_troubles(row, arm_of.get((row["study_id"], row["arm_id"])))


def _one_of(names: Mapping[str, Any]) -> str:
    return f"write one of {', '.join(names)}"


def _given(row: Row, *columns: str) -> list[str]:
    return [column for column in columns if row.get(column) is not None]


def _kind_troubles(row: Row, kind: str) -> Iterator[Trouble]:
    problem = f"{row['outcome']} is {kind} in outcomes.csv"
    for column in _given(row, *_COUNTS) if kind == "continuous" else ():
        yield column, problem, "give mean and sd, or correct the outcome"
    for column in _given(row, *_MEANS) if kind == "dichotomous" else ():
        if column not in ("sd", "change_sd", "baseline_sd"):
            yield column, problem, "give events, or correct the outcome"


def _number_troubles(row: Row) -> Iterator[Trouble]:
    """Cells that no report can print so."""
    for one, other in (("ci_lower", "ci_upper"), ("ci_upper", "ci_lower")):
        if row.get(one) is None and row.get(other) is not None:
            yield one, f"{other} without {one}", "fill in the other limit, or write what is printed in note"
    if len(_given(row, "ci_lower", "ci_upper")) == 2 and row["ci_lower"] >= row["ci_upper"]:
        yield "ci_lower", f"the limits {text(row['ci_lower'])} and {text(row['ci_upper'])} do not rise", REPORT
    for column, most in (("percent", 100), ("correlation", 1), ("ci_level", 99.99)):
        if row.get(column) is not None and row[column] > most:
            yield column, f"{text(row[column])} is above {most}", REPORT
    if row.get("p_value") is not None:
        p = printed_p(row["p_value"])
        if p is None:
            yield "p_value", f'"{row["p_value"]}" is no P', "write it as 0.03 or <0.001; other words belong in note"
        elif p.value == 0:
            yield "p_value", "P is never 0", "write the bound that is printed, such as <0.001"


def _whole_troubles(row: Row, before_after: bool) -> Iterator[Trouble]:
    """A line without arm_id must be a whole contrast, or a test of the difference between its arms."""
    of_arm = _given(row, *_OF_ARM)
    tests = _given(row, *_TESTS, "ci_lower")
    log_rank = _given(row, "observed_minus_expected", "variance")
    if of_arm:
        mend = "name the arm, or leave these cells blank"
        yield "arm_id", f"the cell is blank, but the line has {', '.join(of_arm)} of an arm", mend
    elif len(log_rank) == 1:
        missing = ({"observed_minus_expected", "variance"} - {*log_rank}).pop()
        yield missing, f"{log_rank[0]} without {missing}", "fill in both"
    elif row["effect"] is None and row["se"] is None and not tests and not log_rank:
        yield "effect", "the line has neither an arm nor an effect", "fill in effect and se, or arm_id"
    elif row["effect"] is None and row["se"] is not None:
        yield "effect", "se without effect", "fill in the effect"
    if row["se"] == 0:
        yield "se", "a standard error of 0 would give the study all the weight", REPORT
    if row.get("variance") == 0:
        yield "variance", "a variance of 0 gives no effect", REPORT
    if row.get("scale") == "geometric":
        yield "scale", "a geometric mean is an arm's", "write natural for a ratio that is not logged"
    if row.get("scale") == "natural" and row["effect"] is not None and row["effect"] <= 0:
        problem = f"scale is natural, but {text(row['effect'])} is no ratio"
        yield "scale", problem, "leave scale blank for a difference, write log for a logarithm"
    if row["n"] is not None and not before_after:
        problem = "n of a whole contrast does not say which side it counts"
        yield "n", problem, "give n of each arm in arms.csv"


def _arm_troubles(row: Row) -> Iterator[Trouble]:
    """A line with arm_id must have an arm's numbers and nothing else."""
    of_contrast = _given(row, *_OF_CONTRAST)
    for column in of_contrast:
        problem = "the line names an arm, but this belongs to a whole contrast"
        yield column, problem, "give it a line with blank arm_id"
    if row["sd"] is not None and not _given(row, "mean", "median"):
        yield "mean", "sd without mean", "fill in the mean"
    if row["sd"] == 0:
        yield "sd", "a standard deviation of 0 leaves no variance", REPORT
    if row.get("person_time") == 0:
        yield "person_time", "a person-time of 0 gives no rate", REPORT
    if not of_contrast and not _given(row, *_BEGINS, "sd"):
        yield "events", "the arm's line has neither events nor mean and sd", "fill them in or remove the line"


def _participant_troubles(row: Row, arm: Row | None) -> Iterator[Trouble]:
    if arm is None:
        problem = f'"{row["arm_id"]}" is not an arm of {row["study_id"]} in arms.csv'
        yield "arm_id", problem, "add it there or correct it here"
    n = row["n"] if row["n"] is not None or arm is None else arm["n"]
    repeated = row.get("person_time") is not None
    if row["events"] is not None and n is not None and row["events"] > n and not repeated:
        yield "events", f"{row['events']} events among {n} participants", "check both against the report"
