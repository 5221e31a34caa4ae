/* The list of initiatives beside the map, one page after the other. */

import { element, place } from "./words.js";

/** @typedef {import("./listing.js").Listing} Listing */
/** @typedef {import("./state.js").MapState} MapState */
/** @typedef {import("./types.d.ts").ListItem} ListItem */
/** @typedef {import("./types.d.ts").ListEnd} ListEnd */

export class List {
  /**
   * @param {{items: HTMLElement, more: HTMLAnchorElement, failure: HTMLElement, retry: HTMLElement}} places
   * @param {MapState} state
   * @param {Listing} listing
   */
  constructor(places, state, listing) {
    this.items = places.items;
    this.more = places.more;
    this.failure = places.failure;
    this.state = state;
    this.listing = listing;
    this.items.addEventListener("click", (event) => this.showOnMap(event));
    this.more.addEventListener("click", (event) => {
      event.preventDefault();
      listing.more();
    });
    places.retry.addEventListener("click", () => listing.retry());
    listing.addEventListener("asking", () => this.items.setAttribute("aria-busy", "true"));
    listing.addEventListener("answer", () => this.show());
    listing.addEventListener("rest", () => this.settle());
    listing.addEventListener("failure", () => {
      this.items.removeAttribute("aria-busy");
      this.failure.hidden = false;
    });
  }

  show() {
    const { answer, isMore } = this.listing;
    if (!answer) return;
    this.settle();
    const lines = answer.items.filter((item) => !isMore || !this.has(item.url)).map(itemElement);
    if (isMore) this.items.append(...lines);
    else this.items.replaceChildren(...lines);
    const isLast = answer.page >= answer.pages;
    // What was asked for is read next.
    if (isMore && document.activeElement === this.more) lines[0]?.querySelector("a")?.focus({ preventScroll: true });
    this.more.hidden = isLast;
    this.more.href = this.state.address({ page: answer.page + 1 });
  }

  settle() {
    this.items.removeAttribute("aria-busy");
    this.failure.hidden = true;
  }

  /** A page after a publication may begin with what the one before ended with. @param {string} url */
  has(url) {
    return [...this.items.querySelectorAll("a")].some((link) => link.getAttribute("href") === url);
  }

  /** « Voir sur la carte » of a line selects its two ends. @param {MouseEvent} event */
  showOnMap(event) {
    const link = /** @type {HTMLElement} */ (event.target).closest(".map-item__show");
    const line = link?.closest("li");
    if (!line || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.state.choose(line.dataset.here?.split(" ")[0] ?? null, line.dataset.there?.split(" ")[0] ?? null);
  }
}

/* The same line as templates/basemap/_item.html writes. */
/** @param {ListItem} item */
function itemElement(item) {
  const ends = element("p", "map-item__ends", end(true, item.here), " ", end(false, item.there));
  const more = moreWords(item);
  if (more) ends.append(" ", element("small", "", more));
  const link = element("a", "", element("bdi", "", item.title));
  link.href = item.url;
  const title = element("p", "map-item__title", link);
  if (item.language && item.language !== "fr") title.lang = item.language;
  const facts = [item.is_twinning ? "liste de jumelages" : "", item.sector, item.carrier === item.title ? "" : item.carrier];
  if (item.since) facts.push(`depuis ${item.since}`);
  if (item.withheld) facts.push("lieu protégé");
  const show = element("a", "map-item__show", "Voir sur la carte");
  show.append(element("span", "visually-hidden", ` : ${item.title}`));
  show.href = `/carte?ici=${item.here.key}&labas=${item.there.key}`;
  const told = element("p", "map-item__facts", facts.filter(Boolean).join(" · "));
  const line = element("li", "map-item", ends, title, told, element("p", "map-item__act", show));
  Object.assign(line.dataset, { here: item.here.keys.join(" "), there: item.there.keys.join(" ") });
  return line;
}

/**
 * « et un autre lieu d’ici », « et 3 autres lieux de là-bas »; both when there are some on both sides.
 * @param {ListItem} item
 */
function moreWords({ more_here: here, more_there: there }) {
  const told = [
    { count: here, where: "d’ici" },
    { count: there, where: "de là-bas" },
  ].filter(({ count }) => count);
  const words = told.map(({ count, where }) => count > 1 ? `${count} autres lieux ${where}` : `un autre lieu ${where}`);
  return words.length ? `et ${words.join(", ")}` : "";
}

/**
 * @param {boolean} isHere
 * @param {ListEnd} end
 */
function end(isHere, { name, context }) {
  const shown = place(isHere, name);
  shown.prepend(element("span", "visually-hidden", isHere ? "Ici : " : "Là-bas : "));
  if (!isHere && context && context !== name) shown.append(" ", element("small", "", context));
  return shown;
}
