"""What the gazetteer answers to people, and what it refuses to guess."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from geopy.exc import GeocoderQueryError
from geopy.location import Location
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from directory.geocoding.evaluation import Expected, ask, evaluate
from directory.geocoding.gazetteer import Gazetteer, open_gazetteer
from directory.geocoding.places import Precision, Verdict
from directory.reference.keys import Level, Side, parse_key

GOLD = Path(__file__).resolve().parents[2] / "data" / "geocoding" / "gold_dev.csv"


def test_real_queries_are_answered_as_well_as_promised(gazetteer: Gazetteer) -> None:
    figures = evaluate(gazetteer, GOLD)
    assert figures["ici"]["accuracy_at_1"] >= 0.97
    assert figures["labas"]["accuracy_at_1"] >= 0.90
    assert figures["ici"]["wrong_while_sure"] <= 0.01
    assert figures["labas"]["wrong_while_sure"] <= 0.03
    assert figures["ici"]["milliseconds_median"] < 20
    assert figures["labas"]["milliseconds_median"] < 20


@pytest.mark.parametrize(
    ("query", "side", "key"),
    [
        ("Morlaix", Side.HERE, "c:29151"),
        ("CC du Pays de Gex", Side.HERE, "e:240100750"),
        ("Rennes Métropole", Side.HERE, "e:243500139"),
        ("Finistère", Side.HERE, "d:29"),
        ("PACA", Side.HERE, "r:93"),
        ("Papeete", Side.HERE, "c:98735"),
        ("Bora Bora", Side.HERE, "c:98714"),
        ("Nouvelle-Calédonie", Side.HERE, "d:988"),
        ("Bamako", Side.THERE, "v:2460596"),
        ("St Louis du Sénégal", Side.THERE, "v:2246452"),
        ("région de Kayes, Mali", Side.THERE, "a:ML.03"),
        ("Cisjordanie", Side.THERE, "a:PS.WE"),
        ("Mali", Side.THERE, "p:ML"),
        ("Alep (Syrie)", Side.THERE, "v:170063"),
        ("Ouagadugu", Side.THERE, "v:2357048"),
    ],
)
def test_a_place_is_found_under_its_usual_name(gazetteer: Gazetteer, query: str, side: Side, key: str) -> None:
    assert gazetteer.find(query, side=side)[0].key == key


def test_a_commune_tells_all_that_holds_it(gazetteer: Gazetteer) -> None:
    place = gazetteer.find("Morlaix", side=Side.HERE)[0]
    assert place.keys == ("c:29151", "e:242900835", "d:29", "r:53", "z:FX")
    assert (place.label, place.kind, place.country, place.level) == (
        "Morlaix (Finistère)", "commune", "FR", Level.COMMUNE,
    )  # fmt: skip


def test_a_town_abroad_tells_its_division_and_its_country(gazetteer: Gazetteer) -> None:
    place = gazetteer.find("Kayes (Mali)", side=Side.THERE)[0]
    assert place.keys == ("v:2455518", "a:ML.03", "p:ML")
    assert place.label == "Kayes (Région de Kayes, Mali)"


def test_a_district_abroad_keeps_its_name_and_has_the_keys_of_its_region(gazetteer: Gazetteer) -> None:
    place = gazetteer.find("cercle de Bafoulabé, Mali", side=Side.THERE)[0]
    assert place.keys == ("a:ML.03", "p:ML")
    assert place.name == "Bafoulabé"
    assert place.precision is Precision.REGION


def test_a_town_comes_before_the_region_named_after_it_unless_the_region_is_asked_for(gazetteer: Gazetteer) -> None:
    assert gazetteer.find("Diourbel", side=Side.THERE)[0].level is Level.TOWN
    assert gazetteer.find("région de Diourbel", side=Side.THERE)[0].level is Level.DIVISION


def test_an_overseas_collectivity_is_here_and_not_there(gazetteer: Gazetteer) -> None:
    assert gazetteer.find("Vaitape", side=Side.HERE)[0].keys[-2:] == ("d:987", "z:PF")
    for name in ("Papeete", "Nouméa", "Mata-Utu"):
        assert all(place.country != "FR" for place in gazetteer.find(name, side=Side.THERE))


@pytest.mark.parametrize("name", ["Congo", "Guinée", "Corée", "Soudan", "Samoa", "Géorgie", "congo", "GUINEE"])
@pytest.mark.parametrize("side", [None, Side.THERE])
def test_a_name_of_several_countries_is_never_sure(gazetteer: Gazetteer, name: str, side: Side | None) -> None:
    assert gazetteer.find(name, side=side)[0].verdict is Verdict.AMBIGUOUS


def test_all_the_countries_of_a_shared_name_are_offered(gazetteer: Gazetteer) -> None:
    assert {"p:CG", "p:CD"} <= {place.key for place in gazetteer.find("Congo", side=Side.THERE)}
    assert {"p:GN", "p:GW", "p:GQ"} <= {place.key for place in gazetteer.find("Guinée", side=Side.THERE)}


@pytest.mark.parametrize(("name", "key"), [("RDC", "p:CD"), ("Congo-Brazzaville", "p:CG"), ("Guinée Conakry", "p:GN")])
def test_a_full_name_of_a_country_is_sure(gazetteer: Gazetteer, name: str, key: str) -> None:
    place = gazetteer.find(name, side=Side.THERE)[0]
    assert (place.key, place.verdict) == (key, Verdict.SURE)


@pytest.mark.parametrize(
    ("query", "key"), [("Troungoumbé (Mali)", "p:ML"), ("Diogué (Casamance)", "p:SN"), ("Xyzzyplugh, Togo", "p:TG")]
)
def test_an_unknown_place_is_never_a_look_alike_elsewhere(gazetteer: Gazetteer, query: str, key: str) -> None:
    place = gazetteer.find(query, side=Side.THERE)[0]
    assert (place.key, place.verdict) == (key, Verdict.APPROXIMATE)
    assert place.comment
    assert place.confidence <= 0.5


def test_an_unknown_hamlet_with_a_postcode_is_placed_on_its_commune_and_said_so(gazetteer: Gazetteer) -> None:
    place = gazetteer.find("Kerzzyplugh 29600", side=Side.HERE)[0]
    assert place.verdict is Verdict.APPROXIMATE
    assert "d:29" in place.keys


@pytest.mark.parametrize("query", ["", "   ", "…", "???", "12345678901", "مالي", "\ud800\x00", "x" * 301])
def test_what_names_nothing_finds_nothing_sure(gazetteer: Gazetteer, query: str) -> None:
    assert all(place.verdict is not Verdict.SURE for place in gazetteer.find(query))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.text(max_size=80), side=st.sampled_from([None, *Side]))
def test_any_text_is_answered_without_raising(gazetteer: Gazetteer, query: str, side: Side | None) -> None:
    for place in [*gazetteer.find(query, side=side), *gazetteer.suggest(query, 5, side)]:
        assert side is None or place.side is side
        assert all(parse_key(key) for key in place.keys)


def test_every_expected_place_of_the_sample_has_well_formed_keys(gazetteer: Gazetteer) -> None:
    for outcome in ask(gazetteer, [Expected("Saint-Denis", side, "FR", "", 0, 0, 0) for side in ("ici", "labas")]):
        for place in outcome.places:
            assert [parse_key(key) for key in place.keys] == list(place.keys)
            assert -180 <= place.lon <= 180
            assert -90 <= place.lat <= 90


def test_a_place_is_read_by_its_key(gazetteer: Gazetteer) -> None:
    known = [gazetteer.place(key) for key in ("e:243500139", "z:FX", "r:53", "d:988", "p:ML", "a:ML.03", "v:2460596")]
    assert [place.key for place in known if place] == [
        "e:243500139", "z:FX", "r:53", "d:988", "p:ML", "a:ML.03", "v:2460596",
    ]  # fmt: skip
    assert gazetteer.place("c:00000") is None


def test_suggestions_begin_as_what_is_typed(gazetteer: Gazetteer) -> None:
    assert "c:29151" in [place.key for place in gazetteer.suggest("morl", 5, Side.HERE)]
    assert gazetteer.suggest("bamak", 5, Side.THERE)[0].key == "v:2460596"


def test_the_nearest_place_of_a_point_is_found_across_the_antimeridian(gazetteer: Gazetteer) -> None:
    assert gazetteer.nearest(-3.83, 48.58)[0].key == "c:29151"
    assert gazetteer.nearest(-179.99, -16.9, radius_km=300)[0].country == "FJ"
    assert gazetteer.nearest(0.0, 0.0) == []


def test_geopy_gets_locations(gazetteer: Gazetteer) -> None:
    found = gazetteer.geocode("Bamako")
    assert isinstance(found, Location)
    assert found.raw["place"].key == "v:2460596"
    assert gazetteer.geocode("Bamako", country_codes="SN") is None
    several = gazetteer.geocode("Saint-Denis", exactly_one=False, limit=3)
    assert isinstance(several, list)
    assert len(several) == 3
    by_parts = gazetteer.geocode({"city": "Kayes", "country": "Mali"})
    assert isinstance(by_parts, Location)
    assert by_parts.raw["place"].key == "v:2455518"
    near = gazetteer.reverse((48.58, -3.83))
    assert isinstance(near, Location)
    assert near.raw["place"].key == "c:29151"


def test_geopy_refuses_what_is_not_a_query(gazetteer: Gazetteer) -> None:
    with pytest.raises(GeocoderQueryError):
        gazetteer.geocode("x" * 301)


def test_several_threads_ask_at_once(gazetteer: Gazetteer) -> None:
    names = ["Morlaix", "Ouagadugu", "Kayes (Mali)", "Saint-Denis (93)"] * 8
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda name: gazetteer.find(name)[0].key, names))
    assert answers == [gazetteer.find(name)[0].key for name in names]


def test_a_missing_file_is_no_gazetteer(tmp_path: Path) -> None:
    assert open_gazetteer(tmp_path / "none.sqlite") is None


@pytest.mark.parametrize("content", [b"", b"not a database", b"SQLite format 3\x00" + b"\x00" * 5000])
def test_a_damaged_file_is_no_gazetteer(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "damaged.sqlite"
    path.write_bytes(content)
    assert open_gazetteer(path) is None


def test_a_truncated_file_is_no_gazetteer(tmp_path: Path, gazetteer_path: Path) -> None:
    path = tmp_path / "truncated.sqlite"
    with gazetteer_path.open("rb") as source:
        path.write_bytes(source.read(1_000_000))
    assert open_gazetteer(path) is None


def test_another_database_is_no_gazetteer(tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE place(id INTEGER)")
    connection.close()
    assert open_gazetteer(path) is None
