"""The bundled review is what its generator writes, adds up, and says of each thing whether it is real."""

import csv
import re
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path

import pytest

HERE = Path(__file__).parent
REPO = HERE.parents[1]
EXPORTS = REPO / "records/search/exports"
BEGINNING = {
    "web_of_science.ris": r"^TY  - ",
    "embase.ris": r"^TY  - ",
    "pubmed.nbib": r"^PMID- ",
    "cochrane_library.ris": r"^Record #\d+ of 15$",
    "cbm.txt": r"^\{Reference Type\}: ",
}
HITS = {"web_of_science.ris": 98, "embase.ris": 117, "pubmed.nbib": 64, "cochrane_library.ris": 15, "cbm.txt": 92}
CONSTRUCTED = "Constructed record for the reviewflow example; not a real publication"
FROM_THE_LIST = re.compile(r"Zhou 2020 reference list, no\. \d+;")
ABSTRACT = re.compile(r"^(AB  -|N2  -|\{Abstract\})", re.MULTILINE)
COCHRANE_PREFIX = "10.1002"  # of the address that the Cochrane Library gives each record
STAGES = ("title_abstract", "full_text")


def read(path: str) -> list[dict[str, str]]:
    with (REPO / path).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def entries(name: str) -> list[str]:
    text = (EXPORTS / name).read_text(encoding="utf-8-sig")
    starts = [match.start() for match in re.finditer(BEGINNING[name], text, re.MULTILINE)]
    return [text[a:b] for a, b in zip(starts, [*starts[1:], len(text)], strict=True)]


def unwrapped(entry: str) -> str:
    return re.sub(r"\n {6}", " ", entry)


def report_of() -> dict[str, str]:
    return {row["record_id"]: row["report_key"] for row in read("tests/bundled/truth.csv")}


def newest(stage: str, person: str) -> dict[str, dict[str, str]]:
    """Each report's newest line in one person's log."""
    reports = report_of()
    return {reports[line["record_id"]]: line for line in read(f"records/screening/{stage}/{person}.csv")}


def included(line: dict[str, str]) -> bool:
    return line["decision"] != "exclude"


def test_generator_writes_the_committed_bytes(tmp_path: Path) -> None:
    subprocess.run([sys.executable, HERE / "generate.py", "--root", tmp_path], check=True)
    written = {p.relative_to(tmp_path) for p in tmp_path.rglob("*") if p.is_file()}
    differing = [str(p) for p in sorted(written) if (tmp_path / p).read_bytes() != (REPO / p).read_bytes()]
    assert differing == []
    kept = {p.relative_to(REPO) for p in (REPO / "records").rglob("*") if p.is_file()}
    assert kept - {Path("records/README.md")} == {p for p in written if p.parts[0] == "records"}


@pytest.mark.parametrize("name", HITS)
def test_each_export_holds_its_hits(name: str) -> None:
    assert len(entries(name)) == HITS[name]


def test_searches_state_the_hits() -> None:
    searches = read("records/search/searches.csv")
    assert {s["export_files"]: int(s["hits"]) for s in searches} == HITS
    assert all((REPO / "records/search/strategies" / s["strategy_file"]).is_file() for s in searches)
    assert sum(HITS.values()) == 386


def test_truth_has_386_records_of_255_reports() -> None:
    truth = read("tests/bundled/truth.csv")
    assert len({row["record_id"] for row in truth}) == len(truth) == 386
    kinds = {row["report_key"]: row["kind"] for row in truth}
    assert Counter(kinds.values()) == {"constructed": 213, "near_miss": 31, "included": 10, "real": 1}


@pytest.mark.parametrize("name", HITS)
def test_each_entry_says_what_it_is(name: str) -> None:
    for entry in entries(name):
        text = unwrapped(entry)
        assert (CONSTRUCTED in text) != bool(FROM_THE_LIST.search(text)), entry
        prefixes = set(re.findall(r"\b(10\.\d{4,})/", text)) - {COCHRANE_PREFIX}
        assert CONSTRUCTED not in text or prefixes <= {"10.5555"}, entry


@pytest.mark.parametrize("name", HITS)
def test_no_abstract_stands_in_a_real_record(name: str) -> None:
    assert not [e for e in entries(name) if FROM_THE_LIST.search(unwrapped(e)) and ABSTRACT.search(e)]


@pytest.mark.parametrize(
    ("stage", "reports", "lines", "conflicts"), [(STAGES[0], 255, 259, 14), (STAGES[1], 39, 41, 4)]
)
def test_two_people_judge_each_report(stage: str, reports: int, lines: int, conflicts: int) -> None:
    first, second = newest(stage, "reviewer_1"), newest(stage, "reviewer_2")
    assert first.keys() == second.keys()
    assert len(first) == reports
    assert len(read(f"records/screening/{stage}/reviewer_1.csv")) == lines
    differing = {key for key in first if included(first[key]) != included(second[key])}
    assert len(differing) == conflicts
    by_reason = {key for key in first if first[key]["reason"] != second[key]["reason"]} - differing
    assert len(by_reason) == (2 if stage == "full_text" else 0)
    assert newest(stage, "adjudication").keys() == differing | by_reason


def final(stage: str) -> dict[str, dict[str, str]]:
    return newest(stage, "reviewer_1") | newest(stage, "adjudication")


def test_screening_gives_the_flow() -> None:
    sought = {key for key, line in final("title_abstract").items() if included(line)}
    reports = report_of()
    retrieval = {reports[line["record_id"]]: line["status"] for line in read("records/screening/retrieval.csv")}
    assert retrieval.keys() == sought
    assert Counter(retrieval.values()) == {"retrieved": 39, "not_retrieved": 2}
    verdicts = final("full_text")
    assert verdicts.keys() == {key for key, status in retrieval.items() if status == "retrieved"}
    assert Counter(line["reason"] or line["decision"] for line in verdicts.values()) == {
        "include": 10,
        "conference_abstract": 9,
        "insufficient_data": 6,
        "case_report": 5,
        "review": 4,
        "case_controlled": 3,
        "editorial": 2,
    }
    studies = {reports[link["record_id"]] for link in read("records/extraction/study_reports.csv")}
    assert studies == {key for key, line in verdicts.items() if included(line)}


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("person", ["reviewer_1", "reviewer_2", "adjudication"])
def test_logs_are_in_order_and_say_that_they_are_constructed(stage: str, person: str) -> None:
    log = read(f"records/screening/{stage}/{person}.csv")
    times = [line["decided_at"] for line in log]
    assert times == sorted(set(times))
    assert all(line["note"].startswith("constructed") for line in log)


@pytest.mark.parametrize("stage", STAGES)
def test_adjudication_comes_after_both_votes(stage: str) -> None:
    votes = [line["decided_at"] for n in (1, 2) for line in read(f"records/screening/{stage}/reviewer_{n}.csv")]
    assert min(line["decided_at"] for line in read(f"records/screening/{stage}/adjudication.csv")) > max(votes)


def consensus(table: str, key: list[str]) -> dict[str, dict[str, str]]:
    """Lines of the first extractor with the adjudicated cells."""
    lines = {"/".join(line[c] for c in key): line for line in read(f"records/extraction/extractor_1/{table}.csv")}
    for cell in read("records/extraction/adjudication.csv"):
        if cell["table"] == table:
            lines[cell["key"]][cell["column"]] = cell["value"]
    return lines


def test_adjudication_settles_all_that_the_extractors_differ_on() -> None:
    keys = {
        "studies": ["study_id"],
        "arms": ["study_id", "arm_id"],
        "results": ["study_id", "comparison", "outcome", "timepoint", "arm_id"],
    }
    settled = {(c["table"], c["key"], c["column"]) for c in read("records/extraction/adjudication.csv")}
    differing = set()
    for table, key in keys.items():
        pair = zip(*(read(f"records/extraction/extractor_{n}/{table}.csv") for n in (1, 2)), strict=True)
        differing |= {(table, "/".join(a[c] for c in key), col) for a, b in pair for col in a if a[col] != b[col]}
    assert settled == differing
    assert len(settled) == 7
    results = consensus("results", keys["results"])
    assert results["gu2014/before_after/proteinuria/3 months/"]["effect"] == "-0.9082444"
    assert consensus("arms", keys["arms"])["deng2017/control"]["n"] == "6"


def test_each_analysis_has_as_many_studies_as_printed() -> None:
    studies = defaultdict(set)
    for line in read("records/extraction/extractor_1/results.csv"):
        studies[line["comparison"], line["outcome"], line["timepoint"]].add(line["study_id"])
    printed = {row["analysis"]: int(row["k"]) for row in read("records/published/estimates.csv")}
    analyses = {a["analysis"]: (a["comparison"], a["outcome"], a["timepoint"]) for a in read("config/analyses.csv")}
    assert len(printed) == 52
    assert {name: len(studies[place]) for name, place in analyses.items()} == {
        **printed,
        "rct_adverse_events_table1": 2,
    }
    assert set(studies) == set(analyses.values())
