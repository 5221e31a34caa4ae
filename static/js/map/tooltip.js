/* The words beside the pointer. What they say is also in the lists: the tooltip itself is hidden from readers. */

import { digits, element, initiatives, place } from "./words.js";

/** @typedef {import("./types.d.ts").MapSymbol} MapSymbol */
/** @typedef {import("./types.d.ts").Ribbon} Ribbon */
/** @typedef {import("./types.d.ts").Target} Target */

const GAP = { x: 16, y: 20 }; // pixels from the pointer
const EDGE = 4; // and from the edge of the map
const NAMED = 4; // members of a symbol that are named

export class Tooltip {
  /** @param {HTMLElement} container */
  constructor(container) {
    this.box = element("div", "map-tooltip");
    this.box.setAttribute("aria-hidden", "true");
    this.box.hidden = true;
    this.container = container;
    /** @type {object|null} */
    this.subject = null;
    container.append(this.box);
  }

  hide() {
    this.box.hidden = true;
    this.subject = null;
  }

  /**
   * @param {Target} target
   * @param {{x: number, y: number}} point
   */
  show(target, { x, y }) {
    const subject = target.symbol ?? target.ribbon;
    if (subject !== this.subject) {
      this.subject = subject;
      this.box.replaceChildren(...(target.symbol ? ofSymbol(target.symbol) : ofRibbon(target.ribbon)));
      this.box.hidden = false;
      this.size = [this.box.offsetWidth, this.box.offsetHeight];
    }
    const [width, height] = this.size ?? [0, 0];
    const left = Math.max(EDGE, Math.min(x + GAP.x, this.container.clientWidth - width - EDGE));
    const isLow = y + GAP.y + height > this.container.clientHeight - EDGE;
    const top = isLow ? Math.max(EDGE, y - height - 12) : y + GAP.y;
    this.box.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  }
}

/** @param {MapSymbol} symbol */
function ofSymbol({ isHere, isArea, name, count, degree, members }) {
  if (members.length > 1) return ofSeveral(isHere, members);
  const where = isHere ? "là-bas" : "ici";
  const linked = `${digits(degree)} territoire${degree > 1 ? "s" : ""} ${where}`;
  const shown = isArea ? [element("p", "", "Le lieu exact n’est pas montré.")] : [];
  return [place(isHere, name), element("p", "", `${initiatives(count)}, ${linked}`), ...shown];
}

/**
 * Each with its own count: an initiative may be in several, so that a total would be false.
 * @param {boolean} isHere
 * @param {import("./types.d.ts").Node[]} members the busiest first
 */
function ofSeveral(isHere, members) {
  const sorted = [...members].sort((a, b) => b.count - a.count);
  const rest = sorted.length - NAMED;
  const lines = sorted.slice(0, NAMED).map(({ name, count }) => element("p", "", `${name} : ${initiatives(count)}`));
  const others = sorted.length - 1;
  return [
    place(isHere, `${members[0].name} et ${digits(others)} autre${others > 1 ? "s" : ""}`),
    ...lines,
    ...(rest > 0 ? [element("p", "", `et ${digits(rest)} autre${rest > 1 ? "s" : ""}`)] : []),
    element("p", "", "Cliquez pour les séparer."),
  ];
}

/** @param {Ribbon} ribbon */
function ofRibbon({ here, there, count }) {
  return [place(true, here.node.name), " ", place(false, there.node.name), element("p", "", initiatives(count))];
}
