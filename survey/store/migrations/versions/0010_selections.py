"""The steps of a selection."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "selection_steps",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("at_meeting_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["at_meeting_id"], ["meetings.id"], name=op.f("fk_selection_steps_at_meeting_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name=op.f("fk_selection_steps_meeting_id")),
        sa.PrimaryKeyConstraint("meeting_id", "place", name=op.f("pk_selection_steps")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("selection_steps")
