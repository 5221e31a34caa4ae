/* How far and which way, in French words. */

const EARTH = 6371; // kilometres
const WAYS = ["le nord", "le nord-est", "l’est", "le sud-est", "le sud", "le sud-ouest", "l’ouest", "le nord-ouest"];
const NUMBERS = new Intl.NumberFormat("fr-FR", { maximumSignificantDigits: 2 });
const DEGREES = new Intl.NumberFormat("fr-FR", { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** @typedef {import("./types.d.ts").Position} Position */

/** @param {number} degrees */
const radians = (degrees) => (degrees * Math.PI) / 180;

/**
 * @param {Position} from
 * @param {Position} to
 */
export function distanceKm(from, to) {
  const [lat1, lat2] = [radians(from.lat), radians(to.lat)];
  const [dLat, dLon] = [lat2 - lat1, radians(to.lon - from.lon)];
  const a = Math.sin(dLat / 2) ** 2 + Math.cos(lat1) * Math.cos(lat2) * Math.sin(dLon / 2) ** 2;
  return 2 * EARTH * Math.asin(Math.min(1, Math.sqrt(a)));
}

/**
 * « l’ouest »; the eight winds.
 * @param {Position} from
 * @param {Position} to
 */
export function way(from, to) {
  const [lat1, lat2, dLon] = [radians(from.lat), radians(to.lat), radians(to.lon - from.lon)];
  const y = Math.sin(dLon) * Math.cos(lat2);
  const x = Math.cos(lat1) * Math.sin(lat2) - Math.sin(lat1) * Math.cos(lat2) * Math.cos(dLon);
  return WAYS[Math.round((Math.atan2(y, x) * 4) / Math.PI + 8) % 8];
}

/** « 300 m », « 3 km », « 1 200 km ». @param {number} km */
export function distance(km) {
  return km < 0.95 ? `${Math.max(10, Math.round(km * 100) * 10)} m` : `${NUMBERS.format(km)} km`;
}

/** « 48,58° nord, 3,83° ouest ». @param {Position} place */
export function position({ lat, lon }) {
  return `${DEGREES.format(Math.abs(lat))}° ${lat < 0 ? "sud" : "nord"}, ${DEGREES.format(Math.abs(lon))}° ${lon < 0 ? "ouest" : "est"}`;
}
