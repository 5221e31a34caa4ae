// @ts-nocheck
/* What is drawn for an answer of the server in a view: symbols and ribbons, in pixels from the corner of the view. */

import { bundleRibbons } from "./curves.js";
import { shortWay, worldX, worldY } from "./mercator.js";
import { radiusOf, reach, spread } from "./symbols.js";
import { isHereKey } from "./state.js";
import { shortName, shownName } from "./words.js";

export const WORLD_ZOOM = 3.25; // below, ribbons may leave the screen: the view is the world
const MAX_RIBBONS = 60; // more is a hairball, however fast
const MAX_LOCAL_RIBBONS = 120;
const MARGIN = 0.12; // of the view: what a drag may uncover before the next drawing

/** Nodes and links of an answer as objects, with their place in the world. */
export function readAnswer(answer) {
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
  }));
  const links = [];
  for (let i = 0; i < answer.flows.length; i += 3) {
    const [here, there, count] = answer.flows.slice(i, i + 3);
    links.push({ index: i / 3, here: nodes[here], there: nodes[there], count });
  }
  return { ...answer, nodes, links, largest: Math.max(1, ...links.map((link) => link.count)) };
}

/**
 * Symbols and ribbons of `data` in a view {width, height, zoom, size, left, top}: `size` is the width of one world and
 * (left, top) the corner of the view in it, all in pixels. `isWhole` says that the answer is that of a selection, shown
 * with both ends of its links. Else, close by, `leaving` holds the links with one end out of sight.
 */
export function buildScene(data, view, { isWhole, frame }) {
  const turns = [];
  for (let turn = Math.floor(view.left / view.size) - 1; turn <= (view.left + view.width) / view.size + 1; turn += 1) {
    turns.push(turn);
  }
  const { symbols, at } = placeSymbols(data, view, turns);
  const isWorld = view.zoom < WORLD_ZOOM || isWhole;
  const { ribbons, leaving } = isWorld
    ? { ribbons: placeRibbons(data, view, turns, at, isWhole), leaving: [] }
    : placeLocalRibbons(data, view, turns, at, frame);
  if (ribbons.length) bundleRibbons(ribbons);
  symbols.sort((a, b) => b.count - a.count);
  for (const symbol of symbols) {
    const half = symbol.isHere ? symbol.r : reach(symbol) * 0.9;
    symbol.box = [symbol.x - half, symbol.y - half, symbol.x + half, symbol.y + half];
  }
  return { symbols, ribbons, leaving };
}

const onScreen = (node, turn, view) => ({
  x: (node.u + turn) * view.size - view.left,
  y: node.v * view.size - view.top,
});

function isNear({ x, y }, view, margin = MARGIN) {
  const [mx, my] = [view.width * margin + 20, view.height * margin + 20];
  return x > -mx && x < view.width + mx && y > -my && y < view.height + my;
}

function placeSymbols(data, view, turns) {
  const isVisible = (node) => turns.some((turn) => isNear(onScreen(node, turn, view), view, 0));
  const reference = Math.max(1, ...data.nodes.filter(isVisible).map((node) => node.count));
  const scale = { level: data.level, reference, isNarrow: view.width < 600 };
  const symbols = [];
  const placed = new Map();
  for (const node of data.nodes) {
    for (const turn of turns) {
      const { x, y } = onScreen(node, turn, view);
      if (!isNear({ x, y }, view)) continue;
      const symbol = { ...node, node, x, y, trueX: x, trueY: y, r: radiusOf(node.count, scale) };
      symbols.push(symbol);
      placed.set(`${node.index} ${turn}`, symbol);
    }
  }
  spread(symbols);
  const at = (node, turn) =>
    placed.get(`${node.index} ${turn}`) ?? { node, ...onScreen(node, turn, view), r: 3, isOutside: true };
  return { symbols, at };
}

/** Ribbons of a wide view, which may leave it. */
function placeRibbons(data, view, turns, at, isWhole) {
  const widthOf = widths(data, view);
  const ribbons = [];
  for (const link of data.links.slice(0, isWhole ? MAX_LOCAL_RIBBONS : MAX_RIBBONS)) {
    for (const [here, there] of endsOf(link, turns, at)) {
      if (here.isOutside && there.isOutside && !crosses(here, there, view)) continue;
      ribbons.push({ link, here, there, count: link.count, width: widthOf(link) });
    }
  }
  return ribbons;
}

/** Ribbons between ends that are both in sight, and the links that leave the frame. */
function placeLocalRibbons(data, view, turns, at, frame) {
  const widthOf = widths(data, view);
  const isSeen = ({ x, y, isOutside }) => !isOutside && x > frame[0] && x < frame[2] && y > frame[1] && y < frame[3];
  const ribbons = [];
  const leaving = [];
  for (const link of data.links) {
    for (const [here, there] of endsOf(link, turns, at)) {
      if (isSeen(here) && isSeen(there)) ribbons.push({ link, here, there, count: link.count, width: widthOf(link) });
      else if (isSeen(here)) leaving.push({ link, near: here, far: there });
      else if (isSeen(there)) leaving.push({ link, near: there, far: here });
    }
  }
  return { ribbons: ribbons.slice(0, MAX_LOCAL_RIBBONS), leaving };
}

function endsOf(link, turns, at) {
  const turnThere = shortWay(link.here.u, link.there.u);
  return turns.map((turn) => [at(link.here, turn), at(link.there, turn + turnThere)]);
}

function widths(data, view) {
  const scale = (view.width < 600 ? 6.5 : 9.5) / Math.max(data.largest, 60);
  const thinnest = data.links.length <= MAX_RIBBONS ? 1.9 : 1.1;
  return (link) => Math.max(thinnest, link.count * scale);
}

/** Whether a straight way between two points outside the view may pass through it. */
function crosses(one, other, view) {
  const apart = (a, b, size) => Math.max(a, b) < 0 || Math.min(a, b) > size;
  return !apart(one.x, other.x, view.width) && !apart(one.y, other.y, view.height);
}
