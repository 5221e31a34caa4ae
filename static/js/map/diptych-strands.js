/* The strands of a link: they leave their places, lie side by side under the number, and part again. */

/** @typedef {import("./diptych-ends.js").End} End */
/** @typedef {import("./diptych-fit.js").Layout} Layout */
/** @typedef {import("./diptych-topology.js").Point} Point */
/** @typedef {{here: End, there: End, count: number}} Pair */
/** @typedef {Pair & {width: number, path: string, points: Point[]}} Strand points: along the strand, for the pointer */
/** @typedef {[Point, Point, Point, Point]} Cubic */

const THICKEST = { wide: 62, narrow: 40 }; // pixels of the whole ribbon
const WIDEST = 2.6; // of one initiative among others
const ALONE = 5;
const THINNEST = 1;
const GATHERED = 0.24; // of a panel: how long before its edge the strands are side by side
const SAMPLES = 12; // points of each of the three curves of a strand

/**
 * Widths of strands, in proportion to their counts, and the place of each across the ribbon: by order of its end.
 * @param {Pair[]} pairs
 * @param {{isNarrow: boolean, isStacked: boolean}} options
 * @returns {{widths: number[], here: number[], there: number[]}}
 */
export function ribbonOf(pairs, { isNarrow, isStacked }) {
  const thickest = isNarrow ? THICKEST.narrow : THICKEST.wide;
  const total = pairs.reduce((sum, { count }) => sum + count, 0);
  const unit = Math.min(WIDEST, thickest / Math.max(1, total));
  const widths = pairs.map(({ count }) => (pairs.length === 1 ? ALONE : Math.max(THINNEST, count * unit)));
  const whole = widths.reduce((sum, width) => sum + width, 0);
  const squeeze = Math.min(1, thickest / whole);
  const axis = isStacked ? "x" : "y";
  const across = (/** @type {"here"|"there"} */ side) => {
    const order = pairs.map((_, i) => i).sort((a, b) => pairs[a][side][axis] - pairs[b][side][axis] || a - b);
    /** @type {number[]} */
    const places = [];
    let at = -(whole * squeeze) / 2;
    for (const i of order) {
      places[i] = at + (widths[i] * squeeze) / 2;
      at += widths[i] * squeeze;
    }
    return places;
  };
  return { widths, here: across("here"), there: across("there") };
}

/**
 * @param {Pair[]} pairs
 * @param {Layout} layout
 * @param {boolean} isNarrow
 * @returns {Strand[]}
 */
export function strandsOf(pairs, layout, isNarrow) {
  const ribbon = ribbonOf(pairs, { isNarrow, isStacked: layout.isStacked });
  return pairs.map((pair, i) => {
    const curves = layout.isStacked
      ? down(pair, layout, ribbon.here[i], ribbon.there[i])
      : across(pair, layout, ribbon.here[i], ribbon.there[i]);
    return { ...pair, width: ribbon.widths[i], path: pathOf(curves), points: curves.flatMap(sample) };
  });
}

/** @param {Pair} pair @param {Layout} layout @param {number} from @param {number} to @returns {Cubic[]} */
function across({ here: a, there: b }, { here, there, gutter, middle: [, y] }, from, to) {
  const [x1, x2] = [here.x + here.width, there.x];
  const [near, far] = [reachOf(x1 - a.x, here.width), reachOf(b.x - x2, there.width)];
  return [
    [[a.x, a.y], [(a.x + x1) / 2, a.y], [x1 - near, y + from], [x1, y + from]],
    [[x1, y + from], [x1 + gutter / 2, y + from], [x2 - gutter / 2, y + to], [x2, y + to]],
    [[x2, y + to], [x2 + far, y + to], [(b.x + x2) / 2, b.y], [b.x, b.y]],
  ];
}

/** @param {Pair} pair @param {Layout} layout @param {number} from @param {number} to @returns {Cubic[]} */
function down({ here: a, there: b }, { here, there, gutter, middle: [x] }, from, to) {
  const [y1, y2] = [here.y + here.height, there.y];
  const [near, far] = [reachOf(y1 - a.y, here.height), reachOf(b.y - y2, there.height)];
  return [
    [[a.x, a.y], [a.x, (a.y + y1) / 2], [x + from, y1 - near], [x + from, y1]],
    [[x + from, y1], [x + from, y1 + gutter / 2], [x + to, y2 - gutter / 2], [x + to, y2]],
    [[x + to, y2], [x + to, y2 + far], [b.x, (b.y + y2) / 2], [b.x, b.y]],
  ];
}

/**
 * How far from the edge of a panel a strand turns: never beyond its place.
 * @param {number} distance
 * @param {number} size
 */
const reachOf = (distance, size) => Math.max(0, Math.min(GATHERED * size, 0.6 * distance));

/** @param {Cubic[]} curves */
function pathOf(curves) {
  const text = (/** @type {Point} */ [x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`;
  return curves.reduce((path, [, b, c, d]) => `${path}C${text(b)} ${text(c)} ${text(d)}`, `M${text(curves[0][0])}`);
}

/** @param {Cubic} curve @returns {Point[]} */
function sample([a, b, c, d]) {
  return Array.from({ length: SAMPLES + 1 }, (_, i) => {
    const t = i / SAMPLES;
    const q = 1 - t;
    const at = (/** @type {0|1} */ axis) =>
      q * q * q * a[axis] + 3 * q * q * t * b[axis] + 3 * q * t * t * c[axis] + t * t * t * d[axis];
    return [at(0), at(1)];
  });
}

/**
 * Distance from a point to a strand.
 * @param {Strand} strand
 * @param {Point} point
 */
export function distanceTo({ points }, [x, y]) {
  let nearest = Infinity;
  for (let i = 1; i < points.length; i += 1) {
    const [[ax, ay], [bx, by]] = [points[i - 1], points[i]];
    const [dx, dy] = [bx - ax, by - ay];
    const length = dx * dx + dy * dy;
    const along = length ? Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / length)) : 0;
    nearest = Math.min(nearest, Math.hypot(ax + along * dx - x, ay + along * dy - y));
  }
  return nearest;
}
