"""The secretary and the office."""

from flask import Blueprint

BLUEPRINTS: tuple[Blueprint, ...] = ()
