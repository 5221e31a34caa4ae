/* French words and numbers, and elements made of text only. */

/** « 9 000 »; Intl would do the same after a tenth of a second of a phone. @param {number} number a whole number */
export const digits = (number) => String(number).replace(/\B(?=(\d{3})+$)/g, "\u202f");
/** @param {number} count */
export const initiatives = (count) => `${digits(count)} initiative${count > 1 ? "s" : ""}`;

/**
 * Mainland France is the only zone whose official name nobody says.
 * @param {string} key
 * @param {string} name
 */
export const shownName = (key, name) => (key === "z:FX" ? "France" : name);

/**
 * An element with a class and children; strings become text, never markup.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {string} className
 * @param {(Node|string)[]} children
 */
export function element(tag, className = "", ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children);
  return made;
}

/**
 * A place with the mark of its side.
 * @param {boolean} isHere
 * @param {string} name
 */
export function place(isHere, name) {
  const mark = element("span", isHere ? "mark" : "mark mark--there");
  mark.setAttribute("aria-hidden", "true");
  return element("span", `map-place ${isHere ? "here" : "there"}`, mark, element("bdi", "", name));
}

const LONGEST = 30;

/**
 * A name without the legal form of an intercommunalité, where what is left names it; wording.short of the server.
 * @param {string} name
 */
export const bareName = (name) => name.replace(/^Communauté (d’agglomération|de communes|urbaine) (?=\p{Lu})/u, "");

/**
 * A name short enough for the map, cut between two words.
 * @param {string} name
 */
export function shortName(name) {
  const bare = bareName(name);
  if (bare.length <= LONGEST) return bare;
  return `${bare.slice(0, bare.lastIndexOf(" ", LONGEST) + 1 || LONGEST).trim()}…`;
}

const SVG = "http://www.w3.org/2000/svg";

/** The sign of what can be taken off, as templates/layouts/_marks.html draws it. */
export function cross() {
  const sign = document.createElementNS(SVG, "svg");
  sign.setAttribute("class", "icon");
  sign.setAttribute("viewBox", "0 0 24 24");
  sign.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", "M6 6l12 12M18 6 6 18");
  sign.append(path);
  return sign;
}
