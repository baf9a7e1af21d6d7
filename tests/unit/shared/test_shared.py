"""Configuration, digests and the command line."""

from pathlib import Path

import pandas as pd
import pytest
from reviewflow import provenance, records, waiting
from reviewflow.check import check_review
from reviewflow.cli import main
from reviewflow.commands.new import new_review
from reviewflow.config import read_config, without_config
from reviewflow.provenance import LIB, WORKFLOW, code_files, people_files
from reviewflow.schema import schema
from reviewflow.tables import DataFaults, frame

ROOT = Path(__file__).parents[3]


def config(folder: Path, text: str) -> Path:
    path = folder / "config.yaml"
    path.write_text(text, encoding="utf-8")
    return path


MINIMAL = """\
review: {title: T}
screening: {reviewers: [a, b]}
extraction: {extractors: [a]}
comparisons: {}
"""


def test_defaults_are_filled_in_at_every_level(tmp_path):
    filled = read_config(config(tmp_path, MINIMAL + "dedupe:\n"[:0]))
    assert filled["screening"]["reviewers_per_report"] == 2
    expected = {"level": 95, "q_test_threshold": 0.1, "preset": "cochrane2025", "small_study_k": 10, "seed": 1}
    assert filled["synthesis"] == {
        **expected,
        "permutations": 1000,
        "overlaps": "keep_one",
        "sensitivity": [],
        "published": "",
    }
    assert filled["review"]["inclusion"] == []


def test_every_fault_of_the_configuration_is_reported_with_its_line(tmp_path):
    text = MINIMAL.replace("review: {title: T}", "review:\n  titel: T") + "synthesis:\n  level: 9\n"
    with pytest.raises(DataFaults) as caught:
        read_config(config(tmp_path, text))
    places = [str(f).removeprefix(f"{tmp_path}/").split(": ")[0] for f in caught.value.faults]
    assert places == ["config.yaml:2", "config.yaml:2", "config.yaml:7"]


def test_what_is_not_yaml_names_the_line(tmp_path):
    with pytest.raises(DataFaults) as caught:
        read_config(config(tmp_path, "review:\n  title: [\n"))
    assert "config.yaml:3: not YAML" in str(caught.value)


@pytest.mark.parametrize("text", [None, "", "# to be written\n"])
def test_without_a_configuration_nobody_and_nothing_is_made_up(tmp_path, text):
    filled = read_config(tmp_path / "config.yaml" if text is None else config(tmp_path, text))
    assert filled["review"]["title"] == ""
    assert filled["screening"]["reviewers"] == filled["extraction"]["extractors"] == []
    assert filled["appraisal"]["assessors"] == filled["dedupe"]["source_order"] == []
    assert filled["comparisons"] == {}
    assert filled["screening"].keys() == read_config(config(tmp_path, MINIMAL))["screening"].keys()


@pytest.mark.parametrize(
    ("text", "place", "problem"),
    [
        ("review: {question: Q}\n", "config.yaml:1: review", "'title' is a required property"),
        ("screening: {adjudicator: c}\n", "config.yaml:1: screening", "'reviewers' is a required property"),
        ("extraction: {extractors: []}\n", "config.yaml:1: extraction.extractors", "[] should be non-empty"),
        ("screening:\n", "config.yaml:1: screening", "None is not of type 'object'"),
        ("[]\n", "config.yaml:1:", "[] is not of type 'object'"),
    ],
)
def test_a_group_that_is_begun_must_be_whole(tmp_path, text, place, problem):
    with pytest.raises(DataFaults) as caught:
        read_config(config(tmp_path, text))
    (fault,) = map(str, caught.value.faults)
    assert fault.startswith(f"{tmp_path}/{place}")
    assert problem in fault


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (["records/search/exports/a.ris"], None),
        (["records/dedupe/rulings.csv", "records/search/exports/a.ris", "records/search/searches.csv"], None),
        (["records/README.md", "records/search/exports/a.ris"], None),
        ([], "neither this file nor any export is there; put exports into records/search/exports/"),
        (["records/search/searches.csv"], "neither this file nor any export is there"),
        (["config/outcomes.csv", "records/search/exports/a.ris"], "is not there, and config/outcomes.csv needs it"),
        (
            ["records/screening/full_text/a.csv", "records/search/exports/a.ris"],
            "records/screening/full_text/a.csv needs",
        ),
    ],
)
def test_exports_and_rulings_do_without_a_configuration_and_nothing_else_does(files, expected):
    faults = list(map(str, without_config(files)))
    assert len(faults) == (expected is not None)
    assert all(expected in fault and "reviewflow new DIR" in fault for fault in faults)


def test_a_review_without_title_reviewers_and_extractors_is_never_final(tmp_path):
    asked = [(w.about, w.file) for w in waiting._protocol(read_config(tmp_path / "config.yaml"))]
    keys = ("review.title", "screening.reviewers", "extraction.extractors")
    assert asked == [(key, "config/config.yaml") for key in keys]
    assert list(waiting._protocol(read_config(config(tmp_path, MINIMAL)))) == []


def test_what_programs_leave_behind_is_not_people_s(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("a b.ris", "~$a.csv", ".DS_Store", ".~lock.a.csv#", "sub/c.csv", "Thumbs.db"):
        path = Path("records", name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")
    assert people_files("records", "config", "records/a b.ris") == [
        "records/a b.ris",
        "records/sub/c.csv",
        "records/a b.ris",
    ]


def names(script: str) -> set[str]:
    return {f.relative_to(LIB).as_posix() for f in code_files(WORKFLOW / "scripts" / script) if f.is_relative_to(LIB)}


def test_the_code_of_a_script_is_what_it_imports_and_no_more():
    synthesis = names("synthesis.py")
    assert {
        "synthesis/every.py",
        "pooling/model.py",
        "synthesis/__init__.py",
        "tables/results.py",
        "schema.py",
    } <= synthesis
    assert not {n for n in synthesis if n.startswith(("search/", "dedupe/", "screening/", "extraction/", "report/"))}
    assert "text.py" in names("dedupe.py")
    assert "text.py" not in synthesis


def test_digests_find_imports_over_several_lines_and_from_above(tmp_path, monkeypatch):
    package = tmp_path / "reviewflow"
    for name, text in {
        "__init__.py": "",
        "one/__init__.py": "from .a import (\n    x,\n    y,\n)\n",
        "one/a.py": "from reviewflow import two\nfrom ..two import b as c\n",
        "two/__init__.py": "",
        "two/b.py": "import reviewflow.three, os\n",
        "three.py": "",
        "four.py": "",
    }.items():
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text(text)
    monkeypatch.setattr(provenance, "LIB", package)
    for function in (provenance.code_files, provenance._imports, provenance._files):
        function.cache_clear()
    script = tmp_path / "script.py"
    script.write_text("from reviewflow import one\n")
    found = {f.relative_to(tmp_path).as_posix() for f in code_files(script)}
    for function in (provenance.code_files, provenance._imports, provenance._files):
        function.cache_clear()
    assert found == {"script.py"} | {
        f"reviewflow/{n}"
        for n in ("__init__.py", "one/__init__.py", "one/a.py", "two/__init__.py", "two/b.py", "three.py")
    }


def test_a_new_review_has_every_table_and_is_never_written_over(tmp_path, capsys):
    made = new_review(tmp_path / "r")
    paths = {p.relative_to(tmp_path / "r").as_posix() for p in made}
    assert {"config/config.yaml", "records/screening/full_text/reviewer_2.csv", "records/amendments.csv"} <= paths
    assert main(["new", str(tmp_path / "r")]) == 1
    assert "is there already" in capsys.readouterr().err
    assert main(["new", str(tmp_path / "other review")]) == 0
    assert "snakemake --directory" in capsys.readouterr().out


def test_a_new_review_keeps_out_of_version_control_what_is_of_this_computer_alone(tmp_path):
    new_review(tmp_path / "r")
    assert (tmp_path / "r/.gitignore").read_text().split() == [
        "/results/",
        "/.snakemake/",
        "/.reviewflow/",
        "/worksheets/",
    ]
    (tmp_path / "s").mkdir()
    (tmp_path / "s/.gitignore").write_text("mine\n")
    new_review(tmp_path / "s")
    assert (tmp_path / "s/.gitignore").read_text() == "mine\n"


def test_a_new_review_may_name_other_people_than_its_empty_files_do(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(records, "ROOT", Path())
    new_review(tmp_path)
    named = Path("config/config.yaml")
    named.write_text(named.read_text().replace("reviewer_", "person_").replace("extractor_", "reader_"))
    check_review(read_config(named))
    left = Path("records/screening/full_text/reviewer_1.csv")
    left.write_text(left.read_text() + "2020-01-01,x,include,,,,,\n")
    with pytest.raises(DataFaults) as caught:
        check_review(read_config(named))
    assert [fault.file for fault in caught.value.faults] == [left.as_posix()]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("reviewers: [a, b]", "reviewers: [a]"), "each report needs 2 votes, and 1 can vote"),
        (("reviewers: [a, b]", "reviewers: [a, b], former_reviewers: [c, B]"), '"B" is one of the reviewers, too'),
        (
            ("reviewers: [a, b]", "reviewers: [a, b], former_reviewers: [c], adjudicator: c"),
            '"c" is one of the former_reviewers, whose votes count; name a third person',
        ),
        (("reviewers: [a, b]", "reviewers: [a, Adjudication]"), '"Adjudication" is the name of a file or of a column'),
        (("reviewers: [a, b]", "reviewers: [a, b], former_reviewers: [kind]"), '"kind" is the name of a file'),
        (("reviewers: [a, b]", "reviewers: [a, b], check_sample: 5"), "each report needs 2 votes here; set it to 0"),
        (
            ("reviewers: [a, b]", "reviewers: [a], reviewers_per_report: 1, check_sample: 5"),
            "nobody else can screen the sample; name a second reviewer",
        ),
        (("reviewers: [a, b]", "reviewers: [a, b], adjudicator: b"), '"b" is one of the reviewers'),
        (("extractors: [a]", "extractors: [a], adjudicator: a"), '"a" is one of the extractors'),
        (("reviewers: [a, b]", "reviewers: [a, A]"), "two names differ in upper and lower case only"),
    ],
)
def test_people_who_could_not_do_their_part_are_a_fault_of_the_configuration(tmp_path, change, expected):
    with pytest.raises(DataFaults, match=expected):
        read_config(config(tmp_path, MINIMAL.replace(*change)))


def test_the_faults_of_all_reviewers_come_at_once(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(records, "ROOT", Path())
    for name in ("a", "b"):
        file = Path(f"records/screening/full_text/{name}.csv")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("decided_at,record_id,decision,reason,note\n2020-01-01,x,maybe,,\n")
    with pytest.raises(DataFaults) as caught:
        records.decisions({"screening": {"reviewers": ["a", "b"], "former_reviewers": []}}, "full_text")
    assert [f.file for f in caught.value.faults] == [f"records/screening/full_text/{n}.csv" for n in ("a", "b")]


def test_lines_of_a_worksheet_fit_the_files_of_a_new_review(tmp_path):
    new_review(tmp_path)
    header = (tmp_path / "records/screening/title_abstract/reviewer_1.csv").read_text().strip()
    assert header.split(",") == list(schema("results/screening/worksheets").columns)


def test_a_state_that_is_not_terminal_waits_though_nobody_is_left_to_ask():
    ledger = pd.DataFrame({"report_id": ["r"], "state": ["awaiting_title_abstract"]})
    queue = frame("results/screening/queue", [])
    assert [w.about for w in waiting._screening(queue, ledger)] == ["r"]
