"""What the directory says of a selection."""

from __future__ import annotations

from directory.core.geography import Box
from directory.initiatives.filters import Filters, KnownValues, Sort
from directory.initiatives.results import Facet, Results
from directory.pages.parts import selection

KNOWN = KnownValues(
    territories={"r:53": "Bretagne", "d:29": "Finistère", "p:MG": "Madagascar", "p:ML": "Mali", "c:29232": "Quimper"}
)


def results(filters: Filters, total: int, countries: tuple[str, ...] = ("MG",)) -> Results:
    """Results without cards."""
    facets = tuple(Facet(code, KNOWN.territories[f"p:{code}"], 1, False) for code in countries)
    return Results(filters, KNOWN, total, 1, 1, (), {"pays": facets})


def test_a_selection_is_told_as_a_sentence() -> None:
    assert selection.title(results(Filters(), 2, ("MG", "ML"))) == (
        "Deux initiatives relient la\u00a0France à\u00a0Madagascar et au\u00a0Mali"
    )
    several = Filters(regions=("53",), here=("c:29232",), countries=("ML",))
    assert selection.title(results(several, 1)) == "Une initiative relie la\u00a0Bretagne et Quimper au\u00a0Mali"
    assert selection.title(results(Filters(q="eau", departements=("29",)), 3)) == (
        "Trois initiatives parlent de «\u00a0eau\u00a0» dans le\u00a0Finistère"
    )


def test_nothing_found_is_an_open_question() -> None:
    assert selection.title(results(Filters(), 0)) == "Aucune initiative connue. Vous en connaissez une\u00a0?"
    assert selection.title(results(Filters(regions=("53",)), 0)) == (
        "Aucune initiative connue en\u00a0Bretagne. Vous en connaissez une\u00a0?"
    )


def test_what_else_was_chosen_is_told_after_the_places() -> None:
    filters = Filters(sectors=("sante",), stages=("en-cours", "terminee"), since=2015, here=("r:53",), there=("p:ML",))
    assert selection.title(results(filters, 38)) == (
        "38 initiatives relient la\u00a0Bretagne au\u00a0Mali, en santé, en cours ou terminées, commencées depuis 2015"
    )
    assert selection.title(results(Filters(sectors=("a", "b"), goals=("4",), there=("p:MG",)), 1)) == (
        "Une initiative relie la\u00a0France à\u00a0Madagascar, dans deux domaines, avec les filtres choisis"
    )
    assert selection.title(results(Filters(q="eau", here=("r:53",), there=("p:ML",), sectors=("sante",)), 2)) == (
        "Deux initiatives parlent de «\u00a0eau\u00a0» entre la\u00a0Bretagne et le\u00a0Mali, en santé"
    )


def test_a_view_is_told_with_the_places_chosen_or_alone() -> None:
    box = Box(-5, 47, -1, 49)
    assert selection.title(results(Filters(bbox=box), 38)) == "38 initiatives dans la partie visible de la carte"
    assert selection.title(results(Filters(bbox=box, there=("p:ML",), sectors=("sante",)), 3)) == (
        "Trois initiatives relient la\u00a0France au\u00a0Mali, dans la partie visible de la carte, en santé"
    )


def test_nothing_between_two_places_names_both() -> None:
    assert selection.title(results(Filters(here=("r:53",), there=("p:ML",)), 0)) == (
        "Aucune initiative connue entre la\u00a0Bretagne et le\u00a0Mali. Vous en connaissez une\u00a0?"
    )
    assert selection.title(results(Filters(countries=("ML", "MG"), regions=("53",)), 0)) == (
        "Aucune initiative connue entre la\u00a0Bretagne et le\u00a0Mali ou Madagascar. Vous en connaissez une\u00a0?"
    )
    assert selection.title(results(Filters(there=("p:ML",), stages=("terminee",)), 0)) == (
        "Aucune initiative connue au\u00a0Mali, terminée. Vous en connaissez une\u00a0?"
    )


def test_the_places_of_a_sentence_are_marked_by_their_side() -> None:
    told = selection.sentence(results(Filters(there=("p:MG",)), 38))
    assert [(part.text, part.mark) for part in told if part.mark] == [
        ("38", "count"), ("la\u00a0France", "here"), ("à\u00a0Madagascar", "there"),
    ]  # fmt: skip


def test_orders_are_offered_only_where_they_mean_something() -> None:
    offered = [order.query for order in selection.orders(Filters())]
    assert offered == [[("tri", "recent")], [("tri", "titre")]]
    near = selection.orders(Filters(bbox=Box(-5, 47, -1, 49), sort=Sort.NEAREST))
    assert [order.is_chosen for order in near] == [False, True, False]
    assert selection.orders(Filters(q="eau"))[0].is_chosen


def test_the_form_keeps_what_it_does_not_show() -> None:
    filters = Filters(q="eau", regions=("53",), since=2001, here=("c:29232",), sort=Sort.TITLE, page=3)
    assert selection.kept(filters) == [("ici", "c:29232"), ("tri", "titre")]
