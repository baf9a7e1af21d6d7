"""What an extractor has yet to extract: included studies without a line, and the results that the analyses need."""

from collections.abc import Mapping, Sequence
from typing import Any

from .lines import Line, Lines


def expected(
    labels: Mapping[str, str],
    own: Lines,
    analyses: Sequence[Mapping[str, Any]],
    before_after: Mapping[str, bool],
) -> Lines:
    """Lines to fill in, for each table.

    `labels` are the included studies with the label that their first report suggests, `own` the extractor's lines,
    `analyses` the rows of config/analyses.csv, `before_after` says of each comparison whether it sets participants
    against themselves. A study without a result gets one line for each arm it has on a
    side of the comparison, outcome and timepoint; without arms yet, one that names no arm.
    """
    described, armed, done = ({line["study_id"] for line in own.get(t, [])} for t in ("studies", "arms", "results"))
    wanted = dict.fromkeys((row["comparison"], row["outcome"], row["timepoint"]) for row in analyses)
    found: Lines = {"studies": [], "arms": [], "results": []}
    for study, label in labels.items():
        if study not in described:
            found["studies"].append({"study_id": study, "label": label})
        if study not in armed:
            found["arms"].append({"study_id": study, "role": "experimental"})
        if study in done:
            continue
        arms = [line for line in own.get("arms", []) if line["study_id"] == study]
        for comparison, outcome, timepoint in wanted:
            line = {"study_id": study, "comparison": comparison, "outcome": outcome, "timepoint": timepoint}
            found["results"] += _of_arms(line, arms, self_controlled=before_after.get(comparison, False))
    return found


def _of_arms(line: Line, arms: Sequence[Line], *, self_controlled: bool) -> list[Line]:
    """A line for each arm; none where the study's arms cannot be those of the comparison."""
    controls = [arm for arm in arms if arm.get("role") == "control"]
    if not arms or (self_controlled and not controls):
        return [{**line, "arm_id": ""}]
    return [] if self_controlled or not controls else [{**line, "arm_id": arm["arm_id"]} for arm in arms]


def label_of(report: Line) -> str:
    """What a study is usually called: the surname of the first author of its report, and the year."""
    first = report["authors"].split(";")[0].strip()
    surname = first.split(",")[0].strip() if "," in first else " ".join(first.split()[:-1] or first.split())
    return f"{surname} {report['year']}".strip()
