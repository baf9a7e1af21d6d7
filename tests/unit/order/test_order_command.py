"""`reviewflow order`: what was shown can be made again from the events alone."""

import csv
import io
import json
import re

import pytest
from reviewflow.cli import main
from reviewflow.order import Basis, Learner, Log, digest, labels, settled_until, text_of
from reviewflow.screening.votes import votes
from reviewflow.tables import read_people, read_result, rows_of

STAGE, PERSON = "title_abstract", "reviewer_1"
FILE = f"records/screening/{STAGE}/{PERSON}.csv"


def table(review, name):
    return read_result(review / f"results/{name}.csv")


def report_of(review):
    clusters = table(review, "dedupe/clusters")
    return dict(zip(clusters["record_id"], clusters["report_id"], strict=True))


@pytest.fixture
def screened(review):
    """The bundled review in which reviewer_1 changed two votes, by events with ids, on reports that nobody else has
    decided on."""
    path, reports = review / FILE, report_of(review)
    header, *lines = path.read_text(encoding="utf-8").splitlines()
    changed = [line.split(",")[1:3] for line in lines[:2]]
    alone = {reports[record] for record, _ in changed}
    rows = [f"{header},event_id", *(f"{line}," for line in lines)]
    for i, (record, decision) in enumerate(changed, 1):
        rows.append(f"2030-01-01T00:00:0{i}Z,{record},{'include' if decision == 'exclude' else 'exclude'},,,ev{i}")
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    for other in ("reviewer_2", "adjudication"):
        file = review / f"records/screening/{STAGE}/{other}.csv"
        first, *theirs = file.read_text(encoding="utf-8").splitlines()
        kept = [line for line in theirs if reports[line.split(",")[1]] not in alone]
        file.write_text("\n".join([first, *kept]) + "\n", encoding="utf-8")
    return review


def test_a_person_who_has_decided_nothing_yet_gets_the_random_order(review, capsys):
    path = review / FILE
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    assert main(["order", "--as", PERSON, "--directory", str(review)]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(table(review, "dedupe/reports")) + 1


def shown(review, last="ev2"):
    """Trains as the page does, with the person's events up to one, and notes it."""
    reports, of = rows_of(table(review, "dedupe/reports")), report_of(review)
    events = read_people(review / FILE, "records/screening/decisions", review)
    alone = {of[record] for record in events[events["event_id"] != ""]["record_id"]}
    events = events[~((events["event_id"] == "ev2") & (last == "ev1"))]
    own = {report: vote.decision for report, vote in votes(events, of).items()}
    settled = [row for row in rows_of(table(review, f"screening/{STAGE}")) if row["report_id"] not in alone]
    known = settled_until(table(review, "screening/votes")["decided_at"])
    texts = {r["report_id"]: text_of(r["title"], r["translated_title"], r["abstract"]) for r in reports}
    learner = Learner(texts, "", note=Log(review, STAGE, PERSON).append)
    learner.learn(labels(settled, own), Basis(last, known))
    assert learner.wait(120)
    order = learner.order(texts)
    learner.close()
    return order


def run(review, *more):
    return main(["order", "--as", PERSON, "--stage", STAGE, "--directory", str(review), *more])


def printed(capsys):
    out = capsys.readouterr()
    return [row["report_id"] for row in csv.DictReader(io.StringIO(out.out))], out.err


def test_the_order_that_was_shown_is_printed_again(screened, capsys):
    order = shown(screened)
    assert run(screened, "--until", "ev2") == 0
    again, said = printed(capsys)
    assert again == order
    assert f"order {digest(order)}" in said
    assert "the same again" in said
    assert run(screened) == 0
    assert printed(capsys)[0] == order


def test_every_order_that_was_noted_is_made_again(screened, capsys):
    first, second = shown(screened, "ev1"), shown(screened, "ev2")
    assert first != second
    assert run(screened, "--check") == 0
    out, said = printed(capsys)
    assert out == []
    assert "2 of 2 orders are the same again" in said
    assert run(screened, "--until", "ev1") == 0
    assert printed(capsys)[0] == first
    assert run(screened, "--until", "2030-01-01T00:00:02Z") == 0
    assert printed(capsys)[0] == second


def test_a_vote_that_was_changed_since_shows(screened, capsys):
    shown(screened)
    path = screened / FILE
    text = path.read_text(encoding="utf-8")
    path.write_text(re.sub(r"(include|exclude),,,ev1", "unsure,,,ev1", text), encoding="utf-8")
    assert run(screened, "--check") == 1
    assert "the events up to there are others now" in printed(capsys)[1]


def test_an_event_that_was_taken_out_shows(screened, capsys):
    shown(screened)
    path = screened / FILE
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if not line.endswith(",ev2")]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert run(screened, "--check") == 1
    assert "ev2 is not in the file any more" in printed(capsys)[1]


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("order", "d0", "gave another order"),
        ("seed", "other", "the seed has changed"),
        ("texts", "d0", "texts have changed"),
        ("versions", {"numpy": "1"}, "other versions"),
    ],
)
def test_why_an_order_is_not_the_same_again_is_said(screened, capsys, key, value, words):
    shown(screened)
    log = Log(screened, STAGE, PERSON)
    (training,) = log.read()
    log.path.write_text(json.dumps(training | {"order": "d0", key: value}) + "\n", encoding="utf-8")
    assert run(screened, "--check") == 1
    assert words in printed(capsys)[1]


def test_where_nothing_was_noted_the_order_is_printed_and_that_is_said(screened, capsys):
    assert run(screened) == 0
    order, said = printed(capsys)
    assert sorted(order) == sorted(read_result(screened / "results/dedupe/reports.csv")["report_id"])
    assert "none to compare it with" in said


def test_nothing_of_it_enters_results_or_records(screened):
    before = {path: path.read_bytes() for path in screened.rglob("*.csv")}
    shown(screened)
    assert run(screened) == 0
    assert {path: path.read_bytes() for path in screened.rglob("*.csv")} == before
    new = [path for path in screened.rglob("*") if path.is_file() and path.suffix == ".jsonl"]
    assert new == [screened / ".reviewflow/orders/title_abstract_reviewer_1.jsonl"]


@pytest.mark.parametrize("more", [["--until", "ev99"], ["--until", "yesterday"]])
def test_an_event_that_is_not_there_is_a_fault(screened, capsys, more):
    assert run(screened, *more) == 1
    assert "is no event of this file, and no time" in capsys.readouterr().err


def test_somebody_who_does_not_screen_is_a_fault(screened, capsys):
    assert main(["order", "--as", "nobody", "--directory", str(screened)]) == 1
    assert '"nobody" is none of them' in capsys.readouterr().err


def test_a_review_without_results_says_what_to_run(screened, capsys):
    (screened / "results/dedupe/reports.csv").unlink()
    assert run(screened) == 1
    assert "run `snakemake screening` first" in capsys.readouterr().err
