"""From votes to the ledger: consensus, collisions, queue and flow on small reviews written out."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reviewflow import screening
from reviewflow.boxes import PENDING
from reviewflow.screening import People, Rules, decide
from reviewflow.screening.contributions import contributions
from reviewflow.tables import empty_people, frame, rows_of
from screening_sample import CONFIG, both, count, events, review, states, vote

TITLE = Rules(2, unsure_is_conflict=False, reasons_matter=False)
FULL = Rules(2, unsure_is_conflict=True, reasons_matter=True)


@pytest.mark.parametrize(
    ("votes", "third", "rules", "expected"),
    [
        (["include", "unsure"], None, TITLE, ("agreed", "include", "", "")),
        (["exclude", "exclude"], None, TITLE, ("agreed", "exclude", "", "")),
        (["include"], None, TITLE, ("incomplete", "", "", "")),
        (["include"], "include", TITLE, ("incomplete", "", "", "")),
        (["include", "exclude"], None, TITLE, ("conflict", "", "", "decision")),
        (["unsure", "exclude"], "exclude", TITLE, ("adjudicated", "exclude", "", "decision")),
        (["include", "include"], "exclude", TITLE, ("agreed", "include", "", "")),
        (["exclude:a", "exclude:a"], None, FULL, ("agreed", "exclude", "a", "")),
        (["exclude:a", "exclude:b"], None, FULL, ("conflict", "", "", "reason")),
        (["exclude:a", "exclude:b"], "exclude:b", FULL, ("adjudicated", "exclude", "b", "reason")),
        (["include", "unsure"], None, FULL, ("conflict", "", "", "decision")),
    ],
)
def test_consensus_of_two_votes(votes, third, rules, expected):
    given_votes = {f"r{i}": vote(v) for i, v in enumerate(votes)}
    outcome = decide(given_votes, vote(third) if third else None, rules)
    assert (outcome.consensus, outcome.decision, outcome.reason, outcome.kind) == expected


def test_a_report_goes_through_every_state():
    reports = {k: [k] for k in "abcdefgh"}
    screened = [("2020-01-01", k, "exclude" if k == "a" else "include", "") for k in "abcdefg"]
    judged = [
        ("2020-02-01", "e", "exclude", "x"),
        ("2020-02-01", "f", "include", ""),
        ("2020-02-01", "g", "include", ""),
    ]
    retrieval = pd.DataFrame(
        [(r, s, "", "") for r, s in (("b", "not_retrieved"), ("c", "awaiting"), ("d", "retrieved"))],
        columns=["record_id", "status", "file", "note"],
    ).assign(_file="retrieval.csv", _line=2)
    links = pd.DataFrame([("s1", "f", "primary", "")], columns=["study_id", "record_id", "role", "note"]).assign(
        _file="l", _line=2
    )
    result = review(reports, title_abstract=both(*screened), full_text=both(*judged), retrieval=retrieval, links=links)
    assert states(result) == {
        "a": "excluded_title_abstract", "b": "not_retrieved", "c": "awaiting_retrieval", "d": "awaiting_full_text",
        "e": "excluded_full_text", "f": "included", "g": "included", "h": "awaiting_title_abstract",
    }  # fmt: skip
    names = ("records_screened", "records_excluded", "records_awaiting", "dbr_sought_reports", "dbr_assessed", "new_reports", "new_studies")  # fmt: skip
    assert [count(result, n) for n in names] == [8, 1, 1, 6, 4, 2, 1]
    assert count(result, "dbr_excluded", "x") == 1
    asked = result["queue"][["stage", "report_id", "task", "person"]].values.tolist()
    assert sorted(asked) == [
        ["extraction", "g", "link_to_study", ""],
        ["full_text", "d", "decide", "reviewer_1"],
        ["full_text", "d", "decide", "reviewer_2"],
        ["retrieval", "c", "retrieve", ""],
        ["title_abstract", "h", "decide", "reviewer_1"],
        ["title_abstract", "h", "decide", "reviewer_2"],
    ]


def test_the_newest_line_of_a_record_holds_whatever_the_order_of_lines():
    lines = [("2020-01-02T10:00:00Z", "a", "exclude", ""), ("2020-01-02T09:00:00+02:00", "a", "include", "")]
    for order in (lines, lines[::-1]):
        result = review({"a": ["a"]}, title_abstract=both(*order))
        assert states(result) == {"a": "excluded_title_abstract"}


def test_different_decisions_on_records_of_one_report_are_a_collision_until_adjudicated():
    lines = [("2020-01-01", "a", "include", ""), ("2020-01-02", "a2", "exclude", "")]
    open_review = review({"a": ["a", "a2"]}, title_abstract=both(*lines))
    assert open_review["title_abstract"]["consensus"].tolist() == ["collision"]
    assert open_review["queue"][["task", "person"]].values.tolist() == [["resolve_collision", "reviewer_3"]]
    assert open_review["conflicts"]["votes"].tolist() == [
        "reviewer_1=include (a) / exclude (a2); reviewer_2=include (a) / exclude (a2)"
    ]
    third = [("2020-01-03", "a", "include", ""), ("2020-01-03", "a2", "include", "")]
    for lines_of_third, state in ((third, "awaiting_retrieval"), (third[:1], "conflict_title_abstract")):
        adjudicated = events(*lines_of_third, table="adjudication")
        settled = review({"a": ["a", "a2"]}, title_abstract=both(*lines), title_abstract_adjudication=adjudicated)
        assert states(settled) == {"a": state}


def test_an_adjudication_of_one_record_does_not_settle_a_collision_with_another():
    """E1 was in conflict and adjudicated; E2 was excluded by both; then they turn out to be one report."""
    reviewer_1 = [("2024-01-01", "e1", "include", ""), ("2024-01-01", "e2", "exclude", "")]
    reviewer_2 = [("2024-01-02", "e1", "exclude", ""), ("2024-01-02", "e2", "exclude", "")]
    third = events(("2024-01-03", "e1", "include", ""), table="adjudication")
    votes = {"reviewer_1": events(*reviewer_1), "reviewer_2": events(*reviewer_2)}
    result = review({"e1": ["e1", "e2"]}, title_abstract=votes, title_abstract_adjudication=third)
    assert states(result) == {"e1": "conflict_title_abstract"}
    assert result["queue"]["task"].tolist() == ["resolve_collision"]
    assert result["agreement"].empty or result["agreement"]["left_out"].tolist() == [1]


def test_include_and_unsure_of_one_reviewer_do_not_collide():
    lines = [("2020-01-01", "a", "include", ""), ("2020-01-02", "a2", "unsure", "")]
    assert states(review({"a": ["a", "a2"]}, title_abstract=both(*lines))) == {"a": "awaiting_retrieval"}


def test_two_reasons_of_one_reviewer_at_full_text_collide():
    lines = [("2020-02-01", "a", "exclude", "x"), ("2020-02-02", "a2", "exclude", "y")]
    screened = both(("2020-01-01", "a", "include", ""))
    result = review({"a": ["a", "a2"]}, title_abstract=screened, full_text=both(*lines))
    assert states(result) == {"a": "conflict_full_text"}


def test_a_report_that_is_not_retrieved_by_one_record_and_judged_by_another_waits():
    retrieval = pd.DataFrame([("a", "not_retrieved", "", "")], columns=["record_id", "status", "file", "note"]).assign(
        _file="retrieval.csv", _line=2
    )
    result = review(
        {"a": ["a", "a2"]},
        title_abstract=both(("2020-01-01", "a", "include", "")),
        full_text=both(("2020-02-01", "a2", "include", "")),
        retrieval=retrieval,
    )
    assert states(result) == {"a": "awaiting_retrieval"}
    assert result["queue"]["task"].tolist() == ["retrieve"]


def test_votes_on_reports_outside_a_stage_enter_no_agreement():
    result = review(
        {"a": ["a"]},
        title_abstract=both(("2020-01-01", "a", "exclude", "")),
        full_text=both(("2020-02-01", "a", "include", "")),
    )
    assert result["agreement"]["stage"].tolist() == ["title_abstract"]


def test_the_same_decision_on_two_records_of_a_report_is_one_vote():
    lines = [("2020-01-01", "a", "include", ""), ("2020-01-02", "a2", "include", "")]
    assert review({"a": ["a", "a2"]}, title_abstract=both(*lines))["title_abstract"]["consensus"].tolist() == ["agreed"]


def test_reports_of_other_methods_are_sought_without_screening_and_counted_apart():
    result = review({"a": ["a"]}, kind="citation")
    assert states(result) == {"a": "awaiting_retrieval"}
    assert (count(result, "citations_results"), count(result, "other_sought_reports")) == (1, 1)
    assert count(result, "records_screened") == 0


def test_decisions_on_full_text_tell_that_it_was_retrieved():
    result = review(
        {"a": ["a"]},
        title_abstract=both(("2020-01-01", "a", "include", "")),
        full_text=both(("2020-02-01", "a", "exclude", "x")),
    )
    assert states(result) == {"a": "excluded_full_text"}


def test_faults_name_line_column_and_mend():
    bad = events(
        ("", "a", "include", ""),
        ("2020-01-01", "a", "", ""),
        ("2020-01-01", "zz", "include", ""),
        ("2020-01-01", "b", "exclude", "nope"),
        ("2020-01-01", "b", "include", ""),
    )
    people = People(
        {
            "title_abstract": {"reviewer_1": bad},
            "full_text": {"reviewer_2": events(("2020-01-01", "a", "exclude", ""))},
        },
        {s: events(table="adjudication") for s in screening.STAGES},
        empty_people("records/screening/retrieval"),
        empty_people("records/extraction/study_reports"),
    )
    found = [str(f).split(";")[0] for f in sorted(screening.check(CONFIG, people, {"x"}, {"a", "b"}))]
    assert found == [
        "decisions.csv:2: decided_at: a decision without its time",
        "decisions.csv:2: reason: an exclusion at full text without its reason",
        "decisions.csv:3: decision: a time without a decision",
        'decisions.csv:4: record_id: no record is called "zz"',
        'decisions.csv:5: reason: "nope" is not in config/exclusion_reasons.csv',
        "decisions.csv:6: decided_at: line 5 decides otherwise on the same record at the same time",
    ]


VOTES = st.lists(
    st.tuples(
        st.sampled_from(["2020-01-01", "2020-01-02", "2020-01-03"]),
        st.sampled_from(["a", "a2", "b", "c", "d"]),
        st.sampled_from(["include", "exclude", "unsure"]),
        st.just(""),
    ),
    unique_by=lambda line: line[:2],
    max_size=12,
)


@settings(max_examples=60)
@given(VOTES, VOTES, st.lists(st.tuples(*[st.sampled_from(x) for x in (["2020-03-01"], "abcd", ["exclude", "include"], ["x"])]), unique_by=lambda x: x[1], max_size=4))  # fmt: skip
def test_every_report_has_one_state_and_every_identity_holds_whatever_people_decided(reviewer_1, reviewer_2, full):
    reports = {"a": ["a", "a2"], "b": ["b"], "c": ["c"], "d": ["d"]}
    result = review(
        reports,
        title_abstract={"reviewer_1": events(*reviewer_1), "reviewer_2": events(*reviewer_2)},
        full_text=both(*full),
    )
    assert sorted(result["ledger"]["report_id"]) == sorted(reports)
    assert result["identities"]["ok"].all()
    pending = result["ledger"]["state"].isin(list(PENDING))
    assert set(result["ledger"]["report_id"][pending]) <= set(result["queue"]["report_id"])
    shuffled = review(
        reports,
        title_abstract={"reviewer_2": events(*reviewer_2[::-1]), "reviewer_1": events(*reviewer_1[::-1])},
        full_text=both(*full[::-1]),
    )
    for name, table in result.items():
        # Where a decision stands in its file is what was shuffled.
        rows, others = (
            t.drop(columns="line", errors="ignore").astype(str).values.tolist() for t in (table, shuffled[name])
        )
        assert (sorted(rows) == sorted(others)) if name == "votes" else (rows == others), name


def test_a_worksheet_holds_what_waits_for_the_reviewer_and_no_formula():
    result = review({"a": ["a"], "b": ["b"]}, title_abstract={"reviewer_1": events(("2020-01-01", "a", "include", ""))})
    reports = frame(
        "results/dedupe/reports",
        [
            {
                "report_id": k,
                "wave": 1,
                "route": "database",
                "n_sightings": 1,
                "n_records": 1,
                "sources": "S",
                "record_ids": k,
                "title": "=cmd()",
                "abstract": "＝cmd()",
            }
            for k in "ab"
        ],
    )
    sheets = screening.worksheets(CONFIG, result["queue"], reports)
    assert {name: sheet["record_id"].tolist() for name, sheet in sheets.items()} == {
        "title_abstract_reviewer_1": ["b"], "title_abstract_reviewer_2": ["a", "b"], "full_text_reviewer_1": [], "full_text_reviewer_2": [],
    }  # fmt: skip
    assert sheets["title_abstract_reviewer_1"].loc[0, "title"] == "'=cmd()"
    assert sheets["title_abstract_reviewer_1"].loc[0, "abstract"] == "'＝cmd()"


def test_whoever_decides_sees_the_notices_that_concern_a_report():
    said = [("a", "a", "retraction", "subject", "own"), ("b", "a", "concern", "notice", "maybe")]
    rows = [dict(zip(("record_id", "about", "notice", "notice_role", "tie"), row, strict=True)) for row in said]
    notices = frame("results/dedupe/notices", [row | {"report_id": row["record_id"]} for row in rows])
    result = review({"a": ["a"], "b": ["b"], "c": ["c"]}, notices=notices)
    queue = result["queue"].drop_duplicates("report_id").set_index("report_id")["notice"]
    assert queue.to_dict() == {"a": "retraction; maybe concern", "b": "notice of concern", "c": ""}
    reports = frame("results/dedupe/reports", [{"report_id": k, "title": k} for k in "abc"])
    sheets = screening.worksheets(CONFIG, result["queue"], reports)
    shown = {row["record_id"]: row["notice"] for sheet in sheets.values() for row in rows_of(sheet)}
    assert shown == queue.to_dict()


def test_a_source_gets_credit_alone_for_included_reports_that_no_other_found():
    ledger = pd.DataFrame({"report_id": ["a", "b", "c"], "state": ["included", "included", "excluded_full_text"]})
    reports = pd.DataFrame({"report_id": ["a", "b", "c"], "sources": ["S; T", "S", "U"]})
    found = contributions(ledger, reports).set_index("source")
    assert found["included"].to_dict() == {"S": 2, "T": 1, "U": 0}
    assert found["unique_included"].to_dict() == {"S": 1, "T": 0, "U": 0}


def test_the_csv_for_prisma2020_has_no_comma_within_a_reason():
    result = review(
        {"a": ["a"]},
        title_abstract=both(("2020-01-01", "a", "include", "")),
        full_text=both(("2020-02-01", "a", "exclude", "x")),
    )
    reasons = pd.DataFrame({"reason": ["x"], "label": ["Wrong population, adults' only; all"]})
    text = screening.prisma_csv(result["flow"], reasons)
    line = next(row for row in text.splitlines() if row.startswith("dbr_excluded"))
    assert line.endswith(('"Wrong population adults’ only all, 1"', "Wrong population adults’ only all, 1"))  # fmt: skip
