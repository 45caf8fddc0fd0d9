// Sends each tap of a class sheet at once, one after the other, and keeps trying while the network is away; so does the
// confirmation, which waits for the taps before it. The form says everything by itself: without this script the page works
// the same, the kitchen only sees it later.
"use strict";

const form = document.querySelector("form[data-roll]");
const sent = document.querySelector("[data-sent]");
// What has still to be sent, in order: an address, a body, and whether it is the confirmation.
const queue = [];
let busy = false;
let failed = 0;
let leaving = false;

function tell() {
  const taps = queue.filter((item) => !item.confirms).length;
  const waiting = taps === 1 ? "1 segno aspetta" : `${taps} segni aspettano`;
  const lost = taps ? `Senza rete: ${waiting} di partire` : "Senza rete";
  write(sent, failed ? lost : queue.length ? "Invio…" : "Tutto inviato");
  sent.hidden = false;
  const button = form.querySelector("[data-confirm]");
  const confirms = queue.some((item) => item.confirms);
  if (failed) write(button, confirms ? "Confermato, parte appena c’è rete" : "Conferma, parte appena c’è rete");
  else write(button, confirms ? "Invio…" : button.dataset.says);
}

function write(element, text) {
  const label = element.querySelector("[data-label]");
  if (label.textContent !== text) label.textContent = text;
}

function count() {
  const boxes = [...form.querySelectorAll("[name=eats]")];
  const there = boxes.filter((box) => box.checked);
  show("in", there.length);
  show("out", boxes.length - there.length);
  show("white", there.filter((box) => boxOf(box, "white")?.checked).length);
}

function show(name, number) {
  const place = form.querySelector(`[data-count=${name}]`);
  if (!place) return;
  place.textContent = number;
  if (name === "white") place.parentElement.hidden = !number;
}

function boxOf(box, name) {
  return box.parentElement.querySelector(`[name=${name}]`);
}

// A tap has an id made here and says the whole state of what it touches: sending it twice changes nothing.
function tap(payload) {
  const body = new FormData();
  body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  body.set("day", form.elements.day.value);
  body.set("tap", crypto.randomUUID?.() ?? String(Math.random()));
  for (const [name, value] of Object.entries(payload)) body.set(name, value);
  add({ address: form.dataset.roll, body });
}

function add(item) {
  queue.push(item);
  tell();
  send();
}

async function send() {
  if (busy || leaving || !queue.length) return;
  busy = true;
  const { address, body, confirms } = queue[0];
  try {
    const answer = await fetch(address, { method: "POST", body, redirect: "manual", keepalive: true });
    if (answer.status >= 500) throw new Error("later");
    queue.shift();
    failed = 0;
    // Confirmed, here or by a colleague; signed out, another day: the page itself says which.
    if (confirms || answer.status !== 204) {
      leaving = true;
      location.replace(form.action);
    }
  } catch {
    failed += 1;
  }
  busy = false;
  tell();
  if (failed) setTimeout(send, Math.min(1000 * failed, 10000));
  else send();
}

function changed({ target }) {
  const adults = form.elements.adults;
  if (target === adults) return adultsAre(parseInt(adults.value, 10) || 0);
  const eats = ["eats", "white", "late"].includes(target.name) && boxOf(target, "eats");
  if (!eats) return;
  count();
  const [white, late] = ["white", "late"].map((name) => Number(boxOf(eats, name)?.checked ?? false));
  tap({ child: eats.value, eats: Number(eats.checked), white, late });
}

function adultsAre(value) {
  const adults = form.elements.adults;
  adults.value = Math.min(Math.max(value, 0), 99);
  tap({ adults: adults.value });
}

function clicked(event) {
  const button = event.target.closest("button");
  if (button?.dataset.step) {
    event.preventDefault();
    adultsAre((parseInt(form.elements.adults.value, 10) || 0) + Number(button.dataset.step));
  } else if (button && "all" in button.dataset) {
    event.preventDefault();
    for (const box of form.querySelectorAll("[name=eats]:not(:checked)")) box.click();
  }
}

function confirmed(event) {
  event.preventDefault();
  if (queue.some((item) => item.confirms)) return;
  const body = new FormData(form);
  body.set("act", "confirm");
  add({ address: form.action, body, confirms: true });
}

if (form) {
  const button = form.querySelector("[data-confirm]");
  button.dataset.says = button.querySelector("[data-label]").textContent;
  form.addEventListener("change", changed);
  form.addEventListener("click", clicked);
  form.addEventListener("submit", confirmed);
  window.addEventListener("online", send);
  window.addEventListener("pageshow", count);
  // Closing the page would throw away what has not left yet.
  window.addEventListener("beforeunload", (event) => { if (queue.length && !leaving) event.preventDefault(); });
  tell();
}
