"""Studies that may have the same participants: what they have in common, and what people ruled."""

from typing import Any

import pandas as pd
import pytest
from reviewflow.extraction.check import check
from reviewflow.extraction.overlap import author_key, overlaps
from reviewflow.tables import empty_people, frame

from tests.unit.extraction.test_extraction_build import CONFIG, LINKS, both, people, run

Row = dict[str, Any]
REPORTS = {"s1": ["R1"], "s2": ["R2"]}
TEAM = "Wang, Dandan; Sun L; Li, J"


def found(
    first: Row, second: Row, studies: dict[str, Row] | None = None, arms: dict[Any, Row] | None = None, *rulings: Row
) -> list[Row]:
    bibliography = frame("results/dedupe/reports", [{"report_id": "R1", **first}, {"report_id": "R2", **second}])
    ruled = people("overlaps", list(rulings)) if rulings else empty_people("records/extraction/overlaps")
    return overlaps(studies or {}, arms or {}, REPORTS, bibliography, ruled)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("Wang, Dandan", "wang d"), ("Wang, D", "wang d"), ("Wang DD", "wang d"), ("Dandan Wang", "wang d"),
        ("Wang D.-D.", "wang d"), ("Farge-Bancel, D", "farge bancel d"), ("van der Meer JW", "van der meer j"),
        ("Lü Z", "lu z"), ("王丹丹", "王丹丹"), ("Lupus Study Group", "group l"), ("", ""),
    ],
)  # fmt: skip
def test_an_author_is_known_by_surname_and_first_initial(name: str, key: str) -> None:
    assert author_key(name) == key


def test_two_authors_in_common_are_worth_a_look() -> None:
    (pair,) = found({"authors": TEAM}, {"authors": "Zhou Y; Sun, Lingyun; Wang D; Feng X; Zhang H; Shi D; Hou Y"})
    assert (pair["study_a"], pair["study_b"], pair["verdict"], pair["shared_authors"]) == ("s1", "s2", "open", 2)
    assert pair["why"] == "2 authors in common: sun l, wang d"


def test_one_author_is_worth_a_look_in_a_small_team_alone() -> None:
    large = "Li J; Zhou Y; Feng X; Zhang H"
    assert found({"authors": TEAM}, {"authors": large})[0]["why"] == "1 author in common: li j"
    assert found({"authors": large}, {"authors": "Li J; Gu F; Ma K; Ho T"}) == []


def test_a_registration_is_found_in_the_records_in_abstracts_and_in_what_was_extracted() -> None:
    (pair,) = found({"trial_ids": "NCT00000001"}, {"abstract": "Registered as NCT00000001."})
    assert (pair["same_registration"], pair["score"]) == ("NCT00000001", 4)
    (pair,) = found({}, {"title": "A trial (ChiCTR-TRC-12002866)"}, {"s1": {"registration": "chictr-trc-12002866"}})
    assert pair["same_registration"] == "CHICTRTRC12002866"


def test_a_centre_is_worth_a_look_unless_the_periods_are_apart() -> None:
    def at(first: tuple[str, str], second: tuple[str, str]) -> list[Row]:
        periods = [dict(zip(("recruited_from", "recruited_to"), period, strict=True)) for period in (first, second)]
        return found({}, {}, {s: {"centre": "Drum Tower Hospital", **p} for s, p in zip(REPORTS, periods, strict=True)})

    (pair,) = at(("2010", "2012-06"), ("2012-06-30", "2015"))
    assert (pair["same_centre"], pair["periods"], pair["score"]) == ("drum tower hospital", "overlap", 3)
    assert at(("2010", "2012-06"), ("2012-07-01", "2015")) == []
    assert found({}, {}, {s: {"centre": "Drum Tower Hospital"} for s in REPORTS})[0]["periods"] == ""


def test_equal_numbers_of_participants_alone_say_nothing_and_add_to_the_rest() -> None:
    arms = {(s, "a"): {"n": 20} for s in REPORTS}
    assert found({}, {}, None, arms) == []
    (pair,) = found({"authors": TEAM}, {"authors": TEAM}, None, arms)
    assert (pair["same_n"], pair["score"]) == (20, 4)
    assert found({"authors": TEAM}, {"authors": TEAM}, None, {**arms, ("s2", "b"): {"n": None}})[0]["same_n"] is None


def test_a_ruling_holds_in_either_order_and_stays_where_nothing_is_in_common() -> None:
    ruling = {"study_a": "s2", "study_b": "s1", "verdict": "overlapping", "use": "s1", "ruled_by": "extractor_3"}
    (pair,) = found({}, {}, None, None, ruling)
    assert (pair["study_a"], pair["study_b"], pair["verdict"], pair["use"], pair["why"]) == (
        "s1", "s2", "overlapping", "s1", "",
    )  # fmt: skip


TWO = [*LINKS, {"study_id": "s2", "record_id": "r1b", "role": "secondary"}]


def test_one_report_of_two_studies_is_allowed_and_said() -> None:
    made = run(both(), links=TWO)
    assert made["studies"]["reports"].tolist() == ["R1", "R1"]
    (pair,) = made["overlaps"].to_dict("records")
    assert (pair["same_report"], pair["why"]) == ("R1", "one report for both: R1")
    (issue,) = [row for row in made["issues"].to_dict("records") if row["kind"] == "overlap"]
    assert (issue["study_id"], issue["person"]) == ("s1", "extractor_3")


def test_several_reports_of_one_study_are_one_study_and_a_link_that_is_taken_back_leaves_nothing() -> None:
    links = [*LINKS, {"study_id": "s1", "record_id": "r0", "role": "secondary"}]
    ledger = [{"report_id": "R0", "state": "included"}, {"report_id": "R1", "state": "included"}]
    before, linked, after = run(both()), run(both(), links=links, ledger=ledger), run(both())
    assert linked["studies"]["reports"].tolist() == ["R1; R0"]
    pd.testing.assert_frame_equal(linked["contrasts"], before["contrasts"])
    for name in before:
        pd.testing.assert_frame_equal(after[name], before[name])


def rulings(*rows: Row) -> list[tuple[int, str, str]]:
    nothing = {name: {} for name in ("studies", "arms", "results")}
    given = [
        *nothing.values(),
        people("adjudication", []),
        people("study_reports", TWO),
        empty_people("config/outcomes"),
    ]
    faults = check(
        {**CONFIG, "extraction": {**CONFIG["extraction"], "extractors": []}}, *given, people("overlaps", [*rows])
    )
    return [(fault.line, fault.column, fault.problem) for fault in faults]


def test_all_rulings_at_fault_are_named_at_once() -> None:
    right = {"study_a": "s1", "study_b": "s2", "verdict": "overlapping", "use": "s2"}
    assert rulings(right) == []
    assert rulings(
        right,
        {"study_a": "s2", "study_b": "s1", "verdict": "distinct"},
        {"study_a": "s1", "study_b": "s1", "verdict": "distinct"},
        {"study_a": "s1", "study_b": "s3", "verdict": "distinct", "use": "s1"},
    ) == [
        (3, "study_a", "the pair was ruled on before"),
        (4, "study_b", '"s1" is study_a, too'),
        (5, "study_b", '"s3" is not in study_reports.csv'),
        (5, "use", '"s1" cannot be the study that is kept'),
    ]


def test_a_pair_that_was_ruled_to_be_one_study_is_an_issue_until_it_is() -> None:
    from reviewflow.extraction.issues import of_overlaps

    (row,) = of_overlaps([{"study_a": "s1", "study_b": "s2", "verdict": "same_study", "why": ""}], "extractor_3")
    assert (row["kind"], row["study_id"]) == ("same_study", "s1")
    assert "give both one study_id" in row["issue"]
    assert of_overlaps([{"study_a": "s1", "study_b": "s2", "verdict": "unclear", "why": ""}], "") == []
