/* Which shapes of the base map a territory key means. */

import { union } from "./diptych-fit.js";
import { boxOfLine } from "./diptych-outlines.js";

/** @typedef {import("./diptych-topology.js").Shape} Shape */
/** @typedef {import("./diptych-topology.js").Line} Line */
/** @typedef {import("./diptych-topology.js").Topology} Topology */
/** @typedef {import("./types.d.ts").Box} Box */
/**
 * @typedef {object} Files
 * @property {Topology|null} world
 * @property {Topology|null} france
 * @property {Topology|null} country the country there
 * @property {Map<string, Topology>} around finer files of the countries around, by their two letters
 */

const ASIDE = 0.35; // of the main land: further islands are not framed
const NEAR = 0.8; // degrees that are near whatever the size of the main land
const BESIDE = 0.25; // degrees round the box of a land: a port is off the outline
const OVERSEAS = ["01", "02", "03", "04", "06"]; // regions that are not in the mainland
/** Overseas territories without département, by the first digits of their communes: ids of the map of the world. */
const COLLECTIVITIES = { 975: "PM", 977: "BL", 978: "MF", 986: "WF", 987: "PF", 988: "NC" };

/**
 * The code of the département of a commune: « 29232 » is in « 29 », « 97411 » in « 974 ».
 * @param {string} commune
 */
export const departementOf = (commune) => commune.slice(0, commune.startsWith("97") || commune.startsWith("98") ? 3 : 2);

/**
 * The country of a key of the side there that says it: « p:SN », « a:SN.01 ».
 * @param {string} key
 */
export const countryOf = (key) => (key[0] === "p" || key[0] === "a" ? key.slice(2, 4) : "");

/**
 * The shapes of a territory, none when the base map does not know it.
 * @param {string} key
 * @param {Files} files
 * @returns {Shape[]}
 */
export function shapesOf(key, files) {
  const { world, france, country } = files;
  const [letter, code] = [key[0], key.slice(2)];
  const pick = (/** @type {Topology|null} */ file, /** @type {string} */ name, /** @type {string} */ property) =>
    file?.shapes(name).filter(({ properties }) => properties[property] === code) ?? [];
  if (letter === "p") return wholeOr(country, pick(world, "countries", "id"));
  if (letter === "a") return byKey(country, key);
  if (letter === "c") return shapesOf(`d:${departementOf(code)}`, files);
  if (letter === "d") return orCollectivity(pick(france, "departements", "code"), code, world);
  if (letter === "r") return orCollectivity(pick(france, "regions", "code"), code, world);
  if (letter !== "z") return [];
  if (code !== "FX") return orCollectivity(pick(france, "regions", "code"), code, world);
  return france?.shapes("regions").filter(({ properties }) => !OVERSEAS.includes(String(properties.code))) ?? [];
}

/** @param {Topology|null} country @param {Shape[]} coarse */
const wholeOr = (country, coarse) => {
  const outline = country?.shapes("outline") ?? [];
  return outline.length ? outline : coarse;
};

/** @param {Topology|null} country @param {string} key */
const byKey = (country, key) => country?.shapes("divisions").filter(({ properties }) => properties.key === key) ?? [];

/**
 * The division of a country that holds a point, none when its file does not say.
 * @param {{lon: number, lat: number}} place
 * @param {Topology|null} country
 * @returns {Shape[]}
 */
export function divisionAround(place, country) {
  const holds = (/** @type {Shape} */ { rings }) => rings.filter((ring) => isInRing(place, ring)).length % 2 === 1;
  return country?.shapes("divisions").filter(holds) ?? [];
}

/**
 * Whether a line drawn eastward from a point crosses a ring an odd number of times.
 * @param {{lon: number, lat: number}} place
 * @param {Line} ring
 */
function isInRing({ lon, lat }, ring) {
  let isIn = false;
  ring.forEach(([x, y], i) => {
    const [fromX, fromY] = ring.at(i - 1) ?? [x, y];
    if (y > lat !== fromY > lat && lon < x + ((fromX - x) * (lat - y)) / (fromY - y)) isIn = !isIn;
  });
  return isIn;
}

/** @param {Shape[]} found @param {string} code @param {Topology|null} world */
function orCollectivity(found, code, world) {
  if (found.length) return found;
  const id = COLLECTIVITIES[/** @type {keyof typeof COLLECTIVITIES} */ (/** @type {unknown} */ (code))] ?? code;
  return world?.shapes("countries").filter(({ properties }) => properties.id === id) ?? [];
}

/**
 * Whether a place is in a territory: as its key says, else by the boxes of the lands of the territory.
 * @param {{key: string, lon: number, lat: number}} place
 * @param {string} key
 * @param {Files} files
 */
export function isWithin(place, key, files) {
  const letter = key[0];
  if (place.key === key) return true;
  if ("cv".includes(letter)) return false;
  const parents = parentsOf(place.key, files.france);
  if (parents.length) return parents.includes(key) || (letter === "e" && "c" === place.key[0]);
  if ("zrdpa".includes(place.key[0])) return false;
  const rings = shapesOf(key, files).flatMap((shape) => shape.rings);
  return !rings.length || rings.some((ring) => isNearBox(place, boxOfLine(ring)));
}

/**
 * The territories that hold another one, as far as its key says; none for what it does not.
 * @param {string} key
 * @param {Topology|null} france
 */
function parentsOf(key, france) {
  const [letter, code] = [key[0], key.slice(2)];
  if (letter === "a") return [`p:${countryOf(key)}`];
  if (letter !== "c" && letter !== "d" && letter !== "r") return [];
  const departement = letter === "c" ? departementOf(code) : letter === "d" ? code : "";
  const known = france?.shapes("departements").find(({ properties }) => properties.code === departement);
  const region = letter === "r" ? code : known ? String(known.properties.region) : "";
  const zone = COLLECTIVITIES[/** @type {keyof typeof COLLECTIVITIES} */ (/** @type {unknown} */ (departement))];
  if (zone) return [`d:${departement}`, `z:${zone}`];
  if (!region) return [];
  return [`d:${departement}`, `r:${region}`, `z:${OVERSEAS.includes(region) ? region : "FX"}`];
}

/** @param {{lon: number, lat: number}} place @param {Box} box */
function isNearBox({ lon, lat }, [west, south, east, north]) {
  const near = lon + 360 * Math.round(((west + east) / 2 - lon) / 360);
  return near > west - BESIDE && near < east + BESIDE && lat > south - BESIDE && lat < north + BESIDE;
}

/**
 * The box of the main land of a territory with what is near it: far islands do not make it small.
 * @param {Line[]} rings
 * @returns {Box|null}
 */
export function mainBox(rings) {
  const boxes = rings.map((ring) => boxOfLine(ring));
  const areaOf = (/** @type {Box} */ box) => (box[2] - box[0]) * (box[3] - box[1]);
  boxes.sort((a, b) => areaOf(b) - areaOf(a));
  let main = boxes[0];
  if (!main) return null;
  const wide = Math.max(NEAR, (main[2] - main[0]) * ASIDE);
  const high = Math.max(NEAR, (main[3] - main[1]) * ASIDE);
  for (let left = boxes.slice(1), isGrowing = true; isGrowing; ) {
    const near = left.filter(
      (box) => box[0] < main[2] + wide && box[2] > main[0] - wide && box[1] < main[3] + high && box[3] > main[1] - high,
    );
    left = left.filter((box) => !near.includes(box));
    main = near.reduce(union, main);
    isGrowing = near.length > 0;
  }
  return main;
}
