"""`reviewflow pool`: pool the effects of a CSV file outside any review, as a statistician's check."""

import argparse
import json
import math
import sys
from pathlib import Path
from typing import Any

from reviewflow.faults import Fault, raise_faults

_MEASURES = ("OR", "RR", "RD", "PETO", "MD", "SMD", "ROM", "GIV")


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    pool = commands.add_parser("pool", help="pool the effects of a CSV file, outside any review")
    columns = "columns as in metafor's escalc: yi, vi (or sei); ai, n1i, ci, n2i; or m1i, sd1i, n1i, m2i, sd2i, n2i"
    pool.add_argument("data", help=f"CSV file, a line a study; {columns}")
    pool.add_argument("--measure", required=True, choices=_MEASURES)
    pool.add_argument("--method", choices=("IV", "MH", "PETO"), help="how studies are weighted (default: the preset's)")
    pool.add_argument("--model", choices=("fixed", "random", "q_test"), help="(default: random)")
    pool.add_argument("--tau2", choices=("DL", "PM", "REML", "ML", "SJ", "HE", "HS", "EB"))
    pool.add_argument("--ci", choices=("wald", "hksj", "hksj_adhoc"))
    pool.add_argument(
        "--prediction", choices=("none", "z", "t_kminus1", "t_kminus2"), help="of the prediction interval"
    )
    pool.add_argument("--level", type=float, help="confidence level in percent (default: 95)")
    pool.add_argument("--q-threshold", type=float, help="with q_test: random below this P of Q (default: 0.1)")
    presets = ("revman5", "cochrane2025", "metafor")
    pool.add_argument("--preset", choices=presets, default="cochrane2025", help="(default: cochrane2025)")
    pool.add_argument("--subgroup", metavar="COLUMN", help="pool each value of the column apart, and test between them")
    pool.add_argument("--moderator", metavar="COLUMN", action="append", default=[], help="meta-regression; repeatable")
    pool.add_argument("--permutations", type=int, default=0, help="rounds of the permutation test of the moderators")
    for name, what in (
        ("leave-one-out", "without each study in turn"), ("cumulative", "of the first 1, 2, ... studies"),
        ("influence", "of each study"), ("egger", "test of small-study effects"), ("begg", "rank test"),
        ("peters", "test, of 2x2 tables"), ("harbord", "test, of 2x2 tables"), ("trim-and-fill", "(Duval and Tweedie)"),
    ):  # fmt: skip
        pool.add_argument(f"--{name}", action="store_true", help=what)
    pool.add_argument("--json", action="store_true", help="all numbers in full precision, by the names of pooled.csv")
    pool.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Pool, and print."""
    from reviewflow.pooling import pool_file

    path = Path(chosen.data)
    if not path.is_file():
        raise_faults([Fault(chosen.data, 0, "", "is no file", "name a CSV file")])
    result = pool_file(path.read_text(encoding="utf-8-sig"), chosen.data, vars(chosen))
    sys.stdout.write(json.dumps(_plain(result), indent=2, ensure_ascii=False) + "\n" if chosen.json else text(result))
    return 0


def _plain(value: Any) -> Any:
    """JSON has no NaN: what does not exist is null."""
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def text(result: dict[str, Any]) -> str:
    """The result for a terminal: one line a number, six digits."""
    lines = []
    for name, value in result.items():
        if isinstance(value, dict):
            lines += [f"{name}:", *(f"  {key:<18} {_shown(part)}" for key, part in value.items())]
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            heads = list(value[0])
            lines += [f"{name}:", "  " + "  ".join(f"{head:>14}" for head in heads)]
            lines += ["  " + "  ".join(f"{_shown(row.get(head)):>14}" for head in heads) for row in value]
        else:
            lines.append(f"{name:<20} {_shown(value)}")
    return "\n".join(lines) + "\n"


def _shown(value: Any) -> str:
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return "–"
    return f"{value:.6g}" if isinstance(value, float) else str(value)
