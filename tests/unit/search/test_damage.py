"""Whatever is done to a file: the entries that are read equal those that are counted, or a fault names file and line;
and no content takes more than its share of time."""

import time

import pandas as pd
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from reviewflow.search import UnknownFormat, build, check, decode, read_export, survey
from reviewflow.search.fields import FIELDS
from search_samples import SEMICOLONS, TEXTS, XLSX_ROWS, workbook

XLSX = workbook({"a": XLSX_ROWS})
FILES = [*(text.encode() for text in TEXTS.values()), SEMICOLONS.encode()]
files = st.sampled_from([*FILES, XLSX])
INSERTS = [b"\xff\xfe", b"\n\n", b"\r", b"\x00", b'"', b"ER  - \n"]
ENCODINGS = ["utf-8-sig", "utf-16", "gb18030", "cp1252", "utf-16-le"]


@st.composite
def damaged(draw):
    """A file that was cut, doubled, glued to another, encoded anew, or had bytes changed."""
    raw = draw(files)
    at = draw(st.integers(0, len(raw)))
    way = draw(st.sampled_from(["head", "tail", "change", "insert", "glue", "encode", "drop a line", "swap a line"]))
    if way == "encode":
        return raw if raw == XLSX else raw.decode().encode(draw(st.sampled_from(ENCODINGS)), errors="ignore")
    lines = raw.splitlines(keepends=True)
    which = draw(st.integers(0, len(lines) - 1))
    return {
        "head": raw[:at],
        "tail": raw[at:],
        "change": raw[:at] + draw(st.binary(max_size=4)) + raw[at + 4 :],
        "insert": raw[:at] + draw(st.sampled_from([*INSERTS, raw])) + raw[at:],
        "glue": raw + draw(files),
        "drop a line": b"".join(lines[:which] + lines[which + 1 :]),
        "swap a line": b"".join(lines[which:] + lines[:which]),
    }[way]  # fmt: skip


SEARCHES = pd.DataFrame(
    [{"_line": 2, "search_id": "s", "wave": 1, "source": "S", "source_type": "database", "hits": pd.NA,
      "export_files": "f", "strategy_file": ""}]
)  # fmt: skip


def _nothing_vanished(raw, export):
    """Each title of the samples that is still in the file is in an entry; only a damaged tag can hide it."""
    if raw[:2] == b"PK" or export.format == "empty" or build(SEARCHES, {"f": raw}, list)["rejected"].shape[0]:
        return True
    text, inside = decode(raw)[0], " ".join(value for entry in export.entries for _, value in entry.tags)
    return all(text.count(f" {word}\n") <= inside.count(word) for word in ("One", "Two"))


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(damaged())
@example(b"TY  - JOUR\nTI  - One\nER  - \nTitle,Authors,Year,Abstract,DOI\nTwo,X,2020,y,10.1/x\n")
def test_no_damage_loses_an_entry_without_a_word(raw):
    read, _, faults = survey({"f": raw}, {}, ())
    if not read:
        assert [fault.file for fault in faults] == ["records/search/exports/f"]
        assert faults[0].line >= 1
        assert faults[0].mend
        return
    export = read_export(raw)
    tables = build(SEARCHES, {"f": raw}, list)
    (balance,) = tables["balance"].to_dict("records")
    faults = check(SEARCHES, ["f"], read, [])
    assert balance["parsed"] + balance["rejected"] == len(export.entries)
    assert balance["ok"] or faults
    assert _nothing_vanished(raw, export) or faults
    assert (export.counted == len(export.entries)) or any("are counted" in fault.problem for fault in faults)
    assert [entry.line for entry in export.entries] == sorted(entry.line for entry in export.entries)


@pytest.mark.parametrize("first", [name for name in TEXTS if not name.endswith("xml")])
@pytest.mark.parametrize("second", TEXTS)
def test_two_formats_in_one_file_are_never_read_as_one(first, second):
    raw = f"{TEXTS[first]}\n\n{TEXTS[second]}".encode()
    try:
        export = read_export(raw)
    except UnknownFormat:
        return
    titles = [str(FIELDS[export.format](entry)["title"]) for entry in export.entries]
    whole = sum(title.split(" ")[0] in ("One", "Two") for title in titles) == 4
    assert whole or export.counted != len(export.entries), (export.format, titles)


LONG = 100_000
SLOW = {
    "blank lines": "TY  - JOUR\n" + "\n" * LONG,
    "blanks": "TY  - JOUR\nTI  - " + " " * LONG + "x\n",
    "titles again": "TY  - JOUR\n" + "TI  - x\n\n" * (LONG // 5),
    "primary titles again": "TY  - JOUR\n" + "T1  - x\n\n" * (LONG // 5),
    "blank titles": "TY  - JOUR\nT1  - x\n" + "\nT1  - \n" * LONG,
    "blank tags": "TY  - JOUR\n" + "AU  - \n" * LONG,
    "ends": "TY  - JOUR\n" + "ER  - \n" * LONG,
    "beginnings": "TY  - JOUR\n" * LONG,
    "dashes": "TY  - " + "-" * LONG,
    "preambles": "Record #1 of 9\n" * LONG + "TY  - JOUR\n",
    "tags without type": "AU  - x\n" * LONG + "TY  - JOUR\n",
    "nbib continuations": "PMID- 1\nTI  - " + "\n      x" * LONG,
    "nbib paragraphs": "PMID- 1\n" + "\n \n" * LONG,
    "wos lines": "PT J\nTI x" + "\n   x" * LONG + "\nER\n",
    "wos ends": "PT J\nTI x\n" + "ER\n" * LONG,
    "ovid source": "VN  - Ovid Technologies\nSO  - " + "a. 1 (" * LONG,
    "refworks": "RT Journal Article\n" + "x\n" * LONG,
    "refworks starts": "RT Journal Article\n" * LONG,
    "refer": "%T x\n%A " + "%A" * LONG,
    "refer paragraphs": "%T x\n" + "\n \n" * LONG,
    "noteexpress": "{Reference Type}: x\n" + "{" * LONG,
    "estudy": "Title-题名: x\n" + "a-" * LONG,
    "bibtex braces": "@article{a, title={" + "{" * LONG,
    "bibtex closed": "@article{a, title={" + "{" * LONG + "}" * LONG,
    "bibtex fields": "@article{a," + "a={}," * LONG,
    "bibtex names": "@article{a, author={" + "a and " * LONG + "}}",
    "bibtex spaces": "@article{a,title" + " " * LONG,
    "bibtex hashes": "@article{a,title=" + "a#" * LONG,
    "bibtex entries": "@article{a,\n" * LONG,
    "bibtex strings": "@article{a,\n" + "@string{a=" * LONG,
    "tex": "@article{a, title={" + "\\'" * LONG + "}}",
    "csv quotes": 'Title,Authors,Year\n"' + '""' * LONG + "\n",
    "csv open quotes": "Title,Authors,Year\n" + '"a,' * LONG,
    "csv commas": "Title,Authors,Year\n" + "," * LONG,
    "csv empty rows": "Title,Authors,Year\n" + ",,\n" * LONG,
    "csv titles": "Title,Authors,Year\n" + "Title,Authors,Year,DOI,Abstract\n" * (LONG // 10),
    "csv authors": "Title,Authors,Year\nA,\"" + "Gu F, " * LONG + '",2020\n',
    "titles": "TY  - JOUR\nAB  - " + "Title," * LONG,
    "doi": "TY  - JOUR\nTI  - x\nDO  - " + "10." * LONG,
    "links": "TY  - JOUR\nTI  - x\nUR  - " + "proquest.com/" * LONG,
    "ovid links": "TY  - JOUR\nTI  - x\nL2  - " + "ovid" * LONG,
    "trial ids": "TY  - JOUR\nTI  - x\nAB  - " + "IRCT1234567890" * LONG,
    "notices": "TY  - JOUR\nTI  - " + "expression of " * LONG,
    "entities": "TY  - JOUR\nTI  - " + "&amp;" * LONG,
    "html": "TY  - JOUR\nTI  - " + "<i " * LONG,
    "xml": "<PubmedArticleSet>" + "<PubmedArticle>x</PubmedArticle>" * (LONG // 10),
    "xml record": "<xml><records><record>" + "a <" * LONG,
    "xml attributes": '<xml><records><record a="' + "x" * LONG,
    "ref-type": "<record>" + "<a>" * LONG + "<ref-type",
}  # fmt: skip


@pytest.mark.parametrize("what", SLOW)
def test_no_content_takes_more_than_its_share_of_time(what):
    """A hundred thousand of anything in a few seconds: what is quadratic would take hours."""
    start = time.process_time()
    if survey({"f": SLOW[what].encode()}, {}, ())[0]:
        build(SEARCHES, {"f": SLOW[what].encode()}, list)
    assert time.process_time() - start < 12


def test_a_format_that_is_not_known_is_a_fault_that_names_those_that_are():
    (fault,) = survey({"f": b"Dear colleague,\nno records today.\n"}, {}, ())[2]
    assert "RIS" in fault.mend
    assert "PubMed" in fault.mend
