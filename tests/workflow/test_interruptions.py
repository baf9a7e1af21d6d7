"""A run that is cut off, or started twice, harms nothing: the next run ends as if nothing had happened."""

import random
import re
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.workflow.conftest import MakeReview
from tests.workflow.review import STAGES, Review, end, wait_for

pytestmark = pytest.mark.workflow
# Moments at which a run is cut off: the stage that is running and the seconds since it began. Seeded, so that a
# failure comes again.
_DRAW = random.Random(20200517)
MOMENTS = [(how, _DRAW.choice(STAGES), round(_DRAW.uniform(0, 0.6), 2)) for how in ("SIGKILL", "SIGINT") * 2]
RESULTS = "workflow/lib/reviewflow/tables/results.py"


def _read_until(process: "subprocess.Popen[str]", stage: str) -> None:
    """Read what a run says until it says that a stage begins."""
    assert process.stdout
    for line in process.stdout:
        if re.match(rf"  {stage} ", line):
            return
    raise AssertionError(f"the run ended before {stage}")


def _heal(done: Review) -> None:
    """What people do after a crash: unlock where Snakemake asks for it, then run."""
    if any(done.folder.glob(".snakemake/locks/*")):
        done.run("--unlock")
    done.run()


@pytest.mark.parametrize(("how", "stage", "after"), MOMENTS)
def test_an_interrupted_run_heals(how: str, stage: str, after: float, review: MakeReview) -> None:
    expected = review("full", built=True, name="built").results()
    done = review("full")
    process = done.start()
    _read_until(process, stage)
    time.sleep(after)
    end(process, signal.Signals[how])
    assert process.returncode != 0
    unfinished = _unfinished(done)
    left = {name: raw for name, raw in done.results().items() if name not in unfinished}
    assert {name: raw for name, raw in left.items() if raw != expected[name]} == {}
    _heal(done)
    assert done.results() == expected


def test_a_run_killed_while_it_writes_leaves_nothing_behind(review: MakeReview, own_code: Path) -> None:
    done = review("full", built=True)
    expected = done.results()
    _slow_down(own_code)
    slow = Review(done.folder, own_code)
    done.path("results/report/summary.txt").unlink()
    process = slow.start()
    wait_for(lambda: _unfinished(done), "a file that is being written")
    end(process, signal.SIGKILL)
    assert _unfinished(done)
    _heal(done)
    assert _unfinished(done) == []
    assert done.results() == expected


def _unfinished(done: Review) -> list[str]:
    """Files beside the place where they belong."""
    return [name for name in done.results() if "/." in name]


def _slow_down(code: Path) -> None:
    """Let each write stop for a minute between the file beside its place and its place."""
    module = code / RESULTS
    text = module.read_text(encoding="utf-8")
    assert "os.replace(" in text
    slow = text.replace("import os\n", "import os\nimport time\n", 1).replace(
        "os.replace(", "time.sleep(60) or os.replace("
    )
    module.write_text(slow, encoding="utf-8")


def test_two_runs_at_once_do_no_harm_and_the_second_is_told(review: MakeReview) -> None:
    expected = review("full", built=True, name="built").results()
    done = review("full")
    first = done.start()
    _read_until(first, "search")
    second = done.attempt()
    assert second.status != 0
    assert "LockException" in second.output
    assert second.stages == ()
    output, _ = first.communicate()
    assert first.returncode == 0, output
    assert done.results() == expected
