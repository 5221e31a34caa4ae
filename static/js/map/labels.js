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
const TURNS = 20;
const STEP = 10; // pixels between two tries of a leader line

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
    if (!this.boxes.isFree(box, own) || !this.named.isFree(box)) return false;
    for (let i = 0; i < this.leaders.length; i += 1) if (crosses(this.leaders[i], box)) return false;
    return true;
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
      const base = LEADER_COST + distance * 0.3;
      if (best && base >= best.cost) break;
      for (let turn = 0; turn < TURNS; turn += 1) {
        const ux = AROUND[turn][0];
        const uy = AROUND[turn][1];
        const cost = base + Math.abs(uy) * 4;
        if (best && cost >= best.cost) continue;
        const endX = x + ux * (radius + distance);
        const endY = y + uy * (radius + distance);
        const left = Math.abs(ux) < 0.3 ? endX - width / 2 : ux > 0 ? endX + 3 : endX - width - 3;
        const spot = this.led({ x: left, y: endY - HEIGHT / 2 + uy * 5, cost }, width, own, best, [
          x + ux * (radius + 1),
          y + uy * (radius + 1),
          endX,
          endY,
        ]);
        best = spot ?? best;
      }
    }
    return best;
  }

  /**
   * A place with the line that leads to it, when both are free and it is cheaper than the best.
   * @param {Spot} spot
   * @param {number} width
   * @param {PixelBox|undefined} own
   * @param {Spot|null} best
   * @param {PixelBox} line
   * @returns {Spot|null}
   */
  led(spot, width, own, best, line) {
    const box = boxOf(spot, width);
    if (!this.isFree(box, own)) return null;
    spot.cost += OVER_RIBBONS * this.cover.share(box);
    if (best && spot.cost >= best.cost) return null;
    if (!this.boxes.isClear(line, own) || !this.named.isClear(line)) return null;
    if (this.leaders.some((other) => areCrossed(line, other))) return null;
    return { ...spot, line };
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
const boxOf = (spot, width) => [spot.x - 2, spot.y, spot.x + width + 2, spot.y + HEIGHT];

/**
 * Whether two segments cross.
 * @param {PixelBox} one
 * @param {PixelBox} other
 */
function areCrossed(one, other) {
  return side(one, other[0], other[1]) * side(one, other[2], other[3]) < 0 &&
    side(other, one[0], one[1]) * side(other, one[2], one[3]) < 0;
}

/**
 * On which side of a segment a point is: the sign.
 * @param {PixelBox} segment
 * @param {number} x
 * @param {number} y
 */
const side = (segment, x, y) =>
  (segment[2] - segment[0]) * (y - segment[1]) - (segment[3] - segment[1]) * (x - segment[0]);
