"""Digests: of what people wrote and of the code that a script uses, so that content decides what runs again."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from reviewflow import __version__

# Packages whose version can change a number or a byte of the results.
_PACKAGES = ("snakemake", "pandas", "polars", "numpy", "scipy", "rapidfuzz", "jinja2")
LIB = Path(__file__).parent
WORKFLOW = LIB.parents[1]
# Left behind by spreadsheets, editors and file managers.
_NOT_PEOPLE = ("~$", ".", "Thumbs.db", "desktop.ini")


def people_files(*folders: str, root: Path = Path()) -> list[str]:
    """Files below the folders (or the files themselves) that exist, sorted, without what programs leave behind; the
    folders and the files are named from `root` on."""
    found = []
    for folder in map(Path, folders):
        there = root / folder
        files = [folder] if there.is_file() else sorted(f.relative_to(root) for f in there.rglob("*"))
        found += [f for f in files if (root / f).is_file() and not any(p.startswith(_NOT_PEOPLE) for p in f.parts)]
    return [f.as_posix() for f in found]


def has_lines(path: str) -> bool:
    """Whether there is anything in a table but its column names."""
    return sum(1 for line in Path(path).read_bytes().splitlines() if line.strip()) > 1


@cache
def file_digest(path: str) -> str:
    """SHA-256 of a file's content, read once a run."""
    return _sha256(Path(path))


def _sha256(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def files_digest(files: list[str]) -> str:
    """One digest of names and contents."""
    return hashlib.sha256("\n".join(f"{file}\t{file_digest(file)}" for file in files).encode()).hexdigest()


@cache
def code_files(path: Path) -> frozenset[Path]:
    """The file and every library file that it imports, directly or through others; for the library as it stands."""
    seen: set[Path] = set()
    waiting = [path]
    while waiting:
        file = waiting.pop()
        if file not in seen:
            seen.add(file)
            waiting += _imports(file)
    return frozenset(seen)


# An import statement, also one over several lines. Text that merely looks like one makes the digest cover a file too
# many, which does no harm; parsing every file on each run would cost a quarter of a second.
_FROM = re.compile(r"^[ \t]*from[ \t]+(\.*)([\w.]*)[ \t]+import[ \t]+(\([^)]*\)|[^\n]*)", re.MULTILINE)
_IMPORT = re.compile(r"^[ \t]*import[ \t]+([\w., \t]+)", re.MULTILINE)


@cache
def _imports(file: Path) -> tuple[Path, ...]:
    text = file.read_text(encoding="utf-8")
    package = file.relative_to(LIB.parent).parent.parts if file.is_relative_to(LIB) else ()
    modules = [name.strip().split(" ")[0] for names in _IMPORT.findall(text) for name in names.split(",")]
    for dots, module, names in _FROM.findall(text):
        above = package[: len(package) + 1 - len(dots)] if dots else ()
        base = ".".join([*above, *([module] if module else [])])
        modules += [base, *(f"{base}.{name}" for name in re.findall(r"\w+", names))]
    return tuple(dict.fromkeys(f for m in modules if m.split(".")[0] == LIB.name for f in _files(m)))


@cache
def _files(module: str) -> list[Path]:
    """The files that importing a module of the library reads: its packages' __init__ and itself."""
    parts = module.split(".")
    files = [LIB.parent.joinpath(*parts[:n], "__init__.py") for n in range(1, len(parts) + 1)]
    return [f for f in [*files, LIB.parent.joinpath(*parts).with_suffix(".py")] if f.is_file()]


def code_digest(script: Path, *folders: str) -> str:
    """Digest of a script or module, the library files that it imports, and further files or all files in further
    folders of workflow/, such as templates. Line ends do not count: a checkout with CRLF is the same code."""
    files = sorted(code_files(script))
    files += [f for folder in folders for f in _folder(WORKFLOW / folder)]
    return hashlib.sha256("\n".join(map(_code_line, files)).encode()).hexdigest()


@cache
def _folder(folder: Path) -> list[Path]:
    return sorted(f for f in (folder, *folder.rglob("*")) if f.is_file())


@cache
def _code_line(file: Path) -> str:
    digest = hashlib.sha256(file.read_bytes().replace(b"\r\n", b"\n")).hexdigest()
    return f"{file.relative_to(WORKFLOW).as_posix()}\t{digest}"


class Provenance(NamedTuple):
    """What a report was made from: `lasting` is the same for the same inputs, `dated` is JSON with the time."""

    lasting: dict[str, Any]
    dated: str


def describe(code: str) -> Provenance:
    """Versions, the digest of every file that people wrote, the digest of the code, and the time of this run."""
    files = people_files("config", "records")
    inputs = [{"file": f, "bytes": Path(f).stat().st_size, "sha256": file_digest(f)} for f in files]
    versions = {package: version(package) for package in _PACKAGES}
    lasting = {"reviewflow": __version__, "versions": versions, "code": code, "inputs": inputs}
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return Provenance(lasting, json.dumps({"made_at": now, **lasting}, indent=1) + "\n")


def changed_since(inputs: Iterable[Mapping[str, Any]], root: Path) -> list[str]:
    """What people have changed, added or taken away since `inputs` (of provenance.json) were the files, sorted. Only
    files of the same size are read."""
    before = {str(entry["file"]): entry for entry in inputs}
    now = people_files("config", "records", root=root)
    return sorted({*before} ^ {*now} | {f for f in now if f in before and not _same(root / f, before[f])})


def _same(file: Path, before: Mapping[str, Any]) -> bool:
    return bool(file.stat().st_size == before["bytes"] and _sha256(file) == before["sha256"])
