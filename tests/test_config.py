"""Each refusal of the settings is a sentence that names the variable to mend."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

import config

STRONG = "kJ8v-Qz4Lr0xN2pWf7Tb1YcHs9Gd6Me3Ua5Ro"
PRODUCTION = {
    "DIRECTORY_ENVIRONMENT": "production",
    "DIRECTORY_PUBLIC_URL": "https://annuaire.example",
    "DIRECTORY_SECRET_KEY": STRONG,
}


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in list(os.environ):
        if name.startswith("DIRECTORY_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def loaded(monkeypatch: pytest.MonkeyPatch, values: dict[str, str]) -> config.Settings:
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    return config.load()


def test_without_any_variable_the_site_starts_for_development(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings = loaded(monkeypatch, {})
    assert settings.environment == "development"
    assert settings.database_url == f"sqlite:///{tmp_path}/instance/directory.sqlite"
    assert settings.gazetteer == tmp_path / "instance" / "gazetteer.sqlite"
    assert not settings.debug


def test_the_development_secret_is_made_once_and_only_its_owner_reads_it(monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = loaded(monkeypatch, {}), loaded(monkeypatch, {})
    assert first.secret_key == second.secret_key
    assert len(first.secret_key) >= config.MIN_SECRET_LENGTH
    assert stat.S_IMODE((first.instance / "secret-key").stat().st_mode) == 0o600


def test_a_kept_secret_that_was_emptied_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    (loaded(monkeypatch, {}).instance / "secret-key").write_text("")
    with pytest.raises(config.UnsafeSettings, match="delete it"):
        config.load()


def test_a_folder_that_cannot_be_written_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(config.UnsafeSettings, match="secret-key cannot be"):
        loaded(monkeypatch, {"DIRECTORY_INSTANCE": str(tmp_path / "file")})


def test_production_starts_with_what_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = loaded(monkeypatch, PRODUCTION)
    assert settings.is_production
    assert settings.hosts == {"annuaire.example"}
    assert not (settings.instance / "secret-key").exists()


def test_variables_of_the_tests_are_tolerated(monkeypatch: pytest.MonkeyPatch) -> None:
    given = {"DIRECTORY_SAMPLES": "/tmp", "DIRECTORY_TEST_POSTGRES": "x"}  # noqa: S108 (never opened)
    assert loaded(monkeypatch, given).database_url.startswith("sqlite")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"DIRECTORY_SECRET_KEYS": STRONG}, "Unknown setting DIRECTORY_SECRET_KEYS"),
        ({"DIRECTORY_ENVIRONMENT": "prod"}, "DIRECTORY_ENVIRONMENT"),
        ({"DIRECTORY_DEBUG": "peut-être"}, "DIRECTORY_DEBUG"),
        ({"DIRECTORY_PROXY_HOPS": "deux"}, "DIRECTORY_PROXY_HOPS"),
        ({"DIRECTORY_PROXY_HOPS": "9"}, "DIRECTORY_PROXY_HOPS"),
        ({"DIRECTORY_PROXY_HOPS": "-1"}, "DIRECTORY_PROXY_HOPS"),
        ({"DIRECTORY_MAX_CONTENT_LENGTH": "0"}, "DIRECTORY_MAX_CONTENT_LENGTH"),
        ({"DIRECTORY_DATABASE_URL": "mysql://host/base"}, "DIRECTORY_DATABASE_URL"),
        ({"DIRECTORY_DATABASE_URL": "postgresql://host/base"}, "postgresql\\+psycopg"),
        ({"DIRECTORY_DATABASE_URL": "n’importe quoi"}, "DIRECTORY_DATABASE_URL"),
        ({"DIRECTORY_DATABASE_URL": "sqlite://"}, "names no file"),
        ({"DIRECTORY_PUBLIC_URL": "annuaire.example"}, "DIRECTORY_PUBLIC_URL"),
        ({"DIRECTORY_PUBLIC_URL": "javascript:alert(1)"}, "DIRECTORY_PUBLIC_URL"),
        ({"DIRECTORY_PUBLIC_URL": "https://a.example:port"}, "DIRECTORY_PUBLIC_URL"),
        ({"DIRECTORY_PUBLIC_URL": "https://a.example/annuaire"}, "DIRECTORY_PUBLIC_URL"),
        ({"DIRECTORY_PUBLIC_URL": "https://moi@a.example"}, "DIRECTORY_PUBLIC_URL"),
        ({"DIRECTORY_TRUSTED_HOSTS": "*.example"}, "DIRECTORY_TRUSTED_HOSTS"),
        ({"DIRECTORY_SITE_NAME": " "}, "DIRECTORY_SITE_NAME"),
        ({"DIRECTORY_HOST_NAME": "Hôte\nX: 1"}, "DIRECTORY_HOST_NAME"),
        ({"DIRECTORY_CONTACT_EMAIL": "personne"}, "DIRECTORY_CONTACT_EMAIL"),
        ({"DIRECTORY_CONTACT_EMAIL": "a@b, c@d"}, "DIRECTORY_CONTACT_EMAIL"),
        ({"DIRECTORY_MAIL_FROM": "Site <site@exemple.org>"}, "DIRECTORY_MAIL_FROM"),
        ({"DIRECTORY_MAIL_URL": "mail.exemple.org"}, "DIRECTORY_MAIL_URL"),
        ({"DIRECTORY_MAIL_URL": "http://mail.exemple.org"}, "DIRECTORY_MAIL_URL"),
        ({"DIRECTORY_MAIL_URL": "smtp://mail.exemple.org:port"}, "DIRECTORY_MAIL_URL"),
        ({"DIRECTORY_MAIL_URL": "smtp://mail.exemple.org/courrier"}, "DIRECTORY_MAIL_URL"),
        ({"DIRECTORY_MAIL_URL": "smtp://mail.exemple.org?tls"}, "starttls"),
        ({"DIRECTORY_MAIL_URL": "smtps://mail.exemple.org?starttls"}, "starttls"),
        ({"DIRECTORY_MAIL_URL": "smtp://site@mail.exemple.org?starttls"}, "a user and a password together"),
        ({"DIRECTORY_MAIL_URL": "smtp://site:mot@mail.exemple.org"}, "in clear"),
        (PRODUCTION | {"DIRECTORY_MAIL_URL": "smtps://mail.exemple.org"}, "DIRECTORY_MAIL_FROM must be set"),
        ({"DIRECTORY_TILES_URL": "https://tuiles.example/{z}/{x}/{y}.png"}, "DIRECTORY_TILES_ATTRIBUTION"),
        *(
            ({"DIRECTORY_TILES_URL": url, "DIRECTORY_TILES_ATTRIBUTION": "© Les cartes"}, "DIRECTORY_TILES_URL")
            for url in (
                "tuiles.example/{z}/{x}/{y}.png",
                "http://tuiles.example/{z}/{x}/{y}.png",
                "https://tuiles.example/{z}/{x}.png",
                "https://tuiles.example/{z}/{x}/{y}/{x}.png",
                "https://tuiles.example/{z}/{x}/{y}{r}.png",
                "https://{s}.tuiles.example/{z}/{x}/{y}.png",
                "https://*.example/{z}/{x}/{y}.png",
                "https://moi@tuiles.example/{z}/{x}/{y}.png",
                "https://tuiles.example/{z}/{x}/{y}.png; script-src *",
                "https://tuiles.example;/{z}/{x}/{y}.png",
                "//tuiles.example/{z}/{x}/{y}.png",
                "javascript:alert(1)/{z}/{x}/{y}",
                "https://tuiles.example/{z}/{x}/{y}'+alert(1)+'",
            )
        ),
        (
            PRODUCTION
            | {"DIRECTORY_TILES_URL": "http://127.0.0.1/{z}/{x}/{y}", "DIRECTORY_TILES_ATTRIBUTION": "© Les cartes"},
            "https://",
        ),
        ({"DIRECTORY_SECRET_KEY": "court"}, "DIRECTORY_SECRET_KEY"),
        (PRODUCTION | {"DIRECTORY_DEBUG": "true"}, "DIRECTORY_DEBUG must be off"),
        (PRODUCTION | {"DIRECTORY_PUBLIC_URL": "http://annuaire.example"}, "https://"),
        (PRODUCTION | {"DIRECTORY_SECRET_KEY": "changeme-changeme-changeme-changeme"}, "looks like a default"),
        (PRODUCTION | {"DIRECTORY_SECRET_KEY": "0123" * 10}, "looks like a default"),
        ({k: v for k, v in PRODUCTION.items() if k != "DIRECTORY_SECRET_KEY"}, "DIRECTORY_SECRET_KEY must be set"),
        ({k: v for k, v in PRODUCTION.items() if k != "DIRECTORY_PUBLIC_URL"}, "DIRECTORY_PUBLIC_URL"),
    ],
)
def test_what_is_unknown_or_unsafe_is_refused(
    monkeypatch: pytest.MonkeyPatch, values: dict[str, str], said: str
) -> None:
    with pytest.raises(config.UnsafeSettings, match=said):
        loaded(monkeypatch, values)


@pytest.mark.parametrize(
    "url",
    [
        "smtp://localhost",
        "smtp://site:mot@127.0.0.1:2525",
        "smtp://site:mot%40passe@mail.exemple.org:587?starttls",
        "smtps://site:mot@mail.exemple.org",
    ],
)
def test_a_mail_server_is_accepted_when_its_password_is_not_in_clear(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    given = PRODUCTION | {"DIRECTORY_MAIL_URL": url, "DIRECTORY_MAIL_FROM": "site@exemple.org"}
    settings = loaded(monkeypatch, given)
    assert settings.mail_url == url
    assert "mot" not in repr(settings)


def test_secrets_stay_out_of_what_the_settings_print(monkeypatch: pytest.MonkeyPatch) -> None:
    url = "postgresql+psycopg://site:motdepasse@db.example/annuaire"
    shown = repr(loaded(monkeypatch, PRODUCTION | {"DIRECTORY_DATABASE_URL": url}))
    assert STRONG not in shown
    assert "motdepasse" not in shown


def test_a_dollar_sign_in_a_value_is_kept_as_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert loaded(monkeypatch, {"DIRECTORY_SITE_NAME": "${HOME} et là"}).site_name == "${HOME} et là"


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://tile.openstreetmap.org/{z}/{x}/{y}.png", "https://tile.openstreetmap.org"),
        ("https://tuiles.example:8443/monde/{z}/{y}/{x}@2x.jpg?key=a-b_c", "https://tuiles.example:8443"),
        ("http://127.0.0.1:8000/{z}/{x}/{y}.png", "http://127.0.0.1:8000"),
    ],
)
def test_the_host_of_the_tiles_is_known(monkeypatch: pytest.MonkeyPatch, url: str, origin: str) -> None:
    given = {"DIRECTORY_TILES_URL": url, "DIRECTORY_TILES_ATTRIBUTION": "© Les cartes https://cartes.example/droits"}
    assert loaded(monkeypatch, given).tiles_origin == origin


def test_without_tiles_no_host_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    assert loaded(monkeypatch, {}).tiles_origin == ""
