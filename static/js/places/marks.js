/* The disc (ici) and the diamond (là-bas) of one place, as elements: a canvas could be neither focused nor dragged. */

import { element } from "../map/words.js";

const TARGET = 44; // pixels that a finger needs

/**
 * A Leaflet icon; the middle of a territory wears a dotted ring, a point chosen by hand does not.
 * @param {{side: import("./types.d.ts").Side, mark?: string, precision: string}} place
 * @param {string} extra
 */
export function mark({ side, mark: number, precision }, extra = "") {
  const shape = element("span", `places-mark__shape${number ? " places-mark__shape--numbered" : ""}`);
  const inside = number ? element("span", "places-mark__number", number) : "";
  const classes = ["places-mark", `places-mark--${side}`, extra];
  if (precision !== "point") classes.push("places-mark--wide");
  return L.divIcon({
    className: classes.filter(Boolean).join(" "),
    html: element("span", "places-mark__body", shape, inside),
    iconSize: [TARGET, TARGET],
  });
}

/**
 * Pixels from the middle of a mark to its farthest ink, for the names beside it.
 * @param {import("./types.d.ts").Place} place
 */
export function reachOf({ mark: number, precision, isPin }) {
  if (isPin) return 24; // room for the ring of the focus
  return precision !== "point" ? 17 : number ? 15 : 10;
}
