"""What `reviewflow export` reads and writes when it hands over analyses or every table."""

import csv
import io
import os
from collections.abc import Iterator
from pathlib import Path

from reviewflow.faults import Fault, raise_faults
from reviewflow.handover.book import Table
from reviewflow.schema import schema, schema_names

_SYNTHESIS = ("effects", "pooled", "subgroups", "subgroup_tests")


def analyses(review: Path, form: str, folder: Path) -> list[str]:
    """Write the analyses into a folder, each file whole; what is in it, in words."""
    import pandas as pd

    from reviewflow.config import read_config
    from reviewflow.handover import FOLDERS
    from reviewflow.tables import read_people, read_result, write_text

    paths = {name: review / f"results/synthesis/{name}.csv" for name in _SYNTHESIS}
    missing = [paths[name] for name in ("effects", "pooled") if not paths[name].is_file()]
    raise_faults(Fault(str(path), 0, "", "is not there yet", "run snakemake synthesis first") for path in missing)
    tables = {f"synthesis/{name}": read_result(path) for name, path in paths.items() if path.is_file()}
    for name in ("analyses", "outcomes"):
        tables[f"config/{name}"] = read_people(review / f"config/{name}.csv", f"config/{name}", review)
    comparisons = read_config(review / "config/config.yaml")["comparisons"]
    tables["comparisons"] = pd.DataFrame([{"comparison": name, **sides} for name, sides in comparisons.items()])
    files = FOLDERS[form](tables)
    for name, text in files.items():
        write_text(folder / name, text)
    pooled = tables["synthesis/pooled"]
    return [f"{len(files)} files, {len(pooled)} analyses, {int(pooled['k'].sum())} effects"]


def everything(review: Path, form: str, file: Path) -> list[str]:
    """Write every table of the review as one workbook; what is in it, in words."""
    from reviewflow.handover import workbook

    tables = list(_tables(review))
    content, told = workbook(tables)
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    beside.write_bytes(content)
    os.replace(beside, file)
    return [f"{len(tables)} tables as {form}", *told]


def _tables(review: Path) -> Iterator[Table]:
    """Every table that the review has, people's first, in the order of its folders."""
    declared = {_pattern(name): name for name in schema_names()}
    for folder in ("config", "records", "results"):
        for path in sorted((review / folder).rglob("*.csv")):
            place = path.relative_to(review).as_posix()
            name = _declared(place, declared)
            if name:
                yield _table(path, place, name)


def _pattern(name: str) -> tuple[str, ...]:
    """The parts of a table's path, those in braces being anybody's."""
    path = schema(name).path or f"{name}.csv"
    return tuple("" if "{" in part else part for part in path.split("/"))


def _declared(place: str, declared: dict[tuple[str, ...], str]) -> str:
    parts = tuple(place.split("/"))
    fits = [
        (sum(not p for p in pattern), name)
        for pattern, name in declared.items()
        if len(pattern) == len(parts) and all(p in ("", part) for p, part in zip(pattern, parts, strict=True))
    ]
    return min(fits)[1] if fits else ""


def _table(path: Path, place: str, name: str) -> Table:
    text = path.read_text(encoding="utf-8-sig")
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    kinds = {column.name: column.type for column in schema(name).columns.values()}
    columns = [(cell, kinds.get(cell, "string")) for cell in (rows[0] if rows else [])]
    return Table(place, schema(name).about, columns, rows[1:])
