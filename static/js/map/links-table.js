/* The links of the map as a table: the same information, in words and buttons, the busiest first. */

import { bareName, digits, element, initiatives, place } from "./words.js";

/** @typedef {import("./state.js").MapState} MapState */
/** @typedef {import("./types.d.ts").FlowData} FlowData */
/** @typedef {import("./types.d.ts").Link} Link */

const STEP = 80;

export class LinksTable {
  /**
   * @param {{rows: HTMLElement, head: HTMLElement, more: HTMLElement, about: HTMLElement}} places
   * @param {MapState} state
   */
  constructor({ rows, head, more, about }, state) {
    this.rows = rows;
    this.more = more;
    this.about = about;
    this.head = head;
    this.state = state;
    /** @type {Link[]} */
    this.links = [];
    this.told = "";
    this.isFilled = false;
    more.addEventListener("click", () => this.showMore());
    rows.addEventListener("click", (event) => {
      const row = /** @type {HTMLElement} */ (event.target).closest("tr");
      if (row?.dataset.here) state.choose(row.dataset.here, row.dataset.there ?? null);
    });
  }

  /** @param {FlowData} data */
  show(data) {
    this.links = data.links;
    this.head.hidden = !data.links.length;
    this.about.textContent = about(data);
    const told = JSON.stringify([data.keys, data.flows]);
    this.isFilled &&= told === this.told;
    this.told = told;
  }

  /** Write the rows; when the same links were drawn again, what is read stays where it is. */
  fill() {
    if (this.isFilled) return;
    this.isFilled = true;
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

/** What a link joins at each level of the map: one more or less close, as the view is. */
const JOINED = [
  "une zone de France et un pays",
  "une région d’ici et un pays de là-bas",
  "un département d’ici et une région de là-bas",
  "une commune d’ici et une localité de là-bas",
];

/** What the table holds, what a line of it is, and what it leaves out. @param {FlowData} data */
function about({ level, flows_total: total, flows_shown: shown, links }) {
  if (!links.length) return "Aucun lien à montrer ici.";
  if (total === 1) return `Un lien, entre ${JOINED[level]}.`;
  const partial = shown < total ? ` Les ${digits(links.length)} plus nourris sont dans ce tableau.` : "";
  return `${digits(total)} liens, chacun entre ${JOINED[level]}.${partial}`;
}

/** @param {Link} link */
function rowElement(link) {
  const button = element("button", "map-link", place(true, bareName(link.here.name)));
  button.type = "button";
  button.setAttribute("aria-label", `${link.here.name} et ${link.there.name} : ${initiatives(link.count)}`);
  const first = element("th", "", button);
  first.scope = "row";
  const count = element("td", "map-table__count", digits(link.count));
  const row = element("tr", "", first, element("td", "", place(false, link.there.name)), count);
  Object.assign(row.dataset, { here: link.here.key, there: link.there.key });
  return row;
}
