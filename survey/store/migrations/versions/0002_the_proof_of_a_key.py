"""The proof of a key: an HMAC beside the public key of a meeting, so that an exchanged key is noticed."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply. Boxes in use get their proof at the next start, where their key lies."""
    with op.batch_alter_table("meetings", schema=None) as batch_op:
        batch_op.add_column(sa.Column("key_proof", sa.LargeBinary(length=32), nullable=True))


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("meetings", schema=None) as batch_op:
        batch_op.drop_column("key_proof")
