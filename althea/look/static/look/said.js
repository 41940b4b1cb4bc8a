/* What was just done is said in #said for ten seconds, longer while somebody points at it or is in it. Without script,
   and where it stands among the words and its going would move them under a finger, it stays until the next page. */
const STAYS = 10_000;
const said = document.getElementById("said");

function attend(toast) {
  if (toast.dataset.attended) return;
  toast.dataset.attended = "yes";
  const close = toast.querySelector("[data-close]");
  close.hidden = false;
  close.addEventListener("click", () => toast.remove());
  if ("stays" in said.dataset) return;
  let clock;
  const wait = () => { clock = setTimeout(() => toast.remove(), STAYS); };
  const hold = () => clearTimeout(clock);
  for (const begins of ["pointerenter", "focusin"]) toast.addEventListener(begins, hold);
  for (const ends of ["pointerleave", "focusout"]) toast.addEventListener(ends, () => { hold(); wait(); });
  wait();
}

const attendAll = () => said.querySelectorAll("[data-toast]").forEach(attend);
if (said) {
  attendAll();
  new MutationObserver(attendAll).observe(said, { childList: true, subtree: true });
}
