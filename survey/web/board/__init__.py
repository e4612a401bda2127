"""Results, for leaders: only what is counted, only within a person's subtree, never a part of an atom. And how far each round
has come: which unit stands where, never how anybody voted."""

from flask import Blueprint
from werkzeug.exceptions import RequestEntityTooLarge

from survey.domain.refusals import Refused
from survey.web.board import (
    bundles,
    coverage,
    files,
    grade_pages,
    grade_scores,
    hand_in_checks,
    hand_ins,
    meetings,
    own_comparisons,
    period_files,
    period_pictures,
    periods,
    pictures,
    protocols,
    publication_files,
    round_comparisons,
    round_pictures,
    round_results,
    round_sheet_files,
    short_of,
    strips,
    undecided,
)
from survey.web.board.face import BLUEPRINT, no_result, refused, set_shelves
from survey.web.board.results import NoResult

_MEETING = "/meetings/<int:meeting_id>"
_ROUND = "/rounds/<int:round_id>"
_PERIOD = "/periods/<period>"
_BUNDLE = f"{_ROUND}/units/<int:unit_id>/bundle"
_KIND = "<any(svg, png):kind>"
_DRAWN = "<any(svg, png, pdf):kind>"

BLUEPRINT.record_once(set_shelves)
for _rule, _name, _view in (
    ("", "index", meetings.index),
    ("/handin", "check", hand_in_checks.form),
    ("/rounds", "rounds", coverage.rounds),
    (_ROUND, "round", coverage.one),
    (f"{_ROUND}/coverage.xlsx", "coverage", coverage.workbook),
    (f"{_ROUND}/coverage.csv", "covered", coverage.table),
    (f"{_ROUND}/publication.zip", "publication", publication_files.publication),
    (f"{_ROUND}/figures.csv", "figures", publication_files.figures),
    (f"{_ROUND}/results", "round_results", round_results.results),
    (f"{_ROUND}/units/<int:unit_id>", "round_unit", round_results.unit),
    (f"{_ROUND}/members/<key>", "round_member", round_results.member),
    (f"{_ROUND}/units/<int:unit_id>/sheet.pdf", "round_sheet", round_sheet_files.branch),
    (f"{_ROUND}/units/<int:unit_id>/sheet.docx", "round_sheet_word", round_sheet_files.branch_in_word),
    (f"{_ROUND}/units/<int:unit_id>/overview.pdf", "round_overview", round_sheet_files.overview),
    (f"{_ROUND}/results.xlsx", "round_workbook", round_sheet_files.workbook_of_all),
    (f"{_ROUND}/units/<int:unit_id>/results.xlsx", "round_unit_workbook", round_sheet_files.workbook_of_unit),
    (f"{_ROUND}/members/<key>/sheet.pdf", "round_member_sheet", round_sheet_files.member),
    (f"{_ROUND}/members/<key>/sheet.docx", "round_member_sheet_word", round_sheet_files.member_in_word),
    (f"{_ROUND}/units/<int:unit_id>/grades", "round_grades", grade_pages.sheet),
    (f"{_ROUND}/units/<int:unit_id>/short", "round_short", short_of.members),
    (f"{_ROUND}/units/<int:unit_id>/undecided", "round_undecided", undecided.undecided),
    (f"{_ROUND}/scores/<key>", "round_score", grade_scores.score),
    (f"{_ROUND}/lists", "round_lists", grade_pages.lists),
    (f"{_ROUND}/lists.xlsx", "round_lists_xlsx", grade_pages.xlsx),
    (f"{_ROUND}/lists.docx", "round_lists_docx", grade_pages.docx),
    (f"{_ROUND}/lists.pdf", "round_lists_pdf", grade_pages.pdf),
    (f"{_ROUND}/compare", "round_compare", round_comparisons.page),
    (f"{_ROUND}/compared.{_DRAWN}", "round_compared", round_pictures.units),
    (f"{_ROUND}/units/<int:unit_id>/compare", "round_own", own_comparisons.of_unit),
    (f"{_ROUND}/units/<int:unit_id>/compared.{_DRAWN}", "round_own_compared", round_pictures.own),
    (f"{_ROUND}/members/<key>/compare", "round_member_own", own_comparisons.of_member),
    (f"{_ROUND}/members/<key>/compared.{_DRAWN}", "round_member_compared", round_pictures.own_of_member),
    (f"{_ROUND}/units/<int:unit_id>/distribution.{_DRAWN}", "round_distribution", round_pictures.distribution),
    (f"{_ROUND}/units/<int:unit_id>/trend.{_DRAWN}", "round_trend", round_pictures.trend),
    (f"{_ROUND}/units/<int:unit_id>/rounds.{_DRAWN}", "round_rounds", round_pictures.rounds),
    (f"{_ROUND}/units/<int:unit_id>/members.{_DRAWN}", "round_members", round_pictures.members),
    (f"{_ROUND}/members/<key>/trend.{_DRAWN}", "round_member_trend", round_pictures.member_trend),
    (_PERIOD, "period", periods.results),
    (f"{_PERIOD}/units/<int:unit_id>", "period_unit", periods.unit),
    (f"{_PERIOD}/units/<int:unit_id>/report.pdf", "period_pdf", period_files.pdf),
    (f"{_PERIOD}/units/<int:unit_id>/results.xlsx", "period_workbook", period_files.workbook),
    (f"{_PERIOD}/units/<int:unit_id>/results.csv", "period_table", period_files.table),
    (f"{_PERIOD}/members/<key>", "period_member", periods.member),
    (f"{_PERIOD}/units/<int:unit_id>/trend.{_DRAWN}", "period_trend", period_pictures.trend),
    (f"{_PERIOD}/members/<key>/trend.{_DRAWN}", "period_member_trend", period_pictures.member_trend),
    (_MEETING, "meeting", meetings.meeting),
    (f"{_MEETING}/targets/<key>", "target", meetings.target),
    (f"{_MEETING}/opinions", "opinions", meetings.opinions),
    (f"{_MEETING}/trackers", "trackers", meetings.trackers),
    (f"{_MEETING}/print", "printed", meetings.printed),
    (f"{_MEETING}/chart.{_KIND}", "chart", pictures.chart),
    (f"{_MEETING}/members.{_KIND}", "members", pictures.members),
    (f"{_MEETING}/targets/<key>.{_KIND}", "target_chart", pictures.target),
    (f"{_MEETING}/polls/<int:number>.{_KIND}", "poll", pictures.poll),
    (f"{_MEETING}/votes.csv", "votes", files.votes),
    (f"{_MEETING}/results.xlsx", "workbook", files.workbook),
    (f"{_MEETING}/results.csv", "table", files.table),
    (f"{_MEETING}/seal.json", "seal", files.seal),
    (f"{_MEETING}/handin", "handin", hand_ins.page),
    (f"{_MEETING}/handin.zip", "handin_file", hand_ins.file),
    (f"{_MEETING}/protocol.pdf", "protocol", protocols.pdf),
    (f"{_MEETING}/protocol.docx", "protocol_word", protocols.docx),
    (f"{_MEETING}/answers.csv", "answered", strips.answered),
    (f"{_MEETING}/answers.xlsx", "answers", strips.workbook),
    (f"{_MEETING}/codes.csv", "coded", strips.coded),
    (f"{_MEETING}/codebook.csv", "codebook", strips.codebook),
):
    BLUEPRINT.add_url_rule(_rule, _name, _view)
BLUEPRINT.add_url_rule("/handin", "checked", hand_in_checks.checked, methods=["POST"])
BLUEPRINT.add_url_rule(_BUNDLE, "bundles", bundles.page)
BLUEPRINT.add_url_rule(f"{_BUNDLE}.json", "bundle_state", bundles.state)
BLUEPRINT.add_url_rule(f"{_BUNDLE}.zip", "bundle_file", bundles.file)
BLUEPRINT.add_url_rule(_BUNDLE, "bundle_begin", bundles.begin, methods=["POST"])
BLUEPRINT.add_url_rule(f"{_BUNDLE}/stop", "bundle_stop", bundles.stop, methods=["POST"])
BLUEPRINT.register_error_handler(Refused, refused)
BLUEPRINT.register_error_handler(RequestEntityTooLarge, hand_in_checks.too_large)
BLUEPRINT.register_error_handler(NoResult, no_result)
BLUEPRINT.register_error_handler(strips.AlteredStrip, strips.altered)

BLUEPRINTS: tuple[Blueprint, ...] = (BLUEPRINT,)
