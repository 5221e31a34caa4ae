// Suggestions of places under a plain field, for any page that asks for a place.

import { Listbox } from "./listbox.js";

/**
 * @typedef {object} Place a place as /lieux/suggestions tells it; lon and lat in degrees
 * @property {string} key
 * @property {string} name
 * @property {string} context
 * @property {string} kind
 * @property {number} lon
 * @property {number} lat
 * @property {number|null} population
 */

const NOTHING = {
  ici: "Aucun lieu d’ici ne porte ce nom. Vérifiez les premières lettres, ou écrivez la commune la plus proche.",
  labas: "Aucun lieu de là-bas ne porte ce nom. Vérifiez les premières lettres, ou écrivez une ville voisine.",
};

/** @extends {Listbox<Place>} */
export class Combobox extends Listbox {
  /**
   * @param {HTMLElement} box
   * @param {object} options
   * @param {"ici"|"labas"} options.side
   * @param {(place: Place) => void} options.onChoose
   * @param {{words: string, act: () => void}|null} [options.more] a last line that does something else
   */
  constructor(box, { side, onChoose, more = null }) {
    super(box, {
      label: "Lieux proposés",
      address(text) {
        const address = new URL(box.dataset.suggestions ?? "", document.baseURI);
        address.searchParams.set("q", text);
        address.searchParams.set("cote", side);
        return address;
      },
      read: (answer) => (Array.isArray(answer) ? answer : []),
      draw,
      told: (count) => `${count} lieu${count > 1 ? "x" : ""} proposé${count > 1 ? "s" : ""}`,
      nothing: more ? "Aucun lieu proposé" : NOTHING[side],
      choose: (place) => {
        this.input.value = place.name;
        onChoose(place);
      },
      more,
    });
  }
}

/** @param {Place} place */
function draw(place) {
  const name = document.createElement("strong");
  name.textContent = place.name;
  const more = document.createElement("small");
  const people = place.population ? `${place.population.toLocaleString("fr-FR")} habitants` : "";
  more.textContent = [[place.kind, place.context].filter(Boolean).join(", "), people].filter(Boolean).join(" · ");
  return [name, " ", more];
}
