/* The map in full screen, where the browser can. */

const WORDS = { open: "Plein écran", close: "Quitter le plein écran" };

/**
 * @param {HTMLElement} button
 * @param {HTMLElement} stage what fills the screen
 */
export function followFullScreen(button, stage) {
  if (!document.fullscreenEnabled) return;
  const words = /** @type {HTMLElement} */ (button.querySelector("[data-full-screen-words]"));
  const tell = () => {
    const isOpen = document.fullscreenElement === stage;
    button.setAttribute("aria-pressed", String(isOpen));
    words.textContent = isOpen ? WORDS.close : WORDS.open;
  };
  button.addEventListener("click", () => {
    if (document.fullscreenElement) document.exitFullscreen();
    else stage.requestFullscreen().catch(tell);
  });
  document.addEventListener("fullscreenchange", tell);
  tell();
  button.hidden = false;
}
