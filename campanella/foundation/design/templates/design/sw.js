// The service worker of the family portal. It keeps the last state of each page that allows it (the mark
// <!--offline KEY--> written by design/portal.html) and shows it, with a note, when the network is away.
// It never keeps answers to POST, and no page of the office, of the school or of the sign-in: they carry no mark.
"use strict";

const CONFIG = {{ config }};
const SHELL = `shell-${CONFIG.version}`;
const MOST_PAGES = 40;

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
  if (request.method === "POST" && url.pathname === CONFIG.signOut) event.waitUntil(forgetPages());
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
  try {
    const answer = await fetch(event.request);
    event.waitUntil(keep(event.request, answer.clone()));
    return answer;
  } catch {
    return (await remembered(event.request)) ?? (await caches.match(CONFIG.offline)) ?? Response.error();
  }
}

async function keep(request, answer) {
  const kind = answer.headers.get("content-type") ?? "";
  if (answer.status !== 200 || answer.redirected || !kind.startsWith("text/html")) return;
  const text = await answer.text();
  const mark = text.match(/<!--offline ([\w-]+)-->/);
  if (!mark) return;
  const own = `pages-${mark[1]}`;
  await forget((name) => name.startsWith("pages-") && name !== own);
  const headers = new Headers(answer.headers);
  for (const name of ["content-encoding", "content-length"]) headers.delete(name);
  headers.set("x-kept-at", new Date().toISOString());
  const cache = await caches.open(own);
  await cache.delete(request, { ignoreVary: true });
  await cache.put(request, new Response(text, { headers }));
  const kept = await cache.keys();
  for (const old of kept.slice(0, Math.max(0, kept.length - MOST_PAGES))) await cache.delete(old);
}

// The page that brought the worker here was loaded before it: it is asked for once more, to be readable as well.
async function keepOpenPages() {
  for (const { url } of await self.clients.matchAll({ type: "window" })) await keep(new Request(url), await fetch(url));
}

async function remembered(request) {
  for (const name of await caches.keys()) {
    if (!name.startsWith("pages-")) continue;
    const answer = await (await caches.open(name)).match(request, { ignoreVary: true });
    if (!answer) continue;
    const text = await answer.text();
    const at = answer.headers.get("x-kept-at");
    return new Response(text.replace(/<!--offline [\w-]+-->/, note(at)), { headers: answer.headers });
  }
  return undefined;
}

function note(at) {
  const zone = { timeZone: "Europe/Rome" };
  const when = new Date(at);
  const day = when.toLocaleDateString("it-IT", { ...zone, day: "numeric", month: "long" });
  const today = new Date().toLocaleDateString("it-IT", { ...zone, day: "numeric", month: "long" });
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

function forgetPages() {
  return forget((name) => name.startsWith("pages-"));
}
