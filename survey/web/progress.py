"""Long work with a bar: the answer is a stream of short lines, the last of which holds the finished page.

Nothing is kept between requests, so any worker may do it. The work is a generator that holds its own transaction: whoever
goes away closes it, and everything is as before. The lines are so few and short that they fit any socket's buffer: nobody
who stops reading holds up the one writer. Without the script the same work gives the same page, with its own status.
"""

import json
import time
from collections.abc import Generator, Iterator
from http import HTTPStatus

from flask import Response, make_response, request, stream_with_context
from flask_babel import gettext as _

from survey.domain.rosters import Step, result
from survey.store.forms import SentTwice
from survey.web.forms import led, settle

# The field by which the script says that it reads lines.
FIELD = "progress"
_SECONDS = 0.25
Work = Generator[Step, None, Response]


def answered(work: Work, *, said: str | None = None) -> Response:
    """The page at the end of some work, or the stream that leads to it; `said` is the first thing it says."""
    if FIELD not in request.form:
        return result(work)
    response = Response(stream_with_context(_lines(work, said or _("正在读文件。"))), mimetype="text/plain")
    # A proxy that gathers the lines would show the bar when it is full.
    response.headers["X-Accel-Buffering"] = "no"
    return make_response(response)


def _lines(work: Work, said: str) -> Iterator[str]:
    last = 0.0
    try:
        yield _line({"said": said, "share": 0})
        while True:
            step = next(work)
            if time.monotonic() - last >= _SECONDS:
                last = time.monotonic()
                yield _line({"said": _said(step), "share": step[1] / step[2] if step[2] else None})
    except StopIteration as end:
        if end.value.status_code == HTTPStatus.SEE_OTHER:
            settle(end.value)
            yield _line({"to": end.value.location})
        else:
            yield _line({"page": end.value.get_data(as_text=True)})
    except SentTwice:
        yield _line({"to": led()})
    finally:
        work.close()


def _said(step: Step) -> str:
    what, done, whole = step
    return {
        "read": _("正在读文件，已读 %(n)s 行。", n=done),
        "compare": _("正在和已有的名单比对，%(done)s / %(whole)s。", done=done, whole=whole),
        "write": _("正在写入，%(done)s / %(whole)s。", done=done, whole=whole),
        "papers": _("正在看各场评议会问了什么，%(done)s / %(whole)s 场。", done=done, whole=whole),
        "counts": _("正在核对封存、合计票数，%(done)s / %(whole)s 场。", done=done, whole=whole),
        "publish": _("票数都合计好了，正在写入。"),
    }[what]


def _line(fields: dict[str, object]) -> str:
    return json.dumps(fields, ensure_ascii=False) + "\n"


