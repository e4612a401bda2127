"""Planned rounds: a unit, days and a plan; and every meeting with its own questionnaire."""

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_STAGES = "stage IN ('draft', 'open', 'paused', 'closed', 'counted', 'published', 'void')"
_UNPLANNED = sa.text("unit_id IS NULL")
_OF_ITS_ROUND = (
    "UPDATE meetings SET questionnaire_id = (SELECT questionnaire_id FROM rounds WHERE rounds.id = meetings.round_id)"
)


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("rounds", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_rounds_period_questionnaire_id"), type_="unique")
        batch_op.add_column(sa.Column("unit_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("starts_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("ends_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("plan", sa.Text(), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_rounds_unit_id"), "units", ["unit_id"], ["id"])
        batch_op.create_index(batch_op.f("ix_rounds_unit_id"), ["unit_id"], unique=False)
    op.create_index(
        "ix_rounds_unplanned", "rounds", ["period", "questionnaire_id"], unique=True,
        sqlite_where=_UNPLANNED, postgresql_where=_UNPLANNED,
    )
    op.add_column("meetings", sa.Column("questionnaire_id", sa.Integer(), nullable=True))
    op.execute(_OF_ITS_ROUND)
    with op.batch_alter_table("meetings", schema=None) as batch_op:
        batch_op.alter_column("questionnaire_id", existing_type=sa.Integer(), nullable=False)
        batch_op.create_foreign_key(batch_op.f("fk_meetings_questionnaire_id"), "questionnaires", ["questionnaire_id"], ["id"])
        batch_op.create_index(batch_op.f("ix_meetings_questionnaire_id"), ["questionnaire_id"], unique=False)
        _keep_check(batch_op)


def downgrade() -> None:
    """Take back."""
    with op.batch_alter_table("meetings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_meetings_questionnaire_id"))
        batch_op.drop_constraint(batch_op.f("fk_meetings_questionnaire_id"), type_="foreignkey")
        batch_op.drop_column("questionnaire_id")
        _keep_check(batch_op)
    op.drop_index("ix_rounds_unplanned", table_name="rounds")
    with op.batch_alter_table("rounds", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rounds_unit_id"))
        batch_op.drop_constraint(batch_op.f("fk_rounds_unit_id"), type_="foreignkey")
        for column in ("plan", "ends_on", "starts_on", "unit_id"):
            batch_op.drop_column(column)
        batch_op.create_unique_constraint(batch_op.f("uq_rounds_period_questionnaire_id"), ["period", "questionnaire_id"])


def _keep_check(batch_op: BatchOperations) -> None:
    """SQLite makes the table anew, and a table that is read back from it has no checks."""
    if op.get_bind().dialect.name == "sqlite":
        batch_op.create_check_constraint(op.f("ck_meetings_stage"), _STAGES)
