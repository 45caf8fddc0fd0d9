// The lists of the days ahead: fetched whenever the tablet is open and connected, kept encrypted behind the PIN.

import * as clock from "./clock.js";
import * as marks from "./marks.js";
import * as store from "./store.js";
import { call } from "./wire.js";
import { seal, unseal } from "./vault.js";

const KEPT = 7 * 24 * 60 * 60 * 1000;

// Forget lists that nobody has renewed for a week, whoever opens the tablet. A clock that shows a moment before the list was
// fetched, as after an empty battery, tells of no time that has passed: the list is there for the lunch of that day.
export async function forgetOld() {
  const kept = await store.get("days");
  if (kept && clock.own() - kept.fetched > KEPT) await store.remove("days");
  clock.wasAt(kept?.fetched);
}

// Every day that is known, those that are over before the others.
export function every({ past, days }) {
  return [...(past ?? []), ...days];
}

// Open the list that was kept, null when there is none.
export async function open(dataKey) {
  const kept = await store.get("days");
  return kept ? { ...(await unseal(dataKey, kept)), fetched: kept.fetched } : null;
}

// Fetch the lists anew. Without the key only who may take the tablet is kept: names of the staff, nobody else's.
export async function fetch(device, dataKey) {
  const askedAt = clock.own();
  const found = await call(device, "rollcall/days");
  await store.put("operators", found.operators);
  if (!dataKey) return { operators: found.operators, days: null };
  const days = { server_time: found.server_time, schools: found.schools, name: found.device.name, past: found.past, days: found.days };
  await store.put("days", { fetched: askedAt, ...(await seal(dataKey, days)) });
  await marks.shownBy(askedAt);
  return { operators: found.operators, days: { ...days, fetched: askedAt } };
}
