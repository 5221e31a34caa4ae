/* One facet of the filters: its choices with their counts, a field to find one among many. */

import { digits, element } from "./words.js";

/** @typedef {import("./types.d.ts").FacetValue} FacetValue */

const FEW = 8; // choices shown before « afficher les autres »
const MANY = 20; // choices from which a field helps to find one

/** Without capitals nor accents. @param {string} text */
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

export class Facet {
  /**
   * @param {string} name in addresses
   * @param {string} words what it is, for people
   * @param {boolean} isOpen
   * @param {(value: string, isChosen: boolean) => void} onChoose
   */
  constructor(name, words, isOpen, onChoose) {
    this.name = name;
    this.isWhole = false;
    /** @type {Map<string, {row: HTMLElement, box: HTMLInputElement, count: HTMLElement, noun: HTMLElement, text: string}>} */
    this.rows = new Map();
    /** @type {FacetValue[]} */
    this.values = [];
    this.chosen = element("span", "facet__chosen");
    const summary = element("summary", "", element("span", "", words), this.chosen);
    this.field = this.makeField(words);
    this.list = element("div", "facet__choices");
    this.list.setAttribute("role", "group");
    this.list.setAttribute("aria-label", words);
    this.more = element("button", "facet__others");
    this.more.setAttribute("type", "button");
    this.more.addEventListener("click", () => this.showAll());
    this.none = element("p", "hint", "Aucun choix à ce nom.");
    this.list.addEventListener("change", (/** @type {Event} */ event) => {
      const box = /** @type {HTMLInputElement} */ (event.target);
      onChoose(box.value, box.checked);
    });
    this.element = /** @type {HTMLDetailsElement} */ (element("details", "facet", summary, this.field, this.list));
    this.element.append(this.none, this.more);
    this.element.open = isOpen;
    this.element.hidden = true; // until its choices are known
  }

  /** @param {string} words */
  makeField(words) {
    const field = /** @type {HTMLInputElement} */ (element("input", "input facet__find"));
    field.type = "search";
    field.placeholder = "Chercher dans cette liste";
    field.autocomplete = "off";
    field.setAttribute("aria-label", `Chercher dans « ${words} »`);
    field.addEventListener("input", () => this.arrange());
    return field;
  }

  /**
   * The choices of the last answer; those already there keep their place, so that nothing moves under the finger.
   * @param {FacetValue[]} values
   */
  show(values) {
    const given = new Map(values.map((value) => [value.value, value]));
    for (const value of values) {
      if (!this.rows.has(value.value)) this.addRow(value);
    }
    for (const [value, row] of this.rows) {
      const now = given.get(value);
      row.count.textContent = now ? digits(now.count) : "";
      row.noun.textContent = now && now.count > 1 ? " initiatives" : " initiative";
      row.box.checked = Boolean(now?.chosen);
      row.row.dataset.isGiven = String(Boolean(now));
    }
    const chosen = values.filter((value) => value.chosen).length;
    this.chosen.textContent = chosen ? `${digits(chosen)} choisi${chosen > 1 ? "s" : ""}` : "";
    this.element.hidden = values.length === 0;
    this.arrange();
  }

  /** @param {FacetValue} value */
  addRow(value) {
    const box = /** @type {HTMLInputElement} */ (element("input"));
    Object.assign(box, { type: "checkbox", name: this.name, value: value.value });
    const count = element("span");
    const noun = element("span", "visually-hidden");
    const said = element("span", "number", count, noun);
    const row = element("label", "choice", box, element("span", "", value.label), " ", said);
    this.rows.set(value.value, { row, box, count, noun, text: plain(value.label) });
    this.list.append(row);
  }

  /** Which rows are seen: those given, found by the field, and few of them unless asked. */
  arrange() {
    const rows = [...this.rows.values()];
    const given = rows.filter(({ row }) => row.dataset.isGiven === "true");
    const words = plain(this.field.value.trim());
    const found = given.filter(({ text }) => text.includes(words));
    const isShort = !words && !this.isWhole && found.length > FEW + 1;
    const seen = new Set(found.filter(({ box }, i) => !isShort || i < FEW || box.checked));
    for (const row of rows) row.row.hidden = !seen.has(row);
    this.field.hidden = given.length < MANY;
    this.none.hidden = found.length > 0;
    this.more.hidden = !isShort;
    this.more.textContent = `Afficher les ${digits(found.length - seen.size)} autres`;
  }

  showAll() {
    const seen = [...this.rows.values()].filter(({ row }) => !row.hidden).length;
    this.isWhole = true;
    this.arrange();
    const rows = [...this.rows.values()].filter(({ row }) => !row.hidden);
    rows[seen]?.box.focus();
  }
}
