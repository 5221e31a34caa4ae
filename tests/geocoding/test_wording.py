"""Reading queries: the name, the country, the département, the postcode, the context."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from directory.geocoding.wording import Lexicon, Wording, read, trailing_country, without_opening
from directory.reference.keys import Side

COUNTRIES = {"mali": "ML", "senegal": "SN", "cote d ivoire": "CI", "syrie": "SY", "madagascar": "MG", "niger": "NE"}
DEPARTEMENTS = {"29": "Finistère", "93": "Seine-Saint-Denis", "2A": "Corse-du-Sud", "974": "La Réunion", "75": "Paris"}
LEXICON = Lexicon.of(COUNTRIES, DEPARTEMENTS)


def here(query: str) -> Wording:
    return read(query, LEXICON, Side.HERE)


def there(query: str) -> Wording:
    return read(query, LEXICON, Side.THERE)


@pytest.mark.parametrize(
    ("query", "main", "country"),
    [
        ("Alep (Syrie)", "alep", "SY"),
        ("Kayes, Mali", "kayes", "ML"),
        ("Tananarive – Madagascar", "tananarive", "MG"),
        ("Mali", "mali", None),
        ("Dianguirdé, région de Kayes au Mali", "dianguirde", "ML"),
        ("Bouaké, en Côte d’Ivoire", "bouake", "CI"),
    ],
)
def test_a_part_that_names_a_country_tells_the_country(query: str, main: str, country: str | None) -> None:
    wording = there(query)
    assert (wording.main, wording.country) == (main, country)


@pytest.mark.parametrize("query", ["Saint-Denis (93)", "Saint-Denis 93", "Saint-Denis, Seine-Saint-Denis"])
def test_a_departement_is_read_from_its_number_or_its_name(query: str) -> None:
    wording = here(query)
    assert (wording.main, wording.departement) == ("saint denis", "93")


def test_a_borough_is_not_a_departement() -> None:
    assert here("Paris 20").departement is None
    assert here("Paris 93").main == "paris 93"


def test_a_postcode_and_a_cedex_leave_the_name_alone() -> None:
    wording = here("29600 MORLAIX CEDEX 2")
    assert (wording.main, wording.postcode) == ("morlaix", "29600")


def test_the_corsican_numbers_are_read_in_any_case() -> None:
    assert here("Ajaccio (2a)").departement == "2A"


def test_what_follows_the_name_is_its_context() -> None:
    assert there("Diogué, Casamance").context == ["casamance"]


def test_administrative_words_in_front_tell_the_kind() -> None:
    text, preference = without_opening("region de kayes")
    assert text == "kayes"
    assert preference


def test_a_name_is_never_emptied_by_its_opening() -> None:
    assert without_opening("region") == ("region", None)
    assert without_opening("ville de")[0] != ""


def test_the_last_words_may_name_the_country() -> None:
    assert trailing_country("saint louis du senegal".split(), LEXICON) == ("SN", ["saint", "louis"])
    assert trailing_country("bamako".split(), LEXICON) == (None, ["bamako"])


@settings(deadline=None)
@given(st.text(max_size=300), st.sampled_from([None, *Side]))
def test_any_text_is_read_without_raising(query: str, side: Side | None) -> None:
    wording = read(query, LEXICON, side)
    assert wording.country is None or len(wording.country) == 2
    assert all(wording.context)


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(["Kayes", "(", ")", ",", "93", "Mali", "de la", "région de", "29600", "CEDEX", "–", "2A", "/"]),
        max_size=10,
    )
)
def test_any_heap_of_meaningful_words_is_read_without_raising(parts: list[str]) -> None:
    found = read(" ".join(parts), LEXICON, None)
    assert found.main == found.main.strip()
    assert found.country in {None, *LEXICON.countries.values()}
