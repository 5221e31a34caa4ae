"""The first links of the map come in its page: the same that its script would ask for."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from directory.pages.parts import opening
from tests.conftest import ROOT
from tests.factories import ANTSIRABE, BORDEAUX, MORLAIX, PUERTO_LOPEZ, QUIMPER, SUVA, make_initiative


def told(client: FlaskClient, address: str) -> dict[str, Any] | None:
    """What the page of the map says of its links, for its script."""
    found = re.search(r'<script type="application/json" data-opening>(.*?)</script>', client.get(address).text, re.S)
    return json.loads(found[1]) if found else None


def asked(client: FlaskClient, query: str) -> Any:
    """What /carte/flux answers."""
    return client.get(f"/carte/flux?{query}").get_json()


@pytest.fixture
def links(session: Session) -> None:
    """Two initiatives; one has two ends on both sides."""
    make_initiative(session, title="Deux écoles </script>", here=(MORLAIX, QUIMPER), there=(PUERTO_LOPEZ, SUVA))
    make_initiative(session, title="Bords de Garonne", here=(BORDEAUX,), there=(ANTSIRABE,))


@pytest.mark.usefixtures("links")
@pytest.mark.parametrize(
    ("address", "query"),
    [
        ("/carte", "niveau=1"),
        ("/integrer/carte", "niveau=1"),
        ("/carte?q=Garonne", "niveau=1&q=Garonne"),
        ("/carte?ici=r:53", "niveau=1&ici=r:53"),
        ("/carte?ici=d:29", "niveau=2&ici=d:29"),
        ("/carte?ici=r:53&labas=p:EC", "niveau=3&ici=r:53&labas=p:EC"),
    ],
)
def test_the_page_holds_the_links_that_its_map_draws_first(client: FlaskClient, address: str, query: str) -> None:
    assert told(client, address) == asked(client, query)


@pytest.mark.usefixtures("links")
@pytest.mark.parametrize("address", ["/carte?vue=6/48/-3", "/carte?bbox=-5,47,-1,49", "/carte?ici=rien"])
def test_a_page_that_cannot_know_the_view_or_means_nothing_holds_no_link(client: FlaskClient, address: str) -> None:
    assert told(client, address) is None


def test_a_full_world_is_told_by_zones_and_a_dense_link_by_departements(
    client: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_initiative(session, here=(QUIMPER, BORDEAUX), there=(ANTSIRABE, SUVA))
    monkeypatch.setattr(opening, "CROWDED", 2)
    monkeypatch.setattr(opening, "MOST_STRANDS", 0)
    assert told(client, "/carte") == asked(client, "niveau=0")
    assert told(client, "/carte?ici=r:53&labas=p:FJ") == asked(client, "niveau=2&ici=r:53&labas=p:FJ")


def test_the_page_follows_the_rules_of_the_script() -> None:
    script = Path(ROOT / "static" / "js" / "map" / "flows.js").read_text("utf-8")
    assert f"CROWDED = {{ [REGION]: {opening.CROWDED}," in script
    assert f"MOST_STRANDS = {opening.MOST_STRANDS};" in script
    levels = re.search(r"LEVEL_OF = \{([^}]*)\}", script)
    assert levels
    pairs = (pair.split(":") for pair in levels[1].split(","))
    assert {key.strip(): int(level) for key, level in pairs} == opening._FINEST
