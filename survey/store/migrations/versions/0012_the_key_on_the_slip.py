"""The key of a box on the scrutineer's slip alone, and whether it was read back from there."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_NAMES = ("key_on_slip", "rehearsed")


def upgrade() -> None:
    """Apply."""
    for name in _NAMES:
        op.add_column("meetings", sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    """Take back; a box whose key stands on a slip alone can then only be made void."""
    with op.batch_alter_table("meetings", schema=None) as batch_op:
        for name in _NAMES:
            batch_op.drop_column(name)
