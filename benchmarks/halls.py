"""A hall votes within ten seconds, 300 and 1,000 phones, and once more while one of the two workers is killed."""

from threading import Timer

from benchmarks.phones import Load, Tally, drive
from benchmarks.town import Box, Served, Town, body, box, everything
from survey.store import ballots, meetings

SECONDS = 10
MEMBERS = 20
HALLS = (300, 1000)


def main(place: Town, served: Served, *, port: int, name: str) -> None:
    """Print item 11 for one kind of database."""
    for people in HALLS:
        for kill in (False, True):
            _hall(place, served if kill else None, port=port, people=people, name=name)


def _hall(place: Town, victim: Served | None, *, port: int, people: int, name: str) -> None:
    """Every phone opens the ballot at a moment of its own within ten seconds and sends it as soon as it has it.

    Every second one asks the clock of the meeting in between, as often as so many pages would that lie open for ten seconds.
    """
    opened = box(place, f"{people} 人{'，断电' if victim else ''}党支部", members=MEMBERS, people=people)
    before = victim.workers() if victim else []
    killing = Timer(SECONDS / 2, victim.kill_one if victim else lambda: None)
    killing.start()
    with place.house.store.read() as db:
        door = meetings.get(db, opened.meeting).door
    _, tally = drive(Load(port, opened.codes, body(everything(opened.paper)), people, SECONDS, door))
    killing.join()
    if victim and before == victim.workers():
        raise SystemExit("No worker was killed.")
    what = f"11 {name}: {people} phones within {SECONDS} s" + (", one of two workers killed at 5 s" if victim else "")
    print(f"{what}: {_told(tally, people)}; {_found(place, opened, people)}")
    print(f"   GET {_spread(tally.gets)}; POST {_spread(tally.posts)}; {len(tally.clocks)} clocks, {_spread(tally.clocks)}")


def _told(tally: Tally, people: int) -> str:
    first = people - tally.mended - tally.wrong
    return f"{first} answered at the first try, {tally.mended} mended by a retry, {tally.wrong} not answered"


def _found(place: Town, opened: Box, people: int) -> str:
    """What lies in the box: as many spent slips as ballots, and neither lost nor doubled ones."""
    with place.house.store.read() as db:
        inside, spent = ballots.in_box(db, opened.meeting), len(ballots.spent(db, opened.meeting))
    return f"in the box {inside}, lost {max(0, people - spent)}, doubled {max(0, inside - spent)}"


def _spread(seconds: tuple[float, ...]) -> str:
    ordered = sorted(seconds)
    most = len(ordered) - 1
    places = {"median": most // 2, "p99": round(most * 0.99), "worst": most}
    return ", ".join(f"{what} {ordered[at] * 1e3:.0f} ms" for what, at in places.items())
