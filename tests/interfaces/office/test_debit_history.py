"""A file of direct debits collection by collection, what was asked of an adult's account, a line that is sought."""

from datetime import date

import pytest

from campanella.domains.debiting import asked as asked_queries
from campanella.domains.debiting import waiting
from campanella.domains.debiting.models import CollectionFile
from campanella.foundation.core import clock
from campanella.readings.office import debit_history
from campanella.usecases.debiting import filing
from tests.billing import noon
from tests.browsing import at_most
from tests.debits import ACCOUNT
from tests.interfaces.office.test_debits import PAGE, desk
from tests.interfaces.portal.phones import words
from tests.towns import OFFICE
from tests.usecases.debiting.conftest import ASKED, Bank, asked, booked, invoice, opened_debited


@pytest.fixture
def debited(db: None):
    yield from opened_debited()


def test_a_file_is_read_collection_by_collection_with_what_came_of_each(debited) -> None:
    bank, one = Bank(debited), asked(is_taken=False)
    place = f"/ufficio/addebiti/{one.file_id}/"
    with clock.standing_at(noon(ASKED)):
        office = desk(debited)
        assert place in office.get(PAGE).content.decode()
        told = words(office.get(place))
        assert "Mai scaricato: la banca non lo ha" in told
        line = f"Maria Addolorata Rossi {invoice().number} , addebito del 7 dicembre 2026"
        assert f"{line} 23,10 € File mai scaricato" in told
        office.get(f"{place}cbi.xml")
        assert "Chiesto alla banca" in words(office.get(place))
    booked(date(2026, 12, 7))
    with clock.standing_at(noon(date(2026, 12, 8))):
        office = desk(debited)
        assert "Il 7 dicembre 2026 23,10 € Incassato" in words(office.get(f"{place}?esito=booked"))
        assert "Nessun addebito" in words(office.get(f"{place}?esito=back"))
    bank.hear((one.end_to_end_id, "AM04", 2310), form="return", on=date(2026, 12, 10))
    with clock.standing_at(noon(date(2026, 12, 11))):
        office = desk(debited)
        with at_most(14):
            told = words(office.get(f"{place}?esito=back&dopo=x"))
        assert office.get("/ufficio/addebiti/999999/").status_code == 404
    assert "1 addebito, 23,10 €: 0 incassati, 1 tornato indietro" in told
    assert "Il 10 dicembre 2026, perché sul conto non c’era abbastanza denaro (AM04): si riprova" in told


def test_of_a_file_that_was_given_up_nothing_came_back(debited) -> None:
    one = asked(is_taken=False)
    with clock.standing_at(noon(date(2026, 12, 7))):
        filing.withdraw(by=OFFICE, file_id=one.file_id, now=clock.now())
        office = desk(debited)
        for place in (f"/ufficio/addebiti/{one.file_id}/", PAGE):
            told = words(office.get(place))
            assert "Annullato" in told
            assert "indietro" not in told.replace("Tornati indietro", ""), place


def test_an_adults_page_tells_authorisation_attempts_returns_and_suspension(debited) -> None:
    bank, one = Bank(debited), asked()
    booked(date(2026, 12, 7))
    bank.hear((one.end_to_end_id, "AM04", 2310), form="return", on=date(2026, 12, 10))
    again = asked(on=date(2026, 12, 14))
    booked(date(2026, 12, 28))
    bank.hear((again.end_to_end_id, "MD06", 2310), form="return", on=date(2026, 12, 30))
    place = f"/ufficio/adulti/{one.payer_id}/addebito/storia/"
    with clock.standing_at(noon(date(2026, 12, 31))):
        office = desk(debited)
        assert place in office.get(f"/ufficio/adulti/{one.payer_id}/").content.decode()
        with at_most(14):
            told = words(office.get(place))
        other = debited.families["haddad"].guardian.pk
        assert "Non vale più" in words(office.get(f"/ufficio/adulti/{other}/addebito/storia/"))
        assert office.get("/ufficio/adulti/999999/addebito/storia/").status_code == 404
    assert "È sospesa" in told
    first, second = told.index("Addebito del 7 dicembre 2026"), told.index("Addebito del 28 dicembre 2026")
    assert second < first
    assert f"{invoice().number} , {CollectionFile.objects.get(pk=again.file_id).message_id} , 2° tentativo" in told
    assert "perché è stato chiesto il rimborso alla banca (MD06): l’autorizzazione è sospesa" in told
    assert "perché sul conto non c’era abbastanza denaro (AM04): si riprova" in told
    assert "Firmata, su carta (faldone 3)" in told
    assert "Sospesa , perché è stato chiesto il rimborso alla banca" in told
    assert ACCOUNT not in told


def test_a_long_file_and_a_long_history_are_read_page_by_page(debited, monkeypatch) -> None:
    bank, one = Bank(debited), asked()
    booked(date(2026, 12, 7))
    bank.hear((one.end_to_end_id, "AM04", 2310), form="return", on=date(2026, 12, 10))
    again = asked(on=date(2026, 12, 14))
    monkeypatch.setattr(debit_history, "A_PAGE", 1)
    first = debit_history.history_page(payer_id=one.payer_id, before=None)
    second = debit_history.history_page(payer_id=one.payer_id, before=first.next)
    assert ([line.came.id for line in (*first.lines, *second.lines)], second.next) == ([again.pk, one.pk], 0)
    page = debit_history.file_page(file_id=one.file_id, outcome="", after=0)
    assert (page.next, debit_history.file_page(file_id=one.file_id, outcome="", after=one.pk).lines) == (0, [])
    assert "Più vecchi" in words(desk(debited).get(f"/ufficio/adulti/{one.payer_id}/addebito/storia/"))


def test_a_debit_that_is_not_among_the_likeliest_is_sought_by_name_or_by_invoice(debited, monkeypatch) -> None:
    bank, one = Bank(debited), asked()
    booked(date(2026, 12, 7))
    bank.hear(("NOTPROVIDED", "AM04", 2310), form="return", on=date(2026, 12, 9))
    with clock.standing_at(noon(date(2026, 12, 10))):
        office = desk(debited)
        (line,) = waiting.waiting_lines()
        place, mine = f"/ufficio/addebiti/esiti/{line.id}/", f"Maria Addolorata Rossi, {invoice().number}: 23,10 €"
        monkeypatch.setattr(asked_queries, "MOST_LIKELY", 0)
        assert mine not in words(office.get(place))
        monkeypatch.undo()
        for text, is_found in (("rossi", True), (invoice().number, True), ("haddad", False), ("\0", True)):
            page = words(office.post(place, {"q": text}, follow=True))
            assert (mine in page) is is_found, text
        assert "non c’è nessun addebito" in words(office.post(place, {"q": "haddad"}, follow=True))
        # Another tab has sought somebody else meanwhile.
        said = office.post(place, {"collections": [one.pk], "sought": "rossi"}, follow=True)
        assert "La fattura torna da pagare" in words(said)


def test_a_number_that_no_file_can_have_is_not_found(debited) -> None:
    for number in ("9" * 30, "9" * 19, "0"):
        assert desk(debited).get(f"/ufficio/addebiti/{number}/").status_code == 404
