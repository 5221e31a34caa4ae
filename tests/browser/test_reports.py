"""Reports and replies in a real browser: telephone, keyboard alone, no script, axe in every state, narrow screens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from alembic import command
from playwright.sync_api import Page, expect
from sqlalchemy.orm import Session

from config import Environment, Settings
from directory import create_app
from directory.accounts.operations import give_first_password
from directory.core import tokens
from directory.networks.operations import load as load_networks
from directory.reference.operations import load as load_reference
from directory.reports import operations
from directory.reports.mails import PURPOSE
from directory.reports.models import Report
from directory.reports.vocabulary import Kind, Outcome
from tests.browser.conftest import HOSTILE, LARGE, NARROW, PHONE, LiveServer, OpenPage, served
from tests.browser.test_desk import BRETAGNE, PASSWORD, SECRET, enter
from tests.browser.test_forms import refused
from tests.conftest import ROOT, migration_config
from tests.factories import make_account, make_initiative
from tests.reports.made import CONTENT, REPLY, make_contested, make_decided, make_report

SIZES = pytest.mark.parametrize("size", [LARGE, PHONE], ids=["large", "phone"])


@pytest.fixture(scope="module")
def live_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A site of its own, which these tests change: reports in every state, a curator who can sign in."""
    folder = tmp_path_factory.mktemp("reports")
    url = f"sqlite:///{folder / 'reports.sqlite'}"
    command.upgrade(migration_config(url), "head")
    settings = Settings(environment=Environment.TEST, instance=folder, database_url=url, secret_key=SECRET)
    app = create_app(settings)
    with app.app_context(), app.extensions["sessions"]() as session:
        told = _fill(session, ROOT / "data")
    app.extensions["engine"].dispose()
    with served("tests.browser.serve", url, str(folder), SECRET, folder=folder) as address:
        yield LiveServer(address, told)


def _fill(session: Session, data: Path) -> dict[str, str]:
    """The slugs of two sheets, the numbers of reports, and for each the link of its receipt."""
    load_reference(session, data)
    load_networks(session, data)
    curator = make_account(session, curates=BRETAGNE)
    curator.email = f"{BRETAGNE}@exemple.org"
    give_first_password(session, curator, PASSWORD)
    sheet, answered = make_initiative(session, title="Une fanfare d’ici"), make_initiative(session)
    hostile = replace(REPLY, statement=HOSTILE[0], reply=HOSTILE[1], signature=HOSTILE[2][:100])
    replied = operations.confirm(session, make_report(session, answered, hostile))
    reports: dict[str, Report] = {
        "waiting": make_report(session, sheet),
        "danger": make_report(session, sheet, kind=Kind.DANGER, name="", email=""),
        "asked": make_report(session, sheet, REPLY),
        "decided": make_decided(session, make_report(session, sheet, statement="Une autre erreur."))[0],
        "contested": make_contested(session, make_report(session, sheet, statement="Une troisième."))[0],
        "published": make_decided(session, replied, outcome=Outcome.REPLY_PUBLISHED)[0],
    }
    session.commit()
    links = {f"link {name}": tokens.sign(SECRET, PURPOSE, [one.reference, True]) for name, one in reports.items()}
    numbers = {name: str(one.id) for name, one in reports.items()}
    return {**numbers, **links, "sheet": sheet.slug or "", "answered": answered.slug or ""}


def forms(live: LiveServer) -> list[str]:
    """The two forms of a sheet."""
    sheet = f"/initiatives/{live.slugs['sheet']}/signaler"
    return [sheet, f"{sheet}?sujet=reponse"]


def followed(live: LiveServer) -> list[str]:
    """The pages that people follow, in every state."""
    return [f"/signalements/{live.slugs[name]}" for name in live.slugs if name.startswith("link ")]


def desk(live: LiveServer) -> list[str]:
    """The pages of the desk."""
    numbers = [live.slugs[name] for name in ("waiting", "danger", "asked", "decided", "contested", "published")]
    queue = "/relecture/signalements"
    return [queue, f"{queue}?file=repondus", *(f"{queue}/{number}" for number in numbers)]


@pytest.mark.timeout(300)  # axe reads each page whole
@SIZES
def test_no_known_obstacle_on_the_forms_and_what_is_followed(
    open_page: OpenPage, violations: Callable[[Page], list[str]], live_server: LiveServer, size: tuple[int, int]
) -> None:
    page = open_page("/", size)
    for address in (*forms(live_server), *followed(live_server), f"/initiatives/{live_server.slugs['answered']}"):
        page.goto(address)
        assert violations(page) == [], address
    for address in forms(live_server):
        page.goto(address)
        assert violations(refused(page)) == [], address


@pytest.mark.timeout(300)  # the same
@SIZES
def test_no_known_obstacle_at_the_desk(
    open_page: OpenPage, violations: Callable[[Page], list[str]], live_server: LiveServer, size: tuple[int, int]
) -> None:
    page = open_page("/", size, color_scheme="dark")
    enter(page)
    for address in desk(live_server):
        page.goto(address)
        assert violations(page) == [], address
    page.goto(f"/relecture/signalements/{live_server.slugs['waiting']}")
    page.get_by_role("button", name="Décider et le dire").click()
    expect(page.get_by_role("alert")).to_be_focused()
    assert violations(page) == []


def test_nothing_scrolls_sideways_on_a_narrow_screen(open_page: OpenPage, live_server: LiveServer) -> None:
    page = open_page("/", NARROW)
    enter(page)
    sheet = f"/initiatives/{live_server.slugs['answered']}"
    for address in (sheet, *forms(live_server), *followed(live_server), *desk(live_server)):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROW[0], address


def test_a_danger_is_reported_on_a_telephone_without_script_or_name(
    open_page: OpenPage, live_server: LiveServer
) -> None:
    page = open_page(f"/initiatives/{live_server.slugs['sheet']}", PHONE, java_script_enabled=False)
    page.get_by_role("link", name="Signaler un contenu").click()
    page.get_by_label("Quelqu’un est reconnaissable").check()
    page.get_by_label("Le récit").check()
    page.get_by_label("Qu’est-ce qui ne va pas").fill("On reconnaît la sage-femme du village.")
    page.get_by_role("button", name="Envoyer le signalement").click()
    expect(page.get_by_role("heading", level=2, name="Une réponse est à revoir")).to_be_visible()
    expect(page.get_by_label("Qu’est-ce qui ne va pas")).to_have_value("On reconnaît la sage-femme du village.")
    page.get_by_label("Je signale de bonne foi").check()
    page.get_by_role("button", name="Envoyer le signalement").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre signalement est arrivé")
    expect(page.get_by_role("heading", name="Gardez l’adresse de cette page")).to_be_visible()


def test_the_focus_goes_to_the_summary_then_to_the_first_choice(open_page: OpenPage, live_server: LiveServer) -> None:
    page = refused(open_page(forms(live_server)[0], PHONE))
    expect(page.locator(".message--error[data-focus]")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#kind")).to_be_focused()


def test_an_address_is_confirmed_then_the_reply_published_by_keyboard(
    open_page: OpenPage, live_server: LiveServer
) -> None:
    person = open_page(f"/signalements/{live_server.slugs['link asked']}", PHONE)
    person.get_by_role("button", name="C’est bien mon adresse").click()
    expect(person.get_by_role("status")).to_have_text("Votre adresse est confirmée.")
    page = open_page("/", LARGE)
    enter(page)
    page.goto(f"/relecture/signalements/{live_server.slugs['asked']}")
    page.get_by_label("Publier la réponse sous la fiche").focus()
    page.keyboard.press("Space")
    page.get_by_label("Vos raisons").fill("La mairie est nommée.")
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Votre décision est enregistrée")
    person.goto(f"/initiatives/{live_server.slugs['sheet']}")
    expect(person.get_by_role("heading", name="Droit de réponse")).to_be_visible()
    expect(person.get_by_text(REPLY.reply.split("\n")[0])).to_be_visible()


def test_a_decision_is_contested_without_script(open_page: OpenPage, live_server: LiveServer) -> None:
    page = open_page(f"/signalements/{live_server.slugs['link decided']}", PHONE, java_script_enabled=False)
    page.get_by_role("button", name="Contester la décision").click()
    expect(page.get_by_text("Dites en quoi cette décision ne vous convient pas.").first).to_be_visible()
    page.get_by_label("Pourquoi contestez-vous").fill("Je ne suis pas d’accord.")
    page.get_by_role("button", name="Contester la décision").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Votre contestation est arrivée")
    expect(page.get_by_text("Je ne suis pas d’accord.")).to_be_visible()
    assert CONTENT.email not in page.content()
