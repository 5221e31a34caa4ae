"""What the directory says of a selection."""

from __future__ import annotations

from directory.core.geography import Box
from directory.initiatives.filters import Filters, KnownValues, Sort
from directory.initiatives.public import Facet, Results
from directory.pages import selection

KNOWN = KnownValues(
    territories={"r:53": "Bretagne", "d:29": "Finistère", "p:MG": "Madagascar", "p:ML": "Mali", "c:29232": "Quimper"}
)


def results(filters: Filters, total: int, countries: tuple[str, ...] = ("MG",)) -> Results:
    """Results without cards."""
    facets = tuple(Facet(code, KNOWN.territories[f"p:{code}"], 1, False) for code in countries)
    return Results(filters, KNOWN, total, 1, 1, (), {"pays": facets})


def test_a_selection_is_told_as_a_sentence() -> None:
    assert selection.title(results(Filters(), 2, ("MG", "ML"))) == (
        "Deux initiatives relient la France à Madagascar et au Mali"
    )
    several = Filters(regions=("53",), here=("c:29232",), countries=("ML",))
    assert selection.title(results(several, 1)) == "Une initiative relie la Bretagne et Quimper au Mali"
    assert selection.title(results(Filters(q="eau", departements=("29",)), 3)) == (
        "Trois initiatives parlent de «\u00a0eau\u00a0» dans le Finistère"
    )


def test_nothing_found_is_an_open_question() -> None:
    assert selection.title(results(Filters(), 0)) == "Aucune initiative connue. Vous en connaissez une\u00a0?"
    assert selection.title(results(Filters(regions=("53",)), 0)) == (
        "Aucune initiative connue en Bretagne. Vous en connaissez une\u00a0?"
    )


def test_orders_are_offered_only_where_they_mean_something() -> None:
    offered = [order.query for order in selection.orders(Filters())]
    assert offered == [[("tri", "recent")], [("tri", "titre")]]
    near = selection.orders(Filters(bbox=Box(-5, 47, -1, 49), sort=Sort.NEAREST))
    assert [order.is_chosen for order in near] == [False, True, False]
    assert selection.orders(Filters(q="eau"))[0].is_chosen


def test_the_form_keeps_what_it_does_not_show() -> None:
    filters = Filters(q="eau", regions=("53",), since=2001, here=("c:29232",), sort=Sort.TITLE, page=3)
    assert selection.kept(filters) == [("ici", "c:29232"), ("tri", "titre")]
