/* What is drawn for an answer of the server in a view: symbols and ribbons, in pixels from the corner of the view. */

import { bundleRibbons } from "./curves.js";
import { isMergeable, mergeBodies } from "./merge.js";
import { shortWay, worldX, worldY } from "./mercator.js";
import { isHereKey } from "./state.js";
import { largestRadius, radiusOf, reach, spread } from "./symbols.js";
import { shortName, shownName } from "./words.js";

/** @typedef {import("./types.d.ts").Body} Body */
/** @typedef {import("./types.d.ts").End} End */
/** @typedef {import("./types.d.ts").FlowData} FlowData */
/** @typedef {import("./types.d.ts").Leaving} Leaving */
/** @typedef {import("./types.d.ts").Link} Link */
/** @typedef {import("./types.d.ts").MapSymbol} MapSymbol */
/** @typedef {import("./types.d.ts").Node} Node */
/** @typedef {import("./types.d.ts").PixelBox} PixelBox */
/** @typedef {import("./types.d.ts").PixelView} PixelView */
/** @typedef {import("./types.d.ts").Ribbon} Ribbon */
/** @typedef {import("./types.d.ts").Scene} Scene */
/** @typedef {import("./types.d.ts").Strand} Strand */

export const WORLD_ZOOM = 3.25; // below, the view is the world
/** From this zoom on, places that overlap are pushed apart instead of merged: the map goes no closer. */
export const APART_ZOOM = 10.5;
export const NARROW = 600; // pixels: a phone
const MAX_RIBBONS = 60; // more is a hairball, however fast
const MAX_LOCAL_RIBBONS = 24; // more are drawn only when they are lit
const MAX_CHOSEN_RIBBONS = 120;
const MARGIN = 0.12; // of the view: what a drag may uncover before the next drawing
const LARGEST = 12; // initiatives of the widest ribbon at least, so that a few are no flood
const GROWTH = 0.85;
const EDGE = 6; // pixels: an end nearer the edge of the view is out of sight
const MERGE_GAP = 2.5;

/**
 * Nodes and links of an answer as objects, with their place in the world.
 * @param {import("./types.d.ts").FlowAnswer} answer
 * @returns {FlowData}
 */
export function readAnswer(answer) {
  const areas = new Set(answer.areas);
  /** @type {Node[]} */
  const nodes = answer.keys.map((key, index) => ({
    index,
    key,
    name: shownName(key, answer.names[index]),
    label: shortName(shownName(key, answer.names[index])),
    u: worldX(answer.lon[index]),
    v: worldY(answer.lat[index]),
    lon: answer.lon[index],
    lat: answer.lat[index],
    count: answer.counts[index],
    degree: answer.degrees[index],
    isHere: isHereKey(key),
    isArea: areas.has(index),
  }));
  /** @type {Link[]} */
  const links = [];
  let largest = 1;
  for (let i = 0; i < answer.flows.length; i += 3) {
    const [here, there, count] = [answer.flows[i], answer.flows[i + 1], answer.flows[i + 2]];
    links.push({ index: i / 3, here: nodes[here], there: nodes[there], count });
    largest = Math.max(largest, count);
  }
  return { ...answer, nodes, links, largest };
}

/**
 * Symbols and ribbons of `data` in a view. `isWhole`: the answer is that of a selection, shown with both ends of its
 * links; `chosen`: its keys; `obstacles`: boxes of what covers the map, where nothing is in sight.
 * @param {FlowData} data
 * @param {PixelView} view
 * @param {{isWhole: boolean, chosen: readonly string[], obstacles: PixelBox[]}} options
 * @returns {Scene}
 */
export function buildScene(data, view, { isWhole, chosen, obstacles }) {
  const turns = turnsOf(view);
  const symbols = placeSymbols(data, view, turns, chosen);
  /** @type {Map<string, End>} */
  const placed = new Map();
  for (const { symbol, turn } of symbols) {
    const { x, y, r } = symbol;
    for (const node of symbol.members) placed.set(`${node.index} ${turn}`, { node, x, y, r, symbol });
  }
  /** @type {(node: Node, turn: number) => End} */
  const at = (node, turn) =>
    placed.get(`${node.index} ${turn}`) ?? { node, ...onScreen(node, turn, view), r: 3, isOutside: true };
  const seen = seenIn(view, obstacles);
  const resting = restingLinks(data, view, isWhole);
  const inSight = new Set(symbols.filter(({ symbol }) => seen(symbol)).flatMap(({ symbol }) => symbol.members));
  const { strands, leaving } = placeLinks(data, { turns, at, seen, inSight, widthOf: widths(data, view, isWhole) });
  const rests = strands.filter(({ link }) => resting.has(link));
  const areDrawn = isWhole || view.zoom < WORLD_ZOOM || rests.length <= MAX_LOCAL_RIBBONS;
  const ribbons = areDrawn ? bundleRibbons(rests.slice(0, MAX_CHOSEN_RIBBONS)) : [];
  const drawn = new Set(ribbons.map(({ link }) => link));
  return {
    symbols: symbols.map(({ symbol }) => symbol).sort((a, b) => b.count - a.count),
    ribbons,
    strands: strands.filter(({ link }) => !drawn.has(link)),
    leaving,
    resting,
    badges: [],
  };
}

/**
 * How many worlds to the right of the first one each copy in view, or linked with one in view, lies.
 * @param {PixelView} view
 */
export function turnsOf({ left, width, size }) {
  const turns = [];
  for (let turn = Math.floor(left / size) - 1; turn <= Math.floor((left + width) / size) + 1; turn += 1) {
    turns.push(turn);
  }
  return turns;
}

/** @type {(node: {u: number, v: number}, turn: number, view: PixelView) => {x: number, y: number}} */
const onScreen = (node, turn, view) => ({
  x: (node.u + turn) * view.size - view.left,
  y: node.v * view.size - view.top,
});

/**
 * Whether something is in sight: in the view, and not under a control.
 * @param {PixelView} view
 * @param {PixelBox[]} obstacles
 * @returns {(end: {x: number, y: number, isOutside?: boolean}) => boolean}
 */
const seenIn = (view, obstacles) => ({ x, y, isOutside }) =>
  !isOutside &&
  x > EDGE &&
  x < view.width - EDGE &&
  y > EDGE &&
  y < view.height - EDGE &&
  !obstacles.some(([left, top, right, bottom]) => x > left && x < right && y > top && y < bottom);

// --- Symbols

/**
 * @param {FlowData} data
 * @param {PixelView} view
 * @param {number[]} turns
 * @param {readonly string[]} chosen
 */
function placeSymbols(data, view, turns, chosen) {
  const symbols = [];
  for (const body of bodiesOf(data, view, turns, chosen)) {
    for (const turn of turns) {
      const shift = turn * view.size - view.left;
      const [x, y] = [body.x + shift, body.y - view.top];
      const margin = MARGIN * view.width + 20;
      if (x < -margin || x > view.width + margin || y < -margin || y > view.height + margin) continue;
      symbols.push({ turn, symbol: symbolOf(body, x, y, body.trueX + shift, body.trueY - view.top) });
    }
  }
  return symbols;
}

/**
 * @param {Body} body
 * @param {number} x
 * @param {number} y
 * @param {number} trueX
 * @param {number} trueY
 * @returns {MapSymbol}
 */
function symbolOf({ node, members, r }, x, y, trueX, trueY) {
  const half = node.isHere ? r : reach({ isHere: false, r }) * 0.9;
  /** @type {PixelBox} */
  const box = [x - half, y - half, x + half, y + half];
  return { ...node, node, members, x, y, trueX, trueY, r, box };
}

/** @type {WeakMap<FlowData, {name: string, bodies: Body[]}>} the last layout of each answer: a drag does not change it */
const layouts = new WeakMap();

/**
 * Nodes merged and pushed apart in one world, the same wherever the view is at a zoom.
 * @param {FlowData} data
 * @param {PixelView} view
 * @param {number[]} turns
 * @param {readonly string[]} chosen
 */
function bodiesOf(data, view, turns, chosen) {
  let reference = 1;
  for (const node of data.nodes) {
    if (node.count <= reference) continue;
    const isVisible = turns.some((turn) => {
      const { x, y } = onScreen(node, turn, view);
      return x > 0 && x < view.width && y > 0 && y < view.height;
    });
    if (isVisible) reference = node.count;
  }
  const isNarrow = view.width < NARROW;
  const name = [view.size, reference, isNarrow, ...chosen].join(" ");
  const known = layouts.get(data);
  if (known?.name === name) return known.bodies;
  const scale = { level: data.level, reference, isNarrow };
  const bodies = layOut(data.nodes, view, scale, chosen);
  layouts.set(data, { name, bodies });
  return bodies;
}

/**
 * @param {Node[]} nodes
 * @param {PixelView} view
 * @param {{level: number, reference: number, isNarrow: boolean}} scale
 * @param {readonly string[]} chosen
 */
function layOut(nodes, { size, zoom }, scale, chosen) {
  /** @type {Body[]} */
  let bodies = nodes.map((node) => {
    const [x, y] = [node.u * size, node.v * size];
    const { count, isHere } = node;
    return { node, members: [node], isHere, count, trueX: x, trueY: y, x, y, r: radiusOf(count, scale) };
  });
  if (zoom < APART_ZOOM && nodes.some(isMergeable)) {
    const largest = largestRadius(scale.level, scale.isNarrow);
    bodies = mergeBodies(bodies, { gap: MERGE_GAP, largest, size, kept: chosen });
  }
  spread(bodies, size);
  return bodies;
}

// --- Links

/**
 * Links that may be drawn without being lit: those of a selection, all of a close view, and of the world the busiest
 * of each country.
 * @param {FlowData} data links with the busiest first
 * @param {PixelView} view
 * @param {boolean} isWhole
 * @returns {Set<Link>}
 */
export function restingLinks(data, view, isWhole) {
  if (isWhole) return new Set(data.links.slice(0, MAX_CHOSEN_RIBBONS));
  if (view.zoom >= WORLD_ZOOM && data.level > 0) return new Set(data.links);
  if (data.level > 0) return new Set(data.links.slice(0, MAX_RIBBONS));
  /** @type {Map<Node, Link>} */
  const ofCountry = new Map();
  for (const link of data.links) if (!ofCountry.has(link.there)) ofCountry.set(link.there, link);
  return new Set([...ofCountry.values()].slice(0, MAX_RIBBONS));
}

/**
 * Links with both ends in sight, and those that leave the view: towards a place of which no copy is in sight.
 * @param {FlowData} data
 * @param {{turns: number[], at: (node: Node, turn: number) => End, seen: (end: End) => boolean, inSight: Set<Node>,
 *   widthOf: (link: Link) => number}} view
 */
function placeLinks(data, { turns, at, seen, inSight, widthOf }) {
  /** @type {Strand[]} */
  const strands = [];
  /** @type {Leaving[]} */
  const leaving = [];
  for (const link of data.links) {
    if (!inSight.has(link.here) && !inSight.has(link.there)) continue;
    const turnThere = shortWay(link.here.u, link.there.u);
    for (const turn of turns) {
      const [here, there] = [at(link.here, turn), at(link.there, turn + turnThere)];
      const [isHereSeen, isThereSeen] = [seen(here), seen(there)];
      if (!isHereSeen && !isThereSeen) continue;
      const width = widthOf(link);
      if (isHereSeen && isThereSeen) strands.push({ link, here, there, count: link.count, width });
      else if (isHereSeen && !inSight.has(link.there)) leaving.push({ link, near: here, far: there, width });
      else if (isThereSeen && !inSight.has(link.here)) leaving.push({ link, near: there, far: here, width });
    }
  }
  return { strands, leaving };
}

/**
 * Width of a ribbon in pixels: it grows with its count, a little faster for the small ones, which would all look the
 * same; never too thin to be seen.
 * @param {FlowData} data
 * @param {PixelView} view
 * @param {boolean} isWhole
 * @returns {(link: Link) => number}
 */
export function widths(data, view, isWhole) {
  const isNarrow = view.width < NARROW;
  const thinnest = data.links.length <= MAX_RIBBONS ? 1.9 : 1.1;
  const room = (isNarrow ? 6.5 : 9.5) - thinnest;
  const most = Math.max(data.largest, LARGEST) - 1;
  const share = (/** @type {Link} */ link) => ((link.count - 1) / most) ** GROWTH;
  let scale = room;
  if (isWhole) {
    // The links of one territory lie side by side at its symbol: together they are not wider than a hand.
    const all = data.links.reduce((total, link) => total + share(link), 0);
    scale = Math.min(scale, (isNarrow ? 30 : 42) / Math.max(all, 1));
  }
  return (link) => thinnest + scale * share(link);
}

/**
 * Whether the links that leave a view are drawn up to its badges without being lit.
 * @param {Scene} scene
 * @param {Ribbon[]} rays
 * @param {PixelView} view
 */
export const areRaysResting = ({ ribbons, strands }, rays, view) =>
  view.zoom < WORLD_ZOOM || (rays.length + ribbons.length <= MAX_LOCAL_RIBBONS && !strands.length);
