/* Where the two maps stand and what each shows: panels, fit, scale bar. Lengths are in pixels unless said. */

import { worldX, worldY } from "./mercator.js";

/** @typedef {import("./types.d.ts").Box} Box */
/** @typedef {import("./diptych-topology.js").Point} Point */
/** @typedef {{x: number, y: number, width: number, height: number}} Rect */
/** @typedef {{isStacked: boolean, here: Rect, there: Rect, gutter: number, middle: Point}} Layout */
/** @typedef {{rect: Rect, scale: number, left: number, top: number}} View scale: the width of one world */

const EARTH = 40_075; // kilometres round the equator
const TALL = 1.35; // how much larger both maps must become for panels of a wide stage to be stacked
const PART = 2.4; // a territory this many times wider than its places is not shown whole

/**
 * Two panels of equal size in a stage, side by side or one above the other, whichever shows `boxes` larger.
 * @param {{width: number, height: number}} stage
 * @param {[Box, Box]} boxes in degrees
 * @param {{margin: number, isNarrow: boolean}} options
 * @returns {Layout}
 */
export function layOut({ width, height }, boxes, { margin, isNarrow }) {
  const beside = sideBySide(width, height, margin, isNarrow ? 44 : 104);
  const stacked = oneAboveTheOther(width, height, margin, isNarrow ? 44 : 60);
  const size = (/** @type {Layout} */ layout) =>
    Math.sqrt(scaleOf(boxes[0], layout.here) * scaleOf(boxes[1], layout.there));
  const isTall = width < height || isNarrow;
  const gain = size(stacked) / size(beside);
  return gain > (isTall ? 1 / TALL : TALL) ? stacked : beside;
}

/** @param {number} width @param {number} height @param {number} margin @param {number} gutter @returns {Layout} */
function sideBySide(width, height, margin, gutter) {
  const own = { y: 0, width: Math.max(40, (width - 2 * margin - gutter) / 2), height: Math.max(40, height - margin) };
  const there = margin + own.width + gutter;
  return {
    isStacked: false,
    here: { x: margin, ...own },
    there: { x: there, ...own },
    gutter,
    middle: [there - gutter / 2, own.height / 2],
  };
}

/** @param {number} width @param {number} height @param {number} margin @param {number} gutter @returns {Layout} */
function oneAboveTheOther(width, height, margin, gutter) {
  const high = Math.max(40, (height - margin - gutter) / 2);
  const own = { x: margin, width: Math.max(40, width - 2 * margin), height: high };
  const there = own.height + gutter;
  return {
    isStacked: true,
    here: { y: 0, ...own },
    there: { y: there, ...own },
    gutter,
    middle: [width / 2, there - gutter / 2],
  };
}

/** @param {Box} box @param {Rect} rect */
function scaleOf([west, south, east, north], { width, height }) {
  return Math.min(width / (worldX(east) - worldX(west)), height / (worldY(south) - worldY(north)));
}

/**
 * A box at least `least` degrees of latitude high and as wide on the ground, around the same centre.
 * @param {Box} box
 * @param {number} least
 * @returns {Box}
 */
export function atLeast([west, south, east, north], least) {
  const [lon, lat] = [(west + east) / 2, (south + north) / 2];
  const half = Math.max(least, north - south) / 2;
  const wide = Math.max(least / Math.cos((lat * Math.PI) / 180), east - west) / 2;
  return [lon - wide, Math.max(-85, lat - half), lon + wide, Math.min(85, lat + half)];
}

/** @param {Box} one @param {Box} other @returns {Box} */
export const union = (one, other) => [
  Math.min(one[0], other[0]),
  Math.min(one[1], other[1]),
  Math.max(one[2], other[2]),
  Math.max(one[3], other[3]),
];

/**
 * What a panel shows: the territory whole with its places, or its places alone when it is much larger than they are.
 * @param {Box} places
 * @param {Box|null} territory
 * @param {{isWhole?: boolean, least: number}} options isWhole: the territory is shown whole however large
 * @returns {Box}
 */
export function framed(places, territory, { isWhole = false, least }) {
  const near = atLeast(places, least);
  if (!territory || !Number.isFinite(territory[0])) return near;
  const all = union(places, territory);
  const times = Math.max((all[2] - all[0]) / (near[2] - near[0]), (all[3] - all[1]) / (near[3] - near[1]));
  return isWhole || times < PART ? atLeast(all, least) : near;
}

/**
 * The view of a panel that holds a box.
 * @param {Box} box in degrees
 * @param {Rect} rect
 * @param {{top: number, bottom: number, side: number}} air kept free inside the panel
 * @returns {View}
 */
export function fit([west, south, east, north], rect, air) {
  const inner = {
    width: Math.max(20, rect.width - 2 * air.side),
    height: Math.max(20, rect.height - air.top - air.bottom),
  };
  const scale = scaleOf([west, south, east, north], /** @type {Rect} */ (inner));
  const x = rect.x + rect.width / 2;
  const y = rect.y + air.top + inner.height / 2;
  return {
    rect,
    scale,
    left: ((worldX(west) + worldX(east)) / 2) * scale - x,
    top: ((worldY(south) + worldY(north)) / 2) * scale - y,
  };
}

/** @param {View} view @param {number} lon @param {number} lat @returns {Point} */
export const project = ({ scale, left, top }, lon, lat) => [worldX(lon) * scale - left, worldY(lat) * scale - top];

/** The box of a view, in degrees. @param {View} view @returns {Box} */
export function boundsOf({ rect, scale, left, top }) {
  const lon = (/** @type {number} */ x) => ((x + left) / scale - 0.5) * 360;
  const lat = (/** @type {number} */ y) =>
    (Math.atan(Math.sinh(Math.PI * (1 - (2 * (y + top)) / scale))) * 180) / Math.PI;
  return [lon(rect.x), lat(rect.y + rect.height), lon(rect.x + rect.width), lat(rect.y)];
}

/**
 * A round length in kilometres, and its length on the panel at its middle: 1, 2 or 5 times a power of ten.
 * @param {View} view
 * @param {number} longest
 */
export function scaleBar(view, longest) {
  const [, south, , north] = boundsOf(view);
  const km = (EARTH * Math.cos((((south + north) / 2) * Math.PI) / 180)) / view.scale;
  const power = 10 ** Math.floor(Math.log10(longest * km));
  const round = [5, 2, 1].find((times) => times * power <= longest * km) ?? 1;
  return { km: round * power, width: (round * power) / km };
}
