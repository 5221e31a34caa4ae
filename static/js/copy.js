// A button that copies the text of a field; without script the field can be selected and copied by hand.

for (const button of document.querySelectorAll("[data-copy]")) {
  const field = document.getElementById(button.dataset.copy);
  const said = document.querySelector("[data-copied]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(field.value);
      said.textContent = "Copié.";
    } catch {
      field.select();
      said.textContent = "Le texte est sélectionné : copiez-le avec Ctrl + C.";
    }
  });
}
