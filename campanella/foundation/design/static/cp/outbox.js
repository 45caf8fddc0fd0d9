// What a family writes without network, kept by the service worker until the network is back.
//
// A form with a hidden field "senza-rete" may wait: its text is kept in IndexedDB with the phone's own time of the tap,
// before anything is shown as done. Once the network is back it is sent with that time and the phone's time of sending: the
// server reckons how wrong the phone's clock is, and judges. The form's own key makes a second sending harmless.
//
// What becomes of it is one of three, and stays written down until its writer has read it: it arrived (the server has given
// a number), it was refused (with the server's sentence), or it waited too long and was never sent.
"use strict";

const OUTBOX = "outbox";

// A row for each form that was pressed: one page, gone back to and pressed again, is another row.
function stored(mode, act) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(OUTBOX, 2);
    opening.onupgradeneeded = () => upgrade(opening.result, opening.transaction);
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const transaction = opening.result.transaction("pressed", mode);
      const asked = act(transaction.objectStore("pressed"));
      transaction.oncomplete = () => {
        opening.result.close();
        resolve(asked?.result);
      };
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    };
  });
}

// Until version 2 a row was known by its form's key; what waits from before is taken along.
function upgrade(database, transaction) {
  const pressed = database.createObjectStore("pressed", { keyPath: "id" });
  if (!database.objectStoreNames.contains("forms")) return;
  transaction.objectStore("forms").getAll().onsuccess = ({ target }) => {
    for (const kept of target.result) pressed.put({ ...kept, id: kept.key });
    database.deleteObjectStore("forms");
  };
}

// Longer than this nothing is sent: what its writer has asked since would be undone by it.
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
    const fields = new URLSearchParams(await copy.text());
    if (!fields.has("senza-rete")) return (await caches.match(CONFIG.offline)) ?? Response.error();
    await keepForm(request.url, fields, tapped);
    self.registration.sync?.register(OUTBOX).catch(() => undefined);
    return saved(tapped, fields.get("senza-rete"));
  }
}

// The same once more is a second tap; something else from the same page is another request, with a key of its own.
async function keepForm(address, fields, tapped) {
  const key = fields.get("key"), said = wordsOf(fields);
  const before = (await stored("readonly", (rows) => rows.getAll())).filter((row) => row.key === key);
  if (before.some((row) => !row.became && wordsOf(new URLSearchParams(row.text)) === said)) return;
  if (before.length) fields.set("key", crypto.randomUUID());
  const row = { id: crypto.randomUUID(), key, address, text: fields.toString(), tapped, person: await person() };
  await stored("readwrite", (rows) => rows.put(row));
}

function wordsOf(fields) {
  const said = new URLSearchParams(fields);
  for (const name of ["key", "csrfmiddlewaretoken"]) said.delete(name);
  return said.toString();
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

// Pages that ask at the same time get the same sending.
let sending = null;
function sendForms() {
  sending ??= deliver().finally(() => { sending = null; });
  return sending;
}

// Send what waits, one after the other; return what the person at the phone has to read.
async function deliver() {
  for (const row of await oldestFirst()) {
    if (row.became) continue;
    try {
      const isOver = Date.now() - Date.parse(row.tapped) > LONGEST_WAIT;
      const became = isOver ? { became: "over" } : await sendForm(row);
      if (became) await stored("readwrite", (rows) => rows.put({ ...row, ...became }));
    } catch {
      break;
    }
  }
  const whose = await person();
  const mine = (await oldestFirst()).filter((row) => row.person === whose);
  const told = ({ id, became = "waits", says, answer, address }) => ({ id, became, says, address: answer ?? address });
  return { outbox: mine.map((row) => ({ ...told(row), when: whenOf(row), what: whatOf(row) })) };
}

async function oldestFirst() {
  const rows = await stored("readonly", (all) => all.getAll());
  return rows.sort((one, other) => (one.tapped < other.tapped ? -1 : 1));
}

// Send one, with a token of the session as it is now; return what became of it, nothing while it has to wait: its writer is
// not signed in, or the server cannot answer yet.
async function sendForm(row) {
  const page = await fetch(row.address, { credentials: "same-origin" });
  if (mustWait(page, row)) return null;
  const token = (await page.text()).match(/name="csrfmiddlewaretoken" value="([^"]+)"/);
  if (!token) return null;
  const fields = new URLSearchParams(row.text);
  fields.set("csrfmiddlewaretoken", token[1]);
  fields.set("toccato", row.tapped);
  fields.set("inviato", new Date().toISOString());
  const answer = await fetch(row.address, { method: "POST", body: fields, credentials: "same-origin" });
  if (mustWait(answer, row)) return null;
  const { pathname } = new URL(answer.url);
  // Only who has been given a number has been heard.
  if (answer.ok && answer.redirected && /^\/richieste\/[^/]+\/$/.test(pathname)) return { became: "arrived", answer: pathname };
  return { became: "refused", says: (await answer.text()).match(/<div data-says>([^<]*)<\/div>/)?.[1] };
}

function mustWait(answer, row) {
  return answer.status >= 500 || [403, 429].includes(answer.status) || answer.headers.get("x-person") !== row.person;
}

function whatOf(row) {
  const fields = new URLSearchParams(row.text);
  const what = { disdici: "La disdetta", prenota: "La prenotazione" };
  const day = fields.get("giorno")?.match(/^\d+-(\d+)-(\d+)$/);
  return `${what[fields.get("fai")] ?? "La richiesta"}${day ? ` per il ${day[2]}/${day[1]}` : ""}`;
}

function whenOf(row) {
  const as = { timeZone: "Europe/Rome", day: "2-digit", month: "2-digit" };
  const dayOf = (instant) => new Date(instant).toLocaleDateString("it-IT", as);
  const day = dayOf(row.tapped);
  return `${day === dayOf(Date.now()) ? "" : `il ${day} `}alle ${clockOf(row.tapped)}`;
}

// What arrived is forgotten once a page has said so; what did not, once its writer has read it.
async function report(client) {
  const found = await sendForms();
  client.postMessage(found);
  for (const row of found.outbox) if (row.became === "arrived") await stored("readwrite", (rows) => rows.delete(row.id));
}

self.addEventListener("sync", (event) => {
  if (event.tag === OUTBOX) event.waitUntil(sendForms());
});

self.addEventListener("message", (event) => {
  if (event.data === "outbox") event.waitUntil(report(event.source));
  if (event.data?.read) event.waitUntil(stored("readwrite", (rows) => rows.delete(event.data.read)));
});
