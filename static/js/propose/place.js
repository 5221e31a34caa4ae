// One place of questions 2 and 3: a suggestion fills the field and what the form says of the place.
// Words changed after a choice are read again by the server.

import { Combobox } from "../combobox.js";
import { Further } from "./further.js";

const SHORTEST = 2; // characters from which a place may be looked for

/** One place of the form. */
export class PlaceField {
  /** @param {HTMLElement} box the field with its suggestions, in its line */
  constructor(box) {
    this.line = box.closest(".place-line");
    this.said = this.line.querySelector(".understood");
    this.input = box.querySelector("input");
    this.pin = this.line.querySelector("[data-pin]");
    const further = this.line.querySelector("[data-further]");
    this.further = further && new Further(this.line, further);
    // Typed while this file was on its way; what this device kept comes with its own key.
    const isOther = this.input.value !== this.input.defaultValue && this.part("chosen_for").value !== this.input.value;
    if (isOther) this.forget();
    this.input.addEventListener("input", () => this.forget());
    const list = new Combobox(box, {
      side: box.dataset.place,
      onChoose: (place) => this.choose(place),
      // Where nobody may look further and there is no map, there is nothing else to propose.
      more: this.pin || this.further ? { words: this.words(), act: () => this.goFurther() } : null,
    });
    if (document.activeElement === this.input && !this.part("key").value) list.typed(); // already typing
  }

  words() {
    const ways = [this.further && "Chercher plus loin", this.pin && "placer le repère"].filter(Boolean).join(" ou ");
    return `Pas dans la liste ? ${ways[0].toUpperCase()}${ways.slice(1)}`;
  }

  // The place is not among the suggestions: the other ways are shown, and the first receives the focus.
  goFurther() {
    this.show(true);
    if (this.further) this.further.button.focus();
    else {
      this.pin.open = true;
      this.pin.querySelector("summary").focus();
    }
  }

  show(isWanted) {
    if (this.further) this.further.box.hidden = !isWanted;
    if (isWanted) this.showPin("Placer le repère");
  }

  showPin(words) {
    if (!this.pin) return;
    this.pin.hidden = false;
    this.pin.querySelector("summary").textContent = words;
  }

  part(name) {
    return this.line.querySelector(`[name="${this.line.id}-${name}"]`);
  }

  choose(place) {
    const pin = { lon: place.lon.toFixed(5), lat: place.lat.toFixed(5) };
    this.set({ key: place.key, chosen_for: place.name, pin_shown: `${pin.lon} ${pin.lat}`, ...pin });
    const name = document.createElement("strong");
    name.textContent = place.name;
    const words = document.createElement("span");
    words.append(name, place.context ? `, ${place.context}` : "");
    this.said.replaceChildren(words);
    for (const radio of this.line.querySelectorAll(`[name="${this.line.id}-choice"]`)) radio.checked = false;
    this.draw(true);
    this.further?.forget();
    this.show(false);
    this.showPin("Voir et déplacer le repère");
    this.line.dispatchEvent(new CustomEvent("place", { bubbles: true, detail: place }));
  }

  forget() {
    this.set({ key: "", chosen_for: "", pin_shown: "", lon: "", lat: "" });
    this.said.replaceChildren();
    this.further?.forget();
    this.show(this.input.value.trim().length >= SHORTEST);
    this.draw(false);
  }

  // The strand is drawn once its end is known.
  draw(isKnown) {
    const [side, index] = this.line.id.split("-");
    if (index !== "0") return;
    document.querySelector(`[data-strand=${side}]`).classList.toggle("strand--unsure", !isKnown);
    document.querySelector(`[data-end=${side}]`).classList.toggle("mark--unsure", !isKnown);
  }

  set(values) {
    for (const [name, value] of Object.entries(values)) {
      const field = this.part(name);
      if (field) field.value = value;
    }
  }
}
