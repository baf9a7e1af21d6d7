"""What a seal and a digest of seen text cover, to the byte: lines sealed in earlier versions must stay sealed."""

import hashlib
import json
import unicodedata

import pytest
from reviewflow.events import seal, seen_digest, verify, verify_columns
from reviewflow.events.seal import COVERED

CELLS = [
    "",
    "plain",
    'a "quoted" \\ cell',
    " blanks around ",
    "two\r\nlines",
    "tab\there",
    "纳入",
    "e\u0301",
    "\u2028",
    "\x7f",
]


@pytest.mark.parametrize("cell", CELLS)
def test_a_seal_is_the_digest_of_a_compact_json_list(cell):
    line = dict.fromkeys(COVERED, "") | {"note": cell, "event_id": "ev1"}
    text = cell.strip()
    plain = {"note": text if text.isprintable() else "\n".join(text.splitlines())}
    covered = ["full_text", "reviewer_1", "s0", *((line | plain)[name] for name in COVERED)]
    written = json.dumps(covered, ensure_ascii=False, separators=(",", ":"))
    assert seal("full_text", "reviewer_1", line, "s0") == "s" + hashlib.sha256(written.encode()).hexdigest()[:40]


@pytest.mark.parametrize("cell", CELLS)
def test_lines_and_columns_are_verified_alike(cell):
    line = {"_line": 2, "note": cell, "event_id": "ev1", "previous": "", "record_id": "r"}
    line["seal"] = seal("full_text", "reviewer_1", {name: str(value) for name, value in line.items()}, "")
    found = verify("full_text", "reviewer_1", [line])
    assert found == verify_columns("full_text", "reviewer_1", {name: [value] for name, value in line.items()})
    assert [seen.state for seen in found] == ["sealed"]


@pytest.mark.parametrize("text", [*CELLS, "two  blanks", "a\u00a0b", "a\x1fb", " x", "x ", "  "])
def test_seen_text_is_composed_and_its_white_space_is_single(text):
    plain = " ".join(unicodedata.normalize("NFC", text).split())
    expected = hashlib.sha256("\x1f".join([plain, "", plain]).encode()).hexdigest()[:12]
    assert seen_digest(text, "", text) == f"t{expected}"
