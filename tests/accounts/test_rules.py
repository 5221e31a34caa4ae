"""Addresses, passwords, ways back, names of browsers."""

from __future__ import annotations

import pytest
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from directory.accounts.rules import browser_name, password_problem, way_back


@pytest.mark.parametrize(
    "password",
    [
        "une barque sans rame",
        "Écoles du fleuve, là-bas",
        "z" * 3 + "cheval quatorze pluie",
        "мост через реку и город",
        "橋を渡る人たちの長い合言葉です",
        "🌍🌊🚣 trois images",
        "correct cheval batterie agrafe " * 3,
        "a1!" * 3 + " bouquetin parapente " * 8,
    ],
)
def test_a_long_password_of_any_script_is_accepted_without_any_rule_about_its_signs(password: str) -> None:
    assert password_problem(password) is None


def test_thirteen_signs_are_too_few_and_the_sentence_says_how_many() -> None:
    told = password_problem("barque sans r")
    assert told is not None
    assert "13 caractères" in told
    assert "14" in told


def test_sixty_four_signs_and_more_are_accepted() -> None:
    assert password_problem("la pluie tombe sur le port de Douarnenez et personne ne bouge !!") is None
    assert len("la pluie tombe sur le port de Douarnenez et personne ne bouge !!") == 64
    assert password_problem("la pluie tombe sur le port " * 9) is None


def test_none_of_the_three_thousand_most_common_passwords_is_accepted_even_stretched() -> None:
    common = FREQUENCY_LISTS["passwords"][:3000]
    assert all(password_problem(word) for word in common)
    assert all(password_problem((word * 14)[:28]) for word in common[:300])


@pytest.mark.parametrize(
    "password",
    [
        "motdepassemotdepasse",
        "azertyuiopqsdfghjklm",
        "aaaaaaaaaaaaaaaaaaaa",
        "12345678901234567890",
        "Anne.Exemple@exemple.org",
        "ici & là-bas ici & là-bas",
        "20112026201120262011",
    ],
)
def test_what_repeats_follows_the_keyboard_or_names_the_person_is_refused_kindly(password: str) -> None:
    told = password_problem(password, known=("anne.exemple@exemple.org", "Ici & Là-bas"))
    assert told is not None
    assert "Choisissez plutôt" in told


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.test/",
        "//evil.test",
        "\\\\evil.test",
        "/\\evil.test",
        "http:evil.test",
        "%2F%2Fevil.test",
        "/%2Fevil.test",
        "/%5Cevil.test",
        "/%252Fevil.test",
        "javascript:alert(1)",
        "/\t/evil.test",
        "/\n//evil.test",
        " //evil.test",
        "",
        "evil.test",
    ],
)
def test_the_way_back_never_leaves_the_site(wanted: str) -> None:
    assert way_back(wanted, "/mon-espace") == "/mon-espace"


@pytest.mark.parametrize("wanted", ["/relecture/12", "/mon-espace?fait=repris", "/initiatives?q=eau%20douce"])
def test_the_way_back_inside_the_site_is_kept(wanted: str) -> None:
    assert way_back(wanted, "/mon-espace") == wanted


@pytest.mark.parametrize(
    ("user_agent", "told"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox sur Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Safari/604.1",
            "Safari sur iPhone",
        ),
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36", "Chrome sur Android"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0", "Edge sur Linux"),
        ("", "Navigateur inconnu"),
        ("<script>" * 50, "Navigateur inconnu"),
    ],
)
def test_a_browser_is_told_by_its_usual_name(user_agent: str, told: str) -> None:
    assert browser_name(user_agent) == told
