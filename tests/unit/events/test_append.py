"""Appending to a file that people write too: what stands in it stays as it is."""

import pytest
from reviewflow.events import Appender, Busy

FILE = "records/dedupe/rulings.csv"
COLUMNS = ["record_a", "record_b", "note"]


def appender(root):
    return Appender(root, FILE, COLUMNS, "rulings")


def write(root, content: bytes):
    (root / FILE).parent.mkdir(parents=True, exist_ok=True)
    (root / FILE).write_bytes(content)


@pytest.mark.parametrize("content", [None, b"", b"\n", b"record_a,record_b,note\n", b"record_a,record_b,note"])
def test_a_missing_blank_or_header_only_file_gets_its_header_once(tmp_path, content):
    if content is not None:
        write(tmp_path, content)
    with appender(tmp_path) as file:
        file.write({"record_a": "A:1", "record_b": "B:1", "note": "same, I think"})
    assert (tmp_path / FILE).read_bytes() == b'record_a,record_b,note\nA:1,B:1,"same, I think"\n'


def test_byte_order_mark_delimiter_line_ends_and_order_of_columns_stay(tmp_path):
    before = "\ufeffnote;record_b;record_a\r\nwhy;B:1;A:1\r\n".encode()
    write(tmp_path, before)
    with appender(tmp_path) as file:
        assert file.rows == [{"note": "why", "record_b": "B:1", "record_a": "A:1"}]
        file.write({"record_a": "A:2", "record_b": "B:2"})
    assert (tmp_path / FILE).read_bytes() == before + b";B:2;A:2\r\n"


def test_the_last_line_can_be_taken_back_as_long_as_it_is_the_last(tmp_path):
    with appender(tmp_path) as file:
        first = file.write({"record_a": "A:1", "note": "two\nlines"})
        second = file.write({"record_a": "A:2"})
        assert not file.take_back(first)
        assert file.take_back(second)
        assert file.take_back(first)
        assert not file.take_back(first)
    assert (tmp_path / FILE).read_bytes() == b"record_a,record_b,note\n"


def test_a_line_that_only_ends_alike_is_not_taken_back(tmp_path):
    write(tmp_path, b"record_a,record_b,note\nAAA:1,B:1,\n")
    with appender(tmp_path) as file:
        assert not file.take_back("A:1,B:1,\n")


def test_a_second_writer_waits_and_is_then_told(tmp_path):
    with appender(tmp_path), pytest.raises(Busy, match="another window"):
        Appender(tmp_path, FILE, COLUMNS, "rulings", patience=0.05)
    appender(tmp_path).close()


def test_a_line_that_a_crash_cut_off_is_kept_aside(tmp_path):
    write(tmp_path, b"record_a,record_b,note\nA:1,B:1,ok\nA:2,B")
    with appender(tmp_path) as file:
        file.write({"record_a": "A:3"})
        assert "moved to" in file.mended
    assert (tmp_path / FILE).read_bytes() == b"record_a,record_b,note\nA:1,B:1,ok\nA:3,,\n"
    assert [p.read_text() for p in (tmp_path / ".reviewflow").glob("torn_rulings_*")] == ["A:2,B"]
