"""The plan of the house, asserted on the source: who may import whom, who touches files, how long things are."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LIB = ROOT / "workflow/lib/reviewflow"
STAGES = {"search", "dedupe", "screening", "extraction", "appraisal", "synthesis", "report"}
PAGES = {"report", "duplicates", "page"}
MODULES = sorted(LIB.rglob("*.py"))
SCRIPTS = sorted((ROOT / "workflow/scripts").glob("*.py"))
RULES = sorted((ROOT / "workflow/rules").glob("*.smk"))
# The rooms that touch files: tables and their schemas, the loaders of config and records, digests, logs, and what the
# rules ask for.
FILE_ROOMS = {"tables", "schema.py", "config.py", "records.py", "provenance.py", "step.py", "wiring.py"}
FILE_ROOMS |= {"page/render.py"}  # reads its own template
FILE_ROOMS |= {"interchange/archive.py"}  # files within an archive in memory, none on disk
FILE_ROOMS |= {"order/log.py"}  # what each training of an order was
FILE_ROOMS |= {"commands", "events", "desk"}  # commands, people's decision files, the screening page
IO_NAMES = {"open", "read_text", "read_bytes", "write_text", "write_bytes", "read_csv", "unlink", "mkdir", "rmtree"}
# Longer than the house's 250 lines because the code reads better whole.
LONG_FILES: dict[str, str] = {}


def name(path: Path) -> str:
    return path.relative_to(LIB).as_posix()


def imports(path: Path) -> Iterator[str]:
    package = ("reviewflow", *path.relative_to(LIB).parent.parts)
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) + 1 - node.level] if node.level else ()
            base = ".".join([*above, *([node.module] if node.module else [])])
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_nothing_in_the_library_imports_snakemake(path):
    assert not [m for m in imports(path) if m.split(".")[0] == "snakemake"]


@pytest.mark.parametrize("path", [p for p in MODULES if p.relative_to(LIB).parts[0] in STAGES], ids=name)
def test_stages_never_import_each_other(path):
    own = path.relative_to(LIB).parts[0]
    others = {m.split(".")[1] for m in imports(path) if m.startswith("reviewflow.")} & STAGES
    assert others <= {own}


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_scipy_stats_and_network_libraries_are_not_imported(path):
    kept_out = ("scipy.stats", "requests", "urllib.request", "http", "socket")
    allowed = {"socket"} if name(path) == "desk/serve.py" else set()  # it listens, and connects to nothing
    assert not [m for m in imports(path) if m.startswith(kept_out) and m not in allowed]


@pytest.mark.parametrize("path", [p for p in MODULES if p.relative_to(LIB).parts[0] in PAGES], ids=name)
def test_pages_compute_no_statistic(path):
    assert not [m for m in imports(path) if m.split(".")[0] in ("scipy", "numpy", "statistics")]


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_only_the_rooms_made_for_it_touch_files(path):
    if FILE_ROOMS & {name(path), path.relative_to(LIB).parts[0]}:
        return
    called = {
        node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
    }
    assert not called & IO_NAMES


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda p: p.name)
def test_a_script_has_no_function_and_no_branch_and_is_short(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    branches = (ast.FunctionDef, ast.Lambda, ast.If, ast.IfExp, ast.For, ast.While, ast.Try, ast.Match)
    assert not [node for node in ast.walk(tree) if isinstance(node, branches)]
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 28


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_library_files_are_short_and_every_public_name_is_documented(path):
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 260 or name(path) in LONG_FILES
    tree = ast.parse(text)
    assert ast.get_docstring(tree)
    defined = [n for n in tree.body if isinstance(n, ast.FunctionDef | ast.ClassDef) and not n.name.startswith("_")]
    assert [n.name for n in defined if not ast.get_docstring(n)] == []


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_functions_are_short(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    long = {
        n.name: (n.end_lineno or 0) - n.lineno + 1
        for n in ast.walk(tree)
        if isinstance(n, ast.FunctionDef) and (n.end_lineno or 0) - n.lineno + 1 > 45
    }
    assert long == {}


@pytest.mark.parametrize("path", RULES, ids=lambda p: p.name)
def test_a_rule_file_opens_with_its_contract(path):
    text = path.read_text(encoding="utf-8")
    opening = ast.get_docstring(ast.parse(text.split("\nrule ")[0].split("\nsys.path")[0])) or ""
    assert all(word in opening for word in ("Inputs:", "People's part:")) or "Outputs:" in opening


def test_rules_are_thin_and_each_has_a_log_and_a_script():
    for path in RULES:
        for body in re.split(r"(?m)^rule ", path.read_text(encoding="utf-8"))[1:]:
            rule = body.split(":")[0]
            assert "    log:" in body, rule
            assert "    script:" in body, rule
            assert "    run:" not in body, rule
            assert "lambda" not in body, rule
            assert len(body.splitlines()) <= 34, rule


def test_the_snakefile_is_wiring_only():
    text = (ROOT / "Snakefile").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 60
    assert re.findall(r"(?m)^rule (\w+)", text) == ["all"]


def test_no_stage_word_is_missing_from_the_rules():
    rules = {r for path in RULES for r in re.findall(r"(?m)^rule (\w+)", path.read_text(encoding="utf-8"))}
    # risk_of_bias is the part of appraisal that the syntheses need first; `snakemake appraisal` builds both.
    assert rules == STAGES | {"reported", "final", "risk_of_bias"}
