"""The same review gives the same bytes, wherever and whenever it is run."""

import json

import pytest

from tests.workflow.conftest import MakeReview

pytestmark = pytest.mark.workflow
# What paths of real people hold; each of these has broken some program.
ODD_NAME = "Zoë's review — 系统评价 (v2) 100% #1"


def test_results_made_anew_are_the_same_bytes(review: MakeReview) -> None:
    done = review("bundled", built=True)
    results = done.results()
    for folder in ("results", ".snakemake"):
        done.path(folder).rename(done.folder.parent / folder)
    done.run()
    again = done.results()
    assert again.keys() == results.keys()
    assert [name for name in again if again[name] != results[name]] == []


def test_a_folder_with_any_name_gives_the_same_bytes(review: MakeReview) -> None:
    expected = review("full", built=True).results()
    odd = review("full", name=ODD_NAME)
    odd.run()
    assert odd.results() == expected


def test_nothing_in_the_results_names_the_folder_the_machine_or_the_time(review: MakeReview) -> None:
    done = review("full", built=True)
    for name, raw in done.results().items():
        assert b"/tmp/" not in raw, name
        assert str(done.code).encode() not in raw, name
    made = json.loads(done.text("results/report/provenance.json"))
    for name, raw in done.results().items():
        assert made["made_at"].encode() not in raw, name


def test_provenance_lists_every_file_that_people_wrote_with_its_digest(review: MakeReview) -> None:
    done = review("full", built=True)
    listed = {i["file"]: i["sha256"] for i in json.loads(done.text("results/report/provenance.json"))["inputs"]}
    assert listed == done.written()
