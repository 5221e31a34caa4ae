/* What room is left: boxes and lines already taken, found by the square they are in. */

/** @typedef {import("./types.d.ts").PixelBox} PixelBox */

const CELL = 64; // pixels
const ROW = 1024; // more squares than a screen is wide

/**
 * @param {PixelBox} a
 * @param {PixelBox} b
 */
export const overlap = (a, b) => a[0] < b[2] && a[2] > b[0] && a[1] < b[3] && a[3] > b[1];

/**
 * Whether a segment [x1, y1, x2, y2] passes through a box.
 * @param {PixelBox} segment
 * @param {PixelBox} box
 */
export function crosses([x1, y1, x2, y2], [left, top, right, bottom]) {
  let [from, to] = [0, 1];
  for (const [start, delta, low, high] of [
    [x1, x2 - x1, left, right],
    [y1, y2 - y1, top, bottom],
  ]) {
    if (delta === 0) {
      if (start <= low || start >= high) return false;
      continue;
    }
    const [one, other] = [(low - start) / delta, (high - start) / delta];
    from = Math.max(from, Math.min(one, other));
    to = Math.min(to, Math.max(one, other));
  }
  return from < to;
}

export class Boxes {
  /** @param {PixelBox[]} boxes */
  constructor(boxes = []) {
    /** @type {Map<number, PixelBox[]>} */
    this.cells = new Map();
    for (const box of boxes) this.take(box);
  }

  /** @param {PixelBox} box */
  take(box) {
    for (const cell of cellsOf(box)) {
      const taken = this.cells.get(cell);
      if (taken) taken.push(box);
      else this.cells.set(cell, [box]);
    }
  }

  /**
   * Whether nothing but `own` is in a box.
   * @param {PixelBox} box
   * @param {PixelBox} [own]
   */
  isFree(box, own) {
    for (const cell of cellsOf(box)) {
      const taken = this.cells.get(cell);
      if (taken?.some((one) => one !== own && overlap(box, one))) return false;
    }
    return true;
  }

  /**
   * Whether a segment passes through no box but `own`.
   * @param {PixelBox} segment
   * @param {PixelBox} [own]
   */
  isClear(segment, own) {
    const [x1, y1, x2, y2] = segment;
    const around = /** @type {PixelBox} */ ([Math.min(x1, x2), Math.min(y1, y2), Math.max(x1, x2), Math.max(y1, y2)]);
    for (const cell of cellsOf(around)) {
      const taken = this.cells.get(cell);
      if (taken?.some((one) => one !== own && crosses(segment, one))) return false;
    }
    return true;
  }
}

/** @param {PixelBox} box */
function cellsOf([left, top, right, bottom]) {
  const cells = [];
  for (let y = Math.floor(top / CELL); y <= Math.floor(bottom / CELL); y += 1) {
    for (let x = Math.floor(left / CELL); x <= Math.floor(right / CELL); x += 1) cells.push(y * ROW + x);
  }
  return cells;
}
