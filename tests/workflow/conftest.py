"""Reviews to run. Each test has its own folder; what several tests begin with is built once a session."""

import fcntl
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.workflow.review import CASES, ROOT, Review, copy_code, copy_people

MakeReview = Callable[..., Review]


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """A folder that all workers of this session share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if hasattr(request.config, "workerinput") else base


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One worker at a time."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def code(shared: Path) -> Path:
    """The workflow as it stood when the session began; edits made meanwhile change no test."""
    folder = shared / "code"
    with _alone(shared):
        return folder if folder.is_dir() else copy_code(folder)


@pytest.fixture
def own_code(code: Path, tmp_path: Path) -> Path:
    """A copy of the workflow that a test may edit."""
    return shutil.copytree(code, tmp_path / "code")


@pytest.fixture
def review(shared: Path, code: Path, tmp_path: Path) -> MakeReview:
    """Make a review in a folder of its own from a case (or "bundled"), built already if asked for."""

    def make(case: str, *, built: bool = False, name: str = "review") -> Review:
        folder = tmp_path / name
        source = _built(shared, code, case) if built else _source(case)
        shutil.copytree(source, folder) if built else copy_people(source, folder)
        return Review(folder, code)

    return make


def _source(case: str) -> Path:
    return ROOT if case == "bundled" else CASES / case


def _built(shared: Path, code: Path, case: str) -> Path:
    """The results of a case, built once a session; a copy of them is up to date, as every copy of a review is."""
    folder = shared / "built" / case
    with _alone(shared):
        if not folder.is_dir():
            fresh = Review(shared / "building" / case, code)
            copy_people(_source(case), fresh.folder)
            fresh.run()
            folder.parent.mkdir(exist_ok=True)
            fresh.folder.rename(folder)
    return folder
