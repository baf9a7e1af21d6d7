"""Turn votes into consensus, ledger, queue and flow, and audit them."""

from pathlib import Path

from reviewflow import audit, records, screening
from reviewflow.step import logged
from reviewflow.tables import read_result, write_results, write_text

with logged(snakemake.log[0], "votes, consensus, ledger and flow"):
    config, inputs, output = snakemake.params.config, snakemake.input, dict(snakemake.output.items())
    worksheets, checks, prisma = (output.pop(name) for name in ("worksheets", "audit", "prisma"))
    people = screening.People(
        {stage: records.decisions(config, stage) for stage in screening.STAGES},
        {stage: records.adjudication(stage) for stage in screening.STAGES},
        records.one("records/screening/retrieval"),
        records.one("records/extraction/study_reports"),
    )
    searches, amendments = records.one("records/search/searches"), records.one("records/amendments")
    found = [read_result(inputs[name]) for name in ("records", "clusters", "reports", "notices")]
    tables = screening.build(config, people, searches, *found)
    material = audit.Material(config, people, searches, *found)
    audited = audit.tables(material, tables, read_result(inputs.balance), amendments)
    sheets = screening.worksheets(config, tables["queue"], found[2])
    write_results(tables, output)
    write_results(sheets, {Path(path).stem: path for path in worksheets})
    write_results(audited, {Path(path).stem: path for path in checks})
    write_text(prisma, screening.prisma_csv(tables["flow"], records.one("config/exclusion_reasons")))
