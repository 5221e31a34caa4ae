/* The places of one side: how large their marks are, and how far they are moved apart. */

/** @typedef {import("./types.d.ts").Node} Node */
/**
 * A place of a panel. (trueX, trueY) is where it is, (x, y) where it is drawn; an area has no place of its own.
 * @typedef {object} End
 * @property {Node} node
 * @property {boolean} isArea
 * @property {number} x
 * @property {number} y
 * @property {number} trueX
 * @property {number} trueY
 * @property {number} r
 */

const SMALLEST = 3.6; // pixels
const LARGEST = 13;
const ONE = 4.7; // radius of a single initiative among others
const ALONE = 8.5; // of the only place of its side
const AREA = 10; // of an end known by its territory alone
const CROWD = 36; // places of a side
const GAP = 1.5;
export const MAX_SHIFT = 8; // a mark further from its place would be a lie
const PASSES = 40;
/** Letters of the keys of a side, finest first, and that of a place at each level of the flows. */
const FINEST_FIRST = { here: "cedrz", there: "vap" };
const PLACE_AT = { here: "zrdc", there: "ppav" };

/**
 * Whether an end is coarser than the places of its level: known by its country or its region alone.
 * @param {string} key
 * @param {boolean} isHere
 * @param {number} level
 */
export function isCoarse(key, isHere, level) {
  const side = isHere ? "here" : "there";
  const order = FINEST_FIRST[side];
  return order.indexOf(key[0]) > order.indexOf(PLACE_AT[side][level]);
}

/**
 * Radius of a mark whose area follows the count; the largest count of a diptych bounds them all, a crowd makes them
 * smaller. An area is hollow: it takes more room to be seen, when there is room.
 * @param {{count: number, largest: number, isArea: boolean, among: number}} end among: how many places its side has
 */
export function radiusIn({ count, largest, isArea, among }) {
  const one = among > CROWD ? ONE * 0.82 : ONE;
  const r = Math.max(SMALLEST, Math.min(one, LARGEST / Math.sqrt(Math.max(1, largest))) * Math.sqrt(count));
  if (isArea) return Math.max(r, among > CROWD / 3 ? AREA * 0.6 : AREA);
  return among === 1 ? Math.max(r, ALONE) : r;
}

/**
 * Push overlapping marks apart, none further than MAX_SHIFT from its place; the larger moves less. Two drawings of the
 * same places agree.
 * @param {End[]} ends
 */
export function spread(ends) {
  for (let pass = 0; pass < PASSES; pass += 1) {
    let isMoving = false;
    for (let i = 0; i < ends.length; i += 1) {
      for (let j = i + 1; j < ends.length; j += 1) isMoving = pushApart(ends[i], ends[j], i + j) || isMoving;
    }
    if (!isMoving) return;
  }
}

/** @param {End} one @param {End} other @param {number} seed */
function pushApart(one, other, seed) {
  const wanted = one.r + other.r + GAP;
  let [dx, dy] = [other.x - one.x, other.y - one.y];
  let distance = Math.hypot(dx, dy);
  if (distance >= wanted - 0.05) return false;
  if (distance < 0.01) [dx, dy, distance] = [Math.cos(seed), Math.sin(seed), 1];
  const step = (wanted - Math.min(distance, wanted)) / distance;
  const share = other.r / (one.r + other.r);
  const moved = shift(one, -dx * step * share, -dy * step * share);
  return shift(other, dx * step * (1 - share), dy * step * (1 - share)) || moved;
}

/** Whether the mark moved, by what an eye may see. @param {End} end @param {number} dx @param {number} dy */
function shift(end, dx, dy) {
  const [ox, oy] = [end.x + dx - end.trueX, end.y + dy - end.trueY];
  const length = Math.hypot(ox, oy);
  const kept = length > MAX_SHIFT ? MAX_SHIFT / length : 1;
  const [x, y] = [end.trueX + ox * kept, end.trueY + oy * kept];
  const isMoved = Math.abs(x - end.x) + Math.abs(y - end.y) > 0.05;
  end.x = x;
  end.y = y;
  return isMoved;
}

/**
 * Bring a mark inside a rectangle, `air` from its sides.
 * @param {End} end
 * @param {import("./diptych-fit.js").Rect} rect
 * @param {number} air
 */
export function keepInside(end, rect, air) {
  end.x = end.trueX = Math.max(rect.x + air, Math.min(rect.x + rect.width - air, end.trueX));
  end.y = end.trueY = Math.max(rect.y + air, Math.min(rect.y + rect.height - air, end.trueY));
}
