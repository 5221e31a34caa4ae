/* Reads TopoJSON: arcs shared by neighbours, kept as whole numbers and differences (topojson-specification 1.0). */

/** @typedef {[number, number]} Point longitude and latitude in degrees, or x and y in pixels */
/** @typedef {Point[]} Line */
/** @typedef {Record<string, string|number>} Properties */
/** @typedef {{properties: Properties, rings: Line[], point: Point|null, arcs: Set<number>}} Shape */
/**
 * @typedef {{type: string, arcs?: any[], coordinates?: Point, properties?: Properties, geometries?: Geometry[]}} Geometry
 */
/**
 * @typedef {object} TopologySource
 * @property {{scale: Point, translate: Point}} [transform]
 * @property {Line[]} arcs
 * @property {Record<string, Geometry>} objects
 */

export class Topology {
  /** @param {TopologySource} source */
  constructor(source) {
    this.source = source;
    /** @type {Map<number, Line>} */
    this.decoded = new Map();
    /** @type {Map<string, Shape[]>} */
    this.known = new Map();
    /** @type {Map<string, Set<number>>} */
    this.spikes = new Map();
  }

  /**
   * The shapes of an object: rings to be filled by the rule « evenodd », the point of a town, the arcs they use.
   * @param {string} name
   */
  shapes(name) {
    let found = this.known.get(name);
    if (!found) {
      const object = this.source.objects[name];
      found = (object?.geometries ?? []).map((geometry) => this.shapeOf(geometry));
      this.known.set(name, found);
    }
    return found;
  }

  /**
   * The lines of an object, arc by arc, without those that `isLeftOut` names.
   * @param {string} name
   * @param {(arc: number) => boolean} [isLeftOut]
   * @returns {Line[]}
   */
  lines(name, isLeftOut = () => false) {
    return [...this.arcsOf(name)].filter((arc) => !isLeftOut(arc)).map((arc) => this.arc(arc));
  }

  /** The numbers of the arcs of an object. @param {string} name @returns {Set<number>} */
  arcsOf(name) {
    const object = this.source.objects[name];
    const geometries = object?.geometries ?? (object ? [object] : []);
    return new Set(geometries.flatMap(({ arcs }) => (arcs ?? []).flat(3).map(arcOf)));
  }

  /**
   * The arcs of an object that hold nothing: a way there and back, where two contours did not quite meet when they were
   * merged.
   * @param {string} name
   * @returns {Set<number>}
   */
  spikesOf(name) {
    let found = this.spikes.get(name);
    if (!found) {
      const rings = (this.source.objects[name]?.geometries ?? []).flatMap(ringsOf);
      found = new Set(rings.flatMap((ring) => {
        const kept = new Set(withoutSpikes(this.join(ring)).map(String));
        return ring.map(arcOf).filter((arc) => this.arc(arc).some((point) => !kept.has(String(point))));
      }));
      this.spikes.set(name, found);
    }
    return found;
  }

  /** @param {Geometry} geometry @returns {Shape} */
  shapeOf(geometry) {
    const { type, coordinates, properties = {} } = geometry;
    const rings = ringsOf(geometry);
    return {
      properties,
      rings: rings.map((ring) => withoutSpikes(this.join(ring))).filter((ring) => ring.length > 2),
      point: type === "Point" && coordinates ? this.place(coordinates) : null,
      arcs: new Set(rings.flat().map(arcOf)),
    };
  }

  /** Arcs end to end; each begins where the last one ended. @param {number[]} numbers @returns {Line} */
  join(numbers) {
    return numbers.flatMap((number, i) => {
      const points = this.arc(arcOf(number));
      const turned = number < 0 ? [...points].reverse() : points;
      return i ? turned.slice(1) : turned;
    });
  }

  /** @param {number} number @returns {Line} */
  arc(number) {
    let points = this.decoded.get(number);
    if (!points) {
      let [x, y] = [0, 0];
      points = this.source.arcs[number].map(([dx, dy]) => {
        if (!this.source.transform) return /** @type {Point} */ ([dx, dy]);
        [x, y] = [x + dx, y + dy];
        return this.place([x, y]);
      });
      this.decoded.set(number, points);
    }
    return points;
  }

  /** @param {Point} point @returns {Point} */
  place([x, y]) {
    const { transform } = this.source;
    if (!transform) return [x, y];
    return [x * transform.scale[0] + transform.translate[0], y * transform.scale[1] + transform.translate[1]];
  }
}

/** Numbers of the arcs of each ring. @param {Geometry} geometry @returns {number[][]} */
function ringsOf({ type, arcs = [] }) {
  return type === "Polygon" ? arcs : type === "MultiPolygon" ? arcs.flat() : [];
}

const BACK = -0.9995; // cosine of the angle from which a line goes back where it came from

/**
 * A ring without the ways there and back that hold nothing.
 * @param {Line} ring
 */
export function withoutSpikes(ring) {
  /** @type {Line} */
  const kept = [];
  for (const point of ring) {
    while (kept.length > 1 && isBack(kept[kept.length - 2], kept[kept.length - 1], point)) kept.pop();
    kept.push(point);
  }
  return kept;
}

/** @param {Point} a @param {Point} b @param {Point} c */
function isBack([ax, ay], [bx, by], [cx, cy]) {
  const [ux, uy, vx, vy] = [bx - ax, by - ay, cx - bx, cy - by];
  const size = Math.hypot(ux, uy) * Math.hypot(vx, vy);
  return size > 0 && (ux * vx + uy * vy) / size < BACK;
}

/** A negative number is an arc followed backwards. @param {number} number */
const arcOf = (number) => (number < 0 ? ~number : number);
