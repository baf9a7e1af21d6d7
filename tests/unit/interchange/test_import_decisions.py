"""`reviewflow import`: decisions of Rayyan, ASReview and Covidence become events, or nothing is written at all."""

import csv
import io
import json
import os
import random
import sqlite3
import subprocess
import sys
import zipfile

import pytest
from reviewflow.cli import main
from reviewflow.events import Journal, verify
from reviewflow.events.imported import Behind
from reviewflow.interchange import archive
from reviewflow.screening import People, check
from reviewflow.screening.votes import holding
from reviewflow.tables import empty_people, read_people
from small_review import REPORTS, csv_text, make, project, table, zipped

STAGES = ("title_abstract", "full_text")
READER_A, READER_B = "--who=Reader A=reviewer_1", "--who=Reader B=reviewer_2"


@pytest.fixture
def review(tmp_path):
    return make(tmp_path / "review")


@pytest.fixture
def bring(review, tmp_path, capsys):
    """Import a text or bytes: the status, and what was said."""

    def bringing(content, *arguments, name="export.csv", stage="title_abstract", kind="rayyan"):
        file = tmp_path / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        given = ["import", str(file), "--format", kind, "--stage", stage, "--directory", str(review), *arguments]
        return main(given), capsys.readouterr().err

    return bringing


def lines(review, who="reviewer_1", stage="title_abstract"):
    path = review / f"records/screening/{stage}/{who}.csv"
    return read_people(path, "records/screening/decisions", review) if path.is_file() else None


def told(review, who="reviewer_1", stage="title_abstract"):
    """What the file of a reviewer says, without ids and seals."""
    columns = ["record_id", "decision", "reason", "note", "decided_at"]
    found = lines(review, who, stage)
    return [] if found is None else [tuple(row) for row in found[columns].to_numpy().tolist()]


def written(review):
    return {path.name: path.read_bytes() for path in review.glob("records/**/*.csv")}


def queue(review, tmp_path, kind, stage="title_abstract", who="reviewer_1"):
    out = tmp_path / f"queue_{kind}"
    given = ["export", "--format", kind, "--table", "queue", "--reviewer", who, "--stage", stage]
    assert main([*given, "--directory", str(review), "--output", str(out)]) == 0
    return out.read_text(encoding="utf-8")


def rayyan(*rows):
    """Records as Rayyan gives them: key, title, year, DOI, and notes."""
    names = ("key", "title", "year", "doi", "pubmed_id", "notes")
    return csv_text([dict(zip(names, row, strict=True)) for row in rows])


def log(*rows):
    """A log of Rayyan: created_at, user_email, article_id, key, value."""
    names = ("created_at", "user_id", "user_email", "article_id", "key", "value")
    return csv_text([dict(zip(names, (at, "1", *rest), strict=True)) for at, *rest in rows])


ONE = (
    "rayyan-11",
    "Alpha of x",
    "2020",
    "10.1000/A",
    "",
    'RAYYAN-INCLUSION: {"Reader A"=>"Included", "Reader B"=>"Maybe"}',
)
TWO = ("rayyan-12", "beta and y", "2020", "", "", 'RAYYAN-INCLUSION: {"Reader A"=>"Excluded"}')


# --- out to a tool, decided there, and in again ---

MADE = [  # record, decision, reason, note: what a person decides in the tool
    ("PubMed:101", "include", "", ""), ("PubMed:102", "exclude", "design", "a | b; \"c\" } ]\nnext"),
    ("CBM:3", "exclude", "population", "=1+1"), ("PubMed:104", "unsure", "", "ask"),
]  # fmt: skip
LABEL = {"population": "wrong POPULATION", "design": "Wrong study design"}


def rayyan_did(text, made):
    """The queue as Rayyan gives it back: its own key, our notes before its own."""
    word = {"include": "Included", "exclude": "Excluded", "unsure": "Maybe"}
    by_key = {name: rest for name, *rest in made}
    rows = table(text)
    for number, row in enumerate(rows):
        says, reason, note = by_key.get(row["key"], ("", "", ""))
        row["key"] = f"rayyan-{number}"
        if says:
            row["notes"] += f' | RAYYAN-INCLUSION: {{"Reader A"=>"{word[says]}"}} | RAYYAN-LABELS: x,y'
            row["notes"] += f" | RAYYAN-EXCLUSION-REASONS: {LABEL[reason]}" if reason else ""
            escaped = note.replace('"', '\\"')
            row["notes"] += f' | USER-NOTES: {{"Reader A"=>["{escaped}"]}}' if note else ""
    return csv_text(rows)


def asreview_did(text, made):
    """The queue as ASReview's data set export has it, with the tags that stand for reasons."""
    by_id = {name: rest for name, *rest in made}
    rows = table(text)
    for row in rows:
        says, reason, note = by_id.get(row["reviewflow_id"], ("", "", ""))
        row["asreview_label"] = {"include": "1.0", "exclude": "0.0"}.get(says, "")
        row["asreview_time"] = "2024-05-01 10:00:00" if says else ""
        row["asreview_note"], row["asreview_user_name"] = note, "Reader A" if says else ""
        row |= {f"asreview_tag_why_{code}": str(int(code == reason)) if says else "" for code in LABEL}
    return csv_text(rows)


def covidence_did(text, made):
    """The list of the excluded in full text review."""
    by_ref = {name: (says, reason, note) for name, says, reason, note in made if says == "exclude"}
    rows = [row for row in table(text) if row["Ref"] in by_ref]
    for number, row in enumerate(rows, 1):
        _, reason, _ = by_ref[row["Ref"]]
        row |= {
            "Notes": f"Exclusion reason: {LABEL[reason]}; ",
            "Covidence #": f"#{number}",
            "Tags": "",
            "Ref": str(number),
        }
    return csv_text(rows)


@pytest.mark.parametrize("stage", STAGES)
def test_what_a_person_decides_in_rayyan_comes_back_as_it_was_decided(stage, tmp_path, capsys):
    review = make(tmp_path / "r", stage)
    (tmp_path / "back.csv").write_text(rayyan_did(queue(review, tmp_path, "rayyan", stage), MADE), encoding="utf-8")
    given = ["import", str(tmp_path / "back.csv"), "--format", "rayyan", "--stage", stage, READER_A]
    assert main([*given, "--directory", str(review)]) == 0
    back = {record: rest for record, *rest in told(review, stage=stage)}
    assert {name: rest[:2] for name, rest in back.items()} == {name: [says, why] for name, says, why, _ in MADE}
    assert back["PubMed:102"][2:] == ['a | b; "c" } ]\nnext', ""]
    assert back["CBM:3"][2] == "'=1+1"


def test_what_a_person_decides_in_asreview_comes_back_as_it_was_decided(review, tmp_path, bring):
    made = [row for row in MADE if row[1] != "unsure"]
    text = asreview_did(queue(review, tmp_path, "asreview"), made)
    reasons = [f"--reason=why_{code}={code}" for code in LABEL]
    assert bring(text, READER_A, *reasons, kind="asreview")[0] == 0
    when = "2024-05-01 10:00:00"
    expected = [(name, says, why, note.replace("=1+1", "'=1+1"), when) for name, says, why, note in made]
    assert sorted(told(review)) == sorted(expected)


def test_what_covidence_excluded_comes_back_from_its_list(tmp_path, capsys):
    review = make(tmp_path / "r", "full_text")
    # Covidence takes RIS, of which it keeps the accession; its list has a number of its own in Ref.
    text = covidence_did(queue(review, tmp_path, "covidence", "full_text"), MADE)
    (tmp_path / "excluded.csv").write_text(text, encoding="utf-8")
    given = ["import", str(tmp_path / "excluded.csv"), "--format", "covidence", "--stage", "full_text"]
    assert main([*given, "--decision", "exclude", "--as", "reviewer_2", "--directory", str(review)]) == 0
    expected = [(name, says, why, "", "") for name, says, why, _ in MADE if says == "exclude"]
    assert sorted(told(review, "reviewer_2", "full_text")) == sorted(expected)
    assert "agreement between people cannot be told from it" in capsys.readouterr().err
    assert set(
        lines(review, "reviewer_2", "full_text")["imported"].str.contains("Covidence (consensus)", regex=False)
    ) == {True}


@pytest.mark.parametrize("version", [1, 2, 3])
def test_a_project_of_asreview_brings_label_time_and_note(version, review, tmp_path, bring):
    data = queue(review, tmp_path, "asreview")
    row = {line["reviewflow_id"]: number for number, line in enumerate(table(data))}
    at = "2024-05-01 10:00:00.5" if version == 1 else 1714557600.5
    results = [(row["PubMed:102"], 0, at, "why\nnot", None, None), (row["CBM:3"], 1, at, None, None, None)]
    content = project(version, data, results)
    status, said = bring(content, "--as=reviewer_1", kind="asreview", name="p.asreview")
    assert status == 0, said
    when = "2024-05-01T10:00:00.5" if version == 1 else "2024-05-01T10:00:00.500Z"
    expected = [("PubMed:102", "exclude", "", "why\nnot", when), ("CBM:3", "include", "", "", when)]
    assert sorted(told(review)) == sorted(expected)
    assert "its decisions count as those of reviewer_1 alone" in said


# --- who ---


def test_several_people_of_one_export_have_a_file_each(review, bring):
    status, said = bring(rayyan(ONE, TWO), READER_A, READER_B)
    assert status == 0
    assert told(review) == [("PubMed:101", "include", "", "", ""), ("PubMed:102", "exclude", "", "", "")]
    assert told(review, "reviewer_2") == [("PubMed:101", "unsure", "", "", "")]
    assert "reviewer_1.csv: 2 decisions written (1 exclude, 1 include); 2 without a time" in said


def test_names_that_stand_for_nobody_are_listed_all_at_once_and_nothing_is_written(review, bring):
    status, said = bring(rayyan(ONE, TWO))
    assert (status, written(review)) == (1, {})
    assert (
        '"Reader A" decided 2 times; say who it is: --who "Reader A=NAME" with one of reviewer_1, reviewer_2 for NAME, '
        'or leave them out: --who "Reader A="' in said
    )
    assert '"Reader B" decided once' in said


def test_a_person_can_be_left_out_and_the_command_says_so(review, bring):
    status, said = bring(rayyan(ONE, TWO), READER_A, "--who=Reader B=")
    assert (status, lines(review, "reviewer_2")) == (0, None)
    assert "1 decisions are of people who are left out by --who" in said


def test_a_name_of_the_review_needs_no_mapping_and_as_is_not_for_those_who_are_named(review, bring):
    assert bring(rayyan((*TWO[:-1], 'RAYYAN-INCLUSION: {"reviewer_2"=>"Excluded"}')))[0] == 0
    assert told(review, "reviewer_2") == [("PubMed:102", "exclude", "", "", "")]
    assert bring(rayyan(TWO), "--as=reviewer_1")[0] == 1


@pytest.mark.parametrize(
    ("option", "says"),
    [
        ("--who=Reader A=reviewer_3", '"reviewer_3" is not known to the review; name one of reviewer_1, reviewer_2'),
        ("--who=Reader A", '"Reader A" is not two sides of a ='),
        ("--as=reviewer_3", '"reviewer_3" is no reviewer of the review'),
        ("--reason=x=nope", '"nope" is not known to the review; name one of design, population'),
        ("--log=nope.csv", "nope.csv: is no file"),
    ],
)
def test_what_the_review_does_not_know_is_refused_before_anything_is_read(option, says, review, bring):
    status, said = bring(rayyan(ONE), option)
    assert (status, written(review)) == (1, {})
    assert says in said


def test_decisions_that_name_nobody_need_as(review, tmp_path, bring):
    text = csv_text([row | {"included": "1"} for row in table(queue(review, tmp_path, "asreview"))])
    status, said = bring(text, kind="asreview")
    assert (status, written(review)) == (1, {})
    assert "6 decisions name nobody; say whose they are: --as NAME with one of reviewer_1, reviewer_2" in said


def test_the_outcome_of_covidence_is_one_vote_and_never_two(review, tmp_path, bring):
    text = queue(review, tmp_path, "covidence")
    assert bring(text, "--decision=include", "--as=reviewer_1", kind="covidence")[0] == 0
    before = written(review)
    status, said = bring(text, "--decision=include", "--as=reviewer_2", kind="covidence")
    assert (status, written(review)) == (1, before)
    assert "the outcome on 6 of its records is already in the file of reviewer_1" in said


# --- when ---


def test_an_export_without_times_has_blank_ones_and_the_gate_lets_them_pass(review, bring):
    assert bring(rayyan(ONE, TWO), READER_A, READER_B)[0] == 0
    assert gate(review, "title_abstract") == []


def gate(review, stage):
    """Faults of the gate on the files of a stage."""
    files = {name: lines(review, name, stage) for name in ("reviewer_1", "reviewer_2")}
    decided = {s: ({n: f for n, f in files.items() if f is not None} if s == stage else {}) for s in STAGES}
    nobody = {s: empty_people("records/screening/adjudication") for s in STAGES}
    others = [empty_people(f"records/{name}") for name in ("screening/retrieval", "extraction/study_reports")]
    config = {"screening": {"reviewers": ["reviewer_1", "reviewer_2"], "former_reviewers": []}}
    return check(config, People(decided, nobody, *others), {"population", "design"}, set(REPORTS))


def test_the_gate_refuses_two_lines_without_a_time_that_contradict_each_other(review, bring):
    assert bring(rayyan(TWO), READER_A)[0] == 0
    path = review / "records/screening/title_abstract/reviewer_1.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        header, line = csv.reader(handle)
    cells = dict(zip(header, line, strict=True)) | {"decision": "include", "event_id": "", "seal": "", "previous": ""}
    path.write_text(csv_text([dict(zip(header, line, strict=True)), cells]), encoding="utf-8")
    assert [fault.problem for fault in gate(review, "title_abstract")] == [
        "line 2 decides otherwise on the same record at the same time"
    ]


LOG = log(
    ("2024-05-02 09:00:00 UTC", "a@x.example", "12", "included", "-1"),
    ("2024-05-02 09:00:01 UTC", "a@x.example", "12", '"__EXR__wrong population"', "1"),
    ("2024-05-01 08:00:00 UTC", "a@x.example", "12", "included", "1"),
    ("2024-05-01 08:05:00 UTC", "a@x.example", "11", "included", "1"),
    ("2024-05-03 08:00:00 UTC", "b@x.example", "11", "included", "-1"),
    ("2024-05-03 08:00:02 UTC", "b@x.example", "11", '"__EXR__other"', "1"),
    ("2024-05-03 08:00:03 UTC", "b@x.example", "11", '"__EXR__other"', "0"),
    ("2024-05-03 08:00:09 UTC", "b@x.example", "11", "included", "0"),
    ("2024-05-03 08:00:10 UTC", "b@x.example", "11", "a label", "1"),
)
MAILS = ("--who=a@x.example=reviewer_1", "--who=b@x.example=reviewer_2")
REASONED = (
    *TWO[:-1],
    TWO[-1] + ' | RAYYAN-EXCLUSION-REASONS: wrong population | USER-NOTES: {"Reader A"=>["why | not"]}',
)


@pytest.mark.parametrize("packed", [True, False])
def test_the_log_of_rayyan_gives_every_decision_its_time_and_reason(packed, review, tmp_path, bring):
    if packed:
        content, more = zipped({"articles.csv": rayyan(ONE, REASONED), "customizations_log.csv": LOG}), []
    else:
        (tmp_path / "log.csv").write_text("\ufeff" + LOG.replace("\n", "\r\n"), encoding="utf-8", newline="")
        content, more = rayyan(ONE, REASONED), [f"--log={tmp_path / 'log.csv'}"]
    status, said = bring(content, READER_A, READER_B, *MAILS, *more)
    assert status == 0, said
    assert told(review) == [
        ("PubMed:102", "include", "", "", "2024-05-01 08:00:00Z"),
        ("PubMed:101", "include", "", "", "2024-05-01 08:05:00Z"),
        ("PubMed:102", "exclude", "population", "why | not", "2024-05-02 09:00:00Z"),
    ]
    assert [(row[1], row[4]) for row in told(review, "reviewer_2")] == [
        ("exclude", "2024-05-03 08:00:00Z"),
        ("unsure", "2024-05-03 08:00:09Z"),
    ]


def test_a_log_that_says_other_than_the_records_is_refused(review, bring):
    other = zipped({"articles.csv": rayyan(ONE, TWO), "customizations_log.csv": LOG.replace(",-1\n", ",1\n", 1)})
    status, said = bring(other, READER_A, READER_B, *MAILS)
    assert (status, written(review)) == (1, {})
    assert 'the log and the records differ on "beta and y"' in said
    lacking = zipped({"articles.csv": rayyan(ONE), "customizations_log.csv": LOG})
    assert "rayyan-12 is not among the records" in bring(lacking, READER_A, READER_B, *MAILS)[1]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("2024-05-01 08:00:00 UTC", "May"), 'created_at: "May" is not a time'),
        (("included,0", "included,7"), '"7" is not 1, 0, -1 or deleted'),
        (("user_id,user_email", "a,b"), "the log has no column user_email"),
        (("2024-05-03 08:00:09 UTC", "2999-01-01 08:00:09 UTC"), '"2999-01-01 08:00:09Z" lies in the future'),
    ],
)
def test_a_log_that_cannot_be_read_is_a_fault_with_its_place(change, says, review, bring):
    content = zipped({"articles.csv": rayyan(ONE, TWO), "customizations_log.csv": LOG.replace(*change)})
    status, said = bring(content, READER_A, READER_B, *MAILS)
    assert (status, written(review)) == (1, {})
    assert says in said


def test_a_decision_that_was_taken_back_in_rayyan_is_withdrawn(review, bring):
    more = LOG + "x\n".replace("x", "2024-05-04 08:00:00 UTC,1,a@x.example,11,included,deleted")
    one = (*ONE[:-1], 'RAYYAN-INCLUSION: {"Reader B"=>"Maybe"}')
    assert (
        bring(zipped({"a.csv": rayyan(one, TWO), "customizations_log.csv": more}), READER_A, READER_B, *MAILS)[0] == 0
    )
    held = holding(lines(review)).set_index("record_id")["decision"].to_dict()
    assert held == {"PubMed:101": "withdraw", "PubMed:102": "exclude"}


@pytest.mark.parametrize("version", [1, 2])
def test_a_label_that_was_changed_in_asreview_has_the_time_of_the_change(version, review, tmp_path, bring):
    """The first label is overwritten there before version 3: it is not made up."""
    data = queue(review, tmp_path, "asreview")
    unit = 10**6 if version == 1 else 1
    results, changes = [(0, 1, 1714557600 * unit, None, None, None)], [(0, 1, 1714644000 * unit, None)]
    assert bring(project(version, data, results, changes), "--as=reviewer_1", kind="asreview")[0] == 0
    assert told(review) == [("CBM:3", "include", "", "", "2024-05-02T10:00:00.000Z")]


def test_version_3_of_asreview_keeps_the_first_time_with_a_changed_label(review, tmp_path, bring):
    data = queue(review, tmp_path, "asreview")
    results = [(0, 1, 1714557600.0, "a note", None, None)]
    assert bring(project(3, data, results, [(0, 0, 1714557600.0, None)]), "--as=reviewer_1", kind="asreview")[0] == 0
    note = "a note\nexclude before it was changed; when is not said"
    assert told(review) == [("CBM:3", "include", "", note, "2024-05-01T10:00:00.000Z")]


def test_a_label_that_was_given_anew_in_version_3_of_asreview_is_two_events(review, tmp_path, bring):
    data = queue(review, tmp_path, "asreview")
    results = [(0, 1, 1714644000.0, None, None, None)]
    assert bring(project(3, data, results, [(0, 0, 1714557600.0, None)]), "--as=reviewer_1", kind="asreview")[0] == 0
    assert [row[1] for row in told(review)] == ["exclude", "include"]


def test_labels_of_asreview_that_contradict_each_other_or_were_taken_back(review, tmp_path, bring):
    data = queue(review, tmp_path, "asreview")
    wrong = project(2, data, [(0, 1, 5.0, None, None, None)], [(0, 0, 9.0, None)])
    status, said = bring(wrong, "--as=reviewer_1", kind="asreview")
    assert status == 1
    assert "the newest change of its label is not the label that holds" in said
    gone = project(3, data, [(1, 1, 5.0, None, None, None)], [(0, 0, 9.0, None)])
    status, said = bring(gone, "--as=reviewer_1", kind="asreview")
    assert (status, len(told(review))) == (0, 1)
    assert "1 labels were taken back in the tool, which does not say when" in said
    dated = project(2, data, [(1, 1, 5.0, None, None, None)], [(0, 0, 9.0, None), (0, None, 10.0, None)])
    assert bring(dated, "--as=reviewer_1", kind="asreview")[0] == 0
    assert ("CBM:3", "withdraw", "", "", "1970-01-01T00:00:10.000Z") in told(review)


def test_an_account_of_asreview_is_named_by_its_number(review, tmp_path, bring):
    tags = json.dumps(
        [{"id": "g", "values": [{"id": "pop", "name": "Wrong population", "checked": True}, {"id": "n"}]}]
    )
    data = queue(review, tmp_path, "asreview")
    content = project(2, data, [(0, 0, 5.0, None, tags, 3)])
    assert '"account 3" decided once' in bring(content, kind="asreview")[1]
    assert bring(content, "--who=account 3=reviewer_2", kind="asreview")[0] == 0
    assert told(review, "reviewer_2") == [("CBM:3", "exclude", "population", "", "1970-01-01T00:00:05.000Z")]


# --- what and why ---


def test_at_title_and_abstract_an_unknown_reason_stands_in_the_note(review, bring):
    one = (*TWO[:-1], TWO[-1] + " | RAYYAN-EXCLUSION-REASONS: Wrong Population,too old")
    assert bring(rayyan(one), READER_A)[0] == 0
    assert told(review) == [("PubMed:102", "exclude", "population", "Rayyan: too old", "")]


@pytest.mark.parametrize(
    ("reasons", "says"),
    [
        (" | RAYYAN-EXCLUSION-REASONS: too old", ':2: reason: no reason of the review is called "too old"'),
        (" | RAYYAN-EXCLUSION-REASONS: design,population", ":2: reason: it has 2 reasons: design; population"),
        ("", ":2: reason: an exclusion at full text without its reason"),
    ],
)
def test_at_full_text_an_exclusion_needs_one_reason_that_the_review_has(reasons, says, review, bring):
    status, said = bring(rayyan((*TWO[:-1], TWO[-1] + reasons)), READER_A, stage="full_text")
    assert (status, written(review)) == (1, {})
    assert says in said


def test_a_reason_is_mapped_to_a_code_or_away(review, bring):
    one = (*TWO[:-1], TWO[-1] + " | RAYYAN-EXCLUSION-REASONS: Too Old,no abstract")
    given = ("--reason=too old=design", "--reason=no abstract=")
    assert bring(rayyan(one), READER_A, *given, stage="full_text")[0] == 0
    assert told(review, stage="full_text") == [("PubMed:102", "exclude", "design", "Rayyan: no abstract", "")]
    assert gate(review, "full_text") == []


def test_who_of_two_gave_a_reason_is_not_guessed(review, bring):
    both = (
        *TWO[:-1],
        'RAYYAN-INCLUSION: {"Reader A"=>"Excluded", "Reader B"=>"Excluded"} | RAYYAN-EXCLUSION-REASONS: design',
    )
    status, said = bring(rayyan(both), READER_A, READER_B, stage="full_text")
    assert status == 1
    assert "several people excluded it, and who gave design is not said" in said
    assert bring(rayyan(both), READER_A, READER_B)[0] == 0
    assert told(review) == told(review, "reviewer_2") == [("PubMed:102", "exclude", "", "Rayyan: design", "")]


def test_a_list_of_covidence_that_says_other_than_the_person_is_refused(review, tmp_path, bring):
    row = table(queue(review, tmp_path, "covidence"))[0] | {"Notes": "Exclusion reason: design; "}
    status, said = bring(csv_text([row]), "--decision=include", "--as=reviewer_1", kind="covidence")
    assert (status, written(review)) == (1, {})
    assert "it says exclude, and --decision says include" in said


def test_what_the_export_took_out_is_not_taken_in_again(review, tmp_path, bring):
    assert bring(rayyan(ONE, TWO), READER_A, READER_B)[0] == 0
    out = tmp_path / "own.csv"
    given = ["export", "--format", "rayyan", "--reviewer", "reviewer_1", "--stage", "title_abstract"]
    assert main([*given, "--directory", str(review), "--output", str(out)]) == 0
    before = written(review)
    status, said = bring(out.read_bytes())
    assert (status, written(review)) == (0, before)
    assert "2 decisions are those that the export from here took out" in said
    assert "the export has no decisions" in said


# --- which record ---


@pytest.mark.parametrize(
    ("row", "record"),
    [
        (("PubMed:104", "", "", "", "", ""), "PubMed:104"),
        (("1", "", "", "https://doi.org/10.1000/D", "", ""), "PubMed:104"),
        (("1", "", "", "", "104", ""), "PubMed:104"),
        (("1", "GAMMA!", "2020", "", "", ""), "CBM:3"),
        (("1", "Alpha of X", "2020", "10.1000/a", "", ""), "PubMed:101"),  # two records, one report
        (("1", "Same words", "2020", "10.1000/f", "", ""), "PubMed:106"),
    ],
)
def test_a_record_is_found_by_what_is_told_of_it(row, record, review, bring):
    assert bring(rayyan((*row[:-1], TWO[-1])), READER_A)[0] == 0
    assert [line[0] for line in told(review)] == [record]


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (("1", "Same words", "2020", "", ""), '"Same words" may be any of PubMed:105, PubMed:106'),
        (("1", "Delta", "2020", "10.1000/a", "104"), '"Delta" may be any of Embase:L1, PubMed:101, PubMed:104'),
        (("1", "Delta", "2019", "", ""), '"Delta" is no record of the review'),
        (("1", "Delta", "2020", "10.1000/zz", ""), '"Delta" is no record of the review'),
        (("104", "Nothing", "", "", ""), '"Nothing" is no record of the review'),  # a number of the tool's own
    ],
)
def test_what_may_be_several_or_none_is_listed_and_nothing_is_written(row, says, review, bring):
    status, said = bring(rayyan(ONE, (*row, TWO[-1])), READER_A, READER_B)
    assert (status, written(review)) == (1, {})
    assert f":3: {says}" in said
    status, said = bring(rayyan(ONE, (*row, TWO[-1])), READER_A, READER_B, "--skip-unmatched")
    assert (status, len(told(review))) == (0, 1)
    assert "left out: " in said
    assert says in said


def test_a_project_whose_data_set_was_changed_goes_by_the_titles_in_its_database(review, tmp_path, bring):
    data = queue(review, tmp_path, "asreview")
    rows = table(data)
    store = [(i, len(rows) - 1 - i, row["title"], "", 2020, row["doi"], "") for i, row in enumerate(rows)]
    number = next(i for i, row in enumerate(rows) if row["reviewflow_id"] == "PubMed:104")
    content = project(3, data, [(number, 1, 5.0, None, None, None)], store=store)
    assert bring(content, "--as=reviewer_1", kind="asreview")[0] == 0
    assert [row[0] for row in told(review)] == ["PubMed:104"]


def test_of_several_reviews_in_a_project_the_first_that_it_names_counts(review, tmp_path, bring):
    """A project of version 1 keeps what was left behind when a data set was chosen anew."""
    data = queue(review, tmp_path, "asreview")
    with zipfile.ZipFile(io.BytesIO(project(1, data, [(0, 1, 5 * 10**12, None, None, None)]))) as packed:
        files = {name: packed.read(name) for name in packed.namelist()}
    with zipfile.ZipFile(io.BytesIO(project(1, data, [(1, 0, 5 * 10**12, None, None, None)]))) as packed:
        files["reviews/r0/results.sql"] = packed.read("reviews/r1/results.sql")
    assert bring(zipped(files), "--as=reviewer_1", kind="asreview")[0] == 0
    assert [row[:2] for row in told(review)] == [("CBM:3", "include")]


def test_a_project_of_a_data_set_that_is_not_ours_goes_by_doi_and_title(review, bring):
    data = "title,abstract,doi\nDelta,,\nGamma,,\nx,,10.1000/E\n"
    results = [(number, 1, 5.0, None, None, None) for number in range(3)]
    assert bring(project(2, data, results, name="data.xlsx"), "--as=reviewer_1", kind="asreview")[0] == 0
    assert sorted(row[0] for row in told(review)) == ["CBM:3", "PubMed:104", "PubMed:105"]


# --- nothing twice, and all or nothing ---


def test_the_same_export_twice_adds_nothing_and_says_so(review, bring):
    assert bring(rayyan(ONE, REASONED), READER_A, READER_B)[0] == 0
    before = written(review)
    status, said = bring(rayyan(REASONED, ONE), READER_A, READER_B, name="renamed.csv")
    assert (status, written(review)) == (0, before)
    assert "nothing new" in said
    assert "2 were there already" in said


def test_a_later_export_adds_what_is_new(review, bring):
    assert bring(rayyan(ONE), READER_A, READER_B)[0] == 0
    assert bring(rayyan(ONE, TWO), READER_A, READER_B)[0] == 0
    assert [row[0] for row in told(review)] == ["PubMed:101", "PubMed:102"]


def test_another_decision_without_a_time_is_refused(review, bring):
    assert bring(rayyan(TWO), READER_A)[0] == 0
    before = written(review)
    status, said = bring(rayyan((*TWO[:-1], TWO[-1].replace("Excluded", "Included"))), READER_A)
    assert (status, written(review)) == (1, before)
    assert "PubMed:102: include, but line 2 of records/screening/title_abstract/reviewer_1.csv says exclude" in said


def test_two_entries_of_one_record_that_contradict_each_other_are_refused(review, bring):
    again = ("x", "", "", "", "102", TWO[-1].replace("Excluded", "Included"))
    status, said = bring(rayyan(TWO, again), READER_A)
    assert (status, written(review)) == (1, {})
    assert "line 2 decides otherwise on PubMed:102 at the same time or at none" in said


def journal(review, who="reviewer_1"):
    file = f"records/screening/title_abstract/{who}.csv"
    return Journal(review, "title_abstract", who, file, ["decided_at", "record_id", "decision", "reason", "note"])


def test_an_older_decision_stands_behind_newer_ones_and_does_not_override_them(review, bring):
    with journal(review) as own:
        own.append({"record_id": "PubMed:102", "decision": "include"})
    content = zipped({"articles.csv": rayyan(ONE, REASONED), "customizations_log.csv": LOG})
    assert bring(content, READER_A, READER_B, *MAILS)[0] == 0
    with journal(review) as own:
        own.append({"record_id": "PubMed:101", "decision": "unsure"})
    rows = lines(review)
    assert holding(rows).set_index("record_id")["decision"].to_dict() == {
        "PubMed:101": "unsure",
        "PubMed:102": "include",
    }
    states = verify("title_abstract", "reviewer_1", rows.to_dict("records"))
    assert {(state.state, state.problem) for state in states} == {("sealed", "")}
    assert rows["imported"].map(bool).tolist() == [False, True, True, True, False]


def test_a_dry_run_writes_nothing_and_locks_nothing(review, bring):
    with journal(review):
        status, said = bring(rayyan(TWO), READER_A, "--dry-run")
        assert status == 0
        assert "1 decision would be written" in said
        status, said = bring(rayyan(ONE, TWO), READER_A, READER_B)
    assert status == 1
    assert "is open in another window or process" in said
    assert list(written(review)) == []


def test_where_the_second_file_is_in_use_no_first_one_is_left_behind(review, bring):
    with journal(review, "reviewer_2"):
        status, said = bring(rayyan(ONE, TWO), READER_A, READER_B)
    assert (status, list(written(review))) == (1, [])
    assert "reviewer_2.csv is open in another window or process" in said


def test_where_the_second_file_cannot_be_written_the_first_is_put_back(review, bring, monkeypatch):
    with journal(review) as own:
        own.append({"record_id": "PubMed:104", "decision": "include"})
    bring(rayyan(("PubMed:105", "", "", "", "", TWO[-1])), READER_A)
    before = written(review)
    put = Behind.put

    def failing(self, content):
        if self.person == "reviewer_2":
            raise OSError("no space left on device")
        put(self, content)

    monkeypatch.setattr(Behind, "put", failing)
    status, said = bring(rayyan(ONE, TWO), READER_A, READER_B)
    assert status == 1
    assert "no space left" in said
    assert written(review) == before


def test_a_kill_between_two_files_leaves_each_whole_and_the_same_import_adds_the_rest(review, tmp_path):
    (tmp_path / "export.csv").write_text(rayyan(ONE, TWO), encoding="utf-8")
    given = [
        "import",
        str(tmp_path / "export.csv"),
        "--format",
        "rayyan",
        "--stage",
        "title_abstract",
        READER_A,
        READER_B,
    ]
    given += ["--directory", str(review)]
    code = (
        "import os, sys\n"
        "from reviewflow.cli import main\n"
        "from reviewflow.events.imported import Behind\n"
        "put = Behind.put\n"
        "def killed(self, content):\n"
        "    if self.person == 'reviewer_2': os.kill(os.getpid(), 9)\n"
        "    put(self, content)\n"
        "Behind.put = killed\n"
        "main(sys.argv[1:])\n"
    )
    library = os.pathsep.join(sys.path)
    done = subprocess.run([sys.executable, "-c", code, *given], env=os.environ | {"PYTHONPATH": library}, check=False)
    assert done.returncode == -9
    assert len(told(review)) == 2
    assert told(review, "reviewer_2") == []
    assert main(given) == 0
    assert (len(told(review)), len(told(review, "reviewer_2"))) == (2, 1)


# --- what spreadsheets and others make of a file ---


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_table_may_come_from_any_spreadsheet(delimiter, mark, review, bring):
    rows = table(rayyan(ONE, (*REASONED[:-1], REASONED[-1].replace("why | not", "one\r\ntwo"))))
    content = (mark + csv_text(rows, delimiter, "\r\n")).encode()
    assert bring(content, READER_A, READER_B)[0] == 0
    assert told(review)[1] == ("PubMed:102", "exclude", "population", "one\ntwo", "")
    assert bring(content.decode("utf-8-sig").encode("utf-16"), READER_A, READER_B)[0] == 0
    assert len(told(review)) == 2


def test_a_note_of_any_length_stays_whole_and_no_spreadsheet_runs_it(review, bring):
    long = "=cmd|' /C calc'!A0" + "0123456 " * 30_000
    one = (*TWO[:-1], TWO[-1] + f' | USER-NOTES: {{"Reader A"=>["{long}"]}}')
    assert bring(rayyan(one), READER_A, name="=1+1, x.csv")[0] == 0
    assert told(review)[0][3] == f"'{long}".strip()
    assert lines(review).at[0, "imported"].startswith("'=1+1, x.csv, Rayyan, 20")
    assert bring(rayyan(one), READER_A, name="=1+1, x.csv")[1].count("1 were there already") == 1


def test_a_file_that_is_no_export_is_a_fault(review, tmp_path, bring):
    data = queue(review, tmp_path, "asreview")
    good = project(2, data, [(0, 1, 5.0, None, None, None)])
    cases = [
        ("asreview", b"\xff\xfa\x00", "the file is not UTF-8"),
        ("asreview", zipped({"xl/workbook.xml": "x"}), "it is an archive, as a workbook is; export from ASReview as CSV"),
        ("covidence", zipped({"xl/workbook.xml": "x"}), "export from Covidence as CSV"),
        ("rayyan", zipped({"a.csv": "x", "b.csv": "y"}), "the archive has a.csv, b.csv"),
        ("asreview", good[: len(good) // 2], "the archive cannot be read"),
        ("asreview", zipped({"project.json": "{}", "results.db": b"no database"}), "the database cannot be read"),
        ("asreview", zipped({"project.json": "{}"}), "it names no database of labels"),
        ("asreview", zipped({"project.json": "{}", "results.db": "", "results.db-wal": "x"}), "while ASReview was writing"),
        ("asreview", project(1, data, [], name="data.xlsx"), "its data set has 0 entries that can be read"),
        ("rayyan", b"", "the file has no header"),
    ]  # fmt: skip
    for kind, content, says in cases:
        status, said = bring(content, "--as=reviewer_1", kind=kind, name="x")
        assert (status, written(review)) == (1, {}), says
        assert says in said


def test_a_bomb_is_not_unpacked_and_a_path_out_of_the_archive_leads_nowhere(review, tmp_path, bring, monkeypatch):
    monkeypatch.setattr(archive, "LIMIT", 10_000)
    bomb = zipped({"articles.csv": b"0" * 50_000_000, "customizations_log.csv": LOG})
    assert len(bomb) < 60_000
    status, said = bring(bomb, READER_A)
    assert status == 1
    assert "articles.csv in it is larger than 10000 bytes" in said
    monkeypatch.undo()
    (tmp_path / "secret.csv").write_text("title,included\nAlpha of x,1\n")
    content = project(1, "title,included\n", [(0, 1, 5, None)], name="../../secret.csv")
    status, said = bring(content, "--as=reviewer_1", kind="asreview")
    assert (status, written(review)) == (1, {})
    assert not [path for path in tmp_path.rglob("*") if path.name == "results.sql"]


def test_a_view_in_the_place_of_a_table_is_not_run(review, tmp_path, bring):
    with sqlite3.connect(tmp_path / "x.db") as made:
        made.execute(
            "CREATE VIEW results AS WITH RECURSIVE n(record_id) AS (SELECT 1 UNION ALL SELECT record_id + 1 FROM n) "
            "SELECT record_id, 1 AS label, 5.0 AS time FROM n"
        )
    content = zipped({"project.json": "{}", "results.db": (tmp_path / "x.db").read_bytes()})
    status, said = bring(content, "--as=reviewer_1", kind="asreview", name="p.asreview")
    assert status == 1
    assert "its database has no labels" in said


def test_damaged_projects_are_faults_and_never_a_crash(review, tmp_path, bring):
    data = queue(review, tmp_path, "asreview")
    good = bytearray(project(3, data, [(i, i % 2, 5.0 + i, "n", None, None) for i in range(6)]))
    chance = random.Random(1)
    for _ in range(60):
        bad = bytearray(good)
        for _ in range(3):
            bad[chance.randrange(len(bad))] = chance.randrange(256)
        status, said = bring(bytes(bad), "--as=reviewer_1", "--dry-run", kind="asreview", name="p.asreview")
        assert status in (0, 1)
        assert said
    assert written(review) == {}
