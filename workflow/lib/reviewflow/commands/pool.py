"""`reviewflow pool`: pool the effects of a CSV file outside any review, as a statistician's check."""

import argparse
import json
import math
import sys
from pathlib import Path
from typing import Any

from reviewflow.faults import Fault, raise_faults

_COLUMNS = """columns, as R metafor's escalc names them; one line a study:
  any measure         yi, vi (or sei), ratios as natural logarithms
  OR RR RD PETO       ai, n1i, ci, n2i (or ai, bi, ci, di)
  MD SMD ROM          m1i, sd1i, n1i, m2i, sd2i, n2i
  MC SMCC SMCR        m1i, sd1i, m2i, sd2i, ni, ri
  IRR                 x1i, t1i, x2i, t2i
  HR                  hr, ci_lower, ci_upper
  PLO PAS             xi, ni
  ZCOR                ri, ni
and study, study_id, label, slab, trial or author with the names of the studies."""
# Those of pooling/choice.py, which is imported only where something is pooled: the package needs numpy and scipy.
_MEASURES = (
    "OR", "RR", "RD", "PETO", "MD", "SMD", "ROM", "MC", "SMCC", "SMCR", "IRR", "HR", "PLO", "PAS", "ZCOR", "GIV",
)  # fmt: skip
_FLAGS = (
    ("leave-one-out", "without each study in turn"),
    ("cumulative", "of the first 1, 2, ... studies, as they stand or by --sort"),
    ("influence", "of each study: hat value, Cook's distance, DFFITS, Baujat's axes"),
    ("egger", "regression test of small-study effects"),
    ("begg", "rank test of small-study effects"),
    ("peters", "regression test for 2x2 tables"),
    ("harbord", "score test for 2x2 tables"),
    ("trim-and-fill", "of Duval and Tweedie, estimator L0"),
    ("decimal-comma", "numbers are written with a decimal comma"),
    ("json", "all numbers in full precision, by the names of pooled.csv"),
)


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    pool = commands.add_parser(
        "pool",
        help="pool the effects of a CSV file, outside any review",
        epilog=_COLUMNS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    pool.add_argument("data", help="CSV file with , ; or tab between its cells")
    pool.add_argument("--measure", required=True, choices=_MEASURES)
    presets = ("revman5", "cochrane2025", "metafor")
    pool.add_argument("--preset", choices=presets, default="cochrane2025", help="(default: cochrane2025)")
    _add_choices(pool)
    pool.add_argument("--study", metavar="COLUMN", help="names of the studies; which study an effect is of")
    models = ("three_level", "robust")
    pool.add_argument("--dependence", choices=models, help="model of several effects of a study, with --study")
    pool.add_argument("--rho", type=float, help="correlation of one study's sampling errors, with --dependence")
    pool.add_argument("--subgroup", metavar="COLUMN", help="pool each value of the column apart, and test between them")
    pool.add_argument("--subgroup-tau2", choices=("own", "common"), help="of the subgroups (default: own)")
    names = ("--moderator", "--meta-regression")
    pool.add_argument(*names, metavar="COLUMN", action="append", default=[], help="meta-regression; repeatable")
    pool.add_argument(
        "--category", metavar="COLUMN", action="append", default=[], help="the same, numbers as words too"
    )
    pool.add_argument("--permutations", type=int, default=0, help="rounds of the permutation test of the moderators")
    pool.add_argument("--sort", metavar="COLUMN", help="of numbers, such as a year, for --cumulative")
    for name, what in _FLAGS:
        pool.add_argument(f"--{name}", action="store_true", help=what)
    pool.set_defaults(run=run)


def _add_choices(pool: argparse.ArgumentParser) -> None:
    """What takes the place of the preset's choice."""
    pool.add_argument("--method", choices=("IV", "MH", "PETO", "GLMM"), help="weights, or GLMM: exact likelihood")
    pool.add_argument("--model", choices=("fixed", "random", "q_test"), help="q_test: random where the P of Q is small")
    pool.add_argument("--q-threshold", type=float, help="with q_test: random below this P (default: 0.1)")
    pool.add_argument("--tau2", choices=("DL", "PM", "REML", "ML", "SJ", "HE", "HS", "EB"))
    pool.add_argument("--ci", choices=("wald", "hksj", "hksj_adhoc"), help="of a random model; the fixed has Wald's")
    pool.add_argument("--prediction", choices=("none", "z", "t_kminus1", "t_kminus2"), help="prediction interval")
    pool.add_argument("--level", type=float, help="confidence level in percent (default: 95)")
    pool.add_argument("--smd", choices=("hedges", "revman"), help="correction and variance of the SMD")
    pool.add_argument("--interval-level", type=float, help="level of ci_lower and ci_upper of HR (default: 95)")


def run(chosen: argparse.Namespace) -> int:
    """Pool, and print."""
    from reviewflow.pooling.file import pool_file

    path = Path(chosen.data)
    if not path.is_file():
        raise_faults([Fault(chosen.data, 0, "", "is no file", "name a CSV file")])
    try:
        read = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise_faults([Fault(chosen.data, 0, "", "is not UTF-8", 'save it as "CSV UTF-8"')])
    result = pool_file(read, chosen.data, vars(chosen))
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
    """The result for a terminal: one line a number, six digits; what does not exist is left out."""
    return "\n".join(line for name, value in result.items() for line in _lines(name, value, "")) + "\n"


def _lines(name: str, value: Any, indent: str) -> list[str]:
    if isinstance(value, dict):
        return [f"{indent}{name}:", *(line for key, part in value.items() for line in _lines(key, part, indent + "  "))]
    if isinstance(value, list) and value:
        rows = _table(value) if isinstance(value[0], dict) else [_shown(part) for part in value]
        return [f"{indent}{name}:", *(f"{indent}  {row}" for row in rows)]
    shown = "" if isinstance(value, list) else _shown(value)
    return [f"{indent}{name:<22} {shown}"] if shown else []


def _table(rows: list[dict[str, Any]]) -> list[str]:
    columns = [[head, *(_shown(row.get(head)) for row in rows)] for head in rows[0]]
    wide = [(column, max(map(len, column))) for column in columns if any(column[1:])]
    return ["  ".join(f"{column[i]:<{width}}" for column, width in wide).rstrip() for i in range(len(rows) + 1)]


def _shown(value: Any) -> str:
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    return f"{value:.6g}" if isinstance(value, float) else str(value)
