"""What is proposed while somebody types: which places, organisations and initiatives, in which order, with how many."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from directory.core.text import words
from directory.initiatives import operations
from directory.initiatives.content import InitiativeContent, OrganisationContent, PartnerContent
from directory.initiatives.filters import Filters
from directory.initiatives.index import CorpusIndex
from directory.initiatives.names import Beginnings, holds, typed
from directory.initiatives.suggestions import Kind, Suggester, Suggestion
from directory.initiatives.vocabulary import Agreement, Disclosure
from tests.factories import (
    ANTSIRABE,
    BORDEAUX,
    MORLAIX,
    QUIMPER,
    SAINT_DENIS,
    SEGOU,
    make_account,
    make_content,
    make_initiative,
    make_review,
)


class Asking:
    """One process that suggests, without the gazetteer."""

    def __init__(self, session: Session) -> None:
        self.session, self.index, self.suggester = session, CorpusIndex(), Suggester()

    def __call__(self, text: str, limit: int = 8) -> list[Suggestion]:
        corpus = self.index.current(self.session)
        return self.suggester.suggest(corpus, self.session, None, text, limit=limit)

    def labels(self, text: str, *kinds: Kind) -> list[str]:
        """What is proposed, in order, of some kinds only when told."""
        return [one.label for one in self(text) if not kinds or one.kind in kinds]


@pytest.fixture
def asking(session: Session) -> Asking:
    """Suggestions over what the test publishes."""
    return Asking(session)


def test_a_place_with_initiatives_says_how_many(asking: Asking, session: Session) -> None:
    for _ in range(2):
        make_initiative(session, here=(QUIMPER,), there=(ANTSIRABE,))
    (quimper,) = [one for one in asking("quimp") if one.value == "c:29232"]
    assert (quimper.kind, quimper.label, quimper.count, quimper.side) == (Kind.PLACE, "Quimper", 2, "here")
    assert quimper.context == "commune, Finistère"
    (town,) = [one for one in asking("ants") if one.kind is Kind.PLACE]
    assert (town.value, town.count, town.side, town.context) == ("v:1069166", 2, "there", "ville, Madagascar")


def test_counts_are_those_of_the_filters(asking: Asking, session: Session) -> None:
    """Several ends in one territory, at several levels, make one initiative."""
    finistere = replace(MORLAIX, keys=("d:29", "r:53", "z:FX"), name="Finistère", label="Finistère")
    make_initiative(session, here=(QUIMPER, MORLAIX, finistere), there=(ANTSIRABE,))
    make_initiative(session, here=(finistere, BORDEAUX), there=(SEGOU, ANTSIRABE))
    corpus = asking.index.current(session)
    atlas = asking.suggester.atlas(corpus)
    for key in ("c:29232", "d:29", "r:53", "z:FX", "e:200068120", "c:33063"):
        assert atlas.count(key) == corpus.select(session, Filters(here=(key,))).sum(), key
    for key in ("v:1069166", "a:ML.05", "p:ML", "p:MG"):
        assert atlas.count(key) == corpus.select(session, Filters(there=(key,))).sum(), key


def test_the_most_linked_place_comes_first_but_the_exact_name_before_it(asking: Asking, session: Session) -> None:
    saint_denis = replace(
        MORLAIX, keys=("c:93066", "e:200054781", "d:93", "r:11", "z:FX"), name="Saint-Denis", label="Saint-Denis"
    )
    saint_brieuc = replace(
        MORLAIX, keys=("c:22278", "e:200069409", "d:22", "r:53", "z:FX"), name="Saint-Brieuc", label="Saint-Brieuc"
    )
    make_initiative(session, here=(SAINT_DENIS,))
    for _ in range(2):
        make_initiative(session, here=(saint_denis,))
    make_initiative(session, here=(saint_brieuc,))
    assert [one.value for one in asking("saint") if one.value[0] == "c"] == ["c:93066", "c:22278", "c:97411"]
    assert asking("saint-brieuc")[0].value == "c:22278"
    assert asking("brieuc")[0].value == "c:22278", "any word of a name will do"


def test_a_territory_that_bears_the_name_of_its_region_is_told_once(asking: Asking, session: Session) -> None:
    make_initiative(session, here=(SAINT_DENIS,))
    assert [one.value for one in asking("reunion") if one.kind is Kind.PLACE] == ["r:04", "e:249740119"]


def test_an_epci_is_called_as_people_do(asking: Asking, session: Session) -> None:
    make_initiative(session, here=(QUIMPER,))
    assert "Quimper Bretagne Occidentale" in asking.labels("quimper", Kind.PLACE)


def test_a_commune_without_any_initiative_leads_to_what_is_around(asking: Asking, session: Session) -> None:
    make_initiative(session, here=(QUIMPER,))
    (found,) = [one for one in asking("plouigneau") if one.kind is Kind.PLACE]
    assert (found.value, found.count) == ("c:29199", 0)
    assert found.wider is not None
    assert (found.wider.key, found.wider.count) == ("d:29", 1)


def test_countries_and_sectors_are_proposed_when_an_initiative_has_them(asking: Asking, session: Session) -> None:
    assert asking("mada") == []
    make_initiative(session, there=(ANTSIRABE,), main_sector="sante")
    (country,) = [one for one in asking("mada") if one.kind is Kind.COUNTRY]
    assert (country.value, country.label, country.count) == ("p:MG", "Madagascar", 1)
    (sector,) = [one for one in asking("santé") if one.kind is Kind.SECTOR]
    assert (sector.value, sector.label, sector.count) == ("sante", "Santé", 1)
    assert asking.labels("education", Kind.SECTOR) == []


def test_organisations_are_found_by_any_word_of_their_name(asking: Asking, session: Session) -> None:
    named = (OrganisationContent("Électriciens sans frontières", "association"),)
    partners = (PartnerContent("Œuvre des écoles d’Antsirabé", agreement=Agreement.YES),)
    make_initiative(session, carriers=named, partners=partners)
    for text in ("elec", "frontières", "sans front", "FRONT elec"):
        assert asking.labels(text, Kind.ORGANISATION) == ["Électriciens sans frontières"], text
    for text in ("oeuv", "œuvre", "ecoles d'ant", "antsirabe"):
        assert asking.labels(text, Kind.ORGANISATION) == ["Œuvre des écoles d’Antsirabé"], text
    assert asking.labels("iciens", Kind.ORGANISATION) == []


def test_the_most_active_organisation_comes_first(asking: Asking, session: Session) -> None:
    for name, times in (("Amis de Kolda", 1), ("Amis du Togo", 2), ("Les Amis du Mali", 3)):
        for _ in range(times):
            make_initiative(session, carriers=(OrganisationContent(name, "association"),))
    found = [(one.label, one.count) for one in asking("amis") if one.kind is Kind.ORGANISATION]
    assert found == [("Amis du Togo", 2), ("Amis de Kolda", 1), ("Les Amis du Mali", 3)]


def test_initiatives_are_found_by_the_words_of_their_title(asking: Asking, session: Session) -> None:
    make_initiative(session, title="Des forages à Ségou", here=(MORLAIX,), there=(ANTSIRABE,))
    (found,) = [one for one in asking("forag") if one.kind is Kind.INITIATIVE]
    assert (found.label, found.ends) == ("Des forages à Ségou", ("Morlaix", "Antsirabe"))
    assert asking.labels("des for", Kind.INITIATIVE) == ["Des forages à Ségou"]
    assert asking.labels("ségou forage", Kind.INITIATIVE) == ["Des forages à Ségou"]
    assert asking.labels("orages", Kind.INITIATIVE) == []


def test_nothing_unpublished_is_proposed(asking: Asking, session: Session) -> None:
    make_review(session, _secret())
    session.commit()
    for text in ("zebulon", "antsirabe", "madagascar", "quimper", "secret"):
        assert [one for one in asking(text) if one.count or one.kind is Kind.INITIATIVE] == [], text
    assert asking.labels("zebulon") == []


def test_what_is_withdrawn_is_proposed_no_more(asking: Asking, session: Session) -> None:
    initiative = make_initiative(session, _secret())
    assert {one.kind for one in asking("zebulon")} == {Kind.ORGANISATION, Kind.INITIATIVE}
    operations.withdraw(session, initiative, actor=make_account(session, curates="reseau-bretagne-solidaire"))
    session.commit()
    assert asking("zebulon") == []
    assert [one for one in asking("quimper") if one.count] == []


def test_a_protected_place_is_proposed_as_its_country_only(asking: Asking, session: Session) -> None:
    make_initiative(session, there=(replace(SEGOU, shown_as=Disclosure.COUNTRY),), partners=())
    assert [one for one in asking("segou") if one.side == "there"] == []
    assert asking.labels("mali", Kind.COUNTRY) == ["Mali"]


def test_every_kind_has_its_place_among_few_lines(asking: Asking, session: Session) -> None:
    for number in range(5):
        make_initiative(
            session,
            title=f"Santé à Quimper {number}",
            carriers=(OrganisationContent(f"Santé Quimper {number}", "association"),),
            main_sector="sante",
        )
    kinds = [one.kind for one in asking("sante", limit=3)]
    assert kinds == [Kind.SECTOR, Kind.ORGANISATION, Kind.INITIATIVE]
    assert len(asking("sante", limit=20)) == 11


@pytest.mark.parametrize("text", ["", "a", " ", "'", "%%", "«\u00a0»", "a" * 81, "de la" * 20])
def test_too_little_or_too_much_proposes_nothing(asking: Asking, session: Session, text: str) -> None:
    make_initiative(session, title="À la mer")
    assert asking(text) == []


NAMES = st.lists(st.text(alphabet="aàbéœ |-’_ß·ɛ日", max_size=12), max_size=8)


@given(names=NAMES, text=st.text(alphabet="abeos ", min_size=1, max_size=4))
def test_the_beginnings_of_names_are_those_of_their_words(names: list[str], text: str) -> None:
    wanted = typed(text)
    assume(wanted)
    codes, is_first = Beginnings.of(names).find(wanted)
    assert set(codes.tolist()) == {
        number for number, name in enumerate(names) if re.search(rf"(^| ){wanted}", typed(name))
    }
    firsts = set(codes[is_first].tolist())
    assert firsts == {number for number in codes.tolist() if typed(names[number]).startswith(wanted)}


@given(label=st.text(max_size=20), names=st.lists(st.text(alphabet="abcé", min_size=1, max_size=3), max_size=3))
def test_a_label_holds_words_when_each_begins_one_of_its_own(label: str, names: list[str]) -> None:
    asked = [word for name in names for word in words(name)]
    expected = all(any(word.startswith(name) for word in words(label)) for name in asked)
    assert holds(typed(label), asked) == expected


def _secret() -> InitiativeContent:

    return make_content(
        title="Le secret de Zébulon",
        here=(QUIMPER,),
        there=(ANTSIRABE,),
        carriers=(OrganisationContent("Zébulon et compagnie", "association"),),
    )
