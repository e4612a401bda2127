"""The pictures of the README are there, small, and those that the script takes; it still runs on the house as it is."""

import re
import runpy
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def test_the_readme_shows_just_the_pictures_that_the_script_takes() -> None:
    script = runpy.run_path(str(ROOT / "docs" / "pictures.py"), run_name="pictures")
    taken = set(re.findall(r'"([a-z-]+)"\)\n', (ROOT / "docs" / "pictures.py").read_text("utf-8")))
    shown = re.findall(r'<img src="docs/pictures/([a-z-]+)\.png"[^>]* alt="[^"]+">', (ROOT / "README.md").read_text("utf-8"))
    kept = {path.stem: path.stat().st_size for path in script["FOLDER"].glob("*.png")}
    assert sorted(shown) == sorted(kept) == sorted(taken & kept.keys())
    assert max(kept.values()) < 150_000
