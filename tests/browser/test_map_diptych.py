"""A chosen link as two local maps: both ends read, opened, left and found again, by any way of pointing."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import LARGE, NARROW, PHONE, OpenPage
from tests.browser.test_map_drawing import WITHOUT_OPENING
from tests.factories import SEGOU

SIZES = pytest.mark.parametrize("size", [LARGE, PHONE], ids=["large", "phone"])
LINK = "/carte?ici=r:53&labas=p:EC"
TABLET = (768, 1024)
PATIENCE = 30_000
"""Milliseconds for a slow machine to fetch the outlines and draw both maps."""


@pytest.fixture
def open_link(open_page: OpenPage) -> OpenPage:
    """Opens the map on a link and waits for both maps to be drawn from all they are drawn from."""

    def open_one(address: str = LINK, size: tuple[int, int] = LARGE, **options: Any) -> Page:
        page = open_page(address, size, **options)
        wait_until_drawn(page)
        return page

    return open_one


def diptych(page: Page) -> Locator:
    """The two maps and their buttons."""
    return page.locator("[data-diptych]")


def wait_until_drawn(page: Page) -> None:
    """Wait for the picture of the link in the address with all it is drawn from, for typefaces and sheet to rest."""
    expect(page.locator("[data-map]")).to_have_attribute("data-ready", "true", timeout=PATIENCE)
    expect(diptych(page)).to_have_attribute("data-drawn", "true", timeout=PATIENCE)
    page.wait_for_function(
        """() => {
          const { state, diptych: { diptych } } = liens_liens;
          return document.fonts.status === "loaded" && diptych.subject?.here === state.here
            && diptych.subject.there === state.there && !diptych.frame
            && document.getAnimations().every(({ playState }) => playState !== "running");
        }""",
        timeout=PATIENCE,
    )


def sides(page: Page) -> list[str | None]:
    """What is written at the head of each map."""
    return [one.text_content() for one in page.locator(".diptych-side").all()]


def item(page: Page, key: str) -> Locator:
    """The mark of a territory."""
    return page.locator(f'[data-item="end {key}"]')


def middle_of(page: Page, key: str) -> tuple[float, float]:
    """Where the mark of a territory is, in pixels of the page."""
    box = item(page, key).locator(".diptych-mark").bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def go_with_tab(page: Page, to: Locator, *, most: int = 40) -> None:
    """Press Tab until something has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if to.evaluate("one => one === document.activeElement"):
            return
    pytest.fail("the keyboard does not reach it")


@SIZES
def test_a_chosen_link_is_shown_as_two_local_maps_under_the_number_of_initiatives(
    open_link: OpenPage, size: tuple[int, int]
) -> None:
    page = open_link(size=size)
    expect(diptych(page)).to_be_visible()
    assert sides(page) == ["Ici · Bretagne", "Là-bas · Équateur"]
    expect(page.get_by_role("region", name=re.compile("^Bretagne et Équateur, deux cartes"))).to_be_visible()
    number = "".join(page.locator(".diptych-number").text_content() or "")
    assert re.fullmatch(r"14 ?initiatives", number), number
    expect(item(page, "c:29232")).to_have_accessible_name(re.compile("^Ici, Quimper.: 1 initiative, avec Puerto López"))
    assert page.locator(".diptych-strand").count() == page.locator(".diptych-hit").count() > 1
    assert page.locator(".diptych-scale").count() == 2
    assert page.locator(".diptych-locator").count() == 1
    assert "vue=" not in page.url


@pytest.mark.parametrize("size", [LARGE, PHONE, TABLET, NARROW], ids=["large", "phone", "tablet", "narrow"])
def test_both_maps_are_whole_in_sight_and_nothing_scrolls_sideways(open_link: OpenPage, size: tuple[int, int]) -> None:
    page = open_link(size=size)
    boxes = [one.bounding_box() for one in page.locator(".diptych-panel > .diptych-sea").all()]
    assert len(boxes) == 2
    for box in boxes:
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= size[0]
        assert box["height"] > 60
        assert box["width"] > 100
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    for button in diptych(page).get_by_role("button").locator("visible=true").all():
        box = button.bounding_box()
        is_mark = button.evaluate("one => one instanceof SVGElement")
        assert is_mark or (box is not None and box["height"] >= 44), button.text_content()


def test_the_sheet_of_a_phone_never_hides_an_end(open_link: OpenPage) -> None:
    page = open_link(size=PHONE)
    in_sight = """() => {
      const top = document.querySelector("[data-sheet]").getBoundingClientRect().top;
      const marks = [...document.querySelectorAll(".diptych-end .diptych-mark")];
      return marks.length > 2 && marks.every((one) => one.getBoundingClientRect().bottom < top);
    }"""
    page.wait_for_function(in_sight)
    page.locator("[data-sheet-handle]").press("Enter")
    expect(page.locator("[data-sheet]")).to_have_attribute("data-stop", "1")
    page.wait_for_function(in_sight)
    assert page.evaluate(in_sight)


@SIZES
def test_a_mark_opens_its_own_link_and_the_way_back_is_there(open_link: OpenPage, size: tuple[int, int]) -> None:
    page = open_link(size=size)
    page.mouse.click(*middle_of(page, "c:29232"))
    expect(page).to_have_url(re.compile(r"ici=c:29232&labas=v:3652567"))
    wait_until_drawn(page)
    assert sides(page) == ["Ici · Quimper", "Là-bas · Puerto López, Équateur"]
    expect(page.locator(".diptych-strand")).to_have_count(1)
    page.reload()
    wait_until_drawn(page)
    page.get_by_role("button", name="Retour à Bretagne – Équateur").click()
    expect(page).to_have_url(re.compile(r"ici=r:53&labas=p:EC$"))
    wait_until_drawn(page)
    assert sides(page) == ["Ici · Bretagne", "Là-bas · Équateur"]
    page.go_forward()
    wait_until_drawn(page)
    assert sides(page)[0] == "Ici · Quimper"


def test_the_keyboard_alone_opens_reads_and_closes_a_link(open_page: OpenPage) -> None:
    page = open_page("/carte?labas=p:EC")
    expect(page.locator("[data-map]")).to_have_attribute("data-ready", "true", timeout=PATIENCE)
    page.get_by_role("tab", name="Liens").click()
    row = page.get_by_role("button", name=re.compile("^Bretagne et Équateur"))
    expect(row).to_be_visible()
    row.press("Enter")
    wait_until_drawn(page)
    expect(diptych(page).get_by_role("heading")).to_be_focused()
    first = page.locator("[data-item][tabindex='0']").first
    go_with_tab(page, first)
    expect(page.locator(".diptych-maps--lit")).to_have_count(1)
    name = first.get_attribute("data-item") or ""
    page.keyboard.press("ArrowRight")
    expect(page.locator(f'[data-item]:focus:not([data-item="{name}"])')).to_have_count(1)
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"ici=c:\d+&labas=v:3652567"))
    wait_until_drawn(page)
    expect(diptych(page).get_by_role("heading")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile(r"ici=c:\d+$"))
    expect(diptych(page)).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_focused()


def test_what_the_diptych_covers_is_out_of_reach_of_the_keyboard(open_link: OpenPage) -> None:
    page = open_link()
    assert page.locator("#carte_liens").evaluate("one => Boolean(one.closest('[inert]'))")
    page.get_by_role("button", name="Fermer les deux cartes").click()
    expect(page).to_have_url(re.compile(r"\?ici=r:53$|\?ici=r:53&vue"))
    expect(diptych(page)).to_be_hidden()
    assert not page.locator("#carte_liens").evaluate("one => Boolean(one.closest('[inert]'))")


@SIZES
def test_both_ends_are_seen_on_the_map_of_the_world_and_precedent_comes_back(
    open_link: OpenPage, size: tuple[int, int]
) -> None:
    page = open_link(size=size)
    page.get_by_role("button", name=re.compile("carte du monde", re.IGNORECASE)).click()
    expect(page).to_have_url(re.compile(r"ici=r:53&labas=p:EC&vue="))
    expect(diptych(page)).to_be_hidden()
    page.wait_for_function(
        """() => {
          const keys = liens_liens.links.scene.symbols.flatMap(({ members }) => members.map(({ key }) => key));
          return keys.includes("c:29232") && keys.includes("v:3652567");
        }"""
    )
    page.reload()
    expect(page.locator("[data-map]")).to_have_attribute("data-ready", "true", timeout=PATIENCE)
    expect(diptych(page)).to_be_hidden()
    page.go_back()
    expect(page).to_have_url(re.compile(r"labas=p:EC$"))
    wait_until_drawn(page)
    expect(diptych(page)).to_be_visible()


def test_pointing_at_a_place_lights_its_other_end_and_its_lines(open_link: OpenPage) -> None:
    page = open_link()
    page.get_by_role("tab", name="Liens").click()
    expect(page.locator("[data-panel=links] tr").first).to_be_visible()
    page.mouse.move(*middle_of(page, "c:29232"))
    expect(page.locator(".diptych-end.is-on")).to_have_count(2)
    expect(item(page, "v:3652567")).to_have_class(re.compile("is-on"))
    expect(page.locator(".map-item.is-lit")).to_have_count(1)
    expect(page.locator("[data-panel=links] .is-lit")).to_have_count(1)
    page.mouse.move(640, 20)
    expect(page.locator(".is-lit")).to_have_count(0)


def test_a_line_of_the_list_lights_its_strand(open_link: OpenPage) -> None:
    page = open_link()
    page.get_by_role("link", name="Deux rives", exact=True).hover()
    expect(item(page, "c:29232")).to_have_class(re.compile("is-on"))


def test_a_protected_place_is_an_area_and_its_true_position_is_nowhere(open_link: OpenPage) -> None:
    page = open_link("/carte?ici=r:53&labas=p:ML")
    expect(page.locator(".diptych-name", has_text="lieu protégé : pays seulement")).to_have_count(1)
    expect(item(page, "p:ML")).to_have_class(re.compile("diptych-end--area"))
    expect(page.locator(".diptych-area.there")).to_have_count(1)
    drawn = page.evaluate(
        """([lon, lat]) => {
          const { picture } = liens_liens.diptych.diptych.pointing;
          const { nodes } = liens_liens.diptych.diptych.subject.data;
          const near = nodes.filter((node) => Math.hypot(node.lon - lon, node.lat - lat) < 0.5);
          return { near: near.length, keys: nodes.map(({ key }) => key), ends: picture.ends.length };
        }""",
        [SEGOU.lon, SEGOU.lat],
    )
    assert drawn["near"] == 0
    assert drawn["keys"].count("p:ML") == 1
    assert not [key for key in drawn["keys"] if key.startswith("v:")]
    assert SEGOU.keys[0] not in page.content()
    assert SEGOU.keys[1] not in page.content()


def test_a_link_across_the_antimeridian_has_its_islands(open_link: OpenPage) -> None:
    page = open_link("/carte?ici=r:53&labas=p:FJ")
    assert sides(page)[1] == "Là-bas · Fidji"
    panel = page.locator(".diptych-panel").nth(1)
    sea, land = panel.locator(".diptych-sea").bounding_box(), panel.locator(".diptych-territory").bounding_box()
    assert sea is not None
    assert land is not None
    assert land["width"] > 40
    x, y = middle_of(page, "v:2198148")
    assert sea["x"] < x < sea["x"] + sea["width"]
    assert sea["y"] < y < sea["y"] + sea["height"]


@pytest.mark.parametrize("missing", ["**/geo/countries/*", "**/geo/towns*", "**/geo/world*", "**/geo/*"])
def test_a_missing_file_leaves_both_maps(open_page: OpenPage, missing: str) -> None:
    page = open_page("/vie-privee")
    page.route(missing, lambda route: route.abort())
    page.goto(LINK)
    wait_until_drawn(page)
    assert page.locator(".diptych-panel").count() == 2
    assert page.locator(".diptych-end").count() > 2
    if "world" not in missing and missing != "**/geo/*":
        assert page.locator(".diptych-territory").count() == 2


def test_a_link_without_initiative_is_not_shown(open_page: OpenPage) -> None:
    page = open_page("/carte?ici=r:04&labas=p:EC")
    expect(page.locator("[data-map]")).to_have_attribute("data-ready", "true", timeout=PATIENCE)
    expect(page.locator("[data-panel=empty]")).to_be_visible()
    expect(diptych(page)).to_be_hidden()


def test_a_link_whose_question_fails_is_not_replaced_by_the_last_one(open_link: OpenPage) -> None:
    page = open_link()
    page.route("**/carte/flux*", lambda route: route.abort())
    page.mouse.click(*middle_of(page, "c:29232"))
    expect(page.get_by_role("alert").first).to_be_visible()
    expect(diptych(page)).to_be_hidden()


def dense(route: Route) -> None:
    """Thirty-eight initiatives between eighteen communes and fourteen towns, several of them side by side."""
    here = [
        (f"c:29{at:03}", f"Commune d’ici {at}", -4.6 + at * 0.16, 47.9 + (at * 7 % 9) * 0.08, 2) for at in range(18)
    ]
    there = [(f"v:{at}", f"Ville de là-bas {at}", -80.4 + at % 5 * 0.12, -2.2 + at // 5 * 0.1, 3) for at in range(14)]
    nodes = [*here, *there]
    flows = [value for index in range(38) for value in (index % 18, 18 + index * 5 % 14, 1)]
    columns = {name: [node[at] for node in nodes] for at, name in enumerate(("keys", "names", "lon", "lat", "counts"))}
    totals = {"level": 3, "total": 38, "countries": 1, "territories": 18, "flows_total": 38, "flows_shown": 38}
    route.fulfill(json={**totals, **columns, "degrees": columns["counts"], "flows": flows})


@SIZES
def test_names_of_a_dense_link_never_collide_and_are_large_enough(open_page: OpenPage, size: tuple[int, int]) -> None:
    page = open_page("/vie-privee", size)
    page.route("**/carte/flux?*niveau=3*", dense)
    page.add_init_script(WITHOUT_OPENING)
    page.goto(LINK)
    wait_until_drawn(page)
    expect(page.locator(".diptych-end")).to_have_count(32)
    found = page.evaluate(
        """() => {
          const texts = [...document.querySelectorAll(".diptych-words text")].map((one) => {
            const { left, right, top, bottom } = one.getBoundingClientRect();
            const size = Number.parseFloat(getComputedStyle(one).fontSize);
            const trim = (bottom - top - size) / 2;
            return { words: one.textContent, left, right, top: top + trim, bottom: bottom - trim, size };
          });
          const meet = (a, b) =>
            a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
          return {
            small: texts.filter(({ size }) => size < 12).map(({ words }) => words),
            collisions: texts.flatMap((one, i) =>
              texts.slice(i + 1).filter((other) => meet(one, other)).map(({ words }) => [one.words, words])),
            names: document.querySelectorAll(".diptych-name").length,
            shifts: liens_liens.diptych.diptych.pointing.picture.ends.map(({ end }) =>
              Math.hypot(end.x - end.trueX, end.y - end.trueY)),
          };
        }"""
    )
    assert found["small"] == []
    assert found["collisions"] == []
    assert found["names"] >= 8
    assert max(found["shifts"]) <= 8.001


def test_the_maps_follow_the_size_of_the_window(open_link: OpenPage) -> None:
    page = open_link(size=PHONE)
    stacked = """() => {
      const panels = [...document.querySelectorAll(".diptych-panel > .diptych-sea")];
      const [here, there] = panels.map((one) => one.getBoundingClientRect());
      return here.bottom <= there.top;
    }"""
    page.wait_for_function(stacked)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.wait_for_function(f"() => !({stacked})()")
    wait_until_drawn(page)
    assert not page.evaluate(stacked)
    assert "vue=" not in page.url


def test_a_map_still_moving_when_a_link_is_chosen_does_not_close_it(open_page: OpenPage) -> None:
    page = open_page("/carte")
    expect(page.locator("[data-map]")).to_have_attribute("data-ready", "true", timeout=PATIENCE)
    page.evaluate(
        """() => {
          liens_liens.map.panBy([60, 0], { animate: false });
          liens_liens.state.choose("r:53", "p:EC");
          liens_liens.map.panBy([60, 0], { animate: false });
        }"""
    )
    wait_until_drawn(page)
    page.evaluate("() => new Promise((resume) => setTimeout(resume, 500))")  # longer than a map rests before it is told
    expect(diptych(page)).to_be_visible()
    assert "vue=" not in page.url


@SIZES
@pytest.mark.parametrize("address", [LINK, "/carte?ici=c:29232&labas=v:3652567", "/carte?ici=r:53&labas=p:ML"])
def test_the_two_maps_have_no_known_obstacle(
    open_link: OpenPage, violations: Callable[[Page], list[str]], address: str, size: tuple[int, int]
) -> None:
    assert violations(open_link(address, size)) == []


def test_the_dark_maps_have_no_known_obstacle(open_link: OpenPage, violations: Callable[[Page], list[str]]) -> None:
    assert violations(open_link(LINK, color_scheme="dark")) == []


@pytest.mark.parametrize("options", [{"forced_colors": "active"}, {"contrast": "more"}], ids=["forced", "contrast"])
def test_chosen_colours_and_contrast_keep_both_marks(open_link: OpenPage, options: dict[str, Any]) -> None:
    page = open_link(**options)
    for side in ("here", "there"):
        fill = page.locator(f".diptych-mark.{side}").first.evaluate("one => getComputedStyle(one).fill")
        sea = page.locator(".diptych-sea").first.evaluate("one => getComputedStyle(one).fill")
        assert fill != sea


def test_a_hostile_name_is_only_text_between_two_maps(open_link: OpenPage) -> None:
    page = open_link("/carte?ici=c:29151&labas=v:3652567", NARROW)
    assert page.evaluate("window.pwned") is None
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW[0]
