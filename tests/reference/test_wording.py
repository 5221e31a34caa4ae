"""French wording of places, numbers and distances."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from directory.reference import wording

COUNTRIES = Path(__file__).parents[2] / "data" / "territories" / "countries.csv"
FRENCH = frozenset(["FR", "GP", "MQ", "GF", "RE", "YT", "PM", "BL", "MF", "WF", "PF", "NC", "TF"])


@pytest.mark.parametrize(
    ("key", "name", "expected"),
    [
        ("p:MG", "Madagascar", "à Madagascar"),
        ("p:SN", "Sénégal", "au Sénégal"),
        ("p:KM", "Comores", "aux Comores"),
        ("p:CN", "Chine", "à la Chine"),
        ("p:EC", "Équateur", "à l’Équateur"),
        ("p:CI", "Côte d’Ivoire", "à la Côte d’Ivoire"),
        ("p:HT", "Haïti", "à Haïti"),
        ("p:US", "États-Unis", "aux États-Unis"),
        ("p:CD", "RD Congo", "à la RD Congo"),
        ("p:CD", "Congo-Kinshasa", "au Congo-Kinshasa"),
        ("p:PS", "Territoires palestiniens", "aux Territoires palestiniens"),
        ("p:PS", "Palestine", "à la Palestine"),
        ("p:FM", "Micronésie", "à la Micronésie"),
        ("v:1", "Le Caire", "au Caire"),
        ("v:1", "Les Cayes", "aux Cayes"),
        ("v:1", "La Paz", "à La Paz"),
        ("c:76351", "Le Havre", "au Havre"),
        ("z:FX", "Hexagone et Corse", "à l’Hexagone et à la Corse"),
        ("a:ML.01", "Région de Kayes", "à la région de Kayes"),
        ("e:1", "Communauté d’agglomération Morlaix Communauté", "à Morlaix Communauté"),
        ("e:1", "Communauté de communes de l’Estuaire", "à la communauté de communes de l’Estuaire"),
        ("e:1", "Communauté de communes Le Grésivaudan", "au Grésivaudan"),
        ("a:EC.14", "Manabí", "à Manabí"),
    ],
)
def test_an_initiative_links_toward_a_place_with_its_article(key: str, name: str, expected: str) -> None:
    assert wording.plain(wording.toward(key, name)) == expected


@pytest.mark.parametrize(
    ("key", "name", "expected"),
    [
        ("c:29202", "Plouigneau", "à Plouigneau"),
        ("d:29", "Finistère", "dans le Finistère"),
        ("d:22", "Côtes-d’Armor", "dans les Côtes-d’Armor"),
        ("d:35", "Ille-et-Vilaine", "dans l’Ille-et-Vilaine"),
        ("d:34", "Hérault", "dans l’Hérault"),
        ("d:75", "Paris", "à Paris"),
        ("d:974", "La Réunion", "à La Réunion"),
        ("d:971", "Guadeloupe", "en Guadeloupe"),
        ("r:53", "Bretagne", "en Bretagne"),
        ("r:32", "Hauts-de-France", "dans les Hauts-de-France"),
        ("r:44", "Grand Est", "dans le Grand Est"),
        ("p:MG", "Madagascar", "à Madagascar"),
        ("p:CN", "Chine", "en Chine"),
        ("p:SN", "Sénégal", "au Sénégal"),
        ("z:FX", "Hexagone et Corse", "dans l’Hexagone et en Corse"),
    ],
)
def test_an_initiative_is_within_a_place_with_its_preposition(key: str, name: str, expected: str) -> None:
    assert wording.plain(wording.within(key, name)) == expected


@pytest.mark.parametrize(
    ("key", "name", "expected"),
    [
        ("c:29232", "Quimper", "de Quimper"),
        ("v:1", "Antsirabe", "d’Antsirabe"),
        ("d:29", "Finistère", "du Finistère"),
        ("d:22", "Côtes-d’Armor", "des Côtes-d’Armor"),
        ("r:53", "Bretagne", "de la Bretagne"),
        ("p:EC", "Équateur", "de l’Équateur"),
    ],
)
def test_a_thing_is_of_a_place_with_its_article(key: str, name: str, expected: str) -> None:
    assert wording.plain(wording.of(key, name)) == expected


def test_every_country_reads_as_french() -> None:
    with COUNTRIES.open(encoding="utf-8", newline="") as file:
        rows = [(row.get("iso2") or row.get("code") or row["country"], row.get("nom_fr") or row["name"])
                for row in csv.DictReader(file)]  # fmt: skip
    assert len(rows) >= 225
    for code, name in rows:
        if code in FRENCH:
            continue
        phrase = wording.plain(wording.toward(f"p:{code}", name))
        first = name[0].lower()
        assert phrase.startswith(("à ", "au ", "aux ")), phrase
        if first in "aàâeéèêiîoôuù":
            assert not phrase.startswith(("au ", "à la ")), phrase
        if name.split()[0].endswith("s") and name.split()[0] in {"Îles", "États-Unis", "Émirats", "Territoires"}:
            assert phrase.startswith("aux "), phrase
        is_plain_feminine = name.endswith(("ie", "ée"))
        if is_plain_feminine and first not in "aàâeéèêiîoôuù" and code not in {"ST"}:
            assert phrase.startswith(("à la ", "à ")), phrase
            assert not phrase.startswith("au "), phrase


def said(count: int, here: list[tuple[str, str]], countries: list[tuple[str, str]]) -> str:
    return wording.plain(wording.sentence_of_links(count, here, countries))


def test_the_sentence_of_the_home_page_names_up_to_four_countries() -> None:
    quimper = [("c:29232", "Quimper")]
    both = [("p:MG", "Madagascar"), ("p:CN", "Chine")]
    assert said(2, quimper, both) == "Deux initiatives relient Quimper à Madagascar et à la Chine"
    assert said(1, [("r:53", "Bretagne")], [("p:SN", "Sénégal")]) == ("Une initiative relie la Bretagne au Sénégal")
    five = [(f"p:{code}", code) for code in ("ML", "SN", "BJ", "TG", "NE")]
    assert said(17, [("d:29", "Finistère")], five) == "17 initiatives relient le Finistère à cinq pays"
    assert said(3, [], [("p:KM", "Comores")]) == "Trois initiatives relient la France aux Comores"


@pytest.mark.parametrize(
    ("km", "expected"),
    [(0.2, "moins d’un kilomètre"), (13.6, "14\u00a0km"), (999, "999\u00a0km"), (9126, "9\u202f100\u00a0km")],
)
def test_distances_are_rounded_as_people_say_them(km: float, expected: str) -> None:
    assert wording.distance(km) == expected


def test_the_mainland_and_its_island_each_have_their_article() -> None:
    assert wording.plain(wording.named("z:FX", "Hexagone et Corse")) == "l’Hexagone et la Corse"
    assert wording.plain(wording.of("z:FX", "Hexagone et Corse")) == "de l’Hexagone et de la Corse"


def test_an_article_or_a_preposition_stays_on_the_line_of_its_name() -> None:
    assert wording.named("r:53", "Bretagne") == "la\u00a0Bretagne"
    assert wording.toward("p:SN", "Sénégal") == "au\u00a0Sénégal"
    assert wording.toward("p:CN", "Chine") == "à\u00a0la\u00a0Chine"
    assert wording.toward("v:1", "Le Caire") == "au\u00a0Caire"
    assert wording.toward("p:MG", "Madagascar") == "à\u00a0Madagascar"
    assert wording.of("p:EC", "Équateur") == "de\u00a0l’Équateur"
    assert wording.within("p:CN", "Chine") == "en\u00a0Chine"
    assert wording.within("d:29", "Finistère") == "dans le\u00a0Finistère"
    assert wording.named("z:FX", "Hexagone et Corse") == "l’Hexagone et la\u00a0Corse"
    assert wording.sentence_of_links(3, [], [("p:KM", "Comores")]) == (
        "Trois initiatives relient la\u00a0France aux\u00a0Comores"
    )
