"""What all stages share: the library, the configuration, digests, and the gate.

Inputs: config/ and records/, as they are. Whenever they or the code that reads them have changed, all of it is read
and checked here, before any job starts: a fault in any file stops the run with every earlier result in place.
People's part: everything in records/.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(workflow.basedir) / "workflow" / "lib"))

from reviewflow.wiring import Wiring

try:
    wiring = Wiring(config)
except ValueError as faults:
    sys.exit(str(faults))
config.update(wiring.config)


def everything():
    """Every output of every rule, so that a failed run stays failed until each is there again."""
    stages = (rules.search, rules.dedupe, rules.screening, rules.extraction)
    stages += (
        rules.risk_of_bias,
        rules.synthesis,
        rules.appraisal,
        rules.reported,
        rules.report,
    )
    return [file for stage in stages for file in stage.output]


def show_summary():
    """The report's summary on the terminal."""
    print(wiring.summary(), file=sys.stderr)


def show_faults():
    """What stopped the run, last on the terminal."""
    print(wiring.faults(), file=sys.stderr)
