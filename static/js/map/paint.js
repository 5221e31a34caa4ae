// @ts-nocheck
/* Puts a scene on a canvas. */

import { pointAt, traceCurve } from "./curves.js";
import { Labels } from "./labels.js";
import { paintSymbol, reach } from "./symbols.js";
import { sideColour, textFont, token } from "./theme.js";
import { digits } from "./words.js";

const COUNT_INSIDE = 17; // radius from which the number fits in the disc
const SHIFT_TOLD = 9; // a symbol pushed farther than this is tied to its true place by a hairline
const CHOSEN_HALO = 9; // pixels that the halo of a chosen symbol adds to it

/** One ribbon: neutral at rest, shaded from one side's colour to the other's when it is lit or chosen. */
export function paintRibbon(context, ribbon, { isLit, alpha, extra = 0 }) {
  const { curve } = ribbon;
  traceCurve(context, curve);
  context.lineCap = "round";
  context.lineWidth = ribbon.width + extra;
  context.strokeStyle = isLit ? shade(context, ribbon) : token("--map-ribbon");
  context.globalAlpha = alpha;
  context.stroke();
  context.globalAlpha = 1;
}

function shade(context, { curve, startsHere }) {
  const gradient = context.createLinearGradient(curve.x0, curve.y0, curve.x3, curve.y3);
  gradient.addColorStop(0.12, sideColour(startsHere));
  gradient.addColorStop(0.88, sideColour(!startsHere));
  return gradient;
}

export function paintRibbons(context, ribbons, isChosen) {
  for (const ribbon of [...ribbons].sort((a, b) => b.count - a.count)) {
    paintRibbon(context, ribbon, { isLit: isChosen, alpha: isChosen ? 0.88 : 0.62 });
  }
}

export function paintSymbols(context, symbols, chosen) {
  for (const symbol of [...symbols].reverse()) {
    if (Math.hypot(symbol.x - symbol.trueX, symbol.y - symbol.trueY) > SHIFT_TOLD) paintShift(context, symbol);
    paintSymbol(context, symbol, chosen.includes(symbol.key));
    symbol.holdsCount = symbol.isHere && symbol.r >= COUNT_INSIDE;
    if (symbol.holdsCount) paintCount(context, symbol);
  }
}

function paintShift(context, { x, y, trueX, trueY }) {
  context.beginPath();
  context.moveTo(trueX, trueY);
  context.lineTo(x, y);
  context.lineWidth = 0.8;
  context.strokeStyle = token("--ink-2");
  context.stroke();
}

function paintCount(context, symbol) {
  context.font = textFont(14, 650);
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillStyle = token("--map-on-symbol");
  context.fillText(digits(symbol.count), symbol.x, symbol.y + 0.5);
}

/** Names of symbols, then room kept for the ribbons wide enough to be crossed by a name of the base map. */
export function paintNames(context, scene, view, { level, obstacles, chosen }) {
  const labels = new Labels(context, view.width, view.height, obstacles);
  for (const symbol of scene.symbols) labels.take(symbol.box);
  const isNarrow = view.width < 600;
  const limit = level < 2 ? (isNarrow ? 22 : 40) : isNarrow ? 18 : 44;
  const withLeader = isNarrow ? 14 : 30;
  const first = scene.symbols.filter((symbol) => chosen.includes(symbol.key));
  const others = scene.symbols.filter((symbol) => !chosen.includes(symbol.key));
  [...first, ...others].forEach((symbol, rank) => {
    if (labels.count >= limit || !isInside(symbol, view)) return;
    const leader = rank < withLeader ? (isNarrow ? 62 : 96) : 0;
    paintName(labels, symbol, symbol.holdsCount ? 0 : symbol.count, leader, chosen.includes(symbol.key));
  });
  for (const { curve, width } of scene.ribbons) {
    for (let t = 0.05; t < 1; t += 0.05) {
      const [x, y] = pointAt(curve, t);
      labels.take([x - width / 2 - 1, y - width / 2 - 1, x + width / 2 + 1, y + width / 2 + 1]);
    }
  }
  return labels;
}

const isInside = ({ x, y }, view) => x > 0 && x < view.width && y > 0 && y < view.height;

function paintName(labels, symbol, count, leader, isChosen = false) {
  labels.name(symbol, {
    text: symbol.label,
    number: count ? digits(count) : "",
    colour: sideColour(symbol.isHere),
    radius: reach(symbol) + (isChosen ? CHOSEN_HALO : 0),
    own: symbol.box,
    leader,
  });
}

/** The lit part of a scene, above the dimmed rest: ribbons in colour, both their ends, and what they count. */
export function paintLit(context, lit, view, { obstacles, chosen }) {
  for (const ribbon of [...lit.ribbons].sort((a, b) => b.count - a.count)) {
    paintRibbon(context, ribbon, { isLit: true, alpha: 0.95, extra: 0.7 });
  }
  const symbols = [...lit.symbols].sort((a, b) => b.count - a.count);
  paintSymbols(context, symbols, chosen);
  const labels = new Labels(context, view.width, view.height, obstacles);
  for (const symbol of symbols) labels.take(symbol.box);
  for (const symbol of symbols) {
    const joined = lit.ribbons.filter(({ here, there }) => here === symbol || there === symbol);
    const count = symbol.key === lit.key ? symbol.count : joined.reduce((total, one) => total + one.count, 0);
    paintName(labels, symbol, symbol.holdsCount ? 0 : count || symbol.count, 62);
  }
}
