"""Search: read the exports and join them with searches.csv.

Inputs: records/search/. Outputs: every sighting, the balance of each file, what was rejected.
People's part: export files untouched, a line of searches.csv for each search.
"""


rule search:
    input:
        records=ancient(wiring.files("records/search")),
    output:
        records="results/search/records.csv",
        balance="results/search/balance.csv",
        rejected="results/search/rejected.csv",
    log:
        "results/logs/search.log",
    params:
        records=wiring.digest("records/search"),
        code=wiring.code("search.py"),
    script:
        "../scripts/search.py"
