"""Dedupe: which records index the same report.

Inputs: the sightings, records/dedupe/. Outputs: clusters, merged reports, the queue of
doubtful pairs; overlap of the sources, merges by rule, and notices such as retractions.
People's part: rulings on doubtful pairs in records/dedupe/rulings.csv.
"""


rule dedupe:
    input:
        people=ancient(wiring.files("records/dedupe")),
        records=rules.search.output.records,
    output:
        clusters="results/dedupe/clusters.csv",
        reports="results/dedupe/reports.csv",
        doubtful_pairs="results/dedupe/doubtful_pairs.csv",
        sources="results/dedupe/sources.csv",
        overlap="results/dedupe/overlap.csv",
        intersections="results/dedupe/intersections.csv",
        merges="results/dedupe/merges.csv",
        doubts="results/dedupe/doubts.csv",
        notices="results/dedupe/notices.csv",
    log:
        "results/logs/dedupe.log",
    params:
        config=wiring.settings("dedupe"),
        records=wiring.digest("records/dedupe"),
        code=wiring.code("dedupe.py"),
    script:
        "../scripts/dedupe.py"
