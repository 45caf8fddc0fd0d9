"""Without network: the last state can be read, with a note; an unseen page says so; leaving clears everything."""

import re
from datetime import date, datetime
from typing import Any

from playwright.sync_api import expect

from campanella.foundation.core.clock import ROME
from tests.browser.persons import Person

NONE_KEPT = "async () => !(await caches.keys()).some((name) => name.startsWith('pages-'))"
# The page as it was opened last, wholly written down: the folder is there before it, and an older copy goes first.
IS_KEPT = """async () => {
  for (const name of await caches.keys()) {
    if (!name.startsWith("pages-")) continue;
    const copy = await (await caches.open(name)).match(location.href, { ignoreVary: true });
    if (copy && Date.parse(copy.headers.get("x-kept-at")) >= performance.timeOrigin) return true;
  }
  return false;
}"""

MOMENT = """async () => {
  const kept = (await caches.keys()).find((name) => name.startsWith("pages-"));
  return (await (await caches.open(kept)).match(location.href, { ignoreVary: true })).headers.get("x-moment");
}"""


def test_the_last_home_is_read_without_network(somebody: Any) -> None:
    person: Person = somebody(worker=True).sign_in("lunghi")
    person.page.evaluate("async () => { await navigator.serviceWorker.ready; }")
    person.open("/")
    person.comes_true(IS_KEPT)
    person.place.stop_web()
    try:
        person.open("/")
        person.reads("Sei senza rete", "Bartolomeo Ferdinando Massimiliano")
        # The town's clock stands in October; the browser's, whatever it says, does not.
        moment = datetime.fromisoformat(person.page.evaluate(MOMENT)).astimezone(ROME)
        assert moment.date() == date(2026, 10, 14)
        expect(person.page.locator("[data-kept-at]")).to_contain_text(re.compile(f"oggi alle 0?{moment:%-H:%M}"))
        person.open("/utility/domande-frequenti/")
        expect(person.heading("Sei senza rete")).to_be_visible()
        person.reads("non l’hai mai aperta su questo telefono")
    finally:
        person.place.start_web()
    person.open("/utility/")
    person.page.get_by_role("button", name="Esci").last.click()
    expect(person.heading("Entra")).to_be_visible()
    person.comes_true(NONE_KEPT)


def test_copies_end_with_the_first_answer_that_is_nobodys(somebody: Any) -> None:
    """The session ended otherwise than by Esci: a password changed elsewhere, a closed access, a fortnight."""
    person: Person = somebody(worker=True).sign_in("lunghi")
    person.page.evaluate("async () => { await navigator.serviceWorker.ready; }")
    person.open("/")
    person.comes_true(IS_KEPT)
    person.page.context.clear_cookies()

    person.open("/entra/")
    expect(person.heading("Entra")).to_be_visible()
    person.comes_true(NONE_KEPT)


def test_leaving_ends_what_another_tab_shows_and_keeps(somebody: Any) -> None:
    person: Person = somebody(worker=True, size="desktop").sign_in("lunghi")
    person.page.evaluate("async () => { await navigator.serviceWorker.ready; }")
    other = person.context.new_page()
    other.goto(person.place.address("/"))
    expect(other.locator("body")).to_contain_text("Bartolomeo Ferdinando Massimiliano")
    other.goto(person.place.address("/utility/"))

    person.button("Esci").first.click()
    expect(person.heading("Entra")).to_be_visible()

    expect(other.get_by_role("heading", name="Entra")).to_be_visible()
    other.go_back()
    expect(other.get_by_role("heading", name="Entra")).to_be_visible()
    person.page.go_back()
    expect(person.heading("Entra")).to_be_visible()
    person.comes_true(NONE_KEPT)
    other.close()


def test_a_tab_at_the_door_goes_on_once_another_has_entered(somebody: Any) -> None:
    person: Person = somebody(size="desktop").sign_in("lunghi")
    other = person.context.new_page()
    other.goto(person.place.address("/pagamenti/elenco/"))
    person.button("Esci").first.click()
    expect(other.get_by_role("heading", name="Entra")).to_be_visible()
    person.sign_in("lunghi")
    other.wait_for_url("**/pagamenti/elenco/")
    other.close()


def test_what_a_tab_was_loading_while_another_left_is_not_shown(somebody: Any) -> None:
    """It was asked for before the session ended and comes after it: the cookie says whose the tab is."""
    person: Person = somebody(size="desktop").sign_in("lunghi")
    late = person.page.evaluate("async () => (await fetch('/utility/')).text()")
    other = person.context.new_page()
    waiting: list[Any] = []
    other.route("**/utility/", lambda route: route.continue_() if waiting else waiting.append(route))
    other.evaluate("address => { location.href = address; }", person.place.address("/utility/"))
    while not waiting:
        other.wait_for_timeout(50)

    person.button("Esci").first.click()
    expect(person.heading("Entra")).to_be_visible()
    waiting[0].fulfill(body=late, content_type="text/html; charset=utf-8")

    expect(other.get_by_role("heading", name="Entra")).to_be_visible()
    other.close()
