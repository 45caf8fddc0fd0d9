// Classes that stay in the stylesheet even when no template uses them yet: a page builder may rely on them.
// Everything else of Bootstrap Italia stays only while a template uses it.

const STEP = "(0|1|2|3|4|5|auto)";
const FLEX = "(row|column|wrap|nowrap|fill|grow-0|grow-1|shrink-0)";
const CONTENT = "(start|end|center|between)";
const SHOWN = "(none|block|flex|grid|inline-flex|inline-block|table-cell)";

export const KEEP = [
  /^cp-/, /^is-/, /^htmx-/,
  new RegExp(`^(m|mt|mb|ms|me|mx|my|p|pt|pb|ps|pe|px|py)-${STEP}$`),
  new RegExp(`^(mb|mt|ms|p|px|py)-(md|lg)-(0|3|4|auto)$`),
  /^(gap|g|gx|gy)-[0-5]$/,
  new RegExp(`^d-((sm|md|lg|print)-)?${SHOWN}$`),
  new RegExp(`^flex-((md|lg)-)?${FLEX}$`),
  new RegExp(`^justify-content-(md-|lg-)?${CONTENT}$`),
  new RegExp(`^align-items-(md-|lg-)?(start|end|center|baseline|stretch)$`),
  /^align-self-(start|end|center|stretch)$/, /^align-(top|middle|baseline)$/,
  /^order-(first|last|md-first|md-last)$/,
  /^row$/, /^col$/, /^col-(auto|6|12)$/, /^col-(sm|md|lg|xl)-(auto|3|4|5|6|7|8|9|12)$/, /^container(-fluid)?$/,
  /^text-(start|end|center|md-end|body|dark|nowrap|wrap|break|truncate|uppercase|decoration-none|success)$/,
  /^fw-(normal|semibold|bold)$/, /^fs-[2-6]$/, /^lh-(1|sm|base)$/, /^font-monospace$/, /^fst-italic$/,
  /^(w|h)-(25|50|75|100|auto)$/, /^mw-100$/, /^bg-white$/, /^rounded(-pill|-circle)?$/,
  /^border(-0|-top|-bottom)?$/, /^overflow-(auto|hidden)$/, /^position-(relative|absolute|sticky)$/,
  /^(sticky|fixed)-(top|bottom)$/, /^visually-hidden(-focusable)?$/, /^stretched-link$/, /^float-(start|end)$/,
  /^list-(unstyled|inline|inline-item)$/, /^small$/, /^lead$/, /^h[1-4]$/, /^user-select-all$/,
  /^btn$/, /^btn-(primary|secondary|danger|outline-primary|outline-danger|link|sm|lg|quiet|desk)$/, /^disabled$/, /^active$/,
  /^badge$/, /^icon$/, /^icon-(xs|sm|lg|xl|white)$/, /^skiplinks$/, /^bottom-nav(-label)?$/,
];
