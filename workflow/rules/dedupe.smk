"""Dedupe: which records index the same report.

Inputs: the sightings, the balance of the exports, records/dedupe/. Outputs: clusters, merged reports and where their
fields come from, the queue of doubtful pairs; overlap of the sources, merges by rule, notices such as retractions,
and one page with all of it.
People's part: rulings on doubtful pairs in records/dedupe/rulings.csv.
"""


rule dedupe:
    input:
        people=ancient(wiring.files("records/dedupe")),
        records=rules.search.output.records,
        balance=rules.search.output.balance,
        rejected=rules.search.output.rejected,
    output:
        clusters="results/dedupe/clusters.csv",
        reports="results/dedupe/reports.csv",
        merged_fields="results/dedupe/merged_fields.csv",
        doubtful_pairs="results/dedupe/doubtful_pairs.csv",
        sources="results/dedupe/sources.csv",
        overlap="results/dedupe/overlap.csv",
        intersections="results/dedupe/intersections.csv",
        merges="results/dedupe/merges.csv",
        doubts="results/dedupe/doubts.csv",
        notices="results/dedupe/notices.csv",
        page=report("results/dedupe/index.html", category="Deduplication"),
    log:
        "results/logs/dedupe.log",
    params:
        config=wiring.settings("dedupe"),
        records=wiring.digest("records/dedupe"),
        code=wiring.code("dedupe.py", "templates"),
    script:
        "../scripts/dedupe.py"
