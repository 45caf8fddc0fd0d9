// Who is not on a ride, where that says nothing of the day: today's alone, sealed as the marks are, on the disk before it is
// shown.

import * as store from "./store.js";
import { seal, unseal } from "./vault.js";

const NOBODY = { day: "", of: [] };
let boxKey = null;
let said = NOBODY;

export async function begin(key) {
  boxKey = key;
  const kept = await store.get("aside");
  said = kept ? await unseal(boxKey, kept) : NOBODY;
}

export function has(day, ride, child) {
  return said.day === day && said.of.includes(`${ride}:${child}`);
}

export async function set(day, ride, child, is) {
  const one = `${ride}:${child}`;
  const others = (said.day === day ? said.of : []).filter((each) => each !== one);
  const becomes = { day, of: is ? [...others, one] : others };
  await store.put("aside", await seal(boxKey, becomes));
  said = becomes;
}
