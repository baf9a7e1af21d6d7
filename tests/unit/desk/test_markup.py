"""Untrusted text as HTML: highlighted words, headings of abstracts, languages."""

import pytest
from reviewflow.desk.cleaning import note_of
from reviewflow.desk.markup import Highlighter, language, visible


def marked(text: str, include=(), exclude=()) -> str:
    return str(Highlighter(include, exclude)(text))


def for_(text: str) -> str:
    return f'<mark class="for">{text}</mark>'


def against(text: str) -> str:
    return f'<mark class="against">{text}</mark>'


@pytest.mark.parametrize(
    ("text", "word", "found"),
    [
        ("A Random trial", "random", f"A {for_('Random')} trial"),
        ("A randomised trial", "random", "A randomised trial"),
        ("A randomised trial", "random*", f"A {for_('randomised')} trial"),
        ("pre-randomised", "random*", f"pre-{for_('randomised')}"),
        ("Étude contrôlée", "controlee", f"Étude {for_('contrôlée')}"),
        ("Etude controlee", "Contrôlée", f"Etude {for_('controlee')}"),
        ("e\u0301tude", "etude", for_("e\u0301tude")),
        ("große Straße", "strasse", f"große {for_('Straße')}"),
        ("stem cell and stem\ncells", "stem cell*", for_("stem cell") + " and " + for_("stem\ncells")),
        ("stem-cell", "stem cell", for_("stem-cell")),
        ("间充质干细胞治疗", "干细胞", f"间充质{for_('干细胞')}治疗"),
        ("a+b (c", "a+b (c", for_("a+b (c")),
        ("P < 0.05 & more", "more", f"P &lt; 0.05 &amp; {for_('more')}"),
        ("ﬁbrosis", "fibrosis", for_("ﬁbrosis")),
    ],
)
def test_words_are_marked_whatever_their_case_accents_and_script(text, word, found):
    assert marked(text, [word]) == found


def test_the_longer_phrase_wins_and_the_two_kinds_differ_by_more_than_colour():
    text = marked("healthy stem cells", ["stem", "stem cells"], ["healthy"])
    assert text == f"{against('healthy')} {for_('stem cells')}"


@pytest.mark.parametrize("word", ["", "*", " * ", "\x00"])
def test_a_word_without_letters_marks_nothing(word):
    assert "mark" not in marked("Some * text", [word])


def test_without_words_text_is_only_escaped():
    assert marked("<b>") == "&lt;b&gt;"


def test_the_headings_of_a_structured_abstract_begin_paragraphs():
    text = "BACKGROUND: One. METHODS: Two: a and b. MAIN OUTCOME MEASURES: Three. Results: Four."
    parts = [(p.heading, str(p.text)) for p in Highlighter([], []).abstract(text)]
    assert parts == [
        ("Background", "One."),
        ("Methods", "Two: a and b."),
        ("Main outcome measures", "Three."),
        ("Results", "Four."),
    ]


def test_chinese_headings_are_known_with_either_mark():
    parts = [(p.heading, str(p.text)) for p in Highlighter([], []).abstract("目的：甲。【方法】乙。结果:丙。")]
    assert parts == [("目的", "甲。"), ("方法", "乙。"), ("结果", "丙。")]


def test_a_word_with_a_colon_within_a_sentence_is_no_heading():
    parts = Highlighter([], []).abstract("We used two methods: one and the other.\nNew line")
    assert [(p.heading, str(p.text)) for p in parts] == [
        ("", "We used two methods: one and the other."),
        ("", "New line"),
    ]


def test_no_word_of_an_abstract_is_lost():
    text = "Aim: To see. RESULTS: X 5: Y. CONCLUSION: Z"
    parts = Highlighter([], []).abstract(text)
    shown = " ".join(f"{p.heading}: {p.text}" if p.heading else str(p.text) for p in parts)
    assert shown.lower() == text.lower()


@pytest.mark.parametrize(
    ("stated", "text", "tag"),
    [
        ("chi", "干细胞", "zh"),
        ("chi", "Stem cells", "en"),
        ("eng", "干细胞", "zh"),
        ("German", "Zellen", "de"),
        ("eng; fre", "Cells", "en"),
        ("", "Cells", ""),
        ("<script>", "Cells", ""),
        ("jpn", "ステムcells", "ja"),
    ],
)
def test_a_text_gets_the_language_of_its_script_or_source(stated, text, tag):
    assert language(stated, text) == tag


def test_characters_that_are_not_seen_show():
    assert visible("a\x00b\u202ec\ud800d\r\ne") == "a\ufffdb\ufffdc\ufffdd\ne"


@pytest.mark.parametrize("note", ["a\tb\nc", "干细胞", "=1+1", ""])
def test_plain_notes_stay_as_they_are(note):
    assert note_of(note) == note
