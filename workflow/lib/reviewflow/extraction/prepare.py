"""From settled lines to the numbers that are pooled, each step on record."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from reviewflow.protocol import is_before_after

from .contrasts import Problem, contrast
from .rows import Row


class Made(NamedTuple):
    """Rows of results/extraction: contrasts (without label), the conversions behind them, and warnings."""

    contrasts: list[Row]
    conversions: list[Row]
    warnings: list[Row]


def contrasts(
    lines: Sequence[Row], arms: Mapping[str, Row], config: Mapping[str, Any], comparison: str, outcome: Row
) -> list[Made | Problem]:
    """What the lines of one study, comparison, outcome and timepoint give.

    `lines` are the settled results lines, `arms` the settled arms of the study by arm_id (each line's arm is among
    them), `config` is config.yaml with its defaults, `outcome` a row of config/outcomes.csv.
    """
    made = contrast(lines, arms, is_before_after(config, comparison), outcome["unit"])
    if isinstance(made, Problem):
        return [made]
    return [Made([made | {"contrast": "", "imputed": False, "conversions": 0}], [], [])]
