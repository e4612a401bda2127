"""The pages of questionnaires without a script: begun, edited, finished, shared, used; and what goes wrong on the way."""

import html
import re
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from survey.actions.house import House
from survey.domain.drafts import fitting
from survey.domain.elections import NO_ELECTION, Election, Majority
from survey.domain.questionnaires import Audience, Condition, Kind, Question, Questionnaire
from survey.domain.staff import StaffRole
from survey.store import drafts as kept
from survey.store import meetings as meetings_kept
from survey.store import questionnaires, rounds
from tests.attacks.forms import NAUGHTY, forms
from tests.conftest import Hall, hire, make_people, on_sqlite
from tests.web.desk.desks_for_tests import Desk, new_meeting, sit_down, words


class Editor:
    """Somebody who edits one draft through its pages, each form sent as the page offered it."""

    def __init__(self, desk: Desk, house: House, source: str = "library:five_goods_five_leads") -> None:
        self.desk, self.house = desk, house
        answer = self.post("/desk/questionnaires/new", source=source, title="我们的问卷")
        assert answer.status_code == 303
        self.base = answer.location
        self.id = int(self.base.rsplit("/", 1)[1])

    def post(self, path: str, **fields: object) -> TestResponse:
        return self.desk.client.post(path, data={"csrf_token": self.desk.token(), **fields})

    def open(self, path: str = "") -> str:
        page = self.desk.client.get(self.base + path)
        assert page.status_code == 200, (path, page.status)
        return page.text

    def fill(self, path: str, **changes: object) -> TestResponse:
        """The page's own form with some fields filled otherwise; None takes a field out."""
        page = self.open(path)
        form = next(each for each in forms(page, self.base + path.partition("?")[0]) if "seen" in each.names())
        data = {name: values for name, values in form.data().items() if name != "csrf_token"}
        # The reader of forms offers every box; a browser sends those that are ticked.
        data |= {name: re.findall(rf'name="{name}" value="([^"]*)" checked', page) for name in ("only", "option", "required")} | changes
        return self.post(form.action, **{name: value for name, value in data.items() if value is not None})

    @property
    def form(self) -> Questionnaire:
        with self.house.store.read() as db:
            return kept.get(db, self.id).form

    def question(self, part: str, key: str) -> Question:
        section = next(each for each in self.form.sections if each.key == part)
        return next(each for each in section.questions if each.key == key)


@pytest.fixture
def hall(house: House) -> Hall:
    return make_people(house)


@pytest.fixture
def editor(app: Flask, house: House, hall: Hall) -> Editor:
    return Editor(sit_down(app, house, "secretary"), house)


def texts(editor: Editor, part: str = "unit") -> list[str]:
    return [each.text for section in editor.form.sections if section.key == part for each in section.questions]


def test_from_the_library_to_a_meeting(editor: Editor, house: House, hall: Hall) -> None:
    assert editor.fill("?part=unit", text=["班子强", "队伍强", "机制好", "业绩好", "反映好"], heading="支部", do="save").status_code == 303
    assert texts(editor)[:2] == ["班子强", "队伍强"] and editor.form.sections[0].title == "支部"
    asked = words(editor.desk.client.get(editor.base + "/finish"))
    assert "定为第 1 版" in asked
    done = editor.fill("/finish")
    assert done.location == f"{editor.base}/versions"
    offered = editor.desk.open(f"/new?questionnaire=d{editor.id}").text
    assert f'<option value="d{editor.id}" selected>我们的问卷，第 1 版</option>' in offered
    path = new_meeting(editor.desk, hall, questionnaire=f"d{editor.id}")
    editor.fill("?part=unit", title="改过的名字", do="save")
    with house.store.read() as db:
        meeting = meetings_kept.get(db, int(path.strip("/")))
        used = questionnaires.get(db, rounds.get(db, meeting.round).questionnaire)
    assert used.title == "我们的问卷" and used.sections[0].questions[0].text == "班子强"
    assert "（以后的改动还没有定稿）" in editor.desk.open("/new").text
    said = words(editor.desk.client.get("/desk/questionnaires"))
    assert "改过的名字 第 1 版 有改动还没有定稿" in said and "已用于 1 场" in said


def test_what_rates_nobody_goes_to_a_survey_and_not_to_a_meeting(editor: Editor, house: House) -> None:
    assert "可以用来开会" in editor.open("/finish")
    plain = Editor(editor.desk, house, "library:service_window")
    assert "可以用来做调查" in plain.open("/finish")
    assert plain.fill("/finish").status_code == 303
    for page in ("/versions", "/finish"):
        said = plain.open(page)
        assert f'href="/desk/surveys/new?questionnaire=d{plain.id}"' in said and "/desk/meetings/new" not in said and "用来开会" not in said
    offered = plain.desk.client.get(f"/desk/surveys/new?questionnaire=d{plain.id}").text
    assert f'<option value="d{plain.id}" selected>' in offered


def test_a_new_choice_says_that_its_options_are_to_be_written(editor: Editor) -> None:
    assert "写选项" not in editor.open("?part=general")
    editor.fill("?part=general", kind="single", do="add")
    assert "单选 · 写选项" in editor.open("?part=general")


@on_sqlite
def test_rows_are_moved_copied_removed_and_put_back(editor: Editor) -> None:
    first = texts(editor)
    assert editor.fill("?part=unit", do="down:good1").location.endswith("?part=unit#q2")
    assert texts(editor) == [first[1], first[0], *first[2:]]
    editor.fill("?part=unit", do="up:good1")
    assert texts(editor) == first
    copied = editor.fill("?part=unit", do="copy:good2")
    assert copied.location.endswith("#q3") and texts(editor) == [*first[:2], first[1], *first[2:]]
    editor.fill("?part=unit", do="remove:good3")
    assert "撤销删除“工作机制好”" in words(editor.desk.client.get(editor.base))
    back = editor.fill("?part=member", do="undo:good3")
    assert back.location.endswith("?part=unit#q4") and texts(editor)[3] == first[2]
    assert "撤销删除" not in editor.open()


@on_sqlite
def test_parts_are_added_moved_copied_removed_and_put_back(editor: Editor) -> None:
    added = editor.fill("", do="part-add:member")
    key = parse_qs(urlsplit(added.location).query)["part"][0]
    assert editor.form.sections[-1].key == key and editor.form.sections[-1].audience is Audience.MEMBER
    editor.fill(f"?part={key}", heading="离退休的", only=["retired"], do=f"part-up:{key}")
    assert editor.form.sections[2].title == "离退休的" and editor.form.sections[2].only == ("retired",)
    editor.fill(f"?part={key}", audience="general", do=f"part-copy:{key}")
    assert [each.title for each in editor.form.sections].count("离退休的") == 2 and editor.form.sections[2].only == ()
    before = editor.form
    editor.fill("?part=unit", do="part-remove:unit")
    assert editor.form.sections[0].key == "member"
    editor.fill("", do="remove:lead1", part="member")
    assert editor.form != before and "删去了 2 项" in editor.open()
    editor.fill("", do="undo:unit")
    assert "unit" not in {each.key for each in editor.form.sections}, "the button said something else than what is next"
    editor.fill("", do="undo:lead1")
    editor.fill("", do="undo:unit")
    assert editor.form == before
    for title in ("意见建议 2", "意见建议 3"):
        editor.fill("", do="part-add:general")
        assert editor.form.sections[-1].title == title
    editor.fill("", parts=["general", "unit"], do="save")
    assert [each.key for each in editor.form.sections][:5] == ["general", "s3", "s4", "unit", "member"]


KINDS = (
    ("rating", {"scale": "preset:grade"}, Kind.RATING), ("score", {}, Kind.SCORE), ("single", {"candidates": "甲\n\n 乙 "}, Kind.CHOICE),
    ("most", {"candidates": "甲\r\n乙\r\n丙", "choose": "２", "least": "1"}, Kind.CHOICE), ("several", {"candidates": "甲\n乙\n丙"}, Kind.CHOICE),
    ("number", {"low": "－3", "high": "10"}, Kind.NUMBER), ("date", {"low_day": "2026-01-01", "high_day": ""}, Kind.DATE),
    ("opinion", {}, Kind.OPINION),
)  # fmt: skip


@on_sqlite
@pytest.mark.parametrize(("kind", "fields", "made"), KINDS, ids=[each[0] for each in KINDS])
def test_a_question_of_every_kind_is_made_and_finished(editor: Editor, kind: str, fields: dict[str, str], made: Kind) -> None:
    answer = editor.fill("?part=unit", kind=kind, do="add")
    number = int(answer.location.rsplit("#q", 1)[1])
    key = editor.form.sections[0].questions[number - 1].key
    page = f"/question?part=unit&q={key}"
    assert editor.fill(page, text="新的一题", help="请看清", required="1", kind=kind, **fields).status_code == 303
    question = editor.question("unit", key)
    assert (question.kind, question.text, question.help, question.required) == (made, "新的一题", "请看清", True)
    if made is Kind.CHOICE:
        assert question.candidates in (("甲", "乙"), ("甲", "乙", "丙"))
        assert (question.choose, question.least) == {"single": (1, 0), "most": (2, 1), "several": (3, 0)}[kind]
    if made is Kind.NUMBER:
        assert (question.low, question.high) == (-3, 10)
    if kind == "rating":
        scale = editor.form.scale(question.scale)
        assert [option.label for option in scale.options] == ["好", "中", "差"]
        editor.fill(page, scale="preset:grade")
        assert len(editor.form.scales) == 2, "the same scale is not added twice"
    assert editor.fill("/finish").status_code == 303
    preview = editor.desk.client.get(editor.base + "/preview?part=unit")
    assert "新的一题" in words(preview)


@on_sqlite
def test_a_choice_is_told_how_it_elects_and_another_kind_elects_nobody(editor: Editor) -> None:
    page = "/question?part=unit&q=good1"
    editor.fill(page, kind="most", candidates="甲\n乙\n丙", choose="2", seats="２", majority="half_of_present")
    assert editor.question("unit", "good1").election == Election(2, Majority.HALF_PRESENT)
    shown = editor.open(page)
    assert '<option value="half_of_present" selected>' in shown and "得票要超过实到人数的一半" in shown
    assert "应选 2 名；得票要超过实到人数的一半" in words(editor.desk.client.get(editor.base + "/preview?part=unit"))
    editor.fill(page, seats="4")
    assert "应选几名，要填 0 到 3 的整数。" in editor.open("/finish")
    editor.fill(page, kind="score", seats="", majority="")
    assert fitting(editor.form).sections[0].questions[0].election == NO_ELECTION


@on_sqlite
def test_a_question_is_asked_only_after_certain_answers(editor: Editor) -> None:
    page = "/question?part=unit&q=good2"
    editor.fill(page, after="good1")
    assert editor.question("unit", "good2").show_if == Condition("good1", ())
    assert "选了下面哪个回答，才问这一题" in editor.open(page)
    assert "可是没有选好是哪个回答" in editor.open("/finish")
    editor.fill(page, option=["1", "2"])
    assert editor.question("unit", "good2").show_if == Condition("good1", (1, 2))
    editor.fill(page, after="", option=None)
    assert editor.question("unit", "good2").show_if is None
    assert 'value="good3"' not in editor.open(page).split('name="after"')[1].split("</select>")[0], "only what comes before"


@on_sqlite
def test_a_question_goes_to_another_part_and_the_next_one_comes(editor: Editor) -> None:
    assert "q=good2" in editor.fill("/question?part=unit&q=good1", do="following").location
    assert editor.fill("/question?part=unit&q=good5", do="following").location.endswith("?part=unit#q5")
    sent = editor.fill("/question?part=unit&q=good1", to="general", do="send")
    assert "part=general&q=good1" in sent.location and editor.form.sections[2].questions[-1].key == "good1"
    editor.fill("/question?part=general&q=good1", do="remove")
    assert editor.fill("?part=member", do="undo:good1").location.endswith("part=general#q2")


@on_sqlite
@pytest.mark.parametrize(
    ("kind", "field", "typed", "said"),
    [
        ("most", "choose", "两个", "要填 0 到 250 的整数。"), ("most", "least", "251", "要填 0 到 250 的整数。"),
        ("single", "seats", "三名", "要填 0 到 250 的整数。"), ("number", "low", "1.5", "要填整数，不超过 1000000000；空着就不限。"), ("number", "high", "9" * 11, "要填整数"),
        ("date", "low_day", "2026-02-30", "要填日期，例如 2026-11-21；空着就不限。"),
    ],
)  # fmt: skip
def test_a_number_that_is_none_stands_there_again_with_a_sentence(editor: Editor, kind: str, field: str, typed: str, said: str) -> None:
    before = editor.form
    page = editor.fill("/question?part=unit&q=good1", text="别丢了我", kind=kind, **{field: typed})
    assert page.status_code == 400 and said in words(page)
    again = next(each for each in forms(page.text, editor.base) if "seen" in each.names())
    assert again.values(field) == [typed] and again.values("text") == ["别丢了我"]
    assert editor.form == before


@on_sqlite
def test_a_scale_gets_levels_points_and_roles(editor: Editor) -> None:
    editor.fill("/scale", do="add")
    editor.fill("/scale", level=["满意", "基本满意", "不满意", "不了解", "弃权"], role=["satisfied", "basic", "unsatisfied", "unknown", "abstain"],
                points=["100", "60.5", "-10", "", ""])  # fmt: skip
    scale = editor.form.scales[0]
    assert [(o.code, o.role.value, o.points) for o in scale.options] == [
        (0, "satisfied", 100), (1, "basic", 60.5), (2, "unsatisfied", -10), (3, "unknown", None), (4, "abstain", None),
    ]  # fmt: skip
    editor.fill("/scale", do="down:0")
    editor.fill("/scale", do="drop:4")
    assert [option.code for option in editor.form.scales[0].options] == [1, 0, 2, 3], "codes stay with their words"
    page = editor.fill("/scale", points=["x", "1", "2", "3"])
    assert page.status_code == 400 and "“基本满意”的分值要填 −1000 到 1000 的数，不计分就空着。" in words(page)
    assert editor.fill("/scale", do="new:five").location.endswith("scale=r1")
    editor.fill("/scale?scale=satisfaction", do="remove")
    assert "还没有等次。请选一组等次。" in editor.open("/finish")


def of_page(editor: Editor, part: str = "unit") -> dict[str, object]:
    """The form of a section as its page offers it now."""
    return next(each for each in forms(editor.open(f"?part={part}"), editor.base) if "seen" in each.names()).data() | {"only": []}


def changed(form: dict[str, object], desk: Desk, do: str = "save", **texts: str) -> dict[str, object]:
    """The form with some texts of questions typed otherwise, sent by this desk."""
    words = [texts.get(key, text) for key, text in zip(form["order"], form["text"], strict=True)]
    return {**form, "text": words, "csrf_token": desk.token(), "do": do}


def test_two_who_edit_different_things_are_both_written_and_asked_about_what_both_changed(editor: Editor, app: Flask, house: House) -> None:
    other, stale = sit_down(app, house, "admin"), of_page(editor)
    theirs = changed(stale, other, good1="乙写的", good3="乙的第三")
    assert other.client.post(editor.base, data=theirs | {"help": "乙的说明", "title": "乙名"}).status_code == 303
    apart = changed(stale, editor.desk, "copy:good5", good2="甲的第二", good3="乙的第三")
    assert editor.post(editor.base, **apart).status_code == 303
    assert texts(editor) == ["乙写的", "甲的第二", "乙的第三", "工作业绩好", "群众反映好", "群众反映好"] and editor.form.sections[0].help == "乙的说明"
    page = editor.post(editor.base, **changed(stale, editor.desk, "remove:good2", good1="甲写的", good4="甲的第四") | {"title": "甲名"})
    said = words(page)
    assert page.status_code == 409 and "第 1 题 甲写的 乙写的" in said and "问卷名称 甲名 乙名" in said and "第 4 题" not in said and "乙的说明" not in said
    assert len(texts(editor)) == 6 and texts(editor)[0] == "乙写的"
    again = next(each for each in forms(page.text, editor.base) if "seen" in each.names())
    data = {name: values for name, values in again.data().items() if name != "csrf_token"} | {"only": [], "do": "save"}
    assert editor.post(again.action, **data | {"pick:text:good1": "theirs", "pick:title": "mine"}).status_code == 303
    assert editor.form.title == "甲名"
    assert texts(editor)[:4] == ["乙写的", "甲的第二", "乙的第三", "甲的第四"]
    assert editor.post(again.action, **data | {"pick:text:good1": "mine", "pick:title": "theirs"}).status_code == 303
    assert texts(editor)[0] == "甲写的" and editor.form.title == "甲名", "the second word about the name came from nobody else"


@on_sqlite
def test_what_one_takes_out_while_another_writes_in_it_is_asked_about_and_comes_back_with_the_words(editor: Editor, app: Flask, house: House) -> None:
    other, stale = sit_down(app, house, "admin"), of_page(editor)
    for do in ("remove:good2", "part-remove:unit"):
        assert other.client.post(editor.base, data={**of_page(editor), "csrf_token": other.token(), "do": do}).status_code == 303
    assert editor.post(editor.base, **changed(stale, editor.desk)).status_code == 303, "nothing typed, nothing to ask"
    assert [each.key for each in editor.form.sections] == ["member", "general"]
    page = editor.post(editor.base, **changed(stale, editor.desk, good2="甲的第二"))
    assert page.status_code == 409 and "第 2 题 甲的第二 –" in words(page)
    again = next(each for each in forms(page.text, editor.base) if "seen" in each.names())
    data = {name: values for name, values in again.data().items() if name != "csrf_token"} | {"only": [], "do": "save"}
    assert editor.post(again.action, **data | {"pick:text:good2": "mine"}).status_code == 303
    assert texts(editor)[1] == "甲的第二" and editor.form.sections[0].key == "unit"


@on_sqlite
def test_a_button_pressed_twice_does_one_thing(editor: Editor) -> None:
    form = next(each for each in forms(editor.open("?part=unit"), editor.base) if "seen" in each.names()).data()
    for _ in range(2):
        assert editor.post(editor.base, **{**form, "csrf_token": editor.desk.token(), "do": "add"}).status_code == 303
    assert len(texts(editor)) == 6
    editor.fill("?part=unit", text=["一", "二", "三", "四", "五", "六"], do="save")
    form = next(each for each in forms(editor.open("/finish"), editor.base) if "seen" in each.names()).data()
    for _ in range(2):
        assert editor.post(f"{editor.base}/finish", **{**form, "csrf_token": editor.desk.token()}).status_code == 303
    with editor.house.store.read() as db:
        assert len(kept.versions(db, editor.id)) == 1


@on_sqlite
def test_the_script_of_the_page_is_told_what_was_saved_and_what_was_not(editor: Editor) -> None:
    as_script = {"headers": {"Accept": "application/json"}}
    form = next(each for each in forms(editor.open("?part=unit"), editor.base) if "seen" in each.names()).data()
    data = {**form, "csrf_token": editor.desk.token(), "do": "save", "title": "新名"}
    told = editor.desk.client.post(editor.base, data=data, **as_script)
    assert told.status_code == 200 and told.json["revision"] == 2 and re.fullmatch(r"\d\d:\d\d", told.json["at"])
    again = editor.desk.client.post(editor.base, data={**data, "title": "又一名"}, **as_script)
    assert again.status_code == 409 and editor.form.title == "新名"
    data |= {"base": told.json["base"], "title": "第三名"}
    assert editor.desk.client.post(editor.base, data=data, **as_script).json["also"] is False and editor.form.title == "第三名"


@on_sqlite
def test_every_fault_is_listed_with_a_way_to_its_place(editor: Editor) -> None:
    editor.fill("?part=unit", heading="", text=["", "x" * 501, "机制", "业绩", "反映"], do="save")
    editor.fill("?part=unit", kind="single", do="add")
    page = editor.desk.client.get(editor.base + "/finish")
    said = words(page)
    for sentence in ("第 1 部分还没有标题。", "第 1 题还没有写题目。", "太长，最多 500 个字。", "的选项不够。"):
        assert sentence in said
    links = re.findall(r'<li><a href="([^"]+)">', page.text)
    assert len(links) >= 4
    for link in links:
        assert editor.desk.client.get(html.unescape(link)).status_code == 200
    assert editor.post(f"{editor.base}/finish", seen="3").status_code == 409
    with editor.house.store.read() as db:
        assert kept.versions(db, editor.id) == ()


@on_sqlite
def test_the_preview_is_the_booths_own_page_in_a_frame_of_our_own_and_is_not_sent(editor: Editor) -> None:
    page = editor.desk.client.get(editor.base + "/preview")
    assert "frame-ancestors 'self'" in page.headers["Content-Security-Policy"] and page.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert 'method="dialog"' in page.text and "这是预览，不会提交。" in page.text and 'class="scale c4"' in page.text
    assert "Set-Cookie" not in page.headers
    one = editor.desk.client.get(editor.base + "/preview?part=general").text
    assert "三、意见建议" in one and "领导班子好" not in one
    around = editor.desk.client.get(editor.base)
    assert "frame-src 'self'" in around.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in around.headers["Content-Security-Policy"] and around.headers["X-Frame-Options"] == "DENY"
    assert editor.post(editor.base + "/preview").status_code == 405


@on_sqlite
def test_what_is_shared_is_seen_below_copied_and_used_and_not_edited(editor: Editor, app: Flask, house: House, hall: Hall) -> None:
    hire(house, "below", "下级", role=StaffRole.SECRETARY, unit=hall.branch)
    below = sit_down(app, house, "below")
    assert below.client.get(editor.base).status_code == 404
    editor.fill("/finish")
    assert editor.post(f"{editor.base}/share", on="1").status_code == 303
    page = below.client.get(editor.base)
    assert "青山镇党委共享的" in words(page) and 'name="seen"' not in page.text
    assert f'value="d{editor.id}"' in below.open("/new").text
    for path in ("/question", "/scale", "/finish"):
        assert below.client.get(editor.base + path).status_code == 403
    token = {"csrf_token": below.token()}
    for path in ("", "/question", "/scale", "/finish", "/share", "/shelve"):
        assert below.client.post(editor.base + path, data=token).status_code == 403
    copied = below.client.post(f"{editor.base}/copy", data=token)
    assert below.client.get(copied.location).status_code == 200
    with house.store.read() as db:
        assert kept.get(db, int(copied.location.rsplit("/", 1)[1])).unit == hall.branch
    editor.post(f"{editor.base}/share", on="0")
    assert below.client.get(editor.base).status_code == 404


@on_sqlite
def test_what_is_put_aside_is_listed_on_demand_and_not_offered(editor: Editor) -> None:
    editor.fill("/finish")
    editor.post(f"{editor.base}/shelve", on="1")
    client = editor.desk.client
    assert "我们的问卷" not in client.get("/desk/questionnaires").text and "看搁置的 1 份" in client.get("/desk/questionnaires").text
    assert "我们的问卷" in client.get("/desk/questionnaires?shelved=1").text
    assert f'value="d{editor.id}"' not in editor.desk.open("/new").text
    editor.post(f"{editor.base}/shelve", on="0")
    assert "我们的问卷" in client.get("/desk/questionnaires?q=问卷").text
    assert "没有找到" in client.get("/desk/questionnaires?q=没有的").text


@on_sqlite
def test_there_is_no_beginning_with_what_is_not_there(editor: Editor) -> None:
    for source in ("library:none", "draft:999", "draft:x", "draft:²", "", "x"):
        page = editor.post("/desk/questionnaires/new", source=source, title="留着我")
        said = "没有这份问卷，请重新选择。" if source else "请选从哪一份开始，或者选“空白问卷”。"
        assert page.status_code == 400 and "留着我" in page.text and said in words(page)
    empty = editor.post("/desk/questionnaires/new", source="empty", title="")
    assert "问卷里还没有内容" in words(editor.desk.client.get(empty.location))


@on_sqlite
@pytest.mark.parametrize("page", ["?part=unit", "/question?part=unit&q=good1", "/scale"])
def test_naughty_text_is_saved_as_text_or_refused_in_words(editor: Editor, page: str) -> None:
    offered = next(each for each in forms(editor.open(page), editor.base) if "seen" in each.names())
    names = offered.names()
    for place, name in enumerate(names):
        # Every text in some field, every field a dozen texts.
        for value in NAUGHTY[place % 5 :: 5]:
            sent = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
            answer = editor.fill(page, **{name: sent})
            assert answer.status_code in (303, 400, 404, 409), (name, sent[:20], answer.status)
            assert answer.status_code != 404 or name in ("part", "q", "scale"), (name, sent[:20])
    assert editor.desk.client.get(editor.base + "/finish").status_code == 200


@on_sqlite
def test_a_new_questionnaire_sent_twice_is_one(editor: Editor) -> None:
    page = editor.desk.client.get("/desk/questionnaires/new")
    form = next(each for each in forms(page.text, "/desk/questionnaires/new") if "source" in each.names()).data() | {"source": "empty"}
    first, again = (editor.post("/desk/questionnaires/new", **{**form, "csrf_token": editor.desk.token()}) for _ in range(2))
    assert first.location == again.location and first.status_code == again.status_code == 303
