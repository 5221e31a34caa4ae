/* The links of the map as a table: the same information, in words and buttons, the busiest first. */

import { digits, element, initiatives, place } from "./words.js";

/** @typedef {import("./state.js").MapState} MapState */
/** @typedef {import("./types.d.ts").FlowData} FlowData */
/** @typedef {import("./types.d.ts").Link} Link */

const STEP = 80;

export class LinksTable {
  /**
   * @param {{rows: HTMLElement, more: HTMLElement, about: HTMLElement, count: HTMLElement}} places
   * @param {MapState} state
   */
  constructor({ rows, more, about, count }, state) {
    this.rows = rows;
    this.more = more;
    this.about = about;
    this.count = count;
    this.state = state;
    /** @type {Link[]} */
    this.links = [];
    this.told = "";
    more.addEventListener("click", () => this.showMore());
    rows.addEventListener("click", (event) => {
      const row = /** @type {HTMLElement} */ (event.target).closest("tr");
      if (row?.dataset.here) state.choose(row.dataset.here, row.dataset.there ?? null);
    });
  }

  /** @param {FlowData} data */
  show(data) {
    this.links = data.links;
    this.count.textContent = digits(data.flows_total);
    this.about.textContent = about(data);
    // The same links, drawn again: what is read stays where it is.
    const told = JSON.stringify([data.keys, data.flows]);
    if (told === this.told) return;
    this.told = told;
    this.rows.replaceChildren(...this.links.slice(0, STEP).map(rowElement));
    this.more.hidden = this.links.length <= STEP;
  }

  showMore() {
    const shown = this.rows.childElementCount;
    const rows = this.links.slice(shown, shown + STEP).map(rowElement);
    this.rows.append(...rows);
    this.more.hidden = this.links.length <= shown + STEP;
    rows[0]?.querySelector("button")?.focus();
  }
}

/** What the table holds, and what it leaves out. @param {FlowData} data */
function about({ nodes, flows_total: total, flows_shown: shown, links }) {
  if (!links.length) return "Aucun lien à montrer ici.";
  const partial = shown < total ? ` Les ${digits(links.length)} plus nourris sont dans ce tableau.` : "";
  const here = nodes.filter((node) => node.isHere && node.degree).length;
  const there = nodes.filter((node) => !node.isHere && node.degree).length;
  const ends = partial || here + there < 3 ? "" : `, entre ${lieux(here)} d’ici et ${lieux(there)} de là-bas`;
  return `${digits(total)} lien${total > 1 ? "s" : ""}${ends}.${partial}`;
}

/** @param {number} count */
const lieux = (count) => (count > 1 ? `${digits(count)} lieux` : "un lieu");

/** @param {Link} link */
function rowElement(link) {
  const button = element("button", "map-link", place(true, link.here.name));
  button.type = "button";
  button.setAttribute("aria-label", `${link.here.name} et ${link.there.name} : ${initiatives(link.count)}`);
  const first = element("th", "", button);
  first.scope = "row";
  const count = element("td", "map-table__count", digits(link.count));
  const row = element("tr", "", first, element("td", "", place(false, link.there.name)), count);
  Object.assign(row.dataset, { here: link.here.key, there: link.there.key });
  return row;
}
