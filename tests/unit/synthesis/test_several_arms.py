"""A study with two experimental arms from the extractors' lines to its pooled effects, as config.yaml compares them."""

import pandas as pd
import pytest
from reviewflow.extraction.prepare import Made, contrasts
from reviewflow.schema import schema
from reviewflow.synthesis import build
from reviewflow.tables import frame

KEY = {"comparison": "a_vs_b", "outcome": "pain", "timepoint": "1 year"}
ASKED = {"analysis": "pain", **KEY, "measure": "MD", "method": "IV", "model": "random"}
STUDIES = {"s1": ("a", "a2"), "s2": ("a",), "s3": ("a", "a2"), "s4": ("a",), "s5": ("a",)}
MEANS = {("s1", "a"): 1.0, ("s1", "a2"): 2.5, ("s2", "a"): 0.5, ("s3", "a"): 3.0, ("s3", "a2"): 1.8, ("s4", "a"): 1.5,
         ("s5", "a"): 0.2}  # fmt: skip
OUTCOME = {"outcome": "pain", "label": "Pain", "kind": "continuous", "unit": None}


def pooled(multi_arm: str, dependence: str) -> dict[str, object]:
    config = {
        "comparisons": {"a_vs_b": {"before_after": False}},
        "extraction": {"extractors": ["extractor_1"]},
        "preparation": {
            "multi_arm": multi_arm, "medians": "convert", "skewed": "flag", "change_scores": "final", "correlation": 0.5,
        },
        "synthesis": {
            "level": 95, "q_test_threshold": 0.1, "preset": "cochrane2025", "small_study_k": 10, "permutations": 0,
            "seed": 1, "sensitivity": [],
        },
    }  # fmt: skip
    rows = [row for study, names in STUDIES.items() for row in _of(study, names, config)]
    table = frame("results/extraction/contrasts", rows)
    asked = frame("config/analyses", [{**ASKED, "dependence": dependence}])
    outcomes = frame("config/outcomes", [OUTCOME])
    tables = build(config, asked, table, frame("records/published/estimates", []), outcomes)
    return {str(name): value for name, value in tables["pooled"].to_dict("records")[0].items()}


def _of(study: str, names: tuple[str, ...], config: dict[str, object]) -> list[dict[str, object]]:
    roles = dict.fromkeys(names, "experimental") | {"b": "control"}
    blank = dict.fromkeys(schema("records/extraction/arms").columns)
    arms = {name: {**blank, "arm_id": name, "role": role, "n": 20} for name, role in roles.items()}
    empty = dict.fromkeys(schema("records/extraction/results").columns)
    shared = {**empty, **KEY, "study_id": study, "sd": 2.0, "provenance": "reported"}
    lines = [{**shared, "arm_id": name, "mean": MEANS.get((study, name), 0.0)} for name in roles]
    found = contrasts(lines, arms, config, "a_vs_b", OUTCOME)
    return [row for made in found if isinstance(made, Made) for row in made.contrasts]


@pytest.mark.parametrize("dependence", ["three_level", "robust"])
@pytest.mark.parametrize(("multi_arm", "rho"), [("split", 0.0), ("whole", 0.5)])
def test_arms_are_pooled_within_their_study(multi_arm: str, rho: float, dependence: str) -> None:
    row = pooled(multi_arm, dependence)
    assert (row["k"], row["k_effects"]) == (5, 7)
    assert row["rho"] == (0.5 if dependence == "robust" else rho)
    # Seven experimental arms and five control groups of 20, each person counted once.
    assert row["n"] == 240


def test_combined_arms_are_one_effect_and_refused_ones_none() -> None:
    one = pooled("combine", "three_level")
    assert (one["k"], one["k_effects"], one["n"]) == (5, 5, 240)
    assert pd.isna(one["rho"])
    none = pooled("whole", "refuse")
    assert none["k"] == 3
    assert "kept out, because several effects of one study are not independent: s1, s3" in str(none["note"])
