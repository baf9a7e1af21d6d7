"""The order of relevance on the page: learned beside it, said where it comes from, made again from the events."""

import contextlib
import csv
import html
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx2 as httpx
import pytest
import reviewflow
from desk_room import Anyone, ask, client, config, make_review, report, write
from reviewflow import records, screening
from reviewflow.cli import main
from reviewflow.config import read_config
from reviewflow.desk.app import application, finish
from reviewflow.desk.bench import AdjudicationFile
from reviewflow.desk.review import Review
from reviewflow.order import ASSUMPTIONS, Log
from reviewflow.tables import read_result, write_results
from starlette.testclient import TestClient
from test_screen import QUICK, TA, form

from tests.unit.interchange.conftest import review as bundled  # noqa: F401 a fixture

STAGE, PERSON = "title_abstract", "reviewer_1"
N = 40
LONG = 60
HERE = os.environ | {"PYTHONPATH": str(Path(reviewflow.__file__).parents[1])}
CONFIG = """\
review: {title: "A review"}
screening: {reviewers: [reviewer_1, reviewer_2], adjudicator: reviewer_3, order: relevance}
"""


def text_of(i):
    """Every fourth report is about honey, the others about cement."""
    about = "honey bees pollen hive nectar" if i % 4 == 0 else "cement concrete gravel mortar brick"
    return report(i, title=f"Study {i} of {about}", abstract=f"We looked at {about} number {i}.")


def relevant(report_id):
    return int(report_id.split(":")[1]) % 4 == 0


def made(root, people=(PERSON,), settled=(), stages=(STAGE,)):
    queue = [ask(f"A:{i}", stage, who) for i in range(1, N + 1) for stage in stages for who in people]
    make_review(root, [text_of(i) for i in range(1, N + 1)], queue)
    (root / "config/config.yaml").write_text(CONFIG, encoding="utf-8")
    for stage in ("title_abstract", "full_text"):
        rows = settled if stage == STAGE else ()
        write(root / f"results/screening/{stage}.csv", f"results/screening/{stage}", rows)
    write(root / "results/screening/votes.csv", "results/screening/votes", [])
    return root


@pytest.fixture
def room(tmp_path):
    made(tmp_path)
    app = application(Review(tmp_path), Anyone(PERSON))
    yield app
    finish(app)


def screened(app, n, page=None):
    """Decide on so many reports as the page shows them, each as it deserves; which these were."""
    page = page or TestClient(app)
    shown, decided = page.get(TA).text, []
    for _ in range(n):
        fields = form(shown)
        decided.append(fields["report"])
        choice = "include" if relevant(fields["report"]) else "exclude"
        shown = page.post("/decide", data=fields | {"decision": choice}, headers=QUICK).text
    return decided


def until(holds):
    """Wait until something in the background is so."""
    end = time.monotonic() + LONG
    while not holds():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)


def learned(app, stage=STAGE, person=PERSON):
    """Wait for a training of what is decided now."""
    review, orders = app.state.review, app.state.orders
    n = len(review.task(stage, person).own())
    until(lambda: orders.follow(stage, person).n_labels >= n - 9 and orders.follow(stage, person).trained_at)


def said(text):
    found = re.search(r'<p class="note order">(.*?)</p>', text, re.DOTALL)
    return " ".join(re.sub("<[^>]*>", "", found[1]).split()) if found else ""


def test_what_is_like_the_inclusions_comes_next_once_it_is_learned(room):
    screened(room, 12)
    learned(room)
    shown = screened(room, 3)
    assert all(relevant(r) for r in shown[1:]), "the report that was on the page before stays until it is decided"
    waiting = room.state.review.waiting(STAGE, PERSON)
    assert len(waiting) == N - 15
    left = sum(map(relevant, waiting))
    assert all(map(relevant, waiting[:left]))


def test_the_page_says_from_how_many_decisions_and_when_it_was_learned_and_that_it_decides_nothing(room):
    page = TestClient(room)
    first = said(page.get(TA).text)
    assert first.startswith("The order is random by seed; one of relevance is learned once there are an inclusion and")
    screened(room, 12)
    learned(room)
    line = said(page.get(TA).text)
    assert re.match(r"This order of relevance is learned from \d+ decisions, \d+ of them (an inclusion|inclusions), on "
                    r"\d{4}-\d\d-\d\d \d\d:\d\d UTC\. It decides nothing: every report still waits for you\.$", line), line  # fmt: skip
    assert said(page.get("/").text) == line


@pytest.fixture
def unfinished(bundled, tmp_path):  # noqa: F811
    """The bundled review in order of relevance, as it was before reviewer_1 screened the last sixty that were excluded,
    whose results are made anew."""
    review = shutil.copytree(bundled, tmp_path / "review")
    of = {row["record_id"]: row["report_id"] for row in lines_of(review / "results/dedupe/clusters.csv")}
    rows = lines_of(review / f"results/screening/{STAGE}.csv")
    excluded = {row["report_id"] for row in rows if (row["consensus"], row["decision"]) == ("agreed", "exclude")}
    file = review / f"records/screening/{STAGE}/{PERSON}.csv"
    header, *lines = file.read_text(encoding="utf-8").splitlines()
    gone = {line for line in lines if of[line.split(",")[1]] in set(sorted(excluded)[-60:])}
    file.write_text("\n".join([header, *(line for line in lines if line not in gone)]) + "\n", encoding="utf-8")
    settings = review / "config/config.yaml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("\nscreening:\n", "\nscreening:\n  order: relevance\n"), encoding="utf-8")
    with contextlib.chdir(review):
        settled = read_config()
        people = screening.People(
            {stage: records.decisions(settled, stage) for stage in screening.STAGES},
            {stage: records.adjudication(stage) for stage in screening.STAGES},
            records.one("records/screening/retrieval"),
            records.one("records/extraction/study_reports"),
        )
        found = ("search/records", "dedupe/clusters", "dedupe/reports", "dedupe/notices")
        tables = [read_result(f"results/{name}.csv") for name in found]
        built = screening.build(settled, people, records.one("records/search/searches"), *tables)
        write_results(built, {name: f"results/screening/{name}.csv" for name in built})
    return review


def test_every_order_that_was_shown_is_made_again_from_the_events(unfinished, capsys):
    app = application(Review(unfinished), Anyone(PERSON))
    page = TestClient(app)
    for _ in range(2):
        shown = page.get(TA).text
        for i in range(15):
            choice = {"decision": ("exclude", "include")[i % 2]}
            shown = page.post("/decide", data=form(shown) | choice, headers=QUICK).text
        time.sleep(0.1)
        until(lambda: not app.state.orders.follow(STAGE, PERSON).busy)
    finish(app)
    noted = Log(unfinished, STAGE, PERSON).read()
    assert len({training["order"] for training in noted}) >= 2
    assert {bool(training["event_id"]) for training in noted} == {True}
    assert main(["order", "--as", PERSON, "--directory", str(unfinished), "--check"]) == 0
    assert f"{len(noted)} of {len(noted)} orders are the same again" in capsys.readouterr().err


def lines_of(file):
    with open(file, encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))


def test_what_was_settled_is_learned_from_and_what_is_not_settled_is_not(tmp_path):
    settled = [
        {"report_id": f"A:{i}", "consensus": "agreed", "decision": "include" if relevant(f"A:{i}") else "exclude"}
        for i in range(1, 9)
    ]
    settled += [{"report_id": f"A:{i}", "consensus": "conflict", "decision": "include"} for i in range(9, 13)]
    app = application(Review(made(tmp_path, settled=settled)), Anyone(PERSON))
    TestClient(app).get(TA)
    until(lambda: app.state.orders.follow(STAGE, PERSON).trained_at)
    state = app.state.orders.follow(STAGE, PERSON)
    assert (state.n_labels, state.n_included) == (8, 2)
    finish(app)


def test_another_persons_votes_move_nobody_elses_order(tmp_path):
    app = application(Review(made(tmp_path, (PERSON, "reviewer_2"))), Anyone(PERSON))
    review, orders = app.state.review, app.state.orders
    drawn = review.waiting(STAGE, "reviewer_2")
    screened(app, 12)
    learned(app)
    assert orders.follow(STAGE, "reviewer_2").trained_at == ""
    assert orders.ranking(STAGE, "reviewer_2") is None
    assert review.waiting(STAGE, "reviewer_2") == drawn
    finish(app)


def test_all_people_share_one_process(tmp_path):
    people = Anyone(PERSON)
    app = application(Review(made(tmp_path, (PERSON, "reviewer_2"))), people)
    screened(app, 12)
    learned(app)
    process = app.state.orders._workshop.process
    people.person = "reviewer_2"
    screened(app, 12)
    learned(app, person="reviewer_2")
    assert app.state.orders._workshop.process is process
    finish(app)
    assert not process.is_alive()


def test_no_process_is_started_while_there_is_nothing_to_learn_from(room):
    page = TestClient(room)
    page.post("/decide", data=form(page.get(TA).text) | {"decision": "exclude"}, headers=QUICK)
    page.get("/")
    room.state.orders._pool.submit(int).result(LONG)
    assert room.state.orders._workshop is None


def test_a_decision_on_a_report_far_down_is_followed_by_the_first_of_the_new_order(room):
    task = room.state.review.task(STAGE, PERSON)
    page = TestClient(room)
    shown = form(page.get(TA).text)
    waiting = task.waiting()
    task.reorder([r for r in waiting if r != shown["report"]] + [shown["report"]])
    first = task.first()
    answer = page.post("/decide", data=shown | {"decision": "exclude"}, headers=QUICK)
    assert form(answer.text)["report"] == first


def test_an_order_stays_when_the_file_is_read_anew(room):
    task = room.state.review.task(STAGE, PERSON)
    ranking = sorted(task.waiting())
    task.reorder(ranking)
    task.file.reopen()
    task._load(task.file.read())
    assert task.waiting() == ranking


def test_when_its_process_is_killed_the_page_goes_on_in_the_last_order_and_says_so(room):
    screened(room, 12)
    learned(room)
    os.kill(room.state.orders._workshop.process.pid, signal.SIGKILL)
    waiting = room.state.review.waiting(STAGE, PERSON)
    assert sorted(screened(room, 14)) == sorted(waiting[:14])
    until(lambda: room.state.orders.follow(STAGE, PERSON).failed)
    text = TestClient(room).get(TA).text
    assert "nothing more is learned: its process has ended" in text
    assert "You can go on in the order that is there" in text


def test_votes_taken_back_until_nothing_can_be_learned_give_the_random_order_again(room):
    drawn = room.state.review.waiting(STAGE, PERSON)
    screened(room, 12)
    learned(room)
    page = TestClient(room)
    for _ in range(12):
        page.post("/undo", data=form(page.get(TA).text, "/undo"), headers=QUICK)
    until(lambda: not room.state.orders.follow(STAGE, PERSON).trained_at)
    assert room.state.review.waiting(STAGE, PERSON) == drawn


def test_reports_that_come_later_are_learned_from_and_nothing_is_lost(room):
    screened(room, 12)
    learned(room)
    root = room.state.review.root
    more = N + 4
    done = set(room.state.review.own(STAGE, PERSON))
    queue = [ask(f"A:{i}") for i in range(1, more + 1) if f"A:{i}" not in done]
    make_review(root, [text_of(i) for i in range(1, more + 1)], queue)
    TestClient(room).get("/")
    assert len(room.state.review.waiting(STAGE, PERSON)) == more - 12
    until(lambda: room.state.review.waiting(STAGE, PERSON)[0] == f"A:{more}" or relevant_first(room))
    assert sorted(room.state.review.waiting(STAGE, PERSON)) == sorted(row["report_id"] for row in queue)


def relevant_first(room):
    TestClient(room).get("/")
    waiting = room.state.review.waiting(STAGE, PERSON)
    return f"A:{N + 4}" in waiting[: sum(map(relevant, waiting))]


OFF = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from desk_room import client, config, make_review
from reviewflow.desk.app import finish
from reviewflow.desk.review import Review
page = client(Review(make_review(Path(sys.argv[2])), config()))
for address in ("/", "/screen/title_abstract", "/stopping/title_abstract"):
    text = page.get(address).text
    assert "order of relevance" not in text and "stopping_" not in text, text
    assert "What it assumes" not in text, text
finish(page.app)
print(sorted({m.split(".")[0] for m in sys.modules} & {"sklearn", "scipy", "multiprocessing"}))
print("reviewflow.order" in sys.modules)
"""


def test_where_the_protocol_does_not_ask_for_it_nothing_of_it_is_loaded_or_said(tmp_path):
    command = [sys.executable, "-c", OFF, os.path.dirname(__file__), str(tmp_path)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False, env=HERE)
    assert ran.stdout.splitlines() == ["[]", "False"], ran.stdout + ran.stderr


def test_the_stopping_test_is_shown_with_its_numbers_and_assumptions(room):
    screened(room, 12)
    for address in ("/", f"/stopping/{STAGE}"):
        # A page does not wait for the test beyond a moment.
        until(lambda address=address: "is being computed" not in TestClient(room).get(address).text)
        text = TestClient(room).get(address).text
        found = room.state.orders.test(STAGE, PERSON)
        assert (found.screened, found.n_total) == (12, N)
        words = " ".join(html.unescape(re.sub("<[^>]*>", "", text)).split())
        assert f"You have screened 12 of {N} reports and included {found.found}, unsure ones counted." in words
        assert f"p = {found.p:.4f}" in words
        assert "fewer than 95 % of what you would include" in words
        assert f"It is not met. If nothing else were included, it would be after {found.further} more reports." in words
        assert all(line in words for line in ASSUMPTIONS)
        assert re.search(r'<polyline points="[\d., ]+"/>', text)
        assert "style=" not in text


def test_the_stopping_test_instructs_nobody_to_stop_where_its_criterion_is_met(room):
    screened(room, N)
    found = room.state.orders.test(STAGE, PERSON)
    assert found.met
    until(lambda: "is being computed" not in TestClient(room).get(f"/stopping/{STAGE}").text)
    words = " ".join(re.sub("<[^>]*>", "", TestClient(room).get(f"/stopping/{STAGE}").text).split())
    assert "It is met." in words
    assert "no advice" in words
    said = words.split("What it assumes")[0].replace("Has enough been screened?", "")
    assert not re.search(r"(?i)\b(can|may|should|must|now) stop|\benough\b|\bfinish", said)


def test_votes_count_in_the_order_of_screening_also_when_one_is_changed_later(room):
    first = screened(room, 12)
    task = room.state.review.task(STAGE, PERSON)
    again = form(TestClient(room).get(f"{TA}?report={first[0]}").text)
    changed = "exclude" if relevant(first[0]) else "include"
    TestClient(room).post("/decide", data=again | {"decision": changed}, headers=QUICK)
    votes, _ = task.votes()
    assert list(votes) == first
    assert votes[first[0]] == changed


def test_at_full_text_there_is_no_stopping_test(tmp_path):
    app = application(Review(made(tmp_path, stages=("full_text",))), Anyone(PERSON))
    assert TestClient(app).get("/stopping/full_text").status_code == 404
    finish(app)


def test_the_page_frees_the_adjudicators_files_when_it_ends(tmp_path):
    make_review(tmp_path)
    for name in ("votes", "conflicts"):
        write(tmp_path / f"results/screening/{name}.csv", f"results/screening/{name}", [])
    first = application(Review(tmp_path, config()), Anyone("reviewer_3"))
    assert TestClient(first).get(f"/adjudicate/{STAGE}").status_code == 200
    finish(first)
    second = AdjudicationFile(tmp_path, STAGE, "reviewer_3")
    second.close()


def test_the_adjudicator_is_led_to_the_conflicts(tmp_path):
    review = Review(make_review(tmp_path), config())
    text = client(review, "reviewer_3").get("/").text
    assert all(f'<a class="button" href="/adjudicate/{stage}">' in text for stage in ("title_abstract", "full_text"))
    review.close()


def children(pid):
    """The processes that a process has started, and theirs."""
    files = Path(f"/proc/{pid}/task").glob("*/children")
    own = [int(number) for file in files for number in file.read_text(encoding="utf-8").split()]
    return own + [below for child in own for below in children(child)]


def alive(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as handle:
            return handle.read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks /proc for the processes")
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_process_is_left_however_the_page_ends(tmp_path, how):
    settled = [
        {"report_id": f"A:{i}", "consensus": "agreed", "decision": "include" if relevant(f"A:{i}") else "exclude"}
        for i in range(1, 21)
    ]
    made(tmp_path, settled=settled)
    command = [sys.executable, "-c", "from reviewflow.cli import main; main()", "screen", "--as", PERSON]
    command += ["--directory", str(tmp_path), "--no-browser"]
    piped = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, **piped, env=HERE) as server, contextlib.ExitStack() as closed:
        closed.callback(server.kill)
        address = next(line for line in server.stdout if "http" in line).split()[-1]
        with httpx.Client(follow_redirects=True) as browser:
            browser.get(address, headers={"Sec-Fetch-Site": "none"})
            browser.get(address.split("/enter")[0] + TA)
            until(lambda: children(server.pid))
            until(lambda: Log(tmp_path, STAGE, PERSON).read())
        started = children(server.pid)
        server.send_signal(how)
        server.wait(LONG)
        until(lambda: not any(map(alive, started)))
        if how == signal.SIGINT:
            assert "Traceback" not in server.stderr.read()
