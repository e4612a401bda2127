"""The secretary and the office."""

from flask import Blueprint

from survey.web.desk import counts, groups, home, meetings, screens, slips, staff, stages, units

BLUEPRINTS: tuple[Blueprint, ...] = (
    staff.BLUEPRINT,
    home.BLUEPRINT,
    units.BLUEPRINT,
    meetings.BLUEPRINT,
    groups.BLUEPRINT,
    slips.BLUEPRINT,
    screens.BLUEPRINT,
    stages.BLUEPRINT,
    counts.BLUEPRINT,
)
