"""The calendar of a month and what is behind a day."""

import re
from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db.backends.postgresql.psycopg_any import DateRange

from campanella.domains.attendance import operations as attendance
from campanella.domains.attendance.rules import Mark
from campanella.domains.enrolment.models import Subscription
from campanella.domains.schools.models import Closure, Membership
from campanella.domains.services.models import ServiceCalendar
from campanella.foundation.core import clock
from campanella.readings.family.month import family_month
from campanella.usecases import mealtime
from tests.interfaces.portal.phones import phone, questions, words
from tests.towns import Cast, Family


def _state(valle: Cast, rossi: Family, day: date, child: str = "Anna") -> str:
    month = family_month(
        user=rossi.user, child_id=valle.child(child).pk, service_id=valle.services["mensa"].pk, month=day, now=clock.now()
    )
    assert month
    return next(cell.state for cell in month.cells if cell.day == day)


def _confirm(valle: Cast, day: date, *absent: str, service: str = "mensa") -> None:
    mealtime.confirm(
        by=valle.staff["school"],
        roll_call=valle.roll_call(day=day, service=service),
        absent_ids=[valle.child(name).pk for name in absent],
        adults=None,
        now=clock.now(),
    )


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (date(2026, 9, 14), "not_enrolled"),
        (date(2026, 9, 15), "no_service"),
        (date(2026, 10, 10), "no_service"),
        (date(2026, 10, 12), "absent"),
        (date(2026, 10, 13), "present"),
        (date(2026, 10, 14), "awaited"),
        (date(2026, 10, 15), "to_come"),
        (date(2026, 10, 19), "closed"),
        (date(2026, 10, 20), "closed"),
        (date(2026, 10, 21), "to_come"),
        (date(2027, 6, 9), "to_come"),
        (date(2027, 6, 10), "no_service"),
    ],
)
def test_each_day_has_its_state(valle: Cast, rossi: Family, day: date, state: str) -> None:
    """First and last day of the service, weekend, marks, today, tomorrow, a closure of two days."""
    _confirm(valle, date(2026, 10, 12), "Anna")
    _confirm(valle, date(2026, 10, 13))
    Closure.objects.create(days=(date(2026, 10, 19), date(2026, 10, 21)), reason="Elezioni")

    assert _state(valle, rossi, day) == state


def test_a_month_is_told_with_its_sum(valle: Cast, rossi: Family) -> None:
    for day in (5, 6, 7):
        _confirm(valle, date(2026, 10, day), *(["Anna"] if day == 7 else []))
    Closure.objects.create(days=(date(2026, 10, 9), date(2026, 10, 10)), reason="Sciopero")

    page = words(phone(rossi.user).get("/presenze/"))

    assert "Presenze di Anna 2B · Primaria Rodari · Refezione" in page
    assert "Ottobre 2026" in page
    assert "5 presente 6 presente 7 assente 8 – 9 chiuso" in page
    assert "14 in attesa 15 previsto" in page
    assert "2 pasti a 4,60 € 9,20 € 1 assenza non si paga" in page
    assert "Settembre 2026" in page
    assert "Vedi Luca" in page


def test_another_service_has_its_own_month(valle: Cast, rossi: Family) -> None:
    _confirm(valle, date(2026, 10, 13), service="scuolabus")
    one, anna = phone(rossi.user), valle.child("Anna").pk

    bus = words(one.get(f"/presenze/{anna}/2026-10/?servizio={valle.services['scuolabus'].pk}"))

    assert "2B · Primaria Rodari · Scuolabus" in bus
    assert "13 presente" in bus
    assert "13 presente" not in words(one.get(f"/presenze/{anna}/2026-10/"))
    assert one.get(f"/presenze/{anna}/2026-10/?servizio=999").status_code == 404
    assert one.get(f"/presenze/{anna}/2026-10/?servizio=x").status_code == 404


def test_the_number_of_questions_does_not_depend_on_the_days(valle: Cast, rossi: Family) -> None:
    one, anna = phone(rossi.user), valle.child("Anna").pk
    few = len(questions(one, f"/presenze/{anna}/2026-10/"))
    for day in (1, 2, 5, 6, 7, 8, 9, 12, 13):
        _confirm(valle, date(2026, 10, day))

    asked = questions(one, f"/presenze/{anna}/2026-10/")

    assert few <= 11
    assert len(asked) <= 11, asked


@pytest.mark.parametrize(
    ("month", "first", "last"),
    [
        ("2026-10", "1 previsto", "30 previsto"),
        ("2027-03", "1 previsto", "31 previsto"),
        ("2027-02", "1 previsto", "26 previsto"),
    ],
)
def test_months_in_which_the_clocks_change_have_every_day(
    valle: Cast, rossi: Family, month: str, first: str, last: str, at: Any
) -> None:
    at("2026-09-20 10:00")

    page = words(phone(rossi.user).get(f"/presenze/{valle.child('Anna').pk}/{month}/"))

    assert first in page
    assert last in page


def test_just_before_midnight_today_is_still_today(valle: Cast, rossi: Family, at: Any) -> None:
    """23:30 in Rome on the day the clocks go back is already the next day in no time zone of ours."""
    at("2026-10-25 23:30")

    month = family_month(user=rossi.user, child_id=None, service_id=None, month=date(2026, 10, 1), now=clock.now())

    assert month
    assert [cell.day.day for cell in month.cells if cell.is_today] == [25]


def test_a_weekend_column_appears_when_the_service_runs_on_it(valle: Cast, rossi: Family) -> None:
    one = phone(rossi.user)
    assert "sab" not in words(one.get("/presenze/")).split()
    ServiceCalendar.objects.filter(service=valle.services["mensa"]).update(weekdays=0b111111)

    assert "sab" in words(one.get("/presenze/")).split()


def test_past_years_are_one_tap_away(valle: Cast, rossi: Family) -> None:
    anna = valle.child("Anna")
    Membership.objects.create(child=anna, class_group=valle.classes["3A"], days=(date(2025, 9, 1), date(2026, 7, 1)))
    Subscription.objects.create(
        child=anna,
        service=valle.services["mensa"],
        days=(date(2025, 9, 15), date(2026, 6, 10)),
        bracket=Subscription.objects.filter(child=anna)[0].bracket,
    )
    one = phone(rossi.user)

    page = one.get("/presenze/")

    assert "Anni passati 2025/26 · 3A · Primaria Rodari" in words(page)
    assert f"/presenze/{anna.pk}/2026-06/" in page.content.decode()
    assert "3A · Primaria Rodari · Refezione" in words(one.get(f"/presenze/{anna.pk}/2026-05/"))


def test_a_day_opens_its_charge_and_its_corrections(valle: Cast, rossi: Family, at: Any) -> None:
    at("08:52")
    _confirm(valle, date(2026, 10, 14))
    at("10:05")
    mealtime.correct(
        by=valle.staff["office"],
        child_id=valle.child("Anna").pk,
        service=valle.services["mensa"],
        day=date(2026, 10, 14),
        is_present=False,
        reason="La maestra ha telefonato",
        now=clock.now(),
    )

    page = words(phone(rossi.user).get(f"/presenze/{valle.child('Anna').pk}/2026-10-14/"))

    assert "Mercoledì 14 ottobre Anna Assente Refezione Anna non mangia. Perché:" in page
    assert "Corretto dall’ufficio alle 10:05:00 («La maestra ha telefonato»): non si paga." in page
    assert "Appello 8:52, confermato dalla scuola Tariffa Intera Addebito" in page, "a day that is not paid has no price"
    assert "Addebito, 14/10 8:52 −4,60 € Restituito, 14/10 10:05 +4,60 € Credito dopo 0,00 €" in page
    assert "14/10 10:05, ufficio ha corretto il 14/10: assente. Motivo: La maestra ha telefonato" in page
    assert "Persona" not in page


def test_a_past_day_is_told_in_the_past_and_leads_to_its_neighbours(valle: Cast, rossi: Family) -> None:
    _confirm(valle, date(2026, 10, 12))
    valle.credit("Anna", 1000)

    page = words(phone(rossi.user).get(f"/presenze/{valle.child('Anna').pk}/2026-10-12/"))

    assert "Anna ha mangiato a scuola." in page
    assert "−4,60 € Credito dopo −4,60 €" in page, "the credit of that moment, whatever came later"
    assert "Venerdì 9 ottobre Martedì 13 ottobre" in page


def test_what_does_not_add_up_is_told_with_its_day(valle: Cast, rossi: Family) -> None:
    """What was charged is contested; of a day that cost nothing the way to the office fills in topic, child and day."""
    _confirm(valle, date(2026, 10, 12), "Luca")
    one = phone(rossi.user)

    said = []
    for name in ("Anna", "Luca"):
        day = BeautifulSoup(one.get(f"/presenze/{valle.child(name).pk}/2026-10-12/").content, "html.parser")
        link = next(link["href"] for link in day.find_all("a") if "Non torna?" in link.get_text())
        form = BeautifulSoup(one.get(link).content, "html.parser")
        chosen = [option["value"] for option in form.select("[selected]")]
        said.append((form.h1.get_text(), chosen, form.select_one("[name=text]").get_text().strip()))  # type: ignore[union-attr]

    assert said == [
        ("Contesta l’addebito", [], ""),
        ("Contattaci", ["presences", str(valle.child("Luca").pk)], "Lunedì 12 ottobre 2026, Refezione:"),
    ]


def test_a_reduction_is_explained(valle: Cast, rossi: Family) -> None:
    Subscription.objects.filter(child=valle.child("Luca")).update(reduction_percent=30)

    page = words(phone(rossi.user).get(f"/presenze/{valle.child('Luca').pk}/2026-10-15/"))

    assert "Tariffa ISEE fino a 10.000 € Riduzione 30 % Prezzo di 1 pasto 2,17 €" in page


def test_a_day_without_services_says_so(valle: Cast, rossi: Family) -> None:
    assert "Niente in questo giorno" in words(phone(rossi.user).get(f"/presenze/{valle.child('Anna').pk}/2026-08-10/"))


@pytest.mark.parametrize("path", ["/presenze/{}/2026-10/", "/presenze/{}/2026-10-14/"])
def test_another_familys_child_is_not_there(valle: Cast, rossi: Family, path: str) -> None:
    one = phone(rossi.user)

    assert one.get(path.format(valle.child("Anna").pk)).status_code == 200
    assert one.get(path.format(valle.child("Amina").pk)).status_code == 404
    assert one.get(path.format(10**17)).status_code == 404


@pytest.mark.parametrize("tail", ["2026-13/", "2026-00/", "2026-02-30/", "1999-01/", "2026-1/"])
def test_days_that_do_not_exist_are_not_there(valle: Cast, rossi: Family, tail: str) -> None:
    assert phone(rossi.user).get(f"/presenze/{valle.child('Anna').pk}/{tail}").status_code == 404


def test_unconfirmed_marks_stay_in_the_class(valle: Cast, rossi: Family) -> None:
    call = valle.roll_call()
    attendance.mark(
        by=valle.staff["school"],
        roll_call_id=call.pk,
        child_id=valle.child("Anna").pk,
        mark=Mark(is_present=False),
        now=clock.now(),
    )

    assert _state(valle, rossi, date(2026, 10, 14)) == "awaited"


def test_a_day_without_service_is_said_alike_before_and_after(valle: Cast, rossi: Family) -> None:
    one, anna = phone(rossi.user), valle.child("Anna")

    assert "Nessun servizio quel giorno: non si paga" in words(one.get(f"/presenze/{anna.pk}/2026-10-17/"))
    assert "Si paga solo se è presente all’appello" in words(one.get(f"/presenze/{anna.pk}/2026-10-15/"))
    Subscription.objects.filter(child=anna).update(days=(date(2026, 11, 1), None))
    assert "Per Anna non c’è nessuna iscrizione a un servizio" in words(one.get(f"/presenze/{anna.pk}/2026-10-15/"))


def test_days_that_cost_nothing_are_counted_all_the_same(valle: Cast, rossi: Family) -> None:
    Subscription.objects.filter(child=valle.child("Anna")).update(reduction_percent=100)
    mealtime.confirm(by=valle.staff["school"], roll_call=valle.roll_call(), absent_ids=[], adults=0, now=clock.now())
    page = words(phone(rossi.user).get(f"/presenze/{valle.child('Anna').pk}/2026-10/"))
    assert "1 pasto a 0,00 €" in page
    assert "In questo mese non c’è nessuna presenza" not in page


def test_the_arrows_of_a_day_lead_where_something_runs_for_this_child(valle: Cast, rossi: Family) -> None:
    """From Friday they led to a Saturday on which nothing runs; over a closure they led into it, day by day."""
    Closure.objects.create(days=(date(2026, 10, 19), date(2026, 10, 21)), reason="Elezioni")
    assert _beside(valle, rossi, date(2026, 10, 16)) == ["2026-10-15", "2026-10-21"]
    assert _beside(valle, rossi, date(2026, 10, 17)) == ["2026-10-16", "2026-10-21"]
    ServiceCalendar.objects.filter(service=valle.services["mensa"]).update(weekdays=0b111111)
    assert _beside(valle, rossi, date(2026, 10, 16)) == ["2026-10-15", "2026-10-17"]
    # Its first day and its last day of a subscription: there is no arrow into nothing, and one over a long pause.
    line = Subscription.objects.filter(child=valle.child("Anna"))
    line.update(days=DateRange(date(2026, 10, 5), date(2026, 12, 1)))
    assert _beside(valle, rossi, date(2026, 10, 5)) == ["2026-10-06"]
    assert _beside(valle, rossi, date(2027, 2, 1)) == ["2026-11-30"]


def _beside(valle: Cast, rossi: Family, day: date) -> list[str]:
    anna = valle.child("Anna").pk
    page = phone(rossi.user).get(f"/presenze/{anna}/{day.isoformat()}/").content.decode()
    nav = page.partition('aria-label="Altri giorni"')[2].partition("</nav>")[0]
    return re.findall(rf"/presenze/{anna}/(\d{{4}}-\d\d-\d\d)/", nav)
