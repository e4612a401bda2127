"""A worker of its own that imports a list, looks at it again, and tells how much memory the whole process took at most.

Run as `python -m tests.web.desk.import_in_a_child DATABASE INSTANCE LIST PASSWORD`; the database has the account already.
"""

import json
import re
import sys
import time
from io import BytesIO
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

from flask.testing import FlaskClient

from survey.app import create_app
from survey.config import Config


def token(page: str) -> str:
    """The CSRF token of a page."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found, page
    return found[1]


def preview(client: FlaskClient, path: Path) -> tuple[int, str]:
    """Send the list in; the status and the page."""
    fields = {"csrf_token": token(client.get("/desk/units/import").text), "file": (BytesIO(path.read_bytes()), path.name)}
    answer = client.post("/desk/units/import", data=fields)
    return answer.status_code, answer.text


def main(database: str, instance: str, path: str, password: str) -> None:
    """Log in, look, write, look again; print the figures as JSON."""
    folder = Path(instance)
    config = Config(
        database=database, instance=folder, keyroom=folder / "keyroom", secret=b"s" * 64, pepper=b"p" * 64,
        url="http://127.0.0.1:8000", zone=ZoneInfo("Asia/Shanghai"),
    )  # fmt: skip
    client = create_app(config, random=Random(1), testing=True).test_client()
    login = {"csrf_token": token(client.get("/desk/login").text), "login": "secretary", "password": password, "next": ""}
    assert client.post("/desk/login", data=login).status_code == 303
    said: dict[str, object] = {"start": _peak()}
    began = time.perf_counter()
    said["status"], page = preview(client, Path(path))
    said |= {"preview_s": time.perf_counter() - began, "preview": _peak(), "page": len(page.encode())}
    key = re.search(r'name="key" value="([^"]+)"', page)
    assert key, page[:3000]
    began = time.perf_counter()
    done = client.post("/desk/units/import/confirm", data={"csrf_token": token(page), "key": key[1]})
    said |= {"write_s": time.perf_counter() - began, "write": _peak(), "done": "增加 100000 人" in done.text}
    began = time.perf_counter()
    _, page = preview(client, Path(path))
    said |= {"again_s": time.perf_counter() - began, "again": _peak(), "nothing": "没有要写入的" in page}
    json.dump(said, sys.stdout)


def _peak() -> float:
    """The most memory this program has held, in MB. getrusage would count what its parent held before it began."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found
    return int(found[1]) / 1024


if __name__ == "__main__":
    main(*sys.argv[1:])
