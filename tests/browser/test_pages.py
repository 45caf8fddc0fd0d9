"""Every page in every state: no axe violation, no sideways scroll, targets for fingers, nothing under a bar."""

from typing import Any
from urllib.parse import urlsplit

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, resolve

from tests.browser import pages, pages_of_the_office
from tests.browser.examine import examine, with_axe
from tests.browser.persons import Person
from tests.browser.states import State
from tests.browser.steps import eventually

ROUNDS = {
    "": pages.NOBODY,
    "rossi": pages.FAMILY,
    **pages.OTHER_FAMILIES,
    "school": pages.SCHOOL,
    "kitchen": pages.KITCHEN,
    "cashier": pages.CASHIER,
    "office": pages_of_the_office.OFFICE,
    "borgo: office": pages.NEXT_DOOR,
}


REFUSALS = ("Questa pagina non c’è", "Qui non puoi entrare", "Qualcosa è andato storto")


@pytest.fixture(scope="package")
def lively(place: Any) -> None:
    """Something has been paid, and something was paid that nobody knows."""
    town, notice = place.people["tax_code"], place.people["notices"]["Emma"]["number"]
    place.ask("/api/pay", {"notice_number": notice, "fiscal_code": town})
    unknown = {"notice_number": "301000000000999904", "fiscal_code": town, "amount_cents": 1000}
    place.ask("/api/receipt", unknown)


@pytest.mark.parametrize("who", ROUNDS, ids=lambda who: who or "nobody")
@pytest.mark.usefixtures("lively")
def test_nothing_is_wrong_with(somebody: Any, who: str) -> None:
    town, _, name = who.rpartition(": ")
    person: Person = somebody(town=town or "valle")
    with_axe(person.context)
    if name:
        person.sign_in(name)
    wrong = [found for state in ROUNDS[who] for found in _look(person, state)]
    assert not wrong, "\n".join(wrong)


def test_every_page_is_examined() -> None:
    examined = {state.view for states in ROUNDS.values() for state in states}
    known = (
        examined | set(pages.BY_STORY) | set(pages.NOT_YET) | {view for views in pages.NO_PAGE.values() for view in views}
    )

    assert sorted(_views() - known) == []
    assert sorted(known - _views() - {"403", "404"}) == []


def _look(person: Person, state: State) -> list[str]:
    page, path = person.page, state.path.format(**person.place.people)
    person.open(path)
    if state.follow:
        link = page.locator(f"main a[href*='{state.follow}']:not([href='{path}'])").first
        if not eventually(lambda: link.count() or (page.reload() and False)):
            return [f"{state.view}: no link to {state.follow}"]
        link.click()
    if state.view not in ("403", "404") and resolve(urlsplit(page.url).path).view_name != state.view and not state.press:
        return [f"{state.view}: {path} led to {person.path}"]
    # Told before pressing: a button that a refusal does not have would only be waited for.
    if wrong := _refusal(person, state):
        return wrong
    for label, text in state.fill:
        page.get_by_label(label).first.fill(text.format(**person.place.people))
    for press in filter(None, (state.press, state.then)):
        form = page.locator("main form button[type=submit]")
        (form.last if press == "*" else person.button(press)).click()
        if wrong := _refusal(person, state):
            return wrong
    return examine(page, name=f"{state.view} {person.path}{' after ' + state.press if state.press else ''}")


def _refusal(person: Person, state: State) -> list[str]:
    """Tell a page that is refused and should not be, or is shown and should be refused."""
    is_refused = person.page.locator("h1").first.inner_text() in REFUSALS
    if is_refused == (state.view in ("403", "404")):
        return []
    return [f"{state.view}: {person.path} is {'refused' if is_refused else 'shown'}"]


def _views() -> set[str]:
    return set(_named(get_resolver().url_patterns, ""))


def _named(patterns: list[Any], prefix: str) -> list[str]:
    found = []
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            space = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            found += _named(pattern.url_patterns, space)
        elif isinstance(pattern, URLPattern):
            found.append(f"{prefix}{pattern.name}")
    return found


PLANTED = """() => {
  const plant = (tag, words, style) => Object.assign(document.createElement(tag), { textContent: words, href: "/", style });
  const bar = document.querySelector(".bottom-nav").offsetHeight;
  document.querySelector("main").append(
    document.createElement("img"),
    plant("a", "x", "display: block; width: 20px"),
    plant("div", "", "width: 900px; height: 1px"),
    plant("a", "sotto", `position: fixed; bottom: ${bar / 2}px; width: 60px; height: 60px`));
}"""


def test_the_examination_finds_what_is_planted(somebody: Any) -> None:
    person: Person = somebody().sign_in("conti")
    person.open("/utility/")
    before = examine(person.page, name="page")
    person.page.evaluate(PLANTED)

    wrong = "\n".join(examine(person.page, name="page"))

    assert before == []
    assert "image-alt" in wrong
    assert "target" in wrong
    assert "wider than the screen" in wrong
    assert "under a bar" in wrong
