"""The phone: anonymous, no account, no session, no record of people in sight."""

from flask import Blueprint

BLUEPRINTS: tuple[Blueprint, ...] = ()
