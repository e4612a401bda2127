"""The meeting: members who are not rated this time, the chain of a meeting's acts, where a form led."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "left_out",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meetings.id"], name=op.f("fk_left_out_meeting_id")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_left_out_member_id")),
        sa.PrimaryKeyConstraint("meeting_id", "member_id", name=op.f("pk_left_out")),
    )
    with op.batch_alter_table("journal", schema=None) as batch_op:
        batch_op.add_column(sa.Column("link", sa.LargeBinary(length=32), nullable=True))
    with op.batch_alter_table("forms", schema=None) as batch_op:
        batch_op.alter_column("made", existing_type=sa.String(length=60), type_=sa.String(length=300))
        batch_op.create_index(batch_op.f("ix_forms_minute"), ["minute"], unique=False)


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("forms", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_forms_minute"))
        batch_op.alter_column("made", existing_type=sa.String(length=300), type_=sa.String(length=60))
    with op.batch_alter_table("journal", schema=None) as batch_op:
        batch_op.drop_column("link")
    op.drop_table("left_out")
