"""Links of the team: made once, kept as digests, good for a time, revoked at once."""

import json
import multiprocessing
import re
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from door_samples import behind, browser, enter
from reviewflow.cli import main
from reviewflow.desk.address import address
from reviewflow.desk.door import Door
from reviewflow.desk.invites import FILE, Invites
from reviewflow.desk.tokens import Admission
from reviewflow.faults import DataFaults

PEOPLE = ("reviewer_1", "reviewer_2", "reviewer_3")
CONFIG = "screening: {reviewers: [reviewer_1, reviewer_2], adjudicator: reviewer_3}\n"
START = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Day:
    """A clock of days."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def review(tmp_path) -> Path:
    (tmp_path / "config").mkdir()
    (tmp_path / "config/config.yaml").write_text(CONFIG, encoding="utf-8")
    return tmp_path


def test_an_invitation_lets_its_person_in_again_and_again(tmp_path):
    invites = Invites(tmp_path, PEOPLE)
    token, made = invites.make("reviewer_1", 90)
    assert len(token) == 43
    assert [invites.admit(token, spend=True) for _ in range(2)] == [Admission("reviewer_1", made.invite)] * 2
    for wrong in ("", token[:-1], token.swapcase(), made.token_sha256, made.invite):
        assert invites.admit(wrong, spend=True) is None


def test_the_file_keeps_digests_and_is_for_its_owner_alone(tmp_path):
    token, made = Invites(tmp_path, PEOPLE).make("reviewer_1", 90)
    text = (tmp_path / FILE).read_text(encoding="utf-8")
    assert token not in text
    assert json.loads(text)["invites"][0]["token_sha256"] == made.token_sha256
    assert stat.S_IMODE((tmp_path / FILE).stat().st_mode) == 0o600
    assert sorted(path.name for path in (tmp_path / ".reviewflow").glob("invites*")) in (
        ["invites.json"],
        ["invites.json", "invites.lock"],
    )


def test_an_invitation_ends_with_its_days(tmp_path):
    day = Day()
    invites = Invites(tmp_path, PEOPLE, day)
    token, made = invites.make("reviewer_1", 2)
    assert (made.created, made.expires) == ("2026-03-01T12:00:00Z", "2026-03-03T12:00:00Z")
    inside = invites.admit(token, spend=True)
    day.now = START + timedelta(days=2, seconds=-1)
    assert invites.holds(inside)
    day.now = START + timedelta(days=2)
    assert invites.admit(token, spend=True) is None
    assert not invites.holds(inside)
    assert invites.every()[0].state(day.now) == "expired"


def test_a_revocation_by_another_process_reaches_live_sessions_at_once(tmp_path):
    place = address("127.0.0.1", 8765, "", tls=False)
    served, command = Invites(tmp_path, PEOPLE), Invites(tmp_path, PEOPLE)
    app = behind(Door(served, place))
    tokens = {person: command.make(person, 90)[0] for person in PEOPLE}
    pages = {person: browser(app, place) for person in PEOPLE}
    for person, page in pages.items():
        enter(page, tokens[person])
    assert command.revoke("reviewer_2") == 1
    assert [page.get("/").status_code for page in pages.values()] == [200, 403, 200]
    again = pages["reviewer_2"].post("/enter", data={"token": tokens["reviewer_2"]}, headers={"Origin": place.url})
    assert again.status_code == 403
    assert command.revoke("reviewer_2") == 0


def test_a_new_link_after_a_revocation_opens_no_old_session(tmp_path):
    invites = Invites(tmp_path, PEOPLE)
    inside = invites.admit(invites.make("reviewer_1", 90)[0], spend=True)
    invites.revoke("reviewer_1")
    token, _ = invites.make("reviewer_1", 90)
    assert not invites.holds(inside)
    assert invites.holds(invites.admit(token, spend=True))


def test_who_left_the_protocol_is_not_let_in(tmp_path):
    token, _ = Invites(tmp_path, PEOPLE).make("reviewer_2", 90)
    assert Invites(tmp_path, PEOPLE[:1]).admit(token, spend=True) is None


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '{"url": "", "invites": [{"person": "reviewer_1"}]}', '{"invites": []}', "\udcff"],
)
def test_a_file_that_is_broken_lets_nobody_in_and_is_never_written_over(tmp_path, text):
    invites = Invites(tmp_path, PEOPLE)
    token, _ = invites.make("reviewer_1", 90)
    inside = invites.admit(token, spend=True)
    broken = text.encode("utf-8", "surrogateescape")
    (tmp_path / FILE).write_bytes(broken)
    assert invites.admit(token, spend=True) is None
    assert not invites.holds(inside)
    with pytest.raises(DataFaults, match="delete it and invite everybody again"):
        invites.make("reviewer_2", 90)
    assert (tmp_path / FILE).read_bytes() == broken


def _many(root: Path, person: str) -> None:
    invites = Invites(root, PEOPLE)
    for _ in range(10):
        invites.make(person, 90)


def test_two_processes_lose_no_invitation(tmp_path):
    context = multiprocessing.get_context("spawn")
    others = [context.Process(target=_many, args=(tmp_path, person)) for person in PEOPLE[:2]]
    for other in others:
        other.start()
    for other in others:
        other.join()
    people = [invite.person for invite in Invites(tmp_path, PEOPLE).every()]
    assert sorted(people) == ["reviewer_1"] * 10 + ["reviewer_2"] * 10


def run(review: Path, capsys, *words: str) -> tuple[int, str, str]:
    status = main(["invite", *words, "--directory", str(review)])
    told = capsys.readouterr()
    return status, told.out, told.err


def test_the_command_prints_a_link_that_is_good_once_made(review, capsys):
    status, out, err = run(review, capsys, "reviewer_1", "--url", "https://screening.example.org/")
    assert status == 0
    link = re.fullmatch(r"https://screening\.example\.org/enter\?token=([\w-]{43})\n", out)
    assert link
    assert Invites(review, PEOPLE).admit(link.group(1), spend=True).person == "reviewer_1"
    assert link.group(1) not in err
    assert "Earlier" not in err
    assert "Earlier links of reviewer_1 that stay good: 1." in run(review, capsys, "reviewer_1")[2]


def test_the_link_has_the_address_that_was_served_last(review, capsys):
    assert run(review, capsys, "reviewer_1")[1].startswith("http://127.0.0.1:8765/enter?token=")
    Invites(review, PEOPLE).served_at("https://screening.example.org")
    assert run(review, capsys, "reviewer_3")[1].startswith("https://screening.example.org/enter?token=")
    assert [invite.person for invite in Invites(review, PEOPLE).every()] == ["reviewer_1", "reviewer_3"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["somebody"], 'screening: "somebody" is neither a reviewer nor the adjudicator; name one of reviewer_1, '),
        ([], "NAME: nobody is named"),
        (["--revoke"], "NAME: nobody is named"),
        (["reviewer_1", "--days", "0"], "--days: 0 days is no time"),
        (["reviewer_1", "--url", "http://screening.example.org"], "--url: others could read tokens"),
        (
            ["reviewer_1", "--url", "screening.example.org"],
            '--url: "screening.example.org" is not the address of a host',
        ),
    ],
)
def test_the_command_refuses_with_the_mend(review, capsys, words, told):
    status, out, err = run(review, capsys, *words)
    assert (status, out) == (1, "")
    assert told in err
    assert not (review / FILE).exists()


def test_revoking_also_works_for_who_has_left(review, capsys):
    run(review, capsys, "reviewer_2")
    (review / "config/config.yaml").write_text(CONFIG.replace("reviewer_2", "reviewer_4"), encoding="utf-8")
    status, out, _ = run(review, capsys, "reviewer_2", "--revoke")
    assert (status, out.split(";")[0]) == (0, "links of reviewer_2 revoked: 1")
    assert run(review, capsys, "reviewer_2", "--revoke")[0] == 1


def test_the_list_says_what_became_of_each_and_shows_no_secret(review, capsys):
    invites = Invites(review, PEOPLE)
    made = [invites.make(person, 90) for person in PEOPLE[:2]]
    invites.revoke("reviewer_1")
    _, out, _ = run(review, capsys, "--list")
    rows = [line.split() for line in out.splitlines()]
    assert [row[1:3] for row in rows] == [["person", "state"], ["reviewer_1", "revoked"], ["reviewer_2", "live"]]
    assert not [secret for token, invite in made for secret in (token, invite.token_sha256) if secret in out]
    assert run(review, capsys, "reviewer_2", "--list")[1].count("\n") == 2
