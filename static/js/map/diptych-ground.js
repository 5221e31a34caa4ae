/* The ground of a panel: sea, lands, the territory of the side, boundaries; contested ones are dashed. */

import { areaPath, awayFrom, linePath } from "./diptych-outlines.js";
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
const CONTESTED = 0.14; // degrees between two drawings of one boundary

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
  const worldShapes = world?.shapes("countries") ?? [];
  const ownShapes = own ? worldShapes.filter(({ properties }) => properties.id === ground.country) : [];
  const ownArcs = new Set(ownShapes.flatMap(({ arcs }) => [...arcs]));
  const others = ownShapes.length ? worldShapes.filter((shape) => !ownShapes.includes(shape)) : worldShapes;
  area("land", ringsOf(others));
  if (world) {
    // Files of different fineness do not meet: what lies between them along a boundary is land.
    line("seam", [...world.lines("borders"), ...world.lines("seam"), ...world.lines("disputed")]);
    line("coast", world.lines("coasts", (arc) => ownArcs.has(arc)));
    line("border", world.lines("borders", (arc) => ownArcs.has(arc)));
  }
  if (france) area(ground.isHere ? "own" : "land", ringsOf(france.shapes("regions")));
  if (own) area("own", ringsOf(own.shapes("outline")));
  else if (!ground.isHere) area("own", ringsOf(worldShapes.filter(({ properties }) => properties.id === ground.country)));
  area(ground.isHere ? "territory here" : "territory there", ringsOf(ground.territory));
  if (france && ground.isHere && ground.degree > INNER_FROM.here) line("inner", ringsOf(france.shapes("departements")));
  if (own && ground.degree > INNER_FROM.there) line("inner", ringsOf(own.shapes("divisions")));
  if (france) line("outer", ringsOf(france.shapes("regions")));
  const dashed = world?.lines("disputed") ?? [];
  if (own) line("outer", outlineOf(own, dashed, isContested(ownArcs, world)));
  line("disputed", dashed);
}

/** @param {Set<number>} arcs @param {import("./diptych-topology.js").Topology|null} world */
const isContested = (arcs, world) => [...(world?.arcsOf("disputed") ?? [])].some((arc) => arcs.has(arc));

/** @param {import("./diptych-topology.js").Topology} own @param {Line[]} dashed @param {boolean} isSplit */
function outlineOf(own, dashed, isSplit) {
  const rings = ringsOf(own.shapes("outline"));
  return isSplit ? rings.flatMap((ring) => awayFrom(ring, dashed, CONTESTED)) : rings;
}

/** @param {Element} parent @param {string} name @param {string} path */
function add(parent, name, path) {
  if (path) svg("path", { d: path, class: `diptych-${name}` }, parent);
}
