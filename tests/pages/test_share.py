"""Share images: what they say, what they never show, any title, any key."""

from __future__ import annotations

import io
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from PIL import Image
from sqlalchemy.orm import Session

from directory.initiatives.models import Initiative
from directory.initiatives.operations import withdraw
from directory.initiatives.vocabulary import Disclosure
from directory.pages.parts import posters
from directory.reference import wording
from directory.stills.frame import frame_of
from directory.stills.lettering import Face, plain
from directory.stills.poster import MAP, PANEL, SIZES, Line, Poster, colours, draw_poster
from directory.stills.scene import Spot, compose
from tests.conftest import ROOT
from tests.factories import (
    ANTSIRABE,
    BORDEAUX,
    MORLAIX,
    PUERTO_LOPEZ,
    QUIMPER,
    SEGOU,
    SUVA,
    make_account,
    make_initiative,
)

STATIC = ROOT / "static"
FONTS = STATIC / "vendor" / "fonts"
MOST = 150_000
"""Bytes of a share image, at most."""


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[Poster]:
    """The posters that the test had drawn, as they were told to Pillow."""
    told: list[Poster] = []

    def draw(poster: Poster, static: Path) -> bytes:
        told.append(poster)
        return draw_poster(poster, static)

    monkeypatch.setattr(posters, "draw_poster", draw)
    return told


def image_at(client: FlaskClient, address: str) -> Image.Image:
    """The picture of an address, its size and its weight checked."""
    answer = client.get(address)
    assert answer.status_code == 200, address
    assert answer.mimetype == "image/png"
    assert len(answer.data) <= MOST
    image = Image.open(io.BytesIO(answer.data)).convert("RGB")
    assert image.size == (1200, 630)
    return image


def words(poster: Poster) -> str:
    """What the panel says."""
    return " ".join(line.text for line in poster.lines)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("monde", "2 initiatives relient la France au monde"),
        ("r:53", "1 initiative relie la Bretagne à Madagascar"),
        ("c:29232", "1 initiative relie Quimper à Madagascar"),
        ("d:33", "1 initiative relie la Gironde aux Fidji"),
        ("p:MG", "1 initiative relie la France à Madagascar"),
        ("z:FX", "2 initiatives relient l’Hexagone et la Corse au monde"),
        ("r:53/p:MG", "1 initiative relie la Bretagne à Madagascar"),
        ("r:53/p:FJ", "Aucune initiative connue en Bretagne et aux Fidji Vous en connaissez une\u00a0?"),
        ("p:SN", "Aucune initiative connue au Sénégal Vous en connaissez une\u00a0?"),
    ],
)
def test_an_image_says_what_links_a_territory_with_one_number(
    client: FlaskClient, session: Session, drawn: list[Poster], address: str, said: str
) -> None:
    make_initiative(session, here=(QUIMPER,), there=(ANTSIRABE,))
    make_initiative(session, here=(BORDEAUX,), there=(SUVA,))
    image_at(client, f"/carte/partage/{address}.png")
    assert wording.plain(words(drawn[0])) == wording.plain(said)


def test_an_image_shows_both_ends_in_their_colours_and_shapes(
    client: FlaskClient, session: Session, drawn: list[Poster]
) -> None:
    make_initiative(session, here=(QUIMPER,), there=(ANTSIRABE,))
    image = image_at(client, "/carte/partage/c:29232.png")
    inks = colours(STATIC)
    for symbol in drawn[0].scene.symbols:
        ink = inks["here" if symbol.is_here else "there"]
        found = image.getpixel((round(PANEL + symbol.x), round(symbol.y)))
        assert isinstance(found, tuple)
        wanted = tuple(int(ink[at : at + 2], 16) for at in (1, 3, 5))
        assert all(abs(one - other) <= 12 for one, other in zip(found, wanted, strict=True))
    assert {name.text for name in drawn[0].scene.names} == {"Quimper", "Antsirabe"}


@pytest.mark.parametrize("key", ["p:ZZ", "c:99999", "r:1", "v:1", "r:53/r:52", "p:SN/r:53", "..%2f", "x" * 500])
def test_an_unknown_key_is_a_page_that_says_so(client: FlaskClient, session: Session, key: str) -> None:
    answer = client.get(f"/carte/partage/{key}.png")
    assert answer.status_code == 404
    assert answer.mimetype == "text/html"


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(key=st.one_of(st.text(max_size=30), st.from_regex(r"[cedrzvap]:[0-9A-Z.]{1,9}", fullmatch=True)))
@example(key="r:53")
@example(key="z:PF")
@example(key="p:KI")
def test_whatever_the_key_the_answer_is_a_picture_or_not_found(client: FlaskClient, session: Session, key: str) -> None:
    answer = client.get(f"/carte/partage/{key}.png")
    assert answer.status_code in (200, 308, 400, 404)  # 400: control characters; 308: an address with // is put right
    assert answer.status_code != 200 or answer.mimetype == "image/png"


def test_a_protected_place_is_drawn_as_its_country_in_every_image(
    client: FlaskClient, session: Session, drawn: list[Poster]
) -> None:
    protected = replace(SEGOU, shown_as=Disclosure.COUNTRY)
    initiative = make_initiative(session, title="Un lien protégé", here=(QUIMPER,), there=(protected,))
    for address in (
        "/carte/partage/monde.png",
        "/carte/partage/p:ML.png",
        "/carte/partage/c:29232.png",
        "/carte/partage/c:29232/p:ML.png",
        f"/initiatives/{initiative.slug}/partage.png",
    ):
        image = image_at(client, address)
        poster = drawn[-1]
        x, y = poster.frame.place(SEGOU.lon, SEGOU.lat)
        for symbol in poster.scene.symbols:
            if not symbol.is_here:
                assert abs(symbol.x - x) + abs(symbol.y - y) > symbol.reach, address
        assert "Ségou" not in words(poster) + str(poster.scene.names), address
        if 0 < x < MAP[0] and 0 < y < MAP[1]:
            assert is_ground(image, PANEL + x, y), address
    assert words(drawn[-1]) == "Quimper Mali Un lien protégé"
    assert client.get("/carte/partage/a:ML.05.png").status_code == 200
    assert "Aucune initiative connue" in words(drawn[-1]), "nor is it counted where it truly is"


def is_ground(image: Image.Image, x: float, y: float) -> bool:
    """Whether a pixel is land, border or sea: pale, whatever it is."""
    found = image.getpixel((round(x), round(y)))
    return isinstance(found, tuple) and min(found) > 150


def test_a_withdrawn_sheet_has_no_image_and_is_counted_no_more(client: FlaskClient, session: Session) -> None:
    initiative = make_initiative(session, title="Deux rives", here=(QUIMPER,), there=(ANTSIRABE,))
    tag = client.get("/carte/partage/r:53.png").headers["ETag"]
    again = client.get("/carte/partage/r:53.png", headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    withdraw(session, initiative, actor=make_account(session, curates="reseau-bretagne-solidaire"))
    session.commit()
    assert client.get("/initiatives/deux-rives/partage.png").status_code == 410
    assert client.get("/carte/partage/r:53.png", headers={"If-None-Match": tag}).status_code == 200
    assert client.get("/initiatives/jamais/partage.png").status_code == 404


@pytest.mark.parametrize(
    ("page", "image"),
    [
        ("/", "/carte/partage/monde.png"),
        ("/carte", "/carte/partage/monde.png"),
        ("/carte?ici=c:29232", "/carte/partage/c:29232.png"),
        ("/carte?pays=MG&q=rives", "/carte/partage/p:MG.png"),
        ("/carte?ici=r:53&labas=p:MG", "/carte/partage/r:53/p:MG.png"),
        ("/carte?ici=r:53&ici=r:52", "/carte/partage/monde.png"),
        ("/carte?ici=r:0", "/carte/partage/monde.png"),
        ("/?cle=c:29232", "/carte/partage/c:29232.png"),
        ("/initiatives/deux-rives", "/initiatives/deux-rives/partage.png"),
    ],
)
def test_a_page_names_its_image_by_an_address_that_leaves_the_site(
    client: FlaskClient, session: Session, app: Flask, page: str, image: str
) -> None:
    make_initiative(session, title="Deux rives", here=(QUIMPER,), there=(ANTSIRABE,))
    body = client.get(page, headers={"Host": "127.0.0.1"}).text
    site = app.extensions["settings"].public_url
    assert f'<meta property="og:image" content="{site}{image}">' in body
    assert '<meta name="twitter:card" content="summary_large_image">' in body
    assert client.get(image).status_code == 200


@pytest.mark.parametrize(
    ("text", "is_written"),
    [
        ("Ségou, Ɓalla, ŋɔmɛ, Bɔŋɔ", True),
        ("Ọ̀yọ́ et Ẹdẹ", True),
        ("Thừa Thiên Huế", True),
        ("Łódź, Şırnak, Čačak", True),
        ("صنعاء", False),
        ("北京", False),
        ("Київ", False),
        ("🙂", False),
    ],
)
def test_the_typefaces_of_the_site_know_what_they_can_write(text: str, *, is_written: bool) -> None:
    assert Face(FONTS, "voice", 40, 700).can_write(text) is is_written


def test_a_name_that_cannot_be_written_gives_way_to_what_holds_it(
    client: FlaskClient, session: Session, drawn: list[Poster]
) -> None:
    arabic = replace(ANTSIRABE, name="صنعاء", label="صنعاء", context="Madagascar")
    initiative: Initiative = make_initiative(session, title="مدرستان", here=(QUIMPER,), there=(arabic,))
    image_at(client, f"/initiatives/{initiative.slug}/partage.png")
    assert words(drawn[0]).startswith("Quimper Madagascar")
    assert "مدرستان" not in words(drawn[0])
    assert {name.text for name in drawn[0].scene.names} == {"Quimper", "Madagascar"}


def test_many_places_are_told_by_the_first_and_their_number(
    client: FlaskClient, session: Session, drawn: list[Poster]
) -> None:
    there = (ANTSIRABE, PUERTO_LOPEZ, SUVA)
    initiative = make_initiative(session, title="Trois rives", here=(QUIMPER, MORLAIX), there=there)
    image_at(client, f"/initiatives/{initiative.slug}/partage.png")
    assert words(drawn[0]) == "Quimper et Morlaix Antsirabe et deux autres lieux Trois rives"
    assert len(drawn[0].scene.ribbons) == 4


def make_poster(*lines: Line) -> Poster:
    """A poster of one link with any words."""
    ends = (("c:29232", "Quimper", -4.1, 48.0), ("p:MG", "Madagascar", 46.7, -19.4))
    frame = frame_of([(lon, lat) for *_, lon, lat in ends], MAP, posters.MARGINS)
    spots = [Spot(key, name, *frame.place(lon, lat), 1) for key, name, lon, lat in ends]
    scene = compose(spots, [(0, 1, 1)], size=MAP, sizes=SIZES, measure=lambda text: len(text) * 12.0)
    return Poster(lines, scene, frame, ("Le 1er mai 2026.",), "Ici & Là-bas")


@settings(max_examples=25, deadline=None)
@given(title=st.text(max_size=300), place=st.text(max_size=80))
@example(title="Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch" * 4, place="W" * 80)
@example(title="\u202egnp.exe\u202c", place="صنعاء")
@example(title="l’ " * 100, place="-" * 80)
@example(title="\u0301" * 60, place="\u200b\u0000\ud7ff")
def test_whatever_the_words_they_stay_in_their_panel(title: str, place: str) -> None:
    inks = colours(STATIC)
    poster = make_poster(Line(place, "here", 54, mark="here", most=3), Line(title, "ink", 38, 650, 5, before=30))
    image = Image.open(io.BytesIO(draw_poster(poster, STATIC))).convert("RGB")
    gorse = image.getpixel((3, 3))
    assert inks["gorse"] == "#fbd649"
    edges = [(x, y) for y in range(0, 630, 3) for x in (2, 20, PANEL - 20, PANEL - 3)]
    edges += [(x, y) for x in range(0, PANEL - 4, 3) for y in (2, 627)]
    assert all(image.getpixel(edge) == gorse for edge in edges)


@given(text=st.text(max_size=200))
def test_a_text_is_cut_into_rows_that_hold_and_never_grows(text: str) -> None:
    face = Face(FONTS, "text", 20, 400)
    rows = face.lines(text, 300, 3)
    assert 1 <= len(rows) <= 3
    assert all(face.width(row) <= 300 for row in rows)
    assert sum(map(len, rows)) <= len(plain(text)) + 1


def test_pillow_waits_for_the_first_image() -> None:
    code = "import sys, directory; sys.exit('PIL' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_the_fullest_image_is_light(client: FlaskClient, session: Session) -> None:
    spots: list[Spot] = [Spot("z:FX", "Hexagone et Corse", 380, 180, 9000)]
    spots += [Spot(f"p:X{at}", f"Pays {at}", 60 + at * 11, 120 + at * 37 % 460, 60 - at) for at in range(60)]
    links: list[Any] = [(0, at, spots[at].count) for at in range(1, 61)]
    scene = compose(spots, links, size=MAP, sizes=SIZES, measure=lambda text: len(text) * 12.0)
    frame = frame_of([(-150.0, 70.0), (170.0, -40.0)], MAP, posters.MARGINS)
    image = draw_poster(Poster((Line("9 000", "ink", 150),), scene, frame, (), "Ici & Là-bas"), STATIC)
    assert len(image) <= MOST
