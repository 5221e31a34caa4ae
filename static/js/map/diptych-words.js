/* Words on the panels: the side and its name, the scale, the towns and lands for reference, the number between. */

import { boxOfLine, boxOfLines, clipRing } from "./diptych-outlines.js";
import { boundsOf, project, scaleBar } from "./diptych-fit.js";
import { cutToFit, markPath, svg, widthOf, write } from "./diptych-svg.js";
import { digits } from "./words.js";

/** @typedef {import("./diptych-names.js").NameRoom} NameRoom */
/** @typedef {import("./diptych-fit.js").View} View */
/** @typedef {import("./diptych-fit.js").Layout} Layout */
/** @typedef {import("./diptych-outlines.js").Window} Window */
/** @typedef {import("./diptych-topology.js").Line} Line */
/** @typedef {import("./diptych-sources.js").Town} Town */

const ROOMY = 3_600; // square pixels of a land that has room for its name
const CROWDED = 30_000; // square pixels of a panel for each town of reference

/**
 * « Ici · Bretagne », at the head of a panel.
 * @param {Element} parent
 * @param {View} view
 * @param {{isHere: boolean, name: string, unit: number, isNarrow: boolean}} side
 * @param {NameRoom} room
 */
export function writeSide(parent, { rect }, { isHere, name, unit, isNarrow }, room) {
  const size = (isNarrow ? 14.5 : 16) * unit;
  const height = size * 2;
  const [left, top] = [rect.x + 8, rect.y + 8];
  const word = isHere ? "Ici" : "Là-bas";
  const cut = cutToFit(`${word} · ${name}`, rect.width - 16 - size * 2.6, size, 680);
  const words = cut.length > word.length + 4 ? cut : word;
  const width = widthOf(words, size, 680, true) + size * 2.6;
  const group = svg("g", { class: "diptych-side" }, parent);
  svg("rect", { x: left, y: top, width, height, rx: 8, class: "diptych-paper diptych-paper--edged" }, group);
  const mark = { x: left + size * 0.95, y: top + height / 2, r: size * 0.38 };
  svg("path", { d: markPath(mark, isHere), class: `diptych-mark ${isHere ? "here" : "there"}` }, group);
  const className = `diptych-plain diptych-voice ${isHere ? "here" : "there"}`;
  write(words, left + size * 1.75, top + height / 2, { size, weight: 680, className }, group);
  room.take([left - 4, top - 4, left + width + 4, top + height + 4]);
}

/**
 * @param {Element} parent
 * @param {View} view
 * @param {number} unit
 * @param {NameRoom} room
 */
export function writeScale(parent, view, unit, room) {
  const { rect } = view;
  const { km, width } = scaleBar(view, Math.min(90, rect.width * 0.26));
  const [x, y] = [rect.x + 14, rect.y + rect.height - 14];
  svg("path", { d: `M${x} ${y - 5}v5h${width.toFixed(1)}v-5`, class: "diptych-scale" }, parent);
  const words = `${digits(km)}\u00a0km`;
  const size = 12.5 * unit;
  write(words, x + width + 6, y - 3, { size, weight: 450, className: "diptych-quiet" }, parent);
  room.take([x - 4, y - 12, x + width + 12 + widthOf(words, size, 450), y + 6]);
}

/**
 * Where the outlines come from, at the foot of a panel.
 * @param {Element} parent
 * @param {View} view
 * @param {string} words
 * @param {number} unit
 * @param {NameRoom} room
 */
export function writeCredits(parent, { rect }, words, unit, room) {
  const size = 12 * unit;
  const width = widthOf(words, size, 400);
  const [x, y] = [rect.x + rect.width - 10, rect.y + rect.height - 14];
  if (width > rect.width - 150) return;
  write(words, x, y, { size, weight: 400, className: "diptych-quiet", anchor: "end" }, parent);
  room.take([x - width - 4, y - 9, x, y + 9]);
}

/**
 * Towns known by people who live there, largest first, those whose name is not already written.
 * @param {Element} parent
 * @param {View} view
 * @param {Town[]} towns
 * @param {Set<string>} written
 * @param {{unit: number, most: number}} options
 * @param {NameRoom} room
 */
export function writeTowns(parent, view, towns, written, { unit, most }, room) {
  const { rect } = view;
  const [west, south, east, north] = boundsOf(view);
  const middle = (west + east) / 2;
  const size = 12.5 * unit;
  let left = Math.min(most, Math.max(3, Math.round((rect.width * rect.height) / CROWDED)));
  for (const { name, lon, lat } of towns) {
    if (left <= 0) return;
    const near = lon + 360 * Math.round((middle - lon) / 360);
    if (near < west || near > east || lat < south || lat > north || written.has(name)) continue;
    const [x, y] = project(view, near, lat);
    if (!room.isFree([x - 5, y - 5, x + 5, y + 5])) continue;
    const box = { width: widthOf(name, size, 450), height: size * 1.25 };
    const spot = room.placeBeside({ x, y, r: 3 }, box);
    if (!spot) continue;
    svg("circle", { cx: x, cy: y, r: 2.2, class: "diptych-town" }, parent);
    write(name, spot.x, spot.y + box.height / 2, { size, weight: 450, className: "diptych-quiet" }, parent);
    room.take([x - 4, y - 4, x + 4, y + 4]);
    written.add(name);
    left -= 1;
  }
}

/** @typedef {{name: string, rings: Line[]}} Land */

/**
 * Names of lands, each in the middle of what the panel shows of it, where there is room.
 * @param {Element} parent
 * @param {Land[]} lands
 * @param {Window} panel
 * @param {Set<string>} written
 * @param {{unit: number, most: number}} options
 * @param {NameRoom} room
 */
export function writeLands(parent, lands, panel, written, { unit, most }, room) {
  const size = 12.5 * unit;
  let left = most;
  for (const { name, rings } of lands) {
    if (!left) return;
    if (!name || written.has(name)) continue;
    const seen = largestSeen(rings, panel);
    if (!seen || seen.area < ROOMY) continue;
    const box = { width: widthOf(name, size, 500), height: size * 1.3 };
    if (box.width > seen.width * 1.1) continue;
    const [x, y] = seen.middle;
    const spot = [0, 18, -18, 36, -36].map((shift) => room.placeAt(x, y + shift, box)).find(Boolean);
    if (!spot) continue;
    write(name, spot.x, spot.y + box.height / 2, { size, weight: 500, className: "diptych-ground" }, parent);
    written.add(name);
    left -= 1;
  }
}

/**
 * The largest part of a land in a panel: its area, its width, its middle (centre of gravity).
 * @param {Line[]} rings
 * @param {Window} panel
 */
function largestSeen(rings, { project: place, bounds, clip }) {
  let best = null;
  for (const ring of rings) {
    const box = boxOfLine(ring);
    const turn = 360 * Math.round(((bounds[0] + bounds[2]) / 2 - (box[0] + box[2]) / 2) / 360);
    if (box[0] + turn > bounds[2] || box[2] + turn < bounds[0] || box[1] > bounds[3] || box[3] < bounds[1]) continue;
    const seen = clipRing(ring.map(([lon, lat]) => place(lon + turn, lat)), clip);
    if (seen.length < 3) continue;
    const { area, middle } = gravity(seen);
    const [left, , right] = boxOfLines([seen]);
    if (!best || area > best.area) best = { area, middle, width: right - left };
  }
  return best;
}

/** @param {Line} ring */
function gravity(ring) {
  let [twice, sumX, sumY] = [0, 0, 0];
  ring.forEach(([x, y], i) => {
    const [nextX, nextY] = ring[(i + 1) % ring.length];
    const cross = x * nextY - nextX * y;
    twice += cross;
    sumX += (x + nextX) * cross;
    sumY += (y + nextY) * cross;
  });
  const scale = 1 / (3 * (twice || 1));
  return { area: Math.abs(twice) / 2, middle: /** @type {[number, number]} */ ([sumX * scale, sumY * scale]) };
}

/**
 * The number of initiatives, where the strands meet.
 * @param {Element} parent
 * @param {Layout} layout
 * @param {number} total
 * @param {number} unit
 */
export function writeNumber(parent, { isStacked, middle: [x, y] }, total, unit) {
  const word = total > 1 ? "initiatives" : "initiative";
  const group = svg("g", { class: "diptych-number" }, parent);
  if (isStacked) {
    const size = 15.5 * unit;
    const words = `${digits(total)} ${word}`;
    const width = widthOf(words, size, 680, true) + size * 2;
    svg("rect", { x: x - width / 2, y: y - size, width, height: size * 2, rx: size, class: "diptych-paper" }, group);
    const className = "diptych-plain diptych-voice";
    write(words, x, y, { size, weight: 680, className, anchor: "middle" }, group);
    return;
  }
  const size = 24 * unit;
  const width = Math.max(76 * unit, widthOf(digits(total), size, 700, true) + 20);
  svg("rect", { x: x - width / 2, y: y - 30 * unit, width, height: 60 * unit, rx: 14, class: "diptych-paper" }, group);
  const number = { size, weight: 700, className: "diptych-plain diptych-voice", anchor: "middle" };
  write(digits(total), x, y - 8 * unit, number, group);
  write(word, x, y + 15 * unit, { size: 13 * unit, weight: 450, className: "diptych-plain", anchor: "middle" }, group);
}
