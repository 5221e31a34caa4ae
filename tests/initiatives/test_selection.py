"""Filters, counts, search and links: the same selection everywhere, unpublished initiatives nowhere."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from directory.core.errors import BadFilter
from directory.core.geography import Box
from directory.geocoding.places import Place, Precision
from directory.initiatives import actors, portrait, results
from directory.initiatives.content import OrganisationContent
from directory.initiatives.filters import Filters, KnownValues, Sort, chips
from directory.initiatives.flows import flows
from directory.initiatives.index import Corpus, CorpusIndex
from directory.initiatives.operations import withdraw
from directory.initiatives.public import Card, PublicPlace
from directory.initiatives.vocabulary import Stage
from tests.factories import (
    ANTSIRABE,
    BORDEAUX,
    MORLAIX,
    PUERTO_LOPEZ,
    QUIMPER,
    SAINT_DENIS,
    SEGOU,
    SUVA,
    make_account,
    make_content,
    make_initiative,
    make_review,
)

KNOWN = KnownValues(
    sectors={"education": "Éducation"},
    goals={"4": "Éducation de qualité"},
    networks={"rbs": "Réseau"},
    actor_types={"association": "Association"},
    organisations={"amis": "Les Amis"},
    stages={"en-cours": "En cours"},
    territories={
        "c:29151": "Morlaix",
        "r:53": "Bretagne",
        "d:29": "Finistère",
        "p:MG": "Madagascar",
        "a:MG.33": "Vakinankaratra",
    },
)


def current(session: Session) -> Corpus:
    """The corpus that a request would see."""
    return CorpusIndex().current(session)


def closest(
    corpus: Corpus, session: Session, lon: float, lat: float, *, most: int = 3
) -> list[tuple[Card, PublicPlace, float]]:
    """The initiatives whose end here is nearest to a point."""
    place = Place(("c:29151",), "", "Ici même", "", lon, lat, Precision.COMMUNE, "FR")
    return portrait.closest(corpus, session, place, without=np.zeros(corpus.size, dtype=bool), most=most)


def titles(session: Session, **chosen: object) -> list[str]:
    """The titles of a selection, in order."""
    found = results.search(current(session), session, Filters(**chosen))  # type: ignore[arg-type]  # named in the test
    assert found.total == len(found.cards)
    return [card.title for card in found.cards]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("secteur", "astrologie"),
        ("odd", "18"),
        ("odd", "04"),
        ("pays", "XX"),
        ("pays", "mg"),
        ("region", "99"),
        ("departement", "29 "),
        ("reseau", "<script>"),
        ("acteur", "roi"),
        ("organisation", "inconnue"),
        ("etat", "ongoing"),
        ("depuis", "15"),
        ("depuis", "２０１５"),
        ("ici", "p:MG"),
        ("ici", "c:99999"),
        ("ici", "x"),
        ("labas", "c:29151"),
        ("labas", "p:FR"),
        ("bbox", "1,2,3"),
        ("bbox", "nan,0,1,1"),
        ("tri", "prix"),
        ("page", "0"),
        ("page", "-1"),
        ("page", "1e3"),
        ("page", "99999"),
        ("q", "a\x00b"),
        ("q", "\ud800"),
        ("q", "a" * 201),
    ],
)
def test_a_value_that_means_nothing_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(BadFilter) as refusal:
        Filters.parse(MultiDict([(name, value)]), KNOWN)
    assert refusal.value.name == name
    assert refusal.value.message.isprintable()


def test_a_key_that_is_no_filter_is_ignored() -> None:
    assert Filters.parse(MultiDict([("utm_source", "x"), ("is_admin", "1")]), KNOWN) == Filters()


@given(
    st.dictionaries(st.text(max_size=8) | st.sampled_from(["q", "ici", "bbox", "page", "depuis"]), st.text(max_size=30))
)
def test_any_query_string_is_read_or_refused_with_a_sentence(args: dict[str, str]) -> None:
    refused = ""
    try:
        Filters.parse(MultiDict(args.items()), KNOWN)
    except BadFilter as error:
        refused = error.message
    assert refused == refused.strip()


def test_an_address_comes_back_the_same_from_its_filters() -> None:
    query = [("q", "eau"), ("secteur", "education"), ("pays", "MG"), ("region", "53"), ("depuis", "2010")]
    query += [("ici", "c:29151"), ("labas", "v:1069166"), ("bbox", "-5,47,0,49"), ("tri", "titre"), ("page", "2")]
    filters = Filters.parse(MultiDict(reversed(query)), KNOWN)
    assert filters.to_query() == query
    assert Filters.parse(MultiDict(filters.to_query()), KNOWN) == filters


def test_each_chip_takes_off_one_choice_and_goes_back_to_page_one() -> None:
    filters = Filters(q="eau", regions=("53",), page=3)
    assert [(chip.label, chip.query_without) for chip in chips(filters, KNOWN)] == [
        ("« eau »", [("region", "53")]),
        ("Bretagne", [("q", "eau")]),
    ]


def test_values_of_one_facet_widen_and_facets_narrow(session: Session) -> None:
    make_initiative(session, title="A", here=(MORLAIX,), main_sector="education")
    make_initiative(session, title="B", here=(BORDEAUX,), main_sector="sante")
    make_initiative(session, title="C", here=(SAINT_DENIS,), main_sector="sante")
    assert titles(session, sectors=("education", "sante"), sort=Sort.TITLE) == ["A", "B", "C"]
    assert titles(session, sectors=("sante",), regions=("75",)) == ["B"]
    assert titles(session, regions=("53", "75"), sort=Sort.TITLE) == ["A", "B"]


def test_the_counts_of_a_facet_ignore_its_own_choice(session: Session) -> None:
    make_initiative(session, here=(MORLAIX,), main_sector="education")
    make_initiative(session, here=(QUIMPER,), main_sector="sante")
    make_initiative(session, here=(BORDEAUX,), main_sector="sante")
    found = results.search(current(session), session, Filters(regions=("53",), sectors=("sante",)))
    assert {facet.value: facet.count for facet in found.facets["secteur"]} == {"education": 1, "sante": 1}
    assert {facet.value: facet.count for facet in found.facets["region"]} == {"53": 1, "75": 1}


def test_an_initiative_with_two_places_in_one_territory_counts_once(session: Session) -> None:
    make_initiative(session, here=(MORLAIX, QUIMPER), there=(ANTSIRABE, PUERTO_LOPEZ))
    corpus = current(session)
    found = results.search(corpus, session, Filters())
    assert {facet.value: facet.count for facet in found.facets["departement"]} == {"29": 1}
    answer = flows(corpus, session, Filters(), level=1)
    assert [(answer.nodes[a].name, answer.nodes[b].name, n) for a, b, n in answer.flows] == [
        ("Bretagne", "Équateur", 1),
        ("Bretagne", "Madagascar", 1),
    ]
    assert answer.nodes[0].count == 1


def test_links_are_a_star_around_the_first_place_of_each_side(session: Session) -> None:
    make_initiative(session, here=(MORLAIX, QUIMPER), there=(ANTSIRABE, PUERTO_LOPEZ))
    card = results.search(current(session), session, Filters()).cards[0]
    assert [(here.name, there.name) for here, there in card.links] == [
        ("Morlaix", "Antsirabe"),
        ("Morlaix", "Puerto López"),
        ("Quimper", "Antsirabe"),
    ]


def test_a_place_there_coarser_than_the_level_keeps_its_own_node(session: Session) -> None:
    make_initiative(session, there=(SEGOU,))
    answer = flows(current(session), session, Filters(), level=3)
    assert {node.key for node in answer.nodes} == {"c:29151", "p:ML"}


def test_near_the_ground_only_links_that_touch_the_view_are_given_and_far_ends_are_coarse(session: Session) -> None:
    make_initiative(session, here=(MORLAIX,), there=(ANTSIRABE,))
    make_initiative(session, here=(BORDEAUX,), there=(ANTSIRABE,))
    answer = flows(current(session), session, Filters(), level=3, box=Box(-6, 47, 0, 49))
    assert {node.key for node in answer.nodes} == {"c:29151", "p:MG"}
    assert answer.total == 2, "the selection does not change with the view"


def test_links_across_the_antimeridian_are_in_the_pacific_view(session: Session) -> None:
    make_initiative(session, there=(SUVA,))
    answer = flows(current(session), session, Filters(), level=3, box=Box.parse("170,-30,190,0"))
    assert {node.key for node in answer.nodes} == {"r:53", "v:2198148"}


@pytest.mark.parametrize(
    "query",
    ["ecoles", "ÉCOLE", "jumelles ecoles", "mada", "antsirabe", "Amis du MONDE", "education", "l’école", "Finistère"],
)
def test_words_are_found_without_accents_or_case_in_title_places_and_actors(session: Session, query: str) -> None:
    make_initiative(session, title="Écoles jumelles", there=(ANTSIRABE,))
    assert titles(session, q=query) == ["Écoles jumelles"]


@pytest.mark.parametrize("query", ["girafe", "ecoles girafe", "!!!", '"', "l'eau OR", "-", "*", "NEAR("])
def test_words_that_are_not_there_find_nothing_and_never_fail(session: Session, query: str) -> None:
    make_initiative(session, title="Écoles jumelles")
    assert titles(session, q=query) == []


def test_a_word_of_the_title_comes_before_a_word_of_the_description(session: Session) -> None:
    make_initiative(session, title="Puits et savoirs", description="")
    make_initiative(session, title="Autre", description="On parle aussi de puits.")
    assert titles(session, q="puits") == ["Puits et savoirs", "Autre"]


def test_lists_are_sorted_by_name_and_by_distance(session: Session) -> None:
    for title, place in (("Zèbre", MORLAIX), ("École", BORDEAUX), ("abeille", SAINT_DENIS)):
        make_initiative(session, title=title, here=(place,))
    assert titles(session, sort=Sort.TITLE) == ["abeille", "École", "Zèbre"]
    assert titles(session, sort=Sort.NEAREST, bbox=Box(-6, 40, 3, 50))[0] == "École"


def test_pages_hold_everything_once(session: Session) -> None:
    for number in range(5):
        make_initiative(session, title=f"Initiative {number}")
    corpus = current(session)
    pages = [results.search(corpus, session, Filters(page=page), per_page=2) for page in (1, 2, 3, 4)]
    seen = [card.slug for page in pages for card in page.cards]
    assert (len(seen), len(set(seen)), pages[0].pages) == (5, 5, 3)


def test_nothing_unpublished_is_in_list_counts_links_figures_or_organisations(session: Session) -> None:
    secret = make_content(title="Secret", there=(ANTSIRABE,), carriers=(OrganisationContent("Ombre"),))
    make_review(session, secret)
    gone = make_initiative(
        session, make_content(title="Partie", there=(SUVA,), carriers=(OrganisationContent("Envol"),))
    )
    make_initiative(session, title="Visible")
    withdraw(session, gone, actor=make_account(session, curates="reseau-bretagne-solidaire"))
    corpus = current(session)
    everything = repr(
        [
            results.search(corpus, session, Filters()),
            results.everything(corpus, session, Filters(q="a")),
            results.figures(corpus, session, Filters()),
            actors.ActorsIndex().listing(corpus, session, actors.Choice(), page=1, per_page=100),
            closest(corpus, session, -3.8, 48.5),
            [flows(corpus, session, Filters(), level=level).to_json() for level in range(4)],
            dict(corpus.known.organisations),
        ]
    )
    assert "Visible" in everything
    for trace in ("Secret", "Ombre", "Partie", "Envol", "Suva", "Antsirabe", "v:1069166", "p:FJ'"):
        assert trace not in everything.replace(repr(dict(corpus.known.territories)), ""), trace


def test_a_worker_sees_a_publication_at_its_next_request_and_rebuilds_only_then(session: Session) -> None:
    index = CorpusIndex()
    before = index.current(session)
    assert index.current(session).columns is before.columns
    make_initiative(session)
    assert index.current(session).size == before.size + 1


def test_facet_counts_and_flows_equal_a_naive_count(session: Session) -> None:
    drawn = random.Random(4)  # noqa: S311  # a repeatable draw
    for _ in range(25):
        here = tuple(drawn.sample([MORLAIX, QUIMPER, BORDEAUX, SAINT_DENIS], drawn.randint(1, 3)))
        there = tuple(drawn.sample([ANTSIRABE, PUERTO_LOPEZ, SUVA, SEGOU], drawn.randint(1, 3)))
        make_initiative(session, here=here, there=there, stage=drawn.choice(list(Stage)))
    corpus = current(session)
    cards = results.everything(corpus, session, Filters())
    for attribute, letter in (("countries", "p:"), ("departements", "d:")):
        naive: dict[str, int] = {}
        for card in cards:
            for key in {key for place in (*card.here, *card.there) for key in place.keys if key.startswith(letter)}:
                naive[key.removeprefix(letter)] = naive.get(key.removeprefix(letter), 0) + 1
        assert corpus.counts(session, Filters(), attribute) == naive
    answer = flows(corpus, session, Filters(), level=1)
    expected: dict[tuple[str, str], set[str]] = {}
    for card in cards:
        for one, other in card.links:
            here_key = next(key for key in one.keys if key.startswith("r:"))
            expected.setdefault((here_key, other.keys[-1]), set()).add(card.slug)
    given = {(answer.nodes[a].key, answer.nodes[b].key): n for a, b, n in answer.flows}
    assert given == {pair: len(slugs) for pair, slugs in expected.items()}
    assert all(first[2] >= second[2] for first, second in pairwise(answer.flows))


def test_the_nearest_is_the_nearest_even_in_the_corner_of_a_box(session: Session) -> None:
    near = replace(MORLAIX, label="Près", lon=-3.0, lat=48.35)
    corners = [
        replace(MORLAIX, label=f"Coin {n}", lon=-3.0 + 0.45 * side, lat=48.0 + 0.45) for n, side in ((1, -1), (2, 1))
    ]
    for place in (*corners, near):
        make_initiative(session, here=(place,), title=place.label)
    found = closest(current(session), session, -3.0, 48.0, most=1)
    assert [(card.title, round(km)) for card, _, km in found] == [("Près", 39)]


def test_nearest_looks_across_the_antimeridian(session: Session) -> None:
    wallis = replace(MORLAIX, label="Wallis", keys=("z:WF",), lon=-176.2, lat=-13.3, precision="region")
    make_initiative(session, here=(wallis,))
    assert [round(km) for _, _, km in closest(current(session), session, 179.0, -13.3)] == [519]
