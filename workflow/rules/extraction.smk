"""Extraction: two extractors' tables compared cell by cell, adjudicated, joined to contrasts.

Inputs: records/extraction/, config/outcomes.csv, the ledger, reports. Outputs: consensus, what each
extracted, agreement, studies that may overlap, contrasts with every step of their preparation, what is kept out.
People's part: one folder an extractor, adjudication.csv, study_reports.csv, overlaps.csv; `reviewflow extract`.
"""


rule extraction:
    input:
        people=ancient(wiring.files(*wiring.EXTRACTION)),
        ledger=rules.screening.output.ledger,
        clusters=rules.dedupe.output.clusters,
        reports=rules.dedupe.output.reports,
    output:
        studies="results/extraction/studies.csv",
        arms="results/extraction/arms.csv",
        contrasts="results/extraction/contrasts.csv",
        conversions="results/extraction/conversions.csv",
        warnings="results/extraction/warnings.csv",
        disagreements="results/extraction/disagreements.csv",
        as_extracted="results/extraction/as_extracted.csv",
        agreement="results/extraction/agreement.csv",
        overlaps="results/extraction/overlaps.csv",
        issues="results/extraction/issues.csv",
    log:
        "results/logs/extraction.log",
    params:
        config=wiring.settings("extraction", "preparation", "comparisons"),
        records=wiring.digest(*wiring.EXTRACTION),
        code=wiring.code("extraction.py", "units.yaml"),
    script:
        "../scripts/extraction.py"
