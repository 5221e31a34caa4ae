"""Which file is served for a module or style sheets: the bundle made of them, or themselves when changed since."""

from __future__ import annotations

import hashlib
import json
import os
import re
from pathlib import Path

import brotli  # type: ignore[import-untyped]  # it has no types
import pytest
from flask.testing import FlaskClient

from directory.web.assets import Assets
from tests.conftest import ROOT


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of static files with one module and its bundle."""
    (tmp_path / "js").mkdir()
    (tmp_path / "js" / "a.js").write_text("export const one = 1;")
    (tmp_path / "vendor" / "js").mkdir(parents=True)
    sources = hashlib.sha256(b"js/a.js\0export const one = 1;").hexdigest()
    bundles = {"js/a.js": {"file": "vendor/js/a.js", "imports": ["vendor/js/chunk.js"]}}
    (tmp_path / "vendor" / "js" / "manifest.json").write_text(json.dumps({"sources": sources, "bundles": bundles}))
    return tmp_path


def test_the_bundle_of_a_module_is_served_with_what_it_imports(folder: Path) -> None:
    assets = Assets(folder)
    assert assets.served("js/a.js") == "vendor/js/a.js"
    assert assets.imported("js/a.js") == ("vendor/js/chunk.js",)


def test_a_module_that_changed_since_is_served_itself(folder: Path) -> None:
    (folder / "js" / "a.js").write_text("export const one = 2;")
    assets = Assets(folder)
    assert assets.served("js/a.js") == "js/a.js"
    assert assets.imported("js/a.js") is None


@pytest.mark.parametrize("text", [None, "", "{", '{"sources": "0", "bundles": {}}'])
def test_without_a_good_list_of_bundles_the_modules_are_served(folder: Path, text: str | None) -> None:
    manifest = folder / "vendor" / "js" / "manifest.json"
    if text is None:
        manifest.unlink()
    else:
        manifest.write_text(text)
    assert Assets(folder).served("js/a.js") == "js/a.js"


@pytest.fixture
def sheets(folder: Path) -> Path:
    """The same with two style sheets and the file made of both."""
    made = folder / "vendor" / "css"
    for path in (folder / "css", made):
        path.mkdir()
    (folder / "css" / "a.css").write_text("a{}")
    (folder / "css" / "b.css").write_text("b{}")
    sources = hashlib.sha256(b"css/a.css\0a{}css/b.css\0b{}").hexdigest()
    bundles = {"vendor/css/both.css": ["css/a.css", "css/b.css"]}
    (made / "both.css").write_text("a{}b{}")
    (made / "manifest.json").write_text(json.dumps({"sources": sources, "bundles": bundles}))
    return folder


def test_style_sheets_asked_for_together_are_one_file(sheets: Path) -> None:
    assets = Assets(sheets)
    assert assets.sheets(("css/a.css", "css/b.css")) == ("vendor/css/both.css",)
    assert assets.sheets(("css/b.css", "css/a.css")) == ("css/b.css", "css/a.css"), "their order is theirs"


def test_a_style_sheet_that_changed_is_served_itself_even_under_a_running_site(sheets: Path) -> None:
    assets = Assets(sheets)
    (sheets / "css" / "b.css").write_text("b{color:red}")
    later = (sheets / "vendor" / "css" / "both.css").stat().st_mtime_ns + 1
    os.utime(sheets / "css" / "b.css", ns=(later, later))
    assert assets.sheets(("css/a.css", "css/b.css")) == ("css/a.css", "css/b.css")
    assert Assets(sheets).sheets(("css/a.css", "css/b.css")) == ("css/a.css", "css/b.css")


def test_the_style_sheets_of_the_site_name_fonts_that_are_there() -> None:
    manifest = json.loads((ROOT / "static" / "vendor" / "css" / "manifest.json").read_text("utf-8"))
    named = []
    for path in manifest["bundles"]:
        text = (ROOT / "static" / path).read_text("utf-8")
        named += [(ROOT / "static" / path).parent / one for one in re.findall(r"url\(([^):#]+)\)", text)]
    assert len(named) > 5
    assert [path for path in named if not path.is_file()] == []


def test_a_file_compressed_beforehand_is_what_it_was_made_of(visitor: FlaskClient) -> None:
    plain = visitor.get("/static/vendor/leaflet/leaflet.js")
    short = visitor.get("/static/vendor/leaflet/leaflet.js", headers={"Accept-Encoding": "br"})
    assert short.headers["Content-Encoding"] == "br"
    assert "Accept-Encoding" in short.headers["Vary"]
    assert short.mimetype == plain.mimetype
    assert brotli.decompress(short.data) == plain.data
    assert len(short.data) < 38_500, "Brotli's best"
    again = visitor.get(
        "/static/vendor/leaflet/leaflet.js",
        headers={"Accept-Encoding": "br", "If-None-Match": short.headers["ETag"]},
    )
    assert again.status_code == 304


def test_a_file_that_changed_is_not_served_as_it_was(folder: Path) -> None:
    assets = Assets(folder)
    made = folder / "vendor" / "compressed" / "js" / f"a.js.{assets.version('js/a.js')}.br"
    made.parent.mkdir(parents=True)
    made.write_bytes(b"")
    assert assets.compressed("js/a.js") == made
    (folder / "js" / "a.js").write_text("export const one = 2;")
    os.utime(folder / "js" / "a.js", ns=(1, 1))
    assert assets.compressed("js/a.js") is None
    assert assets.compressed("js/none.js") is None


def test_the_site_has_a_bundle_for_the_map_and_for_the_small_maps() -> None:
    manifest = json.loads((ROOT / "static" / "vendor" / "js" / "manifest.json").read_text("utf-8"))
    for module in ("js/map/main.js", "js/places/main.js"):
        served = (ROOT / "static" / manifest["bundles"][module]["file"]).read_text("utf-8")
        assert "LinksMap" in served or "PlacesMap" in served
        assert "@param" not in served, "no comment is served"
