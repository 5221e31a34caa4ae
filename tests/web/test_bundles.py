"""Which file is served for a module of the map: the bundle made of it, or itself when it has changed since."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

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


def test_the_site_has_a_bundle_for_the_map_and_for_the_small_maps() -> None:
    manifest = json.loads((ROOT / "static" / "vendor" / "js" / "manifest.json").read_text("utf-8"))
    for module in ("js/map/main.js", "js/places/main.js"):
        served = (ROOT / "static" / manifest["bundles"][module]["file"]).read_text("utf-8")
        assert "LinksMap" in served or "PlacesMap" in served
        assert "@param" not in served, "no comment is served"
