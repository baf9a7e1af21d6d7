"""Appraisal: risk of bias by two assessors, certainty by analysis; what nobody assessed is said to be so.

Inputs: records/appraisal/, config/analyses.csv, the studies. Outputs: consensus on both.
People's part: one folder an assessor, adjudication.csv, certainty.csv.
"""


rule appraisal:
    input:
        people=ancient(wiring.files(*wiring.APPRAISAL)),
        studies=rules.extraction.output.studies,
    output:
        risk_of_bias="results/appraisal/risk_of_bias.csv",
        certainty="results/appraisal/certainty.csv",
    log:
        "results/logs/appraisal.log",
    params:
        config=wiring.settings("appraisal"),
        records=wiring.digest(*wiring.APPRAISAL),
        code=wiring.code("appraisal.py"),
    script:
        "../scripts/appraisal.py"
