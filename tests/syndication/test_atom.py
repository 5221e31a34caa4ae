"""A feed is valid XML and valid Atom whatever its texts hold."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from directory.initiatives.public import Card, NamedOrganisation, PublicPlace
from directory.initiatives.vocabulary import Role
from directory.reference.keys import Side
from directory.syndication.atom import ATOM, GEORSS, Entry, Feed, clean, write

NOW = dt.datetime(2026, 11, 22, 10, 30, 15, tzinfo=dt.UTC)
HERE = PublicPlace(
    Side.HERE, "c:29232", ("c:29232", "d:29"), "Quimper", "Finistère", "commune", -4.1, 48.0, "commune", False
)
THERE = replace(
    HERE, side=Side.THERE, key="v:1", keys=("v:1", "p:MG"), name="Antsirabe", context="Madagascar", lon=47.0
)
CARD = Card(
    slug="des-journaux",
    title="Des journaux",
    summary="On collecte des journaux.",
    language="fr",
    here=(HERE,),
    there=(THERE,),
    carriers=(NamedOrganisation("mada", "Mada-Breizh", Role.CARRIER, None, ""),),
    main_sector="Éducation",
    sectors=("Éducation",),
    stage="en cours",
    stage_on=None,
    since_year=2005,
    origin="carrier",
    is_sector_by_site=False,
    published_on=NOW.date(),
    updated_on=NOW.date(),
)


def feed(*cards: Card, **changes: str) -> etree._Element:
    """A feed as a reader sees it."""
    entries = [Entry(card, f"https://ici.example/initiatives/{card.slug}", NOW, NOW) for card in cards]
    told = {
        "title": "Quimper et le monde",
        "subtitle": "Les dernières fiches.",
        "address": "https://ici.example/initiatives.atom?ici=c:29232&q=a",
        "page": "https://ici.example/initiatives?ici=c:29232&q=a",
        "author": "Ici & Là-bas",
        "icon": "https://ici.example/mark.svg",
    }
    return etree.fromstring(write(Feed(**(told | changes), changed_at=NOW, entries=entries)))


def texts(root: etree._Element, path: str) -> list[str | None]:
    """What the elements of a path say."""
    return [one.text for one in root.findall(path, {"a": ATOM, "g": GEORSS})]


def test_a_feed_has_what_the_standard_asks_for() -> None:
    root = feed(CARD)
    for name in ("id", "title", "updated"):
        assert len(texts(root, f"a:{name}")) == 1, name
        assert len(texts(root, f"a:entry/a:{name}")) == 1, name
    assert texts(root, "a:updated") == texts(root, "a:entry/a:updated") == ["2026-11-22T10:30:15Z"]
    assert texts(root, "a:entry/a:author/a:name") == ["Mada-Breizh"]
    assert texts(root, "a:entry/a:id") == ["https://ici.example/initiatives/des-journaux"]
    links = {one.get("rel"): one.get("href") for one in root.findall("a:link", {"a": ATOM})}
    assert links == {
        "self": "https://ici.example/initiatives.atom?ici=c:29232&q=a",
        "alternate": "https://ici.example/initiatives?ici=c:29232&q=a",
    }


def test_an_entry_tells_both_ends_in_words_and_as_points() -> None:
    root = feed(CARD)
    assert texts(root, "a:entry/a:summary") == [
        "Quimper (Finistère) et Antsirabe (Madagascar). On collecte des journaux."
    ]
    assert texts(root, "a:entry/g:point") == ["48.0 -4.1", "48.0 47.0"], "latitude first"


def test_a_position_that_is_not_ours_to_give_is_left_out() -> None:
    card = replace(CARD, there=(replace(THERE, is_open=False),))
    assert texts(feed(card), "a:entry/g:point") == ["48.0 -4.1"]


def test_an_empty_feed_is_still_dated() -> None:
    assert texts(feed(), "a:updated") == ["2026-11-22T10:30:15Z"]


@given(st.text(st.characters(exclude_categories=["Cs"])), st.text(max_size=40))
def test_no_text_breaks_the_feed(text: str, other: str) -> None:
    places = (replace(HERE, name=text), replace(HERE, context=other))
    carriers = (NamedOrganisation("x", text, Role.CARRIER, None, ""),)
    card = replace(
        CARD, title=text, summary=other, language=other, here=places, there=(THERE,), carriers=carriers, sectors=(text,)
    )
    root = feed(card, CARD, title=text)
    assert len(root.findall("a:entry", {"a": ATOM})) == 2
    assert (texts(root, "a:entry/a:title")[0] or "").split() == clean(text).split()
