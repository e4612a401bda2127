"""`python -m analysis`: satisfaction figures, workbook and charts from any table of ballots."""

import sys

from analysis.command import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
