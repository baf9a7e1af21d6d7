"""What the rules ask for: people's files and their digest, slices of the configuration, digests of code.

Everything here runs each time the workflow is read, so nothing heavy is imported.
"""

import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from reviewflow.config import CONFIG, read_config, without_config
from reviewflow.faults import DataFaults, Fault, raise_faults
from reviewflow.provenance import LIB, WORKFLOW, code_digest, files_digest, people_files
from reviewflow.schema import schema_names

# Clocks of two machines may differ by this much before a time stamp counts as lying in the future.
_CLOCK_SKEW_SECONDS = 60
# Digest of all that was last read without a fault, by the code that read it.
_CHECKED = Path(".snakemake/reviewflow/checked")


class Wiring:
    """The review in the working directory, as the rules see it.

    Raises ValueError with all faults of config/ and records/, as one text.
    """

    SCREENING = (
        "records/screening", "records/extraction/study_reports.csv", "records/search/searches.csv",
        "records/amendments.csv",
    )  # fmt: skip
    EXTRACTION = ("records/extraction", "config/outcomes.csv")
    APPRAISAL = (
        "records/appraisal/certainty.csv", "records/appraisal/grade.csv", "config/analyses.csv", "config/outcomes.csv",
        "config/tools",
    )  # fmt: skip
    SYNTHESIS = ("records/published/estimates.csv", "config/analyses.csv", "config/outcomes.csv")
    REPORTED = ("records/published", "config/analyses.csv", "config/outcomes.csv")
    REPORT = ("config", "records")

    def __init__(self, overrides: Mapping[str, Any]) -> None:
        """Read config and records; `overrides` is what the command line gives with --config or --configfile."""
        self.started = time.time()
        # Jobs import this library too, and not one that an environment shared with another clone has installed.
        path = [str(LIB.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
        os.environ["PYTHONPATH"] = os.pathsep.join(path)
        files = people_files("config", "records")
        state = f"{code_digest(LIB / 'check.py', 'schemas', 'tools')} {files_digest(files)}"
        checked = _CHECKED.is_file() and _CHECKED.read_text(encoding="utf-8") == state
        try:
            self.config = read_config(CONFIG, checked=checked)
            if not checked:
                self._check(files, state)
            _settle_clocks(files)
        except DataFaults as faults:
            n = len(faults.faults)
            # The paths below are those of the review, which the terminal need not be in.
            where = f" in {Path.cwd()}" if Path.cwd() != WORKFLOW.parent else ""
            many = "s" if n > 1 else ""
            raise ValueError(f"{n} fault{many} to mend{where}; nothing was changed:\n{faults}") from None
        if overrides and overrides != self.config:
            raise ValueError(f"the protocol is {CONFIG} alone: write the change there instead of --config")

    def _check(self, files: list[str], state: str) -> None:
        """Read all that people wrote, and remember the state in which it had no fault."""
        from reviewflow.check import check_review

        sys.stderr.write("  check       reading all that people wrote\n")
        raise_faults(without_config(files) if CONFIG not in files else ())
        _refuse_braces(files)
        check_review(self.config)
        _CHECKED.parent.mkdir(parents=True, exist_ok=True)
        _CHECKED.write_text(state, encoding="utf-8")

    def files(self, *folders: str) -> list[str]:
        """Files of people below the folders, sorted."""
        return people_files(*folders)

    def digest(self, *folders: str) -> str:
        """Digest of the names and contents of these files: content, not clocks, decides what runs again."""
        return files_digest(people_files(*folders))

    def settings(self, *groups: str) -> dict[str, Any]:
        """Groups of the configuration (all by default), keys sorted so that their order changes nothing."""
        ordered: dict[str, Any] = _sorted({g: self.config[g] for g in groups} if groups else self.config)
        return ordered

    def code(self, script: str, *folders: str) -> str:
        """Digest of a script, the library files that it uses, the schemas, and further folders of workflow/."""
        return code_digest(WORKFLOW / "scripts" / script, "schemas", *folders)

    @property
    def judged(self) -> list[str]:
        """What assessors wrote, and the tools of the review's own: certainty is apart, on which no synthesis rests."""
        assessors = [f"records/appraisal/{name}" for name in self.config["appraisal"]["assessors"]]
        return [*assessors, "records/appraisal/adjudication.csv", "config/tools"]

    def worksheets(self) -> list[str]:
        """The worksheet of each stage and reviewer."""
        reviewers = self.config["screening"]["reviewers"]
        return [f"results/screening/worksheets/{s}_{r}.csv" for s in ("title_abstract", "full_text") for r in reviewers]

    def audit(self) -> list[str]:
        """The tables of the audit of decisions."""
        apart = "results/audit/reported_"
        return [f"{n}.csv" for n in schema_names() if n.startswith("results/audit/") and not n.startswith(apart)]

    def summary(self) -> str:
        """The report's summary, unless this run made stages anew and did not come to the report."""
        summary = Path("results/report/summary.txt")
        run = {log.stem for log in self._logs()} - {"final"}
        behind = run and "report" not in run
        return summary.read_text(encoding="utf-8").rstrip() if summary.is_file() and not behind else ""

    def faults(self) -> str:
        """What the jobs that failed in this run say."""
        said = [text for log in self._logs() if (text := log.read_text(encoding="utf-8").strip())]
        return "\n".join(["", "The run stopped. What is to be mended:", *said])

    def _logs(self) -> list[Path]:
        """Logs of the jobs of this run."""
        return sorted(log for log in Path("results/logs").glob("*.log") if log.stat().st_mtime >= self.started - 1)


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [_sorted(v) for v in value] if isinstance(value, list) else value


def _refuse_braces(files: list[str]) -> None:
    """Snakemake reads braces in a file name as a wildcard and would stop without naming the file."""
    mend = "rename the file without { and }"
    raise_faults(Fault(f, 0, "", "the name has a brace", mend) for f in files if "{" in f or "}" in f)


def _settle_clocks(files: list[str]) -> None:
    """Set the time stamp of files that lie in the future to now: Snakemake would refuse every output made from them.

    Only the stamp is touched, and content decides what runs again. Raises DataFaults for files of somebody else.
    """
    now = time.time()
    faults = []
    for file in files:
        if os.stat(file).st_mtime > now + _CLOCK_SKEW_SECONDS:
            try:
                os.utime(file, (now, now))
                sys.stderr.write(f"{file}: its time stamp lay in the future and was set to now\n")
            except OSError:
                mend = "its owner can set it to now with `touch`"
                faults.append(Fault(file, 0, "", "its time stamp lies in the future", mend))
    raise_faults(faults)
