// The worker of the tablet's app. It keeps the page and its files, all of one version, and gives them without asking the
// network: the app opens as quickly with it as without. Another version comes as another worker, is fetched whole before
// it rules, and shows at the next start. What the tablet knows of children never passes here: see box.js.
"use strict";

const CONFIG = {{ config }};
const SHELL = `tablet-${CONFIG.version}`;

self.addEventListener("install", (event) => {
  const fresh = CONFIG.shell.map((address) => new Request(address, { cache: "no-cache" }));
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll(fresh)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(forget().then(() => self.clients.claim()));
});

async function forget() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("tablet-") && name !== SHELL).map((name) => caches.delete(name)));
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  const address = request.mode === "navigate" ? CONFIG.page : url.pathname;
  if (CONFIG.shell.includes(address)) event.respondWith(kept(address, request));
});

async function kept(address, request) {
  const cache = await caches.open(SHELL);
  return (await cache.match(address)) ?? fetch(request);
}
