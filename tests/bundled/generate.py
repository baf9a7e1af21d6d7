"""Write the bundled review: python tests/bundled/generate.py [--root DIR]."""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from bundled import blank, extraction, published, screening, search
from bundled.records import all_records, usual_records
from bundled.reports import all_reports

REPO = Path(__file__).resolve().parents[2]


def generate(root: Path) -> None:
    """Write every generated file below `root`."""
    reports = all_reports()
    found = all_records(reports)
    search.write_search(root, found)
    screening.write_screening(root, reports, found)
    extraction.write_protocol(root)
    published.write_published(root)
    extraction.write_extraction(root, usual_records(found))
    blank.write_blank(root)


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--root", type=Path, default=REPO, help="folder to write to")
    generate(parser.parse_args().root)


if __name__ == "__main__":
    main()
