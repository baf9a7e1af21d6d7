"""The report's section on the numbers that a publication prints."""

import pytest
from reviewflow.report import reported
from reviewflow.report.review import Review
from reviewflow.tables import frame

FINDING = {
    "finding_id": "p_value:a", "rank": 2, "severity": "major", "check": "p_value", "certainty": "certain",
    "location": "Table 2", "analyses": "a", "studies": "", "finding": "P does not follow", "printed": "P 0.9",
    "expected": "P 0.05", "evidence": "a box", "ask": "ask for P",
}  # fmt: skip
MINOR = {**FINDING, "finding_id": "units:all", "rank": 4, "severity": "minor", "check": "units", "finding": "No unit"}
CHECK = {"check": "k_and_studies", "about": "k is right", "examined": 52, "findings": 0, "verdict": "clean"}


def review(findings: list[dict[str, object]], checks: list[dict[str, object]]) -> Review:
    tables = {
        "audit/reported_statistics": frame("results/audit/reported_statistics", findings),
        "audit/reported_checks": frame("results/audit/reported_checks", checks),
        "extraction/studies": frame("results/extraction/studies", []),
    }
    return Review({}, tables, {}, {})


def test_a_review_without_published_tables_has_no_such_section() -> None:
    assert reported.sections(review([], [])) == []


@pytest.mark.parametrize(
    ("findings", "said"),
    [([FINDING, MINOR], "2 findings: 1 major, 1 minor. 1 check found nothing."), ([], "No finding. 1 check found")],
)
def test_the_section_opens_with_what_was_found_and_what_was_clean(findings: list[dict[str, object]], said: str) -> None:
    (section,) = reported.sections(review(findings, [CHECK]))
    assert "".join(str(part) for part in section.blocks[0].parts).startswith(said)  # type: ignore[union-attr]


def test_grave_findings_stand_in_view_and_others_are_folded() -> None:
    (section,) = reported.sections(review([FINDING, MINOR], [CHECK]))
    _, _, grave, rest, checks = section.blocks
    assert [row.cells[1].text for row in grave.rows] == ["P does not follow."]  # type: ignore[union-attr]
    assert [row.cells[1].text for row in rest.blocks[0].rows] == ["No unit."]  # type: ignore[union-attr]
    assert checks.blocks[0].rows[0].cells[4].text == "clean"  # type: ignore[union-attr]
