// The app: what is known, which screen shows it, and what happens by itself (sending, fetching, locking).

import * as box from "./box.js";
import * as clock from "./clock.js";
import * as lists from "./days.js";
import * as list from "./list.js";
import * as lock from "./lock.js";
import * as marks from "./marks.js";
import * as pairing from "./pairing.js";
import { button, count, el, note, round, sign, tell } from "./parts.js";
import * as ride from "./ride.js";
import * as roll from "./roll.js";
import * as store from "./store.js";
import { Away, Refused } from "./wire.js";

const BEAT = 15_000;
const RENEW = 60_000;
const IDLE = 5 * 60_000;
const SET_BACK = 60_000;
// A tap comes a moment after the finger has lifted.
const TAP = 80;
const OLD_LIST = 24 * 60 * 60_000;

const main = document.querySelector("[data-main]");
const top = document.querySelector("[data-bar]");
const title = document.title.split(" · ").at(-1);

let device = null;
let operators = [];
let operator = null;
let dataKey = null;
let days = null;
let place = {};
let awaySince = null;
let unknown = false;
let revoked = false;
let noRoom = "";
let touchedAt = Date.now();
let asked = 0;
let pressed = false;
let late = false;
let beating = null;
let trouble = false;
let again = false;

export async function start() {
  device = (await store.get("device")) ?? null;
  operators = (await store.get("operators")) ?? [];
  clock.begin(await store.get("ahead"));
  await lists.forgetOld();
  await marks.begin();
  listen();
  draw();
  beat();
  setInterval(() => { rest(); beat(); }, BEAT);
}

function listen() {
  window.addEventListener("online", beat);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) { rest(); beat(); } });
  for (const name of ["pointerdown", "keydown"]) document.addEventListener(name, touched, true);
  // A tile that is drawn anew under a finger would lose its tap: what happens by itself is drawn when it has lifted.
  document.addEventListener("pointerdown", () => { pressed = true; }, true);
  for (const name of ["pointerup", "pointercancel"]) {
    document.addEventListener(name, () => setTimeout(() => { pressed = false; if (late) refresh(); }, TAP), true);
  }
}

// Who touches a tablet that lay about is not who was here before: the touch locks it, and marks nothing.
function touched(event) {
  if (rest()) {
    event.preventDefault();
    event.stopPropagation();
  }
  touchedAt = Date.now();
}

// Lock the tablet that nobody has touched for a while, whatever the network does; a clock that was set back tells nothing of
// how long.
function rest() {
  const passed = Date.now() - touchedAt;
  const isIdle = operator !== null && (passed > IDLE || passed < -SET_BACK);
  if (isIdle) leave();
  return isIdle;
}

// What happens by itself: at the start, when the network or the person comes back, after a tap, and every quarter of a minute.
// Whoever asks while one is under way waits for it, and for one more.
function beat() {
  again = Boolean(beating);
  beating ??= beats().finally(() => { beating = null; });
  return beating;
}

async function beats() {
  do {
    again = false;
    rest();
    try {
      await lists.forgetOld();
      if (device) await connected(speak);
    } catch (failure) {
      // Nobody knows this failure: it is said, what waits stays here, and the next beat tries again.
      trouble = true;
      console.error(failure);
    }
    refresh();
  } while (again);
}

async function speak() {
  const before = marks.unheard().length;
  if ((await box.send(device)) === "away") throw new Away();
  // Something here is not as the server sees it: another's mark, or this tablet was revoked. The list says what is true.
  if (marks.unheard().length > before) asked = 0;
  if ((operator && !days) || Date.now() - asked > RENEW) await renew();
}

async function renew() {
  const key = dataKey;
  const found = await lists.fetch(device, key);
  // Who took the tablet meanwhile has not been fetched for: that is done at once, not in a minute.
  asked = key === dataKey ? Date.now() : 0;
  operators = found.operators;
  await lock.keepOnly(operators);
  if (operator && !operators.some(({ id }) => id === operator.id)) leave();
  if (operator && found.days) days = found.days;
}

// Speak to the server, and note how that went.
async function connected(work) {
  try {
    await work();
    awaySince = null;
    unknown = trouble = false;
  } catch (failure) {
    if (failure instanceof Away) awaySince ??= clock.now();
    else if (failure instanceof Refused && failure.word === "revoked_device") await forgetEverything();
    else if (failure instanceof Refused && failure.word === "unknown_device") unknown = true;
    else if (failure instanceof store.NotStored) noRoom ||= "list";
    else throw failure;
  }
}

// The tablet was revoked: what waited has been handed in for the office to see, and everything here goes.
async function forgetEverything() {
  await store.wipe();
  device = operator = dataKey = days = null;
  operators = [];
  revoked = true;
  await marks.begin();
}

async function entered(person, key) {
  operator = person;
  dataKey = key;
  days = await lists.open(key);
  asked = 0;
  go({});
  beat();
}

function leave() {
  operator = dataKey = days = null;
  draw();
}

function go(to) {
  place = to;
  roll.enter();
  draw();
  window.scrollTo(0, 0);
  main.focus({ preventScroll: true });
}

async function sendNow() {
  tell("Invio…");
  await beat();
  tell(awaySince ? "La rete non c’è ancora" : marks.waiting().length ? "Non ancora: il tablet riprova da solo" : "Tutto inviato");
}

// Draw after a tap; when the next finger is down already, once it has lifted.
function soon() {
  late = pressed;
  if (!late) draw();
}

// Draw what happens by itself: not under a finger, and not under what somebody is typing.
function refresh() {
  const { activeElement: at } = document;
  late = pressed || (at instanceof HTMLInputElement && at.value !== "");
  if (!late) draw();
}

function draw() {
  late = false;
  const { heading, subheading, content, tools = [] } = screen();
  const focused = document.activeElement?.id;
  const said = el("div", {}, el("h1", {}, heading), el("span", {}, subheading ?? title));
  top.replaceChildren(said, el("div", { class: "ms-auto d-flex flex-wrap align-items-center gap-3" }, tools));
  main.replaceChildren(...[content].flat(Infinity).filter(Boolean));
  document.title = `${heading} · ${title}`;
  if (focused && focused !== "contenuto") document.getElementById(focused)?.focus({ preventScroll: true });
}

function screen() {
  if (!device) return pairing.screen({ draw, revoked, paired: startAgain });
  if (!operator) return lock.screen({ draw, device, operators, entered, waits: notes() });
  if (!days) return { heading: "Appello", content: el("div", { class: "p-3" }, notes(), empty()), tools: tools() };
  const known = lists.every(days);
  const day = known.some((one) => one.day === place.day) ? place.day : (days.days.find((one) => one.day === clock.today()) ?? days.days[0])?.day;
  const found = known.find((one) => one.day === day);
  const one = found?.classes.find((each) => each.id === place.class_id && each.service.code === place.service);
  const about = { days, day, go, draw, operator, notes: notes(found), service: place.service, isAway: Boolean(awaySince) };
  const on = found?.rides?.find(({ id }) => id === place.ride);
  const shown = on ? ride.screen({ ...about, found, ride: on, kept, lost }) : one ? roll.screen({ ...about, one, kept, lost }) : list.screen(about);
  return { ...shown, tools: tools(found, on?.service ?? one?.service.code, shown.closesAt) };
}

function kept() {
  noRoom = "";
  soon();
  beat();
}

function lost() {
  noRoom = "mark";
  soon();
}

function startAgain() {
  revoked = false;
  store.get("device").then(async (known) => {
    device = known;
    await marks.begin();
    draw();
    beat();
  });
}

function empty() {
  return awaySince
    ? note("wait", "L’elenco non è ancora su questo tablet", "Serve la rete una volta: poi si apre anche senza. Intanto usa il foglio di carta.")
    : note("off", "Carico l’elenco…", "");
}

function tools(found, service, closesAt) {
  const left = closesAt && found.day === clock.today() ? clock.left(closesAt) : "";
  const now = (icon, ...words) => el("span", { class: "d-inline-flex align-items-center gap-2" }, sign(icon), el("span", {}, words));
  return [
    left && now("it-clock", `Si chiude alle ${clock.atTime(closesAt)}, `, el("strong", {}, left)),
    awaySince ? now("c-cloud-off", `Senza rete dalle ${clock.atTime(awaySince)}`) : now("it-wifi", marks.waiting().length ? "Invio…" : "Tutto inviato"),
    service && round("Classi", "it-list", () => go({ day: found.day, service }), "classes"),
    now("it-user", "Segna ", el("strong", {}, operator.name)),
    round("Blocca o cambia", "it-locked", leave, "leave"),
  ].filter(Boolean);
}

// What the person must know, whatever the screen.
function notes(found) {
  const waits = marks.waiting();
  const unheard = operator ? marks.unheard() : [];
  const off = clock.wrong();
  return el("div", { class: "cp-stack cp-notes" }, [
    noRoom === "mark" && note("error", "Questo segno non è stato salvato", "Il tablet non ha più spazio: libera memoria dalle impostazioni e tocca di nuovo. Intanto scrivilo su carta."),
    noRoom === "list" && note("warn", "Il tablet non ha più spazio", "L’elenco nuovo non è stato salvato: libera memoria dalle impostazioni del tablet."),
    waits.length ? waiting(waits) : null,
    trouble && note("error", "Il portale non risponde come dovrebbe", "I segni restano salvati qui, e il tablet riprova da solo. Se dura, chiama l’ufficio."),
    unknown && note("error", "Questo tablet non è riconosciuto", "I segni restano salvati qui. Chiama l’ufficio: serve abbinarlo di nuovo."),
    off && note("warn", "L’orologio del tablet è sbagliato", `È ${off}: dalle impostazioni scegli data e ora automatiche. L’ora giusta qui è ${clock.atTime(clock.now())}.`),
    days && clock.isBehind() && whichDay(),
    found === undefined || (days && clock.isBehind()) || days?.days.some((one) => one.day === clock.today()) ? null
      : note("warn", "Manca l’elenco di oggi", "Quello che vedi è di un altro giorno: controlla la data, e collega il tablet appena puoi."),
    days && clock.own() - days.fetched > OLD_LIST && note("off", "Elenco non aggiornato", `L’ultimo contatto è di ${clock.dayLong(new Date(days.fetched).toISOString().slice(0, 10))}: chi ha disdetto dopo qui non si vede.`),
    unheard.length ? told(unheard) : null,
  ].filter(Boolean));
}

// After an empty battery without network the clock is wrong, and the person says the day; the marks are dated once it is back.
function whichDay() {
  if (clock.isSaid()) {
    return note("warn", "L’orologio del tablet è indietro", `Hai detto che oggi è ${clock.dayLong(clock.today())}.`, button("Cambia giorno", () => sayDay(""), { id: "other-day" }));
  }
  const choices = days.days.map((one) => button(clock.dayLong(one.day), () => sayDay(one.day), { id: `say-${one.day}` }));
  return note("warn", "L’orologio del tablet è indietro", "Che giorno è oggi? Poi segni come sempre.", ...choices);
}

function sayDay(day) {
  clock.say(day);
  go({});
}

function waiting(waits) {
  const words = count(waits.length, "segno da inviare", "segni da inviare");
  return note("wait", `${words}, dalle ${clock.atTime(clock.corrected(waits[0].at))}`, "Continua pure: restano salvati sul tablet e partono da soli appena c’è rete.", button("Invia ora", sendNow, { id: "send" }));
}

function told(unheard) {
  const said = [...new Set(unheard.map(({ sentence }) => sentence).filter(Boolean))].join(" ");
  const read = async () => { await marks.read(); draw(); };
  return note("warn", count(unheard.length, "segno non cambia l’appello", "segni non cambiano l’appello"), said, button("Ho letto", read, { id: "read" }));
}
