"""R metafor, run once a session on every data set of metadat, in parts that the workers of a session share."""

import gzip
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

HERE = Path(__file__).parent
PARTS = 6
MISSING = (
    "R with metafor and metadat is not installed, so the engine was compared with our own data sets only: "
    "apt-get install --no-install-recommends r-base-core r-cran-metafor r-cran-metadat"
)
_INSTALLED = 'quit(status = !all(sapply(c("metafor", "metadat"), requireNamespace, quietly = TRUE)))'
Part = Callable[[int], dict[str, Any]]


@pytest.fixture(scope="session")
def rscript() -> str:
    found = shutil.which("Rscript")
    if found and subprocess.run([found, "-e", _INSTALLED], check=False, capture_output=True).returncode == 0:
        return found
    if os.environ.get("CI"):
        pytest.fail(MISSING)
    return pytest.skip(MISSING)


@pytest.fixture(scope="session")
def part(rscript: str, tmp_path_factory: pytest.TempPathFactory) -> Part:
    """A part of the grid, counted from 1; whoever asks first has R make it, and the others wait for that."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    read: dict[int, dict[str, Any]] = {}

    def get(nth: int) -> dict[str, Any]:
        if nth not in read:
            path = shared / f"metafor_{nth}_of_{PARTS}.json"
            with FileLock(f"{path}.lock"):
                if not path.is_file():
                    _make(rscript, path, nth)
            read[nth] = json.loads(path.read_text(encoding="utf-8"))
        return read[nth]

    return get


def _make(rscript: str, path: Path, nth: int) -> None:
    made = path.with_suffix(".made")
    call = [rscript, str(HERE / "make_reference.R"), "part", str(made), str(nth), str(PARTS)]
    done = subprocess.run(call, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    made.rename(path)


def own() -> dict[str, Any]:
    """The committed reference: our own data sets and the BCG trials."""
    whole: dict[str, Any] = json.loads(gzip.decompress((HERE / "ours.json.gz").read_bytes()))
    for block in whole["blocks"].values():
        block["own"] = True
    return whole
