// The roll-call of one ride, stop by stop, over the classes of all who are on it. A mark stands on the child's class, so what
// the class shows is the same; a class is confirmed with it once everybody of it is known.

import * as aside from "./aside.js";
import * as clock from "./clock.js";
import { classState } from "./fold.js";
import * as marks from "./marks.js";
import { button, count, el, note, sign, tell } from "./parts.js";

const WAYS = { out: "andata", back: "ritorno" };

// Who is on a ride, stop by stop, each with its class and what is known of it; of a closed class nobody comes.
function riders(found, ride) {
  const known = new Map();
  for (const one of found.classes.filter((each) => each.service.code === ride.service)) {
    for (const line of classState(found.day, one, marks.all()).children) known.set(line.child.id, { ...line, one });
  }
  return ride.stops.map((stop) => ({ ...stop, lines: stop.children.map((id) => known.get(id)).filter(Boolean).map((line) => ({ ...line, aside: aside.has(found.day, ride.id, line.child.id) })) }));
}

// Whether a child is on the ride, as it is shown.
function isOn({ state, aside }) {
  return state.on && !aside;
}

function isKnown({ child, state, aside }) {
  return state.isMarked || aside || !child.booked || child.cancelled_by_family;
}

// Where one service is for both ways it has one mark a day: who is not there in the morning may still ride home, and who has
// ridden in the morning was there.
function isOfBoth(found, ride, { child, state }) {
  const others = found.rides.filter((one) => one.id !== ride.id && one.service === ride.service
    && one.stops.some((stop) => stop.children.includes(child.id)));
  return (others.length && state.isMarked && state.on) || (ride.way === "out" && others.some(({ way }) => way === "back"));
}

// The rides of a day before its classes: by line and direction, as they run.
export function cards(found, service, go) {
  const rides = (found?.rides ?? []).filter((one) => one.service === service);
  if (!rides.length) return null;
  return el("section", { class: "mb-4" }, el("h2", { class: "mb-2" }, "Corse"),
    el("ul", { class: "cp-classes" }, rides.map((one) => el("li", {}, card(found, one, go)))));
}

function card(found, ride, go) {
  const lines = riders(found, ride).flatMap((stop) => stop.lines);
  const isDone = lines.every(isKnown);
  return el("button", { type: "button", class: `cp-class w-100 text-start ${isDone ? "is-ok" : ""}`, id: `ride-${ride.id}`, onclick: () => go({ day: found.day, service: ride.service, ride: ride.id }) },
    el("b", {}, `${ride.name}, ${WAYS[ride.way]}`),
    el("span", {}, sign(isDone ? "it-check" : "it-clock", "icon-xs"), " ", el("strong", {}, isDone ? "segnata" : "da fare")),
    el("span", { class: "cp-soft" }, `${lines.filter(isOn).length} a bordo, ${count(ride.stops.length, "fermata", "fermate")}`));
}

export function screen(about) {
  const { found, ride, operator, notes, go, draw } = about;
  const day = found.day;
  const isToday = day === clock.today();
  const stops = riders(found, ride).filter(({ lines }) => lines.length);
  const all = () => riders(found, ride).flatMap(({ lines }) => lines);
  const mark = (one, kind, child_id = null) => ({ day, service: ride.service, class_id: one.id, child_id, kind, value: null, operator_id: operator.id });
  const tap = async (id) => {
    const line = all().find(({ child }) => child.id === id);
    // What is said of this ride alone stays here; the day's mark is another ride's.
    const isAside = line.aside || (isOn(line) && isOfBoth(found, ride, line));
    const done = isAside ? aside.set(day, ride.id, id, !line.aside)
      : marks.add(() => mark(line.one, isOn(line) ? "absent" : "present", id));
    await keep(done, about, () => said(all().find(({ child }) => child.id === id)));
  };
  const confirm = () => keep(everybody(all, mark, found), about, () => "Corsa segnata");
  const lines = all();
  const open = classesOf(lines).filter((one) => !classState(day, one, marks.all()).isConfirmed);
  const isCalled = lines.every(isKnown);
  return {
    heading: `${ride.name}, ${WAYS[ride.way]}`,
    subheading: clock.dayLong(day),
    content: [
      el("div", { class: "px-3 pt-3" }, notes, isToday && isCalled && called(open), !isToday && another(day)),
      isToday && el("div", { class: "px-3 pt-3" }, el("strong", { class: "cp-lead" }, "Tocca solo chi non è sul pulmino")),
      stops.map((stop) => el("section", {},
        el("h2", { class: "px-3 pt-3 mb-0" }, `${stop.at} ${stop.name}`),
        el("ul", { class: "cp-roll list-unstyled mb-0" }, stop.lines.map((line) => tile(line, isToday && tap))))),
      el("div", { class: "cp-rollbar" },
        el("div", {}, el("b", { "data-count": "in" }, lines.filter(isOn).length), " a bordo"),
        el("div", {}, el("b", { "data-count": "out" }, lines.filter((line) => !isOn(line)).length), " no"),
        isToday && (!isCalled || ready(lines, found).length)
          ? button(about.isAway ? "Conferma, parte appena c’è rete" : "Conferma la corsa", confirm, { id: "confirm", primary: true, big: true, icon: "it-check", more: "ms-lg-auto flex-grow-1 flex-lg-grow-0" })
          : button("Torna all’elenco", () => go({ day, service: ride.service }), { id: "back", primary: true, big: true, more: "ms-lg-auto flex-grow-1 flex-lg-grow-0" })),
    ],
  };
}

// Say of everybody who is there that it is, then confirm the classes of which nobody is missing; each is on the disk before
// the next, and what is said already is not said again.
async function everybody(all, mark, found) {
  const isMissing = (each) => isOn(each) && !each.state.isMarked;
  for (const { one, child } of all().filter(isMissing)) {
    // Asked anew in its turn: a second press finds what the first has said.
    await marks.add(() => (isMissing(all().find((each) => each.child.id === child.id)) ? mark(one, "present", child.id) : null));
  }
  for (const one of ready(all(), found)) {
    await marks.add(() => (classState(found.day, one, marks.all()).isConfirmed ? null : mark(one, "confirmed")));
  }
}

// The classes of a ride that are not confirmed and of which everybody is known.
function ready(lines, found) {
  return classesOf(lines).map((one) => [one, classState(found.day, one, marks.all())])
    .filter(([, state]) => !state.isConfirmed && state.children.every((line) => isKnown({ ...line, aside: false })))
    .map(([one]) => one);
}

function classesOf(lines) {
  return [...new Map(lines.map(({ one }) => [one.id, one])).values()];
}

// Keep what was said, then show it; what cannot be kept is said, and nothing changes.
async function keep(done, { kept, lost }, words) {
  try {
    await done;
  } catch {
    tell("Non salvato");
    return lost();
  }
  tell(words());
  return kept();
}

// A day that is not today's is looked at.
function another(day) {
  const then = day < clock.today() ? "Qui si guarda soltanto. Se qualcosa è sbagliato chiama l’ufficio." : "Si segna quel giorno, anche se manca la rete.";
  return note("off", `Elenco di ${clock.dayLong(day)}`, then);
}

function called(open) {
  const waits = open.map(({ name }) => name).join(", ");
  const then = open.length ? `${count(open.length, "classe aspetta", "classi aspettano")} chi è su altre corse o senza fermata: ${waits}.` : "Le classi di chi è a bordo sono confermate.";
  return note("ok", "Corsa segnata", then);
}

function tile(line, tap) {
  const { child, state, one } = line;
  const on = isOn(line);
  const words = on ? "a bordo" : state.byFamily && !state.on ? "disdetto dalla famiglia" : line.aside ? "non su questa corsa" : "assente";
  const inside = [sign(on ? "it-check" : "c-nomeal", on ? "cp-disc" : ""), el("b", {}, child.name), el("small", {}, words, ` · ${one.name}`,
    state.waits && el("span", { class: "visually-hidden" }, ", da inviare"))];
  const shape = `cp-marked ${on ? "is-here" : state.byFamily ? "is-wait" : "is-off"}`;
  return el("li", { class: `cp-mark${state.waits ? " cp-mark--waiting" : ""}` }, tap
    ? el("button", { type: "button", class: shape, id: `child-${child.id}`, onclick: () => tap(child.id) }, inside)
    : el("div", { class: shape }, inside));
}

function said(line) {
  return `${line.child.name}: ${isOn(line) ? "a bordo" : "non a bordo"}`;
}
