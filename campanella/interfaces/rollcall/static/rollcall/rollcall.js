// Sends each tap of a class sheet at once, one after the other, and keeps trying while the network is away; so does the
// confirmation, which waits for the taps before it. What has not left yet outlives a reload and a new sign-in in this tab.
// The form says everything by itself: without this script the page works the same, the kitchen only sees it later.
"use strict";

const form = document.querySelector("form[data-roll]");
const sent = document.querySelector("[data-sent]");
const CONFIRM = { act: "confirm" };
// Set while a page that was refused is loaded again, so that a refusal without end does not load it without end.
const RENEWED = "roll-renewed";
// What has still to be sent, in order: the fields of a tap, or CONFIRM.
let queue = [];
let busy = false;
let failed = 0;
let leaving = false;
// Children whose white meal was touched here: of the others the family's wish stays, whatever this page knows of it.
const menus = new Set();

function isConfirm(item) {
  return item.act === "confirm";
}

// One class on one day: what was kept for yesterday's page is never sent from today's.
function place() {
  return `roll:${form.action}:${form.elements.day.value}`;
}

function keep() {
  if (queue.length) sessionStorage.setItem(place(), JSON.stringify(queue));
  else sessionStorage.removeItem(place());
}

function takeUp() {
  queue = JSON.parse(sessionStorage.getItem(place()) ?? "[]");
  for (const item of queue) show(item);
}

// The page comes from the server, which does not know these taps yet.
function show(item) {
  if (item.adults !== undefined) form.elements.adults.value = item.adults;
  const eats = item.child && form.querySelector(`[name=eats][value="${item.child}"]`);
  if (!eats) return;
  for (const name of ["eats", "white", "late"]) {
    const box = boxOf(eats, name);
    if (box) box.checked = Boolean(item[name]);
  }
}

function tell() {
  const taps = queue.filter((item) => !isConfirm(item)).length;
  const waiting = taps === 1 ? "1 segno aspetta" : `${taps} segni aspettano`;
  const lost = taps ? `Senza rete: ${waiting} di partire` : "Senza rete";
  write(sent, failed ? lost : queue.length ? "Invio…" : "Tutto inviato");
  sent.hidden = false;
  const button = form.querySelector("[data-confirm]");
  const confirms = queue.some(isConfirm);
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
  number("in", there.length);
  number("out", boxes.length - there.length);
  number("white", there.filter((box) => boxOf(box, "white")?.checked).length);
  number("packed", there.filter((box) => "packed" in box.dataset).length);
}

function number(name, value) {
  const shown = form.querySelector(`[data-count=${name}]`);
  if (!shown) return;
  shown.textContent = value;
  const word = shown.parentElement.querySelector("[data-one]");
  if (word) word.textContent = value === 1 ? word.dataset.one : word.dataset.many;
  if (name === "white" || name === "packed") shown.parentElement.hidden = !value;
}

function boxOf(box, name) {
  return box.parentElement.querySelector(`[name=${name}]`);
}

// A tap has an id made here and says the whole state of what it touches: sending it twice changes nothing.
function tap(fields) {
  add({ tap: crypto.randomUUID?.() ?? String(Math.random()), ...fields });
}

function add(item) {
  queue.push(item);
  keep();
  tell();
  send();
}

function bodyOf(item) {
  const body = new FormData();
  body.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
  body.set("day", form.elements.day.value);
  for (const [name, value] of Object.entries(item)) body.set(name, value);
  return body;
}

async function send() {
  if (busy || leaving || !queue.length) return;
  busy = true;
  const item = queue[0];
  const address = isConfirm(item) ? form.action : form.dataset.roll;
  try {
    const answer = await fetch(address, { method: "POST", body: bodyOf(item), redirect: "manual", keepalive: true });
    if (answer.status >= 500) throw new Error("later");
    failed = 0;
    if (answer.status === 403) {
      busy = false;
      return renew();
    }
    sessionStorage.removeItem(RENEWED);
    const isOut = answer.type === "opaqueredirect" && !isConfirm(item);
    // A tap is answered by a redirect only after the session has ended: it is kept until somebody has signed in again.
    if (!isOut) queue.shift();
    keep();
    // Confirmed, here or by a colleague; another day; signed out: the page itself says which.
    if (isConfirm(item) || answer.status !== 204) {
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

// Another sign-in in this browser has made the page's token old: the page takes a new one, and what is kept leaves from it.
function renew() {
  if (sessionStorage.getItem(RENEWED)) return write(sent, "Non inviato: ricarica la pagina");
  sessionStorage.setItem(RENEWED, "1");
  leaving = true;
  location.replace(form.action);
}

function changed({ target }) {
  const adults = form.elements.adults;
  if (target === adults) return adultsAre(parseInt(adults.value, 10) || 0);
  const eats = ["eats", "white", "late"].includes(target.name) && boxOf(target, "eats");
  if (!eats) return;
  count();
  if (target.name === "white") menus.add(eats.value);
  tap(marksOf(eats));
}

function marksOf(eats) {
  const [white, late] = ["white", "late"].map((name) => Number(boxOf(eats, name)?.checked ?? false));
  const box = boxOf(eats, "white");
  const menu = Number(menus.has(eats.value) || Boolean(box && box.checked !== box.defaultChecked));
  return { child: eats.value, eats: Number(eats.checked), white, late, menu };
}

// What was touched before this script was there, on a slow tablet: nobody has sent it, and the confirmation will not say it.
function touchedBefore() {
  const other = (box) => box && box.checked !== box.defaultChecked;
  const children = [...form.querySelectorAll("[name=eats]")]
    .filter((eats) => ["eats", "white", "late"].some((name) => other(boxOf(eats, name))));
  const adults = form.elements.adults;
  const counted = adults && adults.value !== adults.defaultValue ? [{ adults: adults.value }] : [];
  return [...children.map(marksOf), ...counted];
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
    // Who is not booked, cancelled by its family above all, is there by a tap of its own.
    for (const box of form.querySelectorAll("[name=eats][data-booked]:not(:checked)")) box.click();
  }
}

// Every change has been sent before, so the confirmation says nothing else.
function confirmed(event) {
  event.preventDefault();
  // The form stays where it is, so the guard against double taps (data-once) must not close it.
  event.stopImmediatePropagation();
  if (event.submitter?.value !== "confirm" || queue.some(isConfirm)) return;
  add(CONFIRM);
}

if (form) {
  const button = form.querySelector("[data-confirm]");
  button.dataset.says = button.querySelector("[data-label]").textContent;
  form.addEventListener("change", changed);
  form.addEventListener("click", clicked);
  form.addEventListener("submit", confirmed, true);
  window.addEventListener("online", send);
  window.addEventListener("pageshow", count);
  const touched = touchedBefore();
  takeUp();
  for (const item of touched) {
    show(item);
    tap(item);
  }
  // Closing the tab would throw away what has not left yet.
  window.addEventListener("beforeunload", (event) => { if (queue.length && !leaving) event.preventDefault(); });
  tell();
  send();
}
