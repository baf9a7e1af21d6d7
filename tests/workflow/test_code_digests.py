"""The digest of code that decides reruns covers what a script really imports, and no other stage."""

import subprocess
import sys

import pytest
from reviewflow.provenance import LIB, WORKFLOW, code_files

from tests.workflow.review import JOBS, STAGES

# Runs a script's import statements and names the files of the library that this loaded.
_IMPORT = """
import ast, sys
tree = ast.parse(open(sys.argv[1], encoding="utf-8").read())
imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
exec(compile(ast.Module(imports, []), sys.argv[1], "exec"))
print(*(m.__file__ for name, m in sys.modules.items() if name.split(".")[0] == "reviewflow"), sep="\\n")
"""


@pytest.mark.parametrize("script", [*JOBS, "final"])
def test_the_digest_covers_every_module_that_the_script_loads(script: str) -> None:
    path = WORKFLOW / "scripts" / f"{script}.py"
    command = [sys.executable, "-c", _IMPORT, str(path)]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, env={"PYTHONPATH": str(LIB.parent)})
    loaded = set(ran.stdout.split())
    assert len(loaded) > 5
    assert loaded <= {str(file) for file in code_files(path)}


@pytest.mark.parametrize("stage", STAGES)
def test_the_digest_of_a_stage_covers_no_module_of_another_stage(stage: str) -> None:
    files = code_files(WORKFLOW / "scripts" / f"{stage}.py")
    packages = {file.relative_to(LIB).parts[0] for file in files if file.is_relative_to(LIB)}
    # Risk of bias is a part of appraisal with a job of its own.
    own = "appraisal" if stage == "risk_of_bias" else stage
    assert packages.isdisjoint(set(STAGES) - {own})
    assert own in packages
    assert "cli.py" not in packages
