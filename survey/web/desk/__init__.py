"""The secretary and the office."""

from flask import Blueprint

from survey.web.desk import (
    accounts,
    adoptions,
    batches,
    bonuses,
    candidates,
    closings,
    contacts,
    counts,
    grade_endings,
    grades,
    groups,
    home,
    invitations,
    journal,
    keyings,
    library,
    loose_rounds,
    me,
    meetings,
    members,
    moves,
    paper_forms,
    places,
    publications,
    questionnaires,
    rated,
    rated_units,
    rehearsals,
    reminders,
    rounds,
    schemes,
    score_files,
    scores,
    screens,
    selections,
    slips,
    staff,
    stages,
    surveys,
    terms,
    trees,
    unit_choosers,
    units,
)

# Modules about one noun add their addresses to the same blueprint.
BLUEPRINTS: tuple[Blueprint, ...] = tuple(
    dict.fromkeys(module.BLUEPRINT for module in (
        staff, invitations, accounts, me, journal, home, units, trees, contacts, terms, unit_choosers, members, moves,
        questionnaires, library, meetings, groups, rated, candidates, selections, places, rated_units, surveys, slips,
        paper_forms, keyings, screens, stages, rehearsals, closings, counts, rounds, batches, reminders, publications, schemes,
        grades, grade_endings, adoptions, scores, score_files, bonuses, loose_rounds,
    ))
)  # fmt: skip
