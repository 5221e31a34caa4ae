"""Which networks an initiative concerns, who acts for them, and the delay that each announces."""

from __future__ import annotations

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy.orm import Session

from directory.core.errors import InvalidText
from directory.networks.operations import set_usual_days
from directory.networks.queries import curated_networks, curators_of, get_network, networks_concerned
from tests.factories import BORDEAUX, MORLAIX, QUIMPER, SAINT_DENIS, make_account

BRETAGNE, AQUITAINE, NATIONAL = "reseau-bretagne-solidaire", "so-cooperation", "file-nationale"


@pytest.mark.parametrize(
    ("here", "slugs"),
    [
        ((MORLAIX,), [BRETAGNE, NATIONAL]),
        ((MORLAIX, QUIMPER), [BRETAGNE, NATIONAL]),
        ((BORDEAUX, MORLAIX), [AQUITAINE, BRETAGNE, NATIONAL]),
        ((SAINT_DENIS, MORLAIX), [NATIONAL, BRETAGNE]),
        ((), [NATIONAL]),
    ],
)
def test_the_networks_of_every_place_here_are_concerned_once_and_the_national_queue_always(
    session: Session, here: tuple[object, ...], slugs: list[str]
) -> None:
    concerned = networks_concerned(session, (anchor.keys for anchor in here))  # type: ignore[attr-defined]  # anchors
    assert [network.slug for network in concerned] == slugs


def test_who_acts_for_a_network_is_read_from_the_rows(session: Session) -> None:
    first, second = (make_account(session, curates=BRETAGNE) for _ in range(2))
    network = get_network(session, BRETAGNE)
    assert list(curators_of(session, network.id)) == [first, second]
    second.active = False
    session.flush()
    assert list(curators_of(session, network.id)) == [first]
    assert [one.slug for one in curated_networks(session, first.id)] == [BRETAGNE]
    assert curated_networks(session, make_account(session).id) == []


@pytest.mark.parametrize("days", [0, -1, 366])
def test_a_delay_is_counted_in_days_of_one_year_at_most(session: Session, days: int) -> None:
    with pytest.raises(InvalidText, match="de 1 à 365"):
        set_usual_days(session, get_network(session, BRETAGNE), days)


def test_a_network_announces_its_delay_from_the_command_line(app: Flask, session: Session) -> None:
    def run(*arguments: str) -> Result:
        return app.test_cli_runner().invoke(args=["networks", "delay", *arguments])

    assert "12 jours" in run(BRETAGNE, "12").output
    session.expire_all()
    assert get_network(session, BRETAGNE).usual_days == 12
    assert "délai non annoncé" in run(BRETAGNE, "0").output
    session.expire_all()
    assert get_network(session, BRETAGNE).usual_days is None
    assert run(BRETAGNE, "400").exit_code != 0
    assert run("ailleurs", "3").exit_code != 0
