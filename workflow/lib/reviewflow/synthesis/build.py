"""The tables of results/synthesis."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from reviewflow.tables import empty_result, frame, rows_of

from .reproduction import reproduction

Row = dict[str, Any]
# Further tables of results/ that the synthesis reads, by the names under which `build` takes them, and the columns that
# it needs of them (none: all).
FURTHER: dict[str, tuple[str, ...]] = {
    "studies": (),
    "issues": (),
    "risk_of_bias": (),
    "reports": ("report_id", "year"),
    "overlaps": ("study_a", "study_b", "verdict", "use"),
}
_SCHEMAS = {
    "studies": "extraction/studies", "issues": "extraction/issues", "risk_of_bias": "appraisal/risk_of_bias",
    "reports": "dedupe/reports", "overlaps": "extraction/overlaps",
}  # fmt: skip
MADE = (
    "effects", "pooled", "subgroups", "subgroup_tests", "sensitivity", "leave_one_out", "cumulative", "influence",
    "asymmetry", "filled", "regression", "regression_fit", "left_out",
)  # fmt: skip


def build(
    config: Mapping[str, Any],
    analyses: pd.DataFrame,
    contrasts: pd.DataFrame,
    estimates: pd.DataFrame,
    outcomes: pd.DataFrame,
    further: Mapping[str, pd.DataFrame] | None = None,
) -> dict[str, pd.DataFrame]:
    """Every analysis of config/analyses.csv.

    `config` is config.yaml with its defaults; `contrasts` is the table of results/extraction; `further` has those of
    FURTHER, of which any may be missing; the others are people's frames, which must have passed `check`. Gives the
    tables of MADE, and reproduction, of results/synthesis, sorted by key. An analysis without studies has a row that
    says so.
    """
    # The engine needs scipy, and the gate, which imports this package for its check, need not wait for it.
    from .entries import Sources, by_key, overall, primary_years
    from .every import every

    more = dict(further or {})
    more |= {name: empty_result(f"results/{table}") for name, table in _SCHEMAS.items() if name not in more}
    sources = Sources(
        config=config,
        contrasts=by_key(contrasts),
        outcomes={row["outcome"]: row for row in rows_of(outcomes)},
        studies={row["study_id"]: row for row in rows_of(more["studies"])},
        judgements=overall(more["risk_of_bias"]),
        years=primary_years(more["studies"], more["reports"]),
        overlaps=rows_of(more["overlaps"]),
    )
    rows = every(rows_of(analyses.sort_values("analysis")), sources, rows_of(more["issues"]))
    tables = {name: frame(f"results/synthesis/{name}", rows.get(name, [])) for name in MADE}
    return tables | {"reproduction": frame("results/synthesis/reproduction", reproduction(estimates, tables["pooled"]))}
