"""The bundled review from records/ to its pooled rows: all 52 rows of Zhou 2020, to every printed digit.

Zhou T et al. Stem Cells International 2020;2020:6518508, Tables 2 and 3; records/published/estimates.csv has them as
printed. Screening is not run here: every report that a study is linked to counts as included.
"""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from reviewflow import extraction, synthesis
from reviewflow.config import read_config
from reviewflow.tables import empty_people, frame, read_people

ROOT = Path(__file__).parents[3]
PRINTED_ROWS = 52


def people(table: str, file: str, extra: tuple[str, ...] = ()) -> pd.DataFrame:
    path = ROOT / file
    return read_people(path, table, ROOT, extra) if path.is_file() else empty_people(table, extra)


@pytest.fixture(scope="module")
def review() -> dict[str, Any]:
    config = read_config(ROOT / "config/config.yaml")
    fields = tuple(field["name"] for field in config["extraction"]["study_fields"])
    extracted = {
        name: {
            who: people(f"records/extraction/{name}", f"records/extraction/{who}/{name}.csv", extra)
            for who in config["extraction"]["extractors"]
        }
        for name, extra in (("studies", fields), ("arms", ()), ("results", ()))
    }
    whole = {
        name: people(name, f"{name}.csv")
        for name in (
            "config/analyses",
            "config/outcomes",
            "records/extraction/adjudication",
            "records/extraction/study_reports",
            "records/published/estimates",
        )
    }
    return {"config": config, "extracted": [*extracted.values()], **whole}


@pytest.fixture(scope="module")
def extracted(review: dict[str, Any]) -> dict[str, pd.DataFrame]:
    links = review["records/extraction/study_reports"]
    reports = [{"record_id": record, "report_id": record, "state": "included"} for record in links["record_id"]]
    studies, arms, results = review["extracted"]
    return extraction.build(
        review["config"],
        studies,
        arms,
        results,
        review["records/extraction/adjudication"],
        links,
        review["config/outcomes"],
        frame("results/screening/ledger", reports),
        frame("results/dedupe/clusters", reports),
    )


def test_the_records_have_no_fault(review: dict[str, Any]) -> None:
    adjudication, links = review["records/extraction/adjudication"], review["records/extraction/study_reports"]
    outcomes, analyses = review["config/outcomes"], review["config/analyses"]
    studies, arms, results = review["extracted"]
    assert extraction.check(review["config"], studies, arms, results, adjudication, links, outcomes) == []
    assert synthesis.check(review["config"], analyses, review["records/published/estimates"], outcomes) == []


def test_nothing_waits(extracted: dict[str, pd.DataFrame]) -> None:
    assert extracted["issues"].empty
    assert set(extracted["disagreements"]["status"]) == {"adjudicated"}


def test_every_printed_cell_is_reproduced(review: dict[str, Any], extracted: dict[str, pd.DataFrame]) -> None:
    printed = review["records/published/estimates"]
    tables = synthesis.build(
        review["config"],
        review["config/analyses"],
        extracted["contrasts"],
        printed,
        review["config/outcomes"],
    )
    cells = tables["reproduction"]
    columns = ["analysis", "field", "printed", "computed"]
    assert cells.loc[~cells["agrees"], columns].to_numpy().tolist() == []
    assert cells["analysis"].nunique() == PRINTED_ROWS
    # k, model, estimate, both limits and P stand in each row; P of the Q test where more than one study is pooled.
    pooled = printed["k"].astype(int) > 1
    assert (printed.loc[pooled, "q_p"] != "").all()
    assert len(cells) == 6 * PRINTED_ROWS + int(pooled.sum())
