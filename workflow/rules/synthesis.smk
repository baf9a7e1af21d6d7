"""Synthesis: effects, pooled estimates of all analyses in one job, and published rows reproduced.

Inputs: contrasts, config/analyses.csv and outcomes.csv, records/published/. Outputs: effects, pooled, reproduction, H10.
People's part: the analyses fixed beforehand; the printed rows of a published review where there is one.
"""


rule synthesis:
    input:
        people=ancient(wiring.files(*wiring.SYNTHESIS)),
        contrasts=rules.extraction.output.contrasts,
        studies=rules.extraction.output.studies,
    output:
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
