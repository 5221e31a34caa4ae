"""What the tests of the demonstration share: the real gazetteer, the folder of data."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from directory.demo import places
from directory.geocoding.gazetteer import Gazetteer

DATA = Path(__file__).resolve().parents[2] / "data"


@pytest.fixture
def gazetteer(app: Flask) -> Gazetteer:
    """The real gazetteer; script/test builds it and gives its path."""
    found = app.extensions["gazetteer"]
    if found is None and "DIRECTORY_GAZETTEER" not in os.environ:
        pytest.skip("no gazetteer: DIRECTORY_GAZETTEER is not set")
    assert isinstance(found, Gazetteer)
    return found


@pytest.fixture(scope="session")
def drawn(engine: Engine) -> places.Places:
    """The places that invented sheets are drawn from, read once: it takes seconds."""
    given = os.environ.get("DIRECTORY_GAZETTEER")
    if given is None:
        pytest.skip("no gazetteer: DIRECTORY_GAZETTEER is not set")
    with Session(engine) as session:
        return places.read(session, Path(given), DATA)
