"""Normal forms: what databases spell differently becomes the same, what differs stays different."""

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reviewflow.dedupe.forms import notice, number, page_range, part, surname
from reviewflow.dedupe.pairs import abbreviates
from reviewflow.text import _LETTERS, clean, doi, fold, trial_ids, year


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("TGF-β1 signalling", "TGF-beta1 Signalling"),
        ("Lü Z., Müller", "Lu Z, Muller"),
        ("CD34<sup>+</sup> cells", "CD34+ cells"),
        ("Stem &amp; progenitor cells", "Stem & progenitor cells"),
        ("T\u2010cell\u2013dependent", "T-cell-dependent"),
        ("Ａ full width title", "A full width title"),
        ("Ærø and Straße", "Aero and Strasse"),
        ("Sjögren’s syndrome", "Sjogren's syndrome"),
        ("IFN-γ &gt; IL-10 <i>in vivo</i>", "IFN-gamma > IL-10 in vivo"),
        ("Θεραπεία", "θεραπεια"),
        ("ﬁbrosis in ①", "fibrosis in 1"),
    ],
)
def test_spellings_of_one_title_fold_to_the_same(one, other):
    assert fold(one) == fold(other) != ""


def test_chinese_titles_are_kept_and_differ():
    assert fold("间充质干细胞移植治疗狼疮！") == "间充质干细胞移植治疗狼疮"
    assert fold("间充质干细胞") != fold("狼疮肾炎")


def in_steps(text: str) -> str:
    """The normal form, one step after the other over the whole text."""
    plain = unicodedata.normalize("NFKC", clean(text)).casefold()
    plain = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    return " ".join(re.findall(r"[^\W_]+", plain.translate(_LETTERS)))


@settings(max_examples=300)
@given(
    st.one_of(st.text(max_size=20), st.text(st.sampled_from(list("aZ1_-& <b>&amp;äøßαάΩς狼ｶ가İﬁ\u0301\u2013\u00a0"))))
)
def test_text_is_folded_as_if_step_by_step(text):
    """Letter by letter and from memory gives the same, also a second time."""
    assert fold(text) == in_steps(text)
    assert fold(fold(text)) == fold(text)


def test_markup_that_is_text_stays_text():
    assert clean("P <0.05 and n<10") == "P <0.05 and n<10"


@pytest.mark.parametrize(
    ("written", "pages"),
    [
        ("494-6", ("494", "496")),
        ("494\u2013496", ("494", "496")),
        ("S113-7", ("s113", "s117")),
        ("1611-1619", ("1611", "1619")),
        ("06-Oct", ("6", "10")),
        ("6-Oct", ("6", "10")),
        ("Oct-06", ("6", "10")),
        ("6-Oct-2025", ("6", "10")),
        ("06-Oct-25", ("6", "10")),
        ("2025-10-06", ("6", "10")),
        ("2025-10-06 00:00:00", ("6", "10")),
        ("10/6/2025", ("6", "10")),
        ("Oct-32", ("10", "32")),
        ("Oct-1932", ("10", "32")),
        ("1932-10-01", ("10", "32")),
        ("e12292", ("e12292", "")),
        ("727", ("727", "")),
        ("pp. 12-9", ("12", "19")),
        ("", ("", "")),
        ("735~738", ("735", "738")),
    ],
)
def test_page_ranges_are_written_out(written, pages):
    assert page_range(written.replace("\u2013", "-")) == pages


@pytest.mark.parametrize(
    ("author", "expected"),
    [
        ("Gu, F.", "gu"), ("Gu F", "gu"), ("Gu FF", "gu"), ("F. Gu", "gu"), ("Fei Gu", "gu"), ("顾芳", "顾芳"),
        ("van Rhijn-Brouwer, F. C. C.", "vanrhijnbrouwer"), ("van Rhijn-Brouwer FCC", "vanrhijnbrouwer"),
        ("Lü Z.", "lu"), ("", ""),
    ],
)  # fmt: skip
def test_surnames_in_every_form(author, expected):
    assert surname(author) == expected


@pytest.mark.parametrize(("text", "expected"), [("Vol. 07", "7"), ("33 Suppl 1", "33 s1"), ("S3", "s3"), ("", "")])
def test_volumes_and_issues(text, expected):
    assert number(text) == expected


def test_notices_and_parts_are_told_from_reports():
    assert [
        notice(fold(t)) for t in ("Erratum to: Stem cells", "Reply to Wang et al.", "Correction of anaemia in mice")
    ]
    assert notice(fold("Erratum to: Stem cells")) == "erratum"
    assert notice(fold("Reply to Wang et al.")) == "reply"
    assert notice(fold("Comment on stem cells")) == "comment"
    assert notice(fold("Mesenchymal stem cells in lupus")) == ""
    assert [part(fold(t)) for t in ("Cells in lupus: part II", "Cells, Part 2", "Counterpart 3")] == [2, 2, 0]


NOTICES = {
    "erratum": ["erratum cells", "errata", "corrigendum to x", "correction", "corrections to x", "author correction"],
    "retraction": ["retraction", "retracted article x", "x withdrawn", "expression of concern x"],
    "reply": ["reply to x", "replies from x", "response by x", "authors reply", "author response", "reply", "response"],
    "comment": ["comment on x", "comments on x", "commentary on x", "letter to the editor", "a comment"],
    "": ["replying to x", "commentary", "in response x", "x concerned", "correctional x", "newsletter", "a reply"],
}


def test_every_kind_of_notice_is_seen():
    assert {kind: [notice(text) for text in texts] for kind, texts in NOTICES.items()} == {
        kind: [kind] * len(texts) for kind, texts in NOTICES.items()
    }


@pytest.mark.parametrize(
    ("short", "long", "expected"),
    [
        ("clin rheumatol", "clinical rheumatology", True),
        ("ann rheum dis", "annals of the rheumatic diseases", True),
        ("proc natl acad sci", "proceedings of the national academy of sciences", True),
        ("lupus", "lupus science medicine", True),
        ("clin rheumatol", "lupus", False),
        ("stem cells", "cell stem cell", False),
    ],
)
def test_journal_abbreviations(short, long, expected):
    assert abbreviates(short, long) is expected
    assert abbreviates(long, short) is expected


def test_identifiers_are_found_in_text():
    assert doi("https://dx.doi.org/10.1007/S10067-014-2754-4.") == "10.1007/s10067-014-2754-4"
    assert doi("no identifier") == ""
    assert doi("10.1002/dmrr.2604/pdf") == doi("10.1002/DMRR.2604http://links.example/?an=1") == "10.1002/dmrr.2604"
    assert trial_ids("registered (NCT01539902, NCT01539902; ChiCTR-TRC-12001927)") == [
        "NCT01539902",
        "ChiCTR-TRC-12001927",
    ]
    assert [year("2014 Nov 3"), year("in press"), year("s. 12014")] == [2014, None, None]
