"""Only the keyboard: signing in, choosing an amount, calling a class; and one always sees where one is."""

from typing import Any

from playwright.sync_api import expect

from tests.browser.persons import Person
from tests.towns import PASSWORD

MOST_STEPS = 60
# The ring or the border changes: what has the focus does not look as it does without.
VISIBLE = """() => {
  const e = document.activeElement;
  if (e === document.body) return true;
  const shape = ["radio", "checkbox"].includes(e.type) && e.labels.length ? e.labels[0] : e;
  const look = () => { const s = getComputedStyle(shape);
    return [s.outlineStyle, s.outlineWidth, s.outlineColor, s.boxShadow, s.borderColor, s.backgroundColor].join(); };
  const with_ = look(); e.blur(); const without = look(); e.focus({ focusVisible: true });
  return with_ !== without;
}"""
NAME = """() => { const e = document.activeElement;
  return e === document.body ? "" : e.ariaLabel || e.labels?.[0]?.innerText || e.innerText || ""; }"""


def test_signing_in_and_choosing_an_amount(somebody: Any) -> None:
    person: Person = somebody(size="desktop")
    person.open("/entra/")
    _to(person, "Nome utente")
    person.page.keyboard.type("lunghi")
    _to(person, "Password")
    person.page.keyboard.type(PASSWORD)
    person.page.keyboard.press("Enter")
    expect(person.wallet("Bartolomeo Ferdinando Massimiliano")).to_be_visible()
    _to(person, "Ricarica")
    person.page.keyboard.press("Enter")
    expect(person.heading("Effettua una ricarica")).to_be_visible()
    _to(person, "per ora", "Ricarica da", "scrivi tu")
    person.page.keyboard.press("ArrowRight")
    person.page.keyboard.press("ArrowLeft")
    _to(person, "Prosegui")
    person.page.keyboard.press("Enter")
    expect(person.page.get_by_text("Passo 2 di 3")).to_be_visible()


def test_calling_a_class(somebody: Any) -> None:
    person: Person = somebody(size="tablet").sign_in("school")
    _to(person, "5P")
    person.page.keyboard.press("Enter")
    expect(person.page.get_by_role("checkbox", name="Ada 5P")).to_be_checked()
    _to(person, "Ada 5P")
    person.page.keyboard.press("Space")
    expect(person.page.get_by_role("checkbox", name="Ada 5P")).not_to_be_checked()
    expect(person.page.locator("[data-sent]")).to_contain_text("Tutto inviato")
    _to(person, "Conferma")
    person.page.keyboard.press("Enter")
    person.reads("Appello confermato alle")


def _to(person: Person, *names: str) -> None:
    """Press Tab until something with one of these names has the focus; every stop on the way must be seen."""
    for _ in range(MOST_STEPS):
        person.page.keyboard.press("Tab")
        name = person.page.evaluate(NAME)
        assert person.page.evaluate(VISIBLE), f"the focus is not seen on “{name}” of {person.path}"
        if any(wanted in name for wanted in names):
            return
    raise AssertionError(f"{names} is not reached by Tab on {person.path}")


def test_the_office_from_sign_in_to_an_adjustment(somebody: Any) -> None:
    """A clerk on the telephone: signs in, finds a child, gives credit with a reason, reads it in the history. No mouse."""
    person: Person = somebody(size="desktop")
    keys = person.page.keyboard
    person.open("/ufficio/")
    _to(person, "Nome utente")
    keys.type("office")
    _to(person, "Password")
    keys.type(PASSWORD)
    keys.press("Enter")
    expect(person.heading("Buongiorno")).to_be_visible()
    _to(person, "Cerca un bambino")
    keys.type("tommaso fontana")
    keys.press("Enter")
    expect(person.heading("Tommaso Fontana")).to_be_visible()
    _to(person, "Rettifica")
    keys.press("Enter")
    expect(person.heading("Rettifica")).to_be_visible()
    _to(person, "Aggiungi credito")
    keys.press("Space")
    _to(person, "Importo")
    keys.type("1,00")
    _to(person, "O con parole tue")
    keys.type("prova con la tastiera")
    keys.press("Enter")
    person.reads("Rettifica registrata: +1,00", "Motivo: prova con la tastiera")
