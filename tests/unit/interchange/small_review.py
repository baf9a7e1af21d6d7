"""A review of six reports that waits for two reviewers, and what tools make of its queue."""

import csv
import io
import json
import sqlite3
import zipfile
from contextlib import closing

from reviewflow.tables import frame, write_results

CONFIG = """\
review: {title: "T"}
screening:
  reviewers: [reviewer_1, reviewer_2]
  adjudicator: reviewer_3
"""
REASONS = "reason,label,note\npopulation,Wrong population,\ndesign,Wrong study design,\n"
RECORDS = [
    {"record_id": "PubMed:101", "accession": "101", "pmid": "101", "doi": "10.1000/a", "title": "Alpha of x"},
    {"record_id": "Embase:L1", "accession": "L1", "doi": "10.1000/a", "title": "Alpha of x."},
    {"record_id": "PubMed:102", "accession": "102", "pmid": "102", "title": "Beta, and <y>"},
    {"record_id": "CBM:3", "accession": "3", "title": "=HYPERLINK(1)", "translated_title": "Gamma"},
    {"record_id": "PubMed:104", "accession": "104", "pmid": "104", "doi": "10.1000/d", "title": "Delta"},
    {"record_id": "PubMed:105", "accession": "105", "pmid": "105", "doi": "10.1000/e", "title": "Same words"},
    {"record_id": "PubMed:106", "accession": "106", "pmid": "106", "doi": "10.1000/f", "title": "Same words"},
]
REPORT_OF = {row["record_id"]: row["record_id"] for row in RECORDS} | {"Embase:L1": "PubMed:101"}
REPORTS = sorted(set(REPORT_OF.values()))


def make(folder, stage="title_abstract"):
    """The folder of the review with the tables that export and import read."""
    (folder / "config").mkdir(parents=True)
    (folder / "config/config.yaml").write_text(CONFIG, encoding="utf-8")
    (folder / "config/exclusion_reasons.csv").write_text(REASONS, encoding="utf-8")
    sighting = {
        "search_id": "s",
        "wave": 1,
        "source": "PubMed",
        "source_type": "database",
        "export_file": "f",
        "year": 2020,
    }
    records = [row | sighting | {"position": i, "line": i} for i, row in enumerate(RECORDS, 1)]
    clusters = [
        {"record_id": row["record_id"], "search_id": "s", "export_file": "f", "position": i, "founder": True}
        | {"report_id": REPORT_OF[row["record_id"]]}
        for i, row in enumerate(RECORDS, 1)
    ]  # fmt: skip
    reports = [
        row | {"report_id": row["record_id"], "wave": 1, "route": "database", "n_sightings": 1, "n_records": 1}
        | {"sources": "PubMed", "record_ids": row["record_id"], "year": 2020}
        for row in RECORDS if row["record_id"] in REPORTS
    ]  # fmt: skip
    titles = {row["record_id"]: row["title"] for row in RECORDS}
    queue = [
        {"stage": stage, "report_id": name, "task": "decide", "person": who, "file": "x", "title": titles[name]}
        for name in REPORTS for who in ("reviewer_1", "reviewer_2") if (name, who) != ("PubMed:106", "reviewer_2")
    ]  # fmt: skip
    queue.append(
        {"stage": "full_text", "report_id": "PubMed:106", "task": "adjudicate", "person": "reviewer_3", "file": "x"}
    )
    tables = {
        "search/records": records,
        "dedupe/clusters": clusters,
        "dedupe/reports": reports,
        "screening/queue": queue,
    }
    built = {name: frame(f"results/{name}", rows) for name, rows in tables.items()}
    write_results(built, {name: str(folder / f"results/{name}.csv") for name in built})
    return folder


def table(text):
    """Rows of a CSV text, its byte order mark left out."""
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def csv_text(rows, delimiter=",", line_end="\n"):
    """Rows as CSV."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]), delimiter=delimiter, lineterminator=line_end)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def zipped(files):
    """Files as a zip archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def database(tables):
    """Tables as the bytes of a SQLite database: a name, then columns, then rows."""
    with closing(sqlite3.connect(":memory:")) as connection:
        for name, (columns, rows) in tables.items():
            connection.execute(f"CREATE TABLE {name} ({', '.join(columns)})")
            marks = ", ".join("?" * len(columns))
            connection.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)
        connection.commit()
        return connection.serialize()


RESULTS = ("record_id INTEGER UNIQUE", "label INTEGER", "time FLOAT", "note TEXT", "tags JSON", "user_id INTEGER")
CHANGES = ("record_id INTEGER", "label INTEGER", "time FLOAT", "user_id INTEGER")
STORE = (
    "record_id INTEGER", "dataset_row INTEGER", "title TEXT", "abstract TEXT", "year INTEGER", "doi TEXT", "url TEXT",
)  # fmt: skip


def project(version, data, results, changes=(), name="queue.csv", store=None):
    """A project of ASReview as its versions 1, 2 and 3 write it: `results` are (record_id, label, time, note, tags,
    user_id), `changes` (record_id, label, time, user_id), `data` the text of the data set."""
    rows = table(data)
    stored = store or [(i, i, row["title"], row["abstract"], 2020, row["doi"], "") for i, row in enumerate(rows)]
    files = {f"data/{name}": data}
    if version == 1:
        old = ("record_id INTEGER", "label INTEGER", "labeling_time INTEGER", "notes TEXT")
        state = {
            "results": (old, [row[:4] for row in results]),
            "record_table": (("record_id INT",), [(i,) for i in range(len(rows))]),
            "decision_changes": (
                ("record_id INTEGER", "new_label INTEGER", "time INTEGER"),
                [row[:3] for row in changes],
            ),
        }
        config = {"version": "1.6", "dataset_path": name, "reviews": [{"id": "r1"}]}
        return zipped(files | {"project.json": json.dumps(config), "reviews/r1/results.sql": database(state)})
    state = {"results": (RESULTS, results), "decision_changes": (CHANGES, changes)}
    config = {"version": "2.1", "datasets": [{"id": "d", "name": name}], "reviews": [{"id": "r1"}]}
    if version == 2:
        files |= {"data_store.db": database({"record": (STORE, stored)}), "reviews/r1/results.db": database(state)}
    else:
        files["results.db"] = database(state | {"record": (STORE, stored)})
    return zipped(files | {"project.json": json.dumps(config)})
