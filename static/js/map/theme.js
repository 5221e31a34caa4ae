/* Colours and fonts of the canvas come from the style sheet: one place for both themes. */

/** @type {Map<string, string>} */
const known = new Map();

/**
 * Value of a custom property of the page, such as "--map-land".
 * @param {string} name
 */
export function token(name) {
  let value = known.get(name);
  if (value === undefined) {
    value = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    known.set(name, value);
  }
  return value;
}

const LOOKS = ["(prefers-color-scheme: dark)", "(prefers-contrast: more)", "(forced-colors: active)"];

/**
 * Calls back when the reader's system changes theme or contrast, after the colours read so far were forgotten.
 * @param {() => void} callback
 */
export function onThemeChange(callback) {
  for (const look of LOOKS) {
    matchMedia(look).addEventListener("change", () => {
      known.clear();
      callback();
    });
  }
}

/** @param {boolean} isHere */
export const sideColour = (isHere) => token(isHere ? "--here" : "--there");
/**
 * @param {number} size in pixels
 * @param {number} weight
 */
export const textFont = (size, weight, style = "normal") => `${style} ${weight} ${size}px ${token("--font-text")}`;

/** Canvas beyond two dots a pixel costs memory that the eye does not see. */
export const pixelRatio = () => Math.min(window.devicePixelRatio || 1, 2);

export const isMotionReduced = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** Where nothing hovers, a tap also sends the moves of a mouse: they are not a wish to see more. */
export const canHover = () => matchMedia("(hover: hover)").matches;
