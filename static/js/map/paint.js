/* Puts a scene on a canvas. */

import { traceCurve } from "./curves.js";
import { paintGroundNames } from "./ground-labels.js";
import { Labels } from "./labels.js";
import { NARROW } from "./scene.js";
import { paintSymbol, reach } from "./symbols.js";
import { sideColour, textFont, token } from "./theme.js";
import { digits } from "./words.js";

/** @typedef {import("./types.d.ts").Curve} Curve */
/** @typedef {import("./types.d.ts").GroundLabel} GroundLabel */
/** @typedef {import("./types.d.ts").MapSymbol} MapSymbol */
/** @typedef {import("./types.d.ts").PixelBox} PixelBox */
/** @typedef {import("./types.d.ts").PixelView} PixelView */
/** @typedef {import("./types.d.ts").Ribbon} Ribbon */
/** @typedef {import("./types.d.ts").Scene} Scene */
/** @typedef {{symbol: MapSymbol, wording: import("./labels.js").Wording}} Named */

const COUNT_INSIDE = 17; // radius from which the number fits in the disc
const SHIFT_TOLD = 9; // a symbol pushed farther than this is tied to its true place by a hairline
const CHOSEN_HALO = 9; // pixels that the halo of a chosen symbol adds to it
const AVOIDED_WIDTH = 2; // of a ribbon that names of the base map do not cross
const ATTEMPTS = 3; // at placing names
/** Labels at most, and those of them that may have a leader line, of what length in pixels. */
const LABELS = {
  wide: { far: 40, close: 44, leaders: 30, length: 96 },
  narrow: { far: 26, close: 18, leaders: 20, length: 104 },
};

/**
 * Paint what the map shows on any canvas, from the corner of its view: ribbons, symbols, names beside them and names of
 * the base map. `obstacles` are boxes where no name is written. Badges are elements over the map: paint those of
 * `scene.badges` where their `box` is, if they are wanted.
 * @param {CanvasRenderingContext2D} context its transformation is that of the view: one unit is a pixel of the page
 * @param {PixelView} view
 * @param {{scene: Scene, level: number, chosen: readonly string[], obstacles: PixelBox[], ground: GroundLabel[],
 *   isNamed?: boolean}} options isNamed: whether names are written
 */
export function paintScene(context, view, { scene, level, chosen, obstacles, ground, isNamed = true }) {
  paintRibbons(context, scene.ribbons, chosen.length > 0);
  paintSymbols(context, scene.symbols, chosen);
  if (!isNamed) return;
  const labels = paintNames(context, scene, view, { level, obstacles, chosen });
  paintGroundNames(labels, ground, view, new Set(scene.symbols.map(({ name }) => name)));
}

/**
 * One ribbon: neutral at rest, shaded from one side's colour to the other's when it is lit or chosen.
 * @param {CanvasRenderingContext2D} context
 * @param {{curve: Curve, width: number, startsHere: boolean}} ribbon
 * @param {{isLit: boolean, alpha: number, extra?: number}} look
 */
export function paintRibbon(context, ribbon, { isLit, alpha, extra = 0 }) {
  const { curve } = ribbon;
  traceCurve(context, curve);
  context.lineCap = "round";
  context.lineWidth = ribbon.width + extra + Number(token("--map-ribbon-extra") || 0);
  context.strokeStyle = isLit ? shade(context, ribbon) : token("--map-ribbon");
  context.globalAlpha = Math.max(alpha, Number(token("--map-ribbon-alpha") || 0));
  context.stroke();
  context.globalAlpha = 1;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {{curve: Curve, startsHere: boolean}} ribbon
 */
function shade(context, { curve, startsHere }) {
  const gradient = context.createLinearGradient(curve.x0, curve.y0, curve.x3, curve.y3);
  gradient.addColorStop(0.12, sideColour(startsHere));
  gradient.addColorStop(0.88, sideColour(!startsHere));
  return gradient;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Ribbon[]} ribbons
 * @param {boolean} isChosen
 */
function paintRibbons(context, ribbons, isChosen) {
  for (const ribbon of [...ribbons].sort((a, b) => b.count - a.count)) {
    paintRibbon(context, ribbon, { isLit: isChosen, alpha: isChosen ? 0.88 : 0.62 });
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {MapSymbol[]} symbols the busiest first
 * @param {readonly string[]} chosen
 */
function paintSymbols(context, symbols, chosen) {
  for (let i = symbols.length - 1; i >= 0; i -= 1) {
    const symbol = symbols[i];
    if (Math.hypot(symbol.x - symbol.trueX, symbol.y - symbol.trueY) > SHIFT_TOLD) paintShift(context, symbol);
    paintSymbol(context, symbol, chosen.includes(symbol.key));
    symbol.holdsCount = symbol.isHere && symbol.r >= COUNT_INSIDE && symbol.members.length === 1;
    if (symbol.holdsCount) paintCount(context, symbol);
  }
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {MapSymbol} symbol
 */
function paintShift(context, { x, y, trueX, trueY }) {
  context.beginPath();
  context.moveTo(trueX, trueY);
  context.lineTo(x, y);
  context.lineWidth = 0.8;
  context.strokeStyle = token("--ink-2");
  context.stroke();
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {MapSymbol} symbol
 */
function paintCount(context, symbol) {
  context.font = textFont(14, 650);
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillStyle = token("--map-on-symbol");
  context.fillText(digits(symbol.count), symbol.x, symbol.y + 0.5);
}

/**
 * Names of symbols, the chosen and the busiest first; what room they leave is for the names of the base map.
 * @param {CanvasRenderingContext2D} context
 * @param {Scene} scene
 * @param {PixelView} view
 * @param {{level: number, obstacles: PixelBox[], chosen: readonly string[]}} options
 */
function paintNames(context, scene, view, { level, obstacles, chosen }) {
  const labels = new Labels(context, view.width, view.height, obstacles);
  for (const symbol of scene.symbols) labels.take(symbol.box);
  for (const ribbon of scene.ribbons) if (ribbon.width >= AVOIDED_WIDTH) labels.cover.mark(ribbon);
  const most = view.width < NARROW ? LABELS.narrow : LABELS.wide;
  const limit = level < 2 ? most.far : most.close;
  const symbols = inOrder(scene.symbols, chosen).filter((symbol) => isInside(symbol, view));
  const wordings = symbols.map((symbol, rank) => ({
    symbol,
    wording: wordingOf(symbol, symbol.count, {
      leader: rank < most.leaders ? most.length : 0,
      isChosen: chosen.includes(symbol.key),
    }),
  }));
  placeNames(labels, wordings, limit, most.leaders);
  labels.paintPlaced();
  return labels;
}

/**
 * Place names in their order; when some of the first find no room, try with these before the others, and keep the best.
 * @param {Labels} labels
 * @param {Named[]} names the most important first
 * @param {number} limit
 * @param {number} first
 */
function placeNames(labels, names, limit, first) {
  const important = new Set(names.slice(0, first));
  let order = names;
  let best = { order, score: -1 };
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const { missed, score } = tryNames(labels, order, limit);
    if (score > best.score) best = { order, score };
    const wanted = missed.filter((one) => important.has(one));
    if (!wanted.length) break;
    order = [...wanted, ...order.filter((one) => !wanted.includes(one))];
    labels.clear();
  }
  if (!labels.placed.length) tryNames(labels, best.order, limit);
}

/**
 * @param {Labels} labels
 * @param {Named[]} order
 * @param {number} limit
 */
function tryNames(labels, order, limit) {
  /** @type {Named[]} */
  const missed = [];
  let score = 0;
  for (const one of order) {
    if (labels.placed.length >= limit) break;
    if (labels.place(one.symbol, one.wording)) {
      score += one.symbol.count;
    } else if (one.wording.leader && labels.place(one.symbol, { ...one.wording, number: "" })) {
      // A name without its count is better than none.
      score += 0.8 * one.symbol.count;
    } else {
      missed.push(one);
    }
  }
  return { missed, score };
}

/**
 * Symbols in the order of their names: the chosen first, then as they come, the busiest first.
 * @param {MapSymbol[]} symbols
 * @param {readonly string[]} chosen
 */
function inOrder(symbols, chosen) {
  if (!chosen.length) return symbols;
  const isChosen = (/** @type {MapSymbol} */ { key }) => chosen.includes(key);
  return [...symbols.filter(isChosen), ...symbols.filter((symbol) => !isChosen(symbol))];
}

/**
 * @param {MapSymbol} symbol
 * @param {PixelView} view
 */
const isInside = ({ x, y }, view) => x > 0 && x < view.width && y > 0 && y < view.height;

/**
 * The name of a symbol and its count; of several in one, the busiest and how many others: their counts do not add up.
 * @param {MapSymbol} symbol
 * @param {number} count
 * @param {{leader: number, isChosen?: boolean}} options
 * @returns {import("./labels.js").Wording}
 */
function wordingOf(symbol, count, { leader, isChosen = false }) {
  const others = symbol.members.length - 1;
  return {
    text: symbol.label,
    number: others ? `+${digits(others)}` : symbol.holdsCount ? "" : digits(count),
    colour: sideColour(symbol.isHere),
    radius: reach(symbol) + (isChosen ? CHOSEN_HALO : 0),
    own: symbol.box,
    leader,
  };
}

/**
 * The lit part of a scene, above the dimmed rest: ribbons in colour, both their ends, and what they count. `key` is
 * the territory that keeps its own count.
 * @param {CanvasRenderingContext2D} context
 * @param {{ribbons: Ribbon[], symbols: MapSymbol[], key: string|null}} lit
 * @param {PixelView} view
 * @param {{obstacles: PixelBox[], chosen: readonly string[]}} options
 */
export function paintLit(context, { ribbons, symbols, key }, view, { obstacles, chosen }) {
  for (const ribbon of [...ribbons].sort((a, b) => b.count - a.count)) {
    paintRibbon(context, ribbon, { isLit: true, alpha: 0.95, extra: 0.7 });
  }
  const sorted = [...symbols].sort((a, b) => b.count - a.count);
  paintSymbols(context, sorted, chosen);
  const labels = new Labels(context, view.width, view.height, obstacles);
  for (const symbol of sorted) labels.take(symbol.box);
  for (const ribbon of ribbons) if (ribbon.width >= AVOIDED_WIDTH) labels.cover.mark(ribbon);
  for (const symbol of sorted) {
    if (!isInside(symbol, view)) continue;
    const joined = ribbons.filter(({ here, there }) => here.symbol === symbol || there.symbol === symbol);
    const count = symbol.key === key ? symbol.count : joined.reduce((total, one) => total + one.count, 0);
    labels.name(symbol, wordingOf(symbol, count || symbol.count, { leader: 62 }));
  }
}
