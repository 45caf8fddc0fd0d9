// The roll-call of one class: everybody is there until somebody taps. A tap is on the disk before the tile changes.

import * as clock from "./clock.js";
import { every } from "./days.js";
import { classState, closesAt, tapped } from "./fold.js";
import * as marks from "./marks.js";
import { button, count, el, note, sign, tell } from "./parts.js";

const MODES = {
  absent: { name: "Assente", invite: "Tocca solo chi oggi non c’è" },
  white: { name: "In bianco", icon: "c-plate", invite: "Tocca chi oggi mangia in bianco" },
  late: { name: "Arriva dopo", icon: "it-clock", invite: "Tocca chi arriva dopo e mangia" },
  arrived: { name: "Entrata", icon: "it-arrow-right", invite: "Tocca chi entra: resta scritta l’ora" },
  left: { name: "Va via", icon: "it-logout", invite: "Tocca chi va via adesso: resta scritta l’ora" },
};
const BY_KIND = { meal: ["absent", "white", "late", "left"], nursery: ["absent", "arrived", "left"] };
const MOST_ADULTS = 99;

let mode = "absent";

// Begin with a class: the usual mode.
export function enter() {
  mode = "absent";
}

export function screen(about) {
  const { day, one, operator, draw, notes, go } = about;
  const state = classState(day, one, marks.all());
  const isToday = day === clock.today();
  const isMeal = one.service.kind in BY_KIND;
  const act = (make, said) => take({ ...about, make, said });
  const mark = (kind, value, child_id = null) => ({ day, service: one.service.code, class_id: one.id, child_id, kind, value, operator_id: operator.id });
  const modes = BY_KIND[one.service.kind] ?? ["absent"];
  const now = () => classState(day, one, marks.all());
  const tap = (child) => act(() => {
    const { kind, value } = tapped(now().children.find((line) => line.child.id === child.id).state, mode, clock.hhmm());
    return mark(kind, value, child.id);
  }, () => said(now().children.find((line) => line.child.id === child.id), isMeal));
  const adults = (step) => act(() => mark("adults", Math.min(Math.max(now().adults + step, 0), MOST_ADULTS)),
    () => count(now().adults, "adulto", "adulti"));
  const confirm = () => act(() => (now().isConfirmed ? null : mark("confirmed", null)), () => "Appello confermato");
  const closes = closesAt(every(about.days).find((each) => each.day === day), one);
  return {
    closesAt: closes,
    heading: `${one.name} · ${one.school}`,
    subheading: `${clock.dayLong(day)} · ${one.service.name}`,
    content: [
      el("div", { class: "px-3 pt-3" }, notes, odd(state), isToday && late(state, closes, isMeal), isToday && confirmed(state, one, closes), !isToday && another(day, state)),
      isToday && el("div", { class: "d-flex flex-wrap align-items-center gap-2 px-3 pt-3" },
        el("strong", { class: "cp-lead" }, MODES[mode].invite),
        modes.length > 1 && el("div", { class: "cp-modes ms-md-auto flex-grow-1 flex-md-grow-0", role: "group", "aria-label": "Che cosa segno quando tocco" },
          modes.map((name) => el("button", { type: "button", id: `mode-${name}`, "aria-pressed": String(name === mode), "aria-current": name === mode ? "true" : null, onclick: () => { mode = name; draw(); } },
            MODES[name].icon && sign(MODES[name].icon), MODES[name].name)))),
      el("ul", { class: "cp-roll list-unstyled mb-0" }, state.children.map((line) => tile(line, { isMeal, isToday, tap }))),
      bar(state, { isMeal, isToday, adults, confirm, go, day, one, away: about.isAway }),
    ],
  };
}

// Keep a mark, then show it; what cannot be kept is said, and nothing changes.
async function take({ make, said, kept, lost }) {
  try {
    if (!(await marks.add(make))) return;
  } catch {
    tell("Non salvato");
    return lost();
  }
  tell(said());
  kept();
}

function tile({ child, state }, { isMeal, isToday, tap }) {
  const [icon, words] = look(state, isMeal);
  const disc = icon === "it-check" || icon === "c-plate" ? "cp-disc" : "";
  const inside = [
    sign(icon, disc),
    el("b", {}, child.name),
    el("small", {}, words, state.isOdd && [", ", el("span", { class: "cp-odd" }, sign("it-warning-circle", "icon-xs"), ` ${byFamily(state)}`)],
      state.on && child.packed && isMeal ? [" ", el("span", { class: "cp-diet" }, "al sacco")] : null,
      state.on && child.diet && isMeal ? [" ", el("span", { class: "cp-diet", title: child.diet.menu }, `dieta ${child.diet.code}`)] : null,
      state.waits && el("span", { class: "visually-hidden" }, ", da inviare")),
  ];
  const shape = `cp-marked ${state.isOdd ? `${state.on ? "is-here" : "is-off"} is-odd` : state.on ? "is-here" : state.byFamily ? "is-wait" : "is-off"}`;
  return el("li", { class: `cp-mark${state.waits ? " cp-mark--waiting" : ""}` }, isToday
    ? el("button", { type: "button", class: shape, id: `child-${child.id}`, onclick: () => tap(child) }, inside)
    : el("div", { class: shape }, inside));
}

// Shape and words of a state: never the colour alone.
function look(state, isMeal) {
  const times = [state.arrived && `entra alle ${clock.hourOf(state.arrived)}`, state.left && `va via alle ${clock.hourOf(state.left)}`].filter(Boolean).join(", ");
  if (!state.on && state.left) return ["it-logout", `via dalle ${clock.hourOf(state.left)}`];
  if (!state.on) return ["c-nomeal", state.byFamily ? "disdetto dalla famiglia" : "assente"];
  if (state.left) return ["it-logout", times];
  const late = state.late ? ", arriva dopo" : "";
  if (state.white) return ["c-plate", `in bianco${late}`];
  if (state.late) return ["it-clock", `${isMeal ? "mangia" : "c’è"}${late}`];
  return ["it-check", times || (isMeal ? "mangia" : "c’è")];
}

function said({ child, state }, isMeal) {
  return `${child.name}: ${look(state, isMeal)[1]}${state.isOdd ? `, ${byFamily(state)}` : ""}`;
}

// What the family has said of a child that is marked otherwise.
function byFamily({ on }) {
  return on ? "disdetto dalla famiglia" : "prenotato dalla famiglia";
}

// The alarm: there, and cancelled by the family, or absent, and booked by it; before the confirmation and after it.
function odd({ odd: all }) {
  if (!all.length) return null;
  const said = [true, false].map((on) => [all.filter((one) => one.on === on).map(({ name }) => name), on]).filter(([names]) => names.length)
    .map(([names, on]) => `${names.join(", ")}: ${told(names.length === 1, on)}`);
  return note("warn", "La famiglia ha detto altro", `${said.join("; ")}. L’ufficio lo vede.`);
}

function told(isOne, on) {
  if (isOne) return `${byFamily({ on })}, a scuola risulta ${on ? "presente" : "assente"}`;
  return on ? "disdetti dalle famiglie, a scuola risultano presenti" : "prenotati dalle famiglie, a scuola risultano assenti";
}

// The other alarm: the hour is over, and nobody has confirmed.
function late(state, closes, isMeal) {
  if (state.isConfirmed || clock.now() <= new Date(closes)) return null;
  return note("warn", `L’appello si chiudeva alle ${clock.atTime(closes)}`, `Puoi confermare lo stesso: fallo subito${isMeal ? ", e avvisa la cucina per telefono" : ""}.`);
}

function confirmed(state, one, closesAt) {
  if (!state.isConfirmed) return null;
  const at = state.confirmedAt ? ` alle ${clock.atTime(clock.corrected(state.confirmedAt))}` : "";
  const waits = state.waits ? "È salvato sul tablet e parte appena c’è rete." : one.service.kind in BY_KIND ? "La cucina ha i numeri." : "";
  const isOver = clock.now() > new Date(closesAt);
  const then = isOver
    ? "Chi arriva adesso lo tocchi: è un pasto in più. Chi va via lo vede l’ufficio, e il pasto resta contato."
    : "Se cambia qualcosa, tocca il bambino: lo vedono cucina e ufficio.";
  return note(state.waits ? "wait" : "ok", `Appello confermato${at}`, `${waits} ${then}`);
}

// A day that is not today's is looked at; one that is over says who puts it right.
function another(day, state) {
  if (day < clock.today()) {
    return state.isConfirmed
      ? note("ok", "Appello di un giorno passato, confermato", "Qui si guarda soltanto. Se qualcosa è sbagliato chiama l’ufficio: lo corregge con il motivo, e la famiglia lo legge.")
      : note("warn", "Appello di un giorno passato, non confermato", "Qui si guarda soltanto. Lo conferma l’ufficio: chiamalo, e di’ chi c’era.");
  }
  return note("off", `Elenco di ${clock.dayLong(day)}`, "Si segna quel giorno, anche se manca la rete.");
}

function bar(state, { isMeal, isToday, adults, confirm, go, day, one, away }) {
  const label = away ? "Conferma, parte appena c’è rete" : isMeal ? "Conferma e invia alla cucina" : "Conferma l’appello";
  const wide = "ms-lg-auto flex-grow-1 flex-lg-grow-0";
  return el("div", { class: "cp-rollbar" },
    el("div", {}, el("b", { "data-count": "in" }, state.there), isMeal ? (state.there === 1 ? " mangia" : " mangiano") : state.there === 1 ? " presente" : " presenti"),
    el("div", {}, el("b", { "data-count": "out" }, state.away), " no"),
    state.white ? el("div", {}, el("b", {}, state.white), " in bianco") : null,
    state.packed ? el("div", {}, el("b", {}, state.packed), " al sacco") : null,
    isMeal && el("div", { class: "d-flex align-items-center gap-2" },
      isToday && button(el("span", { class: "visually-hidden" }, "Un adulto in meno"), () => adults(-1), { id: "less", icon: "it-minus" }),
      el("span", {}, el("b", { "data-count": "adults" }, state.adults), state.adults === 1 ? " adulto" : " adulti"),
      isToday && button(el("span", { class: "visually-hidden" }, "Un adulto in più"), () => adults(1), { id: "more", icon: "it-plus" })),
    isToday && !state.isConfirmed
      ? button(label, confirm, { id: "confirm", primary: true, big: true, icon: "it-check", more: wide })
      : button("Torna alle classi", () => go({ day, service: one.service.code }), { id: "back", primary: true, big: true, more: wide }));
}
