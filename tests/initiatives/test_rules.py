"""What is asked before sending, what is doubted, what is hidden."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.initiatives.content import AnchorContent, OrganisationContent, PartnerContent, SourceContent
from directory.initiatives.rules import Known, check, doubts, is_web_address, named_partners, shown_as, shown_key
from directory.initiatives.vocabulary import Agreement, Disclosure, Origin
from tests.factories import ANTSIRABE, MORLAIX, PUERTO_LOPEZ, QUIMPER, SEGOU, make_content

TODAY = dt.date(2026, 11, 22)
KNOWN = Known(
    sectors=frozenset({"education", "sante", "energie", "ecsi"}),
    goals=frozenset(range(1, 18)),
    publics=frozenset({"jeunes", "femmes", "aines", "enfants", "ecoles", "habitants"}),
    needs=frozenset({"benevoles", "conseil"}),
    actor_types=frozenset({"association"}),
    vigilance=frozenset({"ML", "BF", "NE", "PS"}),
    centres={"c:29151": (-3.83, 48.58), "p:ML": (-4.0, 17.0), "a:ML.05": (-6.2, 13.9), "a:EC.14": (-80.0, -0.9)},
    names={
        **{key: key for anchor in (MORLAIX, QUIMPER, ANTSIRABE) for key in anchor.keys},
        "p:ML": "Mali",
        "a:ML.05": "Ségou",
        "p:EC": "Équateur",
        "a:EC.14": "Manabí",
    },
)


def fields(**changes: object) -> set[str]:
    """The fields at which a content must be mended."""
    return {problem.field for problem in check(make_content(**changes), KNOWN, today=TODAY)}


def test_a_complete_content_has_nothing_to_mend() -> None:
    assert check(make_content(), KNOWN, today=TODAY) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": "  "}, "title"),
        ({"title": "a" * 121}, "title"),
        ({"summary": ""}, "summary"),
        ({"summary": "Deux\x00villes"}, "summary"),
        ({"description": "a" * 20_001}, "description"),
        ({"description": "\ud800"}, "description"),
        ({"carriers": ()}, "carriers"),
        ({"carriers": (OrganisationContent(" "),)}, "carriers"),
        ({"carriers": (OrganisationContent("A", "inconnu"),)}, "carriers"),
        ({"carriers": (OrganisationContent("A", website="javascript:alert(1)"),)}, "carriers"),
        ({"partners": (PartnerContent("A\x1b"),)}, "partners"),
        ({"here": ()}, "here"),
        ({"here": (MORLAIX,) * 6}, "here"),
        ({"here": (PUERTO_LOPEZ,)}, "here"),
        ({"here": (replace(MORLAIX, keys=("c:abcde",)),)}, "here"),
        ({"here": (replace(MORLAIX, keys=()),)}, "here"),
        ({"here": (replace(MORLAIX, keys=("c:29151",)),)}, "here"),
        ({"here": (replace(MORLAIX, keys=("z:FX", "c:29151")),)}, "here"),
        ({"here": (replace(MORLAIX, precision="au pif"),)}, "here"),
        ({"there": (replace(SEGOU, keys=("v:2451185",)),)}, "there"),
        ({"there": (replace(SEGOU, keys=("v:2451185", "a:ML.99", "p:ML")),)}, "there"),
        ({"there": (replace(SEGOU, keys=("p:ML", "a:ML.05")),)}, "there"),
        ({"there": (replace(SEGOU, verdict="certain"),)}, "there"),
        ({"language": "x" * 60}, "language"),
        ({"language": 'fr"><script>'}, "language"),
        ({"here": (replace(MORLAIX, label="Mor\x07laix"),)}, "here"),
        ({"there": ()}, "there"),
        ({"there": (MORLAIX,)}, "there"),
        ({"there": (PUERTO_LOPEZ,) * 11}, "there"),
        ({"there": (replace(PUERTO_LOPEZ, lon=math.nan),)}, "there"),
        ({"there": (replace(PUERTO_LOPEZ, lat=90.0000001),)}, "there"),
        ({"there": (replace(PUERTO_LOPEZ, lon=180.1),)}, "there"),
        ({"there": (replace(PUERTO_LOPEZ, lon=math.inf),)}, "there"),
        ({"main_sector": ""}, "main_sector"),
        ({"main_sector": "astrologie"}, "main_sector"),
        ({"other_sectors": ("education",)}, "main_sector"),
        ({"other_sectors": ("sante", "energie", "ecsi")}, "other_sectors"),
        ({"goals": (1, 2, 3, 4)}, "goals"),
        ({"goals": (18,)}, "goals"),
        ({"publics": ("martiens",)}, "publics"),
        ({"publics": ("jeunes", "jeunes")}, "publics"),
        ({"publics": ("jeunes", "femmes", "aines", "enfants", "ecoles", "habitants")}, "publics"),
        ({"needs": ("la-lune",)}, "needs"),
        ({"stage": None}, "stage"),
        ({"since_year": 2105}, "since_year"),
        ({"since_year": 15}, "since_year"),
        ({"sources": (SourceContent("Page", "https://user@exemple.org/"),)}, "sources"),
    ],
)
def test_what_cannot_be_published_is_told_at_its_field(changes: dict[str, object], field: str) -> None:
    assert field in fields(**changes)


def test_every_problem_is_told_at_once() -> None:
    assert fields(title="", summary="", stage=None, since_year=2105) == {"title", "summary", "stage", "since_year"}


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//exemple.org",
        "http://user@exemple.org",
        "https://exemple.org\\@autre.org",
        "ftp://exemple.org",
        "https://",
        "https://local",
        "https://exemple.org/a b",
        "https://exemple.org/\r\nX: y",
        "http://[::1",
        "https://exemple.org:port/",
    ],
)
def test_an_address_that_could_harm_is_refused(url: str) -> None:
    assert not is_web_address(url)


def test_an_ordinary_address_is_kept() -> None:
    assert is_web_address("https://www.bretagne-solidaire.bzh/page?a=1#b")


@given(st.text())
def test_any_text_is_an_address_or_not_without_error(text: str) -> None:
    assert is_web_address(text) in {True, False}
    assert is_web_address("https://exemple.org/" + text) in {True, False}


def test_a_place_in_a_vigilance_country_is_shown_as_its_country() -> None:
    told = make_content(there=(SEGOU,))
    shown = shown_as(told, SEGOU, KNOWN, curator_agrees=False)
    assert (shown, shown_key(SEGOU, shown)) == (Disclosure.COUNTRY, "p:ML")


def test_there_the_partner_and_the_curator_must_both_agree_to_show_more() -> None:
    agreed = make_content(there=(SEGOU,))
    silent = make_content(there=(SEGOU,), partners=(PartnerContent("Écoute", agreement=Agreement.NOT_ASKED),))
    assert shown_as(agreed, SEGOU, KNOWN, curator_agrees=True) is Disclosure.LOCALITY
    assert shown_as(silent, SEGOU, KNOWN, curator_agrees=True) is Disclosure.COUNTRY


def test_one_partner_s_no_covers_every_place() -> None:
    divided = make_content(
        partners=(
            PartnerContent("Escuela del Mar", agreement=Agreement.YES),
            PartnerContent("Coopérative", agreement=Agreement.NO),
        )
    )
    assert shown_as(divided, PUERTO_LOPEZ, KNOWN, curator_agrees=True) is Disclosure.REGION


def test_a_structure_keeps_the_name_of_its_twin_town_and_the_curator_is_told() -> None:
    told = make_content(
        carriers=(OrganisationContent("Comité Morlaix Antsirabe"),),
        there=(ANTSIRABE,),
        partners=(PartnerContent("Rova"),),
    )
    assert check(told, KNOWN, today=TODAY) == []
    assert [problem.field for problem in doubts(told, KNOWN)] == ["carriers"]


def test_a_partner_that_agreed_is_still_not_named_in_a_vigilance_country_without_the_curator() -> None:
    told = make_content(there=(SEGOU,))
    assert named_partners(told, KNOWN, curator_agrees=False) == ()
    assert named_partners(told, KNOWN, curator_agrees=True) == told.partners


def test_the_name_of_a_partner_may_not_tell_a_hidden_place() -> None:
    hidden = replace(PUERTO_LOPEZ, shown_as=Disclosure.COUNTRY)
    telling = (PartnerContent("Escuela de Puerto López", agreement=Agreement.YES),)
    assert fields(there=(hidden,), partners=telling) == {"partners"}


def test_elsewhere_the_region_is_shown_until_a_partner_agrees() -> None:
    silent = make_content(partners=())
    assert shown_key(PUERTO_LOPEZ, shown_as(silent, PUERTO_LOPEZ, KNOWN, curator_agrees=False)) == "a:EC.14"
    assert shown_key(PUERTO_LOPEZ, shown_as(make_content(), PUERTO_LOPEZ, KNOWN, curator_agrees=False)) == "v:3652567"


def test_a_place_that_stands_in_a_cited_public_source_may_be_shown() -> None:
    told = make_content(partners=(), origin=Origin.PUBLIC_SOURCE, sources=(SourceContent("Journal"),))
    assert shown_as(told, PUERTO_LOPEZ, KNOWN, curator_agrees=False) is Disclosure.LOCALITY


def test_what_the_structure_asked_to_hide_stays_hidden_even_when_all_agree() -> None:
    hidden = replace(PUERTO_LOPEZ, shown_as=Disclosure.COUNTRY)
    assert shown_as(make_content(there=(hidden,)), hidden, KNOWN, curator_agrees=True) is Disclosure.COUNTRY


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "Une école à Ségou"},
        {"summary": "Avec les gens de SEGOU."},
        {"description": "Le chemin de Se\u0301gou."},
        {"carriers": (OrganisationContent("Jumelage Quimper–Ségou"),)},
        {"sources": (SourceContent("Page", "https://exemple.org/jumelage-s%C3%A9gou"),)},
        {"sources": (SourceContent("Page", "https://quimper-segou.org/"),)},
    ],
)
def test_a_protected_place_named_elsewhere_is_refused(changes: dict[str, object]) -> None:
    assert set(changes) <= fields(there=(SEGOU,), **changes)


@pytest.mark.parametrize(
    ("place", "agreement", "expected"),
    [
        (ANTSIRABE, Agreement.NOT_ASKED, "le partenaire n’a pas dit oui. Écrivez plutôt « a:MG.33 »"),
        (replace(ANTSIRABE, shown_as=Disclosure.COUNTRY), Agreement.YES, "choisi de montrer seulement « p:MG »"),
        (SEGOU, Agreement.YES, "l’accord du partenaire et du réseau"),
    ],
)
def test_who_names_a_withheld_place_reads_why_and_what_to_write(
    place: AnchorContent, agreement: Agreement, expected: str
) -> None:
    partner = PartnerContent("Lycée", agreement=agreement)
    told = make_content(title=f"Vers {place.name}", there=(place,), partners=(partner,))
    problems = check(told, KNOWN, today=TODAY)
    assert [problem.field for problem in problems] == ["title"]
    assert expected in problems[0].message


@pytest.mark.parametrize(
    ("partner", "summary", "problems"),
    [
        ("Un opticien", "Un opticien de là-bas ajuste les lunettes.", set()),
        ("les femmes du quartier", "Avec les femmes du quartier.", set()),
        ("Le lycée Rova", "Avec le lycée Rova.", {"summary"}),
        ("Rova", "Avec rova.", {"summary"}),
        ("Lycée technique", "Avec le lycée technique.", {"summary"}),
    ],
)
def test_common_words_for_a_partner_name_nobody(partner: str, summary: str, problems: set[str]) -> None:
    assert fields(partners=(PartnerContent(partner),), summary=summary, there=(SEGOU,)) == problems


def test_a_partner_that_has_not_agreed_is_not_named_elsewhere() -> None:
    silent = (PartnerContent("Escuela del Mar", agreement=Agreement.NOT_ASKED),)
    assert fields(partners=silent, summary="Nous aidons l’Escuela del Mar.") == {"summary"}


def test_a_point_in_the_ocean_at_zero_zero_is_doubted() -> None:
    told = make_content(there=(replace(PUERTO_LOPEZ, lon=0.0, lat=0.0),))
    assert any("0, 0" in doubt.message for doubt in doubts(told, KNOWN))


CAPITALS = {
    "Quito": (-78.5, -0.22), "Antananarivo": (47.5, -18.9), "Dakar": (-17.4, 14.7), "Lomé": (1.2, 6.1),
    "Cotonou": (2.4, 6.4), "Rabat": (-6.8, 34.0), "Tunis": (10.2, 36.8), "Amman": (35.9, 31.95),
    "Hanoï": (105.8, 21.0), "Phnom Penh": (104.9, 11.6), "Port-au-Prince": (-72.3, 18.5), "Lima": (-77.0, -12.0),
    "Yaoundé": (11.5, 3.9), "Conakry": (-13.7, 9.5), "Erevan": (44.5, 40.2), "Kiev": (30.5, 50.45),
    "Moroni": (43.3, -11.7), "Katmandou": (85.3, 27.7), "La Paz": (-68.1, -16.5), "Addis-Abeba": (38.7, 9.0),
}  # fmt: skip


@pytest.mark.parametrize("capital", CAPITALS)
def test_swapped_coordinates_are_asked_about_and_never_repaired(capital: str) -> None:
    lon, lat = CAPITALS[capital]
    known = replace(KNOWN, centres={"a:EC.14": (lon, lat)})
    swapped = make_content(there=(replace(PUERTO_LOPEZ, lon=lat, lat=max(-90.0, min(90.0, lon))),))
    messages = [doubt.message for doubt in doubts(swapped, known)]
    if abs(lon) <= 90:
        assert any("inversées" in message for message in messages)
    else:
        assert any("loin de son territoire" in message for message in messages)
    assert swapped.there[0].lon == lat


def test_two_places_at_the_same_point_are_doubted() -> None:
    same = make_content(here=(MORLAIX, replace(QUIMPER, lon=MORLAIX.lon, lat=MORLAIX.lat)))
    assert any("même position" in doubt.message for doubt in doubts(same, KNOWN))


def test_a_place_that_was_not_sure_is_told_to_the_curator() -> None:
    guessed = make_content(there=(replace(ANTSIRABE, verdict="probable"),))
    assert any("Antsirabe" in doubt.message and "à vérifier" in doubt.message for doubt in doubts(guessed, KNOWN))


def test_a_clear_content_raises_no_doubt() -> None:
    assert doubts(make_content(), KNOWN) == []
