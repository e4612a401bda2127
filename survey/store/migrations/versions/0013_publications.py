"""Rounds that are published."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "publications",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("minute", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"]),
        sa.PrimaryKeyConstraint("round_id"),
    )
    op.create_table(
        "published_parts",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["publications.round_id"]),
        sa.PrimaryKeyConstraint("round_id", "name"),
    )


def downgrade() -> None:
    """Take back; a publication that went out as a file is still the file it was."""
    op.drop_table("published_parts")
    op.drop_table("publications")
    op.execute(sa.text("UPDATE meetings SET stage = 'counted' WHERE stage = 'published'"))
