// @ts-nocheck
/* Where the map looks: quick views, the frame of a selection, and how to get there. */

import { unwrap } from "./mercator.js";
import { isMotionReduced } from "./theme.js";

/* South-west and north-east corners (latitude, longitude); the Pacific is seen across the 180th meridian. */
const QUICK = {
  hexagone: [[41.2, -5.2], [51.2, 9.7]],
  antilles: [[13.8, -63.4], [18.6, -59.6]],
  guyane: [[1.9, -55], [6.1, -51.2]],
  "ocean-indien": [[-26, 40], [-9, 60]],
  pacifique: [[-28, 156], [-6, 214]],
};
const WORLD = { wide: { center: [18, 12], zoom: 2.5 }, narrow: { center: [16, 13], zoom: 2 } };
const FLIGHT = 0.8; // seconds

export function showWorld(map) {
  const { center, zoom } = map.getSize().x < 600 ? WORLD.narrow : WORLD.wide;
  if (isMotionReduced() || !map._loaded) map.setView(center, zoom, { animate: false });
  else map.flyTo(center, zoom, { duration: FLIGHT });
}

export function showQuickView(map, name, padding) {
  if (QUICK[name]) moveTo(map, QUICK[name], { ...padding });
  else showWorld(map);
}

/** Frame all the nodes of an answer, each within half a turn of the first. */
export function frame(map, answer, { padding, maxZoom, isAnimated }) {
  if (!answer.lon.length) return;
  const longitudes = unwrap(answer.lon);
  const corners = answer.lat.map((lat, i) => [lat, longitudes[i]]);
  moveTo(map, corners, { ...padding, maxZoom }, isAnimated);
}

function moveTo(map, bounds, options, isAnimated = true) {
  if (!isAnimated || isMotionReduced()) map.fitBounds(bounds, { ...options, animate: false });
  else map.flyToBounds(bounds, { ...options, duration: FLIGHT });
}

/** The view of a map as kept in the address: enough digits for a pixel, no more. */
export function viewOf(map) {
  const { lat, lng } = map.getCenter();
  const lon = (((lng + 180) % 360) + 360) % 360 - 180;
  return [map.getZoom(), Number(lat.toFixed(3)), Number(lon.toFixed(3))];
}
