"""Grades of published rounds."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "gradings",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("ended", sa.DateTime(), nullable=True),
        sa.Column("put_right_by", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["round_id"], ["publications.round_id"], name=op.f("fk_gradings_round_id")),
        sa.PrimaryKeyConstraint("round_id", name=op.f("pk_gradings")),
    )
    op.create_table(
        "decisions",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("target", sa.String(length=40), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("grade", sa.String(length=40), nullable=False),
        sa.Column("result", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("minute", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["gradings.round_id"], name=op.f("fk_decisions_round_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_decisions_unit_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_decisions_staff_id")),
        sa.PrimaryKeyConstraint("round_id", "target", name=op.f("pk_decisions")),
    )
    op.create_index(op.f("ix_decisions_unit_id"), "decisions", ["unit_id"])
    op.create_table(
        "overruns",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("minute", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["gradings.round_id"], name=op.f("fk_overruns_round_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_overruns_unit_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_overruns_staff_id")),
        sa.PrimaryKeyConstraint("round_id", "unit_id", name=op.f("pk_overruns")),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("overruns")
    op.drop_table("decisions")
    op.drop_table("gradings")
