/* The ground of a panel: sea, lands, the territory of the side, boundaries; contested ones are dashed. */

import { areaPath, boxOfLine, linePath } from "./diptych-outlines.js";
import { svg } from "./diptych-svg.js";

/** @typedef {import("./diptych-outlines.js").Window} Window */
/** @typedef {import("./diptych-topology.js").Line} Line */
/** @typedef {import("./diptych-topology.js").Shape} Shape */
/** @typedef {import("./diptych-territories.js").Files} Files */
/**
 * @typedef {object} Ground
 * @property {boolean} isHere
 * @property {string} country two letters, of the country there
 * @property {Shape[]} territory what the side is about
 * @property {number} degree pixels of a degree of longitude
 */

/** Pixels of a degree from which inner boundaries are drawn: on a smaller map they would be a net. */
export const INNER_FROM = { here: 32, there: 12 };

const FINER_FROM = 26; // pixels of a degree: closer, the outlines of the world are too coarse for what is around
const MOST_AROUND = 5; // countries

/**
 * The countries whose finer outline a panel would show, nearest to its middle first.
 * @param {Window} panel
 * @param {number} degree pixels of a degree of longitude
 * @param {Files} files
 * @returns {string[]}
 */
export function countriesAround({ bounds }, degree, { world }) {
  if (degree <= FINER_FROM || !world) return [];
  const [lon, lat] = [(bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2];
  /** @type {Map<string, number>} */
  const near = new Map();
  for (const { properties, rings } of world.shapes("countries")) {
    for (const ring of rings) {
      const [west, south, east, north] = boxOfLine(ring);
      const turn = 360 * Math.round((lon - (west + east) / 2) / 360);
      if (west + turn > bounds[2] || east + turn < bounds[0] || south > bounds[3] || north < bounds[1]) continue;
      const away = Math.hypot(
        Math.max(0, west + turn - lon, lon - east - turn),
        Math.max(0, south - lat, lat - north),
      );
      near.set(String(properties.id), Math.min(near.get(String(properties.id)) ?? Infinity, away));
    }
  }
  return [...near].sort((a, b) => a[1] - b[1]).slice(0, MOST_AROUND).map(([id]) => id);
}

/** @param {Shape[]} shapes */
export const ringsOf = (shapes) => shapes.flatMap((shape) => shape.rings);

/**
 * @param {Element} parent
 * @param {Window} panel
 * @param {Files} files
 * @param {Ground} ground
 */
export function drawGround(parent, panel, files, ground) {
  const area = (/** @type {string} */ name, /** @type {Line[]} */ rings) => add(parent, name, areaPath(rings, panel));
  const line = (/** @type {string} */ name, /** @type {Line[]} */ lines) => add(parent, name, linePath(lines, panel));
  const { world, france, country } = files;
  const own = ground.isHere ? null : country;
  /** @type {Files["around"]} */
  const around = ground.degree > FINER_FROM ? files.around : new Map();
  const worldShapes = world?.shapes("countries") ?? [];
  const ofCountry = worldShapes.filter(({ properties }) => properties.id === ground.country);
  const ownShapes = own ? ofCountry : [];
  const finer = worldShapes.filter(({ properties }) => around.has(String(properties.id)));
  const redrawn = new Set([...ownShapes, ...finer]);
  const ownArcs = new Set([...redrawn].flatMap(({ arcs }) => [...arcs]));
  area("land", ringsOf(worldShapes.filter((shape) => !redrawn.has(shape))));
  if (world) {
    // Files of different fineness do not meet: what lies between them along a boundary is land.
    line("seam", [...world.lines("borders"), ...world.lines("seam"), ...world.lines("disputed")]);
    line("coast", world.lines("coasts", (arc) => ownArcs.has(arc)));
    line("border", world.lines("borders", (arc) => ownArcs.has(arc)));
  }
  for (const one of around.values()) area("land", ringsOf(one.shapes("outline")));
  for (const one of around.values()) {
    const [borders, contested, spikes] = [one.arcsOf("borders"), one.arcsOf("disputed"), one.spikesOf("outline")];
    const isOut = (/** @type {number} */ arc) => contested.has(arc) || spikes.has(arc);
    line("coast", one.lines("outline", (arc) => isOut(arc) || borders.has(arc)));
    line("border", one.lines("outline", (arc) => isOut(arc) || !borders.has(arc)));
    line("disputed", one.lines("disputed"));
  }
  if (france) area(ground.isHere ? "own" : "land", ringsOf(france.shapes("regions")));
  if (own) area("own", ringsOf(own.shapes("outline")));
  else if (!ground.isHere) area("own", ringsOf(ofCountry));
  area(ground.isHere ? "territory here" : "territory there", ringsOf(ground.territory));
  if (france && ground.isHere && ground.degree > INNER_FROM.here) line("inner", ringsOf(france.shapes("departements")));
  if (own && ground.degree > INNER_FROM.there) line("inner", own.lines("divisions"));
  if (france) line("outer", ringsOf(france.shapes("regions")));
  if (own) {
    const [contested, spikes] = [own.arcsOf("disputed"), own.spikesOf("outline")];
    line("outer", own.lines("outline", (arc) => contested.has(arc) || spikes.has(arc)));
  }
  // The finer file says its own contested boundaries: drawn twice, they would not quite meet.
  line("disputed", [...(world?.lines("disputed", (arc) => ownArcs.has(arc)) ?? []), ...(own?.lines("disputed") ?? [])]);
}

/** @param {Element} parent @param {string} name @param {string} path */
function add(parent, name, path) {
  if (path) svg("path", { d: path, class: `diptych-${name}` }, parent);
}
