"""Reading the generator's data and writing CSV as the review's people would save it."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

DATA = Path(__file__).parent / "data"
Row = dict[str, str]


def read(name: str) -> list[Row]:
    """Rows of tests/bundled/data/NAME.csv; lines that begin with # are remarks."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def write(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, object]] = ()) -> None:
    """Write rows as UTF-8 CSV with LF; a column that a row lacks stays blank."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def write_text(path: Path, text: str, encoding: str = "utf-8") -> None:
    """Write text with LF line ends, whatever the platform."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding=encoding, newline="\n")
