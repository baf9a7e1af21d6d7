"""Notices are flagged, and titles that only sound like one are not."""

import pytest
from reviewflow.search.notices import notice


@pytest.mark.parametrize(
    ("title", "types", "links", "expected"),
    [
        ("Stem cells in lupus", ["Journal Article", "Retracted Publication"], [], ("retraction", "subject")),
        ("Stem cells in lupus", ["Journal Article"], ["RIN"], ("retraction", "subject")),
        ("Retraction", [], ["ROF"], ("retraction", "notice")),
        ("RETRACTED: Stem cells in lupus", [], [], ("retraction", "subject")),
        ("[Retracted] Stem cells in lupus", [], [], ("retraction", "subject")),
        ("Retracted Article: Stem cells", [], [], ("retraction", "subject")),
        ("Retraction notice to “Stem cells”", [], [], ("retraction", "notice")),
        ("Notice of retraction. Gu F et al.", [], [], ("retraction", "notice")),
        ("Withdrawal: Stem cells", [], [], ("retraction", "notice")),
        ("Expression of concern: Stem cells", [], [], ("concern", "notice")),
        ("Editorial expression of concern on stem cells", [], [], ("concern", "notice")),
        ("Erratum: Author Correction: Stem cells", [], [], ("erratum", "notice")),
        ("Corrigendum to “Stem cells”", [], [], ("erratum", "notice")),
        ("Correction to: Stem cells", [], [], ("erratum", "notice")),
        ("Publisher Correction: Stem cells", ["Published Erratum"], ["EFR"], ("erratum", "notice")),
        ("Stem cells", [], ["EIN"], ("erratum", "subject")),
        ("Stem cells", [], ["EIN", "RIN"], ("retraction", "subject")),
        ("勘误：间充质干细胞", [], [], ("erratum", "notice")),
        ("Stem cells in lupus", ["Journal Article"], [], ("", "")),
        ("Retraction of the foreskin in boys", [], [], ("", "")),
        ("Retraction pockets of the ear", [], [], ("", "")),
        ("Correction of hyponatraemia in adults", [], [], ("", "")),
        ("Corrections officers' health", [], [], ("", "")),
        ("Withdrawal of methotrexate in arthritis", [], [], ("", "")),
        ("Concerns of patients with lupus", [], [], ("", "")),
    ],
)
def test_a_notice_and_the_record_s_role_in_it(title, types, links, expected):
    assert notice(title, types, links) == expected
