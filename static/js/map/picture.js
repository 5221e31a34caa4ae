/*
 * A picture of the present view to keep: what the map shows, under its sentence, with the legend, the sources and the
 * date. Everything is painted again on one canvas: no other page, no server.
 */

import { inlineSvg } from "./svg-image.js";
import { DIAMOND, tracePath } from "./symbols.js";
import { sideColour, textFont, token } from "./theme.js";

/**
 * What paints the map: it is painted again, finer than a screen of one dot a pixel shows it.
 * @typedef {{ground: import("./base-layer.js").Ground, links: import("./links-layer.js").LinksLayer}} Layers
 */

const FINENESS = { least: 2, most: 3 }; // dots a pixel
const MARGIN = 24; // pixels around the words
const TITLE = 26;
const SMALL = 15;
const LINE = 1.3;
const ARROW = 16; // units of the drawing of an arrow
const WIDTH_MAX = 4096; // of the picture: beyond, some phones give an empty one

/**
 * The picture as a PNG.
 * @param {HTMLElement} stage the map and what lies over it
 * @param {{sentence: string, legend: string, foot: string}} words
 * @param {Layers} layers
 * @returns {Promise<Blob>}
 */
export async function paintPicture(stage, words, layers) {
  await document.fonts.ready;
  const box = stage.getBoundingClientRect();
  const wanted = Math.min(FINENESS.most, Math.max(FINENESS.least, devicePixelRatio));
  const ratio = Math.min(wanted, WIDTH_MAX / box.width);
  const canvas = document.createElement("canvas");
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const head = linesOf(context, words.sentence, box.width - 2 * MARGIN, titleFont());
  const headHeight = 2 * MARGIN * 0.75 + head.length * TITLE * LINE;
  const foot = [words.legend, words.foot].flatMap((text) => linesOf(context, text, box.width - 2 * MARGIN, smallFont()));
  const footHeight = 2 * MARGIN * 0.6 + (foot.length + 1) * SMALL * LINE;
  canvas.width = Math.round(box.width * ratio);
  canvas.height = Math.round((headHeight + box.height + footHeight) * ratio);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.fillStyle = token("--paper");
  context.fillRect(0, 0, box.width, headHeight + box.height + footHeight);
  writeLines(context, head, MARGIN * 0.75, titleFont(), TITLE, token("--ink"));
  context.save();
  context.beginPath();
  context.rect(0, headHeight, box.width, box.height);
  context.clip();
  context.translate(-box.left, headHeight - box.top);
  await paintStage(context, stage, box, { layers, ratio });
  context.restore();
  const top = headHeight + box.height + MARGIN * 0.6;
  paintLegend(context, top);
  writeLines(context, foot, top + SMALL * LINE, smallFont(), SMALL, token("--ink-2"));
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), "image/png");
  });
}

const titleFont = () => `700 ${TITLE}px ${getComputedStyle(document.body).getPropertyValue("--font-voice")}`;
const smallFont = () => textFont(SMALL, 400);

/**
 * What the stage shows, at its place in the page: ground, links, badges; or the diptych when it covers the map.
 * @param {CanvasRenderingContext2D} context
 * @param {HTMLElement} stage
 * @param {DOMRect} box
 * @param {{layers: Layers, ratio: number}} look
 */
async function paintStage(context, stage, box, { layers, ratio }) {
  context.fillStyle = token("--map-sea");
  context.fillRect(box.left, box.top, box.width, box.height);
  const diptych = /** @type {HTMLElement|null} */ (stage.querySelector("[data-diptych]:not([hidden])"));
  if (diptych) {
    context.fillStyle = getComputedStyle(diptych).backgroundColor;
    context.fillRect(box.left, box.top, box.width, box.height);
    for (const drawing of diptych.querySelectorAll("svg")) {
      if (!drawing.closest("button")) await paintDrawing(context, drawing);
    }
    return;
  }
  for (const tile of stage.querySelectorAll(".leaflet-tile-pane .leaflet-tile")) {
    paintOver(context, tile, (await layers.ground.finer?.(tile, ratio)) ?? tile);
  }
  const finer = layers.links.copy(ratio);
  const canvases = [...stage.querySelectorAll("canvas.map-canvas")];
  for (const canvas of finer ? canvases.slice(0, 1) : canvases) paintOver(context, canvas, finer ?? canvas);
  for (const badge of stage.querySelectorAll(".map-edge")) paintBadge(context, /** @type {HTMLElement} */ (badge));
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {SVGSVGElement} drawing
 */
async function paintDrawing(context, drawing) {
  const { left, top, width, height } = drawing.getBoundingClientRect();
  if (!width || !height) return;
  context.drawImage(await inlineSvg(drawing), left, top, width, height);
}

/**
 * An element of the map at its place, or what is drawn instead of it.
 * @param {CanvasRenderingContext2D} context
 * @param {Element} element
 * @param {Element} drawn
 */
function paintOver(context, element, drawn) {
  const { left, top, width, height } = element.getBoundingClientRect();
  const { visibility, opacity } = getComputedStyle(element);
  if (!width || !height || visibility === "hidden") return;
  context.globalAlpha = Number(opacity);
  context.drawImage(/** @type {HTMLCanvasElement|HTMLImageElement} */ (drawn), left, top, width, height);
  context.globalAlpha = 1;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {HTMLElement} badge
 */
function paintBadge(context, badge) {
  const { left, top, width, height } = badge.getBoundingClientRect();
  if (!width || getComputedStyle(badge).visibility === "hidden") return;
  context.beginPath();
  context.roundRect(left, top, width, height, 8);
  context.fillStyle = token("--paper");
  context.fill();
  context.strokeStyle = token("--line");
  context.lineWidth = 1;
  context.stroke();
  const [mark, name, count, arrow] = [".mark", "bdi", ".map-edge__count", "svg"].map((part) => badge.querySelector(part));
  if (!mark || !name || !count || !arrow) {
    Object.assign(context, { font: textFont(SMALL, 600), fillStyle: token("--ink"), textAlign: "center", textBaseline: "middle" });
    context.fillText(badge.textContent ?? "", left + width / 2, top + height / 2, width - 8);
    return;
  }
  const isHere = !mark.matches(".mark--there");
  const at = mark.getBoundingClientRect();
  const r = at.width / 2 / (isHere ? 1 : DIAMOND);
  tracePath(context, { isHere, x: at.left + at.width / 2, y: at.top + at.height / 2, r });
  context.fillStyle = sideColour(isHere);
  context.fill();
  paintWords(context, name, textFont(SMALL, 650), sideColour(isHere));
  paintWords(context, count, textFont(SMALL, 400), token("--ink-2"));
  paintArrow(context, arrow);
}

/**
 * The words of an element where they are.
 * @param {CanvasRenderingContext2D} context
 * @param {Element} element
 * @param {string} font
 * @param {string} fillStyle
 */
function paintWords(context, element, font, fillStyle) {
  const { left, top, width, height } = element.getBoundingClientRect();
  Object.assign(context, { font, fillStyle, textAlign: "left", textBaseline: "middle" });
  context.fillText(element.textContent ?? "", left, top + height / 2, width);
}

/**
 * The arrow of a badge, turned as it is.
 * @param {CanvasRenderingContext2D} context
 * @param {Element} arrow
 */
function paintArrow(context, arrow) {
  const { left, top, width } = arrow.getBoundingClientRect();
  const path = arrow.querySelector("path");
  const degrees = Number.parseFloat(/rotate\((-?[\d.]+)/.exec(path?.getAttribute("transform") ?? "")?.[1] ?? "0");
  context.save();
  context.translate(left, top);
  context.scale(width / ARROW, width / ARROW);
  context.translate(ARROW / 2, ARROW / 2);
  context.rotate((degrees * Math.PI) / 180);
  context.translate(-ARROW / 2, -ARROW / 2);
  Object.assign(context, { strokeStyle: token("--ink"), lineWidth: 2, lineCap: "round", lineJoin: "round" });
  context.stroke(new Path2D(path?.getAttribute("d") ?? ""));
  context.restore();
}

/**
 * The two shapes, each with its side in words.
 * @param {CanvasRenderingContext2D} context
 * @param {number} top
 */
function paintLegend(context, top) {
  let x = MARGIN;
  for (const [isHere, words] of /** @type {[boolean, string][]} */ ([[true, "ici, en France"], [false, "là-bas"]])) {
    tracePath(context, { isHere, x: x + 6, y: top + SMALL / 2, r: 6 });
    context.fillStyle = sideColour(isHere);
    context.fill();
    Object.assign(context, { font: textFont(SMALL, 600), fillStyle: token("--ink"), textAlign: "left", textBaseline: "top" });
    context.fillText(words, x + 20, top);
    x += 40 + context.measureText(words).width;
  }
}

/**
 * A text in lines that fit a width.
 * @param {CanvasRenderingContext2D} context
 * @param {string} text
 * @param {number} width
 * @param {string} font
 * @returns {string[]}
 */
function linesOf(context, text, width, font) {
  context.font = font;
  /** @type {string[]} */
  const lines = [];
  for (const word of text.split(" ").filter(Boolean)) {
    const longer = lines.length ? `${lines[lines.length - 1]} ${word}` : word;
    if (lines.length && context.measureText(longer).width <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {string[]} lines
 * @param {number} top
 * @param {string} font
 * @param {number} size
 * @param {string} colour
 */
function writeLines(context, lines, top, font, size, colour) {
  Object.assign(context, { font, fillStyle: colour, textAlign: "left", textBaseline: "top" });
  lines.forEach((line, i) => context.fillText(line, MARGIN, top + i * size * LINE));
}
