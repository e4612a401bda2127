"""What the office typed for a published round, as the figures take it: exact, out of hundredths."""

from fractions import Fraction

from survey.actions.grades import Points
from survey.office.gradings import Typed


def exact(points: Points) -> Typed:
    """Scores and bonus points as fractions."""
    scores = {key: {source: Fraction(each, 100) for source, each in some.items()} for key, some in points.typed.items()}
    return Typed(scores, {key: Fraction(each, 100) for key, each in points.approved.points.items()})
