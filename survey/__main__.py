"""`python -m survey`: the command pingyi."""

from survey.cli import main

raise SystemExit(main())
