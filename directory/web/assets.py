"""Addresses of static files that change when the file does: such an answer may be kept for a year.

Modules of the map and style sheets are served as script/bundle made them, unless they have changed since; any file as
script/compress made it, to who reads Brotli.
"""

from __future__ import annotations

import hashlib
import json
import math
import mimetypes
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

from flask import Flask, Response, current_app, request, send_file, url_for
from werkzeug.security import safe_join

T = TypeVar("T")

_VERSION_LENGTH = 10
LOOK_AGAIN_SECONDS = 5.0
_FOREVER = "public, max-age=31536000, immutable"
_A_WEEK = "public, max-age=604800"
_FAMILIES = ("geo/countries",)
"""Folders whose files a script names itself: they share the version of their folder."""
_NAMED_BY_STYLES = "vendor/"
"""Fonts and marker images that style sheets name themselves: no version can be added there, they hardly ever change."""


_COMPRESSED = "vendor/compressed"


class Assets:
    """Versions of the files of one folder, each computed again only when the file changed on disk."""

    def __init__(self, folder: Path, look_again: float = LOOK_AGAIN_SECONDS) -> None:
        self.folder = folder
        self.look_again = look_again
        self._known: dict[str, tuple[int, int, str]] = {}
        self._recent: dict[tuple[str, ...], tuple[float, Any]] = {}
        self._bundles = _bundles_of(folder, "js")
        self._sheets = {tuple(sheets): bundle for bundle, sheets in _bundles_of(folder, "css").items()}

    def served(self, module: str) -> str:
        """The path of what is served for a module: its bundle, or itself."""
        bundle = self._bundles.get(module)
        return str(bundle["file"]) if bundle else module

    def imported(self, module: str) -> tuple[str, ...] | None:
        """The paths that the bundle of a module imports at once; None when the module is served itself."""
        bundle = self._bundles.get(module)
        return tuple(bundle["imports"]) if bundle else None

    def sheets(self, names: tuple[str, ...]) -> tuple[str, ...]:
        """The paths of what is served for these style sheets: the one file made of them all, or themselves."""
        bundle = self._sheets.get(names)
        return (bundle,) if bundle and self._is_newest(bundle, names) else names

    def _is_newest(self, bundle: str, names: tuple[str, ...]) -> bool:
        """Whether no sheet was written after the bundle: who edits one sees it without starting the site again."""
        try:
            made = (self.folder / bundle).stat().st_mtime_ns
            return all((self.folder / name).stat().st_mtime_ns <= made for name in names)
        except OSError:
            return False

    def compressed(self, path: str) -> Path | None:
        """The file that script/compress made of a file as it is now, if it did."""
        version = self.version(path)
        found = self.folder / _COMPRESSED / f"{path}.{version}.br"
        return found if version and found.is_file() else None

    def version(self, path: str) -> str:
        """The first hexadecimal digits of the file's SHA-256; "" when there is no such file."""
        joined = safe_join(str(self.folder), path)
        if joined is None:
            return ""
        try:
            state = Path(joined).stat()
            known = self._known.get(path)
            if known is None or known[:2] != (state.st_mtime_ns, state.st_size):
                digest = hashlib.sha256(Path(joined).read_bytes()).hexdigest()[:_VERSION_LENGTH]
                known = self._known[path] = (state.st_mtime_ns, state.st_size, digest)
        except (OSError, ValueError):
            return ""
        return known[2]

    def family_version(self, folder: str) -> str:
        """One version for all the files of a folder; another one when any of them changes."""
        names = sorted(path.name for path in (self.folder / folder).glob("*.*"))
        versions = "".join(f"{name} {self.version(f'{folder}/{name}')} " for name in names)
        return hashlib.sha256(versions.encode()).hexdigest()[:_VERSION_LENGTH]

    def recent(self, key: tuple[str, ...], look: Callable[[], T]) -> T:
        """What `look` found on disk some seconds ago at most: a page names twenty files, and hundreds cost it 5 ms."""
        now = time.monotonic()
        looked_at, found = self._recent.get(key, (-math.inf, None))
        if now - looked_at >= self.look_again:
            found = look()
            self._recent[key] = (now, found)
        return cast("T", found)


def _bundles_of(folder: Path, kind: str) -> dict[str, Any]:
    """What script/bundle made of a kind of source; nothing when one has changed since, or when there is no bundle."""
    try:
        manifest = json.loads((folder / "vendor" / kind / "manifest.json").read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    sources = hashlib.sha256()
    for path in sorted((folder / kind).rglob(f"*.{kind}")):
        sources.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return dict(manifest["bundles"]) if manifest["sources"] == sources.hexdigest() else {}


def init_app(app: Flask) -> None:
    """Offer `asset()`, `module()` and `styles()` to templates and let versioned answers be kept."""
    app.extensions["assets"] = Assets(Path(app.static_folder or ""), 0.0 if app.debug else LOOK_AGAIN_SECONDS)
    app.jinja_env.globals["asset"] = asset
    app.jinja_env.globals["module"] = module
    app.jinja_env.globals["styles"] = styles
    app.view_functions["static"] = _serve
    app.after_request(_keep_versioned)


def _serve(filename: str) -> Response:
    """A static file, compressed beforehand for who reads Brotli."""
    made = _assets().compressed(filename) if request.accept_encodings["br"] else None
    if made is None:
        return current_app.send_static_file(filename)
    kind = mimetypes.guess_type(filename)[0] or "application/octet-stream"
    response = send_file(made, mimetype=kind, conditional=True, etag=f"br-{_assets().version(filename)}")
    del response.headers["Content-Disposition"]
    response.headers["Content-Encoding"] = "br"
    response.vary.add("Accept-Encoding")
    return response


def _assets() -> Assets:
    found: Assets = current_app.extensions["assets"]
    return found


def styles(*paths: str) -> tuple[str, ...]:
    """The addresses of style sheets that are asked for together: one, once script/bundle has joined them."""
    return _assets().recent(paths, lambda: tuple(map(_address, _assets().sheets(paths))))


def asset(path: str) -> str:
    """The address of a static file with its version; without one when the file is missing."""
    return _assets().recent((path, ""), lambda: _address(path))


def _address(path: str) -> str:
    version = _assets().version(path)
    return url_for("static", filename=path, v=version) if version else url_for("static", filename=path)


def module(path: str) -> str:
    """The address of a module of static/js/, or of the bundle made of it."""
    return asset(_assets().served(path))


def imported(path: str) -> tuple[str, ...] | None:
    """The addresses that the bundle of a module imports at once, as it names them; None when it has no bundle."""
    found = _assets().imported(path)
    return None if found is None else tuple(url_for("static", filename=name) for name in found)


def family(folder: str, pattern: str) -> str:
    """The address of the files of a family, whose names a script puts in place of a part of `pattern`."""
    version = _assets().recent((folder, "*"), lambda: _assets().family_version(folder))
    return url_for("static", filename=f"{folder}/{pattern}", v=version)


def _keep_versioned(response: Response) -> Response:
    """Only the version that is served may be kept: during a deployment an old worker gets the new addresses too."""
    if request.endpoint == "static" and response.status_code in (200, 206, 304):
        asked = request.args.get("v", "")
        filename = (request.view_args or {}).get("filename", "")
        if asked and asked == _version_of(filename):
            response.headers["Cache-Control"] = _FOREVER
        elif not asked and filename.startswith(_NAMED_BY_STYLES):
            response.headers["Cache-Control"] = _A_WEEK
    return response


def _version_of(filename: str) -> str:
    folder = filename.rpartition("/")[0]
    return _assets().family_version(folder) if folder in _FAMILIES else _assets().version(filename)
