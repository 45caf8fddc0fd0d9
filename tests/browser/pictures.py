"""
The pictures of the README and of the manuals, taken from the product itself: ``make pictures``.

They show the same invented people as the browser tests, in the same morning of October, so that taking them again changes
a picture only where the page has changed.
"""

import io
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import tests.rig  # noqa: F401  # starts the database server of the tests
from tests.browser import chromium
from tests.browser.installation import Installation, running
from tests.browser.persons import Person, screen
from tests.browser.pictures_of_enrolment import enrolment
from tests.browser.steps import begin_paying, choose_tile, make_notice, pay, send_receipts, to_summary, write_amount

TARGET = Path(__file__).resolve().parents[2] / "docs" / "manual" / "pictures"
COLOURS = 128
FETCH = "async (address) => [...new Uint8Array(await (await fetch(address)).arrayBuffer())]"


class Photographer:
    """Takes pictures of one installation."""

    def __init__(self, chrome: Any, place: Installation) -> None:
        self.chrome, self.place = chrome, place

    def person(self, username: str, *, size: str = "phone", worker: bool = False, town: str = "valle") -> Person:
        """Let somebody sign in, on a screen of that size."""
        context = self.chrome.new_context(
            **screen(size),
            locale="it-IT",
            timezone_id="Europe/Rome",
            service_workers="allow" if worker else "block",
            reduced_motion="reduce",
        )
        person = Person(context, self.place, town)
        return person.sign_in(username) if username else person

    def take(self, person: Person, name: str, *, whole: bool = False) -> None:
        """Keep what the screen shows, with few colours so that it stays light."""
        person.page.wait_for_load_state()
        # Not until nothing is fetched any more: an open board asks without end.
        person.page.evaluate("async () => { await document.fonts.ready; }")
        self._keep(person.page.screenshot(full_page=whole), name)

    def print(self, pdf: bytes, name: str) -> None:
        """Keep the first page of a paper, as wide as it is read on a screen."""
        with tempfile.TemporaryDirectory() as folder:
            paper = Path(folder) / "paper.pdf"
            paper.write_bytes(pdf)
            subprocess.run(["pdftoppm", "-r", "70", "-f", "1", "-l", "1", "-png", "-singlefile", paper, paper], check=True)
            self._keep((Path(folder) / "paper.pdf.png").read_bytes(), name)

    def _keep(self, picture: bytes, name: str) -> None:
        from PIL import Image

        file = TARGET / f"{name}.png"
        shot = Image.open(io.BytesIO(picture)).convert("RGB")
        shot.quantize(COLOURS, dither=Image.Dither.NONE).save(file, optimize=True)
        print(f"{file.stat().st_size / 1024:6.1f} KB  {name}")


def family(by: Photographer) -> None:
    """The pages of a family, on a phone."""
    door = by.person("")
    door.open("/entra/")
    by.take(door, "entra")
    parent = by.person("rossi")
    for name, path in PAGES.items():
        parent.open(path.format(**by.place.people))
        by.take(parent, name)
    parent.open("/pagamenti/ricarica/")
    choose_tile(parent, "Anna", 20)
    write_amount(parent, "Luca", "12,50")
    parent.page.evaluate("() => window.scrollTo(0, 0)")
    by.take(parent, "ricarica-importi")
    to_summary(parent)
    by.take(parent, "ricarica-riepilogo")
    make_notice(parent, "Luca", "30,00")
    by.take(parent, "avviso")
    parent.open("/pagamenti/avvisi/")
    by.take(parent, "avvisi")
    begin_paying(parent, "Anna")
    pay(parent, receipt="Mai")
    parent.reads("Il pagamento sta arrivando")
    by.take(parent, "pagamento-in-corso")
    send_receipts(by.place)
    parent.reads("Ricarica ricevuta")
    by.take(parent, "pagamento-fatto")
    missing = by.person("marini")
    missing.open(f"/pagamenti/ricarica/controllo/?r={by.place.people['wallets']['Pietro']}-2000&ordine=abcdefghijklmnop")
    by.take(missing, "ricarica-dato-mancante")


def asking(by: Photographer) -> None:
    """A family cancels: the day, its proof, too late, many days."""
    parent, people = by.person("rossi"), by.place.people
    anna, luca = people["children"]["Anna"], people["children"]["Luca"]
    form = parent.page.locator("main form").first
    parent.open(f"/disdette/{anna}/")
    by.take(parent, "disdetta-oggi")
    parent.button("Disdici il pasto di oggi").click()
    parent.reads("Numero della richiesta")
    by.take(parent, "disdetta-fatta")
    parent.button("Annulla la richiesta").click()
    parent.reads("Disdetta annullata")
    parent.open(f"/disdette/{luca}/?giorno=2026-10-15")
    # The form of tomorrow, sent for a day that is over.
    form.locator("input[name=giorno]").evaluate("(field) => { field.value = '2026-10-13'; }")
    form.locator("button").first.click()
    parent.reads("è tardi")
    by.take(parent, "disdetta-tardi")
    parent.open(f"/disdette/{anna}/giorni/")
    by.take(parent, "disdetta-giorni")


def school(by: Photographer) -> None:
    """The tablet in class and the kitchen's board."""
    teacher = by.person("school", size="tablet")
    teacher.open(f"/appello/{by.place.people['classes']['2B']}/mensa/")
    for child in ("Luca", "Greta"):
        teacher.page.get_by_role("checkbox", name=child).click()
    for mode, box in (("In bianco", "Yara E., in bianco"), ("Arriva dopo", "Pietro M., arriva dopo")):
        teacher.page.get_by_text(mode, exact=True).click()
        teacher.page.get_by_role("checkbox", name=box).check()
    teacher.page.get_by_text("Assente", exact=True).click()
    teacher.reads("Tutto inviato")
    teacher.page.evaluate("() => window.scrollTo(0, 0)")
    by.take(teacher, "rollcall-tablet")
    teacher.open(f"/appello/{by.place.people['classes']['3A']}/mensa/foglio/")
    by.take(teacher, "scuola-foglio", whole=True)
    teacher.open("/appello/elenco/scuolabus/")
    by.take(teacher, "scuola-corse", whole=True)
    other = by.person("school", size="tablet")
    other.open(f"/appello/{by.place.people['classes']['3A']}/mensa/")
    other.page.get_by_role("button", name="Conferma").click()
    other.reads("Appello confermato")
    kitchen = by.person("kitchen", size="desktop")
    kitchen.reads("confermato")
    by.take(kitchen, "kitchen")


def tablet(by: Photographer) -> None:
    """The tablet that is paired: the office's code, the classes, an appello without network."""
    clerk = by.person("office", size="desktop")
    clerk.open("/ufficio/tablet/nuovo/")
    clerk.page.get_by_label("Scuola").select_option(label="Primaria Rodari")
    clerk.page.get_by_label("Nome del tablet").fill("Tablet blu")
    clerk.button("Prepara il codice").click()
    clerk.reads("Inquadra il codice")
    by.take(clerk, "tablet-codice", whole=True)
    teacher = by.person("", size="tablet", worker=True)
    teacher.open(clerk.page.locator("[data-copy]").get_attribute("data-copy") or "")
    teacher.button("Abbina questo tablet").click()
    teacher.button("Persona scuola").click()
    by.take(teacher, "tablet-pin")
    teacher.page.get_by_label("Il tuo PIN").fill("408215")
    teacher.button("Entra").click()
    teacher.reads("Le classi di oggi")
    by.take(teacher, "tablet-classi")
    teacher.page.locator(".cp-class").filter(has_text="2B").click()
    by.place.stop_web()
    try:
        teacher.page.get_by_role("button", name="Luca").click()
        teacher.page.get_by_role("button", name="In bianco", exact=True).click()
        teacher.page.get_by_role("button", name="Yara").click()
        teacher.page.get_by_role("button", name="Un adulto in più").click()
        teacher.reads("Senza rete dalle", "3 segni da inviare")
        teacher.page.mouse.move(0, 0)
        teacher.page.evaluate("() => window.scrollTo(0, 0)")
        by.take(teacher, "tablet-senza-rete")
    finally:
        by.place.start_web()


def kitchen(by: Photographer) -> None:
    """The kitchen after the cut-off, what it prints, and what the office writes for it."""
    cook = by.person("kitchen", size="desktop")
    cook.open("/cucina/2026-10-13/")
    by.take(cook, "cucina-definitivi")
    address = str(cook.page.locator("a[href$='produzione.pdf']").first.get_attribute("href"))
    for name, paper in (("cucina-produzione", "produzione.pdf"), ("cucina-etichette", "etichette-3x8.pdf")):
        by.print(bytes(cook.page.evaluate(FETCH, address.replace("produzione.pdf", paper))), name)
    clerk = by.person("office", size="desktop")
    clerk.open("/ufficio/diete/")
    by.take(clerk, "ufficio-diete")
    clerk.open("/ufficio/menu/")
    address = clerk.page.locator("a[href$='menu.pdf']").first.get_attribute("href")
    by.print(bytes(clerk.page.evaluate(FETCH, address)), "cucina-menu")
    clerk.page.get_by_role("link", name="Settimana 1").click()
    by.take(clerk, "ufficio-menu")
    parent = by.person("rossi")
    parent.page.get_by_text("Oggi si mangia").click()
    by.take(parent, "menu-phone")


def office(by: Photographer) -> None:
    """The office at its desk."""
    clerk = by.person("office", size="desktop")
    people = by.place.people
    unknown = {"notice_number": "301000000000999904", "fiscal_code": people["tax_code"], "amount_cents": 1000}
    by.place.ask("/api/receipt", unknown)
    for name, path in {
        "office-home": "/ufficio/",
        "office-child": f"/ufficio/bambini/{people['children']['Anna']}/",
        "office-search": "/ufficio/cerca/?q=ross",
        "office-waiting": "/ufficio/da-fare/",
        "office-settings": "/ufficio/impostazioni/",
        "office-registro": f"/ufficio/presenze/registro/{people['classes']['2B']}/mensa/?mese=2026-10",
        "office-giornata": "/ufficio/impostazioni/giornata/",
        "office-chiusura": f"/ufficio/presenze/chiusure/{people['closure']}/",
    }.items():
        clerk.open(path)
        if name == "office-giornata":
            clerk.page.get_by_role("link", name="Refezione").first.click()
        by.take(clerk, name)


def righting(by: Photographer) -> None:
    """A refund that a clerk has asked for, as a colleague finds it."""
    clerk = by.person("office", size="desktop")
    clerk.open(f"/ufficio/bambini/{by.place.people['children']['Anna']}/rimborso/")
    clerk.page.get_by_label("Importo").fill("15,00")
    clerk.page.get_by_label("IBAN", exact=True).fill("IT39 R030 6909 6061 0000 0067 890")
    clerk.page.get_by_label("Titolare del conto").fill("Maria Rossi")
    clerk.page.get_by_label("Il bambino lascia il servizio").check()
    clerk.button("Chiedi il rimborso").click()
    clerk.reads("Aspetta la conferma")
    colleague = by.person("ufficio.due", size="desktop")
    colleague.open("/ufficio/rettifiche/")
    colleague.link("Rimborso su IBAN").click()
    colleague.reads("Confronta l’IBAN")
    by.take(colleague, "office-rettifiche", whole=True)


def arrears(by: Photographer) -> None:
    """The reminders of Borgo."""
    clerk = by.person("office", size="desktop", town="borgo")
    clerk.open(f"/ufficio/solleciti/invii/{by.place.people['borgo_arrears']['run']}/")
    by.take(clerk, "office-solleciti")


def counter(by: Photographer) -> None:
    """A pharmacy takes money: the code, the amount, the receipt; then it counts its till."""
    person = by.person("cashier", size="desktop")
    person.open("/cassa/")
    by.take(person, "cassa-codice")
    person.page.get_by_label("Codice personale di ricarica").fill(by.place.people["cash"]["code"])
    person.button("Cerca").click()
    person.reads("«È per Nicolò?»")
    by.take(person, "cassa-importo")
    person.page.locator("main form button[type=submit]").last.click()
    person.reads("Il credito è già salito")
    by.take(person, "cassa-ricevuta")
    person.open("/cassa/chiudi/")
    by.take(person, "cassa-chiudi")


def newcomers(by: Photographer) -> None:
    """Somebody registers, and the office looks who it is."""
    nobody = by.person("")
    nobody.open("/registrati/")
    by.take(nobody, "registrati")
    clerk = by.person("office", size="desktop")
    clerk.open(f"/ufficio/richieste-di-accesso/{by.place.people['registration']}/?q=barbieri")
    by.take(clerk, "office-richiesta", whole=True)


PAGES = {
    "home-phone": "/",
    "anagrafica": "/anagrafica/",
    "presenze": "/presenze/",
    "presenze-giorno": "/presenze/{children[Anna]}/2026-10-13/",
    "pagamenti": "/pagamenti/",
    "movimenti": "/pagamenti/movimenti/{wallets[Anna]}/",
    "news": "/news/",
    "utility": "/utility/",
    "installa": "/utility/installa/",
}
ROUNDS: tuple[Callable[[Photographer], None], ...] = (
    family,
    asking,
    school,
    tablet,
    kitchen,
    office,
    righting,
    arrears,
    counter,
    newcomers,
    enrolment,
)


def main() -> int:
    """Take every picture anew, or those of the rounds that are named; the exit status is 1 without a chromium."""
    from playwright.sync_api import sync_playwright

    from tests import database

    path = chromium.find()
    if path is None:
        print(chromium.MISSING.replace("browser tests need", "pictures need"), file=sys.stderr)
        return 1
    TARGET.mkdir(parents=True, exist_ok=True)
    server, name = os.environ["CAMPANELLA_TEST_SERVER"], f"campanella_pictures_{os.getpid()}"
    url = database.copy(server, os.environ["CAMPANELLA_TEST_TEMPLATE"], name)
    try:
        with (
            tempfile.TemporaryDirectory() as folder,
            running(folder=Path(folder), database_url=url) as place,
            sync_playwright() as playwright,
        ):
            by = Photographer(playwright.chromium.launch(executable_path=path), place)
            for take in ROUNDS:
                if take.__name__ in (sys.argv[1:] or [take.__name__]):
                    take(by)
    finally:
        database.drop(server, name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
