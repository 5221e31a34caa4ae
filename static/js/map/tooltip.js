// @ts-nocheck
/* The words beside the pointer. What they say is also in the lists: the tooltip itself is hidden from readers. */

import { element, initiatives, place } from "./words.js";

export class Tooltip {
  constructor(container) {
    this.box = element("div", "map-tooltip");
    this.box.setAttribute("aria-hidden", "true");
    this.box.hidden = true;
    this.container = container;
    container.append(this.box);
  }

  hide() {
    this.box.hidden = true;
  }

  show(target, { x, y }) {
    this.box.replaceChildren(...(target.symbol ? ofSymbol(target.symbol) : ofRibbon(target.ribbon)));
    this.box.hidden = false;
    const [width, height] = [this.box.offsetWidth, this.box.offsetHeight];
    const left = Math.max(4, Math.min(x + 16, this.container.clientWidth - width - 4));
    const top = y + 20 + height > this.container.clientHeight ? y - height - 12 : y + 20;
    this.box.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  }
}

function ofSymbol({ isHere, name, count, degree }) {
  const where = isHere ? "là-bas" : "ici";
  const linked = `${degree} territoire${degree > 1 ? "s" : ""} ${where}`;
  return [place(isHere, name), element("p", "", `${initiatives(count)}, ${linked}`)];
}

function ofRibbon({ here, there, count }) {
  return [place(true, here.node.name), " ", place(false, there.node.name), element("p", "", initiatives(count))];
}
