"""The still map of the main flows: what it draws at each size, whatever the links; the page without script."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import combinations

from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from directory.initiatives.flows import FlowAnswer, Node
from directory.initiatives.vocabulary import Disclosure
from directory.pages.parts.world import FORMATS, WorldPicture, draw_world
from directory.stills.scene import DIAMOND
from tests.factories import ANTSIRABE, BORDEAUX, MORLAIX, QUIMPER, SEGOU, SUVA, make_initiative

longitudes = st.floats(-180, 180)
latitudes = st.floats(-60, 78)
places = st.tuples(st.text("abcÀéñ -’", max_size=31), longitudes, latitudes, st.integers(1, 9000))


@st.composite
def answers(draw: st.DrawFn) -> FlowAnswer:
    """Links between some zones here and some countries there, the busiest first."""
    here, there = (draw(st.lists(places, min_size=1, max_size=most)) for most in (6, 70))
    nodes = [Node(f"z:{at:02}", *one, 1) for at, one in enumerate(here)]
    nodes += [Node(f"p:{chr(65 + at // 26)}{chr(65 + at % 26)}", *one, 1) for at, one in enumerate(there)]
    pairs = st.tuples(st.integers(0, len(here) - 1), st.integers(len(here), len(nodes) - 1), st.integers(1, 900))
    flows = sorted(draw(st.lists(pairs, min_size=1, max_size=90)), key=lambda flow: -flow[2])
    return answer_of(nodes, flows)


def answer_of(nodes: list[Node], flows: list[tuple[int, int, int]]) -> FlowAnswer:
    """An answer that draws these."""
    return FlowAnswer(
        level=0,
        total=min(1, len(nodes)),
        countries=1,
        territories=1,
        keys=[node.key for node in nodes],
        names=[node.name for node in nodes],
        points=[(node.lon, node.lat) for node in nodes],
        counts=[node.count for node in nodes],
        degrees=[node.degree for node in nodes],
        areas=[],
        flows=flows,
        flows_total=len(flows),
    )


def boxes(picture: WorldPicture) -> list[tuple[float, float, float, float]]:
    """The boxes of the names, as the drawing reckons them."""
    half, letter = picture.format.sizes.line / 2, picture.format.text * 0.56
    return [(one.x, one.y - half, one.x + len(one.text) * letter, one.y + half) for one in picture.scene.names]


@settings(max_examples=60, deadline=None)
@given(found=answers())
def test_names_are_whole_apart_and_never_on_a_symbol(found: FlowAnswer) -> None:
    world = draw_world(found, is_shaded=False)
    assert [one.format for one in world.pictures] == list(FORMATS)
    for picture in world.pictures:
        assert len(picture.scene.ribbons) <= min(60, picture.format.links)
        named = boxes(picture)
        for left, top, right, bottom in named:
            assert left >= 0 < top
            assert right <= picture.format.width
            assert bottom <= picture.format.height
        for one, other in combinations(named, 2):
            assert one[0] >= other[2] or other[0] >= one[2] or one[1] >= other[3] or other[1] >= one[3]
        for symbol in picture.scene.symbols:
            for left, top, right, bottom in named:
                assert not (left < symbol.x < right and top < symbol.y < bottom)


@settings(max_examples=60, deadline=None)
@given(found=answers())
def test_what_counts_more_is_never_drawn_smaller_nor_one_side_larger_than_the_other(found: FlowAnswer) -> None:
    for picture in draw_world(found, is_shaded=True).pictures:
        widths = [ribbon.width for ribbon in picture.scene.ribbons]
        assert widths == sorted(widths, reverse=True)
        radii = {symbol.spot.count: symbol.r for symbol in picture.scene.symbols}
        assert [radii[count] for count in sorted(radii)] == sorted(radii.values())
        for symbol in picture.scene.symbols:
            assert symbol.reach == (symbol.r if symbol.is_here else symbol.r * DIAMOND)


def test_nothing_linked_draws_no_map() -> None:
    world = draw_world(answer_of([], []), is_shaded=False)
    assert (world.pictures, world.rows) == ((), ())


def without_script(client: FlaskClient, address: str) -> str:
    """The still map of the page, which only shows where there is no script."""
    hidden = "".join(re.findall(r"<noscript>(.*?)</noscript>", client.get(address).text, flags=re.DOTALL))
    return "".join(re.findall(r'<figure class="world".*?</figure>', hidden, flags=re.DOTALL))


def test_without_script_the_page_shows_and_says_the_main_flows(client: FlaskClient, session: Session) -> None:
    make_initiative(session, here=(QUIMPER,), there=(ANTSIRABE,))
    make_initiative(session, here=(BORDEAUX,), there=(SUVA,))
    shown = without_script(client, "/carte")
    assert shown.count("<svg") == len(FORMATS)
    assert "Deux initiatives relient la\u00a0France" in shown
    assert "linearGradient" not in shown, "ribbons are neutral until a territory is chosen"
    for name in ("Madagascar", "Fidji"):
        assert f">{name}</text>" in shown
    assert 'href="/carte?ici=z:FX&amp;labas=p:MG"' in shown


def test_the_still_map_follows_the_filters_of_the_address(client: FlaskClient, session: Session) -> None:
    make_initiative(session, here=(QUIMPER,), there=(ANTSIRABE,))
    make_initiative(session, here=(BORDEAUX,), there=(SUVA,))
    shown = without_script(client, "/carte?pays=MG")
    assert "Fidji" not in shown
    assert ">Bretagne</text>" in shown
    assert "linearGradient" in shown
    assert "<svg" not in without_script(client, "/carte?pays=SN")
    assert "<svg" not in without_script(client, "/carte?pays=ZZ")


def test_a_protected_place_is_its_country_on_the_still_map(client: FlaskClient, session: Session) -> None:
    make_initiative(session, here=(MORLAIX,), there=(replace(SEGOU, shown_as=Disclosure.COUNTRY),))
    for address in ("/carte", "/carte?labas=p:ML", "/carte?ici=c:29151"):
        shown = without_script(client, address)
        assert ">Mali</text>" in shown
        assert "gou" not in shown.lower()
        assert "ML.05" not in shown
