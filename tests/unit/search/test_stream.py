"""A file is read in pieces: what comes out is what the whole gives, and a large file takes no more memory than a
small one."""

import tracemalloc
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reviewflow.records import Content
from reviewflow.search import Reading, build, stream, survey
from reviewflow.search.fields import FIELDS, identity, is_record, record_id
from reviewflow.search.formats import FORMATS
from search_samples import TEXTS

SEARCHES = pd.DataFrame(
    [{"_line": 2, "search_id": "s", "wave": 1, "source": "S", "source_type": "database", "hits": pd.NA,
      "export_files": "f; g", "strategy_file": ""}]
)  # fmt: skip
# The head of a table stands in the first piece; everything else may be cut anywhere.
SMALLEST = 60
PLAIN = [name for name in TEXTS if not name.endswith("xml")]


def found(raw):
    """Lines, ends and tags of all entries, and what the file holds."""
    reading = Reading(raw)
    entries = [(entry.line, entry.closed, entry.tags) for entry in reading]
    return entries, reading.export(())


def longer(name):
    """A sample with more records, stray lines and an end that is missing."""
    text = TEXTS[name]
    if name in PLAIN:
        head, row = (text.split("\n", 1)[0] + "\n", text.split("\n", 1)[1]) if name in ("csv", "tsv") else ("", text)
        text = head + "".join(f"{row.replace('Two', f'Two {n}')}\n" for n in range(6))
    return text[:-12] if name in PLAIN else text


@pytest.mark.parametrize("name", TEXTS)
@pytest.mark.parametrize("size", [SMALLEST, 77, 150, 400])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_pieces_give_what_the_whole_gives(monkeypatch, name, size, end):
    raw = longer(name).replace("\r\n", "\n").replace("\n", end).encode()
    whole = found(raw)
    monkeypatch.setattr(stream, "STEP", size)
    assert found(raw) == whole


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from([name for name in PLAIN if name not in ("csv", "tsv")]),
    st.lists(st.sampled_from(["whole", "no end", "stray", "blank", "loose"]), min_size=2, max_size=8),
    st.sampled_from([70, 90, 130]),
)
def test_pieces_give_what_the_whole_gives_of_damaged_files_too(name, parts, size):
    text = TEXTS[name].replace("\r\n", "\n")
    pieces = {
        "whole": text,
        "no end": text.replace("ER  - \n", "").replace("ER\n", ""),
        "stray": "TI  - Stray\nAU  - x\n",
        "blank": "\n \n",
        "loose": "TY - JOUR\nTI - Loose\nER - \n",
    }
    raw = "\n".join(pieces[part] for part in ["whole", *parts]).encode()
    whole = found(raw)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stream, "STEP", size)
        assert found(raw) == whole


def test_a_quoted_cell_over_many_pieces_is_one_cell(monkeypatch):
    cell = "line, \n" * 40
    rows = "".join(f'T{n},"first ""x"",\n{cell}last",20{n:02}\n' for n in range(10))
    raw = f"Title,Abstract,Year\n{rows}".encode()
    monkeypatch.setattr(stream, "STEP", 64)
    entries, export = found(raw)
    assert (len(entries), export.counted) == (10, 10)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "gb18030", "utf-16-be"])
def test_a_character_across_two_steps_stays_whole(monkeypatch, encoding):
    text = "TY  - JOUR\r\nTI  - 间充质干细胞移植治疗系统性红斑狼疮\r\nER  - \r\n" * 5
    whole = found(text.encode(encoding))
    for size in range(SMALLEST, SMALLEST + 8):
        monkeypatch.setattr(stream, "STEP", size)
        assert found(text.encode(encoding)) == whole


def test_the_line_of_a_broken_byte_is_told_in_any_piece(monkeypatch):
    raw = b"TY  - JOUR\nTI  - \xe2\x80\x93\nER  - \n\n" * 30 + b"TI  - \xff\n"
    monkeypatch.setattr(stream, "STEP", 50)
    (fault,) = survey({"f": raw}, {}, ())[2]
    assert fault.line == 121


@pytest.mark.parametrize("name", TEXTS)
def test_the_gate_knows_the_record_ids_that_the_table_has(name):
    kind = FORMATS[name]
    for entry in Reading(TEXTS[name].encode()):
        fields = FIELDS[name](entry)
        assert identity(kind, "S", entry) == (record_id("S", fields) if is_record(fields) else "")


def test_records_are_looked_for_only_where_they_are_named():
    rows = []
    files = {name: TEXTS[name].encode() for name in ("nbib", "ris")}
    build(SEARCHES.assign(export_files="nbib; ris"), files, rows.append)
    ids = {row["record_id"] for row in rows}
    assert len(ids) == 4
    sources = dict.fromkeys(files, "S")
    assert survey(files, sources, ids | {"S:none"})[1] == ids
    assert survey(files, {"ris": "S"}, ids)[1] == {row["record_id"] for row in rows if row["export_file"] == "ris"}
    assert survey(files, sources, {"S:1"})[1] == {"S:1"}


def test_the_faults_of_all_files_come_at_once():
    files = {"f": b"no records", "g": b"<xml><records><record><ref-type>1</ref-type></records>", "h": b"%PDF"}
    exports, _, faults = survey(files, {}, ())
    assert (exports, [fault.file.rsplit("/", 1)[1] for fault in faults]) == ({}, ["f", "g", "h"])


def test_content_gives_the_bytes_of_a_file(tmp_path):
    path = Path(tmp_path, "f")
    path.write_bytes(bytes(range(256)))
    content = Content(path)
    assert (len(content), content[:3], content[250:300], content[9:2]) == (256, b"\0\1\2", bytes(range(250, 256)), b"")


RECORDS = {
    "ris": "TY  - JOUR\nTI  - Title {n}\nAB  - {text}\nER  - \n\n",
    "nbib": "PMID- {n}\nTI  - Title {n}\nAB  - {text}\n\n",
    "wos": "PT J\nTI Title {n}\nAB {text}\nUT WOS:{n:015}\nER\n\n",
    "csv": 'Title {n},"{text}",2020\n',
    "pubmed_xml": "<PubmedArticle><MedlineCitation><PMID>{n}</PMID><Article><ArticleTitle>Title {n}</ArticleTitle>"
    "<Abstract><AbstractText>{text}</AbstractText></Abstract></Article></MedlineCitation></PubmedArticle>",
}
AROUND = {"csv": ("Title,Abstract,Year\n", ""), "pubmed_xml": ("<PubmedArticleSet>", "</PubmedArticleSet>")}


@pytest.mark.parametrize("name", RECORDS)
def test_a_large_file_takes_the_memory_of_a_piece(monkeypatch, tmp_path, name):
    """Not the size of its text, which is twice as large in memory as soon as it has one dash."""
    path = Path(tmp_path, "f")
    before, behind = AROUND.get(name, ("", ""))
    with path.open("w", encoding="utf-8") as file:
        file.write(before)
        for n in range(2000):
            file.write(RECORDS[name].format(n=n + 1, text=f"word {n} – " * 300))
        file.write(behind)
    size = path.stat().st_size
    monkeypatch.setattr(stream, "STEP", size // 64)
    tracemalloc.start()
    try:
        export = survey({"f": Content(path)}, {}, ())[0]["f"]
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (export.read, export.counted, export.note) == (2000, 2000, "")
    assert peak < size / 3
