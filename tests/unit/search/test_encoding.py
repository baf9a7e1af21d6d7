"""Encodings: decided strictly, recorded, and refused where none is certain."""

import pytest
from reviewflow.search import decode, survey
from search_samples import RIS

WESTERN = "TY  - JOUR\nAU  - Müller, Jürgen\nTI  - Über Größen für Fälle – naïve “Patienten”\nER  - \n"
CHINESE = "TY  - JOUR\nTI  - 间充质干细胞移植治疗系统性红斑狼疮\nER  - \n"


@pytest.mark.parametrize(
    ("text", "encoding", "name"),
    [
        (WESTERN, "utf-8", "utf-8"),
        (WESTERN, "utf-8-sig", "utf-8-sig"),
        (WESTERN, "utf-16", "utf-16"),
        (WESTERN, "utf-16-le", "utf-16-le"),
        (WESTERN, "utf-16-be", "utf-16-be"),
        (WESTERN, "cp1252", "cp1252"),
        (WESTERN * 500, "cp1252", "cp1252"),
        (CHINESE, "gb18030", "gb18030"),
        (CHINESE, "gbk", "gb18030"),
        (RIS, "ascii", "utf-8"),
    ],
)
def test_each_encoding_is_told(text, encoding, name):
    assert decode(text.encode(encoding)) == (text, name)


MIXED = {
    "UTF-8 and Windows-1252": WESTERN.encode() * 3 + "TI  - é\n".encode("cp1252"),
    "UTF-8 cut within a character": WESTERN.encode() + "é".encode()[:1],
    "Chinese cut within a character": CHINESE.encode("gb18030")[:-9],
    "Cyrillic": "TY  - JOUR\nTI  - Исследование пациентов с волчанкой в России\nER  - \n".encode("cp1251"),
    "Big5, which passes as GB 18030": (
        "TY  - JOUR\nTI  - 間充質幹細胞治療系統性紅斑狼瘡的臨床觀察與隨訪研究\n" * 2
    ).encode("big5"),
    "bytes that Windows-1252 lacks": b"TY  - JOUR\nTI  - a\x81\x8d b\nER  - \n",
    "half a UTF-16 character": RIS.encode("utf-16")[:-1],
}


@pytest.mark.parametrize("what", MIXED)
def test_what_fits_no_encoding_is_refused_with_its_line(what):
    with pytest.raises(UnicodeDecodeError):
        decode(MIXED[what])
    read, _, faults = survey({"a.ris": MIXED[what]}, {}, ())
    assert (read, len(faults)) == ({}, 1)
    assert (faults[0].file, faults[0].problem) == ("records/search/exports/a.ris", "no encoding fits the file")


def test_the_fault_names_the_line_of_the_first_byte_that_does_not_fit():
    (fault,) = survey({"a.ris": WESTERN.encode() + b"\xff\n"}, {}, ())[2]
    assert fault.line == 5


LATIN = {
    "German": "Über Größen für Fälle – „naïve“ Patienten",
    "French": "Étude sur l’œdème où l’on a trouvé des cœurs âgés: déjà vu, août, sûr, Noël",
    "Spanish": "¿Qué niños mejoran? Señal en España, ªº ½ ± 5 µg/m²",
    "Italian": "Così è più facile, città e virtù: perché no",
    "Portuguese": "Avaliações de corações em São Paulo: não há órgãos",
    "Danish": "Undersøgelse på sygehuse: Sørensen, Bjørn; Ærø",
    "Icelandic": "Sigurðsson, Þór; Guðmundsdóttir, Ólöf Ýr",
    "Finnish and Estonian": "Hämäläinen, Mäkelä; jäääär õöölane",
    "Catalan": "Col·lecció històrica de l’Hospital",
    "signs": "mean±SD, 25°C, CO₂".replace("₂", "²") + ", Humira®, 10·5 mm³, §3, ©2020, R²adj, “x”…",
}
NOT_LATIN = {
    "Polish": ("cp1250", "Leczenie układowego tocznia była oceniona; Wiśniewski, Łukasz"),
    "Czech": ("cp1250", "Dvořák, Jiří; Němec, Růžena; příběh léčby dětí, může"),
    "one Russian name": ("cp1251", "Lupus nephritis in Russia; Иванова"),
    "one Greek name": ("cp1253", "Lupus nephritis in Greece; Παπαδόπουλος, Γ."),
    "Bulgarian": ("cp1251", "Лечение на болните"),
}


@pytest.mark.parametrize("language", LATIN)
def test_western_text_in_windows_1252_is_read(language):
    text = f"TY  - JOUR\nTI  - {LATIN[language]}\nER  - \n"
    assert decode(text.encode("cp1252")) == (text, "cp1252")


@pytest.mark.parametrize("language", NOT_LATIN)
def test_what_reads_as_rubbish_in_windows_1252_is_refused_with_its_line(language):
    encoding, words = NOT_LATIN[language]
    plain = "TY  - JOUR\nTI  - Stem cells in naïve patients\nER  - \n" if encoding == "cp1252" else RIS
    raw = plain.replace("\r\n", "\n").encode() * 20 + f"TY  - JOUR\nTI  - {words}\nER  - \n".encode(encoding)
    (fault,) = survey({"f": raw}, {}, ())[2]
    assert fault.line == RIS.count("\n") * 20 + 2
    assert "UTF-8" in fault.mend
