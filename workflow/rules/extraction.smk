"""Extraction: two extractors' tables compared cell by cell, adjudicated, joined to contrasts.

Inputs: records/extraction/, config/outcomes.csv, the ledger. Outputs: consensus, disagreements, what is kept out.
People's part: one folder an extractor, adjudication.csv, study_reports.csv.
"""


rule extraction:
    input:
        people=ancient(wiring.files(*wiring.EXTRACTION)),
        ledger=rules.screening.output.ledger,
        clusters=rules.dedupe.output.clusters,
    output:
        studies="results/extraction/studies.csv",
        arms="results/extraction/arms.csv",
        contrasts="results/extraction/contrasts.csv",
        conversions="results/extraction/conversions.csv",
        warnings="results/extraction/warnings.csv",
        disagreements="results/extraction/disagreements.csv",
        issues="results/extraction/issues.csv",
    log:
        "results/logs/extraction.log",
    params:
        config=wiring.settings("extraction", "preparation", "comparisons"),
        records=wiring.digest(*wiring.EXTRACTION),
        code=wiring.code("extraction.py", "units.yaml"),
    script:
        "../scripts/extraction.py"
