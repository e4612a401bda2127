"""The memory. The only room that imports SQLAlchemy and Alembic."""
