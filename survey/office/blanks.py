"""The empty member list people fill in."""


from analysis.cells import Book
from survey.domain.terms import BUILT_IN, TermList, Terms
from survey.domain.units import UNIT_KINDS, MemberKind, Sector
from survey.office.columns import MEMBER_COLUMNS
from survey.office.words import Say, chinese, mark

_TEMPLATE = {"name": 12, "unit": 24, "kind": 16, "position": 16, "code": 12, "parent": 24, "sector": 14, "unit_kind": 12, "since": 14}
_EXAMPLES = (
    {"name": "张三", "unit": "示例第一党支部", "kind": MemberKind.LEADING, "position": "书记", "code": "001",
     "parent": "", "sector": Sector.OFFICE, "unit_kind": "党支部", "since": "2020-03-01"},
    {"name": "李四", "unit": "示例第一党支部", "kind": MemberKind.RETIRED, "position": "", "code": "002",
     "parent": "", "sector": Sector.OFFICE, "unit_kind": "党支部", "since": ""},
)
# Excel takes no longer list of choices.
_LONGEST_CHOICES = 255
_GUIDE = (
    ("name", mark("必填。一人一行。只登记单位、不登记党员时留空。")),
    ("unit", mark("必填。还没有的单位会自动添加，同一个单位每行写法要一样。")),
    ("kind", mark("从列表中选：%(all)s。留空算%(usual)s。")),
    ("position", mark("书记、副书记、委员排在前面，评议票按这个顺序列人。")),
    ("code", mark("同一个支部有同名的人时必填，用来分清是谁。不要填身份证号。")),
    ("parent", mark("单位还没有时用：写它的上级组织。几个单位同名时也要写，可以写全：“某某党委/某某总支”。留空就放在您管理的组织下面。")),
    ("sector", mark("从列表中选：%(all)s。可以留空。")),
    ("unit_kind", mark("从列表中选：%(all)s。留空算党支部。")),
    ("since", mark("哪一天到这个单位，例如 2020-03-01。可以留空。")),
    ("left", mark("哪一天离开。填了就记为离开。模板里没有这一列，要用时自己加。")),
    ("unit_code", mark("单位的编号。模板里没有这一列，要用时自己加。")),
    (mark("示例"), mark("名单里的张三、李四是举例，导入前请删掉这两行。")),
    (mark("先看后写"), mark("导入时先列出要添加、要改和不能用的行，您确认以后才写入。")),
)


def template_xlsx(say: Say = chinese, words: Terms = BUILT_IN) -> bytes:
    """An empty member list with two invented rows, choices to pick from, and a sheet that explains the columns."""
    choices: dict[str, tuple[str, ...]] = {
        "kind": tuple(words.labels(TermList.MEMBER_KIND).values()), "unit_kind": tuple(UNIT_KINDS.values()),
        "sector": tuple(words.labels(TermList.SECTOR).values()),
    }  # fmt: skip
    labels = {"kind": words.labels(TermList.MEMBER_KIND), "sector": words.labels(TermList.SECTOR)}
    book = Book(say("党员名单"))
    head = book.style(bold=True, bottom=2, bg_color="#EEE9DF", align="left")
    text = book.style(num_format="@")
    sheet = book.sheet(say("党员名单"))
    sheet.freeze_panes(1, 0)
    for place, (field, width) in enumerate(_TEMPLATE.items()):
        sheet.set_column(place, place, width, text.plain)
        book.write(sheet, 0, place, MEMBER_COLUMNS[field][0], head)
    for number, example in enumerate(_EXAMPLES, start=1):
        for place, field in enumerate(_TEMPLATE):
            # A word of the lists as it is called here, and nothing when it is offered no longer.
            book.write(sheet, number, place, labels.get(field, {}).get(example[field], "" if field in labels else example[field]), text)
    for field, offered in choices.items():
        if len(",".join(offered)) > _LONGEST_CHOICES:
            continue
        place = list(_TEMPLATE).index(field)
        choice = {"validate": "list", "source": list(offered), "ignore_blank": True,
                  "error_title": say("请从列表中选"), "error_message": say("请从下拉列表中选一个，或者留空。")}
        sheet.data_validation(1, place, 5000, place, choice)
    guide = book.sheet(say("填写说明"))
    guide.set_column(0, 0, 14)
    guide.set_column(1, 1, 90)
    for place, cell in enumerate((say("列"), say("怎么填"))):
        book.write(guide, 0, place, cell, head)
    for number, (field, said) in enumerate(_GUIDE, start=1):
        # What may stand in the cells is Chinese in any language: it is what the import reads.
        name = MEMBER_COLUMNS[field][0] if field in MEMBER_COLUMNS else say(field)
        may = {"all": "、".join(choices[field])} if field in choices else {}
        may["usual"] = words.label(TermList.MEMBER_KIND, MemberKind.WORKING)
        for place, cell in enumerate((name, say(said) % may)):
            book.write(guide, number, place, cell)
    return book.bytes()
