// The classes of the tablet's schools on a day, and how far each is.

import * as clock from "./clock.js";
import { every } from "./days.js";
import { classState, closesAt } from "./fold.js";
import * as marks from "./marks.js";
import { count, el, note, sign } from "./parts.js";
import * as ride from "./ride.js";

export function screen({ days, day, service, go, notes }) {
  const found = every(days).find((one) => one.day === day);
  const services = unique(found?.classes ?? []);
  const chosen = services.find(({ code }) => code === service) ?? services[0];
  const classes = (found?.classes ?? []).filter((one) => one.service.code === chosen?.code);
  const schools = [...new Set(classes.map((one) => one.school))];
  const hours = new Set(classes.map((one) => closesAt(found, one)));
  const open = classes.filter((one) => !one.closed_because && one.children.length && !classState(day, one, marks.all()).isConfirmed);
  return {
    // The next to close, by the rule of its school.
    closesAt: open.map((one) => closesAt(found, one)).filter((at) => new Date(at) > clock.now())
      .sort((one, other) => new Date(one) - new Date(other))[0],
    heading: day === clock.today() ? "Le classi di oggi" : "Le classi",
    subheading: `${clock.dayLong(day)}${chosen ? ` · ${chosen.name}` : ""}`,
    content: el("div", { class: "p-3" },
      notes,
      day === clock.today() && missing(open.filter((one) => new Date(closesAt(found, one)) < clock.now())),
      picks("Giorno", every(days).map((one) => ({ name: dayName(one.day), is: one.day === day, id: `day-${one.day}`, go: () => go({ day: one.day }) }))),
      services.length > 1 && picks("Servizio", services.map(({ code, name }) =>
        ({ name, is: code === chosen.code, id: `service-${code}`, go: () => go({ day, service: code }) }))),
      ride.cards(found, chosen?.code, go),
      schools.map((school) => el("section", { class: "mb-4" }, el("h2", { class: "mb-2" }, school),
        hours.size > 1 && el("p", { class: "cp-soft mb-2" }, `L’appello si chiude alle ${clock.atTime(closesAt(found, classes.find((one) => one.school === school)))}`),
        el("ul", { class: "cp-classes" }, classes.filter((one) => one.school === school).map((one) => el("li", {}, card(one, day, go)))))),
      !classes.length && note("off", "Quel giorno non c’è servizio", "Scegli un altro giorno: l’elenco si aggiorna quando c’è rete.")),
  };
}

// The alarm: the hour is over, and these classes have not confirmed.
function missing(late) {
  if (!late.length) return null;
  const title = late.length === 1 ? "Una classe non ha confermato in tempo" : `${late.length} classi non hanno confermato in tempo`;
  return note("warn", title, `${late.map(({ name }) => name).join(", ")}: si può confermare lo stesso, subito. La scuola e l’ufficio lo sanno.`);
}

function card(one, day, go) {
  if (one.closed_because || !one.children.length) {
    const why = one.closed_because ? `Chiusa: ${one.closed_because}` : "Nessun bambino iscritto";
    return el("div", { class: "cp-class is-off" }, el("b", {}, one.name), el("span", { class: "cp-soft" }, why));
  }
  const state = classState(day, one, marks.all());
  const [tone, icon, said] = state.isConfirmed ? ["is-ok", "it-check", "confermato"]
    : day > clock.today() ? ["", "it-calendar", "non ancora"]
      : day < clock.today() ? ["is-warn", "it-warning-circle", "non confermato"]
      : state.isBegun ? ["is-warn", "it-pencil", "in corso"] : ["", "it-clock", "da fare"];
  return el("button", { type: "button", class: `cp-class w-100 text-start ${tone}`, id: `class-${one.id}`, onclick: () => go({ day, service: one.service.code, class_id: one.id }) },
    el("b", {}, one.name),
    el("span", {}, sign(icon, "icon-xs"), " ", el("strong", {}, said)),
    el("span", { class: "cp-soft" }, `${count(state.there, "c’è", "ci sono")}, ${state.away} no`,
      state.waits ? `, ${count(state.waits, "segno da inviare", "segni da inviare")}` : ""));
}

function picks(label, choices) {
  return el("nav", { class: "cp-modes mb-3", "aria-label": label }, choices.map(({ name, is, id, go }) =>
    el("button", { type: "button", id, onclick: go, "aria-current": is ? "true" : null }, name)));
}

function dayName(day) {
  const [weekday, number] = clock.dayLong(day).split(" ");
  return day === clock.today() ? "Oggi" : `${weekday.slice(0, 3)} ${number}`;
}

function unique(classes) {
  return [...new Map(classes.map(({ service }) => [service.code, service])).values()];
}
