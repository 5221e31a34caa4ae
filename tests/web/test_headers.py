"""Every response carries the security headers, whatever its status and whoever made it."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import request
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from config import Settings
from directory import create_app

ADDRESSES = [
    ("/essai/texte", 200),
    ("/essai/ailleurs", 302),
    ("/essai/gardee", 200),
    ("/static/css/site.css", 200),
    ("/static/nulle-part.css", 404),
    ("/nulle-part", 404),
    ("/essai/recevoir", 405),
    ("/essai/erreur/filtre", 400),
    ("/essai/erreur/interdite", 403),
    ("/essai/erreur/introuvable", 404),
    ("/essai/erreur/conflit", 409),
    ("/essai/erreur/retiree", 410),
    ("/essai/erreur/saisie", 422),
    ("/essai/erreur/panne", 500),
    ("/essai/erreur/base", 503),
]


def assert_safe(answer: TestResponse) -> None:
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in policy
    assert "nonce" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in answer.headers["Permissions-Policy"]


@pytest.mark.parametrize(("address", "status"), ADDRESSES)
def test_each_status_is_answered_with_the_security_headers_and_no_cookie(
    visitor: FlaskClient, address: str, status: int
) -> None:
    answer = visitor.get(address)
    assert answer.status_code == status
    assert_safe(answer)
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "host",
    ["evil.example", "localhost.evil.example", "localhost@evil.example", "[::1", "evil.example:5000", "a b", "/"],
)
def test_an_unknown_host_is_refused_with_the_headers(visitor: FlaskClient, host: str) -> None:
    answer = visitor.get("/essai/texte", headers={"Host": host})
    assert answer.status_code == 400
    assert "evil" not in answer.text
    assert_safe(answer)


@pytest.mark.parametrize("host", ["localhost:5000", "LOCALHOST", "127.0.0.1:8000", "[::1]:5000"])
def test_the_names_of_this_machine_are_known_outside_production(visitor: FlaskClient, host: str) -> None:
    assert visitor.get("/essai/texte", headers={"Host": host}).status_code == 200


def test_a_forwarded_host_is_ignored(visitor: FlaskClient) -> None:
    answer = visitor.get("/essai/ailleurs", headers={"X-Forwarded-Host": "evil.example"})
    assert answer.status_code == 302
    assert "evil" not in answer.headers["Location"]


def test_a_forwarded_address_is_believed_only_behind_the_announced_proxies(
    visitor: FlaskClient, tmp_path: Path
) -> None:
    forged = {"X-Forwarded-For": "203.0.113.9, 198.51.100.7"}
    assert visitor.get("/essai/adresse", headers=forged).text == "127.0.0.1"
    app = create_app(Settings(environment="test", instance=tmp_path, proxy_hops=1))  # type: ignore[arg-type]
    seen: list[str | None] = []
    app.add_url_rule("/vu", "vu", lambda: "")
    app.before_request(lambda: seen.append(request.remote_addr))
    app.test_client().get("/vu", headers=forged)
    assert seen == ["198.51.100.7"]


def test_strict_transport_is_announced_in_production_only(visitor: FlaskClient, tmp_path: Path) -> None:
    production = create_app(
        Settings(
            environment="production",  # type: ignore[arg-type]
            instance=tmp_path,
            secret_key="kJ8v-Qz4Lr0xN2pWf7Tb1YcHs9Gd6Me3Ua5Ro",
            public_url="https://annuaire.example",
        )
    )
    answer = production.test_client().get("/nulle-part", base_url="https://annuaire.example")
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=")
    assert "Strict-Transport-Security" not in visitor.get("/nulle-part").headers
    production.extensions["engine"].dispose()
