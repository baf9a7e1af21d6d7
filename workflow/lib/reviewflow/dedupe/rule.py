"""What a rule is: a named condition and the situation that it covers."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

Condition = Callable[[pd.DataFrame], pd.Series]


@dataclass(frozen=True)
class Rule:
    """A named condition on the features of pairs, the situation that it covers, and how sure it is (higher wins
    where links must be broken)."""

    name: str
    situation: str
    holds: Condition
    strength: int = 0
