/* How much of a place is under ribbons, counted in small squares. */

import { pointAt } from "./curves.js";

/** @typedef {import("./types.d.ts").PixelBox} PixelBox */

const CELL = 6; // pixels

export class Cover {
  /**
   * @param {number} width
   * @param {number} height
   */
  constructor(width, height) {
    this.columns = Math.ceil(width / CELL);
    this.rows = Math.ceil(height / CELL);
    /** @type {Uint8Array|null} made when something is marked */
    this.cells = null;
  }

  /**
   * @param {{curve: import("./types.d.ts").Curve, width: number}} ribbon
   */
  mark({ curve, width }) {
    const length = Math.hypot(curve.x3 - curve.x0, curve.y3 - curve.y0);
    const steps = Math.min(200, Math.ceil((1.2 * length) / CELL));
    const around = Math.floor(width / 2 / CELL);
    for (let i = 1; i < steps; i += 1) {
      const [x, y] = pointAt(curve, i / steps);
      const [column, row] = [Math.floor(x / CELL), Math.floor(y / CELL)];
      for (let r = row - around; r <= row + around; r += 1) {
        for (let c = column - around; c <= column + around; c += 1) this.set(c, r);
      }
    }
  }

  /**
   * @param {number} column
   * @param {number} row
   */
  set(column, row) {
    if (column < 0 || row < 0 || column >= this.columns || row >= this.rows) return;
    this.cells ??= new Uint8Array(this.columns * this.rows);
    this.cells[row * this.columns + column] = 1;
  }

  /**
   * Share of a box that is covered, from 0 to 1.
   * @param {PixelBox} box
   */
  share([left, top, right, bottom]) {
    if (!this.cells) return 0;
    let [covered, all] = [0, 0];
    const [last, end] = [Math.min(this.columns - 1, Math.floor(right / CELL)), Math.min(this.rows - 1, Math.floor(bottom / CELL))];
    for (let row = Math.max(0, Math.floor(top / CELL)); row <= end; row += 1) {
      for (let column = Math.max(0, Math.floor(left / CELL)); column <= last; column += 1) {
        covered += this.cells[row * this.columns + column];
        all += 1;
      }
    }
    return all ? covered / all : 0;
  }
}
