"""Fields that hold more or other than one name: lists of places, coordinates, a place near another."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from directory.geocoding.coordinates import read_coordinates
from directory.geocoding.gazetteer import Gazetteer
from directory.geocoding.places import Precision, Verdict
from directory.reference.keys import Side


@pytest.mark.parametrize(
    ("query", "side", "keys"),
    [
        ("Kayes et Ségou", Side.THERE, ["v:2455518", "v:2451478"]),
        ("Kayes et Ségou (Mali)", Side.THERE, ["v:2455518", "v:2451478"]),
        ("Kayes et Ségou au Mali", Side.THERE, ["v:2455518", "v:2451478"]),
        ("Kayes & Ségou", Side.THERE, ["v:2455518", "v:2451478"]),
        ("Syrie / Liban", Side.THERE, ["p:SY", "p:LB"]),
        ("Mali, Sénégal et Mauritanie", Side.THERE, ["p:ML", "p:SN", "p:MR"]),
        ("Lille et Roubaix", Side.HERE, ["c:59350", "c:59512"]),
        ("Paris, Lyon et Marseille", Side.HERE, ["c:75056", "c:69123", "c:13055"]),
    ],
)
def test_each_place_of_a_list_is_returned_and_none_is_accepted_alone(
    gazetteer: Gazetteer, query: str, side: Side, keys: list[str]
) -> None:
    found = gazetteer.find(query, side=side)
    assert [place.key for place in found[: len(keys)]] == keys
    assert found[0].verdict is Verdict.AMBIGUOUS
    assert found[0].comment.startswith("Plusieurs lieux")
    assert [gazetteer.find(part, side=side)[0].key for part in gazetteer.parts(query, side=side)] == keys
    located = gazetteer.geocode(query, exactly_one=False, scope=side)
    assert isinstance(located, list)
    assert [place.raw["place"].key for place in located[: len(keys)]] == keys


@pytest.mark.parametrize(
    ("query", "side", "key"),
    [
        ("Trinité-et-Tobago", Side.THERE, "p:TT"),
        ("Sao Tomé et Principe", Side.THERE, "p:ST"),
        ("Bosnie et Herzégovine", Side.THERE, "p:BA"),
        ("Wallis et Futuna", Side.HERE, "d:986"),
        ("Eure et Loir", Side.HERE, "d:28"),
        ("Alep / Syrie", Side.THERE, "v:170063"),
        ("Bafoulabé, Kayes", Side.THERE, "v:2460755"),
        ("Saint-Denis, Réunion", Side.HERE, "c:97411"),
        ("Santa Cruz, Bolivie", Side.THERE, "v:3904906"),
    ],
)
def test_a_name_with_and_or_a_place_and_what_holds_it_is_no_list(
    gazetteer: Gazetteer, query: str, side: Side, key: str
) -> None:
    assert gazetteer.find(query, side=side)[0].key == key
    assert len(gazetteer.parts(query, side=side)) == 1


@pytest.mark.parametrize(
    ("query", "side", "parts"),
    [
        ("Lot et Garonne et Gers", Side.HERE, ["Lot et Garonne", "Gers"]),
        ("Saint-Pierre et Miquelon et Martinique", Side.HERE, ["Saint-Pierre et Miquelon", "Martinique"]),
        ("Ille et Vilaine", Side.THERE, ["Ille et Vilaine"]),
        ("Mali, Sénégal", Side.THERE, ["Mali", "Sénégal"]),
        ("Kita, Nioro et Yélimané (Mali)", Side.THERE, ["Kita (Mali)", "Nioro (Mali)", "Yélimané (Mali)"]),
        ("Abidjan et Bouaké en Côte d’Ivoire", Side.THERE, ["Abidjan, en Côte d’Ivoire", "Bouaké, en Côte d’Ivoire"]),
        ("Kaolack, Dakar, Thiès, Kayes, Ségou, Gao et Tombouctou", Side.THERE, 7),
        ("14.69 / -17.44", Side.THERE, ["14.69 / -17.44"]),
        ("", Side.THERE, [""]),
    ],
)
def test_the_words_of_each_place_are_those_that_were_typed(
    gazetteer: Gazetteer, query: str, side: Side, parts: list[str] | int
) -> None:
    found = gazetteer.parts(query, side=side)
    assert (len(found) if isinstance(parts, int) else found) == parts


def test_a_list_with_an_unknown_name_is_read_as_one_query(gazetteer: Gazetteer) -> None:
    for query in ("Kayes et Xyzzyplugh", "", "x" * 301):
        assert gazetteer.parts(query, side=Side.THERE) == [query]
    assert gazetteer.find("") == gazetteer.find("x" * 301) == []


@pytest.mark.parametrize(
    ("text", "lat", "lon"),
    [
        ("14.69, -17.44", 14.69, -17.44),
        ("14,69 ; -17,44", 14.69, -17.44),
        ("(48.5778 -3.8279)", 48.5778, -3.8279),
        ("14.69 N, 17.44 O", 14.69, -17.44),
        ("17.44 W 14.69 N", 14.69, -17.44),
        ("14°41'24\"N 17°26'24\"W", 14.69, -17.44),
        ("lat: 14.69, lon: -17.44", 14.69, -17.44),
        ("-178.5 -13.3", -13.3, -178.5),
    ],
)
def test_coordinates_typed_as_text_are_read(text: str, lat: float, lon: float) -> None:
    point = read_coordinates(text)
    assert point is not None
    assert (round(point.lat, 4), round(point.lon, 4)) == (lat, lon)


@pytest.mark.parametrize(
    "text", ["29 35", "75001 2", "Paris 20", "14.69", "95.5, 185.2", "1.2.3, 4.5", "", "12.5, 13.5, 14.5"]
)
def test_what_is_no_point_is_not_read_as_one(text: str) -> None:
    assert read_coordinates(text) is None


def test_coordinates_are_understood_and_asked_back(gazetteer: Gazetteer) -> None:
    place = gazetteer.find("14.69, -17.44", side=Side.THERE)[0]
    assert (place.lat, place.lon, place.precision, place.verdict) == (
        14.69, -17.44, Precision.POINT, Verdict.PROBABLE,
    )  # fmt: skip
    assert "p:SN" in place.keys
    assert "14,69°\u00a0N, 17,44°\u00a0O" in place.comment


def test_swapped_coordinates_are_noticed(gazetteer: Gazetteer) -> None:
    place = gazetteer.find("-3.83, 48.58", side=Side.HERE)[0]
    assert (place.key, place.lat, place.lon) == ("c:29151", 48.58, -3.83)
    assert "inversées" in place.comment


def test_coordinates_at_sea_are_no_place(gazetteer: Gazetteer) -> None:
    assert all(place.verdict is not Verdict.SURE for place in gazetteer.find("0.01, -30.01"))


def test_an_unknown_place_near_a_known_one_is_placed_there_and_said_so(gazetteer: Gazetteer) -> None:
    place = gazetteer.find("Xyzzyplugh, à 7 km d’Antalaha (Madagascar)", side=Side.THERE)[0]
    assert (place.name, place.verdict) == ("Antalaha", Verdict.APPROXIMATE)
    place = gazetteer.find("Xyzzyplugh près de Kayes", side=Side.THERE)[0]
    assert place.verdict is Verdict.APPROXIMATE
    assert "a:ML.03" in place.keys


@pytest.mark.parametrize("name", ["Racca", "Zaporijia", "Ségou", "Kayes", "Diourbel"])
def test_a_bare_name_of_a_region_and_of_its_town_is_never_sure(gazetteer: Gazetteer, name: str) -> None:
    found = gazetteer.find(name, side=Side.THERE)
    assert found[0].verdict is not Verdict.SURE
    assert len({place.level for place in found}) > 1


@pytest.mark.parametrize(
    ("former", "key"),
    [
        ("Tananarive", "v:1070940"), ("Léopoldville", "v:2314302"), ("Fort-Lamy", "v:2427123"), ("Bône", "v:2506999"),
        ("Constantinople", "v:745044"), ("Leningrad", "v:498817"), ("Haute-Volta", "p:BF"), ("Zaïre", "p:CD"),
    ],
)  # fmt: skip
def test_a_name_of_the_past_leads_to_the_place_of_today(gazetteer: Gazetteer, former: str, key: str) -> None:
    assert gazetteer.find(former, side=Side.THERE)[0].key == key


@pytest.mark.parametrize(
    "query", ["29600 MORLAIX CEDEX", "Morlaix Cedex 9", "MORLAIX CEDEX (29)", "29607 Morlaix cedex"]
)
def test_a_cedex_is_no_part_of_the_name(gazetteer: Gazetteer, query: str) -> None:
    assert gazetteer.find(query, side=Side.HERE)[0].key == "c:29151"


PIECES = ["Kayes", "Ségou", " et ", " / ", ", ", "(Mali)", "Syrie", "à 7 km de ", "&", ";", "14.69", "-17.44", "°", "N",
          "OR 1=1 --", '"', "NEAR(", "*", "🙂", "مالي", "\u202e", "\x00", "'", "CEDEX", "29600"]  # fmt: skip


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pieces=st.lists(st.sampled_from(PIECES), max_size=14), side=st.sampled_from([None, *Side]))
def test_any_heap_of_pieces_is_answered_without_raising(
    gazetteer: Gazetteer, pieces: list[str], side: Side | None
) -> None:
    query = "".join(pieces)
    for place in [*gazetteer.find(query, side=side), *gazetteer.suggest(query, 5, side)]:
        assert side is None or place.side is side
    for part in gazetteer.parts(query, side=side):
        gazetteer.find(part, side=side)


@given(st.text(max_size=60))
def test_any_text_is_a_point_on_earth_or_none(text: str) -> None:
    point = read_coordinates(text)
    assert point is None or (abs(point.lat) <= 90 and abs(point.lon) <= 180)
