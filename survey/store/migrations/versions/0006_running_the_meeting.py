"""Running the meeting: a hall that pauses, and the moment at which a box is sealed by itself."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_BEFORE = "stage IN ('draft', 'open', 'closed', 'counted', 'published', 'void')"
_AFTER = "stage IN ('draft', 'open', 'paused', 'closed', 'counted', 'published', 'void')"


def upgrade() -> None:
    """Apply."""
    _stages(_AFTER, columns=[sa.Column("closing", sa.DateTime(), nullable=True)])


def downgrade() -> None:
    """Take back; a meeting that pauses takes ballots again."""
    op.execute("UPDATE meetings SET stage = 'open' WHERE stage = 'paused'")
    with op.batch_alter_table("meetings", schema=None) as batch_op:
        batch_op.drop_column("closing")
    _stages(_BEFORE, columns=[])


def _stages(rule: str, *, columns: list[sa.Column[object]]) -> None:
    # SQLite makes the table anew, and a table that is read back from it has no checks: there is none to take away.
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    with op.batch_alter_table("meetings", schema=None) as batch_op:
        for column in columns:
            batch_op.add_column(column)
        if not on_sqlite:
            batch_op.drop_constraint(op.f("ck_meetings_stage"), type_="check")
        batch_op.create_check_constraint(op.f("ck_meetings_stage"), rule)
