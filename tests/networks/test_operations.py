"""The networks and what they cover."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from directory.core.errors import NotFound
from directory.initiatives.queries import corpus_version
from directory.networks.operations import appoint, load, set_usual_days
from directory.networks.queries import all_networks, curated_network_ids, get_network, network_in_charge
from tests.factories import make_account

DATA = Path(__file__).resolve().parents[2] / "data"


def test_loading_the_list_again_changes_nothing(session: Session) -> None:
    before = [(network.slug, [one.territory_key for one in network.coverages]) for network in all_networks(session)]
    assert load(session, DATA) == 0
    after = [(network.slug, [one.territory_key for one in network.coverages]) for network in all_networks(session)]
    assert before == after


def test_a_list_that_changed_makes_every_public_page_new_and_one_that_did_not_leaves_them(session: Session) -> None:
    before = corpus_version(session)
    load(session, DATA)
    assert corpus_version(session) == before
    get_network(session, "so-cooperation").name = "Ancien nom"
    session.flush()
    assert load(session, DATA) == 1
    assert corpus_version(session) == before + 1
    network = get_network(session, "so-cooperation")
    network.coverages.remove(network.coverages[0])
    session.flush()
    assert load(session, DATA) == 1
    assert corpus_version(session) == before + 2
    set_usual_days(session, get_network(session, "so-cooperation"), 12)
    assert corpus_version(session) == before + 3


def test_the_national_queue_is_last_and_covers_nothing(session: Session) -> None:
    last = all_networks(session)[-1]
    assert last.is_national
    assert last.coverages == []


@pytest.mark.parametrize(
    ("keys", "slug"),
    [
        (("c:29151", "e:242900835", "d:29", "r:53", "z:FX"), "reseau-bretagne-solidaire"),
        (("d:33", "r:75", "z:FX"), "so-cooperation"),
        (("r:11", "z:FX"), "file-nationale"),
        (("z:PF",), "file-nationale"),
    ],
)
def test_each_territory_has_its_network_or_the_national_queue(
    session: Session, keys: tuple[str, ...], slug: str
) -> None:
    assert network_in_charge(session, keys).slug == slug


def test_appointing_twice_is_appointing_once(session: Session) -> None:
    account = make_account(session)
    network = get_network(session, "so-cooperation")
    assert appoint(session, account, network) is appoint(session, account, network)
    assert curated_network_ids(session, account.id) == {network.id}


def test_an_unknown_network_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound):
        get_network(session, "rien")
