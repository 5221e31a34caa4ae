"""A person's whole path: a structure sends, its network publishes, a citizen finds; then it is taken down."""

from __future__ import annotations

import io
import json
import re
from zipfile import ZipFile, is_zipfile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from directory.initiatives.content import OrganisationContent
from directory.initiatives.operations import withdraw
from directory.reviews.operations import decide
from directory.reviews.vocabulary import Decision
from tests.factories import ANTSIRABE, MORLAIX, SEGOU, make_account, make_content, make_initiative, make_review

TITLE = "Les puits partagés"
CARRIER = "Société des sourciers"
EXITS = (
    "/",
    "/?cle=c:29151",
    "/initiatives",
    "/initiatives?q=puits",
    "/initiatives?pays=MG",
    "/initiatives?tri=titre",
    "/initiatives.csv",
    "/initiatives.geojson",
    "/initiatives.xlsx",
    "/initiatives.atom",
    "/territoires/r:53.atom",
    "/carte",
    "/carte?ici=c:29151",
    "/carte/flux?niveau=0",
    "/carte/flux?niveau=1",
    "/carte/flux?niveau=2&bbox=-10,40,10,55",
    "/carte/flux?niveau=3&bbox=-10,40,10,55",
    "/carte/autour?cle=c:29151",
    "/carte/liste",
    "/carte/liste?q=puits",
    "/carte/partage/monde.png",
    "/carte/partage/p:ML.png",
    "/carte/partage/d:29/p:ML.png",
    "/suggestions?q=puits",
    "/organisations",
    "/organisations/societe-des-sourciers",
    "/reseaux",
    "/territoires",
    "/territoires/c:29151",
    "/territoires/r:53",
    "/territoires/p:MG",
    "/territoires/p:ML",
    "/reseaux/reseau-bretagne-solidaire",
    "/initiatives/les-puits-partages",
    "/initiatives/les-puits-partages/partage.png",
    "/initiatives/les-puits-partages/qr.svg",
    "/initiatives/les-puits-partages/raconter",
    "/initiatives/les-puits-partages/raconter/mairie.docx",
    "/initiatives/les-puits-partages/raconter/amp.odt",
    "/initiatives/les-puits-partages/ecrire",
    "/initiatives/les-puits-partages/ecrire/envoye",
    "/initiatives/les-puits-partages/signaler",
    "/initiatives/les-puits-partages/signaler?sujet=reponse",
    "/integrer",
    "/integrer/carte",
    "/integrer/liste",
    "/sante",
)
"""Every public address that can show an initiative; the next test keeps the list whole."""


def read(client: FlaskClient, address: str) -> str:
    """What an address answers, JSON escapes read; what pictures show, tests/pages/test_share.py looks at."""
    answer = client.get(address)
    data = answer.get_data()
    if is_zipfile(io.BytesIO(data)):
        with ZipFile(io.BytesIO(data)) as parts:
            data = b"\n".join(parts.read(name) for name in parts.namelist())
    # Words searched are marked inside what they stand in.
    body = re.sub("</?mark>", "", data.decode("utf-8", errors="replace"))
    return json.dumps(answer.get_json(), ensure_ascii=False) if answer.is_json else body


def test_every_public_route_is_among_the_exits_or_shows_no_initiative(app: Flask) -> None:
    quiet = {
        "/static/<path:filename>",
        "/mentions-legales",
        "/vie-privee",
        "/accessibilite",
        "/lieux/suggestions",
        "/carte/<version>.js",
        "/carte/lieux/<key>.js",
    }
    # Behind a sign-in, a draft's own key or a report's: tests/web/test_permissions.py walks these.
    private = ("/compte", "/mon-espace", "/relecture", "/proposer", "/signalements")
    read = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    routes = {rule.rule.replace("<slug>", "x") for rule in read if not rule.rule.startswith(private)} - quiet
    walked = {address.split("?")[0] for address in EXITS}
    known = {
        *walked,
        *(f"{part}/x" for part in ("/initiatives", "/organisations", "/reseaux")),
        "/carte/partage/<key>.png",
        "/carte/partage/<key>/<other>.png",
        "/initiatives/x/partage.png",
        "/initiatives/x/qr.svg",
        "/initiatives/x/raconter",
        "/initiatives/x/raconter/<reader>.<any(docx, odt):form>",
        "/initiatives/x/ecrire",
        "/initiatives/x/signaler",
        "/territoires/<key>",
        "/territoires/<key>.atom",
        "/initiatives/x/ecrire/envoye",
    }
    assert routes <= known


def test_nothing_of_a_sheet_shows_before_its_network_decided(client: FlaskClient, session: Session) -> None:
    content = make_content(title=TITLE, there=(ANTSIRABE,), carriers=(OrganisationContent(CARRIER),))
    review = make_review(session, content)
    curator = make_account(session, curates=review.network.slug)
    session.commit()
    for address in EXITS:
        body = read(client, address)
        assert CARRIER not in body, address
        assert TITLE not in body, address
        assert "Antsirabe" not in body, address
    decide(session, review, actor=curator, decision=Decision.PUBLISH)
    session.commit()
    shown = [address for address in EXITS if TITLE in read(client, address)]
    assert set(shown) >= {
        "/?cle=c:29151",
        "/initiatives",
        "/initiatives?q=puits",
        "/initiatives?pays=MG",
        "/initiatives.csv",
        "/initiatives.geojson",
        "/initiatives.xlsx",
        "/carte",
        "/carte/liste",
        "/integrer/liste",
        "/initiatives/les-puits-partages",
    }


def test_a_withdrawn_sheet_leaves_every_exit_at_once_and_its_address_says_gone(
    client: FlaskClient, session: Session
) -> None:
    content = make_content(title=TITLE, there=(ANTSIRABE,), carriers=(OrganisationContent(CARRIER),))
    initiative = make_initiative(session, content)
    tag = client.get("/initiatives").headers["ETag"]
    withdraw(session, initiative, actor=make_account(session, curates="reseau-bretagne-solidaire"))
    session.commit()
    for address in EXITS:
        assert CARRIER not in read(client, address), address
        assert TITLE not in read(client, address), address
    assert client.get("/initiatives/les-puits-partages").status_code == 410
    assert client.get("/organisations/societe-des-sourciers").status_code == 404
    assert client.get("/initiatives", headers={"If-None-Match": tag}).status_code == 200


def test_a_protected_place_is_nowhere_not_even_as_numbers(client: FlaskClient, session: Session) -> None:
    initiative = make_initiative(session, make_content(title=TITLE, there=(SEGOU,)))
    for address in EXITS:
        body = read(client, address)
        assert "Ségou" not in body, address
        assert "segou" not in body.lower(), address
        for trace in ("2451185", "a:ML.05", f"{SEGOU.lat:.2f}", f"{SEGOU.lon:.2f}"):
            assert trace not in body, address
    for box in ("-6.3,13.3,-6.1,13.5", "-6.2158,13.4316,-6.2156,13.4318"):
        found = client.get(f"/carte/liste?bbox={box}").get_json()
        assert found["total"] == 0, "a small box around the true place finds nothing"
    assert initiative.anchors[-1].name == "Mali"


@pytest.mark.parametrize(
    "address",
    ["/initiatives?q=antsirabe", "/initiatives?q=PUITS", "/initiatives?pays=MG", "/initiatives?departement=29"],
)
def test_an_initiative_is_found_by_a_place_a_word_a_country_a_territory(
    client: FlaskClient, session: Session, address: str
) -> None:
    make_initiative(session, make_content(title=TITLE, here=(MORLAIX,), there=(ANTSIRABE,)))
    make_initiative(session, make_content(title="Autre", here=(MORLAIX,), there=(SEGOU,)))
    assert TITLE in read(client, address)


def test_one_hostile_title_breaks_neither_list_nor_map_nor_exports(client: FlaskClient, session: Session) -> None:
    hostile = '=cmd|"/C calc"!A0 </script><img src=x onerror=alert(1)> \u202e]]>,;"\''
    make_initiative(session, make_content(title=hostile))
    make_initiative(session, make_content(title=TITLE))
    for address in ("/initiatives", "/carte/liste", "/initiatives.csv", "/initiatives.geojson"):
        body = read(client, address)
        assert TITLE in body, address
    for address in ("/", "/initiatives", "/carte"):
        assert "<img src=x" not in client.get(address).get_data(as_text=True), address
    features = client.get("/initiatives.geojson").get_json(force=True)["features"]
    assert {feature["properties"]["titre"] for feature in features} == {hostile, TITLE}
