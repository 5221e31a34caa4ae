/* Nodes of one side that would overlap become one symbol, at the place of the busiest: never in the sea. */

import { acrossWorld } from "./mercator.js";

/** @typedef {import("./types.d.ts").Body} Body */
/** @typedef {import("./types.d.ts").Node} Node */

/** Letters of what may share a symbol. Two countries, regions or zones never do. */
const MERGED = "cedav";
const PASSES = 4;
const GROWTH = 1.5; // of the largest symbol, for the sum of many

/** @param {Node} node */
export const isMergeable = (node) => MERGED.includes(node.key[0]);

/**
 * Merge bodies until no two of a side overlap; a body of `kept` keys takes others in but keeps its place and name. The
 * area of a merged body is the sum of the areas, so that merging neither adds ink nor takes any away; its count stays
 * that of its busiest member, as an initiative may be in several of them.
 * @param {Body[]} bodies
 * @param {{gap: number, largest: number, size: number, kept: readonly string[]}} options gap and size of a world, pixels
 */
export function mergeBodies(bodies, { gap, largest, size, kept }) {
  const isKept = (/** @type {Body} */ { node }) => kept.includes(node.key);
  let merged = [...bodies].sort((a, b) => Number(isKept(b)) - Number(isKept(a)) || b.count - a.count);
  for (let pass = 0; pass < PASSES; pass += 1) {
    /** @type {Body[]} */
    const hosts = [];
    for (const body of merged) {
      const host = isMergeable(body.node) && !isKept(body) && hosts.find((one) => takesIn(one, body, gap, size));
      if (!host) {
        hosts.push(body);
        continue;
      }
      host.members.push(...body.members);
      host.r = Math.min(largest * GROWTH, Math.hypot(host.r, body.r));
    }
    const isDone = hosts.length === merged.length;
    merged = hosts;
    if (isDone) break;
  }
  return merged;
}

/**
 * @param {Body} host
 * @param {Body} body
 * @param {number} gap
 * @param {number} size
 */
function takesIn(host, body, gap, size) {
  if (host.isHere !== body.isHere || !isMergeable(host.node)) return false;
  const reach = host.r + body.r + gap;
  const dy = host.y - body.y;
  if (Math.abs(dy) >= reach) return false;
  const dx = acrossWorld(host.x - body.x, size);
  return dx * dx + dy * dy < reach * reach;
}
