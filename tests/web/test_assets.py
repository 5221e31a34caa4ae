"""A static file's address changes with its content; only the content that is served may be kept for a year."""

from __future__ import annotations

import os
import re
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient

from directory.web.assets import Assets, asset, family

ROOT = Path(__file__).resolve().parents[2]


def test_the_address_of_a_file_names_its_version(plumbed: Flask, visitor: FlaskClient) -> None:
    with plumbed.test_request_context():
        address = asset("css/site.css")
    assert address.startswith("/static/css/site.css?v=")
    assert visitor.get(address).headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_another_version_is_not_kept(visitor: FlaskClient) -> None:
    assert visitor.get("/static/css/site.css?v=0123456789").headers["Cache-Control"] == "no-cache"
    assert visitor.get("/static/css/site.css").headers["Cache-Control"] == "no-cache"


def test_a_missing_file_has_an_address_without_version(plumbed: Flask) -> None:
    with plumbed.test_request_context():
        assert asset("css/nulle-part.css") == "/static/css/nulle-part.css"
        assert asset("../config.py") == "/static/../config.py"


def test_the_version_follows_the_content(tmp_path: Path) -> None:
    file = tmp_path / "a.css"
    file.write_text("a{}")
    assets = Assets(tmp_path)
    first = assets.version("a.css")
    file.write_text("b{}")
    os.utime(file, ns=(1, 1))
    assert len(first) == 10
    assert assets.version("a.css") not in ("", first)
    file.unlink()
    assert assets.version("a.css") == ""


def test_every_file_that_a_template_names_exists() -> None:
    named = {
        path
        for template in (ROOT / "templates").rglob("*.html")
        for path in re.findall(r"""(?:asset\(|filename=)['"]([^'"]+)['"]""", template.read_text("utf-8"))
    }
    assert len(named) > 5
    assert sorted(path for path in named if not (ROOT / "static" / path).is_file()) == []


def test_the_files_of_a_family_share_one_version_and_are_kept(plumbed: Flask, visitor: FlaskClient) -> None:
    with plumbed.test_request_context():
        address = family("geo/countries", "XX.topo.json")
    answer = visitor.get(address.replace("XX", "SN"))
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "immutable" not in visitor.get("/static/geo/countries/SN.topo.json?v=0").headers["Cache-Control"]


def test_the_version_of_a_family_follows_any_of_its_files(tmp_path: Path) -> None:
    folder = tmp_path / "lands"
    folder.mkdir()
    (folder / "a.json").write_text("1", encoding="utf-8")
    assets = Assets(tmp_path)
    before = assets.family_version("lands")
    assert before == assets.family_version("lands")
    (folder / "b.json").write_text("2", encoding="utf-8")
    assert assets.family_version("lands") != before


def test_files_outside_the_folder_are_never_read(visitor: FlaskClient) -> None:
    for path in ("../config.py", "%2e%2e/config.py", "..%2fconfig.py", "/etc/passwd", "css/%00"):
        assert visitor.get(f"/static/{path}", follow_redirects=True).status_code in (400, 404)
