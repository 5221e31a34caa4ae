// @ts-nocheck
/* The panel beside the map: the sentence, the selection, the list of initiatives, the list of links. */

import { canHover } from "./theme.js";
import { digits, element, initiatives, place } from "./words.js";

const MAX_ROWS = 80;

export class Panel {
  /** `on`: choose(here, there), clear(), more(), light(target) where target is {here, there} keys or null. */
  constructor(root, on) {
    this.on = on;
    const find = (name) => root.querySelector(`[data-panel="${name}"]`);
    for (const name of ["sentence", "selection", "chosen", "clear", "items", "more", "links", "live", "state", "empty"]) {
      this[name] = find(name);
    }
    this.clear.addEventListener("click", on.clear);
    this.more.addEventListener("click", on.more);
    this.tabs = [...root.querySelectorAll('[role="tab"]')];
    this.listenToTabs();
    this.listenToItems(this.items);
    this.listenToItems(this.links);
  }

  // --- Initiatives

  showItems(answer, isMore) {
    if (!isMore) this.items.replaceChildren();
    this.items.append(...answer.items.map(itemElement));
    this.sentence.textContent = `${answer.sentence}${/[.?!]$/.test(answer.sentence) ? "" : "."}`;
    this.live.textContent = `${initiatives(answer.total)} dans la liste`;
    this.more.hidden = answer.page >= answer.pages;
    this.empty.hidden = answer.total > 0;
    this.tabs[0].querySelector("[data-count]").textContent = digits(answer.total);
  }

  // --- Links: the same information as the map, in words and buttons

  showLinks(data) {
    const rows = data.links.slice(0, MAX_ROWS).map((link) => {
      const button = element("button", "map-link", place(true, link.here.name), " et ", place(false, link.there.name));
      button.append(element("span", "map-link__count", initiatives(link.count)));
      button.type = "button";
      Object.assign(button.dataset, { here: link.here.key, there: link.there.key });
      button.addEventListener("click", () => this.on.choose(link.here.key, link.there.key));
      return element("li", "", button);
    });
    this.links.replaceChildren(...rows);
    this.tabs[1].querySelector("[data-count]").textContent = digits(data.flows_total);
  }

  // --- Selection

  /** `ends` are [isHere, name] pairs; none hides the box. */
  showSelection(ends) {
    this.selection.hidden = ends.length === 0;
    const parts = ends.flatMap(([isHere, name], i) => (i ? [" et ", place(isHere, name)] : [place(isHere, name)]));
    this.chosen.replaceChildren(...parts);
  }

  /** The focus goes to the head of the selection, or to the sentence when there is none. */
  focusOn(isChosen) {
    (isChosen ? this.chosen : this.sentence).focus({ preventScroll: true });
  }

  showFailure(words) {
    this.state.textContent = words;
    this.state.hidden = !words;
  }

  // --- Pointing at a line lights its link on the map

  listenToItems(list) {
    const light = (event) => {
      const line = event.target.closest("[data-here]");
      this.on.light(line && { here: line.dataset.here.split(" "), there: line.dataset.there.split(" ") });
    };
    if (canHover()) list.addEventListener("mouseover", light);
    list.addEventListener("focusin", light);
    list.addEventListener("mouseleave", () => this.on.light(null));
    list.addEventListener("focusout", () => this.on.light(null));
  }

  listenToTabs() {
    const show = (chosen) => {
      for (const tab of this.tabs) {
        const isChosen = tab === chosen;
        tab.setAttribute("aria-selected", String(isChosen));
        tab.tabIndex = isChosen ? 0 : -1;
        document.getElementById(tab.getAttribute("aria-controls")).hidden = !isChosen;
      }
    };
    this.tabs.forEach((tab, i) => {
      tab.addEventListener("click", () => show(tab));
      tab.addEventListener("keydown", (event) => {
        if (event.key !== "ArrowRight" && event.key !== "ArrowLeft") return;
        const next = this.tabs[(i + 1) % this.tabs.length];
        show(next);
        next.focus();
      });
    });
  }
}

/* The same line as templates/basemap/_item.html writes. */
function itemElement(item) {
  const ends = element("p", "map-item__ends", end(true, item.here), " ", end(false, item.there));
  const more = item.more_here + item.more_there;
  if (more) ends.append(" ", element("small", "", `et ${more} autre${more > 1 ? "s" : ""} lieu${more > 1 ? "x" : ""}`));
  const link = element("a", "", element("bdi", "", item.title));
  link.href = item.url;
  const title = element("p", "map-item__title", link);
  if (item.language && item.language !== "fr") title.lang = item.language;
  const facts = [item.sector, item.carrier === item.title ? "" : item.carrier];
  if (item.since) facts.push(`depuis ${item.since}`);
  if (item.withheld) facts.push("lieu protégé");
  const line = element("li", "map-item", ends, title, element("p", "map-item__facts", facts.filter(Boolean).join(" · ")));
  Object.assign(line.dataset, { here: item.here.keys.join(" "), there: item.there.keys.join(" ") });
  return line;
}

function end(isHere, { name, context }) {
  const shown = place(isHere, name);
  const said = element("span", "visually-hidden", isHere ? "Ici : " : "Là-bas : ");
  shown.prepend(said);
  if (!isHere && context && context !== name) shown.append(" ", element("small", "", context));
  return shown;
}
