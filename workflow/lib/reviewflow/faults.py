"""Faults in what people wrote: where, what is wrong, and the mend. All of them are reported at once."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Fault:
    """One fault. `line` is the line of the file from 1 (0: the file as a whole); `column` may be blank."""

    file: str
    line: int
    column: str
    problem: str
    mend: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        column = f" {self.column}:" if self.column else ""
        return f"{place}:{column} {self.problem}; {self.mend}"


class DataFaults(Exception):
    """Raised with every fault that was found, sorted by file and line."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = sorted(set(faults))
        super().__init__("\n".join(map(str, self.faults)))


def raise_faults(faults: Iterable[Fault]) -> None:
    """Raise `DataFaults` if there is any fault."""
    found = list(faults)
    if found:
        raise DataFaults(found)
