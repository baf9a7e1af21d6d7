"""Screening in order of relevance, learned from decisions, and a test of whether enough was screened.

An order only: what comes out of here says which report is shown next, and never what to decide. Nothing of it enters
results/; it is off unless config.yaml asks for `order: relevance`.

The page uses it so:

    # every report of results/dedupe/reports.csv
    texts = {report_id: text_of(title, translated_title, abstract), ...}
    # returns at once; the features are made in another process
    workshop = Workshop(texts)
    # one for each person and stage; `changed` when another order is there
    learner = Learner(workshop, seed, note=Log(root, stage, person).append, changed=...)
    # returns at once; after each vote
    learner.learn(labels(settled_rows, own_decisions), Basis(event_id, settled_until(times)))
    # a permutation of `waiting`, at once; random by seed until there is a training
    learner.order(waiting)
    # the first of it, in no time where `waiting` is a set
    learner.first(waiting, 20)
    # when it was trained, on how many labels
    learner.state
    # ends the process, then what waits for it
    workshop.close()
    learner.close()
    stopping(own_decisions_in_screening_order, n_assigned, recall_target, confidence)

`settled_rows` are rows of results/screening/STAGE.csv, of which only those whose consensus is agreed or adjudicated are
used; `own_decisions` is the newest decision of the person on each report. The votes of others that are not settled have
no way in here.
"""

from .features import Features, text_of
from .labels import Labels, labels, settled_until
from .learner import Basis, Learner, State
from .log import Log
from .ranking import Ranking, Seed, digest, rank, shuffled
from .stopping import ASSUMPTIONS, Stopping, stopping
from .workshop import Workshop

__all__ = [
    "ASSUMPTIONS",
    "Basis",
    "Features",
    "Labels",
    "Learner",
    "Log",
    "Ranking",
    "Seed",
    "State",
    "Stopping",
    "Workshop",
    "digest",
    "labels",
    "rank",
    "settled_until",
    "shuffled",
    "stopping",
    "text_of",
]
