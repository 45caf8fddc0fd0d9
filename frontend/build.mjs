// Rebuilds the files committed in campanella/foundation/design/static/cp: one stylesheet, one sprite of signs,
// the fonts and htmx. Run it by `make theme` after a change here or after a template uses a new class or sign.
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { PurgeCSS } from "purgecss";
import * as sass from "sass";
import { KEEP } from "./safelist.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const modules = path.join(here, "node_modules");
const out = path.join(here, "../campanella/foundation/design/static/cp");
const read = (...parts) => fs.readFileSync(path.join(here, ...parts), "utf8");
const write = (name, text) => fs.writeFileSync(path.join(out, name), text);

// sass begins compressed files with a byte order mark, which would silently swallow the first rule when joined.
const withoutMark = (css) => css.replace(/^\uFEFF/, "");

// The blue of Bootstrap Italia becomes the town's own colour.
const TOWN_COLOURS = [
  [/#06c\b|#0066cc\b|hsl\(210, ?100%, ?40%\)/g, "var(--town)"],
  [/rgb\(0%, 32%, 64%\)|#0052a3\b/g, "var(--town-deep)"],
];

async function stylesheet() {
  const options = { style: "compressed", loadPaths: [modules], quietDeps: true, logger: sass.Logger.silent };
  let base = withoutMark(sass.compile(path.join(here, "bootstrap.scss"), options).css);
  for (const [blue, own] of TOWN_COLOURS) base = base.replace(blue, own);
  const own = withoutMark(sass.compileString(read("campanella.css"), { syntax: "css", style: "compressed" }).css);
  const [purged] = await new PurgeCSS().purge({
    css: [{ raw: base }],
    content: [path.join(here, "../campanella/**/templates/**/*.html")],
    defaultExtractor: classesAndTags,
    safelist: { standard: [...KEEP, ...ELEMENTS] },
    variables: false,
  });
  write("campanella.css", withoutUnusedVariables(purged.css + own));
}

// Elements are kept, whatever the templates use today: their rules are few and a page may always bring one.
const ELEMENTS = [/^(html|body|main|a|p|h[1-6]|ul|ol|li|dl|dt|dd|table|caption|thead|tbody|tfoot|tr|th|td)$/,
  /^(b|strong|em|small|sub|sup|hr|pre|code|figure|img|svg|label|button|input|select|textarea|optgroup|option)$/,
  /^(fieldset|legend|output|summary|details|address|abbr|mark|progress|blockquote|iframe|nav|dialog)$/];

// A class is what stands between quotes or blanks of a class attribute; words of the text do not count.
function classesAndTags(content) {
  const classes = [...content.matchAll(/class="([^"]*)"|class=([\w-]+)/g)].flatMap((m) => (m[1] ?? m[2]).split(/[\s{}%"'=]+/));
  return classes.filter(Boolean);
}

function withoutUnusedVariables(css) {
  for (;;) {
    const used = new Set([...css.matchAll(/var\((--bs-[\w-]+)/g)].map((m) => m[1]));
    const smaller = css.replace(/(--bs-[\w-]+):[^;{}]*(;|(?=\}))/g, (whole, name) => (used.has(name) ? whole : ""));
    if (smaller === css) return css;
    css = smaller;
  }
}

function signs() {
  const wanted = read("signs.txt").split(/\s+/).filter(Boolean);
  const sprite = read("node_modules/bootstrap-italia/dist/svg/sprites.svg");
  const official = wanted.map((id) => {
    const symbol = sprite.match(new RegExp(`<symbol[^>]*id="${id}"[^>]*>.*?</symbol>`, "s"));
    if (!symbol) throw new Error(`The official sprite has no sign ${id}`);
    return symbol[0].replace(/\s+/g, " ").replace(/> </g, "><");
  });
  const own = read("signs.svg").match(/<symbol.*?<\/symbol>/gs);
  write("signs.svg", `<svg xmlns="http://www.w3.org/2000/svg">${official.concat(own).join("")}</svg>\n`);
}

function fonts() {
  fs.mkdirSync(path.join(out, "fonts"), { recursive: true });
  for (const weight of [400, 600, 700])
    for (const part of ["latin", "latin-ext"]) {
      const file = `titillium-web-${part}-${weight}-normal.woff2`;
      fs.copyFileSync(path.join(modules, "@fontsource/titillium-web/files", file), path.join(out, "fonts", file.replace("-normal", "")));
    }
}

fs.mkdirSync(out, { recursive: true });
await stylesheet();
signs();
fonts();
fs.copyFileSync(path.join(modules, "htmx.org/dist/htmx.min.js"), path.join(out, "htmx.js"));
