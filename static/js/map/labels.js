// @ts-nocheck
/* Labels on a canvas: the busiest first, none cut, none over another label, a symbol or a control. */

import { textFont, token } from "./theme.js";

const SIZE = 13.5; // pixels; never under 12
const HEIGHT = 17;
const GAP = 5;
const HALO = 3.6;

const overlap = (a, b) => a[0] < b[2] && a[2] > b[0] && a[1] < b[3] && a[3] > b[1];

/** Gives out room on a canvas of a size in pixels; boxes are [left, top, right, bottom]. */
export class Labels {
  constructor(context, width, height, obstacles = []) {
    this.context = context;
    this.width = width;
    this.height = height;
    this.boxes = [...obstacles];
    this.count = 0;
  }

  take(box) {
    this.boxes.push(box);
  }

  isFree(box, own) {
    if (box[0] < 5 || box[1] < 3 || box[2] > this.width - 5 || box[3] > this.height - 3) return false;
    return !this.boxes.some((taken) => taken !== own && overlap(box, taken));
  }

  /** Name and number of a symbol, beside it or at the end of a leader line of `leader` pixels at most. */
  name(node, { text, number = "", colour, radius, own, leader = 0 }) {
    const { context } = this;
    context.font = textFont(SIZE, 650);
    const nameWidth = context.measureText(text).width;
    context.font = textFont(SIZE, 450);
    const width = nameWidth + (number ? context.measureText(number).width + GAP : 0);
    const spot =
      this.beside(node, radius, width, own) ?? (leader ? this.farther(node, radius, width, own, leader) : null);
    if (!spot) return false;
    this.take(this.boxOf(spot, width));
    this.count += 1;
    if (spot.line) this.paintLeader(spot.line);
    const middle = spot.y + HEIGHT / 2;
    this.paint(text, spot.x, middle, textFont(SIZE, 650), colour);
    if (number) this.paint(number, spot.x + nameWidth + GAP, middle, textFont(SIZE, 450), token("--ink-2"));
    return true;
  }

  boxOf({ x, y }, width) {
    return [x - 2, y, x + width + 2, y + HEIGHT];
  }

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
    const found = spots.find(([left, top]) => this.isFree(this.boxOf({ x: left, y: top }, width), own));
    return found ? { x: found[0], y: found[1] } : null;
  }

  /** The cheapest place around, tied to the symbol by a line; level places are preferred. */
  farther({ x, y }, radius, width, own, leader) {
    let best = null;
    for (let distance = 12; distance <= leader; distance += 7) {
      for (let turn = 0; turn < 24; turn += 1) {
        const [ux, uy] = [Math.cos((turn * Math.PI) / 12), Math.sin((turn * Math.PI) / 12)];
        const cost = distance + Math.abs(uy) * 14;
        if (best && cost >= best.cost) continue;
        const [endX, endY] = [x + ux * (radius + distance), y + uy * (radius + distance)];
        const left = Math.abs(ux) < 0.3 ? endX - width / 2 : ux > 0 ? endX + 3 : endX - width - 3;
        const spot = { x: left, y: endY - HEIGHT / 2 + uy * 5, cost };
        if (!this.isFree(this.boxOf(spot, width), own)) continue;
        spot.line = [x + ux * (radius + 1), y + uy * (radius + 1), endX, endY];
        best = spot;
      }
    }
    return best;
  }

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

  /** A name of the base map, centred where it belongs or not drawn. */
  ground(text, x, y, { font, colour, halo }) {
    this.context.font = font;
    const width = this.context.measureText(text).width;
    const box = [x - width / 2 - 4, y - 9, x + width / 2 + 4, y + 9];
    if (!this.isFree(box)) return false;
    this.take(box);
    this.paint(text, x - width / 2, y, font, colour, halo);
    return true;
  }
}
