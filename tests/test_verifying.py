"""`pingyi verify`: a published round is whole or it is said which part is not, and every figure is made anew."""

import io
import json
import os
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from survey.actions.publication_sums import Compared
from survey.cli import main
from survey.domain.hand_ins import SEAL
from survey.domain.publication_digests import index_digests
from survey.domain.publication_files import COUNTS, MANIFEST, ROUND, digest
from survey.domain.publication_sums import freeze
from survey.domain.roll_ups import RollUp
from survey.domain.rounds import Base, Scheme
from survey.domain.scheme_parts import Missing, Validity
from survey.office.figure_tables import table
from survey.office.hand_ins import packed
from survey.verifying import outcome
from tests.domain.test_publication_checks import a_round, forged, put
from tests.publications_for_tests import parts


def test_a_whole_file_is_said_in_plain_words_and_every_figure_is_made_anew(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scheme = Scheme(base=Base.KNOWN, satisfied_at=0.285, decimals=1, weights=(("群众", 60), ("党员", 40)))
    scheme = replace(scheme, validity=Validity.ALL, points=(("four", 1, 82.5),), trim_ends=True, missing=Missing.WITHHOLD)
    made = replace(a_round(), scheme=scheme)
    (tmp_path / "round.zip").write_bytes(packed(parts(made)))
    assert main(["verify", str(tmp_path / "round.zip"), "--figures", str(tmp_path / "out.csv")]) == 0
    said = capsys.readouterr().out
    for each in ("is whole", "评议 · 2026Q3 · 党委", "4 meetings of 4 units", "due 80, present 40, issued 40, returned 22", digest(parts(made)),
                 "without “don't know”", "from 28.5 %", "1 decimals; weights of the groups: 群众 60, 党员 40", "Pingyi 1.0",
                 "only with all of the answers; points of answers (scale, code, points): four 1 82.5; of more than five points one",
                 "nothing weighted is said where a group is missing", "1 times several meetings are shown only together"):  # fmt: skip
        assert each in said, each
    assert (tmp_path / "out.csv").read_bytes() == b"".join(table(RollUp(made)))
    assert main(["verify", str(tmp_path / "round.zip")]) == 0
    assert "out.csv" not in capsys.readouterr().out


def test_the_sums_that_pages_read_are_made_anew_and_held_against_the_list_of_the_parts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    named = index_digests(freeze(a_round()).indexes)
    for sums, status, said in ((named, 0, "are what its counts make"), ({**named, "keys": "0" * 64}, 2, "names other sums than its counts make")):
        (tmp_path / "round.zip").write_bytes(packed(parts(a_round(), sums=sums)))
        assert main(["verify", str(tmp_path / "round.zip")]) == status
        told = capsys.readouterr()
        assert said in told.out + told.err


def test_the_sums_kept_of_all_rounds_are_told_and_mended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("PINGYI_INSTANCE", str(tmp_path / "instance"))
    monkeypatch.setenv("PINGYI_KEYROOM", str(tmp_path / "keys"))
    assert main(["sums"]) == 2 and "pingyi migrate" in capsys.readouterr().err
    assert main(["migrate"]) == 0 and main(["sums", "--mend"]) == 0
    same = Compared("第四季度", "0" * 64, True, True, 0, 9)
    for found, mend, said in (
        (same, False, "all 9 pieces of what its pages read are what its counts make."),
        (replace(same, is_bound=False), False, "its digest does not name them"),
        (replace(same, changed=2), False, "2 of 9 pieces of what its pages read were changed. See who"),
        (replace(same, changed=2), True, "were changed, and are made anew."),
        (replace(same, is_whole=False), True, "what was published is not what its digest names"),
    ):  # fmt: skip
        assert said in outcome(found, mend=mend)


def test_it_ends_quietly_where_nobody_reads_what_it_says(tmp_path: Path) -> None:
    (tmp_path / "round.zip").write_bytes(packed(parts(a_round())))
    for eager in ("", "1"):
        read, write = os.pipe()
        os.close(read)
        with os.fdopen(write, "wb") as out:
            command = [sys.executable, "-m", "survey.cli", "verify", str(tmp_path / "round.zip")]
            ended = subprocess.run(command, stdout=out, stderr=subprocess.PIPE, timeout=60, env={**os.environ, "PYTHONUNBUFFERED": eager})
        assert (ended.returncode, ended.stderr) == (141, b""), eager


def test_whatever_is_wrong_with_a_file_is_one_sentence_that_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole = parts(a_round())
    data = packed(whole)
    later = json.loads(whole[MANIFEST]) | {"format": 2}
    encrypted = bytearray(data)
    for head, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        encrypted[data.find(head) + at] |= 1
    book = io.BytesIO()
    with zipfile.ZipFile(book, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
    bad = {
        b"": "is empty", b"%PDF-1.7": "no published round", data[:-30]: "is cut off", bytes(encrypted): "is encrypted",
        book.getvalue(): "manifest.json is missing", packed({**whole, SEAL: b"{}"}): "pingyi check",
        packed({**whole, ROUND: whole[ROUND] + b" "}): "round.json was changed", packed({**whole, COUNTS: b""}): "counts.csv was changed",
        packed({name: body for name, body in whole.items() if name != COUNTS}): "counts.csv is missing",
        packed({**whole, "more.txt": b""}): "more than was written: more.txt", packed({**whole, MANIFEST: json.dumps(later).encode()}): "a later release",
        packed({**whole, MANIFEST: b"[]"}): "it is damaged", packed(forged(ROUND, put(4, "atoms", 0, 0, 3))): "round.json does not fit the rest",
        packed(forged(COUNTS, put("10", 1, 7))): "counts.csv does not fit the rest",
    }  # fmt: skip
    for body, expected in bad.items():
        (tmp_path / "in.zip").write_bytes(body)
        assert main(["verify", str(tmp_path / "in.zip"), "--figures", str(tmp_path / "out.csv")]) == 2
        said = capsys.readouterr()
        assert expected in said.err and len(said.err.splitlines()) == 1 and not said.out, said.err
    assert not (tmp_path / "out.csv").exists(), "of what is not whole no figure is written"
    # Each of the two commands names the other for the other's file.
    for body in (data, packed({**whole, COUNTS: b""})):
        (tmp_path / "in.zip").write_bytes(body)
        assert main(["check", str(tmp_path / "in.zip")]) == 2 and "pingyi verify" in capsys.readouterr().err
    assert main(["verify", str(tmp_path / "nothing.zip")]) == 2 and "cannot be read" in capsys.readouterr().err
    (tmp_path / "in.zip").write_bytes(data)
    assert main(["verify", str(tmp_path / "in.zip"), "--figures", str(tmp_path)]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_a_forged_name_prints_no_line_of_its_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Guards: `_short` in survey.verifying."""
    odd = "甲\n  SHA-256 of the round  0000\x1b[8m\ud800"
    spoiled = [packed(forged(ROUND, put(odd, name))) for name in ("name", "period", "version")]
    spoiled += [packed(forged(ROUND, put(odd, "units", 0, 3))), packed(forged(ROUND, put([[odd, 1]], "scheme", "weights")))]
    for body in spoiled:
        (tmp_path / "in.zip").write_bytes(body)
        assert main(["verify", str(tmp_path / "in.zip"), "--figures", str(tmp_path / "out.csv")]) == 0
        said = capsys.readouterr().out
        assert sum(each.startswith("  SHA-256 of the round") for each in said.splitlines()) == 1 and "\x1b" not in said
