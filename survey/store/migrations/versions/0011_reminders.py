"""Reminders: where an account's person wants to be reminded of a round."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("staff", sa.Column("email", sa.String(length=254), nullable=True))


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.drop_column("email")
