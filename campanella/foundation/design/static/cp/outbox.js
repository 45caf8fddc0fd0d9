// What a family writes without network, kept by the service worker until the network is back.
//
// A form with a hidden field "senza-rete" may wait: its text is kept in IndexedDB with the phone's own time of the tap,
// before anything is shown as done. Once the network is back it is sent with that time and the phone's time of sending: the
// server reckons how wrong the phone's clock is, and judges. The form's own key makes a second sending harmless.
"use strict";

const OUTBOX = "outbox";

function stored(mode, act) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(OUTBOX, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore("forms", { keyPath: "key" });
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const transaction = opening.result.transaction("forms", mode);
      const asked = act(transaction.objectStore("forms"));
      transaction.oncomplete = () => {
        opening.result.close();
        resolve(asked?.result);
      };
      transaction.onerror = () => reject(transaction.error);
    };
  });
}

// Longer than this nothing waits: no cut-off is so patient.
const LONGEST_WAIT = 7 * 24 * 60 * 60 * 1000;

// Whose phone it is now: whose pages are kept. Whoever signs in next is not sent what somebody else wrote.
async function person() {
  const kept = (await caches.keys()).find((name) => name.startsWith("pages-"));
  return kept?.slice("pages-".length) ?? "";
}

// Send a form; without network keep it, if it may wait.
async function form(request) {
  const tapped = new Date().toISOString();
  const copy = request.clone();
  try {
    return await fetch(request);
  } catch {
    const text = await copy.text();
    const fields = new URLSearchParams(text);
    if (!fields.has("senza-rete")) return (await caches.match(CONFIG.offline)) ?? Response.error();
    const whose = await person();
    await stored("readwrite", (forms) => forms.put({ key: fields.get("key"), address: request.url, text, tapped, person: whose }));
    self.registration.sync?.register(OUTBOX).catch(() => undefined);
    return saved(tapped, fields.get("senza-rete"));
  }
}

// Say that it is kept, and what will count: in the frame of the page that is shown without network.
async function saved(tapped, rule) {
  const frame = await (await caches.match(CONFIG.offline)).text();
  const safe = (words) => words.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  const words = `<main id="contenuto" tabindex="-1"><div class="cp-wrap cp-page"><section class="cp-card text-center cp-narrow">
    <h1>Salvata sul telefono</h1><p class="cp-lead mt-2">Scritta alle ${clockOf(tapped)}, parte da sola appena torna la rete: lascia
    aperto il portale, o riaprilo. <strong>Non è ancora arrivata.</strong></p><p>${safe(rule)}</p>
    <div class="cp-actions"><a class="btn btn-primary" href="/">Vai alla Home</a></div></section></div></main>`;
  const headers = { "content-type": "text/html; charset=utf-8" };
  return new Response(frame.replace(/<main[\s\S]*<\/main>/, () => words), { headers });
}

function clockOf(instant) {
  return new Date(instant).toLocaleTimeString("it-IT", { timeZone: "Europe/Rome", hour: "numeric", minute: "2-digit" });
}

// Send what waits, one after the other; what the server has answered, whatever it was, waits no longer.
async function sendForms() {
  const told = [];
  for (const kept of await stored("readonly", (forms) => forms.getAll())) {
    try {
      const isOver = Date.now() - Date.parse(kept.tapped) > LONGEST_WAIT;
      const answer = isOver ? new URL(kept.address).pathname : await sendForm(kept);
      if (!answer) continue;
      await stored("readwrite", (forms) => forms.delete(kept.key));
      told.push({ address: answer, tapped: clockOf(kept.tapped) });
    } catch {
      break;
    }
  }
  const whose = await person();
  const waiting = (await stored("readonly", (forms) => forms.getAll())).filter((kept) => kept.person === whose);
  return { told, waiting: waiting.map(({ tapped }) => clockOf(tapped)) };
}

// Send one, with a token of the session as it is now; return where the answer is, nothing while its writer is not signed in.
async function sendForm(kept) {
  const page = await fetch(kept.address, { credentials: "same-origin" });
  if (page.status >= 500 || page.headers.get("x-person") !== kept.person) return "";
  const token = (await page.text()).match(/name="csrfmiddlewaretoken" value="([^"]+)"/);
  if (!token) return new URL(kept.address).pathname;
  const fields = new URLSearchParams(kept.text);
  fields.set("csrfmiddlewaretoken", token[1]);
  fields.set("toccato", kept.tapped);
  fields.set("inviato", new Date().toISOString());
  const answer = await fetch(kept.address, { method: "POST", body: fields, credentials: "same-origin" });
  return answer.status >= 500 ? "" : new URL(answer.url).pathname;
}

self.addEventListener("sync", (event) => {
  if (event.tag === OUTBOX) event.waitUntil(sendForms());
});

self.addEventListener("message", (event) => {
  if (event.data === "outbox") event.waitUntil(sendForms().then((found) => event.source.postMessage(found)));
});
