"""The poster for the hall, and the scrutineer's slip on a sheet of its own."""

from collections.abc import Sequence
from dataclasses import dataclass

from survey.domain.slip_keys import pretty_key
from survey.domain.slips import pretty
from survey.office.pages import HEIGHT, WIDTH, Box, Face, Letter, Pages
from survey.office.words import Say, chinese, mark

STEPS = (
    mark("微信扫一扫票签上的码；也可以扫本页的码，再输入票码。"),
    mark("逐项选择。不想评的可以空着，记为弃权。"),
    mark("看一遍，提交，看到查验码。"),
)
PROMISE = (
    mark("票签随机抽取，不记录谁拿了哪一张。"),
    mark("您的票锁在票箱里，计票前任何人都看不到内容。"),
    mark("计票后只留下每题各选项的票数，票和钥匙一并销毁。"),
    mark("不记录您的地址、设备和时间。我们挡不住身后的眼睛，也挡不住您自己写下的话。"),
)
SURVEY_STEPS = (
    mark("微信扫一扫票签上的码；也可以扫本页的码，再输入票码。"),
    mark("逐项回答。不想答的可以空着。"),
    mark("看一遍，提交，看到查验码。"),
)
LINK_STEPS = (
    mark("微信扫一扫本页的码，或在浏览器打开上面的网址。"),
    mark("逐项回答。不想答的可以空着。"),
    mark("看一遍，提交，看到查验码。"),
)
SURVEY_PROMISE = (
    mark("您的答卷锁在票箱里，计票前任何人都看不到内容。"),
    mark("计票后按份保留全部回答，不记姓名、手机、时间和地址。"),
    mark("我们挡不住身后的眼睛，也挡不住您自己写下的话。"),
)
LINK_PROMISE = mark("谁拿到这个网址都可以答，一部手机答一份。没有人知道谁答了。")
IN_THE_CLEAR = mark("本场经会场局域网传送，未加密。")

_MARGIN = 22.0
_INNER = WIDTH - 2 * _MARGIN
_QR_SIDE = 105.0

_MARK = Letter(Face.SANS, 13, 10)
_TITLE = Letter(Face.SERIF, 34, 15, heavy=True, even=True)
_PLACE = Letter(Face.SANS, 14, 10)
_ADDRESS = Letter(Face.SANS, 24, 10, heavy=True)
_STEP = Letter(Face.SANS, 16, 12)
_NUMBER = Letter(Face.SANS, 16, 16, heavy=True)
_PROMISE = Letter(Face.SANS, 12, 9)
_CODE = Letter(Face.SANS, 46, 30, heavy=True)
_KEY = Letter(Face.SANS, 22, 14, heavy=True)
_BODY = Letter(Face.SANS, 13, 10)
_HEAD = Letter(Face.SANS, 14, 12, heavy=True)


@dataclass(frozen=True, slots=True)
class Poster:
    """What hangs in the hall: `address` is the page the large code opens."""

    title: str
    address: str
    place: str = ""
    steps: tuple[str, ...] = STEPS
    promise: tuple[str, ...] = PROMISE
    kind: str = mark("群众评议")


def survey_poster(title: str, address: str, place: str = "") -> Poster:
    """For a survey by slips: its promise is another."""
    return Poster(title, address, place, SURVEY_STEPS, SURVEY_PROMISE, mark("问卷调查"))


def link_poster(title: str, address: str) -> Poster:
    """For the public link of a survey."""
    return Poster(title, address, "", LINK_STEPS, (LINK_PROMISE, *SURVEY_PROMISE), mark("问卷调查"))


@dataclass(frozen=True, slots=True)
class ScrutineerSlip:
    """The second person's word: `code` is shown once and kept nowhere; so is `key`, the box's, where it stands here alone."""

    title: str
    code: str
    place: str = ""
    key: str = ""


def poster_pdf(poster: Poster, say: Say = chinese) -> bytes:
    """One A4 page: title, one large code, the address in letters, what to do, what we promise."""
    pages = Pages(poster.title)
    pages.add()
    pages.write(say(poster.kind), _MARK, Box(_MARGIN, 14, _INNER, 7), align="centre")
    title = pages.fit(poster.title, _TITLE, width=_INNER, height=36)
    pages.draw(title, _MARGIN, 22 + (36 - title.height) / 2, align="centre", width=_INNER)
    pages.write(poster.place, _PLACE, Box(_MARGIN, 60, _INNER, 7), align="centre")
    pages.qr(poster.address, (WIDTH - _QR_SIDE) / 2, 74, side=_QR_SIDE)
    address = pages.fit(poster.address.rstrip("/"), _ADDRESS, width=_INNER, height=12)
    pages.draw(address, _MARGIN, 186 + (12 - address.height) / 2, align="centre", width=_INNER)
    pages.rule((_MARGIN, 203), (WIDTH - _MARGIN, 203), width=0.4)
    end = _list(pages, [say(step) for step in poster.steps], top=208, bottom=248)
    pages.rule((_MARGIN, end + 3), (WIDTH - _MARGIN, end + 3))
    promise = poster.promise + ((IN_THE_CLEAR,) if poster.address.startswith("http://") else ())
    pages.write("\n".join(map(say, promise)), _PROMISE, Box(_MARGIN, end + 6.5, _INNER, HEIGHT - 12 - end - 6.5))
    return pages.done()


def scrutineer_pdf(slip: ScrutineerSlip, say: Say = chinese) -> bytes:
    """One A4 page for the scrutineer alone: the code, what it is for, how to keep it."""
    pages = Pages(say("监票签"))
    pages.add()
    pages.write(say("监票签"), Letter(Face.SERIF, 30, 30, heavy=True), Box(_MARGIN, 22, _INNER, 16), align="centre")
    pages.write(slip.title, Letter(Face.SERIF, 18, 10, even=True), Box(_MARGIN, 41, _INNER, 18), align="centre")
    pages.write(slip.place, _PLACE, Box(_MARGIN, 60, _INNER, 7), align="centre")
    pages.write(say("监票码"), _MARK, Box(_MARGIN, 74, _INNER, 7), align="centre")
    frame = Box(_MARGIN, 82, _INNER, 30)
    pages.frame(frame, width=0.6)
    code = pages.fit(pretty(slip.code), _CODE, width=_INNER - 8, height=26)
    pages.draw(code, _MARGIN, 82 + (30 - code.height) / 2, align="centre", width=_INNER)
    top = 122.0
    if slip.key:
        _key(pages, slip.key, say)
        top = 176.0
    for head, text in _KEY_DUTIES if slip.key else _DUTIES:
        pages.write(say(head), _HEAD, Box(_MARGIN, top, _INNER, 7))
        body = pages.write(say(text), _BODY, Box(_MARGIN, top + 8.5, _INNER, 30))
        top += 8.5 + body.height + 7
    top = max(top + (5 if slip.key else 12), 232)
    pages.write(say("监票人签名"), _BODY, Box(_MARGIN, top, 28, 7))
    pages.rule((_MARGIN + 28, top + 6), (_MARGIN + 88, top + 6))
    pages.write(say("日期"), _BODY, Box(_MARGIN + 98, top, 14, 7))
    pages.rule((_MARGIN + 112, top + 6), (WIDTH - _MARGIN, top + 6))
    return pages.done()


def _key(pages: Pages, key: str, say: Say) -> None:
    """The key of the box: its QR code for a scanner, and in groups of four, four groups to a line, for a hand."""
    pages.write(say("票箱的钥匙"), _MARK, Box(_MARGIN, 117, _INNER, 7), align="centre")
    pages.frame(Box(_MARGIN, 125, _INNER, 44), width=0.6)
    pages.qr(key, _MARGIN + 5, 129, side=36)
    for place, group in enumerate(pretty_key(key).split(" ")):
        row, column = divmod(place, 4)
        pages.write(group, _KEY, Box(_MARGIN + 49 + 28.5 * column, 128.5 + 9.6 * row, 27, 9.6))


_KEY_DUTIES = (
    (
        mark("这张纸是做什么的"),
        mark("票箱的钥匙只印在这里，没有留在任何机器上。计票时要输入监票码和钥匙，发票以前先照着试一次。"),
    ),
    (
        mark("怎么保管"),
        mark(
            "请监票人本人收好，从开会到计票不离身，不拍照，不用手机扫。不要交给书记或操作电脑的人："
            "有钥匙又有数据库的人，看得到每一张票。"
        ),
    ),
    (
        mark("只有这一张"),
        mark("谁也不能再打印一张。丢了就不能计票，只能作废重评。计票以后请当场撕碎。"),
    ),
)
_DUTIES = (
    (
        mark("这张纸是做什么的"),
        mark(
            "计票时要输入监票码，封箱以后要重开、要作废也是这样。没有它，工作人员一个人做不了这几件事。"
            "它打不开票箱，也看不到任何人的选择。"
        ),
    ),
    (
        mark("怎么保管"),
        mark(
            "请监票人本人收好，从开会到计票不离身，不拍照。不要交给书记或操作电脑的人，也不要和票签放在一起。"
        ),
    ),
    (
        mark("只有这一张"),
        mark(
            "监票码没有留底，谁也不能再打印一张。丢了不能补：没有它就不能计票，也不能重开或作废。"
            "计票以后它没有用了，可以撕掉。"
        ),
    ),
)


def _list(pages: Pages, steps: Sequence[str], *, top: float, bottom: float) -> float:
    """Numbered steps in whole sentences; returns where they end."""
    each = (bottom - top) / max(1, len(steps))
    for number, step in enumerate(steps, start=1):
        pages.write(f"{number}", _NUMBER, Box(_MARGIN, top, 9, 8))
        block = pages.write(step, _STEP, Box(_MARGIN + 10, top, _INNER - 10, each))
        top += block.height + 2.5
    return top
