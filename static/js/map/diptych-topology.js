/* Reads TopoJSON: arcs shared by neighbours, kept as whole numbers and differences (topojson-specification 1.0). */

/** @typedef {[number, number]} Point longitude and latitude in degrees, or x and y in pixels */
/** @typedef {Point[]} Line */
/** @typedef {Record<string, string|number>} Properties */
/** @typedef {{properties: Properties, rings: Line[], point: Point|null, arcs: Set<number>}} Shape */
/** @typedef {{type: string, arcs?: any[], coordinates?: Point, properties?: Properties, geometries?: Geometry[]}} Geometry */
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
   * The arcs of rings that hold nothing: what is left where two contours did not quite meet when they were merged.
   * @param {string} name
   */
  sliversOf(name) {
    const rings = (this.source.objects[name]?.geometries ?? []).flatMap(({ type, arcs = [] }) =>
      type === "MultiPolygon" ? arcs.flat() : type === "Polygon" ? arcs : [],
    );
    return new Set(rings.filter((/** @type {number[]} */ ring) => isSliver(this.join(ring))).flat().map(arcOf));
  }

  /** @param {Geometry} geometry @returns {Shape} */
  shapeOf({ type, arcs = [], coordinates, properties = {} }) {
    const rings = type === "Polygon" ? arcs : type === "MultiPolygon" ? arcs.flat() : [];
    return {
      properties,
      rings: rings.map((/** @type {number[]} */ ring) => this.join(ring)),
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

const THIN = 0.004; // of the square of its length: what a ring holds at least

/** @param {Line} ring */
function isSliver(ring) {
  let [twice, length] = [0, 0];
  ring.forEach(([x, y], i) => {
    const [nextX, nextY] = ring[(i + 1) % ring.length];
    twice += x * nextY - nextX * y;
    length += Math.hypot(nextX - x, nextY - y);
  });
  return Math.abs(twice) / 2 < THIN * (length / 2) ** 2;
}

/** A negative number is an arc followed backwards. @param {number} number */
const arcOf = (number) => (number < 0 ? ~number : number);
