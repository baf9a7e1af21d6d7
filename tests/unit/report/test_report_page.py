"""The page: its numbers are those of the tables, it asks nobody for anything, and nothing in it can run."""

import csv
import io
import re
from base64 import b64encode
from copy import deepcopy
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import report_sample as sample
from reviewflow.boxes import BOXES, members
from reviewflow.config import config_schema, with_defaults
from reviewflow.report.lists import removed
from reviewflow.report.review import Review

from tests.page_reader import Build, Page, contrast

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{ 7*7 }}]]>&amp;\x00"


def test_pooled_rows_show_the_numbers_of_the_table(page: Page) -> None:
    rows = {(row[""], row["Timepoint"]): row for row in page.table("pooled_table_2")}
    row = rows["Proteinuria (mean difference)", "6 months"]
    assert row["Studies"] == "2"
    assert row["Participants"] == "30"
    assert row["Q test P"] == "0.84"
    assert row["Model"] == "Fixed, IV"
    assert row["Estimate (95% CI)"] == "\u22122.00 (\u22123.81, \u22120.19)"
    assert row["P"] == "0.03"
    assert row["I²"] == "0%"
    assert row["As printed"] == "\u22122.00 (\u22123.81, \u22120.19)"
    assert row["Agrees"] == "✓ all 7 values"
    assert rows["Adverse events (odds ratio)", "end of study"]["Model"] == "Fixed, M-H"


def test_every_pooled_estimate_of_the_table_is_on_the_page(page: Page) -> None:
    shown = {row["Estimate (95% CI)"] for name in ("2", "3") for row in page.table(f"pooled_table_{name}")}
    for row in sample.tables()["synthesis/pooled"].to_dict("records"):
        if row["k"]:
            numbers = [f"{row[c]:.2f}" for c in ("estimate_natural", "ci_lower_natural", "ci_upper_natural")]
            assert f"{numbers[0]} ({numbers[1]}, {numbers[2]})".replace("-", "\u2212") in shown


def test_an_analysis_without_a_study_says_so(page: Page) -> None:
    row = next(row for row in page.table("pooled_table_3") if row["Timepoint"] == "24 months")
    assert (row["Studies"], row["Estimate (95% CI)"], row["Agrees"]) == ("0", "no study", "not printed")


def test_each_effect_stands_with_its_provenance_as_a_word(page: Page) -> None:
    rows = page.table("effects_rct_adverse_events_all")
    assert [row["Study"] for row in rows] == ["Deng 2017", "Tang 2016"]
    assert [row["Provenance"] for row in rows] == ["reported", "calibrated †"]
    assert [row["Experimental side"] for row in rows] == ["2/12", "3/20"]
    assert [row["Weight"] for row in rows] == ["22.5%", "77.5%"]


def test_a_cell_that_differs_from_print_is_named(build: Build) -> None:
    tables = sample.tables()
    reproduction = tables["synthesis/reproduction"].copy()
    hit = (reproduction["analysis"] == "rct_proteinuria_6m") & (reproduction["field"] == "p_value")
    tables["synthesis/reproduction"] = reproduction.assign(agrees=reproduction["agrees"] & ~hit)
    page = Page(build(tables=tables)["index.html"])
    row = next(row for row in page.table("pooled_table_2") if row["Timepoint"] == "6 months")
    assert row["Agrees"] == "✗ P"
    assert "7 of 8 printed rows agree in every printed digit" in page.by_id("reproduction").text
    assert [row["Value"] for row in page.table("differences")] == ["P"]


def test_each_count_of_the_diagram_leads_to_as_many_rows() -> None:
    for states in (sample.FINISHED, sample.INTERIM):
        _check_lists(sample.tables(states))


def _check_lists(tables: dict[str, pd.DataFrame]) -> None:
    review = Review(sample.CONFIG, tables, {}, {})
    from reviewflow import report

    page = Page(report.build(sample.CONFIG, tables, sample.PROVENANCE, {})["index.html"])
    assert len(removed(review)) == review.count("duplicates") == len(page.table("duplicates"))
    for box in BOXES:
        n = review.count(box.data)
        assert n == len(members(tables["screening/ledger"], box))
        if not n:
            continue
        place = page.by_id(f"box-{box.data}")
        if f"table-{box.data}" in page.ids:
            assert len(page.table(box.data)) == n
        else:
            parts = [int(part) for part in re.findall(r"n = (\d+)\)", place.all("ul")[0].text)]
            assert sum(parts) == n


def test_every_link_within_the_page_arrives_and_no_id_stands_twice(page: Page, build: Build) -> None:
    for read in (page, Page(build(tables=sample.tables(sample.INTERIM))["index.html"])):
        assert set(read.inner_links()) <= set(read.ids)
        assert len(read.ids) == len(set(read.ids))


def test_links_to_files_name_files_of_the_report(page: Page, files: dict[str, str]) -> None:
    links = [e.attributes["href"] for e in page.elements if "href" in e.attributes]
    own = [link for link in links if not link.startswith(("#", "https://doi.org/", "https://pubmed.ncbi.nlm.nih.gov/"))]
    assert own
    assert set(own) <= set(files)


def test_nothing_is_fetched(page: Page) -> None:
    policy = next(e for e in page.elements if e.attributes.get("http-equiv") == "Content-Security-Policy")
    script = page.root.all("script")[0].content[0]
    assert isinstance(script, str)
    digest = b64encode(sha256(script.encode()).digest()).decode()
    assert "default-src 'none'" in policy.attributes["content"]
    assert f"script-src 'sha256-{digest}'" in policy.attributes["content"]
    assert len(page.root.all("script")) == 1
    assert not [e for e in page.elements if "src" in e.attributes or e.tag in ("link", "img", "iframe", "object")]
    assert "url(" not in page.root.all("style")[0].text
    assert "@import" not in page.source
    assert not [e for e in page.elements for name in e.attributes if name.startswith("on") or name == "style"]


def test_hostile_text_is_text(build: Build) -> None:
    tables = sample.tables()
    for name, column in (
        ("search/records", "title"), ("search/records", "authors"), ("dedupe/reports", "title"),
        ("dedupe/reports", "journal"), ("dedupe/reports", "doi"), ("synthesis/effects", "label"),
        ("extraction/studies", "regimen"), ("config/analyses", "label"), ("config/exclusion_reasons", "label"),
        ("search/rejected", "text"), ("records/search/searches", "notes"),
    ):  # fmt: skip
        tables[name] = tables[name].assign(**{column: HOSTILE})
    config: dict[str, Any] = deepcopy(sample.CONFIG)
    config["review"] |= {"title": HOSTILE, "question": HOSTILE, "notice": HOSTILE}
    config["comparisons"]["msc_vs_control"] |= {"experimental": HOSTILE, "label": HOSTILE}
    files = build(config=config, tables=tables, strategies={"pubmed_1.txt": HOSTILE})
    page = Page(files["index.html"])
    assert len(page.root.all("script")) == 1
    assert not page.root.all("img")
    assert "\x00" not in page.source
    assert "49" not in page.root.all("h1")[0].text
    assert page.root.all("h1")[0].text.startswith("<script>alert(1)")
    for name, text in files.items():
        if name.endswith(".svg"):
            assert "<script" not in text
            assert "\x00" not in text


def test_hostile_record_ids_still_lead_somewhere(build: Build) -> None:
    tables = sample.tables()
    odd = 'Web of Science:"><a b>%20#&?'
    audits = ("audit/findings", "audit/near_misses", "audit/without_reviewer")
    for name in ("search/records", "dedupe/clusters"):
        tables[name] = tables[name].replace({"record_id": {"PubMed:4": odd}, "report_id": {"PubMed:4": odd}})
    for name in ("dedupe/reports", "screening/ledger", "screening/title_abstract", "screening/full_text", *audits):
        tables[name] = tables[name].replace({"report_id": {"PubMed:4": odd}})
    page = Page(build(tables=tables)["index.html"])
    assert set(page.inner_links()) <= set(page.ids)
    assert 'report-Web_of_Science:"><a_b>%20#&?' in page.ids


def test_the_page_is_built_for_everybody(page: Page) -> None:
    assert page.root.all("html")[0].attributes["lang"] == "en"
    assert len(page.root.all("h1")) == 1
    assert page.root.all("title")[0].text == "Stem cells for lupus nephritis (final report)"
    for tag in ("header", "nav", "main", "footer"):
        assert len(page.root.all(tag)) == 1
    assert page.root.all("a")[0].attributes["href"] == "#main"
    for table in page.root.all("table"):
        assert table.all("caption")
        assert all(th.attributes["scope"] in ("col", "row", "rowgroup") for th in table.all("th"))
    for place in page.elements:
        if place.attributes.get("role") == "region":
            assert place.attributes["tabindex"] == "0"
            assert place.attributes.get("aria-label") or place.attributes["aria-labelledby"] in page.ids
    levels = [int(e.tag[1]) for e in page.elements if re.fullmatch(r"h[1-6]", e.tag)]
    assert all(b - a <= 1 for a, b in pairwise(levels))


def test_sections_stand_in_the_order_of_the_review(page: Page) -> None:
    sections = [e.attributes["id"] for e in page.root.all("section")]
    assert sections == [
        "status", "question", "search", "notices", "overlap", "merges", "queue", "flow", "agreement", "audit", "studies", "excluded", "extraction", "risk-of-bias",
        "results", "robustness", "reproduction", "methods", "amendments", "records", "provenance",
    ]  # fmt: skip
    assert [a.attributes["href"] for a in page.root.all("nav")[0].all("a")] == [f"#{name}" for name in sections]


def test_an_interim_report_says_what_waits_for_whom(build: Build) -> None:
    page = Page(build(tables=sample.tables(sample.INTERIM))["index.html"])
    rows = {(row["Stage"], row["What waits"], row["For whom"]): row for row in page.table("waiting")}
    row = rows["Full text", "reports to decide", "reviewer_1"]
    assert (row["Number"], row["File for the answer"]) == ("2", "records/screening/full_text/reviewer_1.csv")
    assert rows["Title and abstract", "report in conflict to adjudicate", "reviewer_3"]["Number"] == "1"
    assert rows["Retrieval", "report to retrieve", "nobody named yet"]["Number"] == "1"
    assert "Interim." in page.by_id("status").text
    assert page.root.all("title")[0].text.endswith("(interim report)")


def test_a_final_report_waits_for_nobody(page: Page) -> None:
    assert "Final." in page.by_id("status").text
    assert "table-waiting" not in page.ids


@pytest.mark.parametrize(
    ("table", "row", "expected"),
    [
        (
            "extraction/disagreements",
            {
                "table": "arms",
                "key": "a/b",
                "column": "n",
                "values": "reviewer_1=1; reviewer_2=2",
                "status": "unresolved",
            },
            ("Extraction", "disagreement to resolve", "reviewer_3", "records/extraction/adjudication.csv"),
        ),
        (
            "extraction/issues",
            {"kind": "not_extracted", "study_id": "gu2014", "person": "reviewer_2", "issue": "no line"},
            ("Extraction", "study not extracted", "reviewer_2", "records/extraction/reviewer_2/"),
        ),
        (
            "extraction/issues",
            {"kind": "overlap", "study_id": "gu2014", "person": "reviewer_3", "issue": "may be the same"},
            (
                "Extraction",
                "pair of studies that may overlap to rule on",
                "reviewer_3",
                "records/extraction/overlaps.csv",
            ),
        ),
        (
            "dedupe/doubtful_pairs",
            {"record_a": "PubMed:1", "record_b": "PubMed:2", "score": 88.0, "why": "close_titles"},
            ("Deduplication", "doubtful pair of records to rule on", "nobody named yet", "records/dedupe/rulings.csv"),
        ),
    ],
)
def test_whatever_is_open_makes_the_report_interim(
    build: Build, table: str, row: dict[str, object], expected: tuple[str, ...]
) -> None:
    tables = sample.tables() | {table: sample.frame(f"results/{table}", [row])}
    rows = Page(build(tables=tables)["index.html"]).table("waiting")
    found = [tuple(r[c] for c in ("Stage", "What waits", "For whom", "File for the answer")) for r in rows]
    assert found == [expected]


def test_the_first_day_of_a_review_has_a_report(build: Build) -> None:
    files = build(tables=sample.empty(), strategies={})
    page = Page(files["index.html"])
    assert page.table("waiting")[0]["File for the answer"] == "records/search/searches.csv"
    assert [name for name in files if name.startswith("figures/")] == ["figures/flow.svg"]
    assert set(page.inner_links()) <= set(page.ids)
    assert "No analysis is specified" in page.by_id("results").text


def test_a_config_without_its_optional_parts_is_enough(build: Build) -> None:
    config = {
        "review": {"title": "Bare"},
        "screening": {"reviewers": ["reviewer_1"], "reviewers_per_report": 1},
        "extraction": {"extractors": ["reviewer_1"]},
        "comparisons": {},
    }
    config = with_defaults(config, config_schema())
    page = Page(build(config=config, tables=sample.empty(), provenance={}, strategies={})["index.html"])
    assert "one reviewer (reviewer_1)." in page.by_id("methods").text


def test_agreement_names_its_scale_and_never_invents_a_kappa(page: Page) -> None:
    first, second = page.table("agreement_pairs")
    assert first["Kappa (95% CI)"] == "0.792 (0.693, 0.891)"
    assert first["Band"] == "excellent"
    assert first["P_pos"] == "0.800"
    assert second["Kappa (95% CI)"] == second["P_neg"] == "not estimable"


def test_agreement_shows_rounds_what_was_left_out_and_agreement_on_reasons(build: Build) -> None:
    pilot = sample.AGREEMENT | {"round": "pilot", "n": 20}
    reasons = sample.AGREEMENT | {"stage": "full_text", "reason_n": 4, "reason_agreement": 0.75, "left_out": 2}
    lines = sample.frame("results/screening/agreement", [pilot, reasons, sample.AGREEMENT])
    shown = Page(build(tables=sample.tables() | {"screening/agreement": lines})["index.html"])
    rows = shown.table("agreement_counts")
    assert [r["Reports"] for r in shown.table("agreement_pairs")] == [r["Reports"] for r in rows]
    assert [(r["Stage"], r["Round"], r["Reports"]) for r in rows] == [
        ("Title and abstract", "all", "1000"), ("Title and abstract", "pilot", "20"), ("Full text", "all", "1000")
    ]  # fmt: skip
    assert [(r["Same reason"], r["Left out"]) for r in rows] == [("", "0"), ("", "0"), ("0.750 of 4", "2")]


def test_agreement_of_all_stands_where_more_than_two_reviewers_voted(page: Page, build: Build) -> None:
    assert "table-agreement_all" not in page.ids
    line = {
        "stage": "title_abstract", "round": "all", "reviewers": "a; b; c", "n_reports": 9, "n_votes": 20,
        "agreement": 0.7, "krippendorff_alpha": 0.41, "scale": "Krippendorff 2004", "band": "unreliable",
    }  # fmt: skip
    tables = sample.tables() | {"screening/agreement_all": sample.frame("results/screening/agreement_all", [line])}
    (row,) = Page(build(tables=tables)["index.html"]).table("agreement_all")
    assert (row["Fleiss' kappa"], row["Krippendorff's alpha"], row["Krippendorff 2004"]) == (
        "not estimable", "0.410", "unreliable"
    )  # fmt: skip


def test_conflicts_are_counted_by_what_differs(build: Build) -> None:
    tables = sample.tables(sample.INTERIM)
    settled = {"report_id": "PubMed:3", "consensus": "adjudicated", "decision": "exclude", "kind": "reason"}
    tables["screening/full_text"] = sample.frame("results/screening/full_text", [settled])
    rows = Page(build(tables=tables)["index.html"]).table("conflict_kinds")
    names = ("Stage", "What differs", "Conflicts", "Adjudicated", "Left")
    assert [[row[name] for name in names] for row in rows] == [
        ["Title and abstract", "decision", "1", "0", "1"], ["Full text", "reason", "1", "1", "0"]
    ]  # fmt: skip


def test_an_amendment_of_screening_says_how_many_decisions_are_older(page: Page, build: Build) -> None:
    rows = page.table("amendments_table")
    assert (rows[0]["Date"], rows[0]["Section"], rows[0]["Change"]) == ("2019-08-02", "Outcomes", "C3 added")
    assert "was amended" not in page.by_id("agreement").text
    changes = [
        {"date": day, "section": "Eligibility criteria", "change": "Letters out", "reason": ""}
        for day in ("2019-08-02", "2018-01-01")
    ]
    tables = sample.tables() | {"records/amendments": sample.people("records/amendments", changes)}
    text = Page(build(tables=tables)["index.html"]).by_id("agreement").text
    said = "amended on 2019-08-02 (Eligibility criteria: Letters out): 2 decisions of reviewers before that day, "
    assert f"{said}1 on it or later; 1 decision without a time." in text
    assert "2018-01-01" not in text


def test_the_methods_say_who_is_drawn_for_what(build: Build) -> None:
    drawn = {"reviewers": ["a", "b", "c"], "former_reviewers": ["d"], "seed": "lupus", "pilot": 20}
    config = sample.CONFIG | {"screening": sample.CONFIG["screening"] | drawn}
    text = Page(build(config=config)["index.html"]).by_id("methods").text
    assert "by two of the reviewers a, b and c independently" in text
    assert "A pilot of 20 records, drawn by digest, is judged by every reviewer." in text
    assert 'The seed of the draws is "lupus". What d decided before leaving counts.' in text
    single = {"reviewers_per_report": 1, "check_sample": 12.5}
    config = sample.CONFIG | {"screening": sample.CONFIG["screening"] | single}
    text = Page(build(config=config)["index.html"]).by_id("methods").text
    assert "A second reviewer judges a check sample of 12.5%, drawn by digest." in text


def test_strategies_stand_verbatim(page: Page) -> None:
    assert page.by_id("strategy-pubmed_1").all("pre")[0].content == [sample.STRATEGIES["pubmed_1.txt"]]


def test_the_methods_warn_of_choosing_a_model_by_a_test(page: Page) -> None:
    text = page.by_id("methods").text
    assert "random-effects model is used where the P of the Q test is below 0.1" in text
    assert "section 10.10.4" in text
    assert "two reviewers (reviewer_1 and reviewer_2) independently" in text
    assert "same doi (3)" in text
    assert "leaves out Tang 2016" in text


def test_missing_risk_of_bias_is_said_plainly(page: Page, build: Build) -> None:
    assert "Risk of bias is not assessed. The published review assesses none." in page.by_id("risk-of-bias").text
    config = sample.CONFIG | {"appraisal": {"assessors": ["reviewer_1"], "note": ""}}
    judged = {"study_id": "gu2014", "tool": "RoB 2", "domain": "overall", "status": "agreed", "judgement": "high"}
    level = {"position": 3, "label": "High risk", "risk": "high", "symbol": "×", "colour": "#BF0000", "ink": "#FFFFFF"}
    place = {"tool": "RoB 2", "domain": "overall", "judgement": "high"}
    tables = sample.tables() | {
        "appraisal/risk_of_bias": sample.frame("results/appraisal/risk_of_bias", [judged]),
        "appraisal/levels": sample.frame("results/appraisal/levels", [place | level]),
    }
    rows = Page(build(config=config, tables=tables)["index.html"]).table("risk_of_bias_judgements")
    assert rows[0]["Judgement"] == "(×) High risk"


def test_each_csv_says_what_its_table_shows(page: Page, files: dict[str, str]) -> None:
    rows = list(csv.DictReader(io.StringIO(files["tables/pooled_table_2.csv"])))
    assert [row["Timepoint"] for row in rows] == [row["Timepoint"] for row in page.table("pooled_table_2")]
    assert rows[1]["Estimate (95% CI)"] == "-2.00 (-3.81, -0.19)"
    assert rows[1]["Outcome"] == "Proteinuria (mean difference)"
    effects = list(csv.DictReader(io.StringIO(files["tables/effects.csv"])))
    assert len(effects) == len(sample.tables()["synthesis/effects"])


def test_long_lists_are_cut_in_the_page_and_whole_in_the_csv(build: Build, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reviewflow.report.lists.SHOWN", 1)
    files = build()
    page = Page(files["index.html"])
    assert len(page.table("duplicates")) == 1
    assert "The first 1 of 3 rows are shown" in page.by_id("box-duplicates").text
    assert len(files["tables/list_duplicates.csv"].splitlines()) == 4


def test_the_same_tables_give_the_same_bytes(build: Build, files: dict[str, str]) -> None:
    assert build() == files


def test_no_time_and_no_place_of_the_machine_is_in_the_report(files: dict[str, str]) -> None:
    for text in files.values():
        assert str(Path(__file__).parents[3]) not in text
        assert "/home/" not in text


def test_colours_of_the_page_can_be_read(page: Page) -> None:
    style = "".join(str(c) for c in page.root.all("style")[0].content)
    for block in re.findall(r":root \{(.*?)\}", style, re.DOTALL):
        colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", block))
        for ink, ground in (
            *((ink, g) for ink in ("ink", "muted", "link", "yes", "no") for g in ("page", "surface")),
            *(("ink", g) for g in ("interim", "final")),
            *((f"{name}-ink", name) for name in ("reported", "derived", "calibrated", "constructed")),
        ):
            if ink in colours and ground in colours:
                assert contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)
        assert contrast(colours["edge"], colours["page"]) >= 3


def noticed(**given: object) -> dict[str, pd.DataFrame]:
    """The sample review with one notice."""
    row = {"record_id": "PubMed:2", "report_id": "PubMed:2", "about": "PubMed:2", "tie": "own", "notice": "retraction"}
    row |= {"notice_role": "subject", "title": "Trial of cells", "title_about": "Trial of cells", **given}
    return {"dedupe/notices": sample.frame("results/dedupe/notices", [row])}


@pytest.mark.parametrize(
    ("states", "place", "state"),
    [(sample.FINISHED, "included", "included"), (sample.INTERIM, "in screening", "awaiting at full text")],
)
def test_a_retracted_report_stands_in_the_state_the_summary_and_first_among_the_notices(
    build: Build, states: Any, place: str, state: str
) -> None:
    files = build(tables=sample.tables(states) | noticed())
    page = Page(files["index.html"])
    alarm = next(p for p in page.by_id("status").all("p") if "alarm" in p.attributes["class"])
    assert f"1 report {place} is retracted: PubMed:2" in alarm.text
    assert {a.attributes["href"] for a in alarm.all("a")} == {"#report-PubMed:2", "#notices"}
    assert f"! 1 report {place} is retracted: see Notices in the report\n" in files["summary.txt"]
    assert page.table("notices")[0]["State of the report"] == state
    assert set(page.inner_links()) <= set(page.ids)


def test_a_retracted_report_that_is_excluded_is_listed_and_raises_no_alarm(build: Build) -> None:
    files = build(tables=sample.tables() | noticed(about="PubMed:4", record_id="PubMed:4", report_id="PubMed:4"))
    page = Page(files["index.html"])
    assert page.table("notices")[0]["State of the report"] == "excluded at title and abstract"
    assert not [p for p in page.by_id("status").all("p") if "alarm" in p.attributes["class"]]
    assert "!" not in files["summary.txt"]


def test_a_notice_alone_does_not_make_a_review_interim(build: Build) -> None:
    assert "State: final" in build(tables=sample.tables() | noticed())["summary.txt"]


def test_the_report_says_what_each_source_gave_to_the_included_reports(page: Page, files: dict[str, str]) -> None:
    rows = {row["Source"]: row for row in page.table("sources")}
    assert (rows["PubMed"]["Included"], rows["PubMed"]["Included, found by no other"]) == ("2", "0")
    assert (rows["CBM"]["Included"], rows["CBM"]["Included, found by no other"]) == ("2", "1")
    assert {"tables/sources.csv", "tables/overlap.csv", "tables/merges.csv", "figures/sets.svg"} <= set(files)


def test_the_extraction_is_shown_with_agreement_overlaps_conversions_and_warnings(page: Page) -> None:
    assert [row["Percent"] for row in page.table("extraction_agreement")] == ["87.5", "100.0"]
    assert [row["Kappa"] for row in page.table("extraction_agreement")] == ["", "1.00"]
    (pair,) = page.table("overlaps")
    assert (pair["Verdict"], pair["Kept where both would enter"]) == ("overlapping", "Gu 2014")
    (step,) = page.table("conversions")
    assert (step["From"], step["To"]) == ("mean_se=0.5; n=81", "sd = 4.5")
    (warning,) = page.table("extraction_warnings")
    assert warning["What to check"] == "the SD may be an SE; check it"
    links = {a.attributes.get("href", "") for a in page.by_id("extraction").all("a")}
    names = ("extraction_agreement", "overlaps", "conversions", "extraction_warnings", "disagreements")
    assert {f"tables/{name}.csv" for name in names} <= links


def test_many_analyses_are_folded_up_by_outcome_and_few_are_not(build: Build) -> None:
    few = sample.tables()
    name = "config/analyses"
    many = pd.concat([few[name].assign(analysis=few[name]["analysis"] + f"_{i}") for i in range(21)])
    assert 'id="analyses-of-' not in build()["index.html"]
    page = build(tables={**few, name: pd.concat([few[name], many], ignore_index=True)})["index.html"]
    folded = set(zip(few[name]["comparison"], few[name]["outcome"], strict=True))
    assert page.count('<details id="analyses-of-') == len(folded)
