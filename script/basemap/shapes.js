/* Arithmetic of outlines: rings in degrees, (longitude, latitude). */
"use strict";

/** A ring that goes on past ±180° instead of jumping to the other side of a flat map. */
function unwrapRing(ring) {
  let turn = 0;
  return ring.map(([lon, lat], i) => {
    const step = i ? lon - ring[i - 1][0] : 0;
    if (step > 180) turn -= 360;
    else if (step < -180) turn += 360;
    return [lon + turn, lat];
  });
}

const middleLon = (ring) => {
  const lons = ring.map((point) => point[0]);
  return (Math.min(...lons) + Math.max(...lons)) / 2;
};

/** Unwrap a polygon, then bring its outer ring and its holes back to the side where most of it lies. */
function unwrapPolygon(polygon) {
  return polygon.map((ring) => {
    const unwrapped = unwrapRing(ring);
    const middle = middleLon(unwrapped);
    const shift = middle > 180 ? -360 : middle < -180 ? 360 : 0;
    return unwrapped.map(([lon, lat]) => [lon + shift, lat]);
  });
}

/** A polygon moved by whole turns so that it lies within half a turn of a longitude. */
function bringNear(polygon, lon) {
  const turns = Math.round((lon - middleLon(polygon[0])) / 360);
  return turns ? polygon.map((ring) => ring.map(([x, y]) => [x + 360 * turns, y])) : polygon;
}

/** The polygons of a geometry; none for anything else. */
function polygonsOf(geometry) {
  if (geometry?.type === "Polygon") return [geometry.coordinates];
  return geometry?.type === "MultiPolygon" ? geometry.coordinates : [];
}

/** Area of a ring in square degrees of the equator, near enough to compare polygons. */
function areaOf(ring) {
  let total = 0;
  let middle = 0;
  for (let i = 1; i < ring.length; i += 1) {
    total += ring[i - 1][0] * ring[i][1] - ring[i][0] * ring[i - 1][1];
    middle += ring[i][1];
  }
  return (Math.abs(total) / 2) * Math.cos(((middle / (ring.length - 1)) * Math.PI) / 180);
}

/** [west, south, east, north] of polygons. */
function boundsOf(polygons) {
  const bounds = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [ring] of polygons) {
    for (const [x, y] of ring) {
      bounds[0] = Math.min(bounds[0], x);
      bounds[1] = Math.min(bounds[1], y);
      bounds[2] = Math.max(bounds[2], x);
      bounds[3] = Math.max(bounds[3], y);
    }
  }
  return bounds;
}

/** True when a point is in one of the polygons (even-odd rule). */
function holds(polygons, lon, lat) {
  let isInside = false;
  for (const polygon of polygons) {
    for (const ring of polygon) {
      for (let i = 1; i < ring.length; i += 1) {
        const [[x1, y1], [x2, y2]] = [ring[i - 1], ring[i]];
        if (y1 > lat !== y2 > lat && lon < x1 + ((lat - y1) / (y2 - y1)) * (x2 - x1)) isInside = !isInside;
      }
    }
  }
  return isInside;
}

/** Which points of a grid of `size` × `size` over a box are in polygons: 1 or 0, row by row from the south. */
function maskOf(polygons, [west, south, east, north], size) {
  const mask = new Uint8Array(size * size);
  const rows = (lat) => ((lat - south) / (north - south)) * size - 0.5;
  for (const polygon of polygons) {
    const crossings = Array.from({ length: size }, () => []);
    for (const ring of polygon) {
      for (let i = 1; i < ring.length; i += 1) {
        const [[x1, y1], [x2, y2]] = [ring[i - 1], ring[i]];
        const [low, high] = y1 < y2 ? [y1, y2] : [y2, y1];
        for (let row = Math.max(0, Math.ceil(rows(low))); row < Math.min(size, rows(high)); row += 1) {
          const lat = south + ((row + 0.5) * (north - south)) / size;
          if (y1 > lat !== y2 > lat) crossings[row].push(x1 + ((lat - y1) / (y2 - y1)) * (x2 - x1));
        }
      }
    }
    crossings.forEach((found, row) => {
      found.sort((a, b) => a - b);
      for (let i = 0; i + 1 < found.length; i += 2) {
        const columns = (lon) => ((lon - west) / (east - west)) * size - 0.5;
        const last = Math.min(size - 1, Math.floor(columns(found[i + 1])));
        for (let column = Math.max(0, Math.ceil(columns(found[i]))); column <= last; column += 1) {
          mask[row * size + column] = 1;
        }
      }
    });
  }
  return mask;
}

/** Simplify to a share of the points, but keep three points of every closed line: an island never vanishes. */
function simplify(topo, topology, share) {
  const weighted = topo.presimplify(topology, topo.sphericalTriangleArea);
  const threshold = topo.quantile(weighted, share);
  for (const arc of weighted.arcs) {
    const [first, last] = [arc[0], arc[arc.length - 1]];
    if (first[0] !== last[0] || first[1] !== last[1]) continue;
    const inner = arc.slice(1, -1).sort((a, b) => b[2] - a[2]);
    for (const point of inner.slice(0, 3)) point[2] = Infinity;
  }
  return topo.simplify(weighted, threshold);
}

/** Widest stretch of land of a geometry on the parallel of a point, as a share of the width of the world. */
function widthAt(geometry, lat) {
  let widest = 0;
  for (const polygon of polygonsOf(geometry)) {
    const crossings = [];
    for (const ring of polygon) {
      for (let i = 1; i < ring.length; i += 1) {
        const [[x1, y1], [x2, y2]] = [ring[i - 1], ring[i]];
        if (y1 > lat !== y2 > lat) crossings.push(x1 + ((lat - y1) / (y2 - y1)) * (x2 - x1));
      }
    }
    crossings.sort((a, b) => a - b);
    for (let i = 0; i + 1 < crossings.length; i += 2) widest = Math.max(widest, crossings[i + 1] - crossings[i]);
  }
  return widest / 360;
}

const collection = (features) => ({ type: "FeatureCollection", features });
const multiLine = (coordinates, id, properties = {}) => ({
  type: "Feature",
  id,
  properties,
  geometry: { type: "MultiLineString", coordinates },
});

module.exports = {
  areaOf,
  boundsOf,
  bringNear,
  collection,
  holds,
  maskOf,
  middleLon,
  multiLine,
  polygonsOf,
  simplify,
  unwrapPolygon,
  widthAt,
};
