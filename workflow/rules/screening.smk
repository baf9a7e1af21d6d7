"""Screening: from independent votes to consensus, the ledger, the queue and the PRISMA flow.

Inputs: reports, records/screening/, the links of included reports to studies. Outputs: consensus by stage, conflicts,
agreement, who waits for what (with a worksheet each), the ledger, the flow with its identities checked; the audit.
People's part: one append-only file a reviewer and stage, the adjudicator's decisions, retrieval.csv.
"""


rule screening:
    input:
        people=ancient(wiring.files(*wiring.SCREENING)),
        records=rules.search.output.records,
        clusters=rules.dedupe.output.clusters,
        reports=rules.dedupe.output.reports,
        notices=rules.dedupe.output.notices,
        balance=rules.search.output.balance,
    output:
        title_abstract="results/screening/title_abstract.csv",
        full_text="results/screening/full_text.csv",
        conflicts="results/screening/conflicts.csv",
        agreement="results/screening/agreement.csv",
        agreement_all="results/screening/agreement_all.csv",
        queue="results/screening/queue.csv",
        ledger="results/screening/ledger.csv",
        contributions="results/screening/contributions.csv",
        votes="results/screening/votes.csv",
        flow="results/screening/flow.csv",
        identities="results/screening/identities.csv",
        prisma="results/screening/PRISMA.csv",
        worksheets=wiring.worksheets(),
        audit=wiring.audit(),
    log:
        "results/logs/screening.log",
    params:
        config=wiring.settings("screening"),
        records=wiring.digest(*wiring.SCREENING),
        code=wiring.code("screening.py"),
    script:
        "../scripts/screening.py"
