/* The disc (ici) and the diamond (là-bas): the same area for the same count, so that neither end looks larger. */

import { acrossWorld } from "./mercator.js";
import { sideColour, token } from "./theme.js";

/** @typedef {import("./types.d.ts").Body} Body */
/** @typedef {{isHere: boolean, x: number, y: number, r: number, isArea?: boolean}} Shape */

/** Half diagonal of a diamond with the area of a disc: 2h² = πr². */
export const DIAMOND = Math.sqrt(Math.PI / 2);

/** Largest and smallest radius at each level of the server; on a narrow screen, the largest. */
const LARGEST = { wide: [32, 20, 15, 12], narrow: [26, 16, 13, 11] };
const SMALLEST = [4.4, 4.4, 4.2, 4];
/** Below this, the largest count of a view is not drawn with the largest symbol. */
const COUNT_OF_LARGEST = [40, 40, 24, 14];

/**
 * @param {number} level
 * @param {boolean} isNarrow
 */
export const largestRadius = (level, isNarrow) => (isNarrow ? LARGEST.narrow : LARGEST.wide)[level];

/**
 * Radius of a disc whose area follows the count; `reference` is the largest count of the view.
 * @param {number} count
 * @param {{level: number, reference: number, isNarrow: boolean}} scale
 */
export function radiusOf(count, { level, reference, isNarrow }) {
  const share = count / Math.max(reference, COUNT_OF_LARGEST[level]);
  return Math.max(SMALLEST[level], largestRadius(level, isNarrow) * Math.sqrt(share));
}

/**
 * Distance from the centre to the farthest ink.
 * @param {{isHere: boolean, r: number}} node
 */
export const reach = (node) => (node.isHere ? node.r : node.r * DIAMOND);

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Shape} node
 */
export function tracePath(context, node, extra = 0) {
  context.beginPath();
  if (node.isHere) {
    context.arc(node.x, node.y, node.r + extra, 0, 2 * Math.PI);
    return;
  }
  const half = (node.r + extra) * DIAMOND;
  context.moveTo(node.x, node.y - half);
  context.lineTo(node.x + half, node.y);
  context.lineTo(node.x, node.y + half);
  context.lineTo(node.x - half, node.y);
  context.closePath();
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Shape} node
 */
export function paintSymbol(context, node, isChosen = false) {
  if (isChosen) {
    tracePath(context, node, 6);
    context.fillStyle = token("--map-chosen");
    context.fill();
  }
  tracePath(context, node);
  context.lineJoin = "miter";
  context.lineWidth = node.r < 5 ? 2 : 2.8;
  context.strokeStyle = token("--map-halo");
  context.stroke();
  context.fillStyle = sideColour(node.isHere);
  context.fill();
  if (node.isArea) paintArea(context, node);
  const ring = token("--map-ring");
  if (!ring) return;
  // Readers who ask for more contrast: the ink of the page around each shape.
  context.lineWidth = 1.5;
  context.strokeStyle = ring;
  context.stroke();
}

const AREA = 6; // pixels between a symbol and the ring that says: somewhere around

/**
 * The dashed ring of a territory in which the true place is not told, as on the small maps.
 * @param {CanvasRenderingContext2D} context
 * @param {Shape} node
 */
function paintArea(context, node) {
  context.beginPath();
  context.arc(node.x, node.y, reach(node) + AREA, 0, 2 * Math.PI);
  context.setLineDash([4, 3]);
  context.lineWidth = 1.5;
  context.strokeStyle = sideColour(node.isHere);
  context.stroke();
  context.setLineDash([]);
}

const GAP = 2.5;
const PASSES = 60;

/**
 * Push overlapping bodies apart, on the round of a world of `size` pixels; the larger moves less. Two territories never
 * share a symbol.
 * @param {Body[]} bodies
 * @param {number} size
 */
export function spread(bodies, size) {
  const radii = bodies.map((body) => (body.isHere ? body.r : body.r * DIAMOND * 0.86));
  const widest = 2 * Math.max(0, ...radii) + GAP;
  const order = bodies.map((_, i) => i);
  for (let pass = 0; pass < PASSES; pass += 1) {
    // Sorted by height, which does not go round: only neighbours are compared.
    order.sort((a, b) => bodies[a].y - bodies[b].y);
    let moved = false;
    for (let i = 0; i < order.length; i += 1) {
      const one = bodies[order[i]];
      for (let j = i + 1; j < order.length; j += 1) {
        const other = bodies[order[j]];
        if (other.y - one.y > widest) break;
        const wanted = radii[order[i]] + radii[order[j]] + GAP;
        moved = pushApart(one, other, wanted, size, order[i] + order[j]) || moved;
      }
    }
    if (!moved) return;
  }
}

/**
 * @param {Body} one
 * @param {Body} other
 * @param {number} wanted
 * @param {number} size
 * @param {number} seed
 */
function pushApart(one, other, wanted, size, seed) {
  let dx = acrossWorld(other.x - one.x, size);
  let dy = other.y - one.y;
  if (Math.abs(dx) >= wanted || Math.abs(dy) >= wanted) return false;
  let distance = Math.hypot(dx, dy);
  if (distance >= wanted - 0.01) return false;
  if (distance < 0.01) {
    // Same point: any direction, but always the same one, so that two drawings agree.
    dx = Math.cos(seed);
    dy = Math.sin(seed);
    distance = 1;
  }
  const step = (wanted - distance) / distance;
  const share = other.r / (one.r + other.r);
  one.x -= dx * step * share;
  one.y -= dy * step * share;
  other.x += dx * step * (1 - share);
  other.y += dy * step * (1 - share);
  return true;
}
