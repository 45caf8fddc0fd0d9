// The locked tablet: whose turn it is, and their PIN. Somebody who was here before needs no network.

import { button, el, note, sign } from "./parts.js";
import * as store from "./store.js";
import { dataKey, unwrap, wrap } from "./vault.js";
import { Away, call } from "./wire.js";

const DIGITS = 6;
// Wrong PINs without network: a pause that grows, as the server makes it.
const FREE = 5;
const PAUSE = 15_000;

let chosen = null;
let failure = null;
let busy = false;

export function screen({ draw, device, operators, entered, waits }) {
  const person = operators.find(({ id }) => id === chosen);
  return {
    heading: "Appello",
    subheading: `${device.name} · ${device.town}`,
    content: el("div", { class: "p-3" }, el("div", { class: "cp-narrow cp-stack" },
      waits, person ? asksPin(person, { draw, device, entered }) : asksWho(operators, draw))),
  };
}

function asksWho(operators, draw) {
  const choose = (id) => { chosen = id; failure = null; draw(); document.getElementById("pin")?.focus(); };
  return el("section", { class: "cp-card", "aria-labelledby": "who" },
    el("h2", { id: "who" }, "Chi sei?"),
    operators.length
      ? el("ul", { class: "list-unstyled cp-people" }, operators.map(({ id, name }) =>
        el("li", {}, button(name, () => choose(id), { id: `person-${id}`, icon: "it-user", more: "w-100" }))))
      : note("off", "Ancora nessun nome", "Chi fa l’appello sceglie prima il suo PIN da “Il tuo accesso”; poi qui, con la rete, compare il suo nome."),
    el("p", { class: "cp-soft mb-0 mt-3" }, "Manca il tuo nome? Entra dal computer con il tuo nome utente e scegli il PIN da “Il tuo accesso”."));
}

function asksPin(person, { draw, device, entered }) {
  const back = () => { chosen = failure = null; draw(); };
  const sent = (event) => { event.preventDefault(); go(person, { draw, device, entered }); };
  return el("form", { class: "cp-card", novalidate: true, onsubmit: sent },
    el("h2", {}, person.name),
    failure && note("error", "Non si entra ancora", failure),
    el("div", { class: "cp-field" },
      el("label", { for: "pin" }, "Il tuo PIN"),
      el("input", { id: "pin", class: "form-control cp-pin", type: "password", inputmode: "numeric", maxlength: DIGITS, autocomplete: "off", "aria-invalid": failure ? "true" : null })),
    el("div", { class: "cp-actions" },
      button("Non sono io", back, { id: "other" }),
      el("button", { type: "submit", class: "btn btn-primary", id: "enter", disabled: busy }, sign("it-unlocked"), busy ? "Apro…" : "Entra")));
}

async function go(person, { draw, device, entered }) {
  const pin = document.getElementById("pin").value;
  if (busy) return;
  if (!/^\d{6}$/.test(pin)) return refuse("Il PIN è di sei cifre.", draw);
  busy = true;
  draw();
  try {
    const key = await keyFor(person, pin, device);
    chosen = failure = null;
    busy = false;
    entered(person, key);
  } catch (refusal) {
    busy = false;
    refuse(refusal.message, draw);
  }
}

function refuse(sentence, draw) {
  failure = sentence;
  draw();
  document.getElementById("pin")?.focus();
}

// The key by what is kept here, else by the server: the first time on this tablet, or after the PIN was changed.
async function keyFor(person, pin, device) {
  await pause();
  const pins = (await store.get("pins")) ?? {};
  const known = pins[person.id] && (await unwrap(pin, pins[person.id]));
  if (known) {
    await store.put("failures", { count: 0, at: 0 });
    return known;
  }
  try {
    const { data_key } = await call(device, "devices/take", { operator_id: person.id, pin });
    await store.put("pins", { ...pins, [person.id]: await wrap(pin, data_key) });
    await store.put("failures", { count: 0, at: 0 });
    return await dataKey(data_key);
  } catch (refusal) {
    if (!(refusal instanceof Away)) throw refusal;
    if (!pins[person.id]) throw new Error("La prima volta su questo tablet serve la rete: riprova quando c’è, o entra con un altro nome.");
    await failed();
    throw new Error("Il PIN non è giusto. Senza rete vale l’ultimo PIN usato su questo tablet.");
  }
}

async function pause() {
  const { count = 0, at = 0 } = (await store.get("failures")) ?? {};
  const wait = count < FREE ? 0 : at + PAUSE * 2 ** Math.min(count - FREE, 5) - Date.now();
  if (wait > 0 && wait <= PAUSE * 32) throw new Error(`Troppi tentativi. Aspetta ${Math.ceil(wait / 1000)} secondi e riprova.`);
}

async function failed() {
  const { count = 0 } = (await store.get("failures")) ?? {};
  await store.put("failures", { count: count + 1, at: Date.now() });
}

// Who may take the tablet no more opens it no more either, from the next contact on.
export async function keepOnly(operators) {
  const pins = (await store.get("pins")) ?? {};
  const kept = Object.fromEntries(Object.entries(pins).filter(([id]) => operators.some((one) => one.id === Number(id))));
  if (Object.keys(kept).length !== Object.keys(pins).length) await store.put("pins", kept);
}
