/* Questions to the server. A new question of a kind makes the answer to the last one useless: it is given up. */

const LATE = "AbortError";
const PATIENCE = 15_000; // milliseconds before a question without answer is a failure

/** The server understood and says no: its message is a sentence for people. */
export class Refused extends Error {}

/** @param {Response} response */
async function refusalOf(response) {
  const told = response.status < 500 ? await response.json().catch(() => null) : null;
  return told?.detail ? new Refused(told.detail) : new Error(`${response.url}: ${response.status}`);
}

export class Requests {
  constructor() {
    /** @type {Map<string, AbortController>} */
    this.current = new Map();
  }

  /**
   * The JSON answer, or null when a newer question of the same kind was asked meanwhile; throws when it fails.
   * @param {string} kind
   * @param {string} url
   * @param {URLSearchParams|string} query
   * @returns {Promise<any>}
   */
  async ask(kind, url, query) {
    this.current.get(kind)?.abort();
    const controller = new AbortController();
    this.current.set(kind, controller);
    const text = query.toString();
    try {
      const response = await fetch(text ? `${url}?${text}` : url, {
        signal: AbortSignal.any([controller.signal, AbortSignal.timeout(PATIENCE)]),
        headers: { Accept: "application/json" },
      });
      if (!response.ok) throw await refusalOf(response);
      const answer = await response.json();
      return controller.signal.aborted ? null : answer;
    } catch (error) {
      if (controller.signal.aborted && /** @type {Error} */ (error).name === LATE) return null;
      throw error;
    }
  }
}
