"""A review that has something to show on each page: long titles, other scripts, notices, conflicts, doubtful pairs."""

from pathlib import Path
from typing import Any

from tests.browser.desk_server import room
from tests.unit.desk.desk_room import ask, report, write

_LONG = "Efficacy-and-safety-of-amber-tea/" * 12
_SECTIONS = "BACKGROUND: Mice are small. METHODS: A randomised trial. RESULTS: See https://example.org/" + "x" * 300
STAGE = "title_abstract"


def furnished(root: Path) -> Path:
    """Reports that wait for reviewer_1 at both stages, conflicts and pairs; nothing waits for reviewer_2."""
    listed = [
        report(1, title="A trial of amber tea", abstract=_SECTIONS, doi="10.1000/182", pages="1-9", volume="3"),
        report(2, title=_LONG, abstract="", authors="; ".join(f"Author{i} A" for i in range(80)), journal=_LONG),
        report(
            3, title="间充质干细胞治疗狼疮", translated_title="Stem cells for lupus", language="chi", abstract="目的"
        ),
        report(4, title="شاي العنبر", language="ara", abstract="تجربة عشوائية"),
        *(report(i, title=f"Amber tea, part {i}") for i in range(5, 40)),
    ]
    asked = [ask(row["report_id"]) for row in listed[:30]]
    asked += [ask(f"A:{i}", "full_text") for i in (30, 31)]
    asked += [ask(f"A:{i}", "retrieval", "", "retrieve") for i in (32, 33)]
    room(root, listed, asked)
    retrieved = (
        "record_id,status,file,note\nA:30,retrieved,fulltext/30.pdf,by a library\nA:32,awaiting,,asked the authors\n"
    )
    _people(root / "records/screening/retrieval.csv", retrieved)
    (root / "fulltext").mkdir()
    (root / "fulltext/30.pdf").write_bytes(b"%PDF-1.4\n%%EOF\n")
    notes = "decided_at,record_id,decision,reason,note\n2024-05-01T12:00:00Z,A:3,exclude,wrong_people,not adults\n"
    _people(root / f"records/screening/{STAGE}/reviewer_1.csv", notes)
    _write(root, "results/screening/votes", [*_votes("A:35"), *_votes("A:36")])
    conflicts = [{"stage": STAGE, "report_id": f"A:{i}", "kind": "decision", "votes": "v"} for i in (35, 36)]
    _write(root, "results/screening/conflicts", conflicts)
    _write(root, "results/dedupe/doubtful_pairs", [_pair(1, "A:35", "A:36"), _pair(2, "A:36", "A:37")])
    _write(root, "results/search/records", [])
    # results/ are the newest, as the workflow leaves them.
    for path in [*(root / "results").rglob("*.csv")]:
        path.touch()
    return root


def _people(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _write(root: Path, table: str, rows: list[dict[str, Any]]) -> None:
    write(root / f"{table}.csv", table, rows)


def _votes(report_id: str) -> list[dict[str, Any]]:
    cast = (
        ("reviewer_1", "include", "", "Perhaps adults, see " + "y" * 200),
        ("reviewer_2", "exclude", "wrong_people", ""),
    )
    return [
        {
            "stage": STAGE, "report_id": report_id, "reviewer": person, "role": "reviewer", "record_id": report_id,
            "decision": decision, "reason": reason, "note": note, "decided_at": "2024-05-01T12:00:00Z",
            "seal": "unsealed", "holds": "true", "file": f"records/screening/{STAGE}/{person}.csv", "line": 2,
        }
        for person, decision, reason, note in cast
    ]  # fmt: skip


def _pair(rank: int, a: str, b: str) -> dict[str, Any]:
    titles = {"title_a": "Amber tea for pain", "title_b": f"Amber tea for pain: {'two years ' * 20}"}
    return {"rank": rank, "record_a": a, "record_b": b, "score": 90, "why": "short_title", "n_sightings": 2} | titles
