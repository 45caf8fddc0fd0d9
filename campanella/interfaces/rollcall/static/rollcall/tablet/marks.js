// The marks made on this tablet, from the tap until the list shows what became of them.

import * as aside from "./aside.js";
import * as clock from "./clock.js";
import * as store from "./store.js";
import { seal, unseal } from "./vault.js";

const DAY = 24 * 60 * 60 * 1000;
const KEPT_DAYS = 7;
// Each row as it is on the disk, with its event opened: waiting, accepted, kept or refused.
let rows = [];
let boxKey = null;
let turn = Promise.resolve();

export async function begin() {
  boxKey = (await store.get("box")) ?? null;
  if (!boxKey) return;
  await aside.begin(boxKey);
  const found = await store.marks();
  const old = found.filter((row) => row.state !== "waiting" && clock.own() - Date.parse(row.at) > KEPT_DAYS * DAY);
  if (old.length) await store.forgetMarks(old.map((row) => row.event_id));
  rows = await Promise.all(found.filter((row) => !old.includes(row)).map(opened));
}

async function opened(row) {
  return { ...row, event: await unseal(boxKey, row) };
}

export function all() {
  return rows;
}

export function waiting() {
  return rows.filter((row) => row.state === "waiting");
}

// Marks that changed nothing: somebody must read why.
export function unheard() {
  return rows.filter((row) => row.state === "refused" || row.state === "kept");
}

// Make a mark, one after the other. `make` is asked only when it is the turn, and sees what the marks before have changed;
// the mark counts, and is shown, when the disk has it.
export function add(make) {
  const mine = turn.then(async () => {
    const event = make();
    if (!event) return null;
    const made = { ...event, made_at: new Date(clock.own()).toISOString() };
    const row = { event_id: crypto.randomUUID(), at: made.made_at, state: "waiting", ...(await seal(boxKey, made)) };
    const stored = await store.addMark(row);
    rows = [...rows, { ...stored, event: made, since: performance.now() }];
    return made;
  });
  turn = mine.catch(() => undefined);
  return mine;
}

// What is handed in. A clock that was set back since the tap is noticed by the time that has passed meanwhile: what counts it
// may stand still while the tablet sleeps, so it is believed only when it has counted more than the clock.
export function handedIn(row, sentAt) {
  const { event } = row;
  const byClock = sentAt - Date.parse(event.made_at);
  const counted = row.since === undefined ? byClock : performance.now() - row.since;
  const made_at = counted - byClock > 5000 ? new Date(sentAt - counted).toISOString() : event.made_at;
  return { ...event, made_at, event_id: row.event_id, seq: row.seq };
}

export async function answered(answers) {
  const said = answers.map(({ event_id, status, sentence }) => ({ event_id, state: status, sentence, told: clock.own() }));
  await store.answer(said);
  const byId = new Map(said.map((one) => [one.event_id, one]));
  rows = rows.map((row) => (byId.has(row.event_id) ? { ...row, ...byId.get(row.event_id) } : row));
}

// The list was asked for after these were answered, so it shows them.
export async function shownBy(askedAt) {
  await forget(rows.filter((row) => row.state === "accepted" && row.told < askedAt));
}

export async function read() {
  await forget(unheard());
}

async function forget(gone) {
  if (!gone.length) return;
  await store.forgetMarks(gone.map((row) => row.event_id));
  rows = rows.filter((row) => !gone.includes(row));
}
