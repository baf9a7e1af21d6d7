"""Agreement of extractors, field by field, and every cell as it was extracted."""

from typing import Any

import pytest
from reviewflow.extraction.agreement import cohen_kappa

from tests.unit.extraction.test_extraction_build import (
    ARM_C,
    ARM_E,
    DEATH_C,
    DEATH_E,
    EVERYTHING,
    STUDY,
    both,
    ruling,
    run,
)


def cells(frame: Any, **chosen: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = frame.to_dict("records")
    return [row for row in rows if all(row[c] == v for c, v in chosen.items())]


# 3 x 3: observed 0.89, expected 0.8*0.8 + 0.1*0.05 + 0.1*0.15 = 0.66; kappa (0.89 - 0.66) / (1 - 0.66), by hand.
THREE = [("a", "a")] * 75 + [("a", "b")] + [("a", "c")] * 4 + [("b", "a")] * 5 + [("b", "b")] * 4 + [("b", "c")]
THREE += [("c", "c")] * 10


def test_kappa_of_three_categories_is_the_one_worked_out_by_hand() -> None:
    assert cohen_kappa(THREE) == pytest.approx(0.23 / 0.34, rel=1e-14)
    assert cohen_kappa(THREE[::-1]) == cohen_kappa(THREE)


def test_kappa_of_two_categories_is_that_of_the_2x2_table() -> None:
    # 30, 10, 5, 955: observed .985, expected (40*35 + 960*965)/1000^2 = .9278.
    pairs = [("y", "y")] * 30 + [("y", "n")] * 10 + [("n", "y")] * 5 + [("n", "n")] * 955
    assert cohen_kappa(pairs) == pytest.approx((0.985 - 0.9278) / (1 - 0.9278), rel=1e-12)


@pytest.mark.parametrize("pairs", [[], [("a", "a")] * 5, [("a", None)]])
def test_kappa_that_cannot_be_estimated_is_blank(pairs: list[tuple[Any, ...]]) -> None:
    assert cohen_kappa(pairs) is None


def test_agreement_counts_cells_of_lines_that_both_have_before_any_ruling() -> None:
    other = {**ARM_C, "role": "experimental", "n": 18}
    made = run(
        both(arms=[ARM_E, other]), [ruling("arms", "s1/b", "n", "18"), ruling("arms", "s1/b", "role", "control")]
    )
    (n,) = cells(made["agreement"], table="arms", column="n")
    assert (n["cells"], n["agreed"], n["percent"]) == (2, 1, 50)
    (role,) = cells(made["agreement"], table="arms", column="role")
    # One wrote experimental and control, the other experimental twice: observed 1/2, expected 1/2.
    assert (role["cells"], role["agreed"], role["kappa"]) == (2, 1, 0)
    assert {(row["extractor_a"], row["extractor_b"]) for row in cells(made["agreement"])} == {
        ("extractor_1", "extractor_2")
    }


def test_cells_that_both_left_blank_are_no_agreement_and_pages_are_not_compared() -> None:
    columns = {row["column"] for row in cells(run(both())["agreement"], table="results")}
    assert columns == {"*", "events", "effect", "se"}


def test_lines_that_one_alone_has_count_once_both_have_begun_the_study() -> None:
    (lines,) = cells(run(both(results=[DEATH_E]))["agreement"], table="results", column="*")
    assert (lines["cells"], lines["agreed"]) == (3, 1)
    alone = run({"extractor_1": EVERYTHING, "extractor_2": {}})
    assert alone["agreement"].empty


def test_every_cell_stays_as_it_was_extracted_beside_what_holds() -> None:
    theirs = [{**DEATH_E, "events": 2, "page": "p. 9"}, DEATH_C]
    made = run(both(results=theirs), [ruling("results", "s1/a_vs_b/death/1 year/a", "events", "2")])
    key = "s1/a_vs_b/death/1 year/a"
    events = cells(made["as_extracted"], key=key, column="events")
    assert [(c["extractor"], c["value"], c["holds"], c["how"]) for c in events] == [
        ("extractor_1", "3", "2", "adjudicated"),
        ("extractor_2", "2", "2", "adjudicated"),
    ]
    pages = cells(made["as_extracted"], key=key, column="page")
    assert [(c["value"], c["holds"], c["how"]) for c in pages] == [("p. 4", "p. 9", "taken"), ("p. 9", "p. 9", "taken")]
    single = cells(made["as_extracted"], key="s1/a_vs_b/pain/1 year/", column="effect")
    assert [(c["extractor"], c["value"], c["how"]) for c in single] == [("extractor_1", "-1.5", "single")]
    assert {c["file"] for c in cells(made["as_extracted"])} == {"studies.csv", "arms.csv", "results.csv"}


def test_what_nobody_ruled_on_holds_nothing_and_what_was_dropped_is_still_there() -> None:
    made = run(both(studies=[{**STUDY, "dose": "20"}]), [ruling("results", "s1/a_vs_b/pain/1 year/", "*", "drop")])
    dose = cells(made["as_extracted"], column="dose")
    assert [(c["value"], c["holds"], c["how"]) for c in dose] == [("10", "", "unresolved"), ("20", "", "unresolved")]
    gone = cells(made["as_extracted"], key="s1/a_vs_b/pain/1 year/", column="effect")
    assert [(c["value"], c["holds"], c["how"]) for c in gone] == [("-1.5", "", "dropped")] * 2
