"""The row of one analysis, by the names of pooled.csv."""

from typing import Any, NamedTuple

from .batch import Array
from .choice import Choice
from .natural import natural

# Numbers of a row that may not exist; None where they do not.
NUMBERS = (
    "estimate", "se", "ci_lower", "ci_upper", "z", "ci_df", "p_value", "pi_lower", "pi_upper", "q", "df", "q_p", "i2",
    "h2", "i2_q", "h2_q", "tau2", "tau2_lower", "tau2_upper", "tau2_between", "tau2_within", "lr", "lr_p", "rho",
    "estimate_natural", "ci_lower_natural", "ci_upper_natural", "pi_lower_natural", "pi_upper_natural",
)  # fmt: skip
# Those of which a number on the scale that people read is made.
NATURAL = ("estimate", "ci_lower", "ci_upper", "pi_lower", "pi_upper")


class Analysis(NamedTuple):
    """The numbers of one analysis under the names of pooled.csv (None where one does not exist), and the weights of its
    studies in percent (NaN where a study is left out, or the method has none)."""

    row: dict[str, Any]
    weight_fixed: Array
    weight_random: Array


def head(measure: str, choice: Choice, k: int) -> dict[str, Any]:
    """A row with what was chosen, k, and no number yet."""
    row: dict[str, Any] = {"measure": measure, "method": choice.method, "model": None, "model_rule": choice.model}
    row |= {"tau2_method": choice.tau2, "ci_method": choice.ci, "level": choice.level, "prediction": choice.prediction}
    return row | {"dependence": choice.dependence, "q_about": None, "k": k, "k_effects": k} | dict.fromkeys(NUMBERS)


def on_natural(measure: str, row: dict[str, Any]) -> dict[str, float | None]:
    """The numbers of NATURAL that a row has, on the scale that people read."""
    return {f"{name}_natural": None if row[name] is None else float(natural(measure, row[name])) for name in NATURAL}
