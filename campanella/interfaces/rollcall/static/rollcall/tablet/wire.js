// Speaks to the server: each request signed anew, under a number that only grows.

import * as clock from "./clock.js";
import * as store from "./store.js";
import { proof } from "./vault.js";

const PATIENCE = 15_000;
// Two requests that cross on the way, or a tab beside this one: the later number wins, and the other is signed again.
const TRIES = 3;
const API = document.body.dataset.api.replace("openapi.json", "");
export const VERSION = document.body.dataset.version;

// No answer, or one that says nothing: the network is away, or the server is not well. What was sent is sent again.
export class Away extends Error {}

// The server has said no; `word` is what it calls it, `message` the sentence for the person.
export class Refused extends Error {
  constructor(status, { error, sentence }) {
    super(sentence);
    this.status = status;
    this.word = error;
  }
}

// Pair: the one request that nobody has signed yet.
export function pair(content) {
  return ask("POST", "devices/pair", JSON.stringify({ ...content, app_version: VERSION }), {});
}

// Ask as the device; `content` none is a GET.
export async function call(device, path, content) {
  const method = content === undefined ? "GET" : "POST";
  const body = content === undefined ? "" : JSON.stringify(content);
  for (let tried = 1; ; tried += 1) {
    try {
      const n = await store.next("number");
      const claims = { htm: method, htu: API + path, t: clock.own(), n, v: VERSION };
      return await ask(method, path, body, { Authorization: `Bearer ${await proof(device, claims, body)}` });
    } catch (failure) {
      if (failure.word !== "copied_request" || tried === TRIES) throw failure;
    }
  }
}

async function ask(method, path, body, headers) {
  const leftAt = clock.own();
  const { status, said } = await answerOf(method, path, body, headers);
  if (said.server_time) await store.put("ahead", clock.learn(said.server_time, leftAt));
  if (status === 200) return said;
  throw new Refused(status, said);
}

async function answerOf(method, path, body, headers) {
  try {
    const content = method === "GET" ? {} : { body, headers: { ...headers, "Content-Type": "application/json" } };
    const signal = AbortSignal.timeout(PATIENCE);
    const answer = await fetch(API + path, { method, headers, cache: "no-store", credentials: "omit", signal, ...content });
    // A page in the place of an answer is a proxy's, or the sign-in of a school's network.
    const said = await answer.json();
    if (answer.status >= 500) throw new Away(answer.status);
    return { status: answer.status, said };
  } catch (failure) {
    throw new Away(failure.message);
  }
}
