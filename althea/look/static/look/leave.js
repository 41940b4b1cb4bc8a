/* Leave quickly: this page is blanked at once and replaced, and a page of hers that Back still leads to is left again the
   moment it comes. Two presses of Esc do the same. Without script the link leads to the same place, and Back returns.
   It does not clear the browser's history. */
const link = document.querySelector("[data-leave]");
const LEFT = "left";
let presses = 0;

function away() {
  document.title = "Notes";
  document.documentElement.style.display = "none";
  location.replace(link.href);
}

function remembered(change) {
  try {
    return change(sessionStorage);
  } catch {
    return null; // a browser that keeps nothing: the page itself is still replaced
  }
}

function leave(event) {
  event.preventDefault();
  remembered((kept) => kept.setItem(LEFT, "1"));
  away();
}

if (link) {
  const came = performance.getEntriesByType("navigation")[0]?.type;
  if (came === "back_forward" && remembered((kept) => kept.getItem(LEFT))) away();
  else if (came === "navigate") remembered((kept) => kept.removeItem(LEFT));
  link.addEventListener("click", leave);
  addEventListener("keydown", (event) => {
    if (event.repeat) return;
    presses = event.key === "Escape" ? presses + 1 : 0;
    if (presses > 1) leave(event);
  }, { capture: true });
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    if (remembered((kept) => kept.getItem(LEFT))) away();
    else location.reload();
  });
}
