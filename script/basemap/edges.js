/* The edge of a country, told apart: coasts, boundaries, contested boundaries. */
"use strict";

const { boundsOf } = require("./shapes.js");

const BESIDE = 0.1; // degrees between two drawings of one boundary, in sources of different fineness

/** Tells whether a point keeps close to one of the lines, which are sought in a box only. */
function beside(lines, [west, south, east, north]) {
  const segments = [];
  for (const line of lines) {
    for (let i = 1; i < line.length; i += 1) {
      const [[x1, y1], [x2, y2]] = [line[i - 1], line[i]];
      const isNear = Math.max(x1, x2) > west - 1 && Math.min(x1, x2) < east + 1;
      if (isNear && Math.max(y1, y2) > south - 1 && Math.min(y1, y2) < north + 1) segments.push([x1, y1, x2, y2]);
    }
  }
  return (x, y) =>
    segments.some(([x1, y1, x2, y2]) => {
      const length = (x2 - x1) ** 2 + (y2 - y1) ** 2;
      const along = length ? Math.max(0, Math.min(1, ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / length)) : 0;
      return Math.hypot(x - x1 - along * (x2 - x1), y - y1 - along * (y2 - y1)) < BESIDE;
    });
}

/** The edges of polygons: { coasts, borders, disputed }, lists of lines. `known` holds all boundaries of lands. */
function edgesOf(polygons, known) {
  const bounds = boundsOf(polygons);
  const isDisputed = beside(known.disputed, bounds);
  const isBorder = beside(known.borders, bounds);
  const edges = { coasts: [], borders: [], disputed: [] };
  for (const points of polygons.flat()) {
    let last = null;
    for (let i = 1; i < points.length; i += 1) {
      const [a, b] = [points[i - 1], points[i]];
      const [x, y] = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
      const kind = isDisputed(x, y) ? "disputed" : isBorder(x, y) ? "borders" : "coasts";
      if (kind !== last) edges[kind].push([a]);
      edges[kind].at(-1).push(b);
      last = kind;
    }
  }
  return edges;
}

module.exports = { edgesOf };
