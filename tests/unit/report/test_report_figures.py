"""The figures: drawn once by hand and looked at, then held by golden files (`pytest --fix` accepts new ones)."""

import math
import re
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import report_sample as sample
from hypothesis import given
from hypothesis import strategies as st
from reviewflow.page import svg
from reviewflow.report import forest, forest_figure
from reviewflow.report.axis import axis_of
from reviewflow.report.review import Review

from tests.page_reader import Build

GOLDEN = Path(__file__).parents[2] / "golden" / "report"
SVG = "{http://www.w3.org/2000/svg}"


def drawings(build: Build) -> dict[str, str]:
    interim = {f"interim_{name}": text for name, text in build(tables=sample.tables(sample.INTERIM)).items()}
    found = {name: text for name, text in build().items() if name.endswith(".svg")}
    return {**found, "figures/flow_interim.svg": interim["interim_figures/flow.svg"]}


def test_figures_are_the_golden_ones(build: Build, fix: bool) -> None:
    found = {Path(name).name: text for name, text in drawings(build).items()}
    if fix:
        GOLDEN.mkdir(parents=True, exist_ok=True)
        for old in GOLDEN.glob("*.svg"):
            old.unlink()
        for name, text in found.items():
            (GOLDEN / name).write_text(text, encoding="utf-8", newline="\n")
    golden = {path.name: path.read_text(encoding="utf-8") for path in GOLDEN.glob("*.svg")}
    assert sorted(found) == sorted(golden)
    for name, text in found.items():
        assert text == golden[name], f"{name} differs from its golden file; accept it with pytest --fix"


def test_each_analysis_of_two_studies_has_a_plot_and_each_figure_one(files: dict[str, str]) -> None:
    plots = {name for name in files if name.startswith("figures/")}
    assert plots == {
        "figures/flow.svg", "figures/pace.svg", "figures/sources.svg", "figures/sets.svg", "figures/figure_2.svg", "figures/forest_rct_proteinuria_6m.svg",
        "figures/forest_rct_proteinuria_12m.svg", "figures/forest_rct_adverse_events_all.svg",
        "figures/forest_self_proteinuria_1m.svg", "figures/forest_self_proteinuria_3m.svg",
        "figures/forest_self_c3_3m.svg",
    }  # fmt: skip


def test_every_figure_is_xml_with_a_name_and_a_description(files: dict[str, str]) -> None:
    for name, text in files.items():
        if name.endswith(".svg"):
            root = ElementTree.fromstring(text)
            labels = root.attrib["aria-labelledby"].split()
            assert [root[0].attrib["id"], root[1].attrib["id"]] == labels
            assert root[0].text
            assert root[1].text
            assert "style" not in text


def texts(drawing: str) -> list[str]:
    root = ElementTree.fromstring(drawing)
    return ["".join(element.itertext()) for element in root.iter(f"{SVG}text")]


def test_a_forest_plot_prints_what_revman_prints(files: dict[str, str]) -> None:
    found = texts(files["figures/forest_rct_proteinuria_12m.svg"])
    assert "Heterogeneity: Tau² = 0.41; Chi² = 23.93, df = 1 (P < 0.00001); I² = 96%" in found
    assert "Test for overall effect: Z = 0.98 (P = 0.33)" in found
    assert "\u22120.46 [\u22121.37, 0.45]" in found
    assert "IV, Random, 95% CI" in found
    assert "Total (95% CI), n = 54" in found
    assert "Favours MSC" in found
    assert "† calibrated: constructed so that the pooled row prints as published" in found


def test_a_fixed_model_names_no_between_study_variance(files: dict[str, str]) -> None:
    found = texts(files["figures/forest_rct_adverse_events_all.svg"])
    assert "Heterogeneity: Chi² = 0.20, df = 1 (P = 0.66); I² = 0%" in found
    assert [t for t in found if re.fullmatch(r"0\.01|0\.1|1|10|100", t)] == ["0.01", "0.1", "1", "10", "100"]
    assert "M-H, Fixed, 95% CI" in found
    assert found.count("Events") == 2
    assert "Deng 2017" in found
    assert "Tang 2016 †" in found


def test_where_more_is_better_the_experimental_side_is_favoured_on_the_right(files: dict[str, str]) -> None:
    found = texts(files["figures/forest_self_c3_3m.svg"])
    assert found.index("Favours Before") < found.index("Favours After")


def test_a_panel_of_one_study_has_no_diamond(files: dict[str, str]) -> None:
    root = ElementTree.fromstring(files["figures/figure_2.svg"])
    assert len(list(root.iter(f"{SVG}polygon"))) == 2
    found = texts(files["figures/figure_2.svg"])
    assert "4 months (IV, Fixed)" in found
    assert "Heterogeneity: not applicable (one study)" in found
    assert len([t for t in found if t.startswith("Subtotal")]) == 2


def many(n: int, label: str) -> Review:
    tables = sample.tables()
    effects = [
        {
            "analysis": "rct_proteinuria_6m", "study_id": f"s{i}", "label": label.format(i), "measure": "MD",
            "yi": math.sin(i), "vi": 0.04, "se": 0.2, "ci_lower": math.sin(i) - 0.4, "ci_upper": math.sin(i) + 0.4,
            "effect_natural": math.sin(i), "ci_lower_natural": math.sin(i) - 0.4,
            "ci_upper_natural": math.sin(i) + 0.4, "n_e": 100 + i, "n_c": 12000, "provenance": "derived",
            "weight_fixed": 100 / n, "weight_random": 100 / n, "used": True,
        }
        for i in range(n)
    ]  # fmt: skip
    tables["synthesis/effects"] = sample.frame("results/synthesis/effects", effects)
    return Review(sample.CONFIG, tables, {}, {})


@pytest.mark.parametrize("n", [1, 2, 30, 200])
@pytest.mark.parametrize(
    "label", ["A {}", "Very-Long-Name-of-an-Author and many others 20{:02d} (second cohort)", "狼疮 {}"]
)
def test_columns_never_overlap(n: int, label: str) -> None:
    review = many(n, label)
    plot = forest.analysis_forest(review, review.analyses[1])
    boxes = list(map(extent, ElementTree.fromstring(forest_figure.draw(plot)).iter(f"{SVG}text")))
    rows: dict[float, list[tuple[float, float]]] = {}
    for y, left, right in boxes:
        rows.setdefault(y, []).append((left, right))
    for spans in rows.values():
        spans.sort()
        assert all(a[1] <= b[0] for a, b in pairwise(spans))
    assert len({y for y, _, _ in boxes}) >= n


def extent(element: ElementTree.Element) -> tuple[float, float, float]:
    """A line of text: its baseline, left and right end."""
    size = float(element.attrib.get("font-size", 13))
    width = svg.text_width("".join(element.itertext()), size, element.attrib.get("font-weight") == "bold")
    x = float(element.attrib["x"])
    start = {"end": x - width, "middle": x - width / 2}.get(element.attrib.get("text-anchor", ""), x)
    return float(element.attrib["y"]), start, start + width


def test_squares_have_the_area_of_their_weight() -> None:
    tables = sample.tables()
    review = Review(sample.CONFIG, tables, {}, {})
    plot = forest.analysis_forest(review, review.analyses[3])
    root = ElementTree.fromstring(forest_figure.draw(plot))
    sides = [float(r.attrib["width"]) for r in root.iter(f"{SVG}rect") if r.attrib.get("fill") == plot.colour]
    small, large = (row.weight for row in plot.panels[0].rows)
    assert (sides[0] / sides[1]) ** 2 == pytest.approx(small / large, rel=0.01)  # coordinates have two decimals


def test_far_limits_are_cut_with_an_arrow() -> None:
    tables = sample.tables()
    effects = tables["synthesis/effects"]
    far = (effects["analysis"] == "rct_proteinuria_6m") & (effects["study_id"] == "tang2016")
    tables["synthesis/effects"] = effects.assign(ci_upper=effects["ci_upper"].mask(far, 500.0))
    review = Review(sample.CONFIG, tables, {}, {})
    plot = forest.analysis_forest(review, review.analyses[1])
    assert plot.axis.right < 20
    assert len(list(ElementTree.fromstring(forest_figure.draw(plot)).iter(f"{SVG}polygon"))) == 2


def test_an_effect_that_is_not_pooled_is_shown_as_such(build: Build) -> None:
    tables = sample.tables()
    effects = tables["synthesis/effects"]
    out = (effects["analysis"] == "self_proteinuria_3m") & (effects["study_id"] == "zeng2016")
    blank = {c: effects[c].mask(out) for c in ("yi", "effect_natural", "ci_lower", "ci_upper", "ci_lower_natural")}
    tables["synthesis/effects"] = effects.assign(used=effects["used"] & ~out, **blank)
    found = texts(build(tables=tables)["figures/forest_self_proteinuria_3m.svg"])
    assert "not pooled" in found
    assert "Not estimable" in found


limits = st.floats(1e-6, 1e6)


@given(limits, limits, st.booleans())
def test_every_estimate_lies_on_its_axis(middle: float, beyond: float, ratio: bool) -> None:
    reach = min(middle, 100.0) if ratio else middle
    axis = axis_of([reach, -reach / 2], [reach + beyond, -beyond], ratio)
    assert axis.inside(reach)
    assert 0 <= axis.place(reach) <= 1
    assert axis.place(0.0) == 0.5
    assert len({label for _, label in axis.ticks}) == len(axis.ticks) in (5, 7)


def test_ticks_are_round_numbers() -> None:
    def labels(*values: float, ratio: bool = False) -> list[str]:
        return [label for _, label in axis_of(values, values, ratio).ticks]

    assert labels(5.5) == ["-6", "-3", "0", "3", "6"]
    assert labels(0.04) == ["-0.04", "-0.02", "0", "0.02", "0.04"]
    assert labels(960.0) == ["-1000", "-500", "0", "500", "1000"]
    assert labels(0.049) == ["-0.05", "-0.025", "0", "0.025", "0.05"]
    assert labels(math.log(3), ratio=True) == ["0.2", "0.5", "1", "2", "5"]
    assert labels(math.log(5000), ratio=True) == ["0.0001", "0.01", "1", "100", "10000"]
    assert labels() == ["-1", "-0.5", "0", "0.5", "1"]


def test_the_diagram_has_the_official_texts(files: dict[str, str]) -> None:
    found = [text.replace("\xa0", " ") for text in texts(files["figures/flow.svg"])]
    assert found[:3] == ["Identification", "Screening", "Included"]
    for text in (
        "Identification of studies via databases and registers", "Identification of studies via other methods",
        "Records identified from:", "Databases (n = 9)", "PubMed (n = 5)", "Registers (n = 1)",
        "Records removed before screening:", "Duplicate records removed (n = 3)", "Records screened (n = 7)",
        "Records excluded (n = 2)", "Reports sought for retrieval (n = 5)", "Reports not retrieved (n = 1)",
        "Reports assessed for eligibility (n = 4)", "Reports excluded (n = 1):", "Review (n = 1)",
        "Citation searching (n = 2)", "Case report (n = 1)", "Studies included in review (n = 4)",
        "Reports of included studies (n = 4)",
    ):  # fmt: skip
        assert text in found
    assert not [text for text in found if "awaiting" in text]


def test_an_unfinished_diagram_shows_what_awaits(build: Build) -> None:
    files = build(tables=sample.tables(sample.INTERIM))
    found = [text.replace("\xa0", " ") for text in texts(files["figures/flow.svg"])]
    assert "Records awaiting a decision (n = 2)" in found
    assert "Records to screen (n = 7)" in found
    assert "of which decided (n = 5)" in found
    assert found.count("Reports to assess for eligibility (n = 3)") == 1
    assert not [text for text in found if "Records screened" in text or "assessed for eligibility" in text]
    assert "Reports awaiting retrieval (n = 1)" in found
    assert found.count("Reports awaiting a decision (n = 1)") == 2


def test_a_review_of_databases_only_has_one_column(build: Build) -> None:
    tables = sample.tables()
    flow = tables["screening/flow"]
    own = ~flow["data"].str.startswith(("other_", "citations_"))
    text = build(tables={**tables, "screening/flow": flow[own]})["figures/flow.svg"]
    assert "other methods" not in text


def test_links_of_a_diagram_on_its_own_lead_to_the_page(files: dict[str, str]) -> None:
    links = re.findall(r'href="([^"]*)"', files["figures/flow.svg"])
    assert links
    assert all(link.startswith("../index.html#box-") for link in links)
    assert "../index.html#" not in files["index.html"]


def test_texts_stay_inside_their_boxes(build: Build) -> None:
    tables: dict[str, Any] = sample.tables()
    reasons = tables["config/exclusion_reasons"]
    long = (
        "Population without a biopsy-proven class of nephritis-or-an-even-longer-compound-word-than-fits-one-line " * 2
    )
    tables["config/exclusion_reasons"] = reasons.assign(label=long)
    root = ElementTree.fromstring(build(tables=tables)["figures/flow.svg"])
    boxes = [[float(r.attrib[k]) for k in ("x", "y", "width", "height")] for r in root.iter(f"{SVG}rect")]
    boxes = [box for box in boxes if 250 < box[2] < 320]
    inside = [extent(t) for t in root.iter(f"{SVG}text") if "Population" in "".join(t.itertext())]
    assert inside
    for y, left, right in inside:
        assert any(x <= left and right <= x + w and top <= y <= top + h for x, top, w, h in boxes)


def test_panels_that_cannot_share_an_axis_are_drawn_apart(build: Build) -> None:
    tables = sample.tables()
    analyses = tables["config/analyses"]
    chosen = analyses["analysis"].isin(["self_c3_3m", "rct_adverse_events_all"])
    tables["config/analyses"] = analyses.assign(figure=analyses["figure"].mask(chosen, "Figure 2"))
    files = build(tables=tables)
    parts = sorted(name for name in files if name.startswith("figures/figure_2"))
    assert parts == [f"figures/figure_2_part_{i}.svg" for i in (1, 2, 3)]
    assert "Odds ratio" in texts(files[parts[0]])
    assert "3 months (IV, Random)" in texts(files[parts[2]])


def test_names_of_analyses_stay_apart_in_file_names(build: Build) -> None:
    tables = sample.tables()
    for name in ("config/analyses", "synthesis/pooled", "synthesis/effects", "synthesis/reproduction"):
        names = {"rct_proteinuria_6m": "A", "rct_proteinuria_12m": "a"}
        tables[name] = tables[name].replace({"analysis": names})
    assert {"figures/forest_A.svg", "figures/forest_a.svg"} <= set(build(tables=tables))
