/* What the picture says to those who do not see it, and what the keyboard reaches: three groups, one stop each. */

import { strandsAt } from "./diptych-pointing.js";
import { digits, initiatives } from "./words.js";

/** @typedef {import("./diptych-picture.js").Picture} Picture */
/** @typedef {import("./diptych-picture.js").Subject} Subject */
/** @typedef {import("./diptych-pointing.js").Target} Target */

const MOST_LISTED = 4;

/**
 * @param {Picture} picture
 * @param {Subject} subject
 * @param {(target: Target) => boolean} leads whether a mark opens something
 */
export function describe(picture, { hereName, thereName, data }, leads) {
  const { root, ends, strands } = picture;
  root.setAttribute("aria-label", `${hereName} et ${thereName}, reliés par ${initiatives(data.total)}`);
  for (const { end, mark, note } of ends) {
    const { key, name, isHere, count } = end.node;
    const others = strandsAt(picture, end).map(({ here, there }) => (isHere ? there : here).node.name);
    const precise = note ? ` (${note})` : "";
    const place = `${isHere ? "Ici" : "Là-bas"}, ${name}${precise}`;
    const words = `${place}\u00a0: ${initiatives(count)}, avec ${listed(others)}`;
    makeItem(mark, `end ${key}`, words, leads({ end }));
  }
  for (const { strand, button } of strands) {
    const { here, there, count } = strand;
    const words = `${here.node.name} et ${there.node.name}\u00a0: ${initiatives(count)}`;
    makeItem(button, `strand ${here.node.key} ${there.node.key}`, words, leads({ strand }));
  }
  const places = (/** @type {boolean} */ isHere) => {
    const count = ends.filter(({ end }) => end.node.isHere === isHere).length;
    return `${digits(count)} lieu${count > 1 ? "x" : ""}`;
  };
  const titles = [
    `Ici, ${hereName}\u00a0: ${places(true)}`,
    `${digits(strands.length)} lien${strands.length > 1 ? "s" : ""}`,
    `Là-bas, ${thereName}\u00a0: ${places(false)}`,
  ];
  root.querySelectorAll(":scope > [role=group]").forEach((group, i) => {
    group.setAttribute("aria-label", titles[i]);
    group.querySelector("[role=button]")?.setAttribute("tabindex", "0");
  });
}

/** @param {string[]} names */
function listed(names) {
  if (names.length < 2) return names.join("");
  const rest = names.length - MOST_LISTED;
  if (rest > 1) return `${names.slice(0, MOST_LISTED).join(", ")} et ${digits(rest)} autres`;
  return `${names.slice(0, -1).join(", ")} et ${names.at(-1)}`;
}

/**
 * @param {SVGElement} made
 * @param {string} name
 * @param {string} words
 * @param {boolean} leads
 */
function makeItem(made, name, words, leads) {
  made.dataset.item = name;
  made.setAttribute("role", leads ? "button" : "img");
  made.setAttribute("aria-label", words);
  if (leads) made.setAttribute("tabindex", "-1");
}
