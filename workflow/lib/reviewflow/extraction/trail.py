"""The steps from printed cells to a number, as they are taken."""

from collections.abc import Iterable
from math import inf, isfinite

from reviewflow.preparation import RULES
from reviewflow.preparation.errors import require

from .rows import Row, text


class Trail:
    """Steps of one arm or whole contrast, in order: rows of results/extraction/conversions without their key."""

    def __init__(self, arm_id: str, unit: str | None, steps: Iterable[Row] = ()) -> None:
        self.arm_id = arm_id
        self.unit = unit
        self.steps: list[Row] = list(steps)

    @property
    def imputed(self) -> bool:
        """Whether some step assumes more than arithmetic."""
        return any(step["imputed"] for step in self.steps)

    def by(self, name: str, to: str, note: str = "", source: str = "", /, **numbers: float) -> float:
        """Apply the rule `name` to its numbers and record it; `to` names what comes out. Raises Impossible."""
        rule = RULES[name]
        inputs = "; ".join(f"{taken}={text(numbers[taken])}" for taken in rule.takes)
        try:
            value = rule.of(*(numbers[taken] for taken in rule.takes))
        except ArithmeticError:
            value = inf
        require(isfinite(value), f"{name} of {inputs} gives no number; check the scale and these cells")
        self.steps.append(
            {
                "arm_id": self.arm_id,
                "kind": name,
                "from": inputs,
                "to": to,
                "value": value,
                "unit": self.unit if to not in _WITHOUT_UNIT else None,
                "formula": rule.formula,
                "source": source or rule.source,
                "imputed": rule.imputed,
                "note": note,
            }
        )
        return value


_WITHOUT_UNIT = {"n", "events", "time", "correlation"}
