// Sends each tap of a class sheet at once, one after the other, and keeps trying while the network is away.
// The form says everything by itself: without this script the page works the same, the kitchen only sees it later.
"use strict";

const form = document.querySelector("form[data-roll]");
const sent = document.querySelector("[data-sent]");
const taps = [];
let busy = false;
let failed = 0;

function tell() {
  const n = taps.length;
  sent.hidden = false;
  const label = sent.querySelector("[data-label]");
  const waiting = n === 1 ? "1 segno aspetta" : `${n} segni aspettano`;
  const text = failed ? `Senza rete: ${waiting} di partire` : n ? "Invio…" : "Tutto inviato";
  if (label.textContent !== text) label.textContent = text;
}

function count() {
  const boxes = [...form.querySelectorAll("[name=eats]")];
  const there = boxes.filter((box) => box.checked).length;
  document.querySelector("[data-count=in]").textContent = there;
  document.querySelector("[data-count=out]").textContent = boxes.length - there;
}

// A tap has an id made here and says the whole state of what it touches: sending it twice changes nothing.
function tap(payload) {
  taps.push({ tap: crypto.randomUUID?.() ?? String(Math.random()), ...payload });
  tell();
  send();
}

async function send() {
  if (busy || !taps.length) return;
  busy = true;
  const body = new FormData();
  body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  body.set("day", form.elements.day.value);
  for (const [name, value] of Object.entries(taps[0])) body.set(name, value);
  try {
    const answer = await fetch(form.dataset.roll, { method: "POST", body, redirect: "manual", keepalive: true });
    if (answer.status >= 500) throw new Error("later");
    taps.shift();
    // Confirmed by a colleague, signed out, another day: the page itself says which.
    if (answer.status !== 204) return location.reload();
    failed = 0;
  } catch {
    failed += 1;
  }
  busy = false;
  tell();
  if (failed) setTimeout(send, Math.min(1000 * failed, 10000));
  else send();
}

if (form) {
  const adults = form.elements.adults;
  const adultsAre = (value) => {
    adults.value = Math.min(Math.max(value, 0), 99);
    tap({ adults: adults.value });
  };
  form.addEventListener("change", ({ target }) => {
    if (target.name === "eats") { count(); tap({ child: target.value, eats: Number(target.checked) }); }
    if (target === adults) adultsAre(parseInt(adults.value, 10) || 0);
  });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button?.dataset.step) {
      event.preventDefault();
      adultsAre((parseInt(adults.value, 10) || 0) + Number(button.dataset.step));
    } else if (button && "all" in button.dataset) {
      event.preventDefault();
      for (const box of form.querySelectorAll("[name=eats]:not(:checked)")) box.click();
    }
  });
  window.addEventListener("online", send);
  window.addEventListener("pageshow", count);
  tell();
}
