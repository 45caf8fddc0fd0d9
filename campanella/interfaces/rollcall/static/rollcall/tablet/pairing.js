// The first screen of a new tablet: it pairs itself with the code that the office shows.

import { button, el, note } from "./parts.js";
import * as store from "./store.js";
import { newBoxKey, newDeviceKey } from "./vault.js";
import { Away, pair } from "./wire.js";

let failure = null;
let busy = false;

// The code comes behind the # of the address that the QR opens; it is taken out of the address at once.
let code = location.hash.slice(1);
if (code) history.replaceState(null, "", location.pathname);

export function screen({ draw, paired, revoked }) {
  const given = el("input", {
    id: "code", class: "form-control", type: "text", value: code, autocomplete: "off", autocapitalize: "characters", spellcheck: "false",
    "aria-describedby": "code-help", "aria-invalid": failure ? "true" : null, oninput: ({ target }) => { code = target.value; },
  });
  const asked = el("form", { class: "cp-card", novalidate: true, onsubmit: (event) => { event.preventDefault(); go(draw, paired); } },
    failure && note("error", "Non è stato abbinato", failure),
    el("div", { class: "cp-field" },
      el("label", { for: "code" }, "Codice di abbinamento"),
      given,
      el("small", { class: "form-text", id: "code-help" }, "Lo prepara l’ufficio alla voce “Tablet”, per esempio K7MQ-3XPA-9DWF: vale dieci minuti e una volta sola. Senza fotocamera scrivilo qui; maiuscole, spazi e trattini non contano.")),
    el("div", { class: "cp-actions" },
      el("button", { type: "submit", class: "btn btn-primary", id: "pair", disabled: busy }, busy ? "Abbino…" : "Abbina questo tablet")));
  return {
    heading: "Abbina il tablet",
    content: el("div", { class: "p-3" }, el("div", { class: "cp-narrow cp-stack" },
      revoked && note("warn", "Questo tablet è stato revocato", "I dati che aveva in memoria sono stati cancellati. Per usarlo di nuovo chiedi un codice all’ufficio."),
      el("p", { class: "cp-lead" }, "Con questo tablet si fa l’appello in classe, anche quando manca la rete."),
      asked)),
  };
}

async function go(draw, paired) {
  if (busy) return;
  failure = code.trim() ? null : "Scrivi il codice che l’ufficio ti legge, o inquadra il QR con la fotocamera.";
  busy = !failure;
  draw();
  if (failure) return;
  try {
    // The same key for a code that is tried again: an answer that was lost is given once more.
    const key = (await store.get("pairing")) ?? (await newDeviceKey());
    await store.put("pairing", key);
    const { device_id, name, town, schools } = await pair({ code: code.trim().split("#").at(-1), public_key: key.shown });
    await store.put("box", (await store.get("box")) ?? (await newBoxKey()));
    await store.put("device", { device_id, name, town, schools, secret: key.secret });
    await store.remove("pairing");
    navigator.storage?.persist?.();
    code = "";
    busy = false;
    paired();
  } catch (refusal) {
    busy = false;
    failure = refusal instanceof Away ? "Serve la rete, solo per questa volta: controlla il Wi-Fi e riprova."
      : refusal.message || "Il tablet non ha spazio per salvare l’abbinamento.";
    draw();
  }
}
