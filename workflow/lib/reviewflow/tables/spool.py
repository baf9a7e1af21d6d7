"""A table of results/ that may be more than memory holds: its lines wait in a file, only their keys in memory."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from reviewflow.schema import schema

from .cells import csv_line, number, plain, truth, whole_number
from .places import fresh, table_of

_BUFFER = 1 << 20
_CELLS: dict[str, Callable[[object], str]] = {"integer": whole_number, "number": number, "boolean": truth}


class Spool:
    """Rows of the table at `path`, in any order; what `sorted_lines` gives are the bytes that `to_csv` gives for a
    frame of the same rows. The rows wait beside the place of the table until the end of the `with` block."""

    def __init__(self, path: str | Path) -> None:
        self._place = Path(path).with_suffix(".spool")
        declared = schema(table_of(path))
        self._names = list(declared.columns)
        kinds = [column.type for column in declared.columns.values()]
        self._typed = [(at, _CELLS[kind]) for at, kind in enumerate(kinds) if kind in _CELLS]
        self._key = [(self._names.index(name), declared.columns[name].type in _CELLS) for name in declared.key]
        self._index: list[tuple[Any, ...]] = []
        self._end = 0

    def __enter__(self) -> Self:
        self._place.parent.mkdir(parents=True, exist_ok=True)
        self._file = fresh(self._place)
        self._handle: IO[bytes] = self._file.open("wb", buffering=_BUFFER)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._handle.close()
        with suppress(OSError):
            self._file.unlink()

    def add(self, row: Mapping[str, object]) -> None:
        """One more row: absent cells are blank."""
        cells: list[Any] = [row.get(name) for name in self._names]
        key = [_numeric(cells[at]) if numeric else str(cells[at]) for at, numeric in self._key]
        for at, cell in self._typed:
            cells[at] = cell(cells[at])
        line = csv_line(["" if cell is None else cell if type(cell) is str else str(cell) for cell in cells])
        if "\r" in line:
            line = csv_line([plain(str("" if cell is None else cell)) for cell in cells])
        encoded = line.encode()
        self._handle.write(encoded)
        # Where two keys are equal the earlier row comes first.
        self._index.append((*key, self._end, len(encoded)))
        self._end += len(encoded)

    def sorted_lines(self) -> Iterator[bytes]:
        """The header and each row's line, sorted by key."""
        self._handle.flush()
        self._index.sort()
        yield csv_line(self._names).encode()
        with self._file.open("rb", buffering=0) as lines:
            for *_, start, length in self._index:
                lines.seek(start)
                yield lines.read(length)


def _numeric(value: Any) -> float:
    """A number to sort by, missing ones last."""
    if type(value) is int:
        return value
    text = number(value)
    return float(text) if text else float("inf")
