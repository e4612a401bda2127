"""What the wording of a question betrays: two questions in one, a pushed answer, two negations.

Rules of thumb over Chinese text, made to be wrong seldom rather than to find everything.
"""

import re

# Between quotes stands the name of a standard, in brackets an explanation: neither asks anything.
_ASIDE = re.compile(r"“[^”]*”|《[^》]*》|（[^）]*）|\([^)]*\)|\"[^\"]*\"")
_ASKS = re.compile(r"是否|有没有|是不是|能不能|会不会|能否|可否")
_AND_ALSO = re.compile(r"并且|而且|以及|同时|不但|不仅|既.+又|又.+又|(?<![兼合一])并(?![不没未无非列购存轨网入发排肩称])")
# Words in which the letter of “and” says something else.
_NOT_AND = re.compile(
    "和谐|和平|和睦|和解|和气|和蔼|和善|温和|缓和|总和|饱和|共和|随和|附和|参与|与会|与否|与时|与日|赋与|给与|"
    "及时|及格|普及|涉及|顾及|来得及|及早|未及|或许|或者说|抑或"
)
# “fits together with …” joins no two questions: it is one relation.
_RELATION = re.compile(r"[与和同跟].+(?:结合|相比|一致|相符|有关|联系|沟通|交流|相处|合作|配合|衔接|协调|关系)")
_AND = re.compile("[和与及、或]")
# Several people are one object: 党员和群众, 老师、学生.
_PEOPLE = (
    "党员", "群众", "干部", "职工", "员工", "工人", "教师", "老师", "学生", "家长", "居民", "村民", "老人", "同事", "同志", "领导", "书记", "委员", "代表",
    "群团", "服务对象", "师生", "住户", "客户", "企业", "单位", "病人", "患者", "家属", "儿童", "妇女", "青年",
)  # fmt: skip
_NEGATIVE = re.compile(r"(?:不|没有|未|无|并非|别).{0,6}(?:不|没有|未|无)")
_NOT_NEGATIVE = re.compile("有没有|是不是|能不能|会不会|不折不扣|无微不至|不卑不亢|不忘|无私|无偿|无障碍|不断|不错|无论|不论|不仅|不但|不同|不了解|无职|未成年|无党派")
_LOADED = re.compile("难道|显然|毫无疑问|众所周知|不可否认|毋庸置疑|理所当然|大家都|人人都|谁都|您也认为|您不觉得|想必")


def is_double(text: str) -> bool:
    """Whether two things are asked in one: who agrees with one half and not with the other has no answer."""
    plain = _ASIDE.sub("", text)
    if len(_ASKS.findall(plain)) > 1 or _AND_ALSO.search(plain):
        return True
    plain = _RELATION.sub("", _NOT_AND.sub("", plain))
    return any(not _joins_people(plain, at.start()) for at in _AND.finditer(plain))


def is_double_negative(text: str) -> bool:
    """Whether one has to turn two negations round to understand."""
    return bool(_NEGATIVE.search(_NOT_NEGATIVE.sub("", _ASIDE.sub("", text))))


def is_loaded(text: str) -> bool:
    """Whether the question says what one should answer."""
    return bool(_LOADED.search(text))


def _joins_people(text: str, at: int) -> bool:
    before, after = text[:at], text[at + 1 :]
    return before.endswith(_PEOPLE) and after.startswith(_PEOPLE)
