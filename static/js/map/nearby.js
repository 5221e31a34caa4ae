/* « Ma commune » and « autour de moi »: a territory here, and what links it to the world. */

import { Combobox } from "../combobox.js";
import { Refused } from "./requests.js";

/** @typedef {import("./state.js").MapState} MapState */
/** @typedef {import("./requests.js").Requests} Requests */

const ROUGH = 2; // decimals of a degree told to the site: about a kilometre, enough for a commune
const PATIENCE = 15_000; // milliseconds given to the device to find where it is
const OLD = 600_000; // a position found less than ten minutes ago serves
const REFUSED = "Votre appareil n’a pas dit où il est. Écrivez votre commune.";
const FAILED = "La recherche n’a pas abouti. Réessayez, ou écrivez un autre nom.";

/**
 * Open the box of a map page. Where the device is, is asked only when its button is pressed.
 * @param {HTMLElement} box the element [data-near]
 * @param {MapState} state
 * @param {Requests} requests
 * @param {string} url the address that tells a territory here from `cle` or from `lon` and `lat`
 */
export function openNearby(box, state, requests, url) {
  const find = (/** @type {string} */ name) => /** @type {HTMLElement} */ (box.querySelector(`[data-near-${name}]`));
  const [opener, form, said, me] = [find("open"), find("box"), find("said"), find("me")];
  const field = /** @type {HTMLInputElement} */ (find("field"));

  const tell = (/** @type {string} */ words) => (said.textContent = words);

  const toggle = (/** @type {boolean} */ isOpen, hasFocus = true) => {
    form.hidden = !isOpen;
    opener.setAttribute("aria-expanded", String(isOpen));
    if (hasFocus) (isOpen ? field : opener).focus({ preventScroll: true });
  };

  const show = async (/** @type {Record<string, string>} */ question) => {
    try {
      const answer = await requests.ask("nearby", url, new URLSearchParams(question));
      if (!answer) return;
      tell(answer.sentence);
      if (!answer.total) return;
      state.choose(answer.key, null);
      // The box would hide what it found; where it had to look wider, its sentence says so.
      if (answer.key === question.cle) toggle(false);
    } catch (error) {
      tell(error instanceof Refused ? error.message : FAILED);
    }
  };

  opener.addEventListener("click", () => toggle(form.hidden === true));
  field.addEventListener("input", () => tell(""));
  form.addEventListener("submit", (event) => event.preventDefault());
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || form.hidden) return;
    event.preventDefault();
    toggle(false);
  });
  // A press elsewhere on the map closes the box, without taking the focus back.
  document.addEventListener("pointerdown", (event) => {
    if (!form.hidden && !box.contains(/** @type {Element} */ (event.target))) toggle(false, false);
  });
  new Combobox(/** @type {HTMLElement} */ (form.querySelector("[data-suggestions]")), {
    side: "ici",
    onChoose: (place) => show({ cle: place.key }),
  });
  me.hidden = !("geolocation" in navigator) || !isSecureContext;
  me.addEventListener("click", () => {
    tell("Recherche de votre position…");
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => show({ lon: coords.longitude.toFixed(ROUGH), lat: coords.latitude.toFixed(ROUGH) }),
      () => tell(REFUSED),
      { timeout: PATIENCE, maximumAge: OLD },
    );
  });
}
