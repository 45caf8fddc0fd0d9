// What time it is. The clock of a tablet may be hours off: at each contact the server's clock is compared with it, and what
// is shown goes by the server's. Days are Italy's, whatever zone the tablet is set to.

// The clock of a demonstration is moved: there the tablet's own is moved as far, so that it is not called wrong.
const MOVED = Number(document.body.dataset.moved) * 1000;
const MAY_BE_OFF = 10 * 60_000;
const ROME = "Europe/Rome";
const day = new Intl.DateTimeFormat("en-CA", { timeZone: ROME, year: "numeric", month: "2-digit", day: "2-digit" });
const hour = new Intl.DateTimeFormat("it-IT", { timeZone: ROME, hour: "numeric", minute: "2-digit" });
const padded = new Intl.DateTimeFormat("en-GB", { timeZone: ROME, hour: "2-digit", minute: "2-digit" });
const long = new Intl.DateTimeFormat("it-IT", { timeZone: "UTC", weekday: "long", day: "numeric", month: "long" });

// By how much the server's clock is ahead of the tablet's, in milliseconds.
let ahead = 0;

export function begin(known) {
  ahead = known ?? 0;
}

// The tablet's own clock, in milliseconds: what it signs with, and what a mark is dated by until the server corrects it.
export function own() {
  return Date.now() + MOVED;
}

// Learn from an answer that left here at one moment and is back now; half of the way is taken for the way back.
export function learn(serverTime, leftAt) {
  const back = own();
  ahead = Math.round(Date.parse(serverTime) + (back - leftAt) / 2 - back);
  return ahead;
}

// The last moment, by the tablet's own clock, that is known to have been, and the day that the person says it is.
let known = 0;
let said = "";

export function wasAt(moment) {
  known = moment ?? 0;
}

// The clock shows a moment that is over: it has begun anew, and nobody knows the day until the network, or the person, says it.
export function isBehind() {
  return own() < known - MAY_BE_OFF;
}

export function say(day) {
  said = day;
}

export function isSaid() {
  return said !== "";
}

export function now() {
  return new Date(own() + ahead);
}

// When something was by the server's clock that is dated by the tablet's own.
export function corrected(instant) {
  return new Date(Date.parse(instant) + ahead);
}

export function today() {
  return isBehind() && said ? said : day.format(now());
}

// Write "9:05".
export function atTime(instant) {
  return hourOf(hour.format(new Date(instant)));
}

// Write "09:05", as a mark says it.
export function hhmm() {
  return padded.format(now());
}

// Write an hour as a mark says it the way people do: "8:39" of "08:39".
export function hourOf(mark) {
  return mark.replace(/^0(?=\d)/, "");
}

// Write "mercoledì 14 ottobre" of a day written 2026-10-14.
export function dayLong(text) {
  return long.format(new Date(`${text}T12:00:00Z`));
}

// Say how wrong the tablet's own clock is, empty while it is about right.
export function wrong() {
  if (Math.abs(ahead) <= MAY_BE_OFF) return "";
  const minutes = Math.round(Math.abs(ahead) / 60_000);
  const off = minutes >= 120 ? `${Math.round(minutes / 60)} ore` : `${minutes} minuti`;
  return `${off} ${ahead < 0 ? "avanti" : "indietro"}`;
}

// Write "ancora 38 minuti" until an instant, empty when it has passed.
export function left(instant) {
  const minutes = Math.floor((Date.parse(instant) - now().getTime()) / 60_000);
  if (minutes < 0) return "";
  if (minutes < 1) return "ancora meno di un minuto";
  if (minutes < 60) return minutes === 1 ? "ancora 1 minuto" : `ancora ${minutes} minuti`;
  const hours = Math.floor(minutes / 60);
  return `ancora ${hours === 1 ? "1 ora" : `${hours} ore`} e ${minutes % 60} minuti`;
}
