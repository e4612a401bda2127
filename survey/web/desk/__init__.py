"""The secretary and the office."""

from flask import Blueprint

from survey.web.desk import (
    accounts,
    contacts,
    counts,
    groups,
    home,
    invitations,
    journal,
    library,
    me,
    meetings,
    members,
    moves,
    questionnaires,
    rated,
    screens,
    slips,
    staff,
    stages,
    surveys,
    terms,
    trees,
    unit_choosers,
)

BLUEPRINTS: tuple[Blueprint, ...] = (
    staff.BLUEPRINT,
    invitations.BLUEPRINT,
    accounts.BLUEPRINT,
    me.BLUEPRINT,
    journal.BLUEPRINT,
    home.BLUEPRINT,
    # The acts on units add their addresses to the same one.
    trees.BLUEPRINT,
    contacts.BLUEPRINT,
    terms.BLUEPRINT,
    unit_choosers.BLUEPRINT,
    members.BLUEPRINT,
    moves.BLUEPRINT,
    questionnaires.BLUEPRINT,
    library.BLUEPRINT,
    meetings.BLUEPRINT,
    groups.BLUEPRINT,
    rated.BLUEPRINT,
    surveys.BLUEPRINT,
    slips.BLUEPRINT,
    screens.BLUEPRINT,
    stages.BLUEPRINT,
    counts.BLUEPRINT,
)
