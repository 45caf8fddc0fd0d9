// Starts the app, and the worker that lets it open without network.

import { start } from "./app.js";

const { worker, scope } = document.body.dataset;
if ("serviceWorker" in navigator) navigator.serviceWorker.register(worker, { scope });
start().catch(() => {
  // Nothing can be kept here: a private window, or a browser that forbids it. Marks would be lost, so none is taken.
  document.querySelector("[data-main]").replaceChildren(Object.assign(document.createElement("p"), {
    className: "cp-lead p-3",
    textContent: "Questo browser non può salvare i segni: apri la pagina in una finestra normale, non in incognito.",
  }));
});
