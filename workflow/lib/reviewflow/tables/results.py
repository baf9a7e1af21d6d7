"""The tables of results/: typed by their schemas, sorted by key, written whole or not at all."""

import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pandas as pd

from reviewflow.schema import SCHEMAS, Column, schema

from .cells import cells, csv_line
from .people import typed
from .places import fresh, table_of
from .spool import Spool


def read_result(path: Path | str, only: Sequence[str] = ()) -> pd.DataFrame:
    """Read a table of results/ with the types of its schema; further columns are read as text. `only` names the columns
    that are wanted, all by default."""
    columns = schema(table_of(path)).columns
    wanted = list(only) or None
    raw = pd.read_csv(path, dtype=object, keep_default_na=False, encoding="utf-8", usecols=wanted)
    return pd.DataFrame(
        {name: typed(raw[name].tolist(), columns.get(name, Column(name, "string", ""))) for name in raw.columns}
    )


def empty_result(table: str, extra: Sequence[str] = ()) -> pd.DataFrame:
    """A table without rows."""
    columns = [*schema(table).columns.values(), *(Column(e, "string", "") for e in extra)]
    return pd.DataFrame({c.name: typed([], c) for c in columns})


def frame(table: str, rows: Iterable[Mapping[str, object]], extra: Sequence[str] = ()) -> pd.DataFrame:
    """Rows as a typed table: absent cells are blank."""
    listed = list(rows)
    names = [*schema(table).columns, *extra]
    return framed(table, {name: [row.get(name) for row in listed] for name in names}, extra)


def framed(table: str, columns: Mapping[str, Iterable[object]], extra: Sequence[str] = ()) -> pd.DataFrame:
    """Columns of one length as a typed table: absent columns are blank."""
    declared = [*schema(table).columns.values(), *(Column(e, "string", "") for e in extra)]
    given = {name: list(values) for name, values in columns.items()}
    absent: list[object] = [None] * max(map(len, given.values()), default=0)
    return pd.DataFrame({c.name: _series(given.get(c.name, absent), c) for c in declared})


def _series(values: list[object], column: Column) -> pd.Series:
    if column.type == "integer":
        return pd.Series(values, dtype="Int64")
    if column.type == "number":
        return pd.Series(pd.to_numeric(pd.Series(values, dtype=object)), dtype="float64")
    if column.type == "boolean":
        return pd.Series(values, dtype=bool)
    return pd.Series(["" if v is None else str(v) for v in values], dtype=object)


def write_results(tables: Mapping[str, pd.DataFrame | Spool], paths: Mapping[str, str]) -> None:
    """Write each table to the path of the same name; all are written beside their places first, then renamed."""
    _whole((path, _parts(tables[name], table_of(path))) for name, path in paths.items())


def _parts(data: pd.DataFrame | Spool, table: str) -> Iterable[bytes]:
    return data.sorted_lines() if isinstance(data, Spool) else [to_csv(data, table).encode()]


def to_csv(data: pd.DataFrame, table: str) -> str:
    """The bytes of a result table as text: schema order, sorted by key, numbers so that they read back exactly."""
    declared = schema(table)
    columns = [*declared.columns, *(c for c in data.columns if c not in declared.columns)]
    ordered = data[columns].sort_values(list(declared.key), kind="stable", key=_sortable)
    rows = zip(*(cells(ordered[name]) for name in columns), strict=True)
    return "".join([csv_line(columns), *(csv_line(list(row)) for row in rows)])


def _sortable(values: pd.Series) -> pd.Series:
    return values if pd.api.types.is_numeric_dtype(values) else values.astype(str)


def read_stages(paths: Iterable[str]) -> dict[str, pd.DataFrame]:
    """The tables among the paths, by their names below results/, such as dedupe/clusters; other files are left."""
    named = {table_of(p).removeprefix("results/"): p for p in paths}
    return {name: read_result(path) for name, path in named.items() if (SCHEMAS / f"results/{name}.yaml").exists()}


def write_tree(texts: Mapping[str, str], root: str | Path, *folders: str) -> None:
    """Write texts by their paths below `root`. Each of `folders` is made anew, whole, so that nothing old stays."""
    for folder in map(Path, folders):
        folder.parent.mkdir(parents=True, exist_ok=True)
        anew = fresh(folder)
        anew.mkdir()
        for name, text in texts.items():
            if Path(root, name).parent == folder:
                (anew / Path(name).name).write_text(text, encoding="utf-8", newline="\n")
        shutil.rmtree(folder, ignore_errors=True)
        os.replace(anew, folder)
    for name, text in texts.items():
        if str(Path(root, name).parent) not in folders:
            write_text(Path(root, name), text)


def write_text(path: str | Path, text: str) -> None:
    """Write a text file beside its place, then rename it."""
    os.replace(_beside(path, [text.encode()]), path)


def write_whole(contents: Mapping[Path, bytes]) -> None:
    """Write files, all beside their places first, then renamed: a fault in writing one leaves every one as it was."""
    _whole((path, [content]) for path, content in contents.items())


def _whole(contents: Iterable[tuple[str | Path, Iterable[bytes]]]) -> None:
    written: dict[str | Path, str] = {}
    try:
        for path, parts in contents:
            written[path] = _beside(path, parts)
    except BaseException:
        for temporary in written.values():
            _remove(temporary)
        raise
    for path, temporary in written.items():
        os.replace(temporary, path)


def _beside(path: str | Path, parts: Iterable[bytes]) -> str:
    place = Path(path)
    place.parent.mkdir(parents=True, exist_ok=True)
    temporary = fresh(place)
    try:
        with temporary.open("wb") as handle:
            handle.writelines(parts)
    except BaseException:
        _remove(temporary)
        raise
    return str(temporary)


def _remove(file: str | Path) -> None:
    with suppress(OSError):
        os.remove(file)


def rows_of(data: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a table as dictionaries."""
    names = list(data.columns)
    columns = (data[name].tolist() for name in names)
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)] if names else []


def split_list(cell: str) -> list[str]:
    """The values of a list cell."""
    return [value.strip() for value in cell.split(";") if value.strip()]


def join_list(values: Iterable[str]) -> str:
    """Values as a list cell; a semicolon within a value becomes a comma."""
    return "; ".join([value.replace(";", ",").strip() for value in values if value.strip()])
