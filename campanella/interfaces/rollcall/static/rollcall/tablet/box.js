// Hands in the marks that wait, in their order, as long as the network lets it. Nothing leaves the disk before the server
// has answered for it; what was sent twice is answered twice the same.

import * as clock from "./clock.js";
import * as marks from "./marks.js";
import { Away, Refused, call } from "./wire.js";

const AT_ONCE = 100;
let busy = false;

// Send what waits. Returns "done", "away" or "busy"; a refusal of the whole tablet is thrown.
export async function send(device) {
  if (busy) return "busy";
  busy = true;
  try {
    return await inOneTab(() => everything(device));
  } finally {
    busy = false;
  }
}

// Two tabs would send the same marks: harmless, but for nothing.
function inOneTab(work) {
  if (!navigator.locks) return work();
  return navigator.locks.request("campanella-box", { ifAvailable: true }, (lock) => (lock ? work() : "busy"));
}

async function everything(device) {
  let most = AT_ONCE;
  for (;;) {
    const batch = marks.waiting().slice(0, most);
    if (!batch.length) return "done";
    try {
      const { answers, forget } = await handIn(device, batch);
      await marks.answered(answers);
      if (forget && !marks.waiting().length) throw new Refused(401, { error: "revoked_device", sentence: "" });
    } catch (failure) {
      if (failure instanceof Away) return "away";
      if (!(failure instanceof Refused) || ![400, 413].includes(failure.status)) throw failure;
      // One of them is not as it should be: alone, it is told so, and the others go on.
      if (batch.length === 1) await marks.answered([refused(batch[0], failure.message)]);
      most = Math.max(1, Math.floor(batch.length / 2));
    }
  }
}

function handIn(device, batch) {
  const sentAt = clock.own();
  const events = batch.map((row) => marks.handedIn(row, sentAt));
  return call(device, "rollcall/events", { sent_at: new Date(sentAt).toISOString(), events });
}

function refused(row, sentence) {
  return { event_id: row.event_id, status: "refused", sentence };
}
