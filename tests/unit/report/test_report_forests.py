"""Forest plots in their three layouts, from one study to two hundred."""

import math

import pandas as pd
import plot_sample as ps
import pytest
from drawn import boxes, collisions, outside, points, root_of, shapes, texts
from reviewflow.page.document import Figure
from reviewflow.report import forest, forest_figure, forest_text
from reviewflow.report.axis import axis_of
from reviewflow.report.forest import Forest
from reviewflow.report.forest_columns import PLOT, columns_of
from reviewflow.report.forest_layouts import LAYOUTS
from reviewflow.report.review import Review


def plotted(review: Review) -> Forest:
    return forest.analysis_forest(review, review.analyses[0])


def drawn(review: Review) -> str:
    return forest_figure.draw(plotted(review))


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("k", [1, 2, 10, 200])
@pytest.mark.parametrize(
    "label", ["Author {}", ps.LONG, "狼疮性肾炎间充质干细胞移植的随机对照试验 {}", "W" * 400 + "{}"]
)
def test_no_two_texts_overlap(layout: str, k: int, label: str) -> None:
    sides = ("Allogeneic mesenchymal stem cells from umbilical cord", "环磷酰胺")
    drawing = drawn(
        ps.made(k, label=label, forest=layout, prediction=True, subgroups=("Asia", "Europe " * 20), sides=sides)
    )
    assert collisions(drawing) == []
    assert outside(drawing) == []
    assert sum(text.startswith(("Subtotal (", "Total (")) for text in texts(drawing)) == (
        0 if k == 1 else 1 if k == 2 else 3
    )


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("measure", ["OR", "MD", "PLO", "ZCOR", "GIV", "IRR"])
@pytest.mark.parametrize("far", [None, math.log(1e-6), math.log(1e6), 0.0])
def test_extreme_values_overlap_nothing_either(layout: str, measure: str, far: float | None) -> None:
    drawing = drawn(ps.made(10, measure, forest=layout, far=far))
    assert collisions(drawing) == []
    assert outside(drawing) == []


@pytest.mark.parametrize("k", [2, 10, 200])
@pytest.mark.parametrize("far", [None, 13.8, -13.8, 4000.0])
@pytest.mark.parametrize("measure", ["OR", "MD"])
def test_every_study_has_a_square_on_the_axis_or_an_arrow_at_its_end(k: int, far: float | None, measure: str) -> None:
    review = ps.made(k, measure, far=far if measure == "MD" or far is None or far < 100 else 13.8)
    plot = plotted(review)
    start = columns_of(plot).plot
    drawing = forest_figure.draw(plot)
    squares = [float(r["x"]) + float(r["width"]) / 2 for r in shapes(drawing, "rect", fill=plot.colour)]
    assert all(start - 0.01 <= x <= start + PLOT + 0.01 for x in squares)
    lost = k - len(squares)
    arrows = [p for p in map(points, shapes(drawing, "polygon")) if len(p) == 3]
    assert len(arrows) >= lost
    assert lost == sum(not plot.axis.inside(row.interval.middle) for row in plot.panels[0].rows if row.interval)


def test_one_wild_study_does_not_flatten_all_others() -> None:
    assert axis_of([0.1, -0.3, 0.5, 0.8, 4000.0], [0.2, 1.0, 4001.0], False).right < 10
    assert axis_of([0.1, 4000.0], [0.2, 4001.0], False).right >= 4000


def test_places_on_a_log_axis_are_proportional_to_the_logarithm() -> None:
    review = ps.made(10)
    plot = plotted(review)
    start = columns_of(plot).plot
    rects = shapes(forest_figure.draw(plot), "rect", fill=plot.colour)
    ratios = review.tables["synthesis/effects"]["effect_natural"]
    for rect, ratio in zip(rects, ratios, strict=True):
        x = float(rect["x"]) + float(rect["width"]) / 2
        expected = start + PLOT / 2 + PLOT / 2 * math.log(ratio) / plot.axis.right
        assert x == pytest.approx(expected, abs=0.011)  # coordinates have two decimals, two of which are added


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_diamond_is_as_wide_as_the_interval(layout: str) -> None:
    review = ps.made(10, forest=layout)
    plot = plotted(review)
    pooled = review.pooled[ps.NAME]
    (diamond,) = [p for p in map(points, shapes(forest_figure.draw(plot), "polygon")) if len(p) == 4]
    start, half = columns_of(plot).plot, plot.axis.right
    xs = [(x - start - PLOT / 2) / (PLOT / 2) * half for x, _ in diamond]
    limits = [pooled[name] for name in ("ci_lower", "estimate", "ci_upper", "estimate")]
    assert xs == pytest.approx(limits, abs=0.01 * half / PLOT)  # half of the last decimal of a coordinate, in pixels


@pytest.mark.parametrize("layout", LAYOUTS)
def test_one_study_is_no_synthesis_and_has_no_diamond(layout: str) -> None:
    drawing = drawn(ps.made(1, forest=layout, prediction=True))
    assert not [p for p in map(points, shapes(drawing, "polygon")) if len(p) == 4]
    assert not [text for text in texts(drawing) if text.startswith(("Total (", "Prediction"))]


def test_the_prediction_interval_is_a_bar_in_revman_and_dotted_in_metafor() -> None:
    for layout, dash in (("revman", None), ("metafor", "2 3"), ("jama", None)):
        review = ps.made(10, forest=layout, prediction=True)
        plot = plotted(review)
        start, half = columns_of(plot).plot, plot.axis.right
        lines = shapes(forest_figure.draw(plot), "line", **{"stroke-width": "1.6"})
        bar = next(line for line in lines if line["y1"] == line["y2"])
        assert bar.get("stroke-dasharray") == dash
        for end, name in (("x1", "pi_lower"), ("x2", "pi_upper")):
            value = review.pooled[ps.NAME][name]
            assert float(bar[end]) == pytest.approx(start + (1 + value / half) * PLOT / 2, abs=0.01)
        assert any(text.startswith("Prediction interval (95%)") for text in texts(forest_figure.draw(plot)))


def test_each_layout_has_its_own_words() -> None:
    said = {layout: texts(drawn(ps.made(6, forest=layout, prediction=True))) for layout in LAYOUTS}
    assert {"Study or subgroup", "MSC", "Events", "Total", "Weight", "IV, Random, 95% CI"} <= set(said["revman"])
    assert {"Study", "Weight"} <= set(said["metafor"])
    assert "Events" not in said["metafor"]
    assert {"Source", "Weight, %", "Favors MSC", "Favors Control"} <= set(said["jama"])
    revman = "Heterogeneity: Tau² = 0.21; Chi² = 7.89, df = 5 (P = 0.03); I² = 42%"
    assert revman in said["revman"]
    assert revman.replace("Tau", "τ").replace("Chi", "χ") in said["metafor"]
    assert "Heterogeneity: τ² = 0.21; χ² = 7.89, df = 5 (P = .03); I² = 42%" in said["jama"]
    assert "Test for overall effect: T = 4.53, df = 5 (P = .004)" in said["jama"]
    assert "0.74 [0.58, 0.94]" in said["revman"] or "0.74 [0.59, 0.94]" in said["revman"]
    assert any("(0.59-0.94)" in text for text in said["jama"])
    told = " ".join(said["revman"])
    for part in ("by restricted maximum likelihood", "by Hartung, Knapp, Sidik and Jonkman", "I² from Tau²",
                 "prediction interval by t with k - 1 degrees of freedom"):  # fmt: skip
        assert part in told


def test_jama_writes_to_where_a_limit_is_negative() -> None:
    found = texts(drawn(ps.made(3, "MD", forest="jama")))
    assert "\u22120.30 (\u22120.54 to \u22120.06)" in found


def test_favours_stand_on_top_in_jama_and_below_elsewhere() -> None:
    for layout in LAYOUTS:
        places = {text: box[1] for box, text in boxes(drawn(ps.made(4, forest=layout)))}
        favours = next(y for text, y in places.items() if text.startswith("Fav"))
        assert (favours < places["Author 0"]) == (layout == "jama")


def test_the_protocol_chooses_the_layout_and_an_analysis_may_ask_for_another() -> None:
    review = ps.made(3)
    assert plotted(review).layout.name == "revman"
    config = {**review.config, "report": {"forest": "metafor"}}
    assert plotted(Review(config, review.tables, {}, {})).layout.name == "metafor"
    asked = ps.made(3, forest="jama")
    assert plotted(Review(config, asked.tables, {}, {})).layout.name == "jama"


def test_subgroups_have_subtotals_and_one_test_between_them() -> None:
    found = texts(drawn(ps.made(9, subgroups=("Asia", "Europe"), prediction=True)))
    assert [text for text in found if text in ("Asia", "Europe")] == ["Asia", "Europe"]
    assert sum(text.startswith("Subtotal (95% CI)") for text in found) == 2
    assert sum(text.startswith("Total (95% CI)") for text in found) == 1
    assert "Test for subgroup differences: Chi² = 3.21, df = 1 (P = 0.20), I² = 38%" in found
    assert sum(text.startswith("Test for overall effect: Z = ") for text in found) == 2
    weights = [float(text[:-1]) for text in found if text.endswith("%") and text[:-1].replace(".", "").isdigit()]
    shares = [weight for weight in weights if weight < 100]
    assert sum(shares) == pytest.approx(200, abs=1)  # studies and subtotals, each rounded to a tenth


def test_studies_in_no_subgroup_stand_apart_and_are_not_pooled_there() -> None:
    found = texts(drawn(ps.made(9, subgroups=("Asia", "Europe"), lost="Europe")))
    start = found.index("No subgroup stated")
    assert found[start + 1].startswith("Author")
    assert sum(text.startswith("Subtotal") for text in found) == 1
    assert "No study to pool." not in found


def test_the_prediction_interval_of_a_ratio_is_printed_as_ratios() -> None:
    review = ps.made(10, prediction=True)
    low, high = (math.exp(review.pooled[ps.NAME][name]) for name in ("pi_lower", "pi_upper"))
    assert f"[{low:.2f}, {high:.2f}]" in texts(drawn(review))


def test_a_subgroup_of_one_study_has_no_diamond() -> None:
    drawing = drawn(ps.made(3, subgroups=("Asia", "Europe")))
    assert len([p for p in map(points, shapes(drawing, "polygon")) if len(p) == 4]) == 2
    assert "Heterogeneity: not applicable (one study)" in texts(drawing)


def test_a_study_out_of_the_estimate_has_an_open_square_and_one_without_an_effect_none() -> None:
    review = ps.made(4)
    effects = review.tables["synthesis/effects"]
    out = effects.index == 1
    effects = effects.assign(used=~out, weight_random=effects["weight_random"].mask(out))
    blank = {name: effects[name].mask(effects.index == 2) for name in ("yi", "ci_lower", "ci_upper", "effect_natural")}
    review = Review(review.config, {**review.tables, "synthesis/effects": effects.assign(**blank)}, {}, {})
    plot = plotted(review)
    drawing = forest_figure.draw(plot)
    assert len(shapes(drawing, "rect", fill="#ffffff", stroke=plot.colour)) == 1
    assert len(shapes(drawing, "rect", fill=plot.colour)) == 2
    assert "Not estimable" in texts(drawing)
    assert "not pooled" in texts(drawing)


def test_hostile_names_stay_text() -> None:
    drawing = drawn(ps.made(2, label='<script>&"\x00\ud800]]> {}', sides=("<i>A</i>", "&amp;")))
    found = " ".join(texts(drawing))
    assert '<script>&"]]> 0' in found
    assert "<i>A</i>" in found
    assert not [element for element in root_of(drawing).iter() if element.tag.endswith(("script", "}i"))]


def test_a_ratio_is_never_printed_as_nought_nor_a_large_number_digit_by_digit() -> None:
    revman, jama = LAYOUTS["revman"], LAYOUTS["jama"]
    assert forest_text.estimate((0.001, 0.0001, 0.02), 2, revman, "OR") == "<0.01 [<0.01, 0.02]"
    assert forest_text.estimate((0.001, 0.0001, 0.02), 2, jama, "OR") == "<0.01 (<0.01-0.02)"
    assert forest_text.estimate((0.001, -0.001, 0.02), 2, revman, "MD") == "0.00 [0.00, 0.02]"
    assert forest_text.estimate((1e6, 2.5, 1e12), 2, revman, "OR") == "1000000.00 [2.50, 1e12]"


def test_proportions_and_correlations_are_drawn_as_people_read_them() -> None:
    shares = plotted(ps.made(5, "PLO"))
    assert shares.axis.null is None
    assert 0 <= shares.axis.left < shares.axis.right <= 1
    assert shares.favours == ("", "")
    assert plotted(ps.made(5, "ZCOR")).axis.right <= 1


def test_a_plot_too_high_for_a_printed_page_may_be_divided_there() -> None:
    assert not Figure("a", "", drawn(ps.made(10))).tall
    assert Figure("a", "", drawn(ps.made(200))).tall


def test_a_subgroup_of_one_study_whose_heterogeneity_cells_are_blank_is_drawn() -> None:
    review = ps.made(3, subgroups=("Asia", "Europe"))
    pooled = review.tables["synthesis/subgroups"]
    blank = pooled["subgroup"] == "Europe"
    pooled[["df", "q", "q_p", "i2", "tau2"]] = pooled[["df", "q", "q_p", "i2", "tau2"]].mask(blank)
    pooled["df"] = pooled["df"].astype("Int64")
    assert pd.isna(pooled.loc[blank, "df"]).all()
    assert "Europe" in texts(drawn(review))
