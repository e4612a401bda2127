"""Serving with gunicorn: threads, no access log, and an error log that never speaks of a request."""

import gc
import signal
import socket
import struct
import sys
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.glogging import Logger

from survey.app import create_app
from survey.config import Config
from survey.packers import Packers

# Seconds between two bytes of a request, after which its sender is gone.
LONGEST_SILENCE = 10
# What gunicorn says of itself: starting, stopping, its workers. Everything else may hold an address, a path, a header
# or a body, so of everything else the log keeps only the type of the exception.
_OF_THE_SERVER = (
    "Starting gunicorn",
    "Listening at",
    "Using worker",
    "Booting worker",
    "Worker",
    "WORKER TIMEOUT",
    "Exception in worker process",
    "Handling signal",
    "Shutting down",
    "Reason:",
    "Connection in use",
    "Retrying in",
    "Can't connect",
    "graceful stop",
)


class QuietLogger(Logger):
    """gunicorn's logger without what it would say of a request."""

    def access(self, resp: Any, req: Any, environ: Any, request_time: Any) -> None:
        """Nothing: who came when is nobody's business."""

    def critical(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        """Of the server itself, or the type of the exception alone."""
        self._say(super().critical, msg, args, kwargs)

    def error(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        """Of the server itself, or the type of the exception alone."""
        self._say(super().error, msg, args, kwargs)

    def exception(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        """Of the server itself, or the type of the exception alone."""
        self._say(super().exception, msg, args, kwargs)

    def warning(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        """Of the server itself, or the type of the exception alone."""
        self._say(super().warning, msg, args, kwargs)

    def info(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        """Of the server itself, or nothing."""
        if str(msg).startswith(_OF_THE_SERVER):
            super().info(msg, *args, **kwargs)

    def debug(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        """Nothing: debug lines hold requests."""

    def _say(self, log: Any, msg: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        if str(msg).startswith(_OF_THE_SERVER):
            log(msg, *args, **kwargs)
            return
        fault = sys.exc_info()[0]
        self.error_log.error("A request could not be handled: %s", fault.__name__ if fault else "malformed")


class _Arbiter(Arbiter):
    """gunicorn's arbiter, whose newborn workers do not miss the signal that stops them.

    A worker inherits the arbiter's own handler and would put a SIGTERM of its first milliseconds into a queue nobody
    reads; the arbiter then waits its whole graceful timeout for it. So the signal is held back over the birth.
    """

    def spawn_worker(self) -> Any:
        signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGTERM,))
        try:
            return super().spawn_worker()
        finally:
            _hear()


def _hear(_worker: object = None) -> None:
    """Let a SIGTERM that was held back come through."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, (signal.SIGTERM,))


def _lose_no_thread_to_the_silent(arbiter: Arbiter) -> None:
    """Phones open connections in advance and lose the network in the middle of a request: neither may hold a thread.

    The kernel hands a connection over when its first bytes are there, and ends a wait for more of them. Accepted sockets
    inherit both from the listener (Linux).
    """
    for each in arbiter.LISTENERS:
        each.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", LONGEST_SILENCE, 0))
        if each.sock.family != socket.AF_UNIX:
            each.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_DEFER_ACCEPT, LONGEST_SILENCE)


class _Server(BaseApplication):
    def __init__(self, config: Config, options: dict[str, Any]) -> None:
        self._config = config
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        for key, value in self._options.items():
            self.cfg.set(key, value)

    def load(self) -> Any:
        app = create_app(self._config, packers=Packers(self._config))
        # What lives as long as the worker need not be looked through again and again for what has died.
        gc.collect()
        gc.freeze()
        return app

    def run(self) -> None:
        _Arbiter(self).run()


def serve(config: Config, *, bind: str, workers: int, threads: int) -> int:
    """Serve until told to stop; a worker in the middle of a request finishes it first."""
    _Server(config, options(bind, workers=workers, threads=threads)).run()
    return 0


def options(bind: str, *, workers: int, threads: int) -> dict[str, Any]:
    """What gunicorn is told."""
    return {
        "bind": bind,
        "workers": workers,
        "threads": threads,
        "worker_class": "gthread",
        "logger_class": QuietLogger,
        "accesslog": None,
        "keepalive": 5,
        "graceful_timeout": 30,
        "proc_name": "pingyi",
        # By then a worker has handlers of its own.
        "post_worker_init": _hear,
        "when_ready": _lose_no_thread_to_the_silent,
        "control_socket_disable": True,
        # By itself gunicorn believes X-Forwarded-Proto and its like from anybody on this machine. Only the application
        # believes a proxy, and only when PINGYI_PROXIES says so.
        "forwarded_allow_ips": "",
        "secure_scheme_headers": {},
        "forwarder_headers": "",
        # Longer than the app takes (survey/web/limits.py), so that it answers in words.
        "limit_request_line": 8190,
    }
