/* The sentence that says what is shown, and the same for those who listen to the page. */

import { digits, element } from "./words.js";

/** @typedef {import("./listing.js").Listing} Listing */

const CALM = 700; // milliseconds without another answer before the sentence is said
const CLASSES = { "": "", here: "here", there: "there", count: "map-sentence__count" };
const FIGURES = /^[\d\u202f]+/;

/** @param {string} text a sentence, whose full stop is left out unless it ends otherwise */
const closed = (text) => (/[.?!]\s*$/.test(text) ? "" : ".");

export class Sentence {
  /**
   * @param {HTMLElement} heading
   * @param {HTMLElement} live read aloud when it changes
   * @param {Listing} listing
   */
  constructor(heading, live, listing) {
    this.heading = heading;
    this.live = live;
    this.subject = heading.dataset.subject ?? "";
    this.whole = [...heading.childNodes];
    this.drawn = 0;
    this.links = 0;
    this.pageTitle = document.title;
    /** @type {ReturnType<typeof setTimeout>|undefined} */
    this.calm = undefined;
    listing.addEventListener("answer", () => {
      if (listing.answer && !listing.isMore) this.follow(listing.answer);
    });
  }

  /** @param {import("./types.d.ts").ListAnswer} answer */
  follow(answer) {
    const parts = answer.parts.map(([text, mark]) => element("span", CLASSES[mark], text));
    this.whole = [...parts, closed(answer.sentence)].map((part) =>
      typeof part === "string" ? document.createTextNode(part) : part,
    );
    this.subject = answer.subject;
    this.show();
    document.title = this.pageTitle.replace(/^.* · /, `${answer.sentence} · `);
    clearTimeout(this.calm);
    this.calm = setTimeout(() => (this.live.textContent = this.heading.textContent), CALM);
  }

  /**
   * How many links are drawn, of how many: said when the whole is shown and some are left out.
   * @param {number} drawn
   * @param {number} links
   */
  showDrawn(drawn, links) {
    Object.assign(this, { drawn, links });
    this.show();
  }

  show() {
    const isPartial = this.subject && this.drawn > 1 && this.drawn < this.links;
    this.heading.replaceChildren(...(isPartial ? this.partly() : this.whole));
  }

  /** « 9 000 initiatives ; les 60 liens les plus nourris sont dessinés. » */
  partly() {
    const figures = FIGURES.exec(this.subject)?.[0] ?? "";
    const rest = `${this.subject.slice(figures.length)}\u00a0; les ${digits(this.drawn)} liens les plus nourris sont dessinés.`;
    return figures ? [element("span", CLASSES.count, figures), rest] : [rest];
  }
}
