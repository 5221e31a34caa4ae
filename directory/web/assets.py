"""Addresses of static files that change when the file does: such an answer may be kept for a year."""

from __future__ import annotations

import hashlib
from pathlib import Path

from flask import Flask, Response, current_app, request, url_for
from werkzeug.security import safe_join

_VERSION_LENGTH = 10
_FOREVER = "public, max-age=31536000, immutable"
_A_WEEK = "public, max-age=604800"
_FAMILIES = ("geo/countries",)
"""Folders whose files a script names itself: they share the version of their folder."""
_NAMED_BY_STYLES = "vendor/"
"""Fonts and marker images that style sheets name themselves: no version can be added there, they hardly ever change."""


class Assets:
    """Versions of the files of one folder, each computed again only when the file changed on disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._known: dict[str, tuple[int, int, str]] = {}

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


def init_app(app: Flask) -> None:
    """Offer `asset()` to templates and let versioned answers be kept."""
    app.extensions["assets"] = Assets(Path(app.static_folder or ""))
    app.jinja_env.globals["asset"] = asset
    app.after_request(_keep_versioned)


def asset(path: str) -> str:
    """The address of a static file with its version; without one when the file is missing."""
    version = current_app.extensions["assets"].version(path)
    return url_for("static", filename=path, v=version) if version else url_for("static", filename=path)


def family(folder: str, pattern: str) -> str:
    """The address of the files of a family, whose names a script puts in place of a part of `pattern`."""
    version = current_app.extensions["assets"].family_version(folder)
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
    assets: Assets = current_app.extensions["assets"]
    folder = filename.rpartition("/")[0]
    return assets.family_version(folder) if folder in _FAMILIES else assets.version(filename)
