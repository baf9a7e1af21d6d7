"""Full texts: served out of the review's folder alone."""

import pytest
from desk_room import ask, client, config, make_review
from reviewflow.desk.files import pdf_of
from reviewflow.desk.review import Review

PDF = b"%PDF-1.7\nbody"


@pytest.fixture
def place(tmp_path):
    root = tmp_path / "review"
    (root / "records/screening/pdfs").mkdir(parents=True)
    (root / "records/screening/pdfs/one two.pdf").write_bytes(PDF)
    (root / "records/screening/secret.csv").write_text("decided_at\n")
    (root / ".reviewflow").mkdir()
    (root / ".reviewflow/hidden.pdf").write_bytes(PDF)
    (tmp_path / "outside.pdf").write_bytes(PDF)
    return root


def test_a_pdf_within_the_review_is_found(place):
    assert pdf_of(place, "records/screening/pdfs/one two.pdf") == place / "records/screening/pdfs/one two.pdf"
    assert pdf_of(place, "records\\screening\\pdfs\\one two.pdf") == place / "records/screening/pdfs/one two.pdf"


@pytest.mark.parametrize(
    "named",
    [
        "", " ", "../outside.pdf", "records/../../outside.pdf", "/etc/passwd", "C:\\outside.pdf", "..\\outside.pdf", ".",
        "records/screening/secret.csv", ".reviewflow/hidden.pdf", "records/screening/pdfs", "none.pdf", "a\0.pdf",
        "file:///etc/passwd", "x" * 5000,
    ],
)  # fmt: skip
def test_everything_else_is_refused(place, named):
    assert pdf_of(place, named) is None


def test_a_link_out_of_the_review_is_refused(place):
    (place / "records/screening/pdfs/link.pdf").symlink_to(place.parent / "outside.pdf")
    (place / "records/out").symlink_to(place.parent)
    assert pdf_of(place, "records/screening/pdfs/link.pdf") is None
    assert pdf_of(place, "records/out/outside.pdf") is None


def test_the_full_text_comes_as_a_pdf_that_opens_in_a_tab_of_its_own(place):
    make_review(place, queue=[ask("A:1", "full_text"), ask("A:2", "full_text")])
    table = (
        "record_id,status,file,note\nA:1,retrieved,records/screening/pdfs/one two.pdf,\nA:2,retrieved,../outside.pdf,\n"
    )
    (place / "records/screening/retrieval.csv").write_text(table)
    room = Review(place, config())
    page = client(room)
    text = page.get("/screen/full_text?report=A:1").text
    assert '<a href="/pdf?report=A%3A1" target="_blank" rel="noopener">' in text
    assert "Full text: retrieved" in text
    answer = page.get("/pdf?report=A:1")
    assert answer.content == PDF
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].startswith("inline")
    for report in ("A:2", "A:3", "none", "../outside.pdf"):
        refused = page.get("/pdf", params={"report": report})
        assert refused.status_code == 404
        assert "names no PDF" in refused.text
    room.close()
