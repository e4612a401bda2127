"""`python -m benchmarks [--only NAME] [--file evaluations.csv]`: print every figure the README speaks of."""

import argparse
from pathlib import Path

from benchmarks import analysis, backups, boards, bundles, city, evaluations, printing, rounds, serving, sheets

PARTS = {
    "serving": serving.main, "boards": boards.main, "backups": backups.main, "analysis": analysis.main, "printing": printing.main, "sheets": sheets.main, "rounds": rounds.main, "bundles": bundles.main, "city": city.main,
}  # fmt: skip
# Parts of a part, for whoever wants no more.
ALONE = {"halls": serving.only_halls, "city_rounds": rounds.city, "city_files": rounds.files, "province_rounds": rounds.province, "city_sheets": bundles.city}


def main() -> None:
    """Run all parts, or one."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--only", choices=[*PARTS, *ALONE, "evaluations"])
    parser.add_argument(
        "--file", type=Path, help="2,219 ballots of UCI data set 262: through the box, against analysis"
    )
    arguments = parser.parse_args()
    for name, part in PARTS.items():
        if arguments.only in (None, name) and not (arguments.file and arguments.only is None):
            part()
    if arguments.only in ALONE:
        ALONE[arguments.only]()
    if arguments.file:
        evaluations.main(arguments.file)


main()
