// The search boxes of a page: what is chosen is opened.

import { SearchBox } from "./search-box.js";

for (const box of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-search-box]"))) {
  new SearchBox(box, ({ href }) => location.assign(href));
}
