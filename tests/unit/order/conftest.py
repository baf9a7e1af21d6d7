"""A review with decisions on constructed reports, and the bundled review in a folder that can be written to."""

import shutil

import pytest
from reviewflow.order import Features, text_of

from benchmarks.order_records import labelled
from tests.unit.interchange.conftest import review as bundled  # noqa: F401 a fixture

N = 1500


@pytest.fixture(scope="session")
def reports():
    return labelled(N, seed=11)


@pytest.fixture(scope="session")
def texts(reports):
    return {report.report_id: text_of(report.title, "", report.abstract) for report in reports}


@pytest.fixture(scope="session")
def truth(reports):
    return {report.report_id: report.included for report in reports}


@pytest.fixture(scope="session")
def features(texts):
    return Features.of(texts)


@pytest.fixture
def review(bundled, tmp_path):  # noqa: F811
    return shutil.copytree(bundled, tmp_path / "review")
