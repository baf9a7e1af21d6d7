"""Figures as PDF and PNG: text stays text, a card stays white, sizes are those of print, and faults come at once."""

import struct
import zlib
from pathlib import Path

import pytest
from reviewflow.cli import main
from reviewflow.commands.figures import converted
from reviewflow.page import svg


def drawing(width: float = 192.0, height: float = 96.0) -> str:
    body = [svg.text(10, 40, "Heterogeneity: Tau² = 0.21 †"), svg.text(10, 70, "狼疮性肾炎", bold=True)]
    return svg.drawing("plot", width, height, "A <title>", "A description.", body)


@pytest.fixture
def review(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "review/results/report/figures"
    folder.mkdir(parents=True)
    for name in ("forest_a", "forest_b", "flow"):
        (folder / f"{name}.svg").write_text(drawing(), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "review"


def test_all_figures_are_written_or_those_that_are_named(review: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["figures", "--directory", str(review), "--out", "all"]) == 0
    assert sorted(p.name for p in Path("all").iterdir()) == ["flow.pdf", "forest_a.pdf", "forest_b.pdf"]
    assert main(["figures", "forest_*", "--format", "png", "--directory", str(review), "--out", "some"]) == 0
    assert sorted(p.name for p in Path("some").iterdir()) == ["forest_a.png", "forest_b.png"]
    assert capsys.readouterr().err == "3 figures written to all\n2 figures written to some\n"


@pytest.mark.parametrize(("dpi", "size"), [(96, (192, 96)), (300, (600, 300)), (600, (1200, 600))])
def test_a_png_has_the_pixels_of_its_resolution_and_a_white_ground(dpi: int, size: tuple[int, int]) -> None:
    png = converted(drawing(), "png", dpi)
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", png[16:24]) == size
    assert pixel(png) == (255, 255, 255, 255)


def pixel(png: bytes) -> tuple[int, ...]:
    """The first pixel, of eight bits each of red, green, blue and opacity; the first row has no pixel above it and no
    pixel left of it, so whatever the filter, its bytes are those of the pixel."""
    assert png[24:26] == b"\x08\x06"
    parts, at = b"", 8
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        parts += png[at + 8 : at + 8 + length] if png[at + 4 : at + 8] == b"IDAT" else b""
        at += 12 + length
    return tuple(zlib.decompress(parts)[1:5])


def test_a_pdf_keeps_text_as_text_in_the_size_of_the_drawing() -> None:
    pdf = converted(drawing(), "pdf")
    assert pdf.startswith(b"%PDF-")
    assert b"/ToUnicode" in pdf  # fonts with their letters, not outlines
    assert b"/MediaBox [0 0 144 72]" in pdf  # points, of which there are 72 to the inch of 96 pixels


def test_faults_come_at_once_with_their_mend(review: Path, capsys: pytest.CaptureFixture[str]) -> None:
    chosen = ["figures", "funnel_a", "nothing", "--dpi", "5", "--directory", str(review)]
    assert main(chosen) == 1
    said = capsys.readouterr().err
    for part in (
        "no figure is named funnel_a",
        "no figure is named nothing",
        "5 is no resolution",
        "flow, forest_a, forest_b",
    ):
        assert part in said
    assert not Path("figures").exists()


def test_a_review_without_a_report_says_what_makes_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["figures", "--directory", str(tmp_path)]) == 1
    assert "there are no figures; run snakemake" in capsys.readouterr().err
