"""Funnel, Baujat's, L'Abbé's and bubble plots, leaving each study out and adding one after the other."""

import math
import re
from xml.etree import ElementTree

import pandas as pd
import plot_sample as ps
import pytest
from drawn import SVG, boxes, collisions, outside, points, root_of, shapes, texts
from reviewflow.report import (
    baujat_figure,
    bubble_figure,
    cumulative_figure,
    diagrams,
    funnel_figure,
    labbe_figure,
    leave_one_out_figure,
    plot,
)
from reviewflow.report.axis import spanning, spanning_ratios
from reviewflow.report.review import Review

FIGURES = {
    "leave_one_out": leave_one_out_figure.draw, "cumulative": cumulative_figure.draw, "baujat": baujat_figure.draw,
    "labbe": labbe_figure.draw, "bubble": bubble_figure.draw, "funnel": funnel_figure.draw,
}  # fmt: skip
LEAST = {"leave_one_out": 3, "cumulative": 3, "baujat": 4, "labbe": 3, "bubble": 3, "funnel": 10}


def review_of(
    k: int, measure: str = "OR", label: str = "Author {}", sides: tuple[str, str] = ("MSC", "Control")
) -> Review:
    """A review whose one analysis has every table that a figure reads."""
    review = ps.made(k, measure, label=label, sides=sides)
    further = {
        "filled": [{"position": i, "yi": -1.5 - 0.1 * i, "se": 0.5} for i in range(3)],
        "asymmetry": [{"test": "trim_and_fill", "estimate": -0.5}],
        "regression": [{"term": "intercept", "coefficient": 8.0}, {"term": "mean_age", "coefficient": -0.16}],
        "regression_fit": [{"moderators": "mean_age"}],
    }
    tables = dict(review.tables)
    tables |= {
        f"synthesis/{n}": pd.DataFrame([{"analysis": ps.NAME, **row} for row in rows]) for n, rows in further.items()
    }
    ages = [{"study_id": f"s{i:03d}", "label": f"s{i}", "mean_age": f"{50 + 3 * math.sin(i):.1f}"} for i in range(k)]
    return Review(review.config, {**tables, "extraction/studies": pd.DataFrame(ages)}, {}, {})


def drawn(kind: str, review: Review) -> str:
    return FIGURES[kind](review, review.analyses[0])


def study(circle: ElementTree.Element) -> str:
    """The label of the study that a circle is, without the mark of its provenance."""
    return re.sub(" [§†‡]$", "", (circle.findtext(f"{SVG}title") or "").split(":")[0])


def circles(drawing: str) -> list[ElementTree.Element]:
    return list(root_of(drawing).iter(f"{SVG}circle"))


@pytest.mark.parametrize("kind", FIGURES)
@pytest.mark.parametrize("k", [3, 10, 200])
@pytest.mark.parametrize("label", ["Author {}", ps.LONG, "狼疮性肾炎间充质干细胞移植的随机对照试验 {}"])
def test_no_label_overlaps_another_or_leaves_the_drawing(kind: str, k: int, label: str) -> None:
    drawing = drawn(kind, review_of(k, label=label, sides=("Mesenchymal stem cells " * 8, "<b>Control</b>")))
    if k < LEAST[kind]:
        assert drawing == ""
        return
    assert collisions(drawing) == []
    assert outside(drawing) == []


@pytest.mark.parametrize("kind", FIGURES)
def test_a_figure_is_drawn_from_the_number_of_studies_where_it_says_something(kind: str) -> None:
    assert drawn(kind, review_of(LEAST[kind] - 1)) == ""
    assert drawn(kind, review_of(LEAST[kind])).startswith("<svg ")


@pytest.mark.parametrize("kind", ["baujat", "labbe", "bubble", "funnel"])
def test_each_study_is_a_point_in_the_frame_with_a_name(kind: str) -> None:
    found = circles(drawn(kind, review_of(30)))
    named = [circle for circle in found if circle.find(f"{SVG}title") is not None]
    assert sum((c.findtext(f"{SVG}title") or "").startswith("Author ") for c in named) == 30
    for circle in named:
        assert plot.LEFT <= float(circle.attrib["cx"]) <= plot.WIDTH - plot.RIGHT
        assert plot.TOP <= float(circle.attrib["cy"]) <= plot.HEIGHT - plot.BOTTOM


@pytest.mark.parametrize("kind", FIGURES)
def test_what_was_constructed_is_marked_in_every_figure(kind: str) -> None:
    drawing = drawn(kind, review_of(12))
    assert "† calibrated: constructed so that the pooled row prints as published" in texts(drawing)
    names = [c.findtext(f"{SVG}title") or "" for c in circles(drawing)] or texts(drawing)
    assert sum("†" in name for name in names if "Author" in name) == 4  # every third study of the sample


@pytest.mark.parametrize("kind", ["baujat", "labbe", "bubble"])
def test_labels_cover_no_point(kind: str) -> None:
    drawing = drawn(kind, review_of(30))
    covered = [
        (float(c.attrib["cx"]) - r, float(c.attrib["cy"]) - r, float(c.attrib["cx"]) + r, float(c.attrib["cy"]) + r)
        for c in circles(drawing) for r in [float(c.attrib["r"]) * 0.7]  # the square within the circle
    ]  # fmt: skip

    labels = [box for box, text in boxes(drawing) if text.startswith("Author")]
    assert len(labels) >= 3
    assert not [1 for label in labels for box in covered if plot.overlap(label, box)]


def test_points_of_a_funnel_lie_by_effect_and_standard_error_with_nought_on_top() -> None:
    review = review_of(12, "MD")
    found = [c for c in circles(drawn("funnel", review)) if (c.findtext(f"{SVG}title") or "").startswith("Author")]
    effects = {line["label"]: line for line in review.effects[ps.NAME]}
    places = [(effects[study(c)], c.attrib) for c in found]
    (one, at), (other, there) = places[0], places[-1]
    across = (float(there["cx"]) - float(at["cx"])) / (other["yi"] - one["yi"])
    down = (float(there["cy"]) - float(at["cy"])) / (other["se"] - one["se"])
    assert across > 0
    assert down > 0
    for line, attrib in places:
        assert float(attrib["cx"]) - float(at["cx"]) == pytest.approx(across * (line["yi"] - one["yi"]), abs=0.05)
        assert float(attrib["cy"]) - float(at["cy"]) == pytest.approx(down * (line["se"] - one["se"]), abs=0.05)
    assert pytest.approx(float(at["cy"]) - down * one["se"], abs=0.05) == plot.TOP


@pytest.mark.parametrize("measure", ["OR", "MD"])
def test_contours_of_a_funnel_begin_at_no_effect_and_bound_the_stated_p(measure: str) -> None:
    drawing = drawn("funnel", review_of(12, measure))
    bands = [points(band) for band in shapes(drawing, "polygon")]
    assert len(bands) == 3
    assert len({band[0] for band in bands}) == 1
    null = bands[0][0]
    slopes = [max(abs((x - null[0]) / (y - null[1])) for x, y in band[1:] if y > null[1]) for band in bands]
    # Two-sided 0.01, 0.05 and 0.10: quantiles of the normal distribution; coordinates have two decimals.
    assert [slope / slopes[2] for slope in slopes] == pytest.approx([2.5758 / 1.6449, 1.9600 / 1.6449, 1.0], rel=1e-3)
    assert {"P > 0.10", "0.05 to 0.10", "0.01 to 0.05", "P < 0.01"} <= set(texts(drawing))


def test_pseudo_limits_meet_at_the_estimate_and_filled_studies_are_open() -> None:
    drawing = drawn("funnel", review_of(12))
    left, right = (points(line) for line in shapes(drawing, "polyline"))
    assert {left[0], left[-1]} & {right[0], right[-1]}
    assert len(shapes(drawing, "circle", fill="#ffffff")) == 3 + 1  # and one in the legend
    assert "Estimate with them" in texts(drawing)


def test_a_proportion_has_no_contours_since_it_has_no_state_of_no_effect() -> None:
    drawing = drawn("funnel", review_of(12, "PLO"))
    assert shapes(drawing, "polygon") == []
    assert "P > 0.10" not in texts(drawing)


def test_the_page_says_why_there_is_no_funnel_plot() -> None:
    assert "No analysis has as many; the largest without one has 9." in diagrams.without_funnel(review_of(9))
    assert diagrams.without_funnel(review_of(10)) == ""
    review = review_of(9)
    config = {**review.config, "synthesis": {"level": 95, "small_study_k": 5}}
    assert diagrams.without_funnel(Review(config, review.tables, {}, {})) == ""


def test_the_diagonal_of_labbe_is_where_risks_are_equal_and_circles_have_the_area_of_their_study() -> None:
    review = review_of(8)
    drawing = drawn("labbe", review)
    diagonal = points(shapes(drawing, "polyline")[0])
    (x1, y1), (x2, y2) = diagonal[0], diagonal[-1]
    effects = {line["label"]: line for line in review.effects[ps.NAME]}
    radii = []
    for circle in circles(drawing):
        line = effects[study(circle)]
        share = (float(circle.attrib["cx"]) - x1) / (x2 - x1)
        other = (float(circle.attrib["cy"]) - y1) / (y2 - y1)
        risks = [line[f"events_{side}"] / line[f"n_{side}"] for side in "ce"]
        assert share * risks[1] == pytest.approx(other * risks[0], abs=1e-3)
        radii.append((float(circle.attrib["r"]), line["n_e"] + line["n_c"]))
    (r, n), *others = radii
    assert all((radius / r) ** 2 == pytest.approx(size / n, rel=0.01) for radius, size in others)


def test_labbe_is_for_two_by_two_tables_alone() -> None:
    assert drawn("labbe", review_of(8, "MD")) == ""


def test_a_bubble_plot_needs_one_moderator_that_is_a_number() -> None:
    review = review_of(8)
    words = review.tables["extraction/studies"].assign(mean_age="old")
    assert drawn("bubble", Review(review.config, {**review.tables, "extraction/studies": words}, {}, {})) == ""
    terms = review.tables["synthesis/regression"]
    more = pd.concat([terms, terms.tail(1).assign(term="year")])
    assert drawn("bubble", Review(review.config, {**review.tables, "synthesis/regression": more}, {}, {})) == ""


def test_the_line_of_a_bubble_plot_has_the_slope_of_the_regression() -> None:
    review = review_of(10, "MD")
    drawing = drawn("bubble", review)
    (line,) = (points(found) for found in shapes(drawing, "polyline"))
    found = bubble_figure.bubbles_of(review, review.analyses[0])
    assert found is not None
    one, other = found.points[0], max(found.points, key=lambda p: abs(p.x - found.points[0].x))
    places = {(c.findtext(f"{SVG}title") or ""): c.attrib for c in circles(drawing)}
    per_x = (float(places[other.name]["cx"]) - float(places[one.name]["cx"])) / (other.x - one.x)
    far = max(found.points, key=lambda p: abs(p.y - one.y))
    per_y = (float(places[far.name]["cy"]) - float(places[one.name]["cy"])) / (far.y - one.y)
    drawn_slope = ((line[-1][1] - line[0][1]) / per_y) / ((line[-1][0] - line[0][0]) / per_x)
    assert drawn_slope == pytest.approx(found.slope, rel=0.01)


def test_leaving_out_and_adding_have_a_row_each_and_the_whole_as_a_dashed_line() -> None:
    for kind, head in (("leave_one_out", "Study left out"), ("cumulative", "Study added")):
        drawing = drawn(kind, review_of(5))
        found = texts(drawing)
        assert head in found
        assert sum("Author" in text for text in found) == 5
        assert len(shapes(drawing, "line", **{"stroke-dasharray": "4 3"})) == 1
        assert any(text.startswith("All studies (95% CI)") for text in found)


def test_figures_stand_folded_below_their_analysis_with_their_numbers_beside_them() -> None:
    review = review_of(12)
    drawings = diagrams.drawings(review)
    assert sorted(drawings) == sorted(f"figures/{kind}_plot.svg" for kind in FIGURES)
    (folded,) = diagrams.block(review, review.analyses[0], drawings)
    kinds = [type(block).__name__ for block in folded.blocks]  # type: ignore[union-attr]
    assert kinds == [
        "Figure",
        "Table",
        "Figure",
        "Table",
        "Figure",
        "Table",
        "Figure",
        "Paragraph",
        "Figure",
        "Table",
        "Figure",
        "Paragraph",
    ]
    assert diagrams.block(review, review.analyses[0], {}) == ()


@pytest.mark.parametrize(
    ("low", "high"), [(0.0, 0.61), (-3.2, 0.004), (0.0, 0.0), (1e-6, 2e-6), (-1e6, 1e6), (1990.0, 2020.0)]
)
def test_axes_span_what_they_show_in_round_steps(low: float, high: float) -> None:
    axis = spanning(low, high)
    assert axis.left <= low <= high <= axis.right
    assert 2 <= len(axis.ticks) <= 8
    assert len({label for _, label in axis.ticks}) == len(axis.ticks)


@pytest.mark.parametrize(("low", "high"), [(0.5, 2.0), (0.1, 40.0), (1e-6, 1e6), (0.9, 1.1), (3.0, 3.0)])
def test_axes_of_ratios_have_ticks_at_the_logarithm_of_their_label(low: float, high: float) -> None:
    axis = spanning_ratios(math.log(low), math.log(high))
    assert axis.left <= math.log(low) <= math.log(high) <= axis.right
    assert len(axis.ticks) >= 2
    assert all(place == pytest.approx(math.log(float(label))) for place, label in axis.ticks)
