// @ts-nocheck
/* Colours and fonts of the canvas come from the style sheet: one place for both themes. */

const known = new Map();

/** Value of a custom property of the page, such as "--map-land". */
export function token(name) {
  if (!known.has(name)) {
    known.set(name, getComputedStyle(document.documentElement).getPropertyValue(name).trim());
  }
  return known.get(name);
}

const LOOKS = ["(prefers-color-scheme: dark)", "(prefers-contrast: more)", "(forced-colors: active)"];

/** Calls back when the reader's system changes theme or contrast, after the colours read so far were forgotten. */
export function onThemeChange(callback) {
  for (const look of LOOKS) {
    matchMedia(look).addEventListener("change", () => {
      known.clear();
      callback();
    });
  }
}

export const sideColour = (isHere) => token(isHere ? "--here" : "--there");
export const textFont = (size, weight, style = "normal") => `${style} ${weight} ${size}px ${token("--font-text")}`;

/** Canvas beyond two dots a pixel costs memory that the eye does not see. */
export const pixelRatio = () => Math.min(window.devicePixelRatio || 1, 2);

export const isMotionReduced = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** Where nothing hovers, a tap also sends the moves of a mouse: they are not a wish to see more. */
export const canHover = () => matchMedia("(hover: hover)").matches;
