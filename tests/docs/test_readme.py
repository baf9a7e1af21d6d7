"""What the texts for users and developers name is there, and the commands that they show work."""

import posixpath
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
import reviewflow
from reviewflow.cli import main
from reviewflow.tables import DataFaults, read_people

REPO = Path(__file__).resolve().parents[2]
TEXTS = ("README.md", "CONTRIBUTING.md", "benchmarks/README.md", "records/README.md")
STAGES = ("search", "dedupe", "screening", "extraction", "appraisal", "synthesis", "report")
RULES = "".join(p.read_text(encoding="utf-8") for p in [REPO / "Snakefile", *REPO.glob("workflow/rules/*.smk")])
# These stand for a name that the reader fills in.
FILL_IN = re.compile(r"\b(STAGE|REVIEWER|EXTRACTOR|ASSESSOR|NAME)\b")
ROOTS = sorted(p.name for p in REPO.iterdir() if p.is_dir() and not p.name.startswith("."))
# Below records/, its README leaves the first part of a path out.
INSIDE = {"records/README.md": "records"}


def read(text: str) -> str:
    return (REPO / text).read_text(encoding="utf-8")


def code(text: str) -> Iterator[str]:
    """Code spans and the lines of code blocks."""
    blocks = re.findall(r"^```[a-z]*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    yield from (line.strip() for block in blocks for line in block.splitlines())
    yield from re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))


def named(pattern: str) -> list[tuple[str, str]]:
    """What a pattern finds in the code of each text, as (text, what)."""
    found = [(t, what) for t in TEXTS for line in code(read(t)) for what in re.findall(pattern, line)]
    return sorted(set(found))


def subcommands(capsys: pytest.CaptureFixture[str]) -> set[str]:
    with pytest.raises(SystemExit):
        main(["--help"])
    listed = re.search(r"\{([\w,-]+)\}", capsys.readouterr().out)
    return set(listed.group(1).split(",")) if listed else set()


def test_the_quick_start_is_four_commands() -> None:
    start = re.search(r"## Quick start\n\n```\n(.*?)```", read("README.md"), re.DOTALL)
    assert start
    first_words = [" ".join(line.split(" ")[:2]) for line in start.group(1).splitlines()]
    assert first_words == ["git clone", "cd reviewflow", "make review", "make test"]


@pytest.mark.parametrize(("text", "target"), named(r"\bmake ([a-z]+)"))
def test_each_make_target_exists(text: str, target: str) -> None:
    assert re.search(rf"^{target}:", read("Makefile"), re.MULTILINE), f"{text} names make {target}"


def test_continuous_integration_runs_what_the_readme_tells_to_run() -> None:
    assert re.search(r"^exec make test$", read(".ci/run"), re.MULTILINE)


@pytest.mark.parametrize(("text", "rule"), named(r"\bsnakemake ([a-z_]+)"))
def test_each_snakemake_target_is_a_rule(text: str, rule: str) -> None:
    assert re.search(rf"^rule {rule}:", RULES, re.MULTILINE), f"{text} names the target {rule}"


def test_the_readme_names_every_target() -> None:
    rules = set(re.findall(r"^rule (\w+):", RULES, re.MULTILINE)) - {"all"}
    assert rules == {*STAGES, "reported", "final", "risk_of_bias"}
    assert [rule for rule in rules if not re.search(rf"`([^`]* )?{rule}`", read("README.md"))] == []


def test_each_subcommand_is_in_the_readme_and_helps(capsys: pytest.CaptureFixture[str]) -> None:
    there = subcommands(capsys)
    assert {what for _, what in named(r"\breviewflow ([a-z]+(?:-[a-z]+)*)\b")} <= there
    for command in there:
        assert f"reviewflow {command}" in read("README.md")
        with pytest.raises(SystemExit) as ended:
            main([command, "--help"])
        assert ended.value.code == 0
        assert "usage: reviewflow" in capsys.readouterr().out


def test_the_message_that_the_readme_shows_is_the_one_that_is_given(tmp_path: Path) -> None:
    name = "records/screening/title_abstract/reviewer_1.csv"
    lines = read(name).splitlines()
    fields = lines[6].split(",")
    lines[6] = ",".join([*fields[:2], "maybe", *fields[3:]])
    (tmp_path / name).parent.mkdir(parents=True)
    (tmp_path / name).write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(DataFaults) as faults:
        read_people(tmp_path / name, "records/screening/decisions", tmp_path)
    assert f"\n{faults.value}\n" in read("README.md")


def paths() -> list[tuple[str, str]]:
    """Paths within the repository that a text names in code or links to, as (text, path)."""
    found = []
    for text in TEXTS:
        links = re.findall(r"\]\(([^)#:]+)\)", read(text))
        found += [(text, posixpath.normpath(f"{Path(text).parent}/{link}")) for link in links]
        for span in re.findall(r"`([\w./-]+)`", read(text)):
            first = span.split("/")[0]
            inside = INSIDE.get(text)
            if "/" in span and first in ROOTS:
                found.append((text, span))
            elif "/" in span and inside and (REPO / inside / first).exists():
                found.append((text, f"{inside}/{span}"))
    return sorted(set(found))


@pytest.mark.parametrize(("text", "path"), paths())
def test_each_path_exists(text: str, path: str) -> None:
    if path.startswith("results/"):
        wiring = read("workflow/lib/reviewflow/wiring.py")
        assert path == "results/" or path.rstrip("/") in RULES + wiring, f"{text} names {path}, which no rule makes"
        return
    pattern = FILL_IN.sub("*", path)
    # The bundled review appraises nothing, so a schema stands for each of these tables.
    unused = re.fullmatch(r"records/appraisal/(?:\*/)?(risk_of_bias|answers|grade)\.csv", pattern)
    if unused:
        pattern = f"workflow/schemas/records/appraisal/{unused[1]}.yaml"
    assert list(REPO.glob(pattern)), f"{text} names {path}"


def test_the_texts_name_paths_at_all() -> None:
    assert len(paths()) > 30


def test_one_version_everywhere() -> None:
    version = tomllib.loads(read("pyproject.toml"))["project"]["version"]
    assert reviewflow.__version__ == version
    assert f"version: {version}\n" in read("CITATION.cff")


def test_the_changelog_has_the_changes_to_come_or_the_version() -> None:
    changes = read("CHANGELOG.md")
    version = tomllib.loads(read("pyproject.toml"))["project"]["version"]
    headings = re.findall(r"^## \[([^\]]+)\]", changes, re.MULTILINE)
    assert headings
    assert headings[0] in ("Unreleased", version)
    kinds = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
    assert set(re.findall(r"^### (.*)$", changes, re.MULTILINE)) <= kinds
