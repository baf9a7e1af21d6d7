"""Risk of bias: the assessors' judgements and answers become one consensus, before the syntheses that may need it.

Inputs: records/appraisal/, config/tools/, the studies and their contrasts. Outputs: consensus beside what the tools'
rules propose, agreement, what is left to do and for whom, and the domains and levels of the tools that are used.
People's part: one folder an assessor (risk_of_bias.csv, answers.csv), adjudication.csv, tools of the review's own.
"""


rule risk_of_bias:
    input:
        people=ancient(wiring.files(*wiring.judged)),
        studies=rules.extraction.output.studies,
        contrasts=rules.extraction.output.contrasts,
    output:
        risk_of_bias="results/appraisal/risk_of_bias.csv",
        agreement="results/appraisal/agreement.csv",
        issues="results/appraisal/issues.csv",
        domains="results/appraisal/domains.csv",
        levels="results/appraisal/levels.csv",
    log:
        "results/logs/risk_of_bias.log",
    params:
        config=wiring.settings("appraisal", "comparisons"),
        records=wiring.digest(*wiring.judged),
        code=wiring.code("risk_of_bias.py", "tools"),
    script:
        "../scripts/risk_of_bias.py"
