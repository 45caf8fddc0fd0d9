"""The office's day: today, what waits, the classes, the incomes."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from campanella.domains.attendance import operations as attendance
from campanella.domains.attendance.models import DayRule
from campanella.domains.attendance.operations import Mark
from campanella.domains.messaging import operations as messaging
from campanella.domains.messaging.models import Message
from campanella.domains.payments.models import Receipt
from campanella.domains.payments.receipts import operations as receiving
from campanella.domains.services.models import Tariff
from campanella.foundation.core import clock
from campanella.foundation.core.audit import Software
from campanella.interfaces.office.templatetags.office import things
from campanella.usecases import mealtime
from tests.browsing import Browser, at_most, browser
from tests.towns import TODAY, Cast, text_of

ADDRESSES = (
    "",
    "da-fare/",
    "presenze/",
    "presenze/chiusure/",
    "incassi/",
    "incassi/ricevute.csv",
    "impostazioni/",
    "impostazioni/catalogo/",
)


@pytest.fixture
def office(valle: Cast) -> Browser:
    return browser(valle.town, valle.staff["office"])


def parked_receipt(cents: int = 2000, payer: str = "Nadir Haddad", iur: str = "IUR0001", **more: object) -> Receipt:
    receipt = Receipt.objects.create(
        receipt_id=iur,
        message_id=1,
        notice_number="302000000000000017",
        amount_cents=cents,
        kept_at=clock.now(),
        payer_name=payer,
        psp_name="Banca Adria",
        **more,
    )
    receiving.note_parked(by=Software("pagoPA"), receipt=receipt, request=None, reason="unknown", now=clock.now())
    return receipt


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("role", ["school", "kitchen", "cashier", "guardian"])
def test_only_the_office_enters(valle: Cast, address: str, role: str) -> None:
    person = valle.families["rossi"].user if role == "guardian" else valle.staff[role]
    assert browser(valle.town, person).get(f"/ufficio/{address}").status_code == 403


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_page_opens_on_an_empty_town(valle: Cast, office: Browser, address: str) -> None:
    assert office.get(f"/ufficio/{address}").status_code == 200


@pytest.mark.parametrize("mode", ["opt_out", "opt_in"])
def test_where_meals_are_booked_no_roll_call_is_waited_for(valle: Cast, office: Browser, mode: str) -> None:
    for service in valle.services.values():
        DayRule.objects.create(service=service, school=valle.school, days=DateRange(TODAY, None), mode=mode)
    words = office.read("/ufficio/")
    assert "Appelli confermati – si prenota: le classi si confermano alla chiusura" in words
    assert "Devono ancora confermare" not in words
    words = office.read("/ufficio/presenze/")
    assert "su prenotazione" in words
    assert "da confermare" not in words


def test_a_day_of_the_bus_is_no_meal(valle: Cast, office: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    now, school = clock.now(), valle.staff["school"]
    for name in ("mensa", "scuolabus"):
        call = attendance.begin(class_group=valle.classes["2B"], service=valle.services[name], day=TODAY)
        mealtime.confirm(by=school, roll_call=call, absent_ids=[], adults=0, now=now)
    monkeypatch.setattr("campanella.interfaces.office.rollcalls.views.MOST_LINES", 1)
    words = office.read("/ufficio/")
    assert "Pasti di oggi 3 su 3 iscritti" in words
    assert "Giorno Pasti 14/10 3" in words
    assert "2 appelli confermati su 2, 3 presenti a Refezione, 1 a Scuolabus" in office.read("/ufficio/presenze/")


def test_who_has_no_price_of_this_season_is_told_and_listed(valle: Cast, office: Browser) -> None:
    over = DateRange(date(2025, 9, 1), date(2026, 9, 1))
    Tariff.objects.filter(service=valle.services["scuolabus"]).update(days=over)
    for page in ("/ufficio/", "/ufficio/da-fare/"):
        assert "la stagione della loro tariffa è finita" in office.read(page).lower()
    listed = office.read("/ufficio/elenchi/?manca=tariffa")
    assert "Rossi Anna" in listed
    assert "Rossi Luca" not in listed
    assert "Rossi Luca" in office.read("/ufficio/elenchi/")


def test_today_says_what_there_is(valle: Cast, office: Browser) -> None:
    now = clock.now()
    mealtime.confirm(by=valle.staff["school"], roll_call=valle.roll_call(), absent_ids=[], adults=2, now=now)
    parked_receipt()

    # Seven of them count a day of which the process knows nothing yet.
    with at_most(20):
        page = office.read("/ufficio/")

    for words in (
        "una cosa ti aspetta",
        "Pasti di oggi 3 su 3 iscritti, più 2 adulti",
        "1 su 2",
        "1 ricevuta pagoPA da abbinare",
        "20,00 €",
        "Borsellini sotto zero 3",
        "14/10",
    ):
        assert words in page, words
    assert "non confermat" not in page


def test_what_came_today_is_told_apart_from_what_waits_since_long(valle: Cast, office: Browser) -> None:
    parked_receipt()
    Receipt.objects.update(kept_at=datetime(2026, 10, 12, 8, tzinfo=UTC))
    page = office.read("/ufficio/")
    assert "1 ricevuta pagoPA da abbinare" in page
    assert "Incassi di oggi 0,00 € 0 ricevute Borsellini" in page

    parked_receipt(iur="IUR0002")
    parked_receipt(iur="IUR0003")
    page = office.read("/ufficio/")
    assert "Incassi di oggi 40,00 € 2 ricevute, 2 da sistemare" in page
    assert "3 ricevute pagoPA da abbinare" in page


def test_the_meals_are_provisional_until_the_hour_and_until_every_class_has_confirmed(
    valle: Cast, office: Browser, at: Any
) -> None:
    assert "su 3 iscritti, provvisori" in office.read("/ufficio/")
    at("09:31")
    assert "su 3 iscritti, provvisori" in office.read("/ufficio/"), "nobody has confirmed them"
    mealtime.confirm(by=valle.staff["school"], roll_call=valle.roll_call(), absent_ids=[], adults=0, now=clock.now())
    page = office.read("/ufficio/")
    assert "su 3 iscritti Appelli" in page


@pytest.mark.parametrize(
    ("count", "words"), [(0, "è tutto a posto"), (1, "una cosa ti aspetta"), (8, "otto cose ti aspettano")]
)
def test_every_number_of_kinds_has_its_words(count: int, words: str) -> None:
    assert things(count) == words


def test_the_chart_counts_confirmed_meals_only(valle: Cast, office: Browser) -> None:
    anna, here = valle.child("Anna").pk, Mark(is_present=True)
    call = valle.roll_call()
    attendance.mark(by=valle.staff["school"], roll_call_id=call.pk, child_id=anna, mark=here, now=clock.now())
    assert "Il grafico comincia con il primo appello confermato." in office.read("/ufficio/")

    mealtime.confirm(by=valle.staff["school"], roll_call=call, absent_ids=[], adults=0, now=clock.now())
    assert "Pasti dei bambini per giorno Giorno Pasti 14/10 3" in office.read("/ufficio/")


def test_more_than_fit_the_page_are_counted(valle: Cast, office: Browser) -> None:
    for number in range(52):
        parked_receipt(iur=f"IUR{number:04}")
    page = office.read("/ufficio/da-fare/")
    assert "Sono 52: vedi le 25 più vecchie, le altre compaiono man mano che le sistemi." in page


def test_after_closing_the_missing_classes_are_in_evidence_and_the_office_confirms(
    valle: Cast, office: Browser, at: Any
) -> None:
    mensa = valle.services["mensa"].pk
    form = {"service": str(mensa), "class": str(valle.classes["2B"].pk)}
    office.post("/ufficio/da-fare/classi/", form)
    assert valle.balance("Anna") == 0
    assert "possono ancora confermare" in office.read("/ufficio/da-fare/")

    at("09:31")
    assert "2 appelli non confermati 2B, Primaria Rodari (Refezione)" in office.read("/ufficio/")
    assert "2B, Primaria Rodari" in office.read("/ufficio/da-fare/")
    for _ in range(2):
        office.post("/ufficio/da-fare/classi/", {**form, "told": "1230"})

    assert (valle.balance("Anna"), valle.balance("Luca")) == (-460, -310)
    page = office.read("/ufficio/da-fare/")
    assert "Era già confermato" in page
    assert "Scuolabus: 1 classe, 1 iscritto" in page
    assert "Refezione:" not in page


def test_a_parked_receipt_is_credited_once(valle: Cast, office: Browser) -> None:
    receipt = parked_receipt()
    assert "L’avviso non è tra quelli del Comune." in office.read("/ufficio/da-fare/")
    address = f"/ufficio/incassi/ricevute/{receipt.pk}/accredita/"
    assert "Amina Haddad, Refezione" in office.seek(address, "amina")
    form = {"sought": "amina", "wallet": str(valle.wallet("Amina").pk), "reason": "ha telefonato il papà"}

    assert office.post(address, form).status_code == 302
    again = office.post(address, form)

    assert "già stata sistemata" in text_of(again)
    assert valle.balance("Amina") == 2000
    assert "È tutto a posto" in office.read("/ufficio/da-fare/")
    assert "Motivo: ha telefonato il papà" in office.read(f"/ufficio/bambini/{valle.child('Amina').pk}/")
    assert "Motivo: ha telefonato il papà" in office.read(f"/ufficio/incassi/ricevute/{receipt.pk}/")


def test_another_towns_receipt_is_not_there(borgo: Cast, valle: Cast, office: Browser) -> None:
    receipt = parked_receipt()
    stranger = browser(borgo.town, borgo.staff["office"])
    assert stranger.get(f"/ufficio/incassi/ricevute/{receipt.pk}/").status_code == 404
    assert stranger.get(f"/ufficio/incassi/ricevute/{receipt.pk}/accredita/").status_code == 404


def test_a_failed_message_is_tried_again(valle: Cast, office: Browser) -> None:
    guardian = valle.families["rossi"].guardian
    message = messaging.queue(
        key="k",
        guardian=guardian,
        address="rossi@posta.example",
        template="t",
        subject="Il credito",
        text="x",
        now=clock.now(),
    )
    assert message is not None
    messaging.note_failure(message_id=message.pk, failure="casella piena", now=clock.now(), is_final=True)
    assert "casella piena" in office.read("/ufficio/da-fare/")

    office.post(f"/ufficio/da-fare/messaggi/{message.pk}/")

    assert Message.objects.get(pk=message.pk).failed_at is None
    assert "casella piena" not in office.read("/ufficio/da-fare/")


def _failed(valle: Cast, template: str = "low_credit") -> Message:
    message = messaging.queue(
        key=f"k:{template}",
        guardian=valle.families["rossi"].guardian,
        address="vecchia@posta.example",
        template=template,
        subject="Il credito",
        text="x",
        now=clock.now(),
    )
    assert message is not None
    messaging.note_failure(message_id=message.pk, failure="casella piena", now=clock.now(), is_final=True)
    return message


def test_a_message_tried_again_goes_to_the_address_that_was_put_right(valle: Cast, office: Browser) -> None:
    message = _failed(valle)
    adult = valle.families["rossi"].guardian.pk
    office.post(f"/ufficio/adulti/{adult}/recapiti/", {"email": "giusta@posta.example", "phone": "", "address": ""})

    said = office.post(f"/ufficio/da-fare/messaggi/{message.pk}/", follow=True)
    twice = office.post(f"/ufficio/da-fare/messaggi/{message.pk}/", follow=True)

    assert "Riproviamo adesso, a giusta@posta.example" in text_of(said)
    assert "Era già fatto" in text_of(twice)
    assert Message.objects.get(pk=message.pk).address == "giusta@posta.example"


def test_a_message_put_aside_waits_no_more_and_who_did_it_is_written(valle: Cast, office: Browser) -> None:
    message = _failed(valle)
    office.post(f"/ufficio/da-fare/messaggi/{message.pk}/", {"aside": "1"})

    assert "casella piena" not in office.read("/ufficio/da-fare/")
    page = office.read(f"/ufficio/adulti/{valle.families['rossi'].guardian.pk}/")
    assert "ha messo via l’e-mail non arrivata «Il credito»" in page
    assert "non arrivata" in page


def test_a_letter_whose_link_is_gone_is_not_sent_again(valle: Cast, office: Browser) -> None:
    _failed(valle, template="password_reset")
    page = office.read("/ufficio/da-fare/")
    assert "Metti via" in page
    assert "Riprova a scrivere" not in page


def test_a_wallet_beyond_the_floor_waits_and_one_at_the_floor_does_not(valle: Cast, office: Browser) -> None:
    valle.credit("Anna", -5000)
    valle.credit("Luca", -5001)
    page = office.read("/ufficio/da-fare/")
    assert "Luca Rossi" in page
    assert "Anna Rossi" not in page


def test_a_closed_day_has_no_roll_calls(valle: Cast, office: Browser) -> None:
    assert "2B" in office.read("/ufficio/presenze/", giorno="2026-10-15")
    form = {"where": "town", "first": "2026-10-15", "last": "2026-10-15", "reason": "Santo patrono"}
    assert office.post("/ufficio/presenze/chiusure/", form).status_code == 302
    assert "Chiuso: Santo patrono" in office.read("/ufficio/presenze/", giorno="2026-10-15")
    assert "Santo patrono 15 ottobre 2026 · Tutto il Comune" in office.read("/ufficio/presenze/chiusure/")
    late = {**form, "last": "2026-10-14"}
    assert "viene prima del primo" in text_of(office.post("/ufficio/presenze/chiusure/", late))


def test_incomes_are_summed_by_day_filtered_and_found_by_number(valle: Cast, office: Browser) -> None:
    parked_receipt(cents=2000)
    parked_receipt(cents=1550, iur="IUR0002", payer="Maria Rossi")
    Receipt.objects.filter(receipt_id="IUR0002").update(kept_at=datetime(2026, 10, 12, 8, tzinfo=UTC))
    page = office.read("/ufficio/incassi/")
    assert "2 ricevute, 35,50 €" in page
    assert "Lunedì 12 ottobre 15,50 €" in page
    assert "1 ricevuta, 20,00 €" in office.read("/ufficio/incassi/", dal="2026-10-14")
    assert "0 ricevute" in office.read("/ufficio/incassi/", stato="booked")
    assert "2 ricevute" in office.read("/ufficio/incassi/", numero="302000000000000017", dal="2026-10-14")


@pytest.mark.parametrize("payer", ["=HYPERLINK(1)", "+39 333", "-1+1", "@SUM(A1)", "\tcmd"])
def test_a_sheet_runs_no_formula(valle: Cast, office: Browser, payer: str) -> None:
    parked_receipt(payer=payer)
    sheet = office.get("/ufficio/incassi/ricevute.csv").content.decode("utf-8-sig")
    assert f";'{payer}" in sheet
    assert f";{payer}" not in sheet
    assert "20,00" in sheet


def test_the_sheet_adds_up_to_the_page(valle: Cast, office: Browser) -> None:
    parked_receipt(cents=10000)
    Receipt.objects.update(others_cents=6000)
    parked_receipt(cents=1550, iur="IUR0002")
    sheet = office.get("/ufficio/incassi/ricevute.csv").content.decode("utf-8-sig")
    head, *lines = [line.split(";") for line in sheet.splitlines()]
    share, paid = head.index("Quota del Comune"), head.index("Importo pagato")
    assert sorted((line[paid], line[share]) for line in lines) == [("100,00", "40,00"), ("15,50", "15,50")]
    assert "2 ricevute, 55,50 €" in office.read("/ufficio/incassi/")


def test_of_a_shared_receipt_the_share_is_told_as_credited(valle: Cast, office: Browser) -> None:
    receipt = parked_receipt(cents=10000)
    Receipt.objects.update(others_cents=6000)
    form = {"sought": "amina", "wallet": str(valle.wallet("Amina").pk), "reason": "ha telefonato il papà"}
    answer = office.post(f"/ufficio/incassi/ricevute/{receipt.pk}/accredita/", form, follow=True)
    assert "Accreditati 40,00 €" in text_of(answer)
    assert valle.balance("Amina") == 4000


def test_the_sheet_says_in_words_how_one_paid(valle: Cast, office: Browser) -> None:
    parked_receipt(cents=2000)
    Receipt.objects.update(method="creditCard")
    sheet = office.get("/ufficio/incassi/ricevute.csv").content.decode("utf-8-sig")
    assert ";carta;" in sheet
    assert "creditCard" not in sheet


def test_dates_upside_down_are_said(valle: Cast, office: Browser) -> None:
    page = office.read("/ufficio/incassi/", dal="2026-10-12", al="2026-10-10")
    assert "Il giorno «Al» viene prima del giorno «Dal»: qui vedi solo sabato 10 ottobre 2026" in page
    assert "«Al»" not in office.read("/ufficio/incassi/", dal="2026-10-10", al="2026-10-12")


def test_a_day_of_another_year_says_its_year(valle: Cast, office: Browser) -> None:
    assert "Presenze di giovedì 20 novembre 2025" in office.read("/ufficio/presenze/", giorno="2025-11-20")
    assert "Presenze di martedì 13 ottobre 2026" not in office.read("/ufficio/presenze/", giorno="2026-10-13")


def test_dates_that_are_none_are_taken_as_usual(office: Browser) -> None:
    page = office.read("/ufficio/incassi/", dal="ieri", al="2026-99-99")
    assert "Dal 1 ottobre 2026 al 14 ottobre 2026" in page
