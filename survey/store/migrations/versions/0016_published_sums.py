"""Sums of published rounds beside their parts; those published before are filled in at the next start."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "published_indexes",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["publications.round_id"]),
        sa.PrimaryKeyConstraint("round_id", "name"),
    )
    op.create_table(
        "published_sheets",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["publications.round_id"]),
        sa.PrimaryKeyConstraint("round_id", "unit_id"),
    )


def downgrade() -> None:
    """Take back: they are made anew from the parts."""
    op.drop_table("published_sheets")
    op.drop_table("published_indexes")
