// @ts-nocheck
/* The panel beside the map: the sentence, the selection, the list of initiatives, the list of links. */

import { addressText, isHereKey, readAddress } from "./state.js";
import { canHover } from "./theme.js";
import { digits, element, initiatives, place } from "./words.js";

const MAX_ROWS = 80;
const FAILURE = "La liste n’a pas pu être mise à jour. Vérifiez la connexion, puis réessayez.";

export class Panel {
  /** `on`: light(target) where target is {here, there} keys or null, nameOf(key). */
  constructor(root, state, requests, options, on) {
    this.root = root;
    this.state = state;
    this.requests = requests;
    this.listUrl = options.listUrl;
    this.on = on;
    this.page = 1;
    this.listed = state.query().toString(); // the server wrote the first list
    this.names = new Map();
    root.querySelectorAll("[data-name-of]").forEach((one) => this.names.set(one.dataset.nameOf, one.dataset.name));
    const find = (name) => root.querySelector(`[data-panel="${name}"]`);
    for (const name of ["sentence", "selection", "chosen", "clear", "items", "more", "links", "live", "empty"]) {
      this[name] = find(name);
    }
    this.failure = find("state");
    this.clear.addEventListener("click", () => state.choose(null, null));
    this.more.addEventListener("click", () => this.loadList(this.page + 1));
    this.tabs = [...root.querySelectorAll('[role="tab"]')];
    this.listenToTabs();
    this.listenToItems(this.items);
    this.listenToItems(this.links);
    this.listenToState();
    this.showSelection();
  }

  listenToState() {
    this.state.addEventListener("selection", () => this.followSelection());
    this.state.addEventListener("view", () => this.carryState());
    for (const change of ["filters", "zone"]) this.state.addEventListener(change, () => this.loadList());
    this.state.addEventListener("restore", () => {
      this.showSelection();
      this.loadList();
    });
  }

  followSelection() {
    // What was chosen from leaves the page or is hidden: the focus goes to what it led to.
    const isLeaving = document.activeElement?.closest('.map-link, .map-edge, [data-panel="clear"]');
    this.showSelection();
    if (isLeaving) (this.state.isChosen ? this.chosen : this.sentence).focus({ preventScroll: true });
    this.loadList();
  }

  /** Links and forms of the page that reload it keep the selection and the view. */
  carryState() {
    const { here, there, view } = this.state;
    for (const field of this.root.querySelectorAll("[data-carry]")) {
      field.value = { ici: here, labas: there, vue: view?.join("/") }[field.name] ?? "";
      field.disabled = !field.value;
    }
    for (const link of this.root.querySelectorAll("[data-carry-link]")) {
      const query = readAddress(new URL(link.href).search).filters;
      for (const [name, value] of Object.entries({ ici: here, labas: there, vue: view?.join("/") })) {
        if (value) query.set(name, value);
      }
      link.href = `${location.pathname}?${addressText(query)}`;
    }
  }

  // --- Initiatives

  async loadList(page = 1) {
    const query = this.state.query({ page: page > 1 ? page : "" });
    if (query.toString() === this.listed) return;
    try {
      const answer = await this.requests.ask("list", this.listUrl, query);
      if (!answer) return;
      this.listed = query.toString();
      this.page = answer.page;
      this.showItems(answer, page > 1);
    } catch {
      this.showFailure(FAILURE);
    }
  }

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
    data.nodes.forEach(({ key, name }) => this.names.set(key, name));
    this.showSelection();
    const rows = data.links.slice(0, MAX_ROWS).map((link) => {
      const button = element("button", "map-link", place(true, link.here.name), " et ", place(false, link.there.name));
      button.append(element("span", "map-link__count", initiatives(link.count)));
      button.type = "button";
      Object.assign(button.dataset, { here: link.here.key, there: link.there.key });
      button.addEventListener("click", () => this.state.choose(link.here.key, link.there.key));
      return element("li", "", button);
    });
    this.links.replaceChildren(...rows);
    this.tabs[1].querySelector("[data-count]").textContent = digits(data.flows_total);
  }

  // --- Selection

  showSelection() {
    const keys = this.state.chosenKeys;
    this.selection.hidden = keys.length === 0;
    const named = keys.map((key) => place(isHereKey(key), this.nameOf(key)));
    this.chosen.replaceChildren(...named.flatMap((one, i) => (i ? [" et ", one] : [one])));
    this.carryState();
  }

  nameOf(key) {
    return this.names.get(key) ?? (isHereKey(key) ? "Un lieu d’ici" : "Un lieu de là-bas");
  }

  showFailure(words) {
    this.failure.textContent = words;
    this.failure.hidden = !words;
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

  /** Open the list of links and go there. */
  openLinks() {
    this.tabs[1].click();
    this.tabs[1].focus();
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
