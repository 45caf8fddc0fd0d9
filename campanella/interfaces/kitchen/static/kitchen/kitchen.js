// A board that stands still must say so: the note appears when a question goes without answer, and leaves with the next one.
"use strict";

const offline = document.querySelector("[data-offline]");
let missed = 0;

function heard(is_heard) {
  missed = is_heard ? 0 : missed + 1;
  offline.hidden = missed < 3;
}

document.body.addEventListener("htmx:sendError", () => heard(false));
document.body.addEventListener("htmx:afterRequest", ({ detail }) => {
  if (detail.xhr.status) heard(detail.xhr.status < 500);
});
