/* The files of the base map that a diptych draws, each asked for once, when a diptych needs it. */

import { Topology } from "./diptych-topology.js";

/** @typedef {{name: string, lon: number, lat: number}} Town */
/** @typedef {import("./diptych-territories.js").Files} Outlines */
/** @typedef {Outlines & {towns: Town[]}} Files */
/** @typedef {import("./types.d.ts").MapOptions} MapOptions */

export class Sources {
  /**
   * @param {MapOptions} options
   * @param {() => void} onArrival called when a file has come, later than it was asked for
   */
  constructor(options, onArrival) {
    this.options = options;
    this.onArrival = onArrival;
    /** @type {Map<string, any>} what came, null for what failed */
    this.held = new Map();
    /** @type {Map<string, Promise<void>>} */
    this.coming = new Map();
  }

  /**
   * What is known now of the files of a country there and of those around both maps; the rest is asked for.
   * @param {string} country its two letters, or nothing
   * @param {Iterable<string>} around
   * @returns {Files}
   */
  files(country, around) {
    const { worldUrl, farUrl, franceUrl, townsUrl } = this.options;
    const countryUrl = country && this.addressOf(country);
    const finer = new Map();
    for (const one of around) {
      const url = one === country ? "" : this.addressOf(one);
      const file = url && this.held.get(this.ask(url, asTopology));
      if (file) finer.set(one, file);
    }
    return {
      // The outlines of the first view are there at once: both maps are drawn from them until the finer ones come.
      world: this.held.get(this.ask(worldUrl, asTopology)) ?? this.held.get(this.ask(farUrl, asTopology)) ?? null,
      france: this.held.get(this.ask(franceUrl, asTopology)) ?? null,
      country: (countryUrl && this.held.get(this.ask(countryUrl, asTopology))) || null,
      around: finer,
      towns: (townsUrl && this.held.get(this.ask(townsUrl, asList))) || [],
    };
  }

  /** @param {string} country */
  addressOf(country) {
    return /^[A-Z]{2}$/.test(country) ? this.options.countriesUrl.replace("XX", country) : "";
  }

  /** When everything asked for has come or failed. */
  settled() {
    return Promise.all(this.coming.values());
  }

  get isSettled() {
    return this.held.size === this.coming.size;
  }

  /** @param {string} url @param {(json: any) => any} read */
  ask(url, read) {
    if (!this.coming.has(url)) this.coming.set(url, this.fetch(url, read));
    return url;
  }

  /** @param {string} url @param {(json: any) => any} read */
  async fetch(url, read) {
    try {
      const response = await fetch(url);
      if (!response.ok) throw new Error(`${url}: ${response.status}`);
      this.held.set(url, read(await response.json()));
    } catch {
      // A country without its own file is drawn from the outlines of the world.
      this.held.set(url, null);
    }
    this.onArrival();
  }
}

/** @param {any} json */
const asTopology = (json) => new Topology(json);
/** @param {any} json */
const asList = (json) => (Array.isArray(json) ? json : []);
