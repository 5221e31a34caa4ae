"""Production refuses to serve the demonstration."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from config import Environment, Settings, UnsafeSettings
from directory.core.database import make_engine
from directory.web.safety import check_production


def settings_for(environment: Environment, folder: Path) -> Settings:
    return Settings(
        environment=environment,
        instance=folder,
        secret_key="kJ8v-Qz4Lr0xN2pWf7Tb1YcHs9Gd6Me3Ua5Ro",
        public_url="https://annuaire.example",
    )


def test_a_database_with_the_demonstration_is_refused_in_production_only(tmp_path: Path) -> None:
    production = settings_for(Environment.PRODUCTION, tmp_path)
    engine = make_engine(production.database_url)
    check_production(production, engine)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE reference_version (name TEXT PRIMARY KEY, digest TEXT)"))
        connection.execute(text("INSERT INTO reference_version VALUES ('territories', 'x')"))
    check_production(production, engine)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO reference_version VALUES ('demonstration', 'x')"))
    with pytest.raises(UnsafeSettings, match="demonstration"):
        check_production(production, engine)
    check_production(settings_for(Environment.DEVELOPMENT, tmp_path), engine)
    engine.dispose()
