// @ts-nocheck
/*
 * Ribbons between symbols. Those that leave one symbol in nearly the same direction form a bundle: their strands lie
 * side by side at the root, sorted by direction so that they do not cross there, then part. Widths add up truthfully.
 */

const BUNDLE_STEP = 0.3; // radians between two neighbours of a bundle
const BUNDLE_SPAN = 0.62; // radians from the first to the last
const BEND = 0.36; // how much a ribbon rises towards the pole, as a long road does
const FAN = 0.16; // and how much it opens outwards, so that even a link due south is an arc
const TRUNK = 0.62; // how far a bundle stays together, as a share of its nearest end
const SAMPLES = 24;

/**
 * Give each link {here, there, count, width} its `curve`: {x0, y0, x1, y1, x2, y2, x3, y3}, starting at its root.
 * The root is the side with fewer symbols, whose bundles are the thickest.
 */
export function bundleRibbons(links) {
  const rootSide = rootOf(links);
  const byRoot = new Map();
  for (const link of links) {
    const root = link[rootSide];
    const end = rootSide === "here" ? link.there : link.here;
    Object.assign(link, { end, angle: Math.atan2(end.y - root.y, end.x - root.x) });
    link.distance = Math.hypot(end.x - root.x, end.y - root.y) || 1;
    link.startsHere = rootSide === "here";
    if (!byRoot.has(root)) byRoot.set(root, []);
    byRoot.get(root).push(link);
  }
  for (const [root, members] of byRoot) {
    for (const bundle of intoBundles(startAfterWidestGap(members))) drawBundle(root, bundle);
  }
}

function rootOf(links) {
  const here = new Set(links.map((link) => link.here));
  const there = new Set(links.map((link) => link.there));
  return there.size < here.size ? "there" : "here";
}

/** Links sorted by direction, the first after the widest empty angle, angles growing past a full turn if needed. */
function startAfterWidestGap(links) {
  const sorted = [...links].sort((a, b) => a.angle - b.angle);
  let start = 0;
  let widest = 0;
  sorted.forEach((link, i) => {
    const before = sorted[(i + sorted.length - 1) % sorted.length];
    const gap = link.angle - before.angle + (i ? 0 : 2 * Math.PI);
    if (gap > widest) [widest, start] = [gap, i];
  });
  const turned = [...sorted.slice(start), ...sorted.slice(0, start)];
  let last = turned[0].angle;
  for (const link of turned) {
    while (link.angle < last) link.angle += 2 * Math.PI;
    last = link.angle;
  }
  return turned;
}

function intoBundles(links) {
  const bundles = [];
  for (const link of links) {
    const bundle = bundles.at(-1);
    const fits =
      bundle && link.angle - bundle.at(-1).angle < BUNDLE_STEP && link.angle - bundle[0].angle < BUNDLE_SPAN;
    if (fits) bundle.push(link);
    else bundles.push([link]);
  }
  return bundles;
}

function drawBundle(root, links) {
  const width = sum(links, (link) => link.width);
  const angle = sum(links, (link) => link.angle * link.count) / sum(links, (link) => link.count);
  const nearest = Math.min(...links.map((link) => link.distance));
  const [ux, uy] = [Math.cos(angle), Math.sin(angle)];
  const bend = -BEND * ux - (ux < 0 ? -FAN : FAN) * Math.sign(uy || 1);
  const [rootX, rootY] = [ux - uy * bend, uy + ux * bend];
  let side = -width / 2;
  for (const link of links) {
    const offset = side + link.width / 2;
    side += link.width;
    const trunk = links.length > 1 ? Math.max(TRUNK * nearest, 0.3 * link.distance) : 0.4 * link.distance;
    const [x0, y0] = [root.x - uy * offset, root.y + ux * offset];
    const [x1, y1] = [x0 + rootX * trunk, y0 + rootY * trunk];
    const [x3, y3] = [link.end.x, link.end.y];
    const [x2, y2] = [x3 - (x3 - x1) * 0.42, y3 - (y3 - y1) * 0.42];
    link.curve = { x0, y0, x1, y1, x2, y2, x3, y3 };
  }
}

const sum = (items, of) => items.reduce((total, item) => total + of(item), 0);

/** Point of a cubic at t, from 0 to 1. */
export function pointAt(c, t) {
  const q = 1 - t;
  const [a, b, d, e] = [q * q * q, 3 * q * q * t, 3 * q * t * t, t * t * t];
  return [a * c.x0 + b * c.x1 + d * c.x2 + e * c.x3, a * c.y0 + b * c.y1 + d * c.y2 + e * c.y3];
}

/** Distance from a point to a cubic, in pixels. */
export function distanceTo(curve, x, y) {
  let nearest = Infinity;
  let [ax, ay] = [curve.x0, curve.y0];
  for (let i = 1; i <= SAMPLES; i += 1) {
    const [bx, by] = pointAt(curve, i / SAMPLES);
    const [dx, dy] = [bx - ax, by - ay];
    const length = dx * dx + dy * dy;
    const along = length ? Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / length)) : 0;
    nearest = Math.min(nearest, Math.hypot(ax + along * dx - x, ay + along * dy - y));
    [ax, ay] = [bx, by];
  }
  return nearest;
}

export function traceCurve(context, curve) {
  context.beginPath();
  context.moveTo(curve.x0, curve.y0);
  context.bezierCurveTo(curve.x1, curve.y1, curve.x2, curve.y2, curve.x3, curve.y3);
}
