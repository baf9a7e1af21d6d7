"""What tools give back: their own columns and words, ours changed or gone, and entries that nobody can identify."""

import pandas as pd
import pytest
from reviewflow.interchange import read, write
from reviewflow.interchange.columns import blank
from reviewflow.tables import DataFaults

ONE = {"record_id": "PubMed:1", "accession": "1", "title": "One", "keywords": "a; b", "notes": "seen"}
TWO = {"record_id": "PubMed:2", "accession": "2", "title": "Two", "decision": "exclude", "reason": "wrong_design"}
TWO |= {"stage": "full_text", "note": "see; p. 3"}
TOLD = ["record_id", "decision", "reason", "note", "reviewer", "decided_at", "stage", "origin", "line"]


def out(name, *rows):
    return write(name, pd.DataFrame([blank() | row for row in rows], dtype=object))


def told(back):
    assert back.faults == []
    return [tuple(row) for row in back.decisions[TOLD].to_numpy().tolist()]


def problems(back):
    return [(fault.line, fault.problem) for fault in back.faults]


# --- Rayyan ---

RAYYAN = (
    'RAYYAN-INCLUSION: {"Ana"=>"Excluded", "Bo"=>"Maybe"} | RAYYAN-LABELS: rct,adults | '
    'RAYYAN-EXCLUSION-REASONS: wrong population,no abstract | USER-NOTES: {"Bo"=>["look, again", "a \\"b\\" } c"]}'
    " | reviewflow: record_id=PubMed:1"
)


def test_rayyan_gives_a_row_for_each_reviewer():
    text = 'key,title,notes\nrayyan-77,One,"' + RAYYAN.replace('"', '""') + '"\n'
    reviewer_1 = ("PubMed:1", "exclude", "wrong population; no abstract", "", "Ana", "", "", "told", 2)
    bo = ("PubMed:1", "unsure", "", 'look, again; a "b" } c', "Bo", "", "", "told", 2)
    assert told(read("rayyan", text)) == [reviewer_1, bo]


def test_rayyan_as_ris_gives_the_same():
    notes = RAYYAN.replace(" | reviewflow", "\nN1  - reviewflow")
    text = f"TY  - JOUR\nAN  - rayyan-77\nTI  - One\nKW  - a\nN1  - {notes}\nER  - \n"
    back = read("rayyan", text)
    assert [row[1] for row in told(back)] == ["exclude", "unsure"]
    assert back.records.loc[0, ["accession", "keywords"]].tolist() == ["", "a"]


def test_a_word_that_rayyan_is_not_known_to_use_is_a_fault():
    text = out("rayyan", TWO).replace("Excluded", "Perhaps")
    assert problems(read("rayyan", text)) == [(2, 'the decision "Perhaps" is unknown')]


def test_what_rayyan_left_alone_is_carried_and_what_it_changed_is_told():
    text = out("rayyan", ONE, TWO)
    one, two = told(read("rayyan", text))
    assert one == ("PubMed:1", "", "", "", "", "", "", "", 2)
    assert two == ("PubMed:2", "exclude", "wrong_design", "see; p. 3", "", "", "full_text", "carried", 3)
    changed = read("rayyan", text.replace("Excluded", "Included"))
    assert told(changed)[1] == ("PubMed:2", "include", "", "", "", "", "", "told", 3)


# --- ASReview ---


def asreview(text, *cells):
    """A data set as ASReview exports it: its own columns behind."""
    header, *lines = text.splitlines()
    names = "asreview_label,asreview_time,asreview_note,asreview_user_name,asreview_classifier"
    return "\n".join([f"{header},{names}", *(f"{line},{more}" for line, more in zip(lines, cells, strict=True)), ""])


def test_asreview_says_who_and_when_and_its_label_holds():
    text = asreview(out("asreview", ONE, TWO), "1,2025-09-07 10:00:00,good,Ana,svm", "1.0,2025-09-07 10:05:00,,,")
    first = ("PubMed:1", "include", "", "good", "Ana", "2025-09-07 10:00:00", "", "told", 2)
    assert told(read("asreview", text)) == [
        first, ("PubMed:2", "include", "", "", "", "2025-09-07 10:05:00", "", "told", 3),
    ]  # fmt: skip


def test_asreview_leaves_what_nobody_has_seen_blank():
    text = asreview(out("asreview", ONE, TWO), ",,,,", ",,,,")
    assert [row[1] for row in told(read("asreview", text))] == ["", "exclude"]


@pytest.mark.parametrize("column", ["included", "label", "final_included", "Label_Included", "include"])
def test_each_name_of_asreview_s_label_is_known(column):
    text = f"reviewflow_id,title,{column}\nS:1,One,1\nS:2,Two,0\nS:3,Three,\nS:4,Four,-1\n"
    assert [row[1] for row in told(read("asreview", text))] == ["include", "exclude", "", ""]


def test_a_label_that_is_none_is_a_fault():
    back = read("asreview", "reviewflow_id,title,included\nS:1,One,2\nS:2,Two,1\n", "a.csv")
    assert problems(back) == [(2, '"2" in included is not 1, 0 or blank')]
    assert str(back.faults[0]).startswith("a.csv:2: ")
    assert back.decisions["record_id"].tolist() == ["S:2"]


def test_asreview_s_notes_in_ris_are_known():
    marker = "N1  - reviewflow: record_id="
    text = (
        f"1.\nTY  - JOUR\nTI  - One\nN1  - ASReview_relevant\n{marker}S:1\nN1  - asreview_note: \"good\"\n"
        f"N1  - asreview_time: \"2025-09-07 10:00:00\"\nER  - \n\n2.\nTY  - JOUR\nN1  - ASReview_not_seen\n{marker}S:2\n"
        f"ER  - \n\n3.\nTY  - JOUR\nN1  - <p>ASReview_irrelevant</p>\n{marker}S:3\nER  - \n"
    )  # fmt: skip
    back = read("asreview", text)
    assert [row[1] for row in told(back)] == ["include", "", "exclude"]
    assert told(back)[0][3:6] == ("good", "", "2025-09-07 10:00:00")
    assert back.records["notes"].tolist() == ["", "", ""]


# --- Covidence ---

COVIDENCE = "Title,Authors,Accession Number,DOI,Ref,Covidence #,Study,Notes,Tags\n"


def test_covidence_is_known_by_accession_where_ours_is_gone():
    back = read("covidence", f"{COVIDENCE}One,,1,,,#1,Gu 2020,,\n", known=["PubMed:1", "PubMed:2"])
    assert told(back) == [("PubMed:1", "", "", "", "", "", "", "", 2)]


def test_an_accession_of_two_records_is_a_fault_and_not_guessed():
    back = read("covidence", f"{COVIDENCE}One,,1,,,#1,Gu 2020,,\n", known=["PubMed:1", "Embase:1"])
    assert problems(back) == [(2, 'accession 1 of "One" belongs to Embase:1, PubMed:1')]


def test_covidence_s_exclusion_reason_is_read():
    back = read("covidence", f'{COVIDENCE}One,,1,,,#1,Gu 2020,"Exclusion reason: Wrong population; ",\n', known=["P:1"])
    assert told(back)[0][:3] == ("P:1", "exclude", "Wrong population")


def test_tags_that_contradict_each_other_are_a_fault():
    text = out("covidence", TWO).replace("status:excluded;", "status:excluded; status:included;")
    assert problems(read("covidence", text)) == [(2, "the tags say exclude and include")]


# --- reference managers ---


def test_zotero_wraps_notes_and_sorts_keywords():
    text = out("ris", ONE, TWO).replace("\r\n", "\n")
    text = text.replace("KW  - a\nKW  - b\n", "KW  - b\nKW  - a\n").replace("N1  - seen", "N1  - <p>seen</p>")
    text = "\n".join(f"N1  - <p>{li[6:]}</p>" if li.startswith("N1  - rev") else li for li in text.split("\n"))
    back = read("ris", text.replace("LB  - PubMed:1\n", "").replace("LB  - PubMed:2\n", ""))
    assert [row[:3] for row in told(back)] == [("PubMed:1", "", ""), ("PubMed:2", "exclude", "wrong_design")]
    assert back.records.loc[0, ["keywords", "notes"]].tolist() == ["b; a", "seen"]


def test_a_keyword_that_somebody_changed_holds():
    text = out("ris", TWO).replace("KW  - status:excluded", "KW  - status:included").replace("KW  - reason:", "XX  - ")
    assert told(read("ris", text))[0][:3] == ("PubMed:2", "include", "")
    assert told(read("ris", text))[0][-2] == "told"


def test_two_statuses_are_a_fault():
    text = out("ris", TWO).replace("KW  - status", "KW  - status:unsure\r\nKW  - status")
    assert problems(read("ris", text, "x.ris")) == [(1, "the keywords say exclude and unsure")]


@pytest.mark.parametrize("gone", ["N1  - reviewflow", "LB  - ", "both"])
def test_one_place_of_the_record_id_is_enough(gone):
    lost = ("N1  - reviewflow", "LB  - ") if gone == "both" else (gone,)
    text = "\n".join(line for line in out("ris", ONE, TWO).split("\r\n") if not line.startswith(lost))
    back = read("ris", text, known=["PubMed:1", "PubMed:2"])
    assert back.decisions["record_id"].tolist() == ["PubMed:1", "PubMed:2"]
    assert back.decisions["decision"].tolist() == ["", "exclude"]


def test_a_record_without_accession_has_its_record_id_in_its_place():
    bare = {"record_id": "CBM:00ff", "title": "One"}
    text = "\n".join(li for li in out("ris", bare).split("\r\n") if not li.startswith(("N1  - r", "LB  - ")))
    assert read("ris", text, known=["CBM:00ff"]).decisions["record_id"].tolist() == ["CBM:00ff"]
    assert read("ris", out("ris", bare)).records.at[0, "accession"] == ""


# --- what cannot be identified ---


def test_an_entry_that_names_no_record_is_a_fault_with_its_line():
    text = out("ris", ONE) + "TY  - JOUR\r\nTI  - Added by hand\r\nER  - \r\n"
    back = read("ris", text, "back.ris", known=["PubMed:1"])
    assert problems(back) == [
        (text.count("\r\n", 0, text.index("Added")), 'nothing says which record "Added by hand" is')
    ]
    assert back.decisions["record_id"].tolist() == ["PubMed:1"]
    assert len(back.records) + len(back.faults) == 2


def test_a_record_of_another_review_is_a_fault():
    assert problems(read("ris", out("ris", ONE), known=["PubMed:9"])) == [(1, "PubMed:1 is no record of the review")]


def test_an_entry_that_somebody_merged_from_two_is_a_fault():
    text = out("ris", ONE).replace("LB  - PubMed:1", "LB  - PubMed:2")
    assert problems(read("ris", text)) == [(1, "the entry names 2 records: PubMed:1, PubMed:2")]


def test_rows_that_do_not_fit_the_header_are_faults_and_what_is_no_table_is_refused():
    back = read("csv", "record_id;title\nS:1;One\nS:2;Two;more\n", "a.csv")
    assert problems(back) == [(3, "3 cells where the header has 2")]
    assert back.decisions["record_id"].tolist() == ["S:1"]
    with pytest.raises(DataFaults, match="no header"):
        read("csv", "")
    with pytest.raises(DataFaults, match="not CSV"):
        read("csv", 'record_id,title\nS:1,"One\n')
