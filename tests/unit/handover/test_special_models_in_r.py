"""The script for R repeats analyses of dependent effects and of rare events, and finds the numbers of pooled.csv."""

import subprocess
from pathlib import Path

import pytest
from reviewflow.handover import metafor
from reviewflow.synthesis import build
from reviewflow.tables import frame

KEY = {"comparison": "a_vs_b", "timepoint": "end", "provenance": "reported"}
SYNTHESIS = {
    "level": 95, "q_test_threshold": 0.1, "preset": "cochrane2025", "small_study_k": 10, "permutations": 0, "seed": 1,
    "sensitivity": [], "rho": 0.4,
}  # fmt: skip
SEVERAL = [("a", 0.1, 0.2), ("a", 0.5, 0.3), ("b", 0.3, 0.2), ("c", 1.2, 0.4), ("c", -0.2, 0.2), ("d", 0.7, 0.2)]
COUNTS = [(1, 60, 5, 60), (0, 50, 0, 40), (2, 80, 9, 85), (0, 40, 3, 40), (6, 70, 4, 66), (1, 90, 12, 88)]
ASKED = [
    {"analysis": "three", "dependence": "three_level"},
    {"analysis": "normal", "dependence": "three_level", "ci_method": "wald"},
    {"analysis": "robust", "dependence": "robust"},
    *({"analysis": f"rare_{m}", "outcome": "death", "measure": m, "method": "GLMM"} for m in ("OR", "IRR", "PLO")),
]  # fmt: skip


@pytest.fixture(scope="module")
def made():
    contrasts = [
        KEY | {"outcome": "pain", "study_id": s, "contrast": str(i), "effect": y, "se": se}
        for i, (s, y, se) in enumerate(SEVERAL)
    ]
    for i, (a, n, c, m) in enumerate(COUNTS):
        sides = {"events_e": a, "n_e": n, "time_e": n, "events_c": c, "n_c": m, "time_c": m}
        contrasts.append(KEY | {"outcome": "death", "study_id": f"s{i}"} | sides)
    base = {
        "comparison": "a_vs_b",
        "outcome": "pain",
        "timepoint": "end",
        "measure": "GIV",
        "method": "IV",
        "model": "random",
    }
    kinds = (("pain", "continuous"), ("death", "dichotomous"))
    outcomes = frame("config/outcomes", [{"outcome": o, "label": o, "kind": kind} for o, kind in kinds])
    config = {"comparisons": {"a_vs_b": {"before_after": False}}, "synthesis": SYNTHESIS}
    asked = frame("config/analyses", [base | row for row in ASKED])
    table = frame("results/extraction/contrasts", contrasts)
    tables = build(config, asked, table, frame("records/published/estimates", []), outcomes)
    return metafor.files({f"synthesis/{name}": tables[name] for name in ("effects", "pooled")})


def test_each_model_has_its_call(made):
    blocks = made["repeat_analyses.R"].split("# three: ")[0], made["repeat_analyses.R"]
    assert "rma.mv" not in blocks[0].split("library(metafor)")[0]
    assert blocks[1].count("vcalc(vi, cluster = study, obs = effect, data = dat, rho = 0.4)") == 3
    assert blocks[1].count('test = "t", dfs = "contain"') == 1
    assert blocks[1].count("robust(fit, cluster = dat$study, clubSandwich = TRUE)") == 1
    assert blocks[1].count("rma.glmm(") == 3


def test_r_finds_the_same_numbers(made, tmp_path, rscript):
    program = rscript("metafor", "clubSandwich", "lme4", "BiasedUrn")
    for name, text in made.items():
        Path(tmp_path, name).write_text(text, encoding="utf-8")
    ran = subprocess.run([program, "repeat_analyses.R"], cwd=tmp_path, check=False, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert f"{len(ASKED)} analyses" in ran.stdout
