// « Afficher »: reads back a password one has just typed. Without it nothing is lost.
for (const field of document.querySelectorAll("input[type=password]")) {
  const row = document.createElement("div");
  row.className = "account__secret";
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button--quiet button--small";
  button.setAttribute("aria-controls", field.id);
  const tell = () => {
    const isShown = field.type === "text";
    button.textContent = isShown ? "Cacher" : "Afficher";
    button.setAttribute("aria-label", isShown ? "Cacher le mot de passe" : "Afficher le mot de passe");
  };
  button.addEventListener("click", () => {
    field.type = field.type === "password" ? "text" : "password";
    tell();
  });
  // Browsers offer to keep a password only when it leaves as one.
  field.form?.addEventListener("submit", () => {
    field.type = "password";
  });
  tell();
  field.replaceWith(row);
  row.append(field, button);
}
