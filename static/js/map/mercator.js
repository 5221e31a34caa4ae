/* Web Mercator in units of one world: x and y go from 0 to 1, whatever the zoom. */

const MAX_LATITUDE = 85.05;

/** @param {number} lon longitude, in degrees */
export function worldX(lon) {
  return lon / 360 + 0.5;
}

/** @param {number} lat latitude, in degrees; beyond 85.05 the square world ends */
export function worldY(lat) {
  const clamped = Math.max(-MAX_LATITUDE, Math.min(MAX_LATITUDE, lat));
  const sine = Math.sin((clamped * Math.PI) / 180);
  return 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
}

/**
 * How many worlds to add to the second point so that the way from the first is the short one: -1, 0 or 1.
 * @param {number} fromX
 * @param {number} toX
 */
export function shortWay(fromX, toX) {
  if (toX - fromX > 0.5) return -1;
  if (fromX - toX > 0.5) return 1;
  return 0;
}

/**
 * Longitudes moved by whole turns so that each is within half a turn of the first.
 * @param {number[]} longitudes
 */
export function unwrap(longitudes) {
  const [first] = longitudes;
  return longitudes.map((lon) => lon + 360 * shortWay(worldX(first), worldX(lon)));
}

/**
 * A distance along the equator the shorter way round a world.
 * @param {number} dx
 * @param {number} size of one world, in the unit of dx
 */
export const acrossWorld = (dx, size) => dx - size * Math.round(dx / size);
