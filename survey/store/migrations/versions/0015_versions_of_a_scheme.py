"""Every version of the rules of a planned round; what stands now is the first."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "scheme_versions",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("minute", sa.DateTime(), nullable=True),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["round_id"], ["rounds.id"]),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"]),
        sa.PrimaryKeyConstraint("round_id", "number"),
    )
    op.execute(sa.text("INSERT INTO scheme_versions (round_id, number, scheme) SELECT id, 1, scheme FROM rounds WHERE unit_id IS NOT NULL"))


def downgrade() -> None:
    """Take back; the rules in force stay in their round."""
    op.drop_table("scheme_versions")
