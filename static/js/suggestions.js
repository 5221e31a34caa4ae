// The question of the home page: a place chosen among the suggestions leads to its page at once.

import { Combobox } from "./combobox.js";

for (const box of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-suggestions]"))) {
  const form = /** @type {HTMLFormElement} */ (box.closest("form"));
  new Combobox(box, {
    side: "ici",
    onChoose(place) {
      const address = new URL(form.action);
      address.searchParams.set("cle", place.key);
      location.assign(address);
    },
  });
}
