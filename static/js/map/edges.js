/*
 * Ends of links that are out of sight, told at the edge of the map: « Sénégal 38 ↘ ». A badge is a button; it points
 * where its place truly is on the map, and its count is that of the links with what is in sight.
 */

import { bundleRibbons } from "./curves.js";
import { around, cornerFor, middleOf, spotFor, untangle } from "./frame-edge.js";
import { digits, element, place } from "./words.js";

/** @typedef {import("./types.d.ts").Badge} Badge */
/** @typedef {import("./types.d.ts").End} End */
/** @typedef {import("./types.d.ts").Leaving} Leaving */
/** @typedef {import("./types.d.ts").Node} Node */
/** @typedef {import("./types.d.ts").PixelBox} PixelBox */
/** @typedef {import("./types.d.ts").Ribbon} Ribbon */

/** Badges at most; of the world, which is nearly all in sight, fewer. */
const LIMIT = { close: { wide: 14, narrow: 6 }, world: { wide: 8, narrow: 5 } };
const NARROW = 600; // pixels
const SMALLEST_SHARE = 0.03; // of the largest badge: less is told in the list only
const THINNEST = 1.4; // pixels
const DIRECTIONS = [
  "l’est", "le sud-est", "le sud", "le sud-ouest", "l’ouest", "le nord-ouest", "le nord", "le nord-est",
];

/**
 * Gather links by their end out of sight. Badges come with the largest counts first. Counts are of distinct initiatives:
 * where one may have two ends in sight, the badge says that its number is the most there can be.
 * @param {Leaving[]} leaving
 * @param {{links: import("./types.d.ts").Link[], isPartial?: boolean}} answer isPartial: `links` are only some of those
 *   there are, and the count is that of the place with all that was asked for around the view
 * @returns {Badge[]}
 */
export function gatherByFarEnd(leaving, { links, isPartial = false }) {
  /** @type {Map<string, Badge>} */
  const badges = new Map();
  for (const one of leaving) {
    const { node } = one.far;
    let badge = badges.get(node.key);
    if (!badge) badges.set(node.key, (badge = { node, far: one.far, members: [], count: 0, isMost: false, box: [0, 0, 0, 0], x: 0, y: 0 }));
    badge.members.push(one);
    badge.count += one.link.count;
  }
  for (const badge of badges.values()) {
    const told = new Set(badge.members.map(({ link }) => link));
    const counts = [...told].map(({ count }) => count);
    const elsewhere = links
      .filter((link) => (link.here === badge.node || link.there === badge.node) && !told.has(link))
      .reduce((sum, { count }) => sum + count, 0);
    // The total of the place bounds it from above, and from below by what its other links leave.
    const least = Math.max(...counts, badge.node.count - elsewhere);
    const most = Math.min(counts.reduce((sum, count) => sum + count, 0), badge.node.count);
    badge.count = isPartial ? badge.node.count : most;
    badge.isMost = isPartial || least < most;
  }
  return [...badges.values()].sort((a, b) => b.count - a.count);
}

/**
 * Ribbons from what is in sight to a badge that has its place.
 * @param {Badge} badge
 * @param {(leaving: Leaving) => boolean} isWanted
 * @returns {Ribbon[]}
 */
export function raysOf(badge, isWanted = () => true) {
  const members = badge.members.filter(isWanted);
  if (!members.length) return [];
  /** @type {End} */
  const end = { node: badge.node, x: badge.x, y: badge.y, r: 0, isOutside: true };
  return bundleRibbons(
    members.map(({ link, near, width }) => ({
      link,
      here: badge.node.isHere ? end : near,
      there: badge.node.isHere ? near : end,
      count: link.count,
      width: Math.max(THINNEST, width),
      badge,
    })),
  );
}

export class EdgeBadges {
  /**
   * @param {HTMLElement} container
   * @param {{choose: (node: Node) => void, light: (key: string|null) => void, showRest: () => void}} on
   */
  constructor(container, on) {
    this.on = on;
    this.box = element("div", "map-edges");
    /** @type {Map<string, {button: HTMLButtonElement, wording: string}>} kept, so that a reader stays on his badge */
    this.buttons = new Map();
    /** @type {Map<HTMLElement, PixelBox>} where each one was put */
    this.laid = new Map();
    this.restButton = element("button", "map-edge");
    this.restButton.dataset.key = "";
    this.restButton.addEventListener("click", () => on.showRest());
    container.append(this.box);
    L.DomEvent.disableClickPropagation(this.box);
    L.DomEvent.on(this.box, "mousemove", L.DomEvent.stopPropagation);
  }

  /** While the map moves the badges would lie. */
  hide() {
    this.box.classList.add("map-edges--moving");
  }

  /** Whether each badge has the size for which it was given its place: a typeface may have come since. */
  isAsLaid() {
    return [...this.laid].every(([button, box]) => {
      return Math.abs(button.offsetWidth - (box[2] - box[0])) < 1 && Math.abs(button.offsetHeight - (box[3] - box[1])) < 1;
    });
  }

  /**
   * Write badges where their direction meets the frame; gives back those that found room, with their box. No badge is
   * over a control; none is over a symbol as long as there is room elsewhere.
   * @param {Badge[]} badges
   * @param {PixelBox} frame
   * @param {PixelBox[]} controls
   * @param {PixelBox[]} symbols
   * @param {boolean} isWorld
   */
  show(badges, frame, controls, symbols, isWorld) {
    const limit = (isWorld ? LIMIT.world : LIMIT.close)[frame[2] < NARROW ? "narrow" : "wide"];
    const smallest = SMALLEST_SHARE * (badges[0]?.count ?? 0);
    const told = badges.slice(0, limit).filter(({ count }) => count >= smallest);
    const buttons = told.map((badge) => this.buttonOf(badge, frame));
    // The room is that of the longest words it may hold.
    writeRest(this.restButton, badges.length);
    this.put([...buttons, this.restButton]);
    this.laid.clear();
    /** @type {PixelBox[]} */
    const taken = [...controls];
    const sizes = [...buttons, this.restButton].map(sizeOf);
    const restSize = /** @type {[number, number]} */ (sizes.pop());
    const restBox = badges.length > told.length ? this.layRest(restSize, frame, taken, symbols) : null;
    /** @type {Badge[]} */
    const shown = [];
    told.forEach((badge, i) => {
      const box =
        spotFor(badge.far, sizes[i], frame, [...taken, ...symbols]) ?? spotFor(badge.far, sizes[i], frame, taken);
      if (!box) {
        buttons[i].remove();
        return;
      }
      badge.box = box;
      taken.push(around(box));
      shown.push(badge);
    });
    untangle(shown, frame, [...controls, ...(restBox ? [around(restBox)] : [])], symbols);
    for (const badge of shown) {
      const { button } = /** @type {{button: HTMLElement}} */ (this.buttons.get(badge.node.key));
      this.lay(button, badge.box);
      [badge.x, badge.y] = middleOf(badge.box);
    }
    this.endRest(badges.length - shown.length, restSize, restBox, { frame, taken, symbols });
    const keys = new Set(told.map(({ node }) => node.key));
    for (const key of this.buttons.keys()) if (!keys.has(key)) this.buttons.delete(key);
    this.box.classList.remove("map-edges--moving");
    return shown;
  }

  /**
   * The buttons in this order, without taking away and back the one that the reader is on.
   * @param {HTMLElement[]} buttons
   */
  put(buttons) {
    const { activeElement } = document;
    const focused = this.box.contains(activeElement) ? /** @type {HTMLElement} */ (activeElement) : null;
    const isSame = buttons.length === this.box.children.length && buttons.every((one, i) => one === this.box.children[i]);
    if (!isSame) this.box.replaceChildren(...buttons);
    if (!focused || focused === document.activeElement) return;
    // The reader who was on a badge stays on it, or on the map when it is no longer there.
    const still = focused.isConnected ? focused : this.box.parentElement;
    still?.focus({ preventScroll: true });
  }

  /**
   * @param {HTMLElement} button
   * @param {PixelBox} box
   */
  lay(button, box) {
    button.style.transform = `translate(${box[0]}px, ${box[1]}px)`;
    this.laid.set(button, box);
  }

  /**
   * @param {[number, number]} size
   * @param {PixelBox} frame
   * @param {PixelBox[]} taken
   * @param {PixelBox[]} symbols
   */
  layRest(size, frame, taken, symbols) {
    const box = cornerFor(size, frame, [...taken, ...symbols]) ?? cornerFor(size, frame, taken);
    if (box) taken.push(around(box));
    return box;
  }

  /**
   * How many places found no badge, in the room kept for it, or in what is left.
   * @param {number} count
   * @param {[number, number]} size
   * @param {PixelBox|null} kept
   * @param {{frame: PixelBox, taken: PixelBox[], symbols: PixelBox[]}} room
   */
  endRest(count, size, kept, { frame, taken, symbols }) {
    const box = count ? (kept ?? this.layRest(size, frame, taken, symbols)) : null;
    if (!box) {
      this.restButton.remove();
      return;
    }
    writeRest(this.restButton, count);
    const [width, height] = sizeOf(this.restButton);
    this.lay(this.restButton, [box[0], box[1], box[0] + width, box[1] + height]);
  }

  /**
   * @param {Badge} badge
   * @param {PixelBox} frame
   */
  buttonOf({ node, far, count, isMost }, frame) {
    const angle = Math.atan2(far.y - (frame[1] + frame[3]) / 2, far.x - (frame[0] + frame[2]) / 2);
    const eighth = ((Math.round((angle * 4) / Math.PI) % 8) + 8) % 8;
    const degrees = Math.round((angle * 180) / Math.PI);
    const known = this.buttons.get(node.key) ?? { button: this.makeButton(node.key), wording: "" };
    this.buttons.set(node.key, known);
    const wording = [node.name, count, isMost, degrees].join(" ");
    if (known.wording === wording) return known.button;
    known.wording = wording;
    known.button.onclick = () => this.on.choose(node);
    known.button.replaceChildren(
      place(node.isHere, node.label),
      " ",
      element("span", "map-edge__count", isMost ? `≤\u00a0${digits(count)}` : digits(count)),
      arrow(degrees),
      element("span", "visually-hidden", ` initiative${count > 1 ? "s" : ""}${isMost ? " au plus" : ""}, vers ${DIRECTIONS[eighth]}`),
    );
    return known.button;
  }

  /** @param {string} key */
  makeButton(key) {
    const button = element("button", "map-edge");
    button.type = "button";
    button.dataset.key = key;
    for (const start of ["mouseenter", "focus"]) button.addEventListener(start, () => this.on.light(key));
    for (const end of ["mouseleave", "blur"]) button.addEventListener(end, () => this.on.light(null));
    return button;
  }
}

/**
 * @param {HTMLButtonElement} button
 * @param {number} count
 */
function writeRest(button, count) {
  button.type = "button";
  button.textContent = `et ${digits(count)} autre${count > 1 ? "s" : ""}`;
}

/**
 * @param {HTMLElement} button
 * @returns {[number, number]}
 */
const sizeOf = (button) => [button.offsetWidth, button.offsetHeight];

const SVG = "http://www.w3.org/2000/svg";

/** @param {number} degrees clockwise from the east */
function arrow(degrees) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  const attributes = { class: "map-edge__arrow", viewBox: "0 0 16 16", "aria-hidden": "true", focusable: "false" };
  for (const [name, value] of Object.entries(attributes)) svg.setAttribute(name, value);
  path.setAttribute("d", "M2 8h11M8.5 3.5 13 8l-4.5 4.5");
  path.setAttribute("transform", `rotate(${degrees} 8 8)`);
  svg.append(path);
  return svg;
}
