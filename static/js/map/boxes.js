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
 * Whether a segment [x1, y1, x2, y2] passes through a box: where it enters comes before where it leaves.
 * @param {PixelBox} segment
 * @param {PixelBox} box
 */
export function crosses(segment, box) {
  let from = 0;
  let to = 1;
  for (let axis = 0; axis < 2; axis += 1) {
    const start = segment[axis];
    const delta = segment[axis + 2] - start;
    if (delta === 0) {
      if (start <= box[axis] || start >= box[axis + 2]) return false;
      continue;
    }
    const one = (box[axis] - start) / delta;
    const other = (box[axis + 2] - start) / delta;
    from = Math.max(from, Math.min(one, other));
    to = Math.min(to, Math.max(one, other));
  }
  return from < to;
}

/* Thousands of places are tried for the names of one view: plain loops, nothing made on the way. */
export class Boxes {
  /** @param {readonly PixelBox[]} boxes */
  constructor(boxes = []) {
    /** @type {Map<number, PixelBox[]>} */
    this.cells = new Map();
    for (const box of boxes) this.take(box);
  }

  /** @param {PixelBox} box */
  take(box) {
    const [right, bottom] = [Math.floor(box[2] / CELL), Math.floor(box[3] / CELL)];
    for (let y = Math.floor(box[1] / CELL); y <= bottom; y += 1) {
      for (let x = Math.floor(box[0] / CELL); x <= right; x += 1) {
        const cell = this.cells.get(y * ROW + x);
        if (cell) cell.push(box);
        else this.cells.set(y * ROW + x, [box]);
      }
    }
  }

  /**
   * Whether nothing but `own` is in a box.
   * @param {PixelBox} box
   * @param {PixelBox} [own]
   */
  isFree(box, own) {
    const right = Math.floor(box[2] / CELL);
    const bottom = Math.floor(box[3] / CELL);
    for (let y = Math.floor(box[1] / CELL); y <= bottom; y += 1) {
      for (let x = Math.floor(box[0] / CELL); x <= right; x += 1) {
        const cell = this.cells.get(y * ROW + x);
        if (!cell) continue;
        for (let i = 0; i < cell.length; i += 1) if (cell[i] !== own && overlap(box, cell[i])) return false;
      }
    }
    return true;
  }

  /**
   * Whether a segment passes through no box but `own`.
   * @param {PixelBox} segment
   * @param {PixelBox} [own]
   */
  isClear(segment, own) {
    const right = Math.floor(Math.max(segment[0], segment[2]) / CELL);
    const bottom = Math.floor(Math.max(segment[1], segment[3]) / CELL);
    for (let y = Math.floor(Math.min(segment[1], segment[3]) / CELL); y <= bottom; y += 1) {
      for (let x = Math.floor(Math.min(segment[0], segment[2]) / CELL); x <= right; x += 1) {
        const cell = this.cells.get(y * ROW + x);
        if (!cell) continue;
        for (let i = 0; i < cell.length; i += 1) if (cell[i] !== own && crosses(segment, cell[i])) return false;
      }
    }
    return true;
  }
}
