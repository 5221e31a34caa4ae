/* A selection without any initiative: which choice to take off, and what would then be shown. */

import { clearAll, takeOff } from "./chips.js";
import { element } from "./words.js";

/** @typedef {import("./listing.js").Listing} Listing */
/** @typedef {import("./state.js").MapState} MapState */
/** @typedef {import("./types.d.ts").Chip} Chip */

export class Nothing {
  /**
   * @param {HTMLElement} root
   * @param {HTMLElement} inView what is said when nothing is in the part of the map that is seen
   * @param {MapState} state
   * @param {Listing} listing
   * @param {() => void} onLeave called once a choice is taken off
   */
  constructor(root, inView, state, listing, onLeave) {
    this.root = root;
    this.ways = /** @type {HTMLElement} */ (root.querySelector("[data-ways]"));
    this.widen = /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll("[data-widen]"));
    root.addEventListener("click", (event) => {
      const link = /** @type {HTMLElement} */ (event.target).closest("a");
      if (!link || link.dataset.facet === undefined) return;
      event.preventDefault();
      if (link.dataset.facet) takeOff(state, link.dataset.facet, link.dataset.value ?? "");
      else clearAll(state);
      onLeave();
    });
    listing.addEventListener("answer", () => {
      const { answer } = listing;
      if (!answer) return;
      // Over the sea nothing is the rule: no need to cover the map with it.
      const isView = answer.chips.some(({ facet }) => facet === "bbox");
      this.root.hidden = answer.total > 0 || isView;
      inView.hidden = answer.total > 0 || !isView;
      // Nothing is chosen: there is nothing to take off.
      for (const part of this.widen) part.hidden = !answer.chips.length;
      this.ways.replaceChildren(...answer.wider.map(wayElement));
    });
  }
}

/* The same as templates/pages/_map_panel.html writes. */
/** @param {Chip & {words: string}} way */
function wayElement(way) {
  const link = element("a", "button button--quiet button--small", "Retirer ", element("bdi", "", quoted(way)));
  link.href = way.href;
  Object.assign(link.dataset, { facet: way.facet, value: way.value });
  return element("li", "", link, " ", element("small", "", way.words));
}

/** @param {Chip} way */
const quoted = ({ facet, label }) => (facet === "q" ? label : `«\u00a0${label}\u00a0»`);
