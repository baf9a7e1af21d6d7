"""Synthesis: effects, pooled estimates of all analyses in one job, how robust they are, and published rows reproduced.

Inputs: contrasts, studies, issues, overlaps, risk of bias, years of reports, config/analyses.csv and outcomes.csv,
records/published/. Outputs: effects, pooled, reproduction, H10, and what was tried: subgroups, sensitivity analyses,
leave-one-out, cumulative, influence, small-study effects, meta-regression, left_out.
People's part: the analyses fixed beforehand; the printed rows of a published review where there is one.
"""

# What the job makes beside effects and pooled estimates, each with all analyses.
TRIED = (
    "subgroups",
    "subgroup_tests",
    "sensitivity",
    "leave_one_out",
    "cumulative",
    "influence",
    "asymmetry",
)
TRIED += ("filled", "regression", "regression_fit", "left_out")


rule synthesis:
    input:
        people=ancient(wiring.files(*wiring.SYNTHESIS)),
        contrasts=rules.extraction.output.contrasts,
        studies=rules.extraction.output.studies,
        issues=rules.extraction.output.issues,
        overlaps=rules.extraction.output.overlaps,
        risk_of_bias=rules.risk_of_bias.output.risk_of_bias,
        reports=rules.dedupe.output.reports,
    output:
        **{name: f"results/synthesis/{name}.csv" for name in TRIED},
        effects="results/synthesis/effects.csv",
        pooled="results/synthesis/pooled.csv",
        reproduction="results/synthesis/reproduction.csv",
        identities="results/synthesis/identities.csv",
    log:
        "results/logs/synthesis.log",
    params:
        config=wiring.settings("synthesis", "comparisons"),
        records=wiring.digest(*wiring.SYNTHESIS),
        code=wiring.code("synthesis.py"),
    script:
        "../scripts/synthesis.py"
