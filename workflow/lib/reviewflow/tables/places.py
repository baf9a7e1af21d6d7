"""Where a table of results/ stands, and where it is written before it takes its place."""

import glob
import os
import shutil
from pathlib import Path

from reviewflow.schema import SCHEMAS


def table_of(path: Path | str) -> str:
    """The schema name of a path in results/, such as results/dedupe/clusters; the tables of a folder that has a
    schema itself are all of that kind."""
    parts = Path(path).with_suffix("").parts
    name = Path(*parts[len(parts) - 1 - parts[::-1].index("results") :])
    folder = name.parent
    return folder.as_posix() if (SCHEMAS / f"{folder}.yaml").exists() else name.as_posix()


def fresh(place: Path) -> Path:
    """Where to write before renaming; what a killed run left there is removed."""
    for left in place.parent.glob(f".{glob.escape(place.name)}.*"):
        shutil.rmtree(left) if left.is_dir() else left.unlink(missing_ok=True)
    return place.with_name(f".{place.name}.{os.getpid()}")
