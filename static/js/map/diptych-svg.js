/* Elements of an SVG, made of attributes and text only, and the width of a text. */

import { textFont, token } from "./theme.js";

const NAMESPACE = "http://www.w3.org/2000/svg";

/**
 * @param {string} tag
 * @param {Record<string, string|number>} attributes
 * @param {Element} [parent]
 * @returns {SVGElement}
 */
export function svg(tag, attributes, parent) {
  const made = document.createElementNS(NAMESPACE, tag);
  for (const [name, value] of Object.entries(attributes)) {
    made.setAttribute(name, typeof value === "number" ? String(Number(value.toFixed(2))) : value);
  }
  parent?.append(made);
  return made;
}

/** @typedef {{size: number, weight: number, className: string, anchor?: string}} TextStyle size in pixels */

/**
 * Words on one line; (x, y) is the left of their middle line, or its middle or right by `anchor`.
 * @param {string} words
 * @param {number} x
 * @param {number} y
 * @param {TextStyle} style
 * @param {Element} parent
 */
export function write(words, x, y, { size, weight, className, anchor = "start" }, parent) {
  const face = { "font-size": size, "font-weight": weight, class: className };
  const made = svg("text", { x, y: y + size * 0.35, ...face }, parent);
  if (anchor !== "start") made.setAttribute("text-anchor", anchor);
  made.textContent = words;
  return made;
}

/** @type {CanvasRenderingContext2D|null} */
let ruler = null;

/**
 * @param {string} words
 * @param {number} size
 * @param {number} weight
 * @param {boolean} [isVoice] in the face of titles
 */
export function widthOf(words, size, weight, isVoice = false) {
  ruler ??= document.createElement("canvas").getContext("2d");
  if (!ruler) return words.length * size * 0.55;
  ruler.font = isVoice ? `${weight} ${size}px ${token("--font-voice")}` : textFont(size, weight);
  return ruler.measureText(words).width;
}

/**
 * A title cut between two letters so that it holds in a width.
 * @param {string} words
 * @param {number} width
 * @param {number} size
 * @param {number} weight
 */
export function cutToFit(words, width, size, weight) {
  if (widthOf(words, size, weight, true) <= width) return words;
  const letters = [...words];
  while (letters.length > 1 && widthOf(`${letters.join("").trimEnd()}…`, size, weight, true) > width) letters.pop();
  return `${letters.join("").trimEnd()}…`;
}

/**
 * The outline of a disc (ici) or of a diamond of the same area (là-bas).
 * @param {{x: number, y: number, r: number}} mark
 * @param {boolean} isHere
 * @param {number} [extra] pixels around it
 */
export function markPath({ x, y, r }, isHere, extra = 0) {
  const half = (r + extra) * Math.sqrt(Math.PI / 2);
  const own = r + extra;
  return isHere
    ? `M${(x - own).toFixed(1)} ${y.toFixed(1)}a${own} ${own} 0 1 0 ${2 * own} 0a${own} ${own} 0 1 0 ${-2 * own} 0Z`
    : `M${x.toFixed(1)} ${(y - half).toFixed(1)}l${half} ${half}l${-half} ${half}l${-half} ${-half}Z`;
}
