/* Her answer while the network is gone: it stays in this form, in memory and nowhere else, and is sent once when the
   network is back. A word on self-harm shows the numbers at once. After half an hour it is taken out of the page.
   Without script nothing of this happens: the browser says that it is offline, and her earlier answers are saved. */
const form = document.getElementById("f"), note = document.getElementById("unsent");
const PATIENCE = 5_000, AGAIN = 3_000, FORGET = 30 * 60_000;
let state = "", asking = false, sender = null, since = 0, clock;

async function reachable() {
  try {
    return (await fetch("/livez", { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) })).ok;
  } catch {
    return false;
  }
}

function show() {
  const line = Number(note.dataset.line || NaN), value = new FormData(form).get("value");
  const harm = value && (note.dataset.harm ?? "").split(" ").includes(value);
  note.querySelector("[data-numbers]").hidden = !(harm || Number(value ?? NaN) >= line);
  if (note.hidden) {
    note.hidden = false;
    note.scrollIntoView({ block: "start" });
  }
}

function forget() {
  state = "";
  form.reset();
  note.querySelector("[data-kept]").hidden = true;
  note.querySelector("[data-gone]").hidden = false;
}

async function attempt() {
  if (asking) return;
  asking = true;
  clearTimeout(clock);
  const there = await reachable();
  asking = false;
  if (there) {
    state = "through";
    form.requestSubmit(sender);
  } else if (Date.now() - since > FORGET) {
    forget();
  } else {
    state = "waiting";
    show();
    clock = setTimeout(attempt, AGAIN);
  }
}

if (form && note) {
  form.addEventListener("submit", (event) => {
    if (state === "through") return;
    event.preventDefault();
    if (!state) {
      state = "asking";
      since = Date.now();
      note.querySelector("[data-kept]").hidden = false;
      note.querySelector("[data-gone]").hidden = true;
    }
    sender = event.submitter;
    attempt();
  });
  form.addEventListener("change", () => state === "waiting" && show());
  addEventListener("online", () => state === "waiting" && attempt());
}
