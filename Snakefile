"""reviewflow: from the databases' exports to the report. `snakemake` runs all; the stages are targets too."""

from snakemake.utils import min_version

min_version("9.21")


include: "workflow/rules/common.smk"
include: "workflow/rules/search.smk"
include: "workflow/rules/dedupe.smk"
include: "workflow/rules/screening.smk"
include: "workflow/rules/extraction.smk"
include: "workflow/rules/risk_of_bias.smk"
include: "workflow/rules/synthesis.smk"
include: "workflow/rules/reported.smk"
include: "workflow/rules/appraisal.smk"
include: "workflow/rules/report.smk"


rule all:
    default_target: True
    input:
        everything(),


onsuccess:
    show_summary()


onerror:
    show_faults()
