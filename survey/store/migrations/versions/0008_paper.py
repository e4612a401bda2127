"""Forms on paper: keyed once, how many were read, how many spoiled."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "keyed",
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_keyed_group_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name=op.f("fk_keyed_meeting_id")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_keyed")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_keyed_meeting_id"), "keyed", ["meeting_id"], unique=False)
    op.create_table(
        "readings",
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("forms", "alone", "settled")),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_readings_group_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name=op.f("fk_readings_meeting_id")),
        sa.PrimaryKeyConstraint("group_id", name=op.f("pk_readings")),
    )
    op.create_index(op.f("ix_readings_meeting_id"), "readings", ["meeting_id"], unique=False)
    op.create_table(
        "spoils",
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=10), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("forms", "answers")),
        sa.ForeignKeyConstraint(["group_id"], ["groups.id"], name=op.f("fk_spoils_group_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name=op.f("fk_spoils_meeting_id")),
        sa.PrimaryKeyConstraint("group_id", "reason", name=op.f("pk_spoils")),
    )
    op.create_index(op.f("ix_spoils_meeting_id"), "spoils", ["meeting_id"], unique=False)


def downgrade() -> None:
    """Take back."""
    for table in ("spoils", "readings", "keyed"):
        op.drop_table(table)
