/*
 * A picture of the present view to keep: what the map shows, under its sentence, with the legend, the sources and the
 * date. Everything is painted again on one canvas: no other page, no server.
 */

import { inlineSvg } from "./svg-image.js";
import { tracePath } from "./symbols.js";
import { sideColour, textFont, token } from "./theme.js";

const MARGIN = 24; // pixels around the words
const TITLE = 26;
const SMALL = 15;
const LINE = 1.3;
const WIDTH_MAX = 4096; // of the picture: beyond, some phones give an empty one

/**
 * The picture as a PNG.
 * @param {HTMLElement} stage the map and what lies over it
 * @param {{sentence: string, legend: string, foot: string}} words
 * @returns {Promise<Blob>}
 */
export async function paintPicture(stage, words) {
  await document.fonts.ready;
  const box = stage.getBoundingClientRect();
  const ratio = Math.min(2, Math.max(1, devicePixelRatio), WIDTH_MAX / box.width);
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
  await paintStage(context, stage, box);
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
 */
async function paintStage(context, stage, box) {
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
  for (const layer of stage.querySelectorAll(".leaflet-tile-pane .leaflet-tile, canvas.map-canvas")) {
    const { left, top, width, height } = layer.getBoundingClientRect();
    if (!width || !height || getComputedStyle(layer).visibility === "hidden") continue;
    context.globalAlpha = Number(getComputedStyle(layer).opacity);
    context.drawImage(/** @type {HTMLCanvasElement|HTMLImageElement} */ (layer), left, top, width, height);
  }
  context.globalAlpha = 1;
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
 * @param {CanvasRenderingContext2D} context
 * @param {HTMLElement} badge
 */
function paintBadge(context, badge) {
  const { left, top, width, height } = badge.getBoundingClientRect();
  if (!width || getComputedStyle(badge).visibility === "hidden") return;
  const shown = [...badge.childNodes].filter((node) => !(node instanceof Element && node.matches(".visually-hidden, svg")));
  context.beginPath();
  context.roundRect(left, top, width, height, 8);
  context.fillStyle = token("--paper");
  context.fill();
  context.strokeStyle = token("--line");
  context.lineWidth = 1;
  context.stroke();
  context.font = textFont(SMALL, 600);
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillStyle = token("--ink");
  const text = shown.map((node) => node.textContent).join(" ").replace(/\s+/g, " ").trim();
  context.fillText(text, left + width / 2, top + height / 2, width - 8);
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
