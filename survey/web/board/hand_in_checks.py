"""A file that was handed in, seen to be whole by whoever receives it. Nothing of it is kept."""

import hashlib
from dataclasses import dataclass

from flask import Response, make_response, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import RequestEntityTooLarge

from survey.domain.hand_ins import LEAST_TYPED, HandIn, NotWhole, agrees, check
from survey.domain.refusals import BadField
from survey.domain.staff import Staff
from survey.office.hand_ins import MOST_BYTES, unpacked
from survey.store import meetings, results, units
from survey.store.engine import Connection
from survey.web.board.face import message
from survey.web.doors import Who, admits, house, staff
from survey.web.errors import Sentence
from survey.web.limits import takes

# More than a file may hold, so that one that is too large is told so on its own page.
MOST_UPLOAD = 36 << 20


@dataclass(frozen=True, slots=True)
class Checked:
    """What is said of a whole file: its own digest; whether the digest that was typed is its seal's, None when none was; the
    meeting when it was counted on this very machine and may be seen; whether the unit is one of the reader's."""

    found: HandIn
    digest: str
    agrees: bool | None
    meeting: int | None
    is_ours: bool


@admits(Who.STAFF)
def form() -> Response:
    """Choose a file."""
    return _page(None)


@takes(MOST_UPLOAD)
@admits(Who.STAFF)
def checked() -> Response:
    """Whose meeting the file holds, and whether its parts and numbers agree."""
    file = request.files.get("file")
    typed = request.form.get("digest", "").strip()
    if file is None or not file.filename:
        return _page(Sentence(400, _("还没有选文件"), _("请选择收到的上交文件，它以 .zip 结尾。")), typed=typed)
    data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        return _page(_too_large(400), typed=typed)
    try:
        found = check(unpacked(data))
    except NotWhole as fault:
        return _page(Sentence(400, *_fault(fault)), typed=typed)
    try:
        same = agrees(typed, found.seal) if typed else None
    except BadField:
        said = _("请照计票报告单上“封存记录”那一行输入，只有数字和 a 到 f 的字母，至少前 %(n)s 位。请再选一次文件。", n=LEAST_TYPED)
        return _page(Sentence(400, _("摘要输得不对"), said), typed=typed)
    with house().store.read() as db:
        answer = Checked(found, hashlib.sha256(data).hexdigest(), same, _counted_here(db, found, staff()), _is_ours(db, found, staff()))
    return _page(None, answer, typed=typed)


def too_large(fault: RequestEntityTooLarge) -> Response:
    """A file that nobody reads to its end."""
    return message(_too_large(413))


def _page(said: Sentence | None, answer: Checked | None = None, *, typed: str = "") -> Response:
    text = render_template("board/meetings/check.html", said=said, answer=answer, typed=typed, least=LEAST_TYPED)
    is_wrong = answer is not None and (answer.agrees is False or not answer.is_ours)
    return make_response(text, said.status if said else 409 if is_wrong else 200)


def _counted_here(db: Connection, found: HandIn, by: Staff) -> int | None:
    meeting = results.sealed_as(db, found.seal)
    return meeting if meeting is not None and by.sees(meetings.get(db, meeting).unit) else None


def _is_ours(db: Connection, found: HandIn, by: Staff) -> bool:
    """Only units of the reader's own subtree are asked: of others not even the name may be tried."""
    return any(found.is_of(unit.name, unit.code) for unit in units.all_units(db) if by.sees(unit.id))


def _too_large(status: int) -> Sentence:
    text = _("上交文件不超过 %(mb)s MB，这个文件太大，没有收下。请看看是不是选错了，再选一次。", mb=MOST_BYTES >> 20)
    return Sentence(status, _("这个文件太大"), text)


def _fault(fault: NotWhole) -> tuple[str, str]:
    """What is wrong with a file, and what to do."""
    wrong = _("这不是上交文件")
    whole, numbers = _("文件不完整"), _("数字对不上")
    said = {
        "empty": (whole, _("这个文件是空的。")),
        "kind": (wrong, _("上交文件是计票以后从结果页的“上交文件”下载的 .zip，不是报告单、表格或别的文件。")),
        "round": (wrong, _("这是一轮公布的结果，不是一场评议会的上交文件。要核对它，请在装了评议的电脑上运行 pingyi verify 和文件名。")),
        "cut": (whole, _("文件没有传完，后面一截不见了。")),
        "encrypted": (_("文件加了密码"), _("上交文件没有密码，打开以前看不到里面。")),
        "format": (_("文件来自更新的版本"), _("这里的版本读不懂它。请先把这里升级到同一个版本，再核对。")),
        "missing": (whole, _("里面缺了 %(part)s。", part=fault.file)),
        "changed": (_("文件被改过"), _("里面的 %(part)s 和计票时写下的不一样。", part=fault.file)),
        "unfit": (_("文件被改过"), _("里面的 %(part)s 和封存记录对不上。", part=fault.file)),
        "strange": (_("文件被改过"), _("里面有计票时没有的东西：%(part)s。", part=fault.file or _("另外的内容"))),
        "over": (numbers, _("“%(part)s”这一行，收回的比发出的多。", part=fault.file)),
        "sum": (numbers, _("各类加起来，不等于“%(part)s”这一行。", part=fault.file)),
        "trackers": (numbers, _("查验码的个数和收回的票数不一样。")),
        "counts": (numbers, _("“%(part)s”的答案比收回的票还多。", part=fault.file)),
    }
    title, text = said.get(fault.why, (wrong, _("文件打不开，可能已经损坏。")))
    if fault.why in ("format", "round"):
        return title, text
    return title, _("%(text)s请对方重新下载、重新交一份。", text=text)
