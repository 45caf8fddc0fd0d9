"""
What every page must be: axe finds nothing, nothing scrolls sideways, fingers hit every target, nothing lies under the bar.

axe-core is in ``axe.js`` (Mozilla Public License 2.0, its notice at the head of the file); all of its rules run.
"""

from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.persons import SCREENS

AXE = Path(__file__).with_name("axe.js").read_text()
RUN_AXE = """async () => (await window.axe.run(document, { resultTypes: ["violations"] })).violations.map(
  (rule) => `${rule.id}: ${rule.nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(" | ")}`)"""
TIME_GOES_ON = "() => { setTimeout(() => { document.documentElement.dataset.time = 'on'; }, 0); }"
SIDEWAYS = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > width + 1)
    .slice(-3).map((e) => `wider than the screen: ${e.outerHTML.slice(0, 120)}`);
}"""
# The words of a row have room: a tag beside them stands below, before they break letter by letter.
SQUEEZED = """() => [...document.querySelectorAll(".cp-go > div:not(.text-end)")]
  .filter((e) => e.checkVisibility() && e.textContent.trim().length > 12 && e.getBoundingClientRect().width < 96)
  .slice(0, 3).map((e) => `words squeezed: ${e.outerHTML.slice(0, 120)}`)"""
# A control of text inside a sentence is exempt, and so is a checkbox or a radio whose label is large enough.
SMALL = """() => {
  const seen = (e) => e.checkVisibility({ visibilityProperty: true }) && !e.closest(".visually-hidden, .skiplinks");
  const inSentence = (e) => getComputedStyle(e).display === "inline" && e.closest("p, li, dd, td, label, .cp-note");
  const isSmall = (e) => {
    const box = (e.labels?.length && ["radio", "checkbox"].includes(e.type) ? e.labels[0] : e).getBoundingClientRect();
    return Math.min(box.width, box.height) < 43.5;
  };
  return [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
    .filter((e) => seen(e) && !inSentence(e) && isSmall(e))
    .map((e) => { const b = e.getBoundingClientRect();
      return `target ${Math.round(b.width)}×${Math.round(b.height)}: ${e.outerHTML.slice(0, 120)}`; }).slice(0, 4);
}"""
# Whoever moves by keyboard must see where they are: the browser scrolls to what has the focus, and no bar may cover it
# (of something tall, its beginning).
COVERED = """() => {
  const bars = [...document.querySelectorAll(".bottom-nav, .cp-actions--stick, .cp-rollbar")]
    .filter((bar) => bar.checkVisibility());
  const found = [];
  for (const e of document.querySelectorAll("main :is(a[href], button, input, select, textarea), footer a[href]")) {
    if (!e.checkVisibility({ visibilityProperty: true }) || bars.some((bar) => bar.contains(e))) continue;
    const shape = e.labels?.length && ["radio", "checkbox"].includes(e.type) ? e.labels[0] : e;
    e.focus();
    const box = shape.getBoundingClientRect();
    const under = bars.some((bar) => { const b = bar.getBoundingClientRect();
      return box.top < b.bottom - 1 && box.top + Math.min(box.height, 60) > b.top + 1; });
    if (under) found.push(`under a bar: ${e.outerHTML.slice(0, 120)}`);
  }
  document.activeElement?.blur();
  window.scrollTo(0, 0);
  return found.slice(0, 4);
}"""


def examine(page: Page, *, name: str, wide: bool = True) -> list[str]:
    """
    Return what is wrong with the page that is open, at three widths; the page comes back to its own.

    :param wide: also at the width of a desk
    """
    own = page.viewport_size or {"width": 390, "height": 844}
    widths = ["phone", "desktop"] if wide else ["phone"]
    # Where JavaScript is off, a question that waits is never answered, and Playwright would wait for it without end.
    page.evaluate(TIME_GOES_ON)
    expect(page.locator("html[data-time=on]")).to_be_attached()
    wrong = []
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE)
    for size in widths:
        _resize(page, *SCREENS[size])
        wrong += [f"{name} at {SCREENS[size][0]}: {found}" for found in page.evaluate(RUN_AXE)]
        if size == "phone":
            wrong += [f"{name}: {found}" for script in (SMALL, COVERED) for found in page.evaluate(script)]
    _resize(page, *SCREENS["small"])
    wrong += [f"{name} at 320: {found}" for script in (SIDEWAYS, SQUEEZED) for found in page.evaluate(script)]
    _resize(page, own["width"], own["height"])
    return wrong


def with_axe(context: BrowserContext) -> None:
    """Let every page that opens from now on bring axe along: to send each half a megabyte takes as long as to run it."""
    context.add_init_script(AXE)


def _resize(page: Page, width: int, height: int) -> None:
    size: Any = {"width": width, "height": height}
    if page.viewport_size != size:
        page.set_viewport_size(size)
