"""The words of PRISMA and Cochrane are law in prose too: what has a record, a report or a study in it is called so."""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

REPO = Path(__file__).resolve().parents[2]
BANNED = re.compile(r"\b(papers?|articles?|citations?|items?)\b", re.IGNORECASE)
# Names that others gave: a file, a kind of source of PRISMA 2020, the numbered parts of PRISMA's checklists.
NAMES = re.compile(r"CITATION\.cff|citation searching|\bitems? \d+[a-z]?( (to|and) \d+[a-z]?)?", re.IGNORECASE)
CODE = re.compile(r"^```.*?^```|`[^`]*`|\]\([^)]*\)", re.MULTILINE | re.DOTALL)
TEXTS = [
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "config/README.md",
    "records/README.md",
    "benchmarks/README.md",
]
PROSE = [REPO / text for text in TEXTS] + sorted(REPO.glob("docs/**/*.md"))
RULES = [REPO / "Snakefile", *sorted(REPO.glob("workflow/rules/*.smk"))]
PYTHON = sorted(
    [*REPO.glob("workflow/lib/**/*.py"), *REPO.glob("workflow/scripts/*.py"), *REPO.glob("benchmarks/*.py")]
)


def sentences(python: str) -> Iterator[str]:
    """Docstrings and comments."""
    for node in ast.walk(ast.parse(python)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield ast.get_docstring(node) or ""
    for token in tokenize.generate_tokens(io.StringIO(python).readline):
        if token.type == tokenize.COMMENT:
            yield token.string


def banned(text: str) -> list[str]:
    """Banned words, each with what stands around it."""
    plain = " ".join(NAMES.sub("", CODE.sub("", text)).split())
    return [plain[max(0, m.start() - 40) : m.end() + 20] for m in BANNED.finditer(plain)]


@pytest.mark.parametrize("file", [*PROSE, *RULES], ids=lambda p: p.relative_to(REPO).as_posix())
def test_texts_and_rules_keep_to_the_words(file: Path) -> None:
    assert banned(file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("file", PYTHON, ids=lambda p: p.relative_to(REPO).as_posix())
def test_docstrings_and_comments_keep_to_the_words(file: Path) -> None:
    assert banned("\n".join(sentences(file.read_text(encoding="utf-8")))) == []


@pytest.mark.parametrize("text", ["two Papers", "an article", "# each item", 'x = 1\n"""A citation."""'])
def test_a_banned_word_is_found(text: str) -> None:
    assert len(banned(text)) == 1


@pytest.mark.parametrize(
    "text", ["itemised", "PRISMA items 5 to 15", "`citation`", "see CITATION.cff", "Citation searching"]
)
def test_names_and_parts_of_words_pass(text: str) -> None:
    assert banned(text) == []
