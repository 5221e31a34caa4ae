/*
 * Ribbons between symbols. Those that leave one symbol in nearly the same direction form a bundle: their strands lie
 * side by side at the root, sorted by direction so that they do not cross there, then part. Widths add up truthfully.
 */

/** @typedef {import("./types.d.ts").Curve} Curve */
/** @typedef {{x: number, y: number, symbol?: object}} Point an end; those of one `symbol` leave it together */
/** @typedef {{here: Point, there: Point, count: number, width: number}} Strand */
/** @typedef {{strand: Strand, end: Point, angle: number, distance: number}} Way a strand as it is seen from its root */

const BUNDLE_STEP = 0.3; // radians between two neighbours of a bundle
const BUNDLE_SPAN = 0.62; // radians from the first to the last
const BEND = 0.36; // how much a ribbon rises towards the pole, as a long road does
const FAN = 0.16; // and how much it opens outwards, so that even a link due south is an arc
const TRUNK = 0.62; // how far a bundle stays together, as a share of its nearest end
const SAMPLES = 24;

/**
 * Give each strand its `curve`, starting at its root, and `startsHere`. The root is the side with fewer symbols, whose
 * bundles are the thickest. The strands given come back, in their order.
 * @template {Strand} S
 * @param {S[]} strands
 * @returns {(S & {curve: Curve, startsHere: boolean})[]}
 */
export function bundleRibbons(strands) {
  const rootSide = rootOf(strands);
  /** @type {Map<object, {root: Point, ways: Way[]}>} */
  const byRoot = new Map();
  for (const strand of strands) {
    const root = strand[rootSide];
    const end = rootSide === "here" ? strand.there : strand.here;
    const [dx, dy] = [end.x - root.x, end.y - root.y];
    const way = { strand, end, angle: Math.atan2(dy, dx), distance: Math.hypot(dx, dy) || 1 };
    Object.assign(strand, { startsHere: rootSide === "here" });
    const known = byRoot.get(root.symbol ?? root);
    if (known) known.ways.push(way);
    else byRoot.set(root.symbol ?? root, { root, ways: [way] });
  }
  for (const { root, ways } of byRoot.values()) {
    for (const bundle of intoBundles(startAfterWidestGap(ways))) drawBundle(root, bundle);
  }
  return /** @type {(S & {curve: Curve, startsHere: boolean})[]} */ (strands);
}

/**
 * @param {Strand[]} strands
 * @returns {"here"|"there"}
 */
function rootOf(strands) {
  const here = new Set(strands.map((strand) => strand.here.symbol ?? strand.here));
  const there = new Set(strands.map((strand) => strand.there.symbol ?? strand.there));
  return there.size < here.size ? "there" : "here";
}

/**
 * Ways sorted by direction, the first after the widest empty angle, angles growing past a full turn if needed.
 * @param {Way[]} ways
 */
function startAfterWidestGap(ways) {
  const sorted = [...ways].sort((a, b) => a.angle - b.angle);
  let start = 0;
  let widest = 0;
  sorted.forEach((way, i) => {
    const before = sorted[(i + sorted.length - 1) % sorted.length];
    const gap = way.angle - before.angle + (i ? 0 : 2 * Math.PI);
    if (gap > widest) [widest, start] = [gap, i];
  });
  const turned = [...sorted.slice(start), ...sorted.slice(0, start)];
  let last = turned[0].angle;
  for (const way of turned) {
    while (way.angle < last) way.angle += 2 * Math.PI;
    last = way.angle;
  }
  return turned;
}

/** @param {Way[]} ways sorted by direction */
function intoBundles(ways) {
  /** @type {Way[][]} */
  const bundles = [];
  for (const way of ways) {
    const bundle = bundles.at(-1);
    const last = bundle?.at(-1);
    const fits = bundle && last && way.angle - last.angle < BUNDLE_STEP && way.angle - bundle[0].angle < BUNDLE_SPAN;
    if (fits) bundle.push(way);
    else bundles.push([way]);
  }
  return bundles;
}

/**
 * @param {Point} root
 * @param {Way[]} ways one bundle
 */
function drawBundle(root, ways) {
  const width = sum(ways, ({ strand }) => strand.width);
  const angle = sum(ways, ({ angle: own, strand }) => own * strand.count) / sum(ways, ({ strand }) => strand.count);
  const nearest = Math.min(...ways.map(({ distance }) => distance));
  const [ux, uy] = [Math.cos(angle), Math.sin(angle)];
  const bend = -BEND * ux - (ux < 0 ? -FAN : FAN) * Math.sign(uy || 1);
  const [rootX, rootY] = [ux - uy * bend, uy + ux * bend];
  let side = -width / 2;
  for (const { strand, end, distance } of ways) {
    const offset = side + strand.width / 2;
    side += strand.width;
    const trunk = ways.length > 1 ? Math.max(TRUNK * nearest, 0.3 * distance) : 0.4 * distance;
    const [x0, y0] = [root.x - uy * offset, root.y + ux * offset];
    const [x1, y1] = [x0 + rootX * trunk, y0 + rootY * trunk];
    const [x3, y3] = [end.x, end.y];
    const [x2, y2] = [x3 - (x3 - x1) * 0.42, y3 - (y3 - y1) * 0.42];
    Object.assign(strand, { curve: { x0, y0, x1, y1, x2, y2, x3, y3 } });
  }
}

/**
 * @template T
 * @param {T[]} items
 * @param {(item: T) => number} of
 */
const sum = (items, of) => items.reduce((total, item) => total + of(item), 0);

/**
 * Point of a cubic at t, from 0 to 1.
 * @param {Curve} c
 * @param {number} t
 * @returns {[number, number]}
 */
export function pointAt(c, t) {
  const q = 1 - t;
  const [a, b, d, e] = [q * q * q, 3 * q * q * t, 3 * q * t * t, t * t * t];
  return [a * c.x0 + b * c.x1 + d * c.x2 + e * c.x3, a * c.y0 + b * c.y1 + d * c.y2 + e * c.y3];
}

/** @type {WeakMap<Curve, Float64Array>} points of the curves that were met by the pointer, x then y */
const lines = new WeakMap();

/** @param {Curve} curve */
function lineOf(curve) {
  let line = lines.get(curve);
  if (line) return line;
  line = new Float64Array(2 * SAMPLES + 2);
  for (let i = 0; i <= SAMPLES; i += 1) line.set(pointAt(curve, i / SAMPLES), 2 * i);
  lines.set(curve, line);
  return line;
}

/**
 * Distance from a point to a cubic, in pixels.
 * @param {Curve} curve
 * @param {number} x
 * @param {number} y
 */
export function distanceTo(curve, x, y) {
  const line = lineOf(curve);
  let nearest = Infinity;
  for (let i = 0; i < line.length - 2; i += 2) {
    const [ax, ay] = [line[i], line[i + 1]];
    const [dx, dy] = [line[i + 2] - ax, line[i + 3] - ay];
    const length = dx * dx + dy * dy;
    const along = length ? Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / length)) : 0;
    const [ox, oy] = [ax + along * dx - x, ay + along * dy - y];
    nearest = Math.min(nearest, ox * ox + oy * oy);
  }
  return Math.sqrt(nearest);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Curve} curve
 */
export function traceCurve(context, curve) {
  context.beginPath();
  context.moveTo(curve.x0, curve.y0);
  context.bezierCurveTo(curve.x1, curve.y1, curve.x2, curve.y2, curve.x3, curve.y3);
}
