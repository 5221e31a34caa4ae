/* Labels on a canvas: the busiest first, none cut, none over another label, a symbol or a control. */

import { Boxes, crosses } from "./boxes.js";
import { Cover } from "./cover.js";
import { textFont, token } from "./theme.js";

/** @typedef {import("./types.d.ts").PixelBox} PixelBox */
/** @typedef {{x: number, y: number, cost: number, line?: PixelBox}} Spot a place for a label, with the line that leads to it */
/**
 * What a label says and where it may go: `radius` of the ink it stands beside, `own` the box of its symbol, `leader`
 * the longest line to it in pixels, 0 for none.
 * @typedef {{text: string, number?: string, colour: string, radius: number, own?: PixelBox, leader?: number}} Wording
 */

const SIZE = 13.5; // pixels; never under 12
const HEIGHT = 17;
const GAP = 5;
const HALO = 3.6;
const OVER_RIBBONS = 26; // what it costs to be written wholly over ribbons
const LEADER_COST = 16; // what the shortest leader line costs more than the worst place beside
const TURNS = 24;
const STEP = 7; // pixels between two tries of a leader line

/** Directions of leader lines. */
const AROUND = Array.from({ length: TURNS }, (_, i) => [
  Math.cos((i * 2 * Math.PI) / TURNS),
  Math.sin((i * 2 * Math.PI) / TURNS),
]);

/** @type {Map<string, number>} widths of texts already measured, by font and text */
const measured = new Map();

/** Forget the widths of texts: a typeface has come. */
export const forgetWidths = () => measured.clear();

/** Gives out room on a canvas of a size in pixels; boxes are [left, top, right, bottom]. */
export class Labels {
  /**
   * @param {CanvasRenderingContext2D} context
   * @param {number} width
   * @param {number} height
   * @param {PixelBox[]} obstacles
   */
  constructor(context, width, height, obstacles = []) {
    this.context = context;
    this.width = width;
    this.height = height;
    this.boxes = new Boxes(obstacles);
    this.cover = new Cover(width, height);
    /** @type {PixelBox[]} */
    this.leaders = [];
    /** @type {Boxes} */
    this.named = new Boxes();
    /** @type {{spot: Spot, wording: Wording}[]} labels that have their place */
    this.placed = [];
  }

  /** @param {PixelBox} box */
  take(box) {
    this.boxes.take(box);
  }

  /**
   * @param {PixelBox} box
   * @param {PixelBox} [own]
   */
  isFree(box, own) {
    if (box[0] < 5 || box[1] < 3 || box[2] > this.width - 5 || box[3] > this.height - 3) return false;
    return this.boxes.isFree(box, own) && this.named.isFree(box) && !this.leaders.some((line) => crosses(line, box));
  }

  /**
   * Name and number of a symbol, beside it or at the end of a leader line; whether there was room.
   * @param {{x: number, y: number}} node
   * @param {Wording} wording
   */
  name(node, wording) {
    if (!this.place(node, wording)) return false;
    this.paintPlaced(this.placed.slice(-1));
    return true;
  }

  /**
   * Find room for a label, written later; whether there was any.
   * @param {{x: number, y: number}} node
   * @param {Wording} wording
   */
  place(node, wording) {
    const { radius, own, leader = 0 } = wording;
    const width = this.lengthOf(wording);
    const spot = this.spotFor(node, { radius, width, own, leader });
    if (!spot) return false;
    this.named.take(boxOf(spot, width));
    if (spot.line) this.leaders.push(spot.line);
    this.placed.push({ spot, wording });
    return true;
  }

  /** Forget the labels placed so far, to try them in another order. */
  clear() {
    this.named = new Boxes();
    this.leaders = [];
    this.placed = [];
  }

  /** Lines first: none over a name. */
  paintPlaced(placed = this.placed) {
    for (const { spot } of placed) if (spot.line) this.paintLeader(spot.line);
    for (const { spot, wording } of placed) {
      const { text, number, colour } = wording;
      const middle = spot.y + HEIGHT / 2;
      this.paint(text, spot.x, middle, textFont(SIZE, 650), colour);
      if (!number) continue;
      const left = spot.x + this.widthOf(text, textFont(SIZE, 650)) + GAP;
      this.paint(number, left, middle, textFont(SIZE, 450), token("--ink-2"));
    }
  }

  /** @param {Wording} wording */
  lengthOf({ text, number }) {
    const length = this.widthOf(text, textFont(SIZE, 650));
    return number ? length + this.widthOf(number, textFont(SIZE, 450)) + GAP : length;
  }

  /**
   * The cheapest free place for a label of a width, or null.
   * @param {{x: number, y: number}} node
   * @param {{radius: number, width: number, own?: PixelBox, leader: number}} label
   * @returns {Spot|null}
   */
  spotFor(node, { radius, width, own, leader }) {
    const beside = this.beside(node, radius, width, own);
    if (!leader || (beside && beside.cost < LEADER_COST)) return beside;
    return this.farther(node, { radius, width, own, leader }, beside);
  }

  /**
   * @param {{x: number, y: number}} node
   * @param {number} radius
   * @param {number} width
   * @param {PixelBox} [own]
   * @returns {Spot|null}
   */
  beside({ x, y }, radius, width, own) {
    const corner = radius * 0.72 + 2;
    const spots = [
      [x + radius + GAP, y - HEIGHT / 2],
      [x - radius - GAP - width, y - HEIGHT / 2],
      [x - width / 2, y - radius - HEIGHT - 2],
      [x - width / 2, y + radius + 3],
      [x + corner, y - corner - HEIGHT + 1],
      [x - corner - width, y - corner - HEIGHT + 1],
      [x + corner, y + corner - 1],
      [x - corner - width, y + corner - 1],
    ];
    /** @type {Spot|null} */
    let best = null;
    spots.forEach(([left, top], rank) => {
      const box = boxOf({ x: left, y: top }, width);
      if (!this.isFree(box, own)) return;
      const cost = rank + OVER_RIBBONS * this.cover.share(box);
      if (!best || cost < best.cost) best = { x: left, y: top, cost };
    });
    return best;
  }

  /**
   * A place around, tied to the symbol by a line that crosses nothing, when it is cheaper than `best`; level places are
   * preferred.
   * @param {{x: number, y: number}} node
   * @param {{radius: number, width: number, own?: PixelBox, leader: number}} label
   * @param {Spot|null} best
   */
  farther({ x, y }, { radius, width, own, leader }, best) {
    for (let distance = 12; distance <= leader; distance += STEP) {
      if (best && LEADER_COST + distance * 0.3 >= best.cost) break;
      for (const [ux, uy] of AROUND) {
        const [endX, endY] = [x + ux * (radius + distance), y + uy * (radius + distance)];
        const left = Math.abs(ux) < 0.3 ? endX - width / 2 : ux > 0 ? endX + 3 : endX - width - 3;
        const top = endY - HEIGHT / 2 + uy * 5;
        const box = boxOf({ x: left, y: top }, width);
        let cost = LEADER_COST + distance * 0.3 + Math.abs(uy) * 4;
        if ((best && cost >= best.cost) || !this.isFree(box, own)) continue;
        cost += OVER_RIBBONS * this.cover.share(box);
        if (best && cost >= best.cost) continue;
        /** @type {PixelBox} */
        const line = [x + ux * (radius + 1), y + uy * (radius + 1), endX, endY];
        if (!this.boxes.isClear(line, own) || !this.named.isClear(line) || this.leaders.some((other) => areCrossed(line, other))) continue;
        best = { x: left, y: top, cost, line };
      }
    }
    return best;
  }

  /**
   * @param {string} text
   * @param {string} font
   */
  widthOf(text, font) {
    const name = `${font}|${text}`;
    let width = measured.get(name);
    if (width === undefined) {
      this.context.font = font;
      width = this.context.measureText(text).width;
      measured.set(name, width);
    }
    return width;
  }

  /** @param {PixelBox} line */
  paintLeader([x1, y1, x2, y2]) {
    const { context } = this;
    context.beginPath();
    context.moveTo(x1, y1);
    context.lineTo(x2, y2);
    context.strokeStyle = token("--map-halo");
    context.lineWidth = 3;
    context.stroke();
    context.strokeStyle = token("--ink-2");
    context.lineWidth = 0.9;
    context.stroke();
  }

  /**
   * @param {string} text
   * @param {number} x
   * @param {number} y
   * @param {string} font
   * @param {string} colour
   */
  paint(text, x, y, font, colour, halo = HALO) {
    const { context } = this;
    Object.assign(context, { font, textAlign: "left", textBaseline: "middle", lineJoin: "round" });
    if (halo) {
      Object.assign(context, { strokeStyle: token("--map-halo"), lineWidth: halo });
      context.strokeText(text, x, y);
    }
    context.fillStyle = colour;
    context.fillText(text, x, y);
  }

  /**
   * A name of the base map, centred where it belongs or not drawn: it gives way to ribbons too.
   * @param {string} text
   * @param {number} x
   * @param {number} y
   * @param {{font: string, colour: string, halo: number}} style
   */
  ground(text, x, y, { font, colour, halo }) {
    const width = this.widthOf(text, font);
    /** @type {PixelBox} */
    const box = [x - width / 2 - 4, y - 9, x + width / 2 + 4, y + 9];
    if (!this.isFree(box) || this.cover.share(box) > 0) return false;
    this.take(box);
    this.paint(text, x - width / 2, y, font, colour, halo);
    return true;
  }
}

/**
 * @param {{x: number, y: number}} spot
 * @param {number} width
 * @returns {PixelBox}
 */
const boxOf = ({ x, y }, width) => [x - 2, y, x + width + 2, y + HEIGHT];

/**
 * Whether two segments cross.
 * @param {PixelBox} one
 * @param {PixelBox} other
 */
function areCrossed([ax, ay, bx, by], [cx, cy, dx, dy]) {
  const side = (/** @type {number} */ x, /** @type {number} */ y) => (bx - ax) * (y - ay) - (by - ay) * (x - ax);
  const back = (/** @type {number} */ x, /** @type {number} */ y) => (dx - cx) * (y - cy) - (dy - cy) * (x - cx);
  return side(cx, cy) * side(dx, dy) < 0 && back(ax, ay) * back(bx, by) < 0;
}
