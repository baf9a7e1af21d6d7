"""Report: the review's page with its figures and tables; and the strict end of a review.

Inputs: every table of every stage, config/, the strategies. Outputs: one self-contained page, figures, tables, a
summary for the terminal, provenance. `final` fails with the list of all that is missing or unresolved.
"""


rule report:
    input:
        people=ancient(wiring.files(*wiring.REPORT)),
        search=rules.search.output,
        dedupe=rules.dedupe.output,
        screening=rules.screening.output,
        extraction=rules.extraction.output,
        risk_of_bias=rules.risk_of_bias.output,
        appraisal=rules.appraisal.output,
        synthesis=rules.synthesis.output,
        reported=rules.reported.output,
    output:
        page=report("results/report/index.html", category="Report"),
        figures=directory("results/report/figures"),
        tables=directory("results/report/tables"),
        summary="results/report/summary.txt",
        provenance="results/report/provenance.json",
    log:
        "results/logs/report.log",
    params:
        config=wiring.settings(),
        records=wiring.digest("config", "records"),
        code=wiring.code("report.py", "templates"),
    script:
        "../scripts/report.py"


rule final:
    input:
        rules.report.output,
        people=ancient(wiring.files("config", "records")),
        tables=[
            *rules.dedupe.output,
            *rules.screening.output,
            *rules.extraction.output,
            *rules.risk_of_bias.output,
            *rules.appraisal.output,
        ],
    log:
        "results/logs/final.log",
    params:
        config=wiring.settings("review", "screening", "extraction", "appraisal"),
    script:
        "../scripts/final.py"
