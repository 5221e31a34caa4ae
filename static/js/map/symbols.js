// @ts-nocheck
/* The disc (ici) and the diamond (là-bas): the same area for the same count, so that neither end looks larger. */

import { sideColour, token } from "./theme.js";

/** Half diagonal of a diamond with the area of a disc: 2h² = πr². */
export const DIAMOND = Math.sqrt(Math.PI / 2);

/** Largest radius at each level of the server, then on a narrow screen. */
const LARGEST = { wide: [32, 20, 15, 11], narrow: [26, 15, 12, 9] };
const SMALLEST = 4.4;
/** Below this, the largest count of a view is not drawn with the largest symbol. */
const COUNT_OF_LARGEST = 40;

/** Radius of a disc whose area follows the count. */
export function radiusOf(count, { level, reference, isNarrow }) {
  const largest = (isNarrow ? LARGEST.narrow : LARGEST.wide)[level];
  return Math.max(SMALLEST, largest * Math.sqrt(count / Math.max(reference, COUNT_OF_LARGEST)));
}

/** Distance from the centre to the farthest ink. */
export const reach = (node) => (node.isHere ? node.r : node.r * DIAMOND);

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
}

/**
 * Push overlapping symbols apart; the larger moves less. Two territories never share a symbol, so nothing is merged.
 * Beyond MAX_SPREAD symbols the shifts would add up to a lie about places.
 */
const MAX_SPREAD = 260;
const GAP = 2.5;
const PASSES = 60;

export function spread(nodes) {
  if (nodes.length > MAX_SPREAD) return;
  const size = (node) => (node.isHere ? node.r : node.r * DIAMOND * 0.86);
  for (let pass = 0; pass < PASSES; pass += 1) {
    let moved = false;
    for (let i = 0; i < nodes.length; i += 1) {
      for (let j = i + 1; j < nodes.length; j += 1) {
        moved = pushApart(nodes[i], nodes[j], size(nodes[i]) + size(nodes[j]) + GAP, i + j) || moved;
      }
    }
    if (!moved) return;
  }
}

function pushApart(one, other, wanted, seed) {
  let dx = other.x - one.x;
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
