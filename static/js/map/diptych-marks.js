/* The marks of places, their strands and their names, as elements of the SVG. */

import { markPath, svg, widthOf, write } from "./diptych-svg.js";
import { digits } from "./words.js";

/** @typedef {import("./diptych-ends.js").End} End */
/** @typedef {import("./diptych-strands.js").Strand} Strand */
/** @typedef {import("./diptych-names.js").NameRoom} NameRoom */
/**
 * @typedef {object} EndView
 * @property {End} end
 * @property {SVGElement} mark
 * @property {SVGElement|null} name
 * @property {(() => SVGElement)|null} drawArea hatches the territory of an area that rests
 * @property {string} note how precise an area is
 * @property {boolean} isProtected
 */
/** @typedef {{strand: Strand, painted: SVGElement, button: SVGElement}} StrandView */

const HAIRLINE_FROM = 2.5; // pixels between a mark and its place
const CROWD = 14; // places of a side: with more, only protected places say how precise they are
const LEADER = { wide: 84, narrow: 52 };

/**
 * @param {Element} parent
 * @param {Strand[]} strands
 */
export function paintStrands(parent, strands) {
  return strands.map(({ path, width, here, there }) => {
    const isCoarse = here.isArea || there.isArea;
    const attributes = { d: path, "stroke-width": width, stroke: "url(#diptych-shade)" };
    const className = `diptych-strand${isCoarse ? " diptych-strand--coarse" : ""}`;
    return svg("path", { ...attributes, class: className, ...(isCoarse ? {} : { pathLength: 1 }) }, parent);
  });
}

/**
 * A disc or a diamond; an area is hollow, and has no place to be tied to.
 * @param {Element} parent
 * @param {End} end
 */
export function paintMark(parent, end) {
  const { node, isArea, x, y, trueX, trueY } = end;
  const side = node.isHere ? "here" : "there";
  const group = svg("g", { class: `diptych-end ${side}${isArea ? " diptych-end--area" : ""}` }, parent);
  if (!isArea && Math.hypot(x - trueX, y - trueY) > HAIRLINE_FROM) {
    const [x1, y1, x2, y2] = [x, y, trueX, trueY].map((value) => value.toFixed(1));
    svg("path", { d: `M${x1} ${y1}L${x2} ${y2}`, class: "diptych-hair" }, group);
  }
  svg("path", { d: markPath(end, node.isHere, 4.5), class: "diptych-ring" }, group);
  svg("path", { d: markPath(end, node.isHere), class: `diptych-mark ${side}` }, group);
  return group;
}

/**
 * The names of the places of a side, busiest first, as many as there is room for; those that matter most may stand
 * away from their mark, tied by a line.
 * @param {Element} parent
 * @param {EndView[]} views
 * @param {NameRoom} room
 * @param {{unit: number, isNarrow: boolean, isAlone: boolean, most: number, said: string}} options said: the name at
 *   the head of the panel, not said again by an area
 */
export function writeNames(parent, views, room, { unit, isNarrow, isAlone, most, said }) {
  const size = (isAlone ? 16.5 : 13.5) * unit;
  let count = 0;
  const busiest = [...views].sort((a, b) => b.end.node.count - a.end.node.count);
  for (const view of busiest) {
    if (count >= most) return;
    const isTied = count < (isNarrow ? 4 : 8) || (view.end.isArea && views.length < 8);
    const leader = isTied ? LEADER[isNarrow ? "narrow" : "wide"] : 0;
    const isSaid = Boolean(view.note) && view.end.node.name === said;
    const isCrowd = views.length > CROWD && !view.isProtected && !isSaid;
    const shown = isCrowd ? { ...view, note: "" } : view;
    view.name = writeName(parent, shown, room, isSaid ? size * 0.92 : size, leader, isSaid);
    if (view.name) count += 1;
  }
}

/**
 * @param {Element} parent
 * @param {EndView} view
 * @param {NameRoom} room
 * @param {number} size
 * @param {number} leader
 * @param {boolean} [isNameless]
 * @returns {SVGElement|null}
 */
export function writeName(parent, { end, note: precision }, room, size, leader, isNameless = false) {
  const { node, x, y, r } = end;
  const number = node.count > 1 ? digits(node.count) : "";
  const [label, note] = isNameless ? [precision, ""] : [node.label, precision];
  const name = widthOf(label, size, 650);
  const small = Math.max(12, size * 0.92);
  const line = size * 1.26;
  const width = Math.max(name + (number ? widthOf(number, size, 450) + size * 0.4 : 0), widthOf(note, small, 450));
  const box = { width, height: note ? line * 2 : line };
  const spot = room.placeBeside({ x, y, r: node.isHere ? r : r * 1.2 }, box, leader);
  if (!spot) return null;
  const side = node.isHere ? "here" : "there";
  const group = svg("g", { class: "diptych-name" }, parent);
  if (spot.line) {
    const [x1, y1, x2, y2] = spot.line.map((value) => value.toFixed(1));
    svg("path", { d: `M${x1} ${y1}L${x2} ${y2}`, class: "diptych-leader" }, group);
  }
  write(label, spot.x, spot.y + line / 2, { size, weight: 650, className: side }, group);
  const quiet = { weight: 450, className: "diptych-quiet" };
  if (number) write(number, spot.x + name + size * 0.4, spot.y + line / 2, { ...quiet, size }, group);
  if (note) write(note, spot.x, spot.y + line * 1.5, { ...quiet, size: small }, group);
  return group;
}
