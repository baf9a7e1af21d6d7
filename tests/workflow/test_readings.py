"""Files as Excel, LibreOffice and text editors save them say the same as plain CSV."""

import csv
import io
import re
from collections.abc import Callable

import pytest

from tests.workflow.conftest import MakeReview
from tests.workflow.review import STAGES, Review

pytestmark = pytest.mark.workflow


def _saved(text: str, delimiter: str = ",", line_end: str = "\n") -> str:
    """The same cells with another delimiter and line end."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=line_end).writerows(csv.reader(io.StringIO(text)))
    return out.getvalue()


def _german_excel(text: str) -> bytes:
    """Semicolons, byte order mark, CRLF, blank cells behind the last column, a decimal comma in columns of numbers."""
    saved = _saved(text, ";", "\r\n").replace("\r\n", ";;\r\n")
    if ";mean;sd;" in saved:
        saved, changed = re.subn(r"(?<=;)(-?\d+)\.(\d+)(?=;)", r"\1,\2", saved)
        assert changed
    return saved.encode("utf-8-sig")


def _tab_separated(text: str) -> bytes:
    """As a spreadsheet's "text, tab-separated" has it, with blank lines at the end."""
    return (_saved(text, "\t", "\r\n") + "\t\t\r\n\r\n").encode()


def _unicode_text(text: str) -> bytes:
    """Excel's "Unicode text": UTF-16 with tabs."""
    return _saved(text, "\t", "\r\n").encode("utf-16")


@pytest.mark.parametrize("save", [_german_excel, _tab_separated, _unicode_text])
def test_a_file_that_a_spreadsheet_saved_reads_the_same(save: Callable[[str], bytes], review: MakeReview) -> None:
    done = review("full", built=True)
    tables = done.results("search", "dedupe", "screening", "extraction", "appraisal", "synthesis")
    for name in done.written():
        if name.endswith(".csv"):
            done.path(name).write_bytes(save(done.text(name)))
    run = done.run("synthesis", "appraisal")
    assert set(run.stages) == {*STAGES} - {"report"}
    assert done.results("search", "dedupe", "screening", "extraction", "appraisal", "synthesis") == tables


def test_what_programs_leave_behind_is_not_taken_for_what_people_wrote(review: MakeReview) -> None:
    done = review("full", built=True)
    for name in (
        "title_abstract/~$reviewer_1.csv",
        "title_abstract/.~lock.reviewer_2.csv#",
        "full_text/.DS_Store",
        "Thumbs.db",
    ):
        done.path(f"records/screening/{name}").write_bytes(b"\x00\x01")
    done.path("records/search/exports/desktop.ini").write_bytes(b"[ViewState]")
    assert done.run().stages == ()


def test_lines_copied_from_the_worksheet_unfilled_say_nothing_yet_and_filled_are_decisions(review: MakeReview) -> None:
    done = review("half_done", built=True)
    sheet = done.rows("results/screening/worksheets/title_abstract_reviewer_2.csv")
    waits = {row["record_id"] for row in sheet}
    assert waits == {"PubMed:1003", "CBM:2017002"}
    for row in sheet:
        if row["record_id"] == "PubMed:1003":
            row |= {"decided_at": "2022-01-05", "decision": "include"}
    _append(done, "records/screening/title_abstract/reviewer_2.csv", sheet)
    done.run("screening")
    left = done.rows("results/screening/worksheets/title_abstract_reviewer_2.csv")
    assert [row["record_id"] for row in left] == ["CBM:2017002"]


def _append(done: Review, name: str, sheet: list[dict[str, str]]) -> None:
    """Paste the worksheet's lines under a reviewer's own, with the worksheet's columns."""
    columns = list(sheet[0])
    own = [{column: row.get(column, "") for column in columns} for row in done.rows(name)]
    done.write_rows(name, own + sheet)
