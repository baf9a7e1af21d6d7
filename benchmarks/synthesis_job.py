"""CPU time of the bundled review's synthesis job beside that of a job that only imports what it uses.

    .venv/bin/snakemake synthesis && .venv/bin/python benchmarks/synthesis_job.py [RUNS]

Both run in processes of their own, one after the other; the best of RUNS (5) is shown, user and system time together.
"""

import resource
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
HEAD = f"import sys; sys.path.insert(0, {str(ROOT / 'workflow/lib')!r})\n"
EMPTY = f"{HEAD}import numpy, pandas, scipy.special, yaml\nfrom reviewflow import step, tables\n"
JOB = f"""{HEAD}from types import SimpleNamespace
from reviewflow.config import read_config
class Files(dict):
    __getattr__ = dict.__getitem__
    def __getitem__(self, name):
        return list(self.values())[name] if isinstance(name, int) else dict.__getitem__(self, name)
from pathlib import Path
made = sorted(Path("results/synthesis").glob("*.csv"))
stages = {{"contrasts": "extraction", "studies": "extraction", "issues": "extraction",
          "risk_of_bias": "appraisal", "reports": "dedupe", "overlaps": "extraction"}}
snakemake = SimpleNamespace(
    log=[sys.argv[1] + "/log"],
    input=Files({{n: f"results/{{stage}}/{{n}}.csv" for n, stage in stages.items()}}),
    output=Files({{p.stem: f"{{sys.argv[1]}}/results/synthesis/{{p.name}}" for p in made}}),
    params=SimpleNamespace(config=read_config(checked=True)),
)
exec(compile(Path({str(ROOT / "workflow/scripts/synthesis.py")!r}).read_text(), "synthesis.py", "exec"))
"""


def seconds(code: str, folder: str) -> float:
    """CPU seconds of one process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code, folder], check=True, cwd=ROOT, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Measure both and print them with their ratio."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with tempfile.TemporaryDirectory() as folder:
        empty, job = (min(seconds(code, folder) for _ in range(runs)) for code in (EMPTY, JOB))
    print(f"imports alone {empty:.2f} s, synthesis job {job:.2f} s, ratio {job / empty:.2f}")


if __name__ == "__main__":
    main()
