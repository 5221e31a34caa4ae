/* What is searched: words, which the selection follows while they are typed, or what is chosen among the suggestions. */

import { SearchBox } from "../search-box.js";
import { isHereKey } from "./state.js";

/** @typedef {import("./state.js").MapState} MapState */
/** @typedef {import("../search-box.js").Suggestion} Suggestion */

const PAUSE = 350; // milliseconds without a key before the words are searched

export class SearchField {
  /**
   * @param {HTMLFormElement} form
   * @param {MapState} state
   */
  constructor(form, state) {
    this.input = /** @type {HTMLInputElement} */ (form.elements.namedItem("q"));
    this.state = state;
    /** @type {ReturnType<typeof setTimeout>|undefined} */
    this.pause = undefined;
    this.isTyping = false;
    const box = /** @type {HTMLElement} */ (form.querySelector("[data-search-box]"));
    this.box = new SearchBox(box, (suggestion) => this.choose(suggestion));
    this.input.addEventListener("input", () => {
      clearTimeout(this.pause);
      this.pause = setTimeout(() => this.search(), PAUSE);
    });
    this.input.addEventListener("blur", () => (this.isTyping = false));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.search();
      this.isTyping = false;
    });
    for (const change of ["filters", "restore"]) state.addEventListener(change, () => this.follow());
  }

  search() {
    clearTimeout(this.pause);
    const words = this.input.value.trim();
    if (words === (this.state.filters.get("q") ?? "")) return;
    const filters = new URLSearchParams(this.state.filters);
    if (words) filters.set("q", words);
    else filters.delete("q");
    // Words on the way to others leave no entry of their own behind.
    this.state.setFilters(filters, this.isTyping);
    this.isTyping = true;
  }

  /**
   * A territory is selected, another value becomes a filter, an initiative opens its sheet; the words typed on the way
   * were only a way to it.
   * @param {Suggestion} suggestion
   */
  choose({ query, href }) {
    clearTimeout(this.pause);
    if (!query) {
      location.assign(href);
      return;
    }
    this.input.value = "";
    const filters = new URLSearchParams(this.state.filters);
    filters.delete("q");
    const key = query.ici ?? query.labas;
    if (key) {
      this.state.setFilters(filters, this.isTyping);
      this.select(key);
    } else {
      for (const [name, value] of Object.entries(query)) if (!filters.has(name, value)) filters.append(name, value);
      this.state.setFilters(filters, this.isTyping);
    }
    this.isTyping = false;
  }

  /** The territory takes its end of the selection; the other end stays. @param {string} key */
  select(key) {
    const isHere = isHereKey(key);
    this.state.choose(isHere ? key : this.state.here, isHere ? this.state.there : key);
  }

  /** What was taken off elsewhere leaves the field; what is being typed stays. */
  follow() {
    const words = this.state.filters.get("q") ?? "";
    if (this.input.value.trim() !== words) this.input.value = words;
  }
}
