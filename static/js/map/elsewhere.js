/* The same selection elsewhere: its list, its files, its embedding, its address to give. */

import { addressText } from "./state.js";

/** @typedef {import("./state.js").MapState} MapState */

export class Elsewhere {
  /**
   * @param {HTMLElement} root
   * @param {MapState} state
   */
  constructor(root, state) {
    this.state = state;
    this.links = /** @type {HTMLAnchorElement[]} */ ([...root.querySelectorAll("a[data-same]")]);
    this.said = /** @type {HTMLElement} */ (root.querySelector("[data-share-said]"));
    this.address = /** @type {HTMLInputElement} */ (root.querySelector("[data-share-address]"));
    root.querySelector("[data-share]")?.addEventListener("click", () => this.share());
    for (const change of ["selection", "filters", "zone", "restore", "view"]) {
      state.addEventListener(change, () => this.follow());
    }
    this.follow();
  }

  follow() {
    const query = addressText(this.state.query());
    for (const link of this.links) link.href = query ? `${link.dataset.same}?${query}` : link.dataset.same ?? "";
    this.say("");
    this.address.hidden = true;
  }

  /** By the sharing of the phone, else copied, else shown to be copied by hand. */
  async share() {
    const url = location.href;
    if (navigator.share && matchMedia("(pointer: coarse)").matches) {
      await navigator.share({ title: document.title, url }).catch(() => {});
      return;
    }
    try {
      await navigator.clipboard.writeText(url);
      this.say("Adresse copiée\u00a0: elle rouvre la carte telle que vous la voyez.");
    } catch {
      this.say("Copiez cette adresse\u00a0:");
      this.address.hidden = false;
      this.address.value = url;
      this.address.select();
      this.address.focus();
    }
  }

  /** @param {string} words */
  say(words) {
    this.said.textContent = words;
  }
}
