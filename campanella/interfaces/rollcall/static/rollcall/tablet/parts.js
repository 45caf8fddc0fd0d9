// What the screens are made of.

const SVG = "http://www.w3.org/2000/svg";
const SIGNS = document.body.dataset.signs;

// Make an element: el("p", { class: "x", onclick: f, hidden: false }, "text", another). Text is always text, never markup.
export function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

export function sign(name, more = "icon-sm") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", `icon ${more}`);
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("focusable", "false");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${SIGNS}#${name}`);
  svg.append(use);
  return svg;
}

const NOTES = { ok: "it-check-circle", wait: "c-cloud-off", warn: "it-warning-circle", error: "it-error", off: "it-info-circle" };

export function note(kind, title, text, ...more) {
  const said = el("div", {}, el("b", {}, title), text);
  return el("div", { class: `cp-note is-${kind} flex-wrap align-items-center` }, sign(NOTES[kind]), said, ...more);
}

export function button(label, onclick, { id, primary = false, icon = null, big = false, more = "", ...rest } = {}) {
  const look = primary ? "btn-primary" : "btn-outline-primary";
  const size = big ? " btn-lg" : "";
  return el("button", { type: "button", id, class: `btn ${look}${size} ${more}`.trim(), onclick, ...rest }, icon && sign(icon), label);
}

export function round(label, icon, onclick, id) {
  return el("button", { type: "button", class: "cp-round cp-bare", id, onclick }, sign(icon), label);
}

// One or several: count(1, "segno", "segni").
export function count(number, one, many) {
  return `${number} ${number === 1 ? one : many}`;
}

// Say something to who does not see the screen.
export function tell(text) {
  document.querySelector("[data-told]").textContent = text;
}
