/* Outlines in a panel: what the panel shows of them, as the path of an SVG. */

/** @typedef {import("./diptych-topology.js").Point} Point */
/** @typedef {import("./diptych-topology.js").Line} Line */
/** @typedef {import("./types.d.ts").Box} Box */
/** @typedef {import("./types.d.ts").PixelBox} PixelBox */
/** @typedef {{project: (lon: number, lat: number) => Point, bounds: Box, clip: PixelBox}} Window what a panel shows */

const STEP = 0.9; // pixels: nearer points say nothing more

/**
 * The box that holds lines, [west, south, east, north].
 * @param {Line[]} lines
 * @returns {Box}
 */
export function boxOfLines(lines) {
  /** @type {Box} */
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (const line of lines) {
    for (const [x, y] of line) {
      box[0] = Math.min(box[0], x);
      box[1] = Math.min(box[1], y);
      box[2] = Math.max(box[2], x);
      box[3] = Math.max(box[3], y);
    }
  }
  return box;
}

/** @type {WeakMap<Line, Box>} */
const boxes = new WeakMap();

/** The box of one line, found once: lines of the base map are asked for again at each drawing. @param {Line} line */
export function boxOfLine(line) {
  let box = boxes.get(line);
  if (!box) boxes.set(line, (box = boxOfLines([line])));
  return box;
}

/**
 * Lines moved by whole turns so that their middle is within half a turn of a longitude.
 * @param {Line[]} lines
 * @param {number} middle
 */
export function bringNear(lines, middle) {
  return lines.map((line) => {
    const [west, , east] = boxOfLine(line);
    const turn = 360 * Math.round((middle - (west + east) / 2) / 360);
    return turn ? line.map(([lon, lat]) => /** @type {Point} */ ([lon + turn, lat])) : line;
  });
}

/**
 * Lines of the world in pixels of a panel, once for each turn of the world that the panel sees.
 * @param {Line[]} lines
 * @param {Window} panel
 */
function seenIn(lines, { project, bounds }) {
  const seen = [];
  for (const line of lines) {
    const [west, south, east, north] = boxOfLine(line);
    if (south > bounds[3] || north < bounds[1]) continue;
    for (const turn of [-360, 0, 360]) {
      if (west + turn > bounds[2] || east + turn < bounds[0]) continue;
      seen.push(line.map(([lon, lat]) => project(lon + turn, lat)));
    }
  }
  return seen;
}

/** @type {{isIn: (point: Point, box: PixelBox) => boolean, cross: (a: Point, b: Point, box: PixelBox) => Point}[]} */
const SIDES = [
  { isIn: ([x], box) => x >= box[0], cross: (a, b, box) => atX(a, b, box[0]) },
  { isIn: ([, y], box) => y >= box[1], cross: (a, b, box) => atY(a, b, box[1]) },
  { isIn: ([x], box) => x <= box[2], cross: (a, b, box) => atX(a, b, box[2]) },
  { isIn: ([, y], box) => y <= box[3], cross: (a, b, box) => atY(a, b, box[3]) },
];

/** @param {Point} a @param {Point} b @param {number} x @returns {Point} */
const atX = (a, b, x) => [x, a[1] + ((b[1] - a[1]) * (x - a[0])) / (b[0] - a[0])];
/** @param {Point} a @param {Point} b @param {number} y @returns {Point} */
const atY = (a, b, y) => [a[0] + ((b[0] - a[0]) * (y - a[1])) / (b[1] - a[1]), y];

/**
 * The part of a ring inside a box (Sutherland and Hodgman): a ring too, along the box where it was cut.
 * @param {Line} ring
 * @param {PixelBox} box
 */
export function clipRing(ring, box) {
  if (ring.every((point) => !beyond(point, box))) return ring;
  let points = ring;
  for (const { isIn, cross } of SIDES) {
    const before = points;
    points = [];
    before.forEach((point, i) => {
      const last = before[(i + before.length - 1) % before.length];
      if (isIn(point, box) !== isIn(last, box)) points.push(cross(last, point, box));
      if (isIn(point, box)) points.push(point);
    });
  }
  return points;
}

/** The sides of a box that a point is beyond, a bit each. @param {Point} point @param {PixelBox} box */
const beyond = ([x, y], [left, top, right, bottom]) =>
  (x < left ? 1 : 0) | (y < top ? 2 : 0) | (x > right ? 4 : 0) | (y > bottom ? 8 : 0);

/**
 * The runs of a line that a box may show: segments beyond one of its sides are left out.
 * @param {Line} line
 * @param {PixelBox} box
 */
export function cutLine(line, box) {
  /** @type {Line[]} */
  const runs = [];
  /** @type {Line|null} */
  let run = null;
  let before = beyond(line[0], box);
  for (let i = 1; i < line.length; i += 1) {
    const side = beyond(line[i], box);
    if (before & side) run = null;
    else if (run) run.push(line[i]);
    else runs.push((run = [line[i - 1], line[i]]));
    before = side;
  }
  return runs;
}

/**
 * The path of lines already in pixels.
 * @param {Line[]} lines
 * @param {boolean} isClosed
 */
export function tracePath(lines, isClosed) {
  let path = "";
  for (const line of lines) {
    let [lastX, lastY] = [Infinity, Infinity];
    let count = 0;
    let text = "";
    line.forEach(([x, y], i) => {
      const isEnd = !isClosed && i === line.length - 1;
      if (!isEnd && Math.abs(x - lastX) + Math.abs(y - lastY) < STEP) return;
      text += `${count ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`;
      [lastX, lastY, count] = [x, y, count + 1];
    });
    if (count > (isClosed ? 2 : 1)) path += isClosed ? `${text}Z` : text;
  }
  return path;
}

/**
 * The path of an area in a panel.
 * @param {Line[]} rings in degrees
 * @param {Window} panel
 */
export function areaPath(rings, panel) {
  return tracePath(
    seenIn(rings, panel).map((ring) => clipRing(ring, panel.clip)),
    true,
  );
}

/**
 * The path of lines in a panel.
 * @param {Line[]} lines in degrees
 * @param {Window} panel
 */
export function linePath(lines, panel) {
  return tracePath(
    seenIn(lines, panel).flatMap((line) => cutLine(line, panel.clip)),
    false,
  );
}
