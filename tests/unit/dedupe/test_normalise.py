"""Normal forms: what databases spell differently becomes the same, what differs stays different."""

import re
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reviewflow.dedupe.conditions import SAME_JOURNAL
from reviewflow.dedupe.forms import bare_title, number, page_range
from reviewflow.dedupe.journals import abbreviates, journal_names, one_journal
from reviewflow.dedupe.kinds import notice, part, recurring, telling_words
from reviewflow.dedupe.names import both_names, surname
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
        ("van Rhijn-Brouwer, F. C. C.", "rhijnbrouwer"), ("van Rhijn-Brouwer FCC", "rhijnbrouwer"),
        ("Lü Z.", "lu"), ("", ""),
    ],
)  # fmt: skip
def test_surnames_in_every_form(author, expected):
    assert surname(author) == expected


@pytest.mark.parametrize(("text", "expected"), [("Vol. 07", "7"), ("33 Suppl 1", "33 s1"), ("S3", "s3"), ("", "")])
def test_volumes_and_issues(text, expected):
    assert number(text) == expected


def test_notices_and_parts_are_told_from_reports():
    assert notice(fold("Erratum to: Stem cells")) == "erratum"
    assert notice(fold("Reply to Wang et al.")) == "reply"
    assert notice(fold("Comment on stem cells")) == "comment"
    assert notice(fold("Mesenchymal stem cells in lupus")) == ""
    assert [part(fold(t)) for t in ("Cells in lupus: part II", "Cells, Part 2", "Counterpart 3")] == [
        (2, True),
        (2, True),
        (0, False),
    ]


NOTICES = {
    "erratum": [
        "erratum cells", "errata", "corrigendum to x", "correction", "correction x", "corrections to x", "x correction",
        "author correction x", "correction for gu et al x", "x vol 33 pg 1611 2014", "更正 狼疮肾炎", "狼疮肾炎 勘误",
        "狼疮肾炎 一文的更正", "狼疮肾炎\nx erratum",
    ],
    "retraction": [
        "retraction", "retraction note to x", "x retraction notice", "withdrawn x", "expression of concern x",
        "撤稿声明 狼疮肾炎",
    ],
    "reply": [
        "reply to x", "replies from x", "authors reply", "x author s reply", "reply", "response", "in reply", "x reply",
        "response to letter to x", "response to gu et al", "狼疮肾炎 作者回复",
    ],
    "comment": [
        "comment on x", "comments on x", "commentary on x", "letter to the editor", "a comment", "re x", "x commentary",
        "述评 狼疮肾炎", "狼疮肾炎 专家点评", "与顾芳医师商榷",
    ],
    "": [
        "replying to x", "in response x", "response to sorafenib", "predictors of response", "x concerned", "newsletter",
        "correctional x", "correction of anaemia", "clot retraction", "patients withdrawn from dialysis", "rectal x",
        "评论性研究", "神经功能的恢复",
    ],
}  # fmt: skip


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
        ("lupus", "lupus science medicine", False),
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


@pytest.mark.parametrize(
    ("author", "names"),
    [
        ("Pim A. de Jong", ("jong", "pim")), ("Charlie S. Y. Chung", ("chung", "charlie")), ("M. M., Visser", ("visser", "")),
        ("Zhang, Xiao-ming", ("zhang", "xiaoming")), ("Xiaoming Zhang", ("zhang", "xiaoming")), ("Wang D", ("wang", "")),
        ("Lynch Jr, T. J.", ("lynch", "")), ("De, S.", ("de", "")), ("張偉", ("张伟", "")), ("王 丹", ("王丹", "")),
    ],
)  # fmt: skip
def test_both_ends_of_a_name(author, names):
    assert both_names(author) == names


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("BMJ (Clinical research ed.)", "BMJ (Online)", True),
        ("Ai zheng = Aizheng = Chinese journal of cancer", "Chinese Journal of Cancer", True),
        ("Zhonghua zhong liu za zhi [Chinese journal of oncology]", "Chinese Journal of Oncology", True),
        ("CMAJ : Canadian Medical Association journal", "CMAJ", True),
        ("Stroke; a journal of cerebral circulation", "Stroke", True),
        ("Canadian journal of surgery. Journal canadien de chirurgie", "Can J Surg", True),
        ("Atherosclerosis Supplements. Conference: 79th Congress", "Atherosclerosis", True),
        ("Proc Natl Acad Sci U S A", "Proceedings of the National Academy of Sciences", True),
        ("J Bone Joint Surg Am", "Journal of Bone and Joint Surgery - American Volume", True),
        ("Journal of Immunology", "Journal of Immunological Methods", False),
        ("American Journal of Transplantation", "Journal of Heart and Lung Transplantation", False),
        ("Topics in Stroke Rehabilitation", "Stroke", False),
        ("Circulation Research", "Circulation", False),
        ("Eur J Cancer", "European Journal of Cancer Care", False),
        ("Chinese Journal of Oncology", "Chinese Journal of Urology", False),
        ("Clin. Rheumatol.", "Clin. Nephrol.", False),
        ("中华内科杂志", "中华外科杂志", False),
        ("中華內科雜誌", "中华内科杂志", True),
    ],
)
def test_names_of_one_journal(one, other, same):
    for x, y in ((one, other), (other, one)):
        assert (one_journal(journal_names(x), journal_names(y)) >= SAME_JOURNAL) is same


def test_notes_are_no_part_of_a_title():
    notes = ("RETRACTED ARTICLE: {}", "[Retracted] {}", "{} [letter]", "{}（摘要）", "{}[J]", "{} [see comments]")
    assert {bare_title(note.format("Cells (cord) in lupus")) for note in notes} == {"Cells (cord) in lupus"}


def test_recurring_titles_are_told_from_others():
    found = ["editorial", "introduction to the special issue on x", "letters", "卷首语"]
    others = ["an editorial policy", "lettersheds", "newsworthy x", "introducing x", "消息传递"]
    assert [recurring(title) for title in found + others] == [True] * 4 + [False] * 5


def test_two_chinese_characters_count_as_a_word():
    assert [telling_words(t) for t in ("lupus in mice", "狼疮肾炎", "狼疮肾", "cd34 细胞")] == [3, 2, 2, 2]
