"""The phone's side: cycles a second, a hall of 300, the bytes of a page, the count."""

import gzip
import time
from http.client import HTTPConnection

from benchmarks.phones import drive
from benchmarks.town import Town, body, box, close_and_count, everything, median_and_range, served, town
from survey.actions import ballots

PORT = 8791
LIMESURVEY_CYCLES = 22
MEMBERS = 20
CYCLES = 1600


def main() -> None:
    """Print items 10, 17 and the counts of 18."""
    with town(PORT) as place, served(place, PORT):
        _cycles(place)
        _hall(place)
        _bytes(place)
    _counts()


def _cycles(place: Town) -> None:
    """GET + POST of 106 answers (5 + 20 members x 5 ratings and one opinion), 16 clients, two workers."""
    rates = []
    for number in range(3):
        opened = box(place, f"第{number + 1}党支部", members=MEMBERS, people=CYCLES)
        answers = everything(opened.paper)
        took, tally = drive(PORT, opened.codes, body(answers), clients=16)
        rates.append(CYCLES / took)
        if tally.wrong:
            print(f"  {tally.wrong} requests did not go as they should")
    ratio = sorted(rates)[1] / LIMESURVEY_CYCLES
    print(
        f"17 cycles GET+POST, {len(answers)} answers, 16 clients: {median_and_range(rates, '/s')}; "
        f"{ratio:.1f} times LimeSurvey's {LIMESURVEY_CYCLES}/s"
    )


def _hall(place: Town) -> None:
    opened = box(place, "大会场党支部", members=MEMBERS, people=300)
    _, tally = drive(PORT, opened.codes, body(everything(opened.paper)), clients=300, spread=10)
    posts, gets = sorted(tally.posts), sorted(tally.gets)
    print(
        f"17 hall of 300 within 10 s: {len(posts) - tally.wrong} ballots in, {tally.wrong} wrong; "
        f"POST median {posts[150] * 1e3:.1f} ms, p99 {posts[296] * 1e3:.1f} ms; GET p99 {gets[296] * 1e3:.1f} ms"
    )
    with place.house.store.read() as db:
        inside = ballots.ballots.in_box(db, opened.meeting)
    print(f"17 hall of 300: {inside} ballots in the box")


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


def _counts() -> None:
    for people, runs in ((300, 5), (5000, 3)):
        took = []
        for _ in range(runs):
            with town() as place:
                opened = box(place, "计票党支部", members=MEMBERS, people=people)
                answers = {name: [value] for name, value in everything(opened.paper).items()}
                begun = time.perf_counter()
                for code in opened.codes:
                    ballots.cast(place.house, code, answers)
                cast = (time.perf_counter() - begun) / people
                took.append(close_and_count(place, opened))
        print(
            f"18 count of {people} ballots: {median_and_range(took, 's')}; one cast without the web {cast * 1e3:.2f} ms"
        )
