/* Room for names in a panel: the busiest first, none cut, none over another name, a mark or a caption. */

/** @typedef {import("./types.d.ts").PixelBox} PixelBox */
/** @typedef {import("./diptych-fit.js").Rect} Rect */
/** @typedef {{x: number, y: number, line: [number, number, number, number]|null}} Spot left and top of a name */

const GAP = 4; // pixels between a mark and its name
const AIR = 4; // and between a name and the edge of the panel
const LEADER = { from: 14, step: 8, turns: 16 };

/** @param {PixelBox} a @param {PixelBox} b */
export const overlap = (a, b) => a[0] < b[2] && a[2] > b[0] && a[1] < b[3] && a[3] > b[1];

export class NameRoom {
  /**
   * @param {Rect} rect the panel
   * @param {boolean} prefersRight names stand at the right of their mark rather than at its left
   */
  constructor(rect, prefersRight) {
    this.rect = rect;
    this.prefersRight = prefersRight;
    /** @type {PixelBox[]} */
    this.taken = [];
  }

  /** @param {PixelBox} box */
  take(box) {
    this.taken.push(box);
  }

  /** @param {PixelBox} box */
  isFree([left, top, right, bottom]) {
    const { x, y, width, height } = this.rect;
    if (left < x + AIR || top < y + AIR || right > x + width - AIR || bottom > y + height - AIR) return false;
    return !this.taken.some((one) => overlap(one, [left, top, right, bottom]));
  }

  /**
   * A place for a name of a size beside a mark, or at the end of a line of `leader` pixels at most; null without room.
   * @param {{x: number, y: number, r: number}} mark
   * @param {{width: number, height: number}} size
   * @param {number} [leader]
   * @returns {Spot|null}
   */
  placeBeside({ x, y, r }, { width, height }, leader = 0) {
    const own = (/** @type {Spot} */ spot) => this.boxOf(spot, width, height);
    let spot = this.besides(x, y, r, width, height).find((one) => this.isFree(own(one)));
    spot ??= leader ? this.farther(x, y, r, width, height, leader) : undefined;
    if (!spot) return null;
    this.take(own(spot));
    return spot;
  }

  /**
   * The middle of a name of the ground where it belongs, or not at all.
   * @param {number} x
   * @param {number} y
   * @param {{width: number, height: number}} size
   * @returns {Spot|null}
   */
  placeAt(x, y, { width, height }) {
    const spot = { x: x - width / 2, y: y - height / 2, line: null };
    if (!this.isFree(this.boxOf(spot, width, height))) return null;
    this.take(this.boxOf(spot, width, height));
    return spot;
  }

  /** @param {Spot} spot @param {number} width @param {number} height @returns {PixelBox} */
  boxOf({ x, y }, width, height) {
    return [x - 2, y, x + width + 2, y + height];
  }

  /**
   * @param {number} x
   * @param {number} y
   * @param {number} r
   * @param {number} width
   * @param {number} height
   * @returns {Spot[]}
   */
  besides(x, y, r, width, height) {
    const corner = r * 0.72 + 2;
    const right = [
      [x + r + GAP, y - height / 2],
      [x + corner, y - corner - height + 3],
      [x + corner, y + corner - 3],
    ];
    const left = right.map(([at, top]) => [2 * x - at - width, top]);
    const level = [
      [x - width / 2, y - r - height - 1],
      [x - width / 2, y + r + 2],
    ];
    const [near, far] = this.prefersRight ? [right, left] : [left, right];
    const spots = [near[0], far[0], ...level, near[1], near[2], far[1], far[2]];
    return spots.map(([at, top]) => ({ x: at, y: top, line: null }));
  }

  /**
   * The cheapest place around, tied to the mark by a line; level places cost less.
   * @param {number} x
   * @param {number} y
   * @param {number} r
   * @param {number} width
   * @param {number} height
   * @param {number} leader
   */
  farther(x, y, r, width, height, leader) {
    /** @type {(Spot & {cost: number})|undefined} */
    let best;
    for (let distance = LEADER.from; distance <= leader; distance += LEADER.step) {
      for (let turn = 0; turn < LEADER.turns; turn += 1) {
        const angle = (turn * 2 * Math.PI) / LEADER.turns;
        const [ux, uy] = [Math.cos(angle), Math.sin(angle)];
        const cost = distance + Math.abs(uy) * 12;
        if (best && cost >= best.cost) continue;
        const [endX, endY] = [x + ux * (r + distance), y + uy * (r + distance)];
        const left = Math.abs(ux) < 0.3 ? endX - width / 2 : ux > 0 ? endX + 3 : endX - width - 3;
        const top = endY - height / 2 + (Math.abs(ux) < 0.3 ? (uy * height) / 2 : 0);
        if (!this.isFree(this.boxOf({ x: left, y: top, line: null }, width, height))) continue;
        best = { x: left, y: top, cost, line: [x + ux * r, y + uy * r, endX, endY] };
      }
    }
    return best;
  }
}
