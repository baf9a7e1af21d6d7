"""Results: the pooled estimates, the figures, and for each analysis its studies with where each value is from."""

from reviewflow.page import wording
from reviewflow.page.document import (
    Block,
    Cell,
    Details,
    Figure,
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
    whole,
    wide,
)

from . import diagrams, forest, forest_figure, forest_text, reproduction
from .review import Line, Review, grouped
from .studies import badge, key_of_badges

Drawings = dict[str, str]
_UNSECTIONED = "Results"
# More analyses than a reader scrolls through; they are then folded up by outcome, and links unfold them.
_MANY = 20


def drawings(review: Review) -> Drawings:
    """All plots by file name: the forest of each analysis of two or more studies, of each figure of several analyses,
    and what else an analysis has studies enough for."""
    plots = [forest.analysis_forest(review, line) for line in review.analyses if pools(review, line)]
    plots += [forest.figure_forest(review, name, lines) for name, lines in figures(review).items()]
    return {f"figures/{plot.name}.svg": forest_figure.draw(plot) for plot in plots} | diagrams.drawings(review)


def pools(review: Review, analysis: Line) -> bool:
    """Whether an analysis pools anything."""
    pooled = review.pooled.get(analysis["analysis"])
    return pooled is not None and bool(pooled["k"] >= 2)


def figures(review: Review) -> dict[str, list[Line]]:
    """Analyses by the figure that shows them; a figure without any study is left out.

    Panels of one figure share an axis and its favours labels; where they cannot, the figure is drawn in parts.
    """
    found: dict[str, list[Line]] = {}
    for name, analyses in grouped([line for line in review.analyses if line["figure"]], "figure").items():
        parts: dict[tuple[object, ...], list[Line]] = {}
        for line in analyses:
            key = (line["measure"], line["comparison"], forest_text.favours(review, line), line.get("forest") or "")
            parts.setdefault(key, []).append(line)
        titles = [name] if len(parts) == 1 else [f"{name}, part {i}" for i in range(1, len(parts) + 1)]
        found |= dict(zip(titles, parts.values(), strict=True))
    return {name: part for name, part in found.items() if any(review.effects.get(a["analysis"]) for a in part)}


def section(review: Review, drawn: Drawings) -> Section:
    """The section of results."""
    if not review.analyses:
        empty = paragraph("No analysis is specified; config/analyses.csv lists none.")
        return Section("results", "Results of syntheses", "Results", (empty,))
    blocks: list[Block] = [paragraph(*key_of_badges(), kind="note")]
    for name, found in _sections(review).items():
        sides = wording.listed(dict.fromkeys(review.comparison(line["comparison"])["label"] for line in found))
        blocks += [Heading(f"{name}. {sides}", wording.anchor("results", name)), pooled_table(review, name, found)]
    blocks += _figures(review, drawn)
    blocks.append(Heading("Each analysis: forest plot and studies", "analyses"))
    few = diagrams.without_funnel(review)
    blocks += [paragraph(few, kind="note")] if few else []
    blocks += _analyses(review, drawn)
    return Section("results", "Results of syntheses", "Results", tuple(blocks))


def _sections(review: Review) -> dict[str, list[Line]]:
    named = [{**line, "section": line["section"] or _UNSECTIONED} for line in review.analyses]
    return grouped(named, "section")


def pooled_table(review: Review, name: str, analyses: list[Line]) -> Table:
    """The pooled rows of one section, printed values beside them where there are any."""
    printed = any(review.reproduction.get(line["analysis"]) for line in analyses)
    graded = {line["analysis"]: wording.human(line["certainty"]) for line in review.lines("appraisal/certainty")}
    graded = {key: level for key, level in graded.items() if level != "not assessed"}
    rows = tuple(_pooled_row(review, line, printed, graded) for line in analyses)
    heads = (
        col("Timepoint"), num("Studies"), num("Participants"), num("Q test P"), whole("Model"),
        num(f"Estimate ({review.setting('synthesis', 'level', 95):g}% CI)"), num("P"), num("I\u00b2"),
        col("Provenance"), *((col("Certainty"),) if graded else ()),
        *((num("As printed"), col("Agrees")) if printed else ()),
    )  # fmt: skip
    file = f"pooled_{wording.slug(name)}"
    return Table(file, f"Pooled estimates, {name}", heads, rows, "Outcome", file=file)


def _pooled_row(review: Review, analysis: Line, printed: bool, graded: dict[str, str]) -> Row:
    name = analysis["analysis"]
    pooled = review.pooled.get(name, {"k": 0})
    return row(
        Link(analysis["timepoint"], wording.to("analysis", name)), *_pooled_cells(pooled),
        badge(pooled.get("provenance", "")), *((graded.get(name, "not rated"),) if graded else ()),
        *(_printed(review, name) if printed else ()),
        group=f"{review.outcome(analysis['outcome'])} ({wording.measure(analysis['measure']).lower()})",
        place=wording.anchor("pooled", name),
    )  # fmt: skip


def _pooled_cells(pooled: Line) -> tuple[str, ...]:
    if not pooled["k"]:
        return ("0", "", "", "", "no study", "", "")
    several = pooled["k"] > 1
    return (
        wording.integer(pooled["k"]),
        wording.integer(pooled["n"]),
        wording.p_value(pooled["q_p"]),
        _model(pooled) if several else "one study",
        _natural(pooled),
        wording.p_value(pooled["p_value"]),
        f"{wording.number(pooled['i2'], 0)}%" if several and wording.known(pooled["i2"]) else "",
    )


def _model(pooled: Line) -> str:
    method = forest_text.METHODS.get(pooled["method"], pooled["method"])
    return f"{pooled['model'].capitalize()}, {method}"


def _natural(pooled: Line) -> str:
    values = (pooled["estimate_natural"], pooled["ci_lower_natural"], pooled["ci_upper_natural"])
    return wording.estimate(values, forest_text.digits_of(pooled))


def _printed(review: Review, analysis: str) -> tuple[str, Link]:
    fields = {line["field"]: line for line in review.reproduction.get(analysis, [])}
    if not fields:
        return "", Link("not printed")
    found = {field: line["printed"] for field, line in fields.items()}
    limits = f" ({found['ci_lower']}, {found['ci_upper']})" if "ci_lower" in found and "ci_upper" in found else ""
    wrong = [reproduction.FIELDS[field] for field, line in fields.items() if not line["agrees"]]
    verdict = (
        Link(f"\u2717 {', '.join(wrong)}", kind="no") if wrong else Link(f"\u2713 all {len(fields)} values", kind="yes")
    )
    return f"{found.get('estimate', '')}{limits}", verdict


def _figures(review: Review, drawn: Drawings) -> list[Block]:
    blocks: list[Block] = []
    for name, analyses in figures(review).items():
        file = f"figures/{wording.slug(name)}.svg"
        labels = wording.listed(dict.fromkeys(review.outcome(line["outcome"]) for line in analyses))
        sides = wording.listed(dict.fromkeys(review.comparison(line["comparison"])["label"] for line in analyses))
        caption = f"{name}. {labels}: {sides}. Each panel is an analysis of its own."
        blocks.append(Heading(f"{name}. {labels}", wording.anchor("figure", name)))
        blocks.append(Figure(f"drawing-{wording.slug(name)}", caption, drawn[file], file))
    return blocks


def _analyses(review: Review, drawn: Drawings) -> list[Block]:
    if len(review.analyses) <= _MANY:
        return [block for line in review.analyses for block in _analysis(review, line, drawn)]
    found: dict[tuple[str, str], list[Line]] = {}
    for line in review.analyses:
        found.setdefault((line["comparison"], line["outcome"]), []).append(line)
    return [
        Details(
            wording.anchor("analyses-of", f"{comparison}-{outcome}"),
            f"{review.outcome(outcome)}: {review.comparison(comparison)['label']} "
            f"({wording.several(len(lines), 'analysis', 'analyses')})",
            tuple(block for line in lines for block in _analysis(review, line, drawn)),
        )
        for (comparison, outcome), lines in found.items()
    ]


def _analysis(review: Review, analysis: Line, drawn: Drawings) -> list[Block]:
    name = analysis["analysis"]
    blocks: list[Block] = [Heading(review.name_of(analysis), wording.anchor("analysis", name), 4)]
    file = f"figures/forest_{wording.file_name(name)}.svg"
    if file in drawn:
        caption = f"Forest plot. {review.name_of(analysis)}"
        blocks.append(Figure(f"drawing-forest_{wording.file_name(name)}", caption, drawn[file], file))
    else:
        blocks.append(_alone(review, name))
    if analysis["note"]:
        blocks.append(paragraph(wording.sentence(analysis["note"]), kind="note"))
    effects = review.effects.get(name, [])
    if effects:
        summary = f"Studies of this analysis, value by value ({len(effects)})"
        blocks.append(Details(wording.anchor("studies-of", name), summary, (effects_table(review, analysis),)))
    return [*blocks, *diagrams.block(review, analysis, drawn)]


def _alone(review: Review, name: str) -> Block:
    pooled = review.pooled.get(name)
    if not pooled or not pooled["k"]:
        return paragraph("No study reports this outcome at this timepoint; nothing is pooled.", kind="note")
    used = [review.study_link(e["study_id"], e["label"]) for e in review.effects.get(name, []) if e["used"]]
    return paragraph(
        "One study, hence no forest plot: ", *used, ", ",
        wording.measure(pooled["measure"]).lower(), " ", wording.typographic(_natural(pooled)), ", ",
        wording.unbroken(wording.p_phrase(pooled["p_value"])), ".",
    )  # fmt: skip


def _effect_heads(review: Review) -> tuple[Head, ...]:
    return (
        col("Study"), num("Experimental side"), num("Control side"),
        num(f"Effect ({review.setting('synthesis', 'level', 95):g}% CI)"), num("Standard error"), num("Weight"),
        col("Provenance"), wide("Source"), wide("Quote"), wide("Note"),
    )  # fmt: skip


def effects_table(review: Review, analysis: Line) -> Table:
    """The studies of one analysis with every value and where it comes from."""
    pooled = review.pooled.get(analysis["analysis"], {})
    rows = tuple(_effect(review, analysis, pooled, line) for line in review.effects[analysis["analysis"]])
    name = f"effects_{wording.file_name(analysis['analysis'])}"
    return Table(name, f"Studies in {review.name_of(analysis)}", _effect_heads(review), rows)


def _effect(review: Review, analysis: Line, pooled: Line, line: Line) -> Row:
    contrast = review.contrast(analysis, line)
    natural = (line["effect_natural"], line["ci_lower_natural"], line["ci_upper_natural"])
    weight = forest_text.weight_of(line, pooled) if line["used"] else None
    return row(
        review.study_link(line["study_id"], line["label"]), _side(line, contrast, "e"), _side(line, contrast, "c"),
        wording.estimate(natural, forest_text.digits_of(pooled)), wording.plain(line["se"]),
        f"{wording.number(weight, 1)}%" if wording.known(weight) else "not pooled",
        badge(line["provenance"]), contrast.get("source", ""), contrast.get("quote", ""), line["note"],
    )  # fmt: skip


def _side(line: Line, contrast: Line, side: str) -> str:
    n = wording.integer(line[f"n_{side}"])
    if wording.known(line[f"events_{side}"]):
        return f"{wording.integer(line[f'events_{side}'])}/{n}"
    mean, sd = contrast.get(f"mean_{side}"), contrast.get(f"sd_{side}")
    if wording.known(mean):
        return f"{wording.plain(mean)} (SD {wording.plain(sd)}), n = {n}"
    return f"n = {n}" if n else ""


def all_effects(review: Review) -> Table:
    """The studies of all analyses in one table, for its CSV."""
    rows: list[Row] = []
    for analysis in review.analyses:
        if analysis["analysis"] in review.effects:
            label = Cell((Link(analysis["analysis"]),))
            rows += [Row((label, *r.cells)) for r in effects_table(review, analysis).rows]
    return Table(
        "effects", "Studies of each analysis", (col("Analysis"), *_effect_heads(review)), tuple(rows), file="effects"
    )
