"""Audit of reported statistics: the numbers that a publication prints, against each other and against its words.

Inputs: records/published/ and the analyses and outcomes of config/. Outputs: findings, and every check with its verdict;
header-only without published tables. Nothing of results/ enters: what is printed is judged by what is printed.
People's part: the tables of records/published/, as printed, with quotes.
"""


rule reported:
    input:
        people=ancient(wiring.files(*wiring.REPORTED)),
    output:
        reported_statistics="results/audit/reported_statistics.csv",
        reported_checks="results/audit/reported_checks.csv",
    log:
        "results/logs/reported.log",
    params:
        records=wiring.digest(*wiring.REPORTED),
        code=wiring.code("reported.py"),
    script:
        "../scripts/reported.py"
