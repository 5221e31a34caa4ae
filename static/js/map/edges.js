// @ts-nocheck
/*
 * Ends of links that are out of sight, told at the edge of the map: « Sénégal 38 ↘ ». A badge is a button; it points
 * where its place truly is on the map, and its count is that of the links with what is in sight.
 */

import { bundleRibbons } from "./curves.js";
import { digits, element, place } from "./words.js";

const LIMIT = { wide: 14, narrow: 6 };
const SLIDE = 12; // pixels between two tries along the edge
const THINNEST = 1.6;
const WIDEST = 6;
const DIRECTIONS = [
  "l’est", "le sud-est", "le sud", "le sud-ouest", "l’ouest", "le nord-ouest", "le nord", "le nord-est",
];

/**
 * Gather links {link, near, far} by their far end, `near` being a symbol in sight and `far` a point {node, x, y} out
 * of it. Badges come with the largest counts first.
 */
export function gatherByFarEnd(leaving) {
  const badges = new Map();
  for (const one of leaving) {
    const { node } = one.far;
    if (!badges.has(node.key)) badges.set(node.key, { node, far: one.far, members: [], sum: 0 });
    const badge = badges.get(node.key);
    badge.members.push(one);
    badge.sum += one.link.count;
  }
  // An initiative with two ends in sight is counted once: the total of the far end is the most there can be.
  for (const badge of badges.values()) badge.count = Math.min(badge.sum, badge.node.count);
  return [...badges.values()].sort((a, b) => b.count - a.count);
}

/** Ribbons from what is in sight to a badge that has its place; `badge.x`, `badge.y` are the middle of its box. */
export function raysOf(badge) {
  const largest = Math.max(...badge.members.map(({ link }) => link.count), 8);
  const end = { node: badge.node, x: badge.x, y: badge.y, r: 0, isOutside: true };
  const rays = badge.members.map(({ link, near }) => ({
    link,
    here: badge.node.isHere ? end : near,
    there: badge.node.isHere ? near : end,
    count: link.count,
    width: Math.max(THINNEST, (WIDEST * link.count) / largest),
    badge,
  }));
  bundleRibbons(rays);
  return rays;
}

/** The badges of a map; `on`: choose(node), light(key or null), showRest(). */
export class EdgeBadges {
  constructor(container, on) {
    this.on = on;
    this.box = element("div", "map-edges");
    container.append(this.box);
    L.DomEvent.disableClickPropagation(this.box);
    L.DomEvent.on(this.box, "mousemove", L.DomEvent.stopPropagation);
  }

  /** While the map moves the badges would lie. */
  hide() {
    this.box.classList.add("map-edges--moving");
  }

  /** Write badges where their direction meets the frame; gives back those that found room, with their box. */
  show(badges, frame, obstacles) {
    const focused = this.box.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    const limit = frame[2] < 600 ? LIMIT.narrow : LIMIT.wide;
    const buttons = badges.slice(0, limit).map((badge) => this.button(badge, frame));
    const rest = badges.length - buttons.length;
    const more = rest > 0 ? this.restButton(rest) : null;
    this.box.replaceChildren(...buttons, ...(more ? [more] : []));
    this.box.classList.remove("map-edges--moving");
    const sizes = buttons.map((button) => [button.offsetWidth, button.offsetHeight]);
    const taken = [...obstacles];
    if (more) putAt(more, cornerFor(more, frame, taken), taken);
    const shown = [];
    buttons.forEach((button, i) => {
      const spot = spotFor(badges[i].far, sizes[i], frame, taken);
      if (!spot) {
        button.remove();
        return;
      }
      putAt(button, spot, taken);
      shown.push(Object.assign(badges[i], { box: spot, x: (spot[0] + spot[2]) / 2, y: (spot[1] + spot[3]) / 2 }));
    });
    if (focused !== null) this.focusAgain(focused);
    return shown;
  }

  /** The reader who was on a badge stays on it, or on the map when it is no longer there. */
  focusAgain(key) {
    const same = [...this.box.children].find((button) => button.dataset.key === key);
    (same ?? this.box.parentNode).focus({ preventScroll: true });
  }

  button({ node, far, count }, frame) {
    const angle = Math.atan2(far.y - (frame[1] + frame[3]) / 2, far.x - (frame[0] + frame[2]) / 2);
    const eighth = ((Math.round((angle * 4) / Math.PI) % 8) + 8) % 8;
    const button = element("button", "map-edge", place(node.isHere, node.label), " ");
    button.append(element("span", "map-edge__count", digits(count)), arrow(angle));
    button.append(element("span", "visually-hidden", ` initiative${count > 1 ? "s" : ""}, vers ${DIRECTIONS[eighth]}`));
    button.type = "button";
    button.dataset.key = node.key;
    button.addEventListener("click", () => this.on.choose(node));
    for (const start of ["mouseenter", "focus"]) button.addEventListener(start, () => this.on.light(node.key));
    for (const end of ["mouseleave", "blur"]) button.addEventListener(end, () => this.on.light(null));
    return button;
  }

  restButton(count) {
    const button = element("button", "map-edge", `et ${digits(count)} autre${count > 1 ? "s" : ""}`);
    button.type = "button";
    button.dataset.key = "";
    button.addEventListener("click", () => this.on.showRest());
    return button;
  }
}

function putAt(button, [left, top, right, bottom], taken) {
  button.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  taken.push([left - 4, top - 4, right + 4, bottom + 4]);
}

/* The corner of the frame that is free, bottom left first. */
function cornerFor(button, [left, top, right, bottom], taken) {
  const [width, height] = [button.offsetWidth, button.offsetHeight];
  for (let y = bottom - height; y > top; y -= SLIDE) {
    for (const x of [left, right - width]) {
      const box = [x, y, x + width, y + height];
      if (isFree(box, taken)) return box;
    }
  }
  return [left, top, left + width, top + height];
}

/** Box of a size on the edge of the frame, towards a point, then as near as there is room; null when there is none. */
export function spotFor({ x, y }, [width, height], [left, top, right, bottom], taken) {
  const [middleX, middleY] = [(left + right) / 2, (top + bottom) / 2];
  const [halfX, halfY] = [(right - left - width) / 2, (bottom - top - height) / 2];
  const [dx, dy] = [x - middleX, y - middleY];
  const scale = 1 / Math.max(Math.abs(dx) / halfX, Math.abs(dy) / halfY, 1e-6);
  const turn = 4 * (halfX + halfY);
  const start = alongOf(dx * scale, dy * scale, halfX, halfY);
  for (let step = 0; step <= turn / 2; step += SLIDE) {
    for (const way of step ? [1, -1] : [1]) {
      const [px, py] = pointAlong((((start + way * step) % turn) + turn) % turn, halfX, halfY);
      const [x0, y0] = [middleX + px - width / 2, middleY + py - height / 2];
      const box = [x0, y0, x0 + width, y0 + height];
      if (isFree(box, taken)) return box;
    }
  }
  return null;
}

/* A point of the edge as a length walked clockwise from its top left corner, and back. */
function alongOf(x, y, halfX, halfY) {
  if (y <= -halfY + 0.5) return x + halfX;
  if (x >= halfX - 0.5) return 2 * halfX + y + halfY;
  if (y >= halfY - 0.5) return 2 * halfX + 2 * halfY + (halfX - x);
  return 4 * halfX + 2 * halfY + (halfY - y);
}

function pointAlong(length, halfX, halfY) {
  if (length < 2 * halfX) return [length - halfX, -halfY];
  if (length < 2 * halfX + 2 * halfY) return [halfX, length - 2 * halfX - halfY];
  if (length < 4 * halfX + 2 * halfY) return [halfX - (length - 2 * halfX - 2 * halfY), halfY];
  return [-halfX, halfY - (length - 4 * halfX - 2 * halfY)];
}

const isFree = (box, taken) =>
  !taken.some((one) => box[0] < one[2] && box[2] > one[0] && box[1] < one[3] && box[3] > one[1]);

const SVG = "http://www.w3.org/2000/svg";

function arrow(angle) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  const attributes = { class: "map-edge__arrow", viewBox: "0 0 16 16", "aria-hidden": "true", focusable: "false" };
  for (const [name, value] of Object.entries(attributes)) svg.setAttribute(name, value);
  path.setAttribute("d", "M2 8h11M8.5 3.5 13 8l-4.5 4.5");
  path.setAttribute("transform", `rotate(${Math.round((angle * 180) / Math.PI)} 8 8)`);
  svg.append(path);
  return svg;
}
