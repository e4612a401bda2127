"""Points that the office types for units and members of a published round."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "typed_scores",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("target", sa.String(length=40), nullable=False),
        sa.Column("source", sa.String(length=40), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("minute", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["gradings.round_id"], name=op.f("fk_typed_scores_round_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_typed_scores_unit_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_typed_scores_staff_id")),
        sa.PrimaryKeyConstraint("round_id", "target", "source", name=op.f("pk_typed_scores")),
    )
    op.create_index(op.f("ix_typed_scores_unit_id"), "typed_scores", ["unit_id"])
    op.create_table(
        "bonuses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("target", sa.String(length=40), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("minute", sa.DateTime(), nullable=False),
        sa.Column("settled_id", sa.Integer(), nullable=True),
        sa.Column("settled", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(["round_id"], ["gradings.round_id"], name=op.f("fk_bonuses_round_id")),
        sa.ForeignKeyConstraint(["unit_id"], ["units.id"], name=op.f("fk_bonuses_unit_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_bonuses_staff_id")),
        sa.ForeignKeyConstraint(["settled_id"], ["staff.id"], name=op.f("fk_bonuses_settled_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bonuses")),
    )
    op.create_index(op.f("ix_bonuses_round_id"), "bonuses", ["round_id"])


def downgrade() -> None:
    """Take back."""
    op.drop_table("bonuses")
    op.drop_table("typed_scores")
