"""One pooled estimate below the other, drawn as a forest plot is: without each study in turn, or study by study."""

from collections.abc import Sequence
from dataclasses import replace

from reviewflow.page import wording

from . import forest, forest_figure, forest_text
from .forest import Forest, Panel
from .forest_layouts import SERIES
from .forest_rows import ForestRow, Stat, interval_of, summary_of
from .review import Line, Review

_HEADS = (Stat("", "P", "p"), Stat("", "I\u00b2", "p"))


def draw(review: Review, analysis: Line, lines: Sequence[Line], kind: str, head: str, told: str) -> str:
    """The drawing of rows that have a label, an estimate with its limits, P and I2; the whole estimate is a line."""
    pooled = review.pooled[analysis["analysis"]]
    measure, digits = str(pooled["measure"]), forest_text.digits_of(pooled)
    marks = forest_text.marked(review, analysis)
    rows = tuple(_row(line, measure, digits, marks.get(line["study_id"], "")) for line in lines)
    summary = summary_of(pooled, digits, "All studies", "", SERIES)
    panel = Panel("", rows, summary, None, ())
    name = analysis["analysis"]
    whole = summary.interval.middle if summary else None
    plot = Forest(
        f"{kind}_{wording.file_name(name)}",
        f"{told}. {review.name_of(analysis)}",
        f"{wording.several(len(rows), 'estimate')}; {forest_text.spoken(review, analysis)}",
        replace(SERIES, study=head),
        _HEADS,
        forest_text.effect_head(review, [analysis]),
        (panel,),
        forest.axis_for([panel], measure),
        forest.favours_of(review, analysis, SERIES),
        forest.COLOURS.get(measure, forest.COLOURS["GIV"]),
        ("The dashed line is the estimate of all studies.", *forest_text.marks(review, [analysis])),
        whole,
    )
    return forest_figure.draw(plot)


def _row(line: Line, measure: str, digits: int, mark: str) -> ForestRow:
    natural = (line["estimate_natural"], line["ci_lower_natural"], line["ci_upper_natural"])
    i2 = line.get("i2")
    cells = (wording.p_value(line["p_value"]), f"{wording.number(i2, 0)}%" if wording.known(i2) else "")
    effect = forest_text.estimate(natural, digits, SERIES, measure)
    label = line["label"] or line["study_id"]
    return ForestRow(label, mark, cells, 1.0, "", effect, interval_of(measure, line))
