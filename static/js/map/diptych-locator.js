/* A small world that tells where the two maps are. */

import { areaPath, boxOfLine } from "./diptych-outlines.js";
import { ringsOf } from "./diptych-ground.js";
import { markPath, svg } from "./diptych-svg.js";
import { shortWay, worldX, worldY } from "./mercator.js";

/** @typedef {import("./diptych-topology.js").Point} Point */
/** @typedef {import("./diptych-territories.js").Files} Files */

const SIZE = { width: 96, height: 44 };
const NORTH = 74;
const SOUTH = -52;
const LEAST = 2.4; // degrees: smaller lands are less than a pixel

/**
 * The world in a box, turned so that the two places are apart by the short way.
 * @param {Point} here longitude and latitude
 * @param {Point} there
 */
export function worldWindow([hereLon], [thereLon]) {
  const way = 360 * shortWay(worldX(hereLon), worldX(thereLon));
  const middle = way ? (hereLon + thereLon + way) / 2 : 10;
  const [top, bottom] = [worldY(NORTH), worldY(SOUTH)];
  /** @type {(lon: number, lat: number) => Point} */
  const project = (lon, lat) => [
    (worldX(lon - middle)) * SIZE.width,
    ((worldY(lat) - top) / (bottom - top)) * SIZE.height,
  ];
  return {
    project,
    way,
    bounds: /** @type {import("./types.d.ts").Box} */ ([middle - 180, SOUTH, middle + 180, NORTH]),
    clip: /** @type {import("./types.d.ts").PixelBox} */ ([-4, -4, SIZE.width + 4, SIZE.height + 4]),
  };
}

/**
 * @param {Files} files
 * @param {Point} here
 * @param {Point} there
 */
export function drawLocator({ world, france }, here, there) {
  const panel = worldWindow(here, there);
  const viewBox = `0 0 ${SIZE.width} ${SIZE.height}`;
  const picture = svg("svg", { viewBox, class: "diptych-locator", "aria-hidden": "true" });
  svg("rect", { width: SIZE.width, height: SIZE.height, class: "diptych-sea" }, picture);
  const lands = [...ringsOf(world?.shapes("countries") ?? []), ...ringsOf(france?.shapes("regions") ?? [])];
  const large = lands.filter((ring) => boxOfLine(ring)[3] - boxOfLine(ring)[1] > LEAST);
  const land = areaPath(large, panel);
  if (land) svg("path", { d: land, class: "diptych-far" }, picture);
  const [ax, ay] = panel.project(...here);
  const [bx, by] = panel.project(there[0] + panel.way, there[1]);
  const bend = -0.2 * Math.abs(bx - ax) - 3;
  svg("path", { d: `M${ax} ${ay}Q${(ax + bx) / 2} ${(ay + by) / 2 + bend} ${bx} ${by}`, class: "diptych-way" }, picture);
  svg("path", { d: markPath({ x: ax, y: ay, r: 3.4 }, true), class: "diptych-mark here" }, picture);
  svg("path", { d: markPath({ x: bx, y: by, r: 3.4 }, false), class: "diptych-mark there" }, picture);
  return picture;
}
