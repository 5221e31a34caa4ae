/* The panel beside the map, put together: each part listens to the state or to the answers about the list. */

import { Chips } from "./chips.js";
import { Elsewhere } from "./elsewhere.js";
import { Limit } from "./limit.js";
import { LinksTable } from "./links-table.js";
import { List } from "./list.js";
import { Listing } from "./listing.js";
import { Nothing } from "./nothing.js";
import { SearchField } from "./search-field.js";
import { Sentence } from "./sentence.js";
import { Tabs } from "./tabs.js";
import { canHover } from "./theme.js";
import { digits } from "./words.js";

/** @typedef {import("./types.d.ts").Box} Box */
/** @typedef {import("./types.d.ts").FlowData} FlowData */
/** @typedef {import("./types.d.ts").MapOptions} MapOptions */
/** @typedef {import("./state.js").MapState} MapState */
/** @typedef {import("./requests.js").Requests} Requests */
/** @typedef {{here: string[], there: string[]}} Keys keys of both ends, from the finest territory to the coarsest */

const LINKS = 1; // the second tab

export class Panel {
  /**
   * @param {HTMLElement} root
   * @param {MapState} state
   * @param {Requests} requests
   * @param {MapOptions} options
   * @param {{light: (keys: Keys|null) => void, box: () => Box, raise: () => void}} on light a link of the map, tell what
   *   the map shows, bring the panel in sight
   */
  constructor(root, state, requests, options, on) {
    this.root = root;
    this.state = state;
    this.on = on;
    this.failure = this.find("state");
    this.heading = this.find("sentence");
    this.listing = new Listing(state, requests, options.listUrl, Number(this.find("items").dataset.page) || 1);
    this.sentence = new Sentence(this.heading, this.find("live"), this.listing);
    this.table = new LinksTable(
      { rows: this.find("links"), head: this.find("links-head"), more: this.find("more-links"), about: this.find("about") },
      state,
    );
    // Rows that nobody reads are not written.
    const onTab = (/** @type {number} */ chosen) => chosen === LINKS && this.table.fill();
    this.tabs = new Tabs(/** @type {HTMLElement} */ (root.querySelector(".map-tabs")), onTab);
    this.setUpChoices();
    this.setUpFilters();
    const more = /** @type {HTMLAnchorElement} */ (this.find("more"));
    const places = { items: this.find("items"), more, failure: this.find("list-failure"), retry: this.find("retry") };
    this.list = new List(places, state, this.listing);
    this.lightFrom(this.find("items"));
    this.lightFrom(this.find("links"));
    this.listing.addEventListener("answer", () => {
      const count = /** @type {HTMLElement} */ (root.querySelector('[role="tab"] [data-count]'));
      count.textContent = digits(this.listing.answer?.total ?? 0);
    });
    state.addEventListener("selection", () => this.followFocus());
    root.querySelector("[data-to-list]")?.addEventListener("click", (event) => {
      event.preventDefault();
      on.raise();
      this.tabs.show(0, true);
    });
  }

  /** @param {string} name */
  find(name) {
    return /** @type {HTMLElement} */ (this.root.querySelector(`[data-panel="${name}"]`));
  }

  setUpChoices() {
    const { root, state, listing } = this;
    const toHeading = () => this.heading.focus({ preventScroll: true });
    const places = { ends: this.find("selection"), filters: this.find("chips"), clear: this.find("clear") };
    this.chips = new Chips(places, state, listing, toHeading);
    this.nothing = new Nothing(this.find("empty"), this.find("empty-view"), state, listing, toHeading);
    this.search = new SearchField(/** @type {HTMLFormElement} */ (root.querySelector("[data-search]")), state);
    this.limit = new Limit(this.find("zone"), state, this.on.box);
    this.elsewhere = new Elsewhere(root, state);
  }

  /** The panel of filters is fetched when somebody opens it. */
  setUpFilters() {
    const opener = /** @type {HTMLElement} */ (this.root.querySelector("[data-filters-open]"));
    const dialog = /** @type {HTMLDialogElement} */ (this.root.querySelector("[data-filters]"));
    const covered = /** @type {HTMLElement[]} */ ([this.root.querySelector("[data-search]"), this.find("body")]);
    const badge = /** @type {HTMLElement} */ (opener.querySelector("[data-filters-count]"));
    /** @type {Promise<import("./filters.js").Filters>|undefined} */
    let filters;
    opener.addEventListener("click", async (event) => {
      event.preventDefault();
      try {
        filters ??= import("./filters.js").then(
          (module) => new module.Filters(dialog, opener, covered, this.state, this.listing),
        );
        (await filters).open();
      } catch {
        filters = undefined;
        this.showFailure("Les filtres n’ont pas pu être chargés. Vérifiez la connexion, puis réessayez.");
      }
    });
    this.listing.addEventListener("answer", () => {
      const chips = this.listing.answer?.chips ?? [];
      const count = chips.filter(({ facet }) => !["ici", "labas", "bbox", "q"].includes(facet)).length;
      badge.textContent = count ? digits(count) : "";
    });
  }

  /** What a territory was chosen from leaves the page or is hidden: the focus goes to the sentence that tells it. */
  followFocus() {
    const from = document.activeElement?.closest(".map-link, .map-edge, .map-item__show, .chip");
    if (from) this.heading.focus({ preventScroll: true });
  }

  /**
   * The links of the map, in words.
   * @param {FlowData} data
   */
  showLinks(data) {
    this.table.show(data);
    if (this.tabs.chosen === LINKS) this.table.fill();
  }

  /**
   * How many links are drawn, of how many.
   * @param {number} drawn
   * @param {number} links
   */
  showDrawn(drawn, links) {
    this.sentence.showDrawn(drawn, links);
  }

  /**
   * @param {string} words nothing when all is well again
   * @param {string} [only] replaces these words alone
   */
  showFailure(words, only) {
    if (only !== undefined && this.failure.textContent !== only) return;
    this.failure.textContent = words;
    this.failure.hidden = !words;
  }

  /** Open the table of links and go there. */
  openLinks() {
    this.tabs.show(LINKS, true);
  }

  /** Pointing at a line lights its link on the map. @param {HTMLElement} lines */
  lightFrom(lines) {
    const light = (/** @type {Event} */ event) => {
      const line = /** @type {HTMLElement|null} */ (/** @type {HTMLElement} */ (event.target).closest("[data-here]"));
      const { here = "", there = "" } = line?.dataset ?? {};
      this.on.light(line && { here: here.split(" "), there: there.split(" ") });
    };
    if (canHover()) lines.addEventListener("mouseover", light);
    lines.addEventListener("focusin", light);
    lines.addEventListener("mouseleave", () => this.on.light(null));
    lines.addEventListener("focusout", () => this.on.light(null));
  }
}
