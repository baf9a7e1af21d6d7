"""The command `reviewflow`."""

import argparse
import sys

from reviewflow.commands import (
    audit,
    check_reported,
    export,
    extract,
    figures,
    import_,
    invite,
    new,
    order,
    pool,
    screen,
    trace,
)
from reviewflow.faults import DataFaults

COMMANDS = (new, screen, invite, order, extract, import_, export, figures, trace, audit, pool, check_reported)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="reviewflow", description="Commands beside the workflow itself.")
    commands = parser.add_subparsers(dest="command", required=True)
    for command in COMMANDS:
        command.add(commands)
    return parser


def main(arguments: list[str] | None = None) -> int:
    """Run a command; the exit status."""
    chosen = _parser().parse_args(arguments)
    try:
        status: int = chosen.run(chosen)
    except (OSError, DataFaults) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return status
