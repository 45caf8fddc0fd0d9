"""Cancelling in two taps, the proof, too late, many days, a week, and taking it back."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from campanella.domains.attendance.models import FamilyRequest
from campanella.domains.attendance.white_rules import WhiteLimits
from campanella.domains.services import operations as services
from campanella.domains.services.models import ServiceCalendar
from campanella.foundation.core import clock
from campanella.interfaces.doors import RECEIVED_AT
from campanella.interfaces.portal.asks.words import white_label
from campanella.usecases import mealtime
from tests.browsing import browser
from tests.foundation.documents import reading
from tests.interfaces.portal.phones import Phone, phone, questions, words
from tests.towns import OFFICE, TODAY, Cast, Family
from tests.usecases.asking import confirm, eating, goes, rome


@pytest.fixture
def opt_out(valle: Cast) -> Cast:
    goes(valle)
    return valle


def fields_of(page: Any) -> dict[str, Any]:
    """Read the hidden and the ticked fields of the one form of a page."""
    text = page.content.decode().split("<main")[1]
    found: dict[str, Any] = {}
    for field in re.findall(r"<input[^>]*>", text):
        name, value = re.search(r'name="([^"]*)"', field), re.search(r'value="([^"]*)"', field)
        if name and value and ('type="hidden"' in field or " checked" in field):
            found.setdefault(name[1], []).append(value[1])
    return found


def tap(one: Phone, address: str, what: str = "disdici", **more: Any) -> Any:
    page = one.get(address)
    answer = one.post(address, {**fields_of(page), "fai": what, **more})
    assert answer.status_code == 302, words(answer)
    return one.get(answer.headers["Location"])


def test_todays_meal_in_two_taps_from_home(opt_out: Cast, rossi: Family, at: Any) -> None:
    at("08:47")
    one, anna = phone(rossi.user), opt_out.child("Anna").pk
    home = one.get("/")
    assert "Oggi mangia a scuola" in words(home)
    assert "Disdici il pasto di oggi di Anna Fino alle 9:30 ancora 43 minuti" in words(home)
    address = re.search(rf'href="(/disdette/{anna}/[^"]*)"', home.content.decode())
    assert address

    proof = words(tap(one, address[1]))

    assert "Pasto di Anna disdetto Oggi, mercoledì 14 ottobre, Anna non mangia a scuola. Non paghi nulla." in proof
    assert "Numero della richiesta D-2610-00001 ricevuta alle 8:47:00 di mercoledì 14 ottobre" in proof
    assert "La cucina ha già un pasto in meno Primaria Rodari: adesso 2 pasti" in proof
    assert "Puoi annullarla fino alle 9:30: ancora 43 minuti" in proof
    assert eating(opt_out) == {"Luca", "Amina"}
    assert "Oggi non mangia: disdetto" in words(one.get("/"))
    assert "14 disdetto" in words(one.get("/presenze/"))


def test_the_proof_as_a_paper_says_what_its_page_says(opt_out: Cast, rossi: Family, at: Any) -> None:
    at("08:47")
    one, anna = phone(rossi.user), opt_out.child("Anna").pk
    proof = tap(one, f"/disdette/{anna}/")
    assert "/richieste/D-2610-00001/ricevuta.pdf" in proof.content.decode()
    paper = one.get("/richieste/D-2610-00001/ricevuta.pdf")
    told = reading.text_of(paper.content)
    for said in (
        "Pasto di Anna disdetto",
        "Oggi, mercoledì 14 ottobre, Anna non mangia a scuola. Non paghi nulla.",
        "Richiesta n. D-2610-00001",
        "alle 8:47:00 di mercoledì 14 ottobre",
        "14/10/2026, 8:47:00,000000",
    ):
        assert said in told
        assert said in words(proof) or said.startswith("Richiesta n.")
    assert {"H1", "H2", "Table"} <= {tag for tag, _ in reading.tags_of(paper.content)}
    with reading.opened(paper.content) as document:
        assert document.docinfo["/Title"] == "Richiesta n. D-2610-00001"
    one.post("/richieste/D-2610-00001/annulla/", fields_of(proof))
    assert "con la richiesta D-2610-00002" in reading.text_of(one.get("/richieste/D-2610-00001/ricevuta.pdf").content)
    stranger = phone(opt_out.families["haddad"].user)
    assert stranger.get("/richieste/D-2610-00001/ricevuta.pdf").status_code == 404


def test_the_proof_takes_it_back(opt_out: Cast, rossi: Family, at: Any) -> None:
    at("08:47")
    one, anna = phone(rossi.user), opt_out.child("Anna").pk
    proof = tap(one, f"/disdette/{anna}/")
    answer = one.post("/richieste/D-2610-00001/annulla/", fields_of(proof))
    assert answer.status_code == 302
    undone = words(one.get(answer.headers["Location"]))
    assert "Disdetta annullata: Anna Ciò che avevi chiesto non vale più." in undone
    assert "Oggi, mercoledì 14 ottobre, Anna mangia a scuola. Si paga 4,60 €." in undone
    assert eating(opt_out) == {"Anna", "Luca", "Amina"}
    first = words(one.get("/richieste/D-2610-00001/"))
    assert "Annullata alle 8:47:00 con la richiesta D-2610-00002" in first
    assert "Pasto di Anna disdetto" not in first
    assert "Disdetta annullata: Anna Questa richiesta non vale più. Oggi, mercoledì 14 ottobre, Anna mangia" in first
    again = one.post("/richieste/D-2610-00001/annulla/", {"key": str(uuid4())})
    assert "già stata annullata" in words(one.get(again.headers["Location"]))


def test_too_late_says_why_what_it_costs_and_whom_to_call(opt_out: Cast, rossi: Family, at: Any) -> None:
    at("09:29")
    one, anna = phone(rossi.user), opt_out.child("Anna").pk
    page = one.get(f"/disdette/{anna}/")
    at("09:32")
    late = one.post(
        f"/disdette/{anna}/",
        {**fields_of(page), "fai": "disdici"},
        **{RECEIVED_AT: datetime(2026, 10, 14, 7, 32, 5, tzinfo=UTC)},
    )
    said = words(one.get(late.headers["Location"]))
    assert "Per oggi è tardi Alle 9:30 la cucina ha fermato i numeri e prepara anche il pasto di Anna." in said
    assert "Il pasto si paga: 4,60 €." in said
    assert "Numero della richiesta D-2610-00001 ricevuta alle 9:32:05 di mercoledì 14 ottobre" in said
    assert "Disdici già giovedì 15 ottobre" in said
    assert "Il portale non andava?" in said
    assert "Istante di ricezione, con l’orologio del portale: 14/10/2026, 9:32:05,000000" in said
    assert "Per oggi è tardi" in words(one.get(f"/disdette/{anna}/"))
    assert "Disdici" not in words(one.get("/")).split("Vai al contenuto")[1].split("Ricarica")[0]


def test_a_day_that_is_none_asks_for_nothing(opt_out: Cast, rossi: Family, at: Any) -> None:
    at("09:00")
    one, address = phone(rossi.user), f"/disdette/{opt_out.child('Anna').pk}/"
    fields = {**fields_of(one.get(address)), "fai": "disdici", "giorno": "2026-13-01"}
    assert "Questo giorno non esiste" in words(one.post(address, fields))
    assert FamilyRequest.objects.count() == 0


def test_the_instant_that_the_server_had_it_decides_not_the_one_it_was_read(opt_out: Cast, rossi: Family, at: Any) -> None:
    """Received at 9:29:59.9, answered after the class was charged: the money is back, and the day says so."""
    at("09:29")
    one, anna = phone(rossi.user), opt_out.child("Anna").pk
    page = one.get(f"/disdette/{anna}/")
    at("09:31")
    confirm(opt_out)
    received = datetime(2026, 10, 14, 7, 29, 59, 900_000, tzinfo=UTC)
    answer = one.post(f"/disdette/{anna}/", {**fields_of(page), "fai": "disdici"}, **{RECEIVED_AT: received})
    assert "Pasto di Anna disdetto" in words(one.get(answer.headers["Location"]))
    assert opt_out.balance("Anna") == 0
    day = words(one.get(f"/presenze/{anna}/2026-10-14/"))
    assert "Perché: Disdetto dalla famiglia alle 9:29:59 (n. D-2610-00001): non si paga." in day


def test_all_children_at_once_and_a_period_on_some_weekdays(opt_out: Cast, rossi: Family, at: Any) -> None:
    at("08:00")
    one, anna = phone(rossi.user), opt_out.child("Anna").pk
    meal = opt_out.services["mensa"].pk
    both = [f"{anna}-{meal}", f"{opt_out.child('Luca').pk}-{meal}"]
    proof = words(tap(one, f"/disdette/{anna}/", per=both))
    assert "Pasto di Anna e Luca disdetto" in proof
    assert eating(opt_out) == {"Amina"}

    address = f"/disdette/{anna}/giorni/"
    form = fields_of(one.get(address))
    sent = {**form, "lines": both, "what": "disdici", "first": "2026-10-19", "last": "2026-10-30", "weekdays": ["0", "2"]}
    answer = one.post(address, sent)
    assert answer.status_code == 302, words(answer)
    said = words(one.get(answer.headers["Location"]))
    assert "8 giorni disdetti: Anna e Luca Anna, Refezione: 4 giorni. Luca, Refezione: 4 giorni. Non li paghi." in said
    assert "Anna, lunedì 19 ottobre disdetto: non si paga" in said

    wrong = one.post(address, {**sent, "last": "2026-10-18", "key": str(uuid4())})
    assert "L’ultimo giorno viene prima del primo." in words(wrong)
    weekend = one.post(
        address,
        {**sent, "first": "2026-10-17", "last": "2026-10-17", "weekdays": ["5"], "key": str(uuid4())},
    )
    assert "non c’è servizio: non devi disdire nulla" in words(weekend)


@pytest.mark.parametrize(
    ("moment", "cut_off", "first"),
    [
        ("2026-10-14 08:00", "09:30", "2026-10-15"),
        # Of Friday the next day with service is Monday, and after it a day whose numbers close the day before.
        ("2026-10-16 08:00", "09:30", "2026-10-19"),
        ("2026-10-14 15:00", "14:00 before", "2026-10-16"),
    ],
)
def test_many_days_begin_after_today(valle: Cast, rossi: Family, at: Any, moment: str, cut_off: str, first: str) -> None:
    """Who opens the page and presses at once does not lose the meal of today."""
    hour, _, before = cut_off.partition(" ")
    goes(valle, cut_off=time.fromisoformat(hour), cut_off_days_before=int(bool(before)))
    at(moment)
    one, anna = phone(rossi.user), valle.child("Anna").pk
    page = one.get(f"/disdette/{anna}/giorni/")
    assert "Oggi non è compreso: se vuoi anche oggi, scegli la data di oggi." in words(page)
    assert re.findall(r'name="(?:first|last)" value="([^"]*)"', page.content.decode()) == [first, first]
    today = moment[:10]
    chosen = one.get(f"/disdette/{anna}/giorni/?dal={today}").content.decode()
    assert re.findall(r'name="first" value="([^"]*)"', chosen) == [today]


def test_the_form_sent_twice_leads_to_the_same_proof(opt_out: Cast, rossi: Family, at: Any) -> None:
    at("08:00")
    one, anna = phone(rossi.user), opt_out.child("Anna").pk
    sent = {**fields_of(one.get(f"/disdette/{anna}/")), "fai": "disdici"}
    places = {one.post(f"/disdette/{anna}/", sent).headers["Location"] for _ in range(2)}
    assert places == {"/richieste/D-2610-00001/"}
    assert FamilyRequest.objects.count() == 1


def test_a_week_is_booked_day_by_day(valle: Cast, rossi: Family, at: Any) -> None:
    at("2026-10-14 08:00")
    goes(valle, "opt_in")
    one, anna = phone(rossi.user), valle.child("Anna").pk
    assert "Oggi non è prenotato" in words(one.get("/"))
    address = f"/prenotazioni/{anna}/"
    form = fields_of(one.get(address))
    answer = one.post(address, {**form, "giorno": ["2026-10-14", "2026-10-16"]})
    assert "2 giorni prenotati, 9,20 €: richiesta n. D-2610-00001" in words(one.get(answer.headers["Location"]))
    assert eating(valle) == {"Anna"}
    answer = one.post(address, {**fields_of(one.get(address)), "giorno": ["2026-10-16"]})
    assert "1 giorno disdetto, 4,60 € in meno: richiesta n. D-2610-00002" in words(one.get(answer.headers["Location"]))
    assert eating(valle) == set()
    assert eating(valle, TODAY + timedelta(days=2)) == {"Anna"}
    assert "Non prenotato" in words(one.get(f"/presenze/{anna}/2026-10-14/"))


def test_two_parents_do_not_undo_each_other_on_the_week(valle: Cast, rossi: Family, at: Any) -> None:
    """Dad opens the week, Mum books Wednesday, Dad ticks Friday and saves: both days stay, by a request each."""
    at("2026-10-12 08:00")
    goes(valle, "opt_in")
    anna = valle.child("Anna").pk
    dad, mum, address = phone(rossi.user), phone(rossi.user), f"/prenotazioni/{anna}/"
    opened = fields_of(dad.get(address))
    mum.post(address, {**fields_of(mum.get(address)), "giorno": ["2026-10-14"]})
    said = words(dad.get(dad.post(address, {**opened, "giorno": ["2026-10-16"]}).headers["Location"]))
    assert "1 giorno prenotato, 4,60 €: richiesta n. D-2610-00002." in said
    assert "disdetto" not in said
    assert [eating(valle, TODAY + timedelta(days=day)) for day in (0, 2)] == [{"Anna"}, {"Anna"}]
    # What nobody has changed is asked for by nobody.
    same = {**fields_of(dad.get(address)), "giorno": ["2026-10-14", "2026-10-16"]}
    assert "Non hai cambiato nessun giorno" in words(dad.get(dad.post(address, same).headers["Location"]))
    assert FamilyRequest.objects.count() == 2


@pytest.mark.parametrize(
    ("received", "eats", "words_of_it"),
    [
        ("09:29:59", {"Anna"}, "1 giorno prenotato, 4,60 €: richiesta n. D-2610-00001"),
        ("09:30:01", set(), "Per oggi è tardi Alle 9:30 i numeri si sono chiusi"),
    ],
)
def test_a_week_is_judged_by_its_receipt_and_a_late_one_has_its_number(
    valle: Cast, rossi: Family, at: Any, received: str, eats: set[str], words_of_it: str
) -> None:
    goes(valle, "opt_in")
    one, address = phone(rossi.user), f"/prenotazioni/{valle.child('Anna').pk}/"
    at("09:29")
    form = fields_of(one.get(address))
    at("09:31")
    answer = one.post(address, {**form, "giorno": ["2026-10-14"]}, **{RECEIVED_AT: rome(received)})
    assert words_of_it in words(one.get(answer.headers["Location"]))
    assert eating(valle) == eats
    assert FamilyRequest.objects.get().number == "D-2610-00001"


def test_a_week_of_both_kinds_is_sent_twice_and_asked_once(valle: Cast, rossi: Family, at: Any) -> None:
    """One day that is booked, one cancelled too late: each has its number, and the late one its page with the reason."""
    goes(valle, "opt_in")
    at("08:00")
    one, address = phone(rossi.user), f"/prenotazioni/{valle.child('Anna').pk}/"
    one.post(address, {**fields_of(one.get(address)), "giorno": ["2026-10-14"]})
    form = {**fields_of(one.get(address)), "giorno": ["2026-10-16"]}
    at("09:31")
    places = {one.post(address, form).headers["Location"] for _ in range(2)}
    assert places == {"/richieste/D-2610-00003/"}
    said = words(one.get(places.pop()))
    assert "1 giorno prenotato, 4,60 €: richiesta n. D-2610-00002." in said
    assert "Si paga: 4,60 €" in said or "si paga: 4,60 €" in said
    assert eating(valle) == {"Anna"}
    assert FamilyRequest.objects.count() == 3


def test_white_and_packed_are_asked_and_shown(opt_out: Cast, rossi: Family, at: Any) -> None:
    at("08:00")
    one, anna = phone(rossi.user), opt_out.child("Anna").pk
    assert "Pasto in bianco per Anna" in words(tap(one, f"/disdette/{anna}/", "bianco"))
    assert "Oggi mangia a scuola, in bianco" in words(one.get("/"))
    assert "Pranzo al sacco per Anna" in words(tap(one, f"/disdette/{anna}/?giorno=2026-10-16", "sacco"))


def test_a_white_meal_beyond_the_limit_is_not_offered_and_the_page_says_what_to_do(
    opt_out: Cast, rossi: Family, at: Any
) -> None:
    at("08:00")
    one, anna = phone(rossi.user), opt_out.child("Anna").pk
    for day in ("14", "15", "16"):
        page = f"/disdette/{anna}/?giorno=2026-10-{day}"
        assert "Chiedi il pasto in bianco" in words(one.get(page))
        tap(one, page, "bianco")
    page = f"/disdette/{anna}/?giorno=2026-10-19"
    said = words(one.get(page))
    assert "Chiedi il pasto in bianco" not in said
    assert "Anna ha già avuto o chiesto tutti i pasti in bianco di seguito" in said
    assert "porta il certificato all’ufficio" in said
    # Who sends it all the same reads the same sentence, as its answer.
    assert "Serve il certificato Anna ha già avuto o chiesto tutti" in words(tap(one, page, "bianco"))
    assert "Pasto in bianco, al più 3 di seguito senza certificato" in words(one.get(f"/disdette/{anna}/giorni/"))


def test_a_period_offers_saturday_where_a_service_runs_then_and_means_it(opt_out: Cast, rossi: Family, at: Any) -> None:
    at("08:00")
    one, place = phone(rossi.user), f"/disdette/{opt_out.child('Anna').pk}/giorni/"
    assert "Sabato" not in words(one.get(place))
    ServiceCalendar.objects.filter(service=opt_out.services["mensa"]).update(weekdays=0b111111)
    page = one.get(place)
    assert "Sabato" in words(page)
    answer = one.post(place, {**fields_of(page), "what": "disdici", "first": "2026-10-16", "last": "2026-10-19"})
    assert "3 giorni disdetti" in words(one.get(answer.headers["Location"]))


def test_a_period_of_a_season_to_come_means_its_weekends(opt_out: Cast, rossi: Family, at: Any) -> None:
    """Two weeks ahead nothing runs on a Saturday yet; from November something does, and on Sundays."""
    at("08:00")
    one, place = phone(rossi.user), f"/disdette/{opt_out.child('Anna').pk}/giorni/"
    meal = opt_out.services["mensa"]
    ServiceCalendar.objects.filter(service=meal).update(days=DateRange(date(2026, 9, 15), date(2026, 11, 2)))
    season = {"service": meal, "school": opt_out.school, "first": date(2026, 11, 2), "end": date(2027, 6, 10)}
    services.run(**season, weekdays=0b1111111)
    page = one.get(place)
    assert "Sabato Domenica" in words(page)
    answer = one.post(place, {**fields_of(page), "what": "disdici", "first": "2026-11-02", "last": "2026-11-08"})
    assert "7 giorni disdetti" in words(one.get(answer.headers["Location"]))


@pytest.mark.parametrize(
    ("row", "month", "label"),
    [
        (3, 0, "Pasto in bianco, al più 3 di seguito senza certificato"),
        (3, 5, "Pasto in bianco, al più 3 di seguito e 5 in un mese senza certificato"),
        (0, 5, "Pasto in bianco, al più 5 in un mese senza certificato"),
        (0, 0, "Pasto in bianco"),
    ],
)
def test_how_many_white_meals_there_are_is_said_before(row: int, month: int, label: str) -> None:
    assert white_label(WhiteLimits(in_a_row=row, in_a_month=month)) == label


def test_walls(opt_out: Cast, rossi: Family, at: Any) -> None:
    at("08:00")
    one, other = phone(rossi.user), phone(opt_out.families["haddad"].user)
    anna, amina, meal = opt_out.child("Anna").pk, opt_out.child("Amina").pk, opt_out.services["mensa"].pk
    tap(one, f"/disdette/{anna}/")
    for address in (f"/disdette/{anna}/", f"/disdette/{anna}/giorni/", f"/prenotazioni/{anna}/", "/richieste/D-2610-00001/"):
        assert other.get(address).status_code == 404, address
    assert other.post("/richieste/D-2610-00001/annulla/", {"key": str(uuid4())}).status_code == 404
    sent = {"key": str(uuid4()), "giorno": str(TODAY), "fai": "disdici", "per": f"{anna}-{meal}"}
    assert other.post(f"/disdette/{amina}/", sent).status_code == 404
    assert eating(opt_out) == {"Luca", "Amina"}


@pytest.mark.parametrize(
    "sent", [{}, {"key": "x"}, {"per": "x-y"}, {"giorno": "ieri"}, {"fai": "vola"}, {"per": "1-99999999999"}]
)
def test_a_form_that_says_nothing_sensible_asks_nothing(opt_out: Cast, rossi: Family, at: Any, sent: dict[str, str]) -> None:
    at("08:00")
    one, anna = phone(rossi.user), opt_out.child("Anna").pk
    whole = {"key": str(uuid4()), "per": "", "fai": "disdici", **sent}
    assert one.post(f"/disdette/{anna}/", whole).status_code in (200, 404)
    assert FamilyRequest.objects.count() == 0


def test_a_tap_kept_by_the_phone_says_before_and_after_what_counts(opt_out: Cast, rossi: Family, at: Any) -> None:
    at("09:29")
    one, anna = phone(rossi.user), opt_out.child("Anna").pk
    form = fields_of(one.get(f"/disdette/{anna}/"))
    at("09:41")
    offline = {"toccato": "2026-10-14T09:33:00+02:00", "inviato": "2026-10-14T09:48:00+02:00"}
    answer = one.post(f"/disdette/{anna}/", {**form, "fai": "disdici", **offline})
    said = words(one.get(answer.headers["Location"]))
    assert "Per oggi è tardi" in said
    assert "L’hai scritta sul telefono senza rete alle 9:26:00. Conta quando è arrivata." in said


def test_the_questions_do_not_grow(opt_out: Cast, rossi: Family, at: Any) -> None:
    at("08:00")
    one, anna = phone(rossi.user), opt_out.child("Anna").pk
    tap(one, f"/disdette/{anna}/")
    few = len(questions(one, "/richieste/D-2610-00001/"))
    lines = [f"{opt_out.child(name).pk}-{opt_out.services['mensa'].pk}" for name in ("Anna", "Luca")]
    form = fields_of(one.get(f"/disdette/{anna}/giorni/"))
    sent = {**form, "lines": lines, "what": "disdici", "first": "2026-10-19", "last": "2027-03-30"}
    one.post(f"/disdette/{anna}/giorni/", {**sent, "weekdays": ["0", "1", "2", "3", "4"]})
    assert len(questions(one, "/richieste/D-2610-00002/")) <= few
    assert few <= 19
    assert len(questions(one, f"/disdette/{anna}/")) <= 11
    assert len(questions(one, f"/disdette/{anna}/giorni/")) <= 10
    assert len(questions(one, f"/prenotazioni/{anna}/")) <= 11


def test_the_day_explains_itself(opt_out: Cast, rossi: Family, at: Any) -> None:
    one, anna, luca = phone(rossi.user), opt_out.child("Anna").pk, opt_out.child("Luca").pk
    at("09:31")
    late = {"key": str(uuid4()), "per": f"{luca}-{opt_out.services['mensa'].pk}", "fai": "disdici"}
    one.post(f"/disdette/{luca}/", late)
    mealtime.confirm_day(
        by=OFFICE,
        service=opt_out.services["mensa"],
        day=TODAY,
        class_group_ids=[opt_out.classes["2B"].pk],
        absent_ids=[luca],
        now=clock.now(),
    )
    anna_day, luca_day = (words(one.get(f"/presenze/{child}/2026-10-14/")) for child in (anna, luca))
    assert "Perché: Previsto e non disdetto entro le 9:30: si paga 4,60 €." in anna_day
    assert "Perché: Previsto e non disdetto entro le 9:30, segnato assente" in luca_day
    assert "si paga 3,10 €. La richiesta n. D-2610-00001 è arrivata alle 9:31:00, dopo la chiusura." in luca_day


def test_where_the_roll_call_decides_a_late_word_does_not_say_that_it_is_paid(valle: Cast, rossi: Family, at: Any) -> None:
    one, anna = phone(rossi.user), valle.child("Anna").pk
    at("09:31")
    assert "Se Anna non viene, avvisa la scuola." in words(one.get(f"/disdette/{anna}/"))
    late = {"key": str(uuid4()), "per": f"{anna}-{valle.services['mensa'].pk}", "fai": "disdici"}
    said = words(one.get(one.post(f"/disdette/{anna}/", late).headers["Location"]))
    assert "Avvisa la scuola: Anna paga solo se risulta presente all’appello." in said
    assert "si paga: " not in said


def test_the_office_reads_the_same_sentence(opt_out: Cast, at: Any) -> None:
    at("09:31")
    confirm(opt_out)
    office = browser(opt_out.town, opt_out.staff["office"])
    address = (
        f"/ufficio/bambini/{opt_out.child('Anna').pk}/presenza/?giorno=2026-10-14&servizio={opt_out.services['mensa'].pk}"
    )
    assert "14/10: Previsto e non disdetto entro le 9:30: si paga 4,60 €." in words(office.get(address))
