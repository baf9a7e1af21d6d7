"""The screening page as its users start it: a process of its own, on a review in a folder."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from reviewflow.desk.sources import newer_than_results

from tests.unit.desk.desk_room import ask, make_review

ROOT = Path(__file__).parents[2]
_COMMAND = [sys.executable, "-c", "import sys; from reviewflow.cli import main; sys.exit(main())"]
PROTOCOL = {
    "review": {"title": "A review of amber tea", "inclusion": ["Adults"], "exclusion": ["Animals"]},
    "screening": {
        "reviewers": ["reviewer_1", "reviewer_2"],
        "adjudicator": "reviewer_3",
        "highlight": {"include": ["trial"], "exclude": ["mice"]},
    },
}


def command(root: Path, name: str, *arguments: str) -> list[str]:
    """A command of reviewflow on a review."""
    return [*_COMMAND, name, "--directory", str(root), *arguments]


def reviewflow(root: Path, name: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run a command to its end, whatever it is."""
    return subprocess.run(
        command(root, name, *arguments), env=_environment(), capture_output=True, text=True, timeout=120, check=False
    )


def invite(root: Path, person: str, url: str) -> str:
    """The link of a person, made as the team makes it."""
    made = reviewflow(root, "invite", person, "--url", url)
    assert made.returncode == 0, made.stderr
    return made.stdout.strip()


def room(
    root: Path, reports: list[dict[str, Any]], asked: Iterable[Mapping[str, Any]] = (), **screening: Any
) -> Path:  # fmt: skip
    """A review with results, of which `asked` waits; by default all reports for reviewer_1 at title and abstract."""
    protocol = {**PROTOCOL, "screening": {**PROTOCOL["screening"], **screening}}
    (root / "config").mkdir(parents=True)
    # JSON is YAML.
    (root / "config/config.yaml").write_text(json.dumps(protocol), encoding="utf-8")
    queue = [dict(row) for row in asked] or [ask(str(row["report_id"])) for row in reports]
    make_review(root, reports, queue)
    for path in (root / "results").rglob("*.csv"):
        os.utime(path)
    assert not newer_than_results(root)
    return root


class Served:
    """The page while it is served. `url` is its address, `link` how the one person comes in, where it is one."""

    def __init__(self, root: Path, *arguments: str) -> None:
        self.process = subprocess.Popen(
            command(root, "screen", "--no-browser", *arguments),
            env=_environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip
        self.told = ""
        assert self.process.stdout
        for line in self.process.stdout:
            self.told += line
            if found := re.search(r"screens at ((https?://[^/\s]+)\S*)", line):
                self.link, self.url = found[1], found[2]
                return
        assert self.process.stderr
        raise AssertionError(self.told + self.process.stderr.read())

    def kill(self) -> None:
        """End it with no chance to finish anything."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=60)

    def end(self) -> None:
        """End it as Ctrl-C does."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGINT)
            self.process.wait(timeout=60)
        for pipe in (self.process.stdout, self.process.stderr):
            if pipe:
                pipe.close()


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT / "workflow/lib"), "PYTHONUNBUFFERED": "1"}
