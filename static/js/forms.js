// What helps in a form where scripts run: the focus goes to what must be mended, a button is not pressed twice.
// The server stays the truth: without this file nothing is lost and nothing is done twice.

document.querySelector("[data-focus]")?.focus();

for (const form of document.querySelectorAll("form[method=post]")) {
  let last = 0;
  form.addEventListener("submit", (event) => {
    const now = performance.now();
    // A double click; a second try after a network failure comes later and passes.
    if (now - last < 1000 && last > 0) event.preventDefault();
    else last = now;
  });
}
