"""How robust the estimates are: subgroups, sensitivity analyses, single studies, small-study effects, meta-regression,
and the studies that no estimate has. Each part stands only where there is something."""

from reviewflow.page import wording
from reviewflow.page.document import (
    Block,
    Details,
    Head,
    Heading,
    Link,
    Row,
    Section,
    Table,
    col,
    num,
    paragraph,
    row,
    wide,
)

from . import forest_text
from .review import Line, Review

_TESTS = {
    "egger": "Egger's regression", "begg": "Begg's rank correlation", "peters": "Peters' regression",
    "harbord": "Harbord's regression", "trim_and_fill": "Trim and fill",
}  # fmt: skip
_SMALL = (
    "Asymmetry of a funnel has other causes than missing studies, heterogeneity among them; trim and fill shows what "
    "symmetry would take, not what was found."
)


def section(review: Review) -> Section:
    """The section on robustness."""
    parts = (_subgroups, _sensitivity, _single, _small, _regression, _left_out)
    blocks = [block for part in parts for block in part(review)]
    empty = paragraph("No analysis has two or more studies, so that there is nothing to try.")
    return Section("robustness", "How robust the estimates are", "Robustness", tuple(blocks) or (empty,))


def _lines(review: Review, name: str) -> list[Line]:
    return review.lines(f"synthesis/{name}")


def _estimate(review: Review, line: Line) -> str:
    values = (line["estimate_natural"], line["ci_lower_natural"], line["ci_upper_natural"])
    return wording.estimate(values, forest_text.digits_of(review.pooled[line["analysis"]]))


def _named(review: Review, line: Line) -> str:
    return review.names.get(line["analysis"]) or str(line["analysis"])


def _percent(value: object) -> str:
    return f"{wording.number(value, 0)}%" if wording.known(value) else ""


def _interval(review: Review) -> Head:
    return num(f"Estimate ({review.setting('synthesis', 'level', 95):g}% CI)")


def _subgroups(review: Review) -> list[Block]:
    lines = _lines(review, "subgroups")
    if not lines:
        return []
    rows = tuple(
        row(
            line["subgroup"], wording.integer(line["k"]), wording.integer(line["n"]), _estimate(review, line),
            wording.p_value(line["p_value"]), _percent(line["i2"]), wording.plain(line["tau2"]), line["note"],
            group=_named(review, line),
        )
        for line in lines
    )  # fmt: skip
    heads = (
        col("Subgroup"), num("Studies"), num("Participants"), _interval(review), num("P"), num("I\u00b2"),
        num("\u03c4\u00b2"), wide("Note"),
    )  # fmt: skip
    table = Table("subgroups", "Estimates within subgroups", heads, rows, "Analysis", file="subgroups")
    return [Heading("Subgroups", "subgroups"), table, _subgroup_tests(review)]


def _subgroup_tests(review: Review) -> Table:
    tau2 = {"own": "of each subgroup", "common": "one for all subgroups"}
    rows = tuple(
        row(
            _named(review, line), review.field(line["subgroup"]), tau2.get(line["tau2"], "none: fixed-effect model"),
            wording.integer(line["groups"]), wording.number(line["q"]), _degrees(line),
            wording.p_value(line["p_value"]), _percent(line["i2"]), line["note"],
        )
        for line in _lines(review, "subgroup_tests")
    )  # fmt: skip
    heads = (
        col("Analysis"), col("Subgroups by"), col("\u03c4\u00b2"), num("Subgroups"), num("Q or F"), num("df"), num("P"),
        num("I\u00b2"), wide("Note"),
    )  # fmt: skip
    return Table("subgroup_tests", "Tests for differences between subgroups", heads, rows, file="subgroup_tests")


def _degrees(line: Line) -> str:
    """Degrees of freedom; a statistic with a second number of them is an F."""
    return ", ".join(filter(None, (wording.integer(line["df"]), wording.integer(line["df2"]))))


def _changed(line: Line) -> str:
    """What differs, unless the name of the sensitivity analysis says it already."""
    return "" if line["changed"].casefold() == line["label"].casefold() else line["changed"]


def _sensitivity(review: Review) -> list[Block]:
    lines = _lines(review, "sensitivity")
    if not lines:
        return []
    rows = tuple(
        row(
            " ".join(filter(None, (line["label"], line["variant"]))), _changed(line),
            wording.integer(line["k"]), wording.integer(line["k_left_out"]),
            wording.human(line["model"] or ""), _estimate(review, line) if line["k"] else "",
            wording.p_value(line["p_value"]), _percent(line["i2"]), line["note"], group=_named(review, line),
        )
        for line in lines
    )  # fmt: skip
    heads = (
        col("Sensitivity analysis"), col("What differs"), num("Studies"), num("Left out"), col("Model"),
        _interval(review), num("P"), num("I\u00b2"), wide("Note"),
    )  # fmt: skip
    text = paragraph("Declared in config.yaml; the pooled estimates above are what they are compared with.")
    table = Table("sensitivity", "Sensitivity analyses", heads, rows, "Analysis", file="sensitivity")
    return [Heading("Sensitivity analyses", "sensitivity"), text, table]


def _single(review: Review) -> list[Block]:
    lines = _lines(review, "leave_one_out")
    if not lines:
        return []
    influential = {(i["analysis"], i["study_id"]) for i in _lines(review, "influence") if i["influential"]}
    rows = tuple(
        row(
            review.study_link(line["study_id"], line["label"]), _estimate(review, line),
            wording.p_value(line["p_value"]), _percent(line["i2"]), wording.plain(line["tau2"]),
            "influential" if (line["analysis"], line["study_id"]) in influential else "",
            group=_named(review, line),
        )
        for line in lines
    )  # fmt: skip
    heads = (
        col("Without"), _interval(review), num("P"), num("I\u00b2"), num("\u03c4\u00b2"), col("Influence"),
    )  # fmt: skip
    table = Table(
        "leave_one_out", "Each analysis without each of its studies", heads, rows, "Analysis", file="leave_one_out"
    )
    text = paragraph(
        "Under the model that the whole analysis uses. A study is called influential where DFFITS, Cook's distance, "
        "its hat value or DFBETAS pass the bounds of Viechtbauer and Cheung 2010.",
        kind="note",
    )
    details = Details("leave-one-out", f"Each study left out in turn ({len(rows)})", (text, table))
    return [Heading("Single studies", "single-studies"), details]


def _small(review: Review) -> list[Block]:
    lines = _lines(review, "asymmetry")
    made = [line for line in lines if line["made"]]
    if not lines:
        return []
    few = len({line["analysis"] for line in lines} - {line["analysis"] for line in made})
    blocks: list[Block] = [Heading("Small-study effects", "small-study-effects")]
    if few:
        least = review.setting("synthesis", "small_study_k", 10)
        blocks.append(
            paragraph(f"Not tested in {wording.several(few, 'analysis', 'analyses')}: fewer than {least} studies.")
        )
    if not made:
        return blocks
    heads = (
        col("Test"), num("Studies"), num("Statistic"), num("P"), num("Imputed studies"), _interval(review),
    )  # fmt: skip
    rows = tuple(_tested(review, line) for line in made)
    table = Table(
        "asymmetry", "Tests of small-study effects, and trim and fill", heads, rows, "Analysis", file="asymmetry"
    )
    return [*blocks, paragraph(_SMALL, kind="note"), table]


def _tested(review: Review, line: Line) -> Row:
    filled = line["test"] == "trim_and_fill"
    imputed = wording.integer(line["missing"])
    if filled and line["missing"]:
        imputed += f", {line['side']}"
    return row(
        _TESTS[line["test"]], wording.integer(line["k"]), wording.number(line["statistic"]),
        wording.p_value(line["p_value"]), imputed, _estimate(review, line) if filled else "",
        group=_named(review, line),
    )  # fmt: skip


def _regression(review: Review) -> list[Block]:
    fits = _lines(review, "regression_fit")
    if not fits:
        return []
    level = f"{review.setting('synthesis', 'level', 95):g}%"
    terms = tuple(
        row(
            line["term"], wording.plain(line["coefficient"]), wording.plain(line["se"]),
            f"{wording.plain(line['ci_lower'])} to {wording.plain(line['ci_upper'])}",
            wording.p_value(line["p_value"]), wording.p_value(line["permutation_p"]), group=_named(review, line),
        )
        for line in _lines(review, "regression")
    )  # fmt: skip
    heads = (
        col("Term"), num("Coefficient"), num("Standard error"), num(f"{level} CI"), num("P"), num("P by permutation"),
    )  # fmt: skip
    whole = tuple(
        row(
            _named(review, line), line["moderators"], wording.integer(line["k"]), wording.number(line["qm"]),
            wording.p_value(line["qm_p"]), wording.p_value(line["permutation_p"]), wording.plain(line["tau2"]),
            _percent(line["r2"]), line["note"],
        )
        for line in fits
    )  # fmt: skip
    of_fit = (
        col("Analysis"), col("Moderators"), num("Studies"), num("Test of moderators"), num("P"),
        num("P by permutation"), num("Residual \u03c4\u00b2"), num("R\u00b2"), wide("Note"),
    )  # fmt: skip
    return [
        Heading("Meta-regression", "meta-regression"),
        Table("regression_fit", "Meta-regressions", of_fit, whole, file="regression_fit"),
        Table("regression", "Coefficients, on the analysis scale", heads, terms, "Analysis", file="regression"),
    ]


def _left_out(review: Review) -> list[Block]:
    lines = _lines(review, "left_out")
    if not lines:
        return []
    rows = tuple(
        row(
            review.study_link(line["study_id"], line["label"]), Link(line["contrast"]), line["reason"],
            group=_named(review, line),
        )
        for line in lines
    )  # fmt: skip
    heads = (col("Study"), col("Contrast"), wide("Reason"))
    table = Table(
        "left_out", "Studies of a comparison that an estimate leaves out", heads, rows, "Analysis", file="left_out"
    )
    summary = f"Studies that an estimate leaves out, and why ({len(rows)})"
    return [Heading("Studies left out", "left-out"), Details("left-out-studies", summary, (table,))]
