"""The office counts applications by band and state, and takes the list away with the columns it chooses."""

from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from campanella.domains.applying import queries
from campanella.domains.applying.queries import EnrolmentCall
from campanella.domains.applying.setting_up import PartData
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.usecases import isee
from campanella.usecases.applying import deciding, writing
from tests.applying import of_new_child, opened, part, send, sent, written
from tests.browsing import Browser, at_most, browser
from tests.towns import OFFICE, Cast, Family


@pytest.fixture
def desk(valle: Cast) -> Browser:
    """The browser of the office."""
    return browser(valle.town, valle.staff["office"])


@pytest.fixture
def call(valle: Cast, rossi: Family) -> EnrolmentCall:
    """Two of the family Rossi, whose ISEE is checked; one without any, refused; canteen has bands."""
    said = isee.Said(Euro(980_000), "ordinary", clock.today(), clock.today())
    isee.enter(by=OFFICE, payer_id=rossi.guardian.pk, said=said, key="abcdefghijklmnop", told=None, now=clock.now())
    found = opened(valle, "mensa", parts=(PartData("health", "Certificato", is_required=False),), places=2)
    one = written(valle, found, rossi)
    writing.write(application=one, data={}, files={part(found, "Certificato"): b"%PDF-1.7 x"}, now=clock.now())
    send(rossi, queries.application(application_id=one.pk))
    other = sent(valle, found, valle.families["haddad"], "Amina")
    deciding.refuse(by=OFFICE, application_id=other.pk, words="=Troppo vicino", now=clock.now())
    send(rossi, of_new_child(valle, found, rossi))
    return queries.call(call_id=found.pk)


def test_bands_and_states_are_counted(valle: Cast, call: EnrolmentCall, desk: Browser) -> None:
    here = f"/ufficio/iscrizioni/moduli/{call.pk}/fasce/"
    page = desk.read(here)
    assert "Fascia Inviata Non accettata In tutto" in page
    assert "2 0 2 Senza ISEE 0 1 1 Tutte 2 1 3" in page
    named = desk.read(here, fascia="Senza ISEE")
    assert "Haddad Amina" in named
    assert "Rossi Luca" not in named
    assert "Rossi Nina" in desk.read(here, stato="sent")
    assert "domande per fascia" in desk.read("/ufficio/iscrizioni/", iscrizioni=str(call.pk))


def test_a_sheet_has_the_columns_that_were_chosen(valle: Cast, call: EnrolmentCall, desk: Browser) -> None:
    here = f"/ufficio/iscrizioni/moduli/{call.pk}/elenco"
    text = desk.get(f"{here}.csv", {"colonne": ["numero", "bambino", "codice", "isee"]}).content.decode("utf-8-sig")
    assert text.splitlines()[0] == "Domanda;Bambino;Codice fiscale del bambino;ISEE"
    assert "I-2026-00003;Rossi Nina;RSSNNI20E41G479K;9.800,00" in text.replace(";9800,00", ";9.800,00")
    whole = desk.get(f"{here}.xlsx", {"colonne": ["bambino", "posto", "stato"], "fascia": "Senza ISEE"})
    rows = CalamineWorkbook.from_filelike(BytesIO(whole.content)).get_sheet_by_index(0).to_python()
    assert [row[2] for row in rows[1:]] == ["Haddad Amina"]
    assert desk.get(f"{here}.pdf").status_code == 404


def test_no_column_says_anything_of_health(valle: Cast, call: EnrolmentCall, desk: Browser) -> None:
    from campanella.interfaces.office.applying.columns import COLUMNS

    every = {"colonne": [one.key for one in COLUMNS]}
    text = desk.get(f"/ufficio/iscrizioni/moduli/{call.pk}/elenco.csv", every).content.decode()
    assert "Certificato" not in text
    assert len(text.splitlines()) == 4


def test_the_pages_ask_little(valle: Cast, call: EnrolmentCall, desk: Browser) -> None:
    for address in (f"/ufficio/iscrizioni/moduli/{call.pk}/fasce/", f"/ufficio/iscrizioni/moduli/{call.pk}/elenco.csv"):
        desk.get(address)
        with at_most(20):
            desk.get(address)
