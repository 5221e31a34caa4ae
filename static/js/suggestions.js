// The question of the home page: a place chosen among the suggestions leads to its page at once.

import { Combobox } from "./combobox.js";

for (const box of document.querySelectorAll("[data-suggestions]")) {
  const { form } = box.querySelector("input");
  new Combobox(box, {
    side: "ici",
    onChoose(place) {
      const address = new URL(form.action);
      address.searchParams.set("cle", place.key);
      location.assign(address);
    },
  });
}
