"""The office confirms for classes that did not: it reads what is charged first, and that is what is charged."""

import re
from datetime import date, time
from typing import Any
from uuid import uuid4

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from campanella.domains.attendance import operations as attendance
from campanella.domains.attendance.models import DayRule
from campanella.domains.attendance.rules import Mark
from campanella.domains.ledger.models import Transfer
from campanella.domains.schools import operations as schools
from campanella.foundation.core import clock
from campanella.usecases import mealtime, wishes
from campanella.usecases.wishes import Arrival
from tests.browsing import Browser, at_most, browser
from tests.towns import OFFICE, TODAY, Cast, text_of

ADDRESS = "/ufficio/da-fare/classi/"


@pytest.fixture
def office(valle: Cast, at: Any) -> Browser:
    at("09:31")
    return browser(valle.town, valle.staff["office"])


def form(cast: Cast, *classes: str, service: str = "mensa") -> dict[str, Any]:
    chosen = [str(cast.classes[name].pk) for name in classes] or ["all"]
    return {"service": str(cast.services[service].pk), "class": chosen}


def tap(cast: Cast, name: str, *, is_present: bool) -> None:
    call = cast.roll_call()
    mark = Mark(is_present=is_present)
    attendance.mark(by=cast.staff["school"], roll_call_id=call.pk, child_id=cast.child(name).pk, mark=mark, now=clock.now())


def charged() -> int:
    return sum(Transfer.objects.filter(debit__kind="wallet").values_list("cents", flat=True))


def test_the_sum_is_said_before_and_is_what_is_charged(valle: Cast, office: Browser) -> None:
    tap(valle, "Luca", is_present=False)
    with at_most(15):
        answer = office.post(ADDRESS, form(valle, "2B"))
    page = text_of(answer)
    assert "2B, Primaria Rodari: 2 presenti su 3 9,20 €" in page
    assert "Si addebitano in tutto 9,20 €" in page
    assert charged() == 0

    told = re.findall(r'name="told" value="(\d+)"', answer.content.decode())
    said = office.post(ADDRESS, {**form(valle, "2B"), "told": told[0]}, follow=True)

    assert "Confermato: 2 presenti, addebitati in tutto 9,20 €." in text_of(said)
    assert charged() == int(told[0]) == 920


def test_what_has_changed_since_is_said_again_and_nothing_is_charged(valle: Cast, office: Browser) -> None:
    office.post(ADDRESS, form(valle))
    tap(valle, "Luca", is_present=False)

    again = text_of(office.post(ADDRESS, {**form(valle), "told": "1230"}))

    assert "Nel frattempo è cambiato qualcosa" in again
    assert "Conferma 2 presenti, 9,20 €" in again
    assert charged() == 0
    assert not valle.roll_call().confirmed_at, "nobody is confirmed"


def test_what_a_class_has_confirmed_itself_is_left_as_it_is(valle: Cast, office: Browser) -> None:
    mealtime.confirm(by=OFFICE, roll_call=valle.roll_call(), absent_ids=[], adults=0, now=clock.now())
    before = charged()
    assert "Era già confermato" in text_of(office.post(ADDRESS, form(valle), follow=True))
    assert "Era già confermato" in text_of(office.post(ADDRESS, {**form(valle), "told": "1230"}, follow=True))
    assert charged() == before


def test_who_was_charged_in_another_class_is_there_and_costs_nothing(valle: Cast, office: Browser) -> None:
    mealtime.confirm(by=OFFICE, roll_call=valle.roll_call(), absent_ids=[], adults=0, now=clock.now())
    third = valle.classes["3A"]
    schools.place_many(class_by_child={valle.child("Luca").pk: third.pk}, first=TODAY, end=None)
    before = charged()

    assert "3A, Primaria Rodari: 1 presente su 1 0,00 €" in text_of(office.post(ADDRESS, form(valle, "3A")))
    said = office.post(ADDRESS, {**form(valle, "3A"), "told": "0"}, follow=True)

    assert "Confermato: 1 presente" in text_of(said)
    assert charged() == before


def test_each_service_has_its_own_sum(valle: Cast, office: Browser) -> None:
    page = text_of(office.post(ADDRESS, form(valle, service="scuolabus")))
    assert "Conferma 1 presente, 1,50 €" in page
    said = office.post(ADDRESS, {**form(valle, service="scuolabus"), "told": "150"}, follow=True)
    assert "Confermato: 1 presente, addebitati 1,50 €." in text_of(said)


def test_before_the_hour_nothing_is_offered(valle: Cast, office: Browser, at: Any) -> None:
    at("09:29")
    for sent in (form(valle), {**form(valle), "told": "1230"}):
        assert "possono ancora confermare" in text_of(office.post(ADDRESS, sent, follow=True))
    assert charged() == 0


def test_where_families_book_who_cancelled_is_not_charged_and_who_was_only_absent_is(valle: Cast, office: Browser) -> None:
    """What is told is what is charged, whatever the mode: Anna has cancelled, Luca is marked absent, Amina is there."""
    days, meal = DateRange(date(2026, 9, 1), None), valle.services["mensa"]
    DayRule.objects.create(service=meal, school=valle.school, days=days, mode="opt_out", cut_off=time(9, 30))
    wishes.ask(
        by=valle.families["rossi"].user,
        lines=[(valle.child("Anna").pk, meal.pk)],
        days=[TODAY],
        action="cancel",
        key=uuid4(),
        arrival=Arrival(clock.rome(TODAY, time(7, 30))),
        now=clock.now(),
    )
    tap(valle, "Luca", is_present=False)
    answer = office.post(ADDRESS, form(valle, "2B"))
    assert "2B, Primaria Rodari: 1 presente su 3 7,70 €" in text_of(answer)
    told = re.findall(r'name="told" value="(\d+)"', answer.content.decode())
    office.post(ADDRESS, {**form(valle, "2B"), "told": told[0]})
    assert [valle.balance(name) for name in ("Anna", "Luca", "Amina")] == [0, -310, -460]
    assert charged() == int(told[0]) == 770
