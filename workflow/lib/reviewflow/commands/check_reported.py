"""`reviewflow check-reported DIR`: check the printed numbers of a publication outside any review."""

import argparse
import json
import sys
from pathlib import Path

import pandas as pd

from reviewflow import reported
from reviewflow.faults import DataFaults, Fault, raise_faults
from reviewflow.tables import empty_people, read_people, rows_of, split_list

_LISTS = ("analyses", "studies")


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    names = ", ".join(f"{name}.csv" for name in reported.TABLES)
    about = "check the numbers that a publication prints, outside any review"
    command = commands.add_parser("check-reported", help=about, description=f"{about}: any of {names}")
    command.add_argument("folder", help="folder with the tables, as in records/published/")
    command.add_argument("--json", action="store_true", help="findings and checks as JSON")
    command.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Check, and print; the status is 0 also with findings."""
    made = reported.build(_read(Path(chosen.folder)))
    findings, checks = rows_of(made["reported_statistics"]), rows_of(made["reported_checks"])
    if chosen.json:
        plain = [{**f, **{name: split_list(f[name]) for name in _LISTS}} for f in findings]
        sys.stdout.write(json.dumps({"findings": plain, "checks": checks}, indent=2, ensure_ascii=False) + "\n")
    else:
        sys.stdout.write(text(findings, checks))
    return 0


def _read(folder: Path) -> dict[str, pd.DataFrame]:
    """The tables that are there. Raises DataFaults with the faults of all."""
    files = {name: folder / f"{name}.csv" for name in reported.TABLES}
    if not any(file.is_file() for file in files.values()):
        raise_faults([Fault(str(folder), 0, "", "has none of the tables", f"write {', '.join(files)} as CSV there")])
    frames: dict[str, pd.DataFrame] = {}
    faults: list[Fault] = []
    for name, file in files.items():
        table = f"records/published/{name}"
        try:
            frames[name] = read_people(file, table, folder) if file.is_file() else empty_people(table)
        except DataFaults as found:
            faults += found.faults
    raise_faults(faults)
    raise_faults(reported.check(frames, alone=True))
    return frames


def text(findings: list[dict[str, object]], checks: list[dict[str, object]]) -> str:
    """Findings for a terminal, the gravest first, and what was clean."""
    lines = []
    for f in findings:
        where = f" ({f['location']})" if f["location"] else ""
        lines += [f"{f['severity']}, {f['certainty']}: {f['finding']}{where}"]
        lines += [f"    {name}: {f[name]}" for name in ("printed", "expected", "evidence", "ask") if f[name]]
    clean = [f"{c['check']} ({c['examined']})" for c in checks if c["verdict"] == "clean"]
    number = f"{len(findings)} finding{'s' if len(findings) != 1 else ''}"
    lines += [f"{number}; clean: {', '.join(clean) or 'none'}"]
    return "\n".join(lines) + "\n"
