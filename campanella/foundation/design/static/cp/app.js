// Small comforts for pages that already work without them. Each is switched on by a data attribute:
//   html[data-person]              the page ends when another tab signs out, or somebody else in
//   form[data-entrance]            it is the door: left for where one wanted to go, once another tab has signed in
//   body[data-worker]              register the service worker at that address
//   [data-seconds-left]            "ancora 43 minuti", counted down; the page is loaded again when time is over
//   button[data-copy][hidden]      copies the text of the attribute; shown only where a script can do it
//   button[data-print][hidden]     prints the page; shown only where a script can do it
//   form[data-autosubmit]          sends itself when a choice changes
//   a[data-keep]                   the page it leads to is kept for a day without network
//   form[data-once]                cannot be sent twice by a double tap
//   input[type=password]           gets a button that shows what was typed
"use strict";

const started = performance.now();

function worker() {
  const address = document.body.dataset.worker;
  if (address && "serviceWorker" in navigator) navigator.serviceWorker.register(address, { scope: "/" });
}

function words(seconds) {
  // A few seconds of slack, so that the first count says what the server has written.
  const minutes = Math.floor((seconds + 3) / 60);
  if (minutes < 1) return "ancora meno di un minuto";
  if (minutes === 1) return "ancora 1 minuto";
  if (minutes < 60) return `ancora ${minutes} minuti`;
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  const count = (number, one, many) => (number ? `${number} ${number === 1 ? one : many}` : "");
  const parts = days
    ? [count(days, "giorno", "giorni"), count(hours % 24, "ora", "ore")]
    : [count(hours, "ora", "ore"), count(minutes % 60, "minuto", "minuti")];
  return `ancora ${parts.filter(Boolean).join(" e ")}`;
}

// The server says how many seconds are left, so the clock of the phone does not matter; a page kept for reading
// without network adds the time it has been lying there.
function countdown(element) {
  const kept = document.querySelector("[data-kept-at]");
  const lain = kept ? (Date.now() - Date.parse(kept.dataset.keptAt)) / 1000 : 0;
  const left = Number(element.dataset.secondsLeft) - lain;
  const show = () => {
    const seconds = left - (performance.now() - started) / 1000;
    if (seconds > 0) {
      const text = words(seconds);
      if (element.textContent !== text) element.textContent = text;
      return;
    }
    clearInterval(timer);
    element.textContent = "tempo scaduto";
    if (!kept && left > 0) location.reload();
  };
  const timer = setInterval(show, 5000);
  show();
}

function copyButton(button) {
  if (!navigator.clipboard) return;
  button.hidden = false;
  const label = button.querySelector("[data-label]") ?? button;
  const before = label.textContent;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    label.textContent = "Copiato";
    setTimeout(() => { label.textContent = before; }, 3000);
  });
}

function printButton(button) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

function once(form) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
    form.setAttribute("aria-busy", "true");
  });
}

function reveal(input) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "cp-link cp-bare";
  const show = (isShown) => {
    input.type = isShown ? "text" : "password";
    button.textContent = `${isShown ? "Nascondi" : "Mostra"} ${input.dataset.called ?? "la password"}`;
  };
  button.addEventListener("click", () => show(input.type === "password"));
  input.form?.addEventListener("submit", () => show(false));
  show(false);
  input.after(button);
}

// Going back to a page kept in memory must find the form ready again.
function ready() {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
  }
}

// A page shown without network looks for it again, since "online" is not told by every browser.
function watchNetwork() {
  if (!document.querySelector("[data-kept-at]")) return;
  const look = () => fetch(location.href, { method: "HEAD" }).then(() => location.reload(), () => undefined);
  window.addEventListener("online", look);
  setInterval(look, 30000);
}

// The cookie says whose the browser is by the last answer, whichever tab it came to: a page of anybody else shows nothing
// more, its copies are dropped, and it is asked for again. A tab that waits at the door goes on when somebody has entered.
const tabs = "BroadcastChannel" in window ? new BroadcastChannel("person") : null;
async function stillTheirs() {
  const shown = document.documentElement.dataset.person;
  const now = document.cookie.match(/(?:^|; )person=([\w-]+)/)?.[1];
  if (!shown || !now || now === shown) return;
  if (shown === "nobody") return document.querySelector("form[data-entrance]") && location.reload();
  document.body.replaceChildren();
  document.title = "";
  for (const name of (await window.caches?.keys()) ?? []) if (name === `pages-${shown}`) await caches.delete(name);
  location.replace(location.pathname + location.search);
}

// What was written without network and waits in the service worker: it is sent, and the page says what became of it.
async function outbox() {
  const hand = (await navigator.serviceWorker?.getRegistration())?.active;
  if (!hand || !document.body.dataset.worker) return;
  const ahead = [...document.querySelectorAll("a[data-keep]")].map((link) => link.href);
  if (ahead.length) hand.postMessage({ keep: ahead });
  navigator.serviceWorker.onmessage = ({ data }) => data?.outbox && sayOutbox(data);
  const ask = () => hand.postMessage("outbox");
  window.addEventListener("online", ask);
  setInterval(ask, 30000);
  ask();
}

// What became of each: it waits, it arrived, it was refused, or it was never sent; the last two stay until they are read.
const BECAME = {
  waits: ["wait", ({ what, when }) => `${what}, scritta ${when}, aspetta la rete: non è ancora arrivata.`],
  arrived: ["ok", ({ what, when }) => `${what}, scritta ${when} senza rete, è arrivata.`, "Guarda l’esito"],
  refused: ["stop", ({ what, when, says }) => `${what}, scritta ${when} senza rete, non è stata presa. ${plain(says)}`, "Chiedi di nuovo"],
  over: [
    "stop",
    ({ what, when }) => `${what}, scritta ${when} senza rete, non è mai partita: ha aspettato più di una settimana.`,
    "Chiedi di nuovo",
  ],
};

function sayOutbox({ outbox }) {
  document.querySelectorAll("[data-outbox]:not([data-outbox=arrived])").forEach((note) => note.remove());
  for (const row of outbox.reverse()) {
    const [kind, words, link] = BECAME[row.became];
    const note = document.createElement("div");
    note.className = `cp-note is-${kind} mb-3`;
    note.dataset.outbox = row.became;
    note.setAttribute("role", "status");
    const body = note.appendChild(document.createElement("div"));
    body.textContent = words(row);
    const leads = { href: row.address, className: "d-block", textContent: link };
    if (link) Object.assign(body.appendChild(document.createElement("a")), leads);
    if (kind === "stop") body.appendChild(readButton(row.id, note));
    document.querySelector("main .cp-page")?.prepend(note);
  }
}

function readButton(id, note) {
  const is = { type: "button", className: "btn btn-quiet", textContent: "Ho letto" };
  const button = Object.assign(document.createElement("button"), is);
  button.addEventListener("click", () => {
    navigator.serviceWorker.controller?.postMessage({ read: id });
    note.remove();
  });
  return button;
}

function plain(words) {
  return words ? new DOMParser().parseFromString(words, "text/html").body.textContent : "Guarda che cosa vale adesso.";
}

function each(selector, act) {
  document.querySelectorAll(selector).forEach(act);
}

// A page that waits for something is loaded again by the server's word only where no script does it better.
document.cookie = "script=1; path=/; SameSite=Lax";
worker();
watchNetwork();
outbox();
window.addEventListener("pageshow", ready);
for (const moment of ["pageshow", "focus"]) window.addEventListener(moment, stillTheirs);
tabs?.addEventListener("message", stillTheirs);
tabs?.postMessage("");
each("[data-seconds-left]", countdown);
each("button[data-copy]", copyButton);
each("button[data-print]", printButton);
each("form[data-once]", once);
each("input[type=password]", reveal);
each("form[data-autosubmit]", (form) => form.addEventListener("change", () => form.requestSubmit()));
