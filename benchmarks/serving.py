"""The phone's side: cycles a second, halls of 300 and 1,000, the bytes of a page, the count; on both databases."""

import gzip
import time
from http.client import HTTPConnection

from benchmarks import halls
from benchmarks.phones import Load, drive
from benchmarks.town import Town, body, box, close_and_count, everything, median_and_range, postgres, served, town
from survey.actions import ballots

PORT = 8791
LIMESURVEY_CYCLES = 22
MEMBERS = 20
CYCLES = 1600
RUNS = 3


def main() -> None:
    """Print items 10, 11, 17 and the counts of 18, on SQLite and on PostgreSQL."""
    with postgres() as server:
        for name, where in (("SQLite", ""), ("PostgreSQL", server)):
            with town(PORT, server=where) as place, served(place, PORT) as running:
                _cycles(place, name)
                halls.main(place, running, port=PORT, name=name)
                if not where:
                    _bytes(place)
            _counts(name, where)


def only_halls() -> None:
    """Print item 11 alone, on SQLite and on PostgreSQL."""
    with postgres() as server:
        for name, where in (("SQLite", ""), ("PostgreSQL", server)):
            with town(PORT, server=where) as place, served(place, PORT) as running:
                halls.main(place, running, port=PORT, name=name)


def _cycles(place: Town, name: str) -> None:
    """GET + POST of 106 answers (5 + 20 members x 5 ratings and one opinion), 16 clients, two workers."""
    rates = []
    for number in range(RUNS):
        opened = box(place, f"第{number + 1}党支部", members=MEMBERS, people=CYCLES)
        answers = everything(opened.paper)
        took, tally = drive(Load(PORT, opened.codes, body(answers), threads=16, spread=0))
        rates.append(CYCLES / took)
        if tally.wrong or tally.mended:
            print(f"  {tally.wrong} phones were not answered as they should be, {tally.mended} tried twice")
    ratio = sorted(rates)[RUNS // 2] / LIMESURVEY_CYCLES
    print(
        f"17 {name}: cycles GET+POST, {len(answers)} answers, 16 clients, 2 workers: {median_and_range(rates, '/s')}; "
        f"{ratio:.1f} times LimeSurvey's {LIMESURVEY_CYCLES}/s"
    )


def _bytes(place: Town) -> None:
    opened = box(place, "廿四人党支部", members=24, people=5)
    connection = HTTPConnection("127.0.0.1", PORT)
    sizes = []
    connection.request("GET", f"/b/{opened.codes[0]}", headers={"Accept-Encoding": "gzip"})
    page = connection.getresponse()
    data = page.read()
    sizes.append(len(data) + sum(len(k) + len(v) + 4 for k, v in page.getheaders()))
    whole = len(gzip.decompress(data)) if page.getheader("Content-Encoding") == "gzip" else len(data)
    form = {"Content-Type": "application/x-www-form-urlencoded", "Accept-Encoding": "gzip"}
    connection.request("POST", f"/b/{opened.codes[0]}", body(everything(opened.paper)), form)
    answer = connection.getresponse()
    sizes.append(len(answer.read()) + sum(len(k) + len(v) + 4 for k, v in answer.getheaders()))
    connection.request("GET", answer.getheader("Location") or "/", headers={"Accept-Encoding": "gzip"})
    thanks = connection.getresponse()
    sizes.append(len(thanks.read()) + sum(len(k) + len(v) + 4 for k, v in thanks.getheaders()))
    print(
        f"10 bytes a phone downloads, 24 members: page {sizes[0]} (plain {whole}), answer {sizes[1]}, thanks {sizes[2]}; "
        f"{sum(sizes)} in {len(sizes)} requests, headers included"
    )


def _counts(name: str, server: str) -> None:
    for people, runs in ((300, 5), (5000, 3)):
        took = []
        for _ in range(runs):
            with town(server=server) as place:
                opened = box(place, "计票党支部", members=MEMBERS, people=people)
                answers = {name: [value] for name, value in everything(opened.paper).items()}
                begun = time.perf_counter()
                for code in opened.codes:
                    ballots.cast(place.house, code, answers)
                cast = (time.perf_counter() - begun) / people
                took.append(close_and_count(place, opened))
        print(
            f"18 {name}: count of {people} ballots: {median_and_range(took, 's')}; one cast without the web {cast * 1e3:.2f} ms"
        )
