"""Letters to staff through a real mail server on loopback: each by itself, in a bounded time, and a word on each that is lost."""

import socket
from contextlib import closing

import pytest

from survey.config import Smtp, Unsafe, from_environment
from survey.mail import Letter, send
from tests.mails_for_tests import mail_server


def letters(*to: str) -> list[Letter]:
    return [Letter(each, "第四季度评议：机修车间党支部还没有评完", "请登录 http://127.0.0.1:8000/desk 办理。\n") for each in to]


def test_each_letter_goes_to_one_person_and_says_what_was_written() -> None:
    with mail_server() as box:
        answers = send(Smtp("127.0.0.1", box.port, "pingyi@example.org"), letters("a@example.org", "b@example.org"))
    assert answers == ("", "")
    assert [to for to, _letter in box.letters] == ["a@example.org", "b@example.org"]
    for to, letter in box.letters:
        assert letter["To"] == to and letter["From"] == "pingyi@example.org"
        assert letter["Subject"] == "第四季度评议：机修车间党支部还没有评完"
        assert letter.get_content().strip() == "请登录 http://127.0.0.1:8000/desk 办理。"


def test_one_bad_address_does_not_keep_the_others_from_their_letters() -> None:
    with mail_server(unknown=frozenset({"gone@example.org"})) as box:
        answers = send(Smtp("127.0.0.1", box.port, "pingyi@example.org"), letters("a@example.org", "gone@example.org", "b@example.org"))
    assert answers == ("", "refused", "")
    assert len(box.letters) == 2


def test_an_address_or_a_name_that_no_header_takes_keeps_nobody_else_from_his_letter() -> None:
    """Guards: `_sent`: one clerk's odd address is his own loss, and a unit's name makes no header of its own."""
    odd = ("=?utf-8?q??=@example.org", "=?utf-8?q?=0D=0ABcc=3A?=@example.org", "a..b@example.org", "张三@example.org", "a@b\r\nBcc: c@d.org")
    many = [*letters(*odd, "b@example.org"), Letter("c@example.org", "甲\r\nBcc: d@example.org\u2028乙", "请登录。\n")]
    with mail_server() as box:
        answers = send(Smtp("127.0.0.1", box.port, "pingyi@example.org"), many)
    assert answers[-2:] == ("", "") and set(answers[:-2]) <= {"", "refused"}
    assert [to for to, _ in box.letters][-2:] == ["b@example.org", "c@example.org"]
    assert {to for to, _ in box.letters} <= {letter.to for letter in many}, "to nobody else"
    assert "Bcc" not in box.letters[-1][1] and "Bcc: d@example.org" in box.letters[-1][1]["Subject"]


@pytest.mark.filterwarnings("ignore:Requiring AUTH", "ignore:Session.login_data")
def test_a_server_that_is_away_or_wants_another_password_loses_nothing_silently() -> None:
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert send(Smtp("127.0.0.1", port, "pingyi@example.org"), letters("a@example.org")) == ("away",)
    with mail_server(password="right") as box:
        smtp = Smtp("127.0.0.1", box.port, "pingyi@example.org", "pingyi", "wrong")
        assert send(smtp, letters("a@example.org")) == ("login",)
        smtp = Smtp("127.0.0.1", box.port, "pingyi@example.org", "pingyi", "right")
        assert send(smtp, letters("a@example.org")) == ("",)


def test_what_there_was_no_time_for_is_said_to_be_late() -> None:
    with mail_server() as box:
        assert send(Smtp("127.0.0.1", box.port, "pingyi@example.org"), letters("a@example.org", "b@example.org"), seconds=-1) == ("late", "late")
    assert box.letters == []


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"PINGYI_SMTP": "mail.example.org"}, "PINGYI_SMTP must be like"),
        ({"PINGYI_SMTP": "mail.example.org:99999"}, "PINGYI_SMTP must be like"),
        ({"PINGYI_SMTP": "mail.example.org:587"}, "PINGYI_SMTP_FROM must be"),
        ({"PINGYI_SMTP_USER": "pingyi"}, "or neither"),
        ({"PINGYI_SMTP_USER": "pingyi", "PINGYI_SMTP_PASSWORD": "word"}, "in the clear"),
    ],
)
def test_settings_that_would_not_send_or_would_give_the_password_away_are_refused(
    settings: dict[str, str], said: str, tmp_path
) -> None:
    good = {"PINGYI_INSTANCE": str(tmp_path / "instance"), "PINGYI_SMTP": "mail.example.org:587"}
    sender = {} if "FROM" in said else {"PINGYI_SMTP_FROM": "pingyi@example.org"}
    with pytest.raises(Unsafe, match=said):
        from_environment({**good, **sender, **settings})
    whole = {**good, **sender, "PINGYI_SMTP_FROM": "p@example.org", "PINGYI_SMTP_USER": "p", "PINGYI_SMTP_PASSWORD": "w", "PINGYI_SMTP_STARTTLS": "1"}
    assert from_environment(whole).smtp == Smtp("mail.example.org", 587, "p@example.org", "p", "w", True)
    assert from_environment({"PINGYI_INSTANCE": good["PINGYI_INSTANCE"]}).smtp is None
