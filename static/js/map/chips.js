/* The applied choices, each to take off: the selection first, then the filters and the view. */

import { cross, element, place } from "./words.js";

/** @typedef {import("./listing.js").Listing} Listing */
/** @typedef {import("./state.js").MapState} MapState */
/** @typedef {import("./types.d.ts").Chip} Chip */

const ENDS = ["ici", "labas"];
/** The facets that are places, with their side. */
const IS_HERE = new Map([["ici", true], ["region", true], ["departement", true], ["labas", false], ["pays", false]]);

/**
 * Take a choice off the state.
 * @param {MapState} state
 * @param {string} facet its name in addresses
 * @param {string} value
 */
export function takeOff(state, facet, value) {
  if (facet === "ici") state.choose(null, state.there);
  else if (facet === "labas") state.choose(state.here, null);
  else if (facet === "bbox") state.setZone(false, null);
  else state.setFilters(without(state.filters, facet, value));
}

/**
 * @param {URLSearchParams} filters
 * @param {string} facet
 * @param {string} value
 */
export function without(filters, facet, value) {
  const rest = new URLSearchParams();
  for (const [name, one] of filters) {
    const isSame = name === facet && (one === value || facet === "q" || facet === "depuis");
    if (!isSame) rest.append(name, one);
  }
  return rest;
}

/** Nothing chosen any more, in one entry of the history; the order of the list stays. @param {MapState} state */
export function clearAll(state) {
  const sort = state.filters.get("tri");
  const wasChosen = state.isChosen;
  if (state.box) state.setZone(false, null);
  state.choose(null, null);
  state.setFilters(new URLSearchParams(sort ? { tri: sort } : {}), wasChosen);
}

export class Chips {
  /**
   * @param {{ends: HTMLElement, filters: HTMLElement, clear: HTMLElement}} places
   * @param {MapState} state
   * @param {Listing} listing
   * @param {() => void} onLeave called when the chip that had the focus goes away
   */
  constructor({ ends, filters, clear }, state, listing, onLeave) {
    this.ends = ends;
    this.filters = filters;
    this.clear = clear;
    this.state = state;
    // Who has a script takes the view off with its checkbox.
    filters.querySelector('[data-facet="bbox"]')?.parentElement?.remove();
    filters.hidden = !filters.childElementCount;
    for (const list of [ends, filters]) {
      list.addEventListener("click", (event) => {
        const chip = /** @type {HTMLElement} */ (event.target).closest("a");
        if (!chip) return;
        event.preventDefault();
        takeOff(state, chip.dataset.facet ?? "", chip.dataset.value ?? "");
        onLeave();
      });
    }
    clear.addEventListener("click", (event) => {
      event.preventDefault();
      clearAll(state);
      onLeave();
    });
    listing.addEventListener("answer", () => listing.answer && !listing.isMore && this.show(listing.answer.chips));
  }

  /** @param {Chip[]} chips */
  show(chips) {
    const isEnd = (/** @type {Chip} */ chip) => ENDS.includes(chip.facet);
    this.ends.replaceChildren(...chips.filter(isEnd).map(chipElement));
    const isFilter = (/** @type {Chip} */ chip) => !isEnd(chip) && chip.facet !== "bbox";
    this.filters.replaceChildren(...chips.filter(isFilter).map(chipElement));
    for (const list of [this.ends, this.filters]) list.hidden = !list.childElementCount;
    this.clear.hidden = chips.length < 2;
  }
}

/* The same as templates/pages/_map_panel.html writes. */
/** @param {Chip} chip */
function chipElement(chip) {
  const isHere = IS_HERE.get(chip.facet);
  const label = isHere === undefined ? element("bdi", "", chip.label) : place(isHere, chip.label);
  const link = element("a", "chip", label, " ", cross());
  link.append(element("span", "visually-hidden", " : retirer ce choix"));
  link.href = chip.href;
  Object.assign(link.dataset, { facet: chip.facet, value: chip.value });
  return element("li", "", link);
}
