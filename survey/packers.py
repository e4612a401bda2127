"""Starts the process that puts sheets into one file, beside the server and for as long as the server runs."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from threading import Lock

from survey.config import Config
from survey.store.bundle_files import BundleFiles

# One that ended at once, for whatever reason, would end at once again.
_SECONDS = 5.0


class Packers:
    """One process at most, of this process's own. It holds nothing in memory: what is to be done stands in the database."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._lock = Lock()
        self._begun = 0.0
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start one, unless somebody on this machine is at work."""
        with self._lock:
            if self._process is not None and (self._process.poll() is None or time.monotonic() - self._begun < _SECONDS):
                return
            with BundleFiles(self._config.instance).alone() as nobody_works:
                if not nobody_works:
                    return
            self._begun = time.monotonic()
            # It ends when this pipe does: with the server, however that ends. A Ctrl-C in the terminal is for the server alone.
            self._process = subprocess.Popen(
                [sys.executable, "-m", "survey", "bundle", "--attended"],
                stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, start_new_session=True, env=_environment(self._config, os.environ),
            )  # fmt: skip

    def stop(self) -> None:
        """Let it end what it does, and wait for that."""
        with self._lock:
            if self._process is not None:
                assert self._process.stdin is not None
                self._process.stdin.close()
                self._process.wait()


def _environment(config: Config, environ: Mapping[str, str]) -> dict[str, str]:
    """The settings of this server for a process of its own, wherever they came from."""
    own = {
        "PINGYI_DATABASE": config.database, "PINGYI_INSTANCE": str(config.instance), "PINGYI_KEYROOM": str(config.keyroom),
        "PINGYI_URL": config.url, "PINGYI_ZONE": config.zone.key,
    }  # fmt: skip
    return {name: value for name, value in environ.items() if name.removesuffix("_FILE") not in own} | own
