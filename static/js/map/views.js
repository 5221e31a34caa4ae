/* Where the map looks: quick views, the frame of a selection, and how to get there. */

import { unwrap, worldY } from "./mercator.js";
import { isMotionReduced } from "./theme.js";

/** @typedef {{paddingTopLeft?: L.PointTuple, paddingBottomRight?: L.PointTuple, covered?: number}} Padding */

/**
 * South-west and north-east corners (latitude, longitude); the Pacific is seen across the 180th meridian.
 * @type {Record<string, [L.LatLngTuple, L.LatLngTuple]>}
 */
const QUICK = {
  hexagone: [[41.2, -5.2], [51.2, 9.7]],
  antilles: [[13.8, -63.4], [18.6, -59.6]],
  guyane: [[1.9, -55], [6.1, -51.2]],
  "ocean-indien": [[-26, 40], [-9, 60]],
  pacifique: [[-28, 156], [-6, 214]],
};
/** Latitudes between which nearly everybody lives: in a low window they are what the world is shown by. */
const PEOPLED = { north: 60, south: -35 };
/** @type {Record<"wide"|"narrow", {center: L.LatLngTuple, zoom: number}>} */
const WORLD = { wide: { center: [18, 12], zoom: 2.5 }, narrow: { center: [16, 13], zoom: 2 } };
const FLIGHT = 0.8; // seconds

/**
 * @param {L.Map} map
 * @param {number} covered pixels of its foot that are hidden
 */
export function showWorld(map, covered) {
  const { center, zoom } = worldIn(map, covered);
  if (isMotionReduced() || !isLoaded(map)) map.setView(center, zoom, { animate: false });
  else map.flyTo(center, zoom, { duration: FLIGHT });
}

/**
 * @param {L.Map} map
 * @param {number} covered
 * @returns {{center: L.LatLngTuple, zoom: number}}
 */
function worldIn(map, covered) {
  const { x: width, y: height } = map.getSize();
  const usual = width < 600 ? WORLD.narrow : WORLD.wide;
  const [north, south] = [worldY(PEOPLED.north), worldY(PEOPLED.south)];
  const fitting = Math.floor(4 * Math.log2(Math.max(1, height - covered) / (256 * (south - north)))) / 4;
  if (!(fitting < usual.zoom)) return usual;
  const zoom = Math.max(map.getMinZoom(), fitting);
  const { x, y } = map.project([0, usual.center[1]], zoom);
  const middle = L.point(x, y + 256 * 2 ** zoom * ((north + south) / 2 - 0.5) + covered / 2);
  return { center: [map.unproject(middle, zoom).lat, usual.center[1]], zoom };
}

/** A map that has not been looked at yet has nowhere to fly from. @param {L.Map} map */
const isLoaded = (map) => Boolean(/** @type {L.Map & {_loaded?: boolean}} */ (map)._loaded);

/**
 * @param {L.Map} map
 * @param {string} name one of the quick views; any other is the world
 * @param {Padding} padding
 */
export function showQuickView(map, name, padding) {
  if (QUICK[name]) moveTo(map, QUICK[name], { ...padding });
  else showWorld(map, padding.covered ?? 0);
}

/**
 * Frame all the nodes of an answer, each within half a turn of the first.
 * @param {L.Map} map
 * @param {{lon: number[], lat: number[]}} answer in degrees
 * @param {{padding: Padding, maxZoom: number, isAnimated: boolean}} options
 */
export function frame(map, answer, { padding, maxZoom, isAnimated }) {
  if (!answer.lon.length) return;
  const longitudes = unwrap(answer.lon);
  const corners = answer.lat.map((lat, i) => /** @type {L.LatLngTuple} */ ([lat, longitudes[i]]));
  moveTo(map, corners, { ...padding, maxZoom }, isAnimated);
}

/**
 * @param {L.Map} map
 * @param {L.LatLngTuple[]} bounds
 * @param {L.FitBoundsOptions} options
 */
function moveTo(map, bounds, options, isAnimated = true) {
  if (!isAnimated || isMotionReduced()) map.fitBounds(bounds, { ...options, animate: false });
  else map.flyToBounds(bounds, { ...options, duration: FLIGHT });
}

/**
 * The view of a map as kept in the address: enough digits for a pixel, no more.
 * @param {L.Map} map
 * @returns {import("./types.d.ts").View}
 */
export function viewOf(map) {
  const { lat, lng } = map.getCenter();
  const lon = (((lng + 180) % 360) + 360) % 360 - 180;
  return [map.getZoom(), Number(lat.toFixed(3)), Number(lon.toFixed(3))];
}
