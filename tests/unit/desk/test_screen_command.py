"""`reviewflow screen`: what it says on the terminal before the page opens, and where it cannot begin."""

import pytest
from desk_room import config, make_review
from reviewflow.cli import main
from reviewflow.desk import serve
from reviewflow.desk.review import Review

CONFIG = """\
review: {title: "A review"}
screening: {reviewers: [reviewer_1, reviewer_2], adjudicator: reviewer_3}
"""


@pytest.fixture
def place(tmp_path):
    make_review(tmp_path)
    (tmp_path / "config/config.yaml").write_text(CONFIG)
    return tmp_path


@pytest.fixture
def served(monkeypatch):
    """What would be served, without serving it."""
    calls = []
    monkeypatch.setattr(serve, "serve", lambda app, stand, **how: (calls.append((app, how)), stand.listener.close()))
    return calls


def screen(place, *more):
    return main(["screen", "--directory", str(place), "--as", "reviewer_1", *more])


def test_it_says_what_waits_and_serves_the_page(place, served, capsys):
    assert screen(place, "--stage", "full_text", "--no-browser") == 0
    assert "title_abstract: 5 wait, 0 decided" in capsys.readouterr().out
    [(app, how)] = served
    assert how == {"browser": False}
    assert app.state.start == "full_text"


def test_the_file_is_free_again_when_it_ends(place, served):
    assert screen(place) == 0
    review = Review(place, config())
    assert review.task("title_abstract", "reviewer_1").busy == ""
    review.close()


def test_a_second_one_is_told_that_it_can_only_read(place, served, capsys):
    first = Review(place, config())
    first.task("title_abstract", "reviewer_1")
    assert screen(place) == 0
    assert "has this file open. You can read here" in capsys.readouterr().out
    first.close()


def test_without_results_it_names_the_command_that_makes_them(place, served, capsys):
    (place / "results/screening/queue.csv").unlink()
    assert screen(place) == 1
    assert "run `snakemake screening`" in capsys.readouterr().err
    assert served == []


def test_a_person_whom_the_protocol_does_not_name_is_refused(place, served, capsys):
    assert main(["screen", "--directory", str(place), "--as", "nobody"]) == 1
    assert "nobody" in capsys.readouterr().err
    assert served == []
    assert not (place / "records/screening/title_abstract/nobody.csv").exists()


def test_a_file_with_a_fault_is_told_with_its_line(place, served, capsys):
    file = place / "records/screening/title_abstract/reviewer_1.csv"
    file.parent.mkdir(parents=True)
    file.write_text("decided_at,record_id,decision,reason,note\n2020-01-01,A:1,perhaps,,\n")
    assert screen(place) == 1
    assert "records/screening/title_abstract/reviewer_1.csv:2: decision" in capsys.readouterr().err
