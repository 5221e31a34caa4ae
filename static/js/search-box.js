// The search box: what one types may be a place, a sector, an organisation or an initiative. Enter without choosing
// searches the words.

import { Listbox } from "./listbox.js";

/**
 * @typedef {object} Suggestion as /suggestions tells it
 * @property {"place"|"country"|"sector"|"organisation"|"network"|"initiative"} kind
 * @property {string} label
 * @property {[string, boolean][]} marked the pieces of the label, each with whether it was typed
 * @property {string} detail
 * @property {[string, string]|null} ends where an initiative begins here and ends there
 * @property {""|"here"|"there"} side
 * @property {string} href
 * @property {Record<string, string>|null} query the filters that it sets
 */

/** Under which heading each kind comes. */
const HEADINGS = {
  place: "Lieux",
  country: "Lieux",
  sector: "Domaines d’intervention",
  organisation: "Organisations",
  network: "Réseaux",
  initiative: "Initiatives",
};

/** @extends {Listbox<Suggestion>} */
export class SearchBox extends Listbox {
  /**
   * @param {HTMLElement} box the element [data-search-box], whose value is the address of the suggestions
   * @param {(suggestion: Suggestion) => void} choose
   */
  constructor(box, choose) {
    super(box, {
      label: "Propositions",
      address(text) {
        const address = new URL(box.dataset.searchBox ?? "", document.baseURI);
        address.searchParams.set("q", text);
        return address;
      },
      read: (answer) => /** @type {{suggestions: Suggestion[]}} */ (answer).suggestions,
      draw,
      group: ({ kind }) => HEADINGS[kind],
      told: (count) => `${count} proposition${count > 1 ? "s" : ""}, à parcourir avec les flèches`,
      nothing: "",
      choose,
    });
    this.list.classList.add("suggestions--search");
  }
}

/** @param {Suggestion} suggestion */
function draw({ marked, detail, side, ends }) {
  const shown = element("span", `suggestions__label${side ? ` ${side}` : ""}`);
  shown.append(...marked.map(([text, isTyped]) => (isTyped ? element("mark", "", text) : text)));
  const line = side ? [mark(side), shown] : [shown];
  if (ends) return [...line, both(ends)];
  return detail ? [...line, " ", element("small", "", detail)] : line;
}

/** @param {[string, string]} ends */
function both([here, there]) {
  const line = element("small", "suggestions__ends");
  line.append(mark("here"), element("bdi", "", here), " ", mark("there"), element("bdi", "", there));
  return line;
}

/** @param {"here"|"there"} side */
const mark = (side) => {
  const sign = element("span", side === "there" ? "mark mark--there" : "mark");
  sign.setAttribute("aria-hidden", "true");
  return sign;
};

/**
 * @param {string} name
 * @param {string} className
 * @param {string} [text]
 */
function element(name, className, text = "") {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.textContent = text;
  return made;
}
