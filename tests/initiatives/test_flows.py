"""The links of the map: distinct initiatives counted at every level in any view, and nothing that is hidden."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from directory.core.geography import Box
from directory.initiatives import flows as flow
from directory.initiatives.filters import Filters
from directory.initiatives.flows import LEVELS, FlowAnswer, flows
from directory.initiatives.index import CorpusIndex
from directory.initiatives.models import Anchor
from directory.initiatives.operations import withdraw
from directory.initiatives.search import find
from directory.initiatives.vocabulary import Disclosure
from tests.factories import ANTSIRABE, MORLAIX, PUERTO_LOPEZ, SEGOU, make_account, make_initiative
from tests.initiatives import drawn as draw

RANKS = {letter: rank for letters in ("cedrz", "vap") for rank, letter in enumerate(letters)}

Points = dict[int, tuple[float, float]]
Couples = dict[tuple[str, str], set[int]]


def points_of(session: Session) -> Points:
    """Where every anchor is shown."""
    rows = session.execute(select(Anchor.id, func.ST_X(Anchor.geom), func.ST_Y(Anchor.geom)))
    return {one: (lon, lat) for one, lon, lat in rows}


def is_inside(point: tuple[float, float], box: Box) -> bool:
    """A point lies in a box."""
    lon, lat = point
    return box.south <= lat <= box.north and any(west <= lon <= east for west, east in box.ranges())


def key_at(anchor: Anchor, letter: str) -> str:
    """The territory of an anchor at a level; one coarser than the level keeps its own."""
    return next((key for key in anchor.keys if RANKS[key[0]] >= RANKS[letter]), anchor.keys[-1])


def naive(session: Session, ids: set[int], level: int, box: Box | None, points: Points) -> Couples:
    """Couples of territories with the initiatives that join them, one link after another."""
    found: Couples = {}
    for initiative, (here, there) in draw.ends_of(session, ids).items():
        star = [(here[0], end) for end in there] + [(end, there[0]) for end in here[1:]]
        for ends in star:
            seen = [box is None or level < 2 or is_inside(points[end.id], box) for end in ends]
            if any(seen):
                letters = [
                    fine if one else coarse for one, fine, coarse in zip(seen, LEVELS[level], LEVELS[1], strict=True)
                ]
                couple = (key_at(ends[0], letters[0]), key_at(ends[1], letters[1]))
                found.setdefault(couple, set()).add(initiative)
    return found


def assert_tells(answer: FlowAnswer, expected: Couples) -> None:
    """The answer holds these couples, with their initiatives, and each node its own."""
    keys = [node.key for node in answer.nodes]
    given_ = {(keys[here], keys[there]): count for here, there, count in answer.flows}
    assert given_ == {couple: len(ids) for couple, ids in expected.items()}
    assert answer.flows_total == len(expected)
    assert len(keys) == len(set(keys))
    for node in answer.nodes:
        around = [(couple, ids) for couple, ids in expected.items() if node.key in couple]
        assert (node.count, node.degree) == (len(set().union(*(ids for _, ids in around))), len(around)), node.key
    assert all(first[2] >= second[2] for first, second in pairwise(answer.flows))


WAYS = {
    "as it comes": {},
    "by numbered couples": {"FEW": 0},
    "by tables": {"FEW": 0, "SMALL_TABLE": 0, "SPARSE": 10**9},
    "by sparse tables": {"FEW": 0, "SMALL_TABLE": 0, "SPARSE": 0},
    "by sorting": {"SMALL_TABLE": 0},
}


@pytest.mark.parametrize("way", WAYS)
def test_flows_are_those_of_a_naive_count_at_any_level_in_any_view_under_any_filter(
    session: Session, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    for name, value in WAYS[way].items():
        monkeypatch.setattr(flow, name, value)
    draw.fill(session, 20, seed=20)
    corpus = CorpusIndex().current(session)
    points = points_of(session)
    dice = random.Random(21)  # noqa: S311  # a repeatable draw
    for turn in range(16):
        chosen = Filters() if turn < 4 else replace(draw.filters(dice), bbox=None)
        ids = draw.ids_in_sql(session, chosen, find(session, chosen.q).ids)
        for level in range(4):
            box = dice.choice([None, *draw.BOXES])
            answer = flows(corpus, session, chosen, level=level, box=box)
            assert answer.total == len(ids)
            assert_tells(answer, naive(session, ids, level, box, points))
            ends = [end for here, there in draw.ends_of(session, ids).values() for end in (*here, *there)]
            assert answer.countries == len({key for end in ends for key in end.keys if key.startswith("p:")})
            assert answer.territories == len({end.key for end in ends if end.side == "here"})


def test_codes_leave_the_narrow_columns_before_anything_is_reckoned_with_them(session: Session) -> None:
    make_initiative(session)
    corpus = CorpusIndex().current(session)
    for seen in (None, (corpus.here.inside(draw.BOXES[0]), corpus.there.inside(draw.BOXES[0]))):
        links = flow._ends(corpus, corpus.columns.links_of(corpus.select(session, Filters())), 3, seen)
        for couples in (
            flow._numbered(corpus, links),
            flow._gather(links),
            flow._scattered(links, links.here * 9, 400_000),
        ):
            assert {couples.here.dtype, couples.there.dtype, couples.weight.dtype} == {np.dtype(np.int64)}


def test_only_the_heaviest_links_are_given_and_the_number_of_all_is_told(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    draw.fill(session, 12, seed=22)
    corpus = CorpusIndex().current(session)
    everything = flows(corpus, session, Filters(), level=3)
    monkeypatch.setattr(flow, "MAX_FLOWS", (3, 3, 3, 3))
    few = flows(corpus, session, Filters(), level=3)
    assert (len(few.flows), few.flows_total) == (3, everything.flows_total)
    assert [count for *_, count in few.flows] == [count for *_, count in everything.flows][:3]
    monkeypatch.setattr(flow, "MAX_NODES", 2)
    assert {(len(one.flows), len(one.nodes)) for one in [flows(corpus, session, Filters(), level=3)]} == {(1, 2)}


def test_a_town_is_drawn_at_a_real_end_the_nearest_to_the_middle_of_its_links(session: Session) -> None:
    far, near = replace(MORLAIX, lon=-3.7, lat=48.6), replace(MORLAIX, lon=-3.82, lat=48.58)
    for place in (MORLAIX, MORLAIX, MORLAIX, near, far):
        make_initiative(session, here=(place,))
    answer = flows(CorpusIndex().current(session), session, Filters(), level=3)
    morlaix = next(node for node in answer.nodes if node.key == "c:29151")
    assert (morlaix.lon, morlaix.lat) == (-3.82, 48.58), "the mean is a point where nobody is; this end is the nearest"


def test_coarse_territories_are_drawn_at_their_centre_and_countries_never_together(session: Session) -> None:
    draw.fill(session, 20, seed=23)
    corpus = CorpusIndex().current(session)
    for level in range(4):
        nodes = flows(corpus, session, Filters(), level=level).nodes
        for node in nodes:
            if node.key[0] not in "cv":
                assert (node.lon, node.lat) == corpus.centre(node.key)
        countries = [(node.lon, node.lat) for node in nodes if node.key.startswith("p:")]
        assert len(countries) == len(set(countries))


def test_a_hidden_place_never_tells_where_it_is_at_any_level_in_any_view(session: Session) -> None:
    hidden = replace(ANTSIRABE, lon=46.123456, lat=-19.654321, shown_as=Disclosure.COUNTRY)
    make_initiative(session, here=(replace(MORLAIX, shown_as=Disclosure.REGION),), there=(hidden,))
    make_initiative(session, there=(SEGOU,))
    corpus = CorpusIndex().current(session)
    centres = {corpus.centre(key) for key in ("p:MG", "p:ML", "r:53", "z:FX")}
    around = Box(46.0, -20.0, 46.3, -19.5), Box(-7, 13, -6, 14), Box(-180, -90, 180, 90), None
    for level in range(4):
        for box in around:
            answer = flows(corpus, session, Filters(), level=level, box=box)
            shown = [node for node in answer.nodes if node.key not in ("c:29151", "d:29")]
            assert {(node.lon, node.lat) for node in shown} <= centres
            assert all(key not in repr(answer) for key in ("v:1069166", "a:MG.33", "v:2451185", "46.12", "-19.65"))
    assert flows(corpus, session, Filters(), level=3, box=around[0]).flows == []
    assert not corpus.select(session, Filters(bbox=around[0])).any()


def test_a_withdrawn_initiative_leaves_the_map_at_once(session: Session) -> None:
    gone = make_initiative(session, there=(ANTSIRABE,))
    make_initiative(session, there=(PUERTO_LOPEZ,))
    index = CorpusIndex()
    session.info.clear()
    assert flows(index.current(session), session, Filters(), level=3).total == 2
    withdraw(session, gone, actor=make_account(session, curates="reseau-bretagne-solidaire"))
    session.info.clear()  # as another session would see it
    for level in range(4):
        answer = flows(index.current(session), session, Filters(), level=level)
        assert answer.total == 1
        assert not {"v:1069166", "a:MG.33", "p:MG"} & {node.key for node in answer.nodes}


@pytest.mark.parametrize(
    "query",
    [
        "niveau=4",
        "niveau=-1",
        "niveau=1.0",
        "niveau=NaN",
        "niveau=٣",
        "niveau=0&niveau=x&niveau=9999999999999999999",
        "bbox=nan,0,1,1",
        "bbox=0,0,inf,1",
        "bbox=0,0,1e400,1",
        "bbox=0,40,1,30",
        "bbox=0,-91,1,30",
        "bbox=0,0,1,91",
        "bbox=-2000,0,1,1",
        "bbox=10,0,-800,1",
        "bbox=1,2,3",
        "bbox=1,2,3,4,5",
        "bbox=;DROP TABLE anchor",
        "ici=c:99999",
        "ici=p:MG",
        "ici=c:29151&labas=r:53",
        "labas=p:ZZ",
        "labas=v:0",
        "pays=FR'--",
        "secteur=astrologie",
        "depuis=0000",
        "q=%00",
        "&".join(["ici=c:29151"] * 10_000),
        "&".join(f"labas=v:{number}" for number in range(1, 10_000)),
        "bbox=" + "9" * 5_000,
    ],
    ids=lambda query: query[:30],
)
def test_what_means_nothing_is_refused_with_a_problem_and_no_query(
    client: FlaskClient, count_queries: list[str], query: str
) -> None:
    client.get("/carte/flux")  # the columns are there
    count_queries.clear()
    answer = client.get(f"/carte/flux?{query}")
    # « niveau » given several times: the first one counts, as everywhere. Ten thousand keys are too long an address.
    assert answer.status_code == (200 if query.startswith("niveau=0&") else 414 if len(query) > 9_000 else 400)
    if answer.status_code != 200:
        assert answer.content_type == "application/problem+json"
        assert set(answer.json or {}) == {"title", "detail", "status"}
        asked = [statement for statement in count_queries if statement.startswith("SELECT")]
        assert len(asked) <= 1, "a refusal reads the version of the corpus, no more"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    query=st.dictionaries(
        st.sampled_from(["niveau", "bbox", "ici", "labas", "pays", "region", "q", "depuis", "secteur", "page", "x"]),
        st.one_of(
            st.text(max_size=40),
            st.lists(st.floats(), min_size=3, max_size=5).map(lambda numbers: ",".join(map(str, numbers))),
            st.sampled_from(["0", "1", "2", "3", "c:29151", "p:MG", "v:1069166", "a:MG.33", "-6,47,0,49", "2015"]),
        ),
        max_size=4,
    )
)
def test_any_address_of_the_links_is_answered_or_refused(client: FlaskClient, query: dict[str, str]) -> None:
    answer = client.get("/carte/flux", query_string=query)
    assert answer.status_code in (200, 400)
    told = answer.get_json(force=True)
    if answer.status_code == 200:
        assert told["flows_shown"] == len(told["flows"]) // 3
        assert len(told["keys"]) == len(told["names"]) == len(told["lon"]) == len(told["counts"])
    else:
        assert told["status"] == 400


def test_the_answer_is_short_and_its_letters_are_not_escaped(client: FlaskClient, session: Session) -> None:
    draw.fill(session, 8, seed=24)
    answer = client.get("/carte/flux?niveau=0")
    assert "Équateur" in answer.text
    assert ", " not in answer.text
    assert answer.json is not None
    assert list(answer.json) == [
        *("level", "total", "countries", "territories", "flows_total", "flows_shown"),
        *("keys", "names", "lon", "lat", "counts", "degrees", "areas", "flows"),
    ]


def areas(answer: FlowAnswer) -> set[str]:
    """Keys of the ends that are told no finer."""
    return {node.key for node in answer.nodes if node.is_area}


def test_an_end_that_is_withheld_is_told_as_an_area_and_one_out_of_sight_is_not(session: Session) -> None:
    make_initiative(session, here=(MORLAIX,), there=(replace(PUERTO_LOPEZ, shown_as=Disclosure.COUNTRY),))
    make_initiative(session, here=(MORLAIX,), there=(ANTSIRABE,))
    corpus = CorpusIndex().current(session)
    assert areas(flows(corpus, session, Filters(), level=3)) == {"p:EC"}
    assert areas(flows(corpus, session, Filters(), level=2)) == {"p:EC"}
    assert areas(flows(corpus, session, Filters(), level=1)) == set(), "a country is what that level tells of all"
    bretagne = flows(corpus, session, Filters(), level=3, box=Box(-6, 47, 0, 49))
    assert "p:MG" in {node.key for node in bretagne.nodes}
    assert areas(bretagne) == {"p:EC"}
    assert bretagne.to_json()["areas"] == [[node.key for node in bretagne.nodes].index("p:EC")]
