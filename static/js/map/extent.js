/* Where to look to see a selection: nearly all of its links rather than all, when a few far ones would make it tiny. */

import { unwrap, worldX, worldY } from "./mercator.js";

/** @typedef {import("./types.d.ts").FlowAnswer} FlowAnswer */

const FORGONE = 0.1; // share of the links that may be left out of the view: badges tell them
const WORTH = 0.7; // of the size of the whole: leaving links out must show the others at least this much larger

/**
 * The places that a view of an answer holds, in degrees; longitudes may go past 180.
 * @param {FlowAnswer} answer
 * @returns {{lon: number[], lat: number[]}}
 */
export function mostOf({ lon, lat, flows }) {
  const longitudes = lon.length ? unwrap(lon) : [];
  const points = longitudes.map((degrees, i) => ({ x: worldX(degrees), y: worldY(lat[i]), lon: degrees, lat: lat[i] }));
  const links = [];
  for (let i = 0; i < flows.length; i += 3) {
    links.push({ here: points[flows[i]], there: points[flows[i + 1]], count: flows[i + 2] });
  }
  if (!links.length) return { lon: longitudes, lat };
  const kept = withoutFar(links).flatMap(({ here, there }) => [here, there]);
  const chosen = sizeOf(kept) < WORTH * sizeOf(points) ? kept : points;
  return { lon: chosen.map((point) => point.lon), lat: chosen.map((point) => point.lat) };
}

/** @typedef {{x: number, y: number, lon: number, lat: number}} Point */
/** @typedef {{here: Point, there: Point, count: number}} Way */

/**
 * Links without those whose ends are farthest from where the others are, as long as they are few.
 * @param {Way[]} links
 */
function withoutFar(links) {
  const [here, there] = [middleOf(links, "here"), middleOf(links, "there")];
  const away = (/** @type {Way} */ link) =>
    Math.max(
      Math.hypot(link.here.x - here.x, link.here.y - here.y),
      Math.hypot(link.there.x - there.x, link.there.y - there.y),
    );
  const farthest = links.map((link) => ({ link, distance: away(link) })).sort((a, b) => b.distance - a.distance);
  let left = FORGONE * links.reduce((total, { count }) => total + count, 0);
  const from = farthest.findIndex(({ link }) => (left -= link.count) < 0);
  return farthest.slice(Math.max(0, from)).map(({ link }) => link);
}

/**
 * The middle of the ends of a side: half of the links are on each side of it.
 * @param {Way[]} links
 * @param {"here"|"there"} side
 */
function middleOf(links, side) {
  const half = links.reduce((total, { count }) => total + count, 0) / 2;
  const middle = (/** @type {"x"|"y"} */ axis) => {
    let seen = 0;
    const sorted = [...links].sort((a, b) => a[side][axis] - b[side][axis]);
    return (sorted.find(({ count }) => (seen += count) >= half) ?? sorted[0])[side][axis];
  };
  return { x: middle("x"), y: middle("y") };
}

/** @param {Point[]} points */
function sizeOf(points) {
  const span = (/** @type {number[]} */ values) => Math.max(...values) - Math.min(...values);
  return Math.max(span(points.map(({ x }) => x)), span(points.map(({ y }) => y)));
}
