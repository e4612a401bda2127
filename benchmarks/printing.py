"""What leaves by the printer: forms on paper with codes of their own, and slips."""

import time
from random import Random

from survey.actions.questionnaires import library
from survey.domain.papers import Paper, targets, used
from survey.domain.slips import BITS, spell
from survey.domain.units import Member, Unit, UnitKind
from survey.office.paper_forms import FormSheet, forms_pdf
from survey.office.paper_parts import frozen_form
from survey.office.slips import SlipSheet, slips_pdf

FORMS = 300
MEMBERS = 24


def main() -> None:
    """Print how long 300 forms and 300 slips take."""
    random = Random(1)
    codes = tuple(spell(random.getrandbits(BITS)) for _ in range(FORMS))
    form = library()["five_goods_five_leads"]
    people = [Member(number, 1, f"党员{number:02}") for number in range(1, MEMBERS + 1)]
    chosen = targets(form, [(Unit(1, None, UnitKind.BRANCH, "机修车间党支部"), people)])
    sections, scales = used(form, chosen)
    paper = Paper(1, 1, "机修车间党支部第三季度评议会", "群众代表", form.title, "0" * 64, chosen, sections, scales, True)
    begun = time.perf_counter()
    sheet = FormSheet(frozen_form(paper), "群众代表", tuple((code, "A234567BCD") for code in codes), "192.168.1.5:8000/t/DOOR")
    data = forms_pdf(sheet)
    print(f"P7 {FORMS} paper forms of {MEMBERS} members as PDF: {time.perf_counter() - begun:.2f} s, {len(data) / 1e6:.1f} MB")
    begun = time.perf_counter()
    slips_pdf(SlipSheet(paper.title, "群众代表", codes, "http://192.168.1.5:8000/"))
    print(f"P20 {FORMS} slips as PDF: {time.perf_counter() - begun:.2f} s")
