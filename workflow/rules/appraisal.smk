"""Appraisal: certainty of the evidence and Summary of Findings, once the syntheses are there.

Inputs: risk of bias, the syntheses, records/appraisal/, config/. Outputs: certainty by analysis, each domain of GRADE
with what people rated and what the numbers suggest, the Summary of Findings, the numbers of the summary plot.
People's part: grade.csv and certainty.csv. What nobody assessed is said to be so.
"""


rule appraisal:
    input:
        people=ancient(wiring.files(*wiring.APPRAISAL)),
        risk_of_bias=rules.risk_of_bias.output.risk_of_bias,
        synthesis=rules.synthesis.output,
    output:
        certainty="results/appraisal/certainty.csv",
        grade="results/appraisal/grade.csv",
        summary_of_findings="results/appraisal/summary_of_findings.csv",
        distribution="results/appraisal/distribution.csv",
    log:
        "results/logs/appraisal.log",
    params:
        config=wiring.settings("appraisal", "comparisons"),
        records=wiring.digest(*wiring.APPRAISAL),
        code=wiring.code("appraisal.py", "tools"),
    script:
        "../scripts/appraisal.py"
