// The service worker of the family portal. It keeps the last state of each page that allows it (the mark
// <!--offline KEY--> written by design/portal.html) and shows it, with a note, when the network is away.
// What may wait for the network is kept by outbox.js. It never keeps answers to POST, and no page of the office, of the school or of the sign-in: they carry no mark.
// Whose the copies are, every answer says (X-Person): the first one that is another person's, or nobody's, ends them,
// however the session ended. An answer that was asked for before that comes too late to be kept.
"use strict";

const CONFIG = {{ config }};
importScripts(CONFIG.outbox);
const SHELL = `shell-${CONFIG.version}`;
const MOST_PAGES = 40;
const LONGEST_KEPT = 14 * 24 * 60 * 60 * 1000;

let asked = 0;
let changedAt = 0;
let shown = null;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll(CONFIG.shell)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const isOld = (name) => name.startsWith("shell-") && name !== SHELL;
  event.waitUntil(forget(isOld).then(() => self.clients.claim()).then(keepOpenPages));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.method === "POST" && url.pathname === CONFIG.signOut) event.waitUntil(belongTo("nobody", ++asked));
  if (request.method === "POST" && request.mode === "navigate") event.respondWith(form(request));
  if (request.method !== "GET") return;
  if (CONFIG.files.some((start) => url.pathname.startsWith(start))) event.respondWith(file(request));
  else if (request.mode === "navigate") event.respondWith(page(event));
});

// A file: from the network, which costs nothing while the browser has it fresh; from our copy when that fails.
async function file(request) {
  const cache = await caches.open(SHELL);
  try {
    const answer = await fetch(request);
    if (answer.ok) await cache.put(request, answer.clone());
    return answer;
  } catch {
    return (await cache.match(request)) ?? Response.error();
  }
}

// A page: always the network first; what we kept only when there is none.
async function page(event) {
  const number = ++asked;
  try {
    const answer = await fetch(event.request);
    event.waitUntil(keep(event.request, answer.clone(), number));
    return answer;
  } catch {
    return (await remembered(event.request)) ?? (await caches.match(CONFIG.offline)) ?? Response.error();
  }
}

// Note whose the answers are from now on; the copies of anybody else are dropped.
async function belongTo(person, number) {
  if (person !== shown) changedAt = number;
  shown = person;
  await forget((name) => name.startsWith("pages-") && name !== `pages-${person}`);
}

async function keep(request, answer, number) {
  const person = answer.headers.get("x-person");
  if (!person || number < changedAt) return;
  await belongTo(person, number);
  const kind = answer.headers.get("content-type") ?? "";
  if (answer.status !== 200 || answer.redirected || !kind.startsWith("text/html")) return;
  const text = await answer.text();
  const mark = text.match(/<!--offline ([\w-]+)-->/);
  if (!mark) return;
  if (mark[1] !== person || number < changedAt) return;
  const own = `pages-${person}`;
  const headers = new Headers(answer.headers);
  for (const name of ["content-encoding", "content-length"]) headers.delete(name);
  headers.set("x-kept-at", new Date().toISOString());
  const cache = await caches.open(own);
  await cache.delete(request, { ignoreVary: true });
  await cache.put(request, new Response(text, { headers }));
  if (number < changedAt) await caches.delete(own);
  const kept = await cache.keys();
  for (const old of kept.slice(0, Math.max(0, kept.length - MOST_PAGES))) await cache.delete(old);
}

// The page that brought the worker here was loaded before it: it is asked for once more, to be readable as well.
async function keepOpenPages() {
  for (const { url } of await self.clients.matchAll({ type: "window" })) await ask(new Request(url));
}

// An answer is as old as its question: the number is taken before the network is asked, so that one that was asked for
// while somebody was signed in is not taken for a new one after they left.
async function ask(request) {
  const number = ++asked;
  await keep(request, await fetch(request), number);
}

async function remembered(request) {
  for (const name of await caches.keys()) {
    if (!name.startsWith("pages-")) continue;
    const answer = await (await caches.open(name)).match(request, { ignoreVary: true });
    if (!answer) continue;
    const at = answer.headers.get("x-kept-at");
    if (Date.now() - Date.parse(at) > LONGEST_KEPT) continue;
    const text = fresh(await answer.text(), at);
    if (!text) continue;
    const written = answer.headers.get("x-moment") ?? at;
    return new Response(text.replace(/<!--offline [\w-]+-->/, note(at, written)), { headers: answer.headers });
  }
  return undefined;
}

// A form that is filled in from a copy is another form each time; one that speaks of today is of no use tomorrow.
function fresh(text, at) {
  if (!text.includes('name="senza-rete"')) return text;
  const dayOf = (instant) => new Date(instant).toLocaleDateString("it-IT", { timeZone: "Europe/Rome" });
  if (dayOf(at) !== dayOf(Date.now())) return "";
  return text.replace(/(name="key" value=")[^"]*"/, (_, start) => `${start}${crypto.randomUUID()}"`);
}

// A page that may be needed without network is kept before it is opened, once a day.
self.addEventListener("message", (event) => {
  if (event.data?.keep) event.waitUntil(keepAhead(event.data.keep));
});

async function keepAhead(addresses) {
  for (const address of addresses) {
    const request = new Request(address);
    if (!(await remembered(request))) await ask(request);
  }
}

// When the server wrote the page is told, by its own clock (X-Moment); the browser's only tells how long that is ago.
function note(at, written) {
  const zone = { timeZone: "Europe/Rome" };
  const when = new Date(written);
  const day = when.toLocaleDateString("it-IT", { ...zone, day: "numeric", month: "long" });
  const now = new Date(when.getTime() + Date.now() - Date.parse(at));
  const today = now.toLocaleDateString("it-IT", { ...zone, day: "numeric", month: "long" });
  const time = when.toLocaleTimeString("it-IT", { ...zone, hour: "numeric", minute: "2-digit" });
  const sign = CONFIG.shell.find((address) => address.includes("/signs"));
  return `<div class="cp-note is-off mb-3" role="status" data-kept-at="${at}"><svg class="icon icon-sm" aria-hidden="true"
    focusable="false"><use href="${sign}#c-cloud-off"></use></svg><div><b>Sei senza rete</b><p>Vedi i dati di
    <strong>${day === today ? "oggi" : `${day},`} alle ${time}</strong>. Quando la rete torna, la pagina si aggiorna
    da sola.</p><a href="">Riprova adesso</a></div></div>`;
}

async function forget(unwanted) {
  for (const name of await caches.keys()) if (unwanted(name)) await caches.delete(name);
}
