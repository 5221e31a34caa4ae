"""What the settings alone cannot tell: a production site must not serve the demonstration."""

from __future__ import annotations

from sqlalchemy import Engine, inspect, text

from config import Settings, UnsafeSettings


def check_production(settings: Settings, engine: Engine) -> None:
    """Raise UnsafeSettings when the database of a production site holds demonstration data."""
    if not settings.is_production:
        return
    with engine.execution_options(readonly=True).connect() as connection:
        if not inspect(connection).has_table("reference_version"):
            return
        found = connection.execute(text("SELECT 1 FROM reference_version WHERE name = 'demonstration'")).first()
    if found:
        raise UnsafeSettings(
            "This database holds demonstration data: production refuses it. Give DIRECTORY_DATABASE_URL a new database."
        )
