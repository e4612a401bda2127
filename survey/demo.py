"""The demo: a township of invented people, a counted meeting, and one open for the visitor's own phone."""


def demo(*, folder: str, port: int, stop_when_ready: bool) -> int:
    raise SystemExit(f"{folder} {port} {stop_when_ready}")
