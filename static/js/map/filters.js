/*
 * The panel of filters: over the list on a large screen, over the whole of a phone, where the focus stays inside.
 * Each choice is applied at once; the panel shows the counts of the last answer.
 */

import { Facet } from "./facet.js";
import { digits, element } from "./words.js";

/** @typedef {import("./listing.js").Listing} Listing */
/** @typedef {import("./state.js").MapState} MapState */

/** The facets in the order of the panel; the first two are open. */
const FACETS = {
  secteur: "Domaine d’intervention",
  pays: "Là-bas, le pays",
  region: "Ici, la région",
  departement: "Ici, le département",
  etat: "Où en est-on",
  public: "Avec qui, pour qui",
  besoin: "Ce que l’initiative cherche",
  acteur: "Type d’acteur",
  odd: "Objectif de développement durable",
  reseau: "Réseau qui relit",
};
const OPEN = 2;
const KEPT = ["q", "tri"];
const PHONE = matchMedia("(max-width: 47.99rem)");
const PAUSE = 500; // milliseconds without a key before a year is applied
const NOTE = "Domaines et types d’acteurs sont des listes de travail, à confirmer avec les réseaux. Chaque nombre compte des initiatives.";

export class Filters {
  /**
   * @param {HTMLDialogElement} dialog
   * @param {HTMLElement} opener the button that opens it
   * @param {HTMLElement[]} covered what it hides on a large screen
   * @param {MapState} state
   * @param {Listing} listing
   */
  constructor(dialog, opener, covered, state, listing) {
    this.dialog = dialog;
    this.opener = opener;
    this.covered = covered;
    this.state = state;
    this.listing = listing;
    const find = (/** @type {string} */ name) => /** @type {HTMLElement} */ (dialog.querySelector(`[data-filters-${name}]`));
    this.see = find("see");
    this.clear = find("clear");
    this.title = find("title");
    this.body = find("body");
    this.failure = find("failure");
    this.facets = Object.entries(FACETS).map(
      ([name, words], i) => new Facet(name, words, i < OPEN, (value, isChosen) => this.choose(name, value, isChosen)),
    );
    this.since = this.makeSince();
    this.body.append(...this.facets.map((facet) => facet.element), this.since.parentElement ?? this.since);
    this.body.append(element("p", "hint", NOTE));
    this.see.addEventListener("click", () => this.close());
    find("close").addEventListener("click", () => this.close());
    this.clear.addEventListener("click", () => {
      state.setFilters(this.kept());
      this.title.focus();
    });
    dialog.addEventListener("keydown", (event) => this.press(event));
    dialog.addEventListener("close", () => this.leave());
    for (const event of ["answer", "rest"]) listing.addEventListener(event, () => this.show());
    listing.addEventListener("failure", () => (this.failure.hidden = false));
    this.failure.querySelector("button")?.addEventListener("click", () => listing.retry());
    PHONE.addEventListener("change", () => dialog.open && this.reopen());
    state.addEventListener("restore", () => (this.since.value = state.filters.get("depuis") ?? ""));
  }

  makeSince() {
    const field = /** @type {HTMLInputElement} */ (element("input", "input input--short"));
    Object.assign(field, { id: "filtre-depuis", inputMode: "numeric", maxLength: 4, autocomplete: "off" });
    field.value = this.state.filters.get("depuis") ?? "";
    const label = element("label", "", "Commencées à partir de l’année");
    label.setAttribute("for", field.id);
    const wrong = element("p", "error");
    wrong.id = "filtre-depuis-erreur";
    wrong.setAttribute("role", "alert");
    field.setAttribute("aria-describedby", wrong.id);
    element("div", "field", label, field, wrong);
    /** @type {ReturnType<typeof setTimeout>|undefined} */
    let pause;
    field.addEventListener("input", () => {
      clearTimeout(pause);
      pause = setTimeout(() => {
        const year = field.value.trim();
        const isYear = /^((1[89]|20)\d\d)?$/.test(year);
        wrong.textContent = isYear ? "" : "Écrivez l’année en quatre chiffres, par exemple 2015.";
        if (isYear) this.set("depuis", year ? [year] : []);
      }, PAUSE);
    });
    return field;
  }

  // --- Opening and closing

  async open() {
    this.listing.hasFacets = true;
    this.show();
    if (!this.listing.answer?.facets) this.listing.ask();
    this.lay();
  }

  lay() {
    if (PHONE.matches) {
      this.dialog.showModal();
    } else {
      this.dialog.show();
      for (const one of this.covered) one.inert = true;
    }
    this.opener.setAttribute("aria-expanded", "true");
    this.title.focus();
  }

  /** The screen became narrow or wide: the same panel, laid out otherwise. */
  reopen() {
    this.isTurning = true;
    this.dialog.close();
    for (const one of this.covered) one.inert = false;
    this.lay();
  }

  close() {
    this.dialog.close();
  }

  leave() {
    if (this.dialog.open) return;
    this.listing.hasFacets = false;
    for (const one of this.covered) one.inert = false;
    this.opener.setAttribute("aria-expanded", "false");
    this.opener.focus();
  }

  /** @param {KeyboardEvent} event */
  press(event) {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    this.close();
  }

  // --- Choosing

  /**
   * @param {string} name
   * @param {string} value
   * @param {boolean} isChosen
   */
  choose(name, value, isChosen) {
    const values = this.state.filters.getAll(name).filter((one) => one !== value);
    this.set(name, isChosen ? [...values, value] : values);
  }

  /**
   * @param {string} name
   * @param {string[]} values
   */
  set(name, values) {
    const filters = new URLSearchParams(this.state.filters);
    filters.delete(name);
    for (const value of values) filters.append(name, value);
    this.state.setFilters(filters);
  }

  /** What the panel does not show: the words searched, the order. */
  kept() {
    return new URLSearchParams([...this.state.filters].filter(([name]) => KEPT.includes(name)));
  }

  show() {
    const { answer } = this.listing;
    if (!answer?.facets) return;
    this.failure.hidden = true;
    for (const facet of this.facets) facet.show(answer.facets[facet.name] ?? []);
    if (document.activeElement !== this.since) this.since.value = this.state.filters.get("depuis") ?? "";
    const { total } = answer;
    this.see.textContent =
      total > 1 ? `Voir les ${digits(total)} initiatives` : total ? "Voir l’initiative" : "Aucune initiative\u00a0: fermer";
    this.clear.hidden = this.kept().size === this.state.filters.size;
  }
}
