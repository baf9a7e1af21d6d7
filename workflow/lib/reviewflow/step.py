"""What every script shares: one log, and faults shown as messages instead of a traceback."""

import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from reviewflow.tables import DataFaults


@contextmanager
def logged(log: str, doing: str) -> Iterator[None]:
    """Run a script's work, saying on the terminal what is done.

    Faults of the data go to the log, one a line; whatever else fails goes to the log with its traceback and to the
    terminal in one line. Either ends the script with status 1.
    """
    sys.stderr.write(f"  {Path(log).stem:<11} {doing}\n")
    try:
        yield
        Path(log).write_text("", encoding="utf-8")
    except DataFaults as faults:
        Path(log).write_text(f"{faults}\n", encoding="utf-8")
        sys.exit(1)
    except Exception as error:  # noqa: BLE001 whatever it is, it is logged and ends the job
        Path(log).write_text(traceback.format_exc(), encoding="utf-8")
        sys.stderr.write(f"{type(error).__name__}: {error}\n")
        sys.exit(1)


def tell(text: str) -> None:
    """Say on the terminal what came out, below what is done."""
    sys.stderr.write(f"{'':<13} {text}\n")
