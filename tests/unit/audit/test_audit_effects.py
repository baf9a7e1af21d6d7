"""What decisions come to: without effect, collisions, adjudicators who voted, texts that changed, and the state."""

import pytest
from audit_sample import audited, found, material, people, people_file, votes
from reviewflow.audit.effects import own_adjudicators
from reviewflow.audit.state import balance, identities
from reviewflow.events.seen import seen_digest
from reviewflow.tables import frame

STAGE = "title_abstract"
INCLUDE = ("2020-01-02T10:00:00Z", "a", "include")
EXCLUDE = ("2020-01-02T11:00:00Z", "a", "exclude")


def both(stage, *decisions):
    return {f"{stage}_{who}": people_file(stage, who, *decisions) for who in ("reviewer_1", "reviewer_2")}


def audit_of(reports=None, amendments=None, route="database", config=None, **files):
    given = material(reports or {"a": ["a"]}, people(**files), route, **(config or {}))
    return audited(given, amendments)["findings"]


def conflict():
    return {"title_abstract_reviewer_1": people_file(STAGE, "reviewer_1", INCLUDE),
            "title_abstract_reviewer_2": people_file(STAGE, "reviewer_2", EXCLUDE)}  # fmt: skip


def ruling(*decisions):
    return {"title_abstract_adjudication": people_file(STAGE, "adjudication", *decisions)}


def test_an_adjudication_where_the_votes_agree_has_no_effect_and_one_of_a_conflict_has():
    third = ruling(("2020-01-03T10:00:00Z", "a", "include"))
    assert found(audit_of(**both(STAGE, INCLUDE), **third), "no_effect") == [("note", f"{STAGE}/adjudication.csv", 2)]
    assert found(audit_of(**conflict(), **third), "no_effect") == []


def test_an_adjudication_before_all_votes_are_there_has_no_effect():
    early = {"title_abstract_reviewer_1": people_file(STAGE, "reviewer_1", INCLUDE)}
    findings = audit_of(**early, **ruling(("2020-01-03T10:00:00Z", "a", "include")))
    assert found(findings, "no_effect") == [("note", f"{STAGE}/adjudication.csv", 2)]


@pytest.mark.parametrize(("vote", "n"), [("exclude", 1), ("include", 0)])
def test_votes_at_full_text_on_a_report_that_was_excluded_before_have_no_effect(vote, n):
    screened = both(STAGE, ("2020-01-02T10:00:00Z", "a", vote))
    judged = both("full_text", ("2020-02-02T10:00:00Z", "a", "include"))
    findings = found(audit_of(**screened, **judged), "no_effect")
    assert findings == [("note", "full_text/reviewer_1.csv", 2)] * n


def test_votes_at_title_and_abstract_on_a_report_of_other_methods_have_no_effect():
    findings = audit_of(route="other", **both(STAGE, INCLUDE))
    assert found(findings, "no_effect") == [("note", f"{STAGE}/reviewer_1.csv", 2)]


@pytest.mark.parametrize(("needed", "n"), [(1, 1), (2, 0)])
def test_votes_beyond_those_that_are_needed_are_counted(needed, n):
    findings = audit_of(config={"reviewers_per_report": needed}, **both(STAGE, INCLUDE))
    assert found(findings, "no_effect") == [("note", "", None)] * n


def test_a_collision_is_a_warning():
    lines = (INCLUDE, ("2020-01-02T10:05:00Z", "a2", "exclude"))
    assert found(audit_of({"a": ["a", "a2"]}, **both(STAGE, *lines)), "collision") == [("warning", "", None)]
    assert found(audit_of({"a": ["a"], "a2": ["a2"]}, **both(STAGE, *lines)), "collision") == []


@pytest.mark.parametrize(("name", "n"), [("Reviewer_1 ", 1), ("reviewer_3", 0)])
def test_an_adjudicator_who_voted_on_the_report_is_an_error_however_the_name_is_written(name, n):
    third = people_file(STAGE, "adjudication", EXCLUDE).assign(adjudicator=name)
    lines = votes(people_file(STAGE, "reviewer_1", INCLUDE), third)
    assert [f.severity for f in own_adjudicators(lines)] == ["error"] * n


def test_a_decision_on_a_text_that_is_another_now_is_a_warning():
    now = seen_digest("Title of a", "", "Of cells.")
    assert found(audit_of(**both(STAGE, (*INCLUDE, "", now))), "seen") == []
    then = seen_digest("Title of a", "", "Of other cells.")
    findings = found(audit_of(**both(STAGE, (*INCLUDE, "", then))), "seen")
    assert findings == [("warning", f"{STAGE}/{who}.csv", 2) for who in ("reviewer_1", "reviewer_2")]


def test_the_text_of_a_decision_that_no_longer_holds_does_not_matter():
    then = seen_digest("Title of a", "", "Of other cells.")
    assert found(audit_of(**both(STAGE, (*INCLUDE, "", then), EXCLUDE)), "seen") == []


def test_how_a_text_is_composed_and_spaced_is_not_seen_and_where_it_stands_is():
    assert seen_digest("Sjo\u0308gren", "", "a  b\nc") == seen_digest("Sj\u00f6gren", "", " a b c ")
    assert seen_digest("a", "", "b") != seen_digest("a", "b", "")
    assert seen_digest("a", "", "b")[0] == "t"
    assert len(seen_digest("a", "", "b")) == 13


def test_what_waits_is_counted_by_person_and_a_conflict_is_a_warning():
    findings = found(audit_of({"a": ["a"], "b": ["b"], "c": ["c"]}, **conflict()), "unresolved")
    places = {(severity, file) for severity, file, _ in findings}
    assert places == {
        ("warning", f"{STAGE}/adjudication.csv"), ("note", f"{STAGE}/reviewer_1.csv"), ("note", f"{STAGE}/reviewer_2.csv"),
    }  # fmt: skip


def test_nothing_waits_in_a_review_whose_reports_are_all_decided():
    assert found(audit_of(**both(STAGE, EXCLUDE)), "unresolved") == []


@pytest.mark.parametrize(("ok", "n"), [(False, 1), (True, 0)])
def test_an_identity_or_an_export_that_does_not_add_up_is_an_error(ok, n):
    broken = frame(
        "results/screening/identities", [{"identity": "H2", "statement": "a = b", "left": 1, "right": 2, "ok": ok}]
    )
    export = frame(
        "results/search/balance", [{"export_file": "a.ris", "ok": ok, "entries": 3, "parsed": 2, "rejected": 0}]
    )
    assert [f.severity for f in identities(broken, "results/screening/identities.csv")] == ["error"] * n
    assert [f.severity for f in balance(export)] == ["error"] * n


@pytest.mark.parametrize(
    ("day", "section", "n"),
    [
        ("2020-01-03", "Eligibility", 1),
        ("2020-01-03", "纳入标准", 1),
        ("2020-01-03", "Outcomes", 0),
        ("2020-01-02", "Eligibility", 0),
        ("2019-12-01", "Eligibility", 0),
    ],
)
def test_criteria_that_changed_when_decisions_had_begun_are_a_note(day, section, n):
    change = {"date": day, "section": section, "change": "Adults only", "reason": "Too many"}
    found_ones = found(audit_of(amendments=[change], **both(STAGE, INCLUDE)), "amendment")
    assert found_ones == [("note", "records/amendments.csv", 2)] * n


def test_findings_are_sorted_by_severity_and_the_table_says_each_once():
    files = both(STAGE, INCLUDE, ("2019-01-01", "b", "include"))
    table = audit_of({"a": ["a"], "b": ["b"], "c": ["c"]}, **files, **ruling(("2020-01-03", "a", "include")))
    ranks = table["rank"].tolist()
    assert ranks == sorted(ranks)
    assert set(zip(table["rank"], table["severity"], strict=True)) <= {(1, "error"), (2, "warning"), (3, "note")}
    assert not table.duplicated().any()
