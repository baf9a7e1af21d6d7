"""`reviewflow figures`: the report's figures as PDF, or as PNG at the resolution of print."""

import argparse
import re
import sys
from collections.abc import Sequence
from fnmatch import fnmatchcase
from pathlib import Path

from reviewflow.faults import Fault, raise_faults

_FIGURES = "results/report/figures"
# CSS has 96 pixels to the inch; what draws the PNG counts 72.
_PIXELS, _POINTS = 96, 72
# The drawing states its size before all else.
_SIZE = re.compile(r'(\b(?:width|height)=)"([\d.]+)"')


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    figures = commands.add_parser("figures", help="give the report's figures as PDF or PNG")
    named = "figures by their names without .svg, * for any letters, such as 'forest_*' (default: all)"
    figures.add_argument("names", nargs="*", metavar="NAME", help=named)
    figures.add_argument("--format", choices=("pdf", "png"), default="pdf", help="(default: pdf, its text as text)")
    dpi = "pixels an inch of a PNG, an inch being 96 pixels of the drawing (default: 300)"
    figures.add_argument("--dpi", type=int, default=300, help=dpi)
    figures.add_argument("--directory", type=Path, default=Path(), metavar="REVIEW", help="folder of the review")
    figures.add_argument("--out", type=Path, default=Path("figures"), metavar="DIR", help="(default: figures)")
    figures.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Write the figures and say how many."""
    folder = chosen.directory / _FIGURES
    found = sorted(folder.glob("*.svg"))
    raise_faults(_refused(chosen, folder, found))
    wanted = [path for path in found if _asked(path, chosen.names)]
    chosen.out.mkdir(parents=True, exist_ok=True)
    for path in wanted:
        drawing = path.read_text(encoding="utf-8")
        target = chosen.out / f"{path.stem}.{chosen.format}"
        target.write_bytes(converted(drawing, chosen.format, chosen.dpi))
    many = "figure" if len(wanted) == 1 else "figures"
    sys.stderr.write(f"{len(wanted)} {many} written to {chosen.out}\n")
    return 0


def converted(drawing: str, form: str, dpi: int = 300) -> bytes:
    """A drawing as PDF, an inch for each 96 pixels, or as PNG."""
    import vl_convert

    if form == "pdf":
        return bytes(vl_convert.svg_to_pdf(_SIZE.sub(_in_points, drawing, count=2)))
    return bytes(vl_convert.svg_to_png(drawing, scale=_POINTS / _PIXELS, ppi=dpi))


def _in_points(size: re.Match[str]) -> str:
    """A width or height of the whole drawing as the PDF counts it, a point for each pixel."""
    return f'{size[1]}"{float(size[2]) * _POINTS / _PIXELS:.2f}"'


def _asked(path: Path, names: Sequence[str]) -> bool:
    return not names or any(fnmatchcase(path.stem, name.removesuffix(".svg")) for name in names)


def _refused(chosen: argparse.Namespace, folder: Path, found: Sequence[Path]) -> list[Fault]:
    """What keeps the command from its work."""
    if not found:
        return [Fault(str(folder), 0, "", "there are no figures", "run snakemake, which makes the report")]
    faults = [
        Fault(
            str(folder), 0, "", f"no figure is named {name}", f"there are {', '.join(p.stem for p in found[:5])}, ..."
        )
        for name in chosen.names
        if not any(_asked(path, [name]) for path in found)
    ]
    if not 30 <= chosen.dpi <= 1200:
        faults.append(Fault("--dpi", 0, "", f"{chosen.dpi} is no resolution of a figure", "30 to 1200"))
    return faults
