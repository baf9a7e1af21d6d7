"""R, which runs the scripts that are handed over."""

import os
import shutil
import subprocess
from collections.abc import Callable

import pytest

_PROBE = "quit(status = !all(sapply(commandArgs(TRUE), requireNamespace, quietly = TRUE)))"


@pytest.fixture
def rscript() -> Callable[..., str]:
    """R with the packages that are named: without them the test is skipped by name, and fails where CI is set."""

    def needed(*packages: str) -> str:
        found = shutil.which("Rscript")
        if found and not subprocess.run([found, "-e", _PROBE, *packages], check=False, capture_output=True).returncode:
            return found
        missing = f"R with {', '.join(packages)} is not installed, so the script was not run"
        return pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)

    return needed
