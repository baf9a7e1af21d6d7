"""The bundled review with its results, built once without Snakemake."""

import contextlib
from pathlib import Path

import pytest
from reviewflow import dedupe, records, screening, search
from reviewflow.config import read_config
from reviewflow.tables import read_stages, write_results

REPO = Path(__file__).parents[3]


@pytest.fixture(scope="session")
def review(tmp_path_factory):
    """A folder with config/ and records/ of the bundled review and the tables of its first three stages."""
    folder = tmp_path_factory.mktemp("review")
    for part in ("config", "records"):
        (folder / part).symlink_to(REPO / part)
    with contextlib.chdir(folder):
        config = read_config()
        searches = records.one("records/search/searches")
        found = search.build(searches, records.exports())
        reports = dedupe.build(config, found["records"], records.one("records/dedupe/rulings"))
        reports |= dedupe.overview(found["records"], reports)
        people = screening.People(
            {stage: records.decisions(config, stage) for stage in screening.STAGES},
            {stage: records.adjudication(stage) for stage in screening.STAGES},
            records.one("records/screening/retrieval"),
            records.one("records/extraction/study_reports"),
        )
        tables = [found["records"], reports["clusters"], reports["reports"], reports["notices"]]
        screened = screening.build(config, people, searches, *tables)
        for stage, built in (("search", found), ("dedupe", reports), ("screening", screened)):
            write_results(built, {name: f"results/{stage}/{name}.csv" for name in built})
    return folder


@pytest.fixture(scope="session")
def results(review):
    return read_stages(str(path) for path in sorted(review.glob("results/*/*.csv")))
