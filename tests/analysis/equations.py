"""Somebody who adds and subtracts published figures with whatever factors."""

from fractions import Fraction


def reach(figures: list[list[Fraction]], wanted: list[Fraction]) -> bool:
    """Whether a sum of figures with any factors gives `wanted`: elimination in whole fractions."""
    rows = [list(row) for row in figures]
    left = list(wanted)
    for column in range(len(left)):
        pivot = next((row for row in rows if row[column]), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        for row in (*rows, left):
            factor = row[column] / pivot[column]
            for at in range(len(left)):
                row[at] -= factor * pivot[at]
    return not any(left)
