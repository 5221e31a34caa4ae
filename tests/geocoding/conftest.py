"""The gazetteer that the tests of this folder ask: the one the environment names, else one built for the session."""

import os
from pathlib import Path

import pytest

from directory.geocoding.build import build
from directory.geocoding.gazetteer import Gazetteer, open_gazetteer

DATA = Path(__file__).resolve().parents[2] / "data"


@pytest.fixture(scope="session")
def gazetteer_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    named = os.environ.get("DIRECTORY_GAZETTEER", "")
    if named and Path(named).is_file():
        return Path(named)
    path = tmp_path_factory.mktemp("gazetteer") / "gazetteer.sqlite"
    build(path, DATA, lambda step: None)
    return path


@pytest.fixture(scope="session")
def gazetteer(gazetteer_path: Path) -> Gazetteer:
    opened = open_gazetteer(gazetteer_path)
    assert opened is not None
    return opened
