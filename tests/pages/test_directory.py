"""The directory page: sentence, choices, counts, orders, errors, and the same selection exported."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from directory.initiatives.content import PartnerContent
from directory.initiatives.vocabulary import Agreement
from tests.factories import ANTSIRABE, BORDEAUX, MORLAIX, PUERTO_LOPEZ, QUIMPER, SUVA, make_initiative
from tests.pages.test_home import heading
from tests.reading import words


@pytest.fixture
def links(session: Session) -> None:
    make_initiative(session, title="Eau claire", here=(QUIMPER,), there=(ANTSIRABE,), main_sector="eau-assainissement")
    make_initiative(session, title="Deux écoles", here=(MORLAIX, QUIMPER), there=(PUERTO_LOPEZ, SUVA), since_year=1999)
    make_initiative(session, title="Bords de Garonne", here=(BORDEAUX,), there=(ANTSIRABE,), since_year=None)


def titles(body: str) -> list[str]:
    return re.findall(r'<h2 class="card__title"><a [^>]*><bdi>(.*?)</bdi>', body)


@pytest.mark.usefixtures("links")
def test_the_list_is_told_in_one_sentence(client: FlaskClient) -> None:
    body = client.get("/initiatives").text
    assert heading(body).startswith("Trois initiatives relient la France ")
    assert sorted(titles(body)) == ["Bords de Garonne", "Deux écoles", "Eau claire"]


@pytest.mark.parametrize(("path", "way"), [("/initiatives", "Voir toutes les initiatives"), ("/carte", "Tout revoir")])
def test_where_nothing_is_published_yet_nothing_is_proposed_to_take_off(
    client: FlaskClient, path: str, way: str
) -> None:
    def shown(asked: str) -> bool:
        link = re.search(rf"<a\b([^>]*)>{way}</a>", client.get(asked).text)
        return link is not None and "hidden" not in link[1]

    assert not shown(path)
    assert shown(f"{path}?pays=FJ")


@pytest.mark.usefixtures("links")
def test_choices_narrow_and_can_be_taken_off(client: FlaskClient) -> None:
    body = client.get("/initiatives?region=53&pays=MG").text
    assert heading(body) == "Une initiative relie la Bretagne à Madagascar"
    assert titles(body) == ["Eau claire"]
    assert 'href="/initiatives?pays=MG"' in body
    assert 'href="/initiatives?region=53"' in body


@pytest.mark.usefixtures("links")
def test_the_same_selection_is_kept_on_the_map_and_in_the_files(client: FlaskClient) -> None:
    body = client.get("/initiatives?pays=MG&tri=titre&utm=x").text
    assert 'href="/carte?pays=MG"' in body
    assert 'href="/initiatives.csv?pays=MG&amp;tri=titre"' in body
    assert 'href="/initiatives.geojson?pays=MG&amp;tri=titre"' in body


@pytest.mark.usefixtures("links")
def test_what_the_form_does_not_show_is_sent_again(client: FlaskClient) -> None:
    body = client.get("/initiatives?ici=c:29232&tri=titre").text
    assert '<input type="hidden" name="ici" value="c:29232">' in body
    assert '<input type="hidden" name="tri" value="titre">' in body


@pytest.mark.usefixtures("links")
def test_an_empty_selection_says_how_to_widen_it(client: FlaskClient) -> None:
    body = client.get("/initiatives?region=53&q=garonne").text
    assert heading(body) == "Aucune initiative connue en Bretagne ne parle de « garonne ». Vous en connaissez une ?"
    assert "une initiative" in body
    assert "deux initiatives" in body


@pytest.mark.parametrize(
    "query",
    [
        "secteur=zz",
        "pays=XX",
        "region=999",
        "depuis=hier",
        "bbox=1,2,3",
        "page=0",
        "page=99",
        "ici=p:ML",
        "labas=c:29151",
        "etat=%00a",
        "tri=hasard",
        "odd=18",
    ],
)
@pytest.mark.usefixtures("links")
def test_an_unknown_value_gives_an_empty_list_never_the_whole_one(client: FlaskClient, query: str) -> None:
    response = client.get(f"/initiatives?{query}")
    assert response.status_code == 400
    assert titles(response.text) == []
    export = client.get(f"/initiatives.csv?{query}")
    assert export.status_code == (200 if query == "page=99" else 400)


@pytest.mark.usefixtures("links")
def test_an_unknown_key_is_ignored(client: FlaskClient) -> None:
    assert len(titles(client.get("/initiatives?couleur=bleu").text)) == 3


@pytest.mark.usefixtures("links")
def test_a_list_is_kept_by_the_browser_until_the_corpus_changes(client: FlaskClient, session: Session) -> None:
    first = client.get("/initiatives")
    again = client.get("/initiatives", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    make_initiative(session)
    after = client.get("/initiatives", headers={"If-None-Match": first.headers["ETag"]})
    assert after.status_code == 200
    assert len(titles(after.text)) == 4


@pytest.mark.usefixtures("links")
def test_the_table_holds_the_selection(client: FlaskClient) -> None:
    response = client.get("/initiatives.csv?pays=MG")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert "attachment" in response.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(response.data.decode("utf-8-sig"))))
    assert {row["titre"] for row in rows} == {"Eau claire", "Bords de Garonne"}
    assert all(row["labas_cle"].startswith("v:") for row in rows)


@pytest.mark.usefixtures("links")
def test_the_features_hold_the_selection(client: FlaskClient) -> None:
    response = client.get("/initiatives.geojson?pays=EC")
    assert response.headers["Content-Type"] == "application/geo+json"
    features = json.loads(response.data)["features"]
    kinds = [feature["geometry"]["type"] for feature in features]
    assert kinds.count("Point") == 4
    assert len(kinds) == 7


def test_a_refused_export_is_a_problem_document(client: FlaskClient) -> None:
    response = client.get("/initiatives.geojson?secteur=zz")
    assert response.status_code == 400
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.get_json()["status"] == 400


def test_a_hostile_title_is_text(client: FlaskClient, session: Session) -> None:
    make_initiative(session, title="<img src=x onerror=alert(1)>", summary="</script><script>alert(2)</script>")
    for address in ("/initiatives", "/initiatives/img-src-x-onerror-alert-1", "/"):
        body = client.get(address).text
        assert "<img src=x" not in body, address
        assert "<script>alert" not in body, address


def test_next_pages_are_followed_to_the_end_while_others_publish(client: FlaskClient, session: Session) -> None:
    for number in range(45):
        make_initiative(session, title=f"Lien {number:02}")
    address, seen = "/initiatives", []
    while address:
        body = client.get(address).text
        seen += titles(body)
        make_initiative(session, title=f"Nouvelle {len(seen)}")
        onward = re.search(r'rel="next" href="([^"]+)"', body)
        address = onward.group(1).replace("&amp;", "&") if onward else ""
    assert seen == [f"Lien {number:02}" for number in reversed(range(45))]
    assert "apres=lien-" in client.get("/initiatives").text or "apres=nouvelle-" in client.get("/initiatives").text


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("secteur=zz", "« zz » n’est pas un domaine d’intervention que l’annuaire connaît."),
        ("pays=XX", "« XX » n’est pas un pays que l’annuaire connaît."),
        ("depuis=0000", "« 0000 » n’est pas une année de début : écrivez par exemple 2015."),
        ("depuis=9999", "L’année 9999 n’est pas encore arrivée. Écrivez par exemple 2015."),
        ("page=1000000000", "Cette liste n’a pas de page « 1000000000 »."),
        ("page=7", "Cette liste n’a pas de page 7."),
        ("apres=%3Cscript%3E", "Cette adresse de page est abîmée : reprenez la liste à son début."),
    ],
)
@pytest.mark.usefixtures("links")
def test_a_refused_choice_is_told_in_french_words_and_can_be_left(client: FlaskClient, query: str, words: str) -> None:
    response = client.get(f"/initiatives?pays=MG&{query}" if not query.startswith("pays") else f"/initiatives?{query}")
    assert response.status_code == 400
    body = response.text.replace("\u00a0", " ")
    assert words in body
    assert titles(body) == []
    if not query.startswith("pays"):
        assert 'href="/initiatives?pays=MG"' in body, "the other choices can be kept"


def test_words_found_are_marked_in_the_card(client: FlaskClient, session: Session) -> None:
    make_initiative(session, title="Un puits <b>", summary="Pour le village.", description="Le forage donne de l’eau.")
    body = client.get("/initiatives?q=puits+forages").text
    assert "Un <mark>puits</mark> &lt;b&gt;" in body
    assert "Le <mark>forage</mark> donne de l’eau." in body


def test_what_the_card_does_not_show_of_the_words_stands_in_an_extract(client: FlaskClient, session: Session) -> None:
    make_initiative(session, title="Le puits", summary="Un puits.", description="On y répare aussi un moulin.")
    partner = PartnerContent("Les amis du moulin à vent", agreement=Agreement.YES)
    make_initiative(session, title="Le four", summary="Un four.", partners=(partner,))
    shown = words(client.get("/initiatives?q=moulin"))
    assert "Extrait de la fiche : On y répare aussi un moulin ." in shown
    assert "Avec Les amis du moulin à vent." in shown
    assert "Extrait" not in words(client.get("/initiatives?q=four"))


def test_a_place_found_by_what_it_lies_in_says_so(client: FlaskClient, session: Session) -> None:
    make_initiative(
        session, title="Deux ports", summary="Une régate.", here=(MORLAIX,), description="Une régate par an."
    )
    lying = "Morlaix (Communauté d’agglomération Morlaix Communauté, <mark>Finistère</mark>, Bretagne)."
    assert lying in client.get("/initiatives?q=finistere").text
    assert lying in client.get("/initiatives?q=regate+finistere").text, "what the card shows explains nothing more"
    assert "card__extract" not in client.get("/initiatives?q=morlaix+regate").text, "the card says it all"


def test_another_spelling_is_proposed_where_nothing_is_found(client: FlaskClient, session: Session) -> None:
    make_initiative(session, title="La bibliothèque du village")
    body = client.get("/initiatives?q=bibliotheqe&tri=titre").text
    assert 'Vouliez-vous dire <a href="/initiatives?q=biblioth%C3%A8que&amp;tri=titre">' in body
