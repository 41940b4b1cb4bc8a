/* Leave quickly: this page is blanked at once and replaced, so that Back does not return to it. Two presses of Esc do
   the same. Without script the link leads to the same place. It does not clear the browser's history. */
const link = document.querySelector("[data-leave]");
let presses = 0;

function leave(event) {
  event.preventDefault();
  document.title = "Notes";
  document.documentElement.style.display = "none";
  location.replace(link.href);
}

if (link) {
  link.addEventListener("click", leave);
  addEventListener("keydown", (event) => {
    if (event.repeat) return;
    presses = event.key === "Escape" ? presses + 1 : 0;
    if (presses > 1) leave(event);
  }, { capture: true });
  addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
}
