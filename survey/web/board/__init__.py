"""Results, for leaders."""

from flask import Blueprint

BLUEPRINTS: tuple[Blueprint, ...] = ()
