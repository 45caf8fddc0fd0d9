// Before money is taken the page asks whether the server can be reached. When it cannot, nothing is sent and the page says so:
// nothing was booked. A press that was sent and had no answer may be repeated, because the form's own key books once.
// The button says what it takes: "Incassa 20 €".
"use strict";

const PATIENCE = 8000;

function asksFirst(form) {
  const note = form.querySelector("[data-no-network]");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.dataset.asking) return;
    form.dataset.asking = "yes";
    form.setAttribute("aria-busy", "true");
    note.hidden = true;
    if (await isThere(form.dataset.asksFirst)) {
      form.submit();
      return;
    }
    note.hidden = false;
    note.scrollIntoView({ block: "nearest" });
    ready();
  });
  const ready = () => {
    delete form.dataset.asking;
    form.removeAttribute("aria-busy");
  };
  // Going back to a page kept in memory must find the form ready again.
  window.addEventListener("pageshow", ready);
}

async function isThere(address) {
  try {
    await fetch(address, { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
    return true;
  } catch {
    return false;
  }
}

function saysHowMuch(button) {
  const form = button.form;
  const say = () => {
    const chosen = form.querySelector("input[name=amount]:checked");
    const words = chosen && chosen.value !== "altro" ? chosen.labels[0].textContent.trim() : "";
    button.textContent = `Incassa ${words}`.trim();
  };
  form.addEventListener("change", say);
  window.addEventListener("pageshow", say);
  say();
}

document.querySelectorAll("form[data-asks-first]").forEach(asksFirst);
document.querySelectorAll("button[data-take]").forEach(saysHowMuch);
