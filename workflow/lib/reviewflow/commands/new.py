"""`reviewflow new`: the folder of an empty review."""

import argparse
import shlex
import sys
from pathlib import Path

from reviewflow.provenance import WORKFLOW
from reviewflow.schema import schema, schema_names

_FOLDERS = ("records/search/exports", "records/search/strategies")
_WORKSHEET = "results/screening/worksheets"
_STAGES = ("title_abstract", "full_text")
_CONFIG = """\
# The protocol of this review. Every key is described in the README of the config folder of reviewflow.
review:
  title: "Title of the review"
  question: ""
  inclusion: []
  exclusion: []
screening:
  reviewers: [reviewer_1, reviewer_2]
  adjudicator: reviewer_3
  seed: ""  # any text, fixed before screening begins; it draws who screens what, the pilot and the order
  pilot: 0  # so many reports are screened by all reviewers, and their agreement stands apart
  highlight: {include: [], exclude: []}  # words to mark on the screening page, such as "randomi*"
extraction:
  extractors: [extractor_1, extractor_2]
  adjudicator: extractor_3
  study_fields:
    # type may be text, number, integer, choice (with values), date or yes_no; subgroups and moderators come from here
    - {name: design, label: "Design"}
    - {name: participants, label: "Participants"}
    - {name: intervention, label: "Intervention"}
# preparation:  # how printed numbers become those that are pooled; the defaults stand here
#   multi_arm: combine  # several experimental arms into one, or split the control group
#   medians: convert  # to means and standard deviations, marked as imputed, or keep_out
#   change_scores: final  # values at follow-up, or change
#   correlation: 0.5  # of baseline and follow-up where none is printed; state your own with its source
appraisal:
  assessors: []  # such as [assessor_1, assessor_2], who write records/appraisal/NAME/risk_of_bias.csv
  # adjudicator: assessor_3
  # assumed_risks: {adverse_events: 0.2}  # by analysis, for the Summary of Findings
comparisons:
  intervention_vs_control:
    label: "Intervention versus control"
    experimental: Intervention
    control: Control
    design: ""  # such as RCT: certainty of the evidence then starts high
  # before_after:  # participants against themselves; its measures are MC, SMCC and SMCR
  #   {label: "After versus before", experimental: After, control: Before, design: before-after, before_after: true}
synthesis:
  preset: cochrane2025  # REML, Hartung-Knapp, prediction interval; what analyses.csv leaves blank is taken from it
  # sensitivity:  # each repeats the analyses with something changed
  #   - {name: low_risk, label: "Without high risk of bias", drop_risk_of_bias: [high]}
  #   - {name: as_printed, label: "Without imputed numbers", drop_imputed: true}
  #   - {name: dl_wald, label: "DerSimonian-Laird and Wald", tau2_method: DL, ci_method: wald}
"""
# What is made anew, or concerns this computer alone, such as who was invited.
_GITIGNORE = "/results/\n/.snakemake/\n/.reviewflow/\n/worksheets/\n"
_PEOPLE = {"reviewer": ("reviewer_1", "reviewer_2"), "extractor": ("extractor_1", "extractor_2")}


def new_review(folder: Path) -> list[Path]:
    """Make the folder of an empty review: a configuration to fill in and header-only tables. Returns the files made.

    Raises FileExistsError where there is something in the folder that it would write over.
    """
    texts = {folder / "config/config.yaml": _CONFIG}
    for name in schema_names():
        declared = schema(name)
        if declared.path and "{assessor}" not in declared.path:
            extra = ["design", "participants", "intervention"] if name == "records/extraction/studies" else []
            # Lines of a worksheet are copied into decisions as they are, so these have all of its columns.
            copied = schema(_WORKSHEET).columns if name == "records/screening/decisions" else {}
            columns = [c.name for c in declared.columns.values() if c.name in copied or not c.optional]
            for place in _paths(declared.path):
                texts[folder / place] = ",".join([*columns, *extra]) + "\n"
    there = [path for path in texts if path.exists()]
    if there:
        raise FileExistsError("\n".join(f"{path}: is there already; nothing was written" for path in there))
    if not (folder / ".gitignore").exists():
        texts[folder / ".gitignore"] = _GITIGNORE
    for part in _FOLDERS:
        (folder / part).mkdir(parents=True, exist_ok=True)
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    return sorted(texts)


def _paths(pattern: str) -> list[str]:
    paths = [pattern.replace("{stage}", stage) for stage in _STAGES] if "{stage}" in pattern else [pattern]
    for role, people in _PEOPLE.items():
        paths = [
            p.replace(f"{{{role}}}", person) for p in paths for person in (people if f"{{{role}}}" in p else ("",))
        ]
    return paths


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command."""
    new = commands.add_parser("new", help="make the folder of an empty review")
    new.add_argument("folder", type=Path, help="where")
    new.set_defaults(run=run)


def run(chosen: argparse.Namespace) -> int:
    """Make the folder and say what comes next."""
    made = new_review(chosen.folder)
    home, place = (shlex.quote(str(path.resolve())) for path in (WORKFLOW.parent, chosen.folder))
    sys.stdout.write(f"{len(made)} files made in {chosen.folder}. Fill in its config/config.yaml, then:\n")
    sys.stdout.write(f"  cd {home} && .venv/bin/snakemake --directory {place}\n")
    return 0
