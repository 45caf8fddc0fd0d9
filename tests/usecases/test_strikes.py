"""
A closure is entered once, told once, gives back once, and leaves nothing behind when it is withdrawn.

The example of a strike: three children at 4,60 €, cut-off 9:30, booked unless cancelled. One cancels at 7:30, one does
nothing, one cancels at 7:30 and undoes at 7:45.
"""

from datetime import date, time, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext

from campanella.domains.attendance import queries as sheets
from campanella.domains.attendance.models import DayEvent, DayRule
from campanella.domains.cooking import queries as cooking
from campanella.domains.enrolment.models import Subscription
from campanella.domains.ledger import verify
from campanella.domains.messaging.models import Message
from campanella.domains.people import operations as people
from campanella.domains.schools import operations as schools
from campanella.domains.schools.models import Closure, Membership
from campanella.domains.services.models import Bracket, ClassCalendar
from campanella.foundation.core import clock
from campanella.foundation.core.audit import Software
from campanella.foundation.core.errors import NotFound
from campanella.readings import proofs
from campanella.usecases import closing, closures_told, cut_off, freezing, mealtime, wishes
from campanella.usecases.wishes import Arrival
from tests import auditor
from tests.browsing import browser
from tests.towns import OFFICE, TODAY, Cast, run_jobs

ABC = ("Anna", "Luca", "Amina")
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def strike(valle: Cast) -> Cast:
    """Everybody pays 4,60 €, meals are booked, and A has cancelled, C has cancelled and undone."""
    full = Bracket.objects.get(tariff__code="mensa-26", code="full")
    Subscription.objects.filter(service=valle.services["mensa"]).update(bracket=full)
    DayRule.objects.create(
        service=valle.services["mensa"],
        school=valle.school,
        days=DateRange(date(2026, 9, 1), None),
        mode="opt_out",
        cut_off=time(9, 30),
    )
    cancel(valle, "Anna", "07:30")
    undo(valle, "Amina", cancel(valle, "Amina", "07:30"), "07:45")
    return valle


def rome(text: str, day: date = TODAY) -> object:
    return clock.rome(day, time.fromisoformat(text))


def family_of(valle: Cast, name: str) -> str:
    return next(key for key, family in valle.families.items() if name in family.children)


def cancel(valle: Cast, name: str, at: str) -> wishes.Answer:
    return wishes.ask(
        by=valle.families[family_of(valle, name)].user,
        lines=[(valle.child(name).pk, valle.services["mensa"].pk)],
        days=[TODAY],
        action="cancel",
        key=uuid4(),
        arrival=Arrival(rome(at)),
        now=clock.now(),
    )


def undo(valle: Cast, name: str, answer: wishes.Answer, at: str) -> None:
    by = valle.families[family_of(valle, name)].user
    wishes.take_back(by=by, number=answer.number, days=None, key=uuid4(), arrival=Arrival(rome(at)), now=clock.now())


def close(valle: Cast, at: str = "07:50", **where: object) -> Closure:
    where = where or {"school": valle.school}
    return closing.enter(by=OFFICE, first=TODAY, last=TODAY, reason="Sciopero", now=rome(at), **where)


def charge(valle: Cast) -> int:
    meal = valle.services["mensa"]
    return cut_off.confirm_booked(by=Software("Campanella"), service=meal, day=TODAY, now=rome("09:30:00.000001"))


def balances(valle: Cast) -> list[int]:
    return [valle.balance(name) for name in ABC]


def sheet(valle: Cast) -> int:
    (line,) = sheets.board(day=TODAY, service_ids=[valle.services["mensa"].pk])
    return line.eating


def frozen(valle: Cast) -> int:
    """Freeze the kitchen's sheet as the worker does at the cut-off, and return how many meals are on it."""
    now, meal = rome("09:31"), valle.services["mensa"]
    due = [one for one in freezing.due(now=now) if (one.day, one.service) == (TODAY, meal)]
    made = [freezing.freeze(by=OFFICE, due=one, now=now) for one in due]
    ids = [one.pk for one in made if one]
    return sum(line.total for lines in cooking.orders(sheet_ids=ids).values() for line in lines)


def letters(template: str) -> list[Message]:
    run_jobs()
    return list(Message.objects.filter(template=template).order_by("id"))


def sound(valle: Cast) -> None:
    assert verify.violations() + proofs.violations() == []
    assert auditor.differences(valle.town) == []


def test_a_strike_entered_and_withdrawn_before_the_cut_off(strike: Cast) -> None:
    """Sheet 2, charges 9,20, families told twice; the day of A explains itself by A's own cancellation."""
    closure = close(strike)
    assert [letter.address for letter in letters("closure_entered")] == ["rossi@posta.example", "haddad@posta.example"]
    closing.withdraw(by=OFFICE, closure_id=closure.pk, why="revocato", now=rome("08:40"))
    assert [letter.address for letter in letters("closure_withdrawn")] == ["rossi@posta.example", "haddad@posta.example"]
    assert sheet(strike) == 2
    assert charge(strike) == 2
    assert frozen(strike) == 2
    assert balances(strike) == [0, -460, -460]
    kinds = DayEvent.objects.filter(child=strike.child("Anna"), day=TODAY).values_list("kind", flat=True)
    assert list(kinds) == ["asked"]
    phone = browser(strike.town, strike.families["rossi"].user)
    day = phone.read(f"/presenze/{strike.child('Anna').pk}/{TODAY}/")
    assert "Disdetto dalla famiglia alle 7:30" in day
    assert "Sciopero" not in day
    sound(strike)


def test_a_strike_that_stays_charges_nobody(strike: Cast) -> None:
    close(strike)
    assert charge(strike) == 0
    assert frozen(strike) == 0
    assert balances(strike) == [0, 0, 0]
    sound(strike)


def test_a_strike_entered_after_the_charge_gives_back_once_and_withdrawn_is_charged_again(strike: Cast) -> None:
    assert charge(strike) == 2
    assert balances(strike) == [0, -460, -460]
    closure = close(strike, "10:00")
    given = closing.give_back(by=OFFICE, closure_id=closure.pk, now=rome("10:05"))
    assert (given.amount.cents, given.children) == (920, 2)
    assert closing.give_back(by=OFFICE, closure_id=closure.pk, now=rome("10:05")).children == 0
    assert balances(strike) == [0, 0, 0]
    sound(strike)
    assert closing.withdraw(by=OFFICE, closure_id=closure.pk, why="revocato", now=rome("10:10")) == 2
    assert balances(strike) == [0, -460, -460]
    assert sheet(strike) == 2
    sound(strike)
    with pytest.raises(NotFound):
        closing.withdraw(by=OFFICE, closure_id=closure.pk, why="due volte", now=rome("10:11"))
    again = close(strike, "10:20")
    assert closing.give_back(by=OFFICE, closure_id=again.pk, now=rome("10:21")).amount.cents == 920
    assert balances(strike) == [0, 0, 0]
    sound(strike)


def test_what_the_school_had_marked_stands_again(valle: Cast) -> None:
    """A roll-call: Luca was absent and Amina had the white meal; after the closure that is how it is again."""
    luca, amina = valle.child("Luca").pk, valle.child("Amina").pk
    call, teacher = valle.roll_call(), valle.staff["school"]
    changes = {amina: mealtime.Mark(is_present=True, is_white=True)}
    mealtime.confirm(by=teacher, roll_call=call, absent_ids=[luca], adults=0, now=rome("09:00"), changes=changes)
    was = {mark.child_id: (mark.is_present, mark.is_white) for mark in _marks(valle)}
    closure = close(valle, "10:00")
    closing.give_back(by=OFFICE, closure_id=closure.pk, now=rome("10:01"))
    assert balances(valle) == [0, 0, 0]
    closing.withdraw(by=OFFICE, closure_id=closure.pk, why="revocato", now=rome("10:02"))
    assert {mark.child_id: (mark.is_present, mark.is_white) for mark in _marks(valle)} == was
    assert balances(valle) == [-460, 0, -460]
    sound(valle)


def _marks(valle: Cast) -> list[sheets.DayMark]:
    return sheets.marks_on(child_ids=[valle.child(name).pk for name in ABC], day=TODAY)


def test_a_correction_after_the_giving_back_holds(strike: Cast) -> None:
    charge(strike)
    closure = close(strike, "10:00")
    closing.give_back(by=OFFICE, closure_id=closure.pk, now=rome("10:01"))
    luca, meal = strike.child("Luca").pk, strike.services["mensa"]
    about = {"service": meal, "day": TODAY, "reason": "ha mangiato", "now": rome("10:30")}
    mealtime.correct(by=OFFICE, child_id=luca, is_present=True, **about)
    assert balances(strike) == [0, -460, 0]
    sound(strike)


def test_two_closures_of_one_day_end_when_both_are_withdrawn(strike: Cast) -> None:
    charge(strike)
    of_town = closing.enter(by=OFFICE, first=TODAY, last=TODAY, reason="Neve", now=rome("10:00"))
    of_school = close(strike, "10:00")
    closing.give_back(by=OFFICE, closure_id=of_school.pk, now=rome("10:01"))
    assert closing.withdraw(by=OFFICE, closure_id=of_school.pk, why="doppia", now=rome("10:02")) == 0
    assert balances(strike) == [0, 0, 0]
    assert closing.withdraw(by=OFFICE, closure_id=of_town.pk, why="non nevica", now=rome("10:03")) == 2
    assert balances(strike) == [0, -460, -460]
    sound(strike)


def test_days_that_a_closure_closes_no_more_are_charged_again(strike: Cast) -> None:
    charge(strike)
    closure = close(strike, "10:00")
    closing.give_back(by=OFFICE, closure_id=closure.pk, now=rome("10:01"))
    told = len(letters("closure_entered"))
    changed = {"closure_id": closure.pk, "first": TOMORROW, "last": TOMORROW, "reason": "Sciopero"}
    assert closing.change(by=OFFICE, now=rome("10:02"), **changed) == 2
    assert balances(strike) == [0, -460, -460]
    again = letters("closure_entered")[told:]
    assert [("sono cambiati i giorni" in letter.text) for letter in again] == [True, True]
    sound(strike)


def test_a_closure_of_one_service_leaves_the_others_charged(valle: Cast) -> None:
    for service in ("mensa", "scuolabus"):
        call = valle.roll_call(service=service)
        mealtime.confirm(by=valle.staff["school"], roll_call=call, absent_ids=[], adults=0, now=rome("09:00"))
    closure = close(valle, "10:00", only=[valle.services["scuolabus"]])
    assert closing.give_back(by=OFFICE, closure_id=closure.pk, now=rome("10:01")).amount.cents == 150
    assert (valle.balance("Anna"), valle.balance("Anna", "scuolabus")) == (-460, 0)
    sound(valle)


def test_only_families_concerned_are_told_each_once(valle: Cast) -> None:
    """The bus is Anna's alone; two children of one family make one letter; a second job writes none."""
    close(valle, only=[valle.services["scuolabus"]])
    (letter,) = letters("closure_entered")
    assert letter.address == "rossi@posta.example"
    assert "14 ottobre 2026 il servizio Scuolabus è chiuso" in " ".join(letter.text.split())
    both = close(valle)
    assert len(letters("closure_entered")) == 3
    closures_told.tell(closure_id=both.pk, after=0)
    assert len(letters("closure_entered")) == 3


def test_a_class_elsewhere_and_days_that_are_over_are_told_to_nobody(valle: Cast) -> None:
    close(valle, class_group=valle.classes["3A"])
    yesterday = TODAY - timedelta(days=1)
    closing.enter(by=OFFICE, first=yesterday, last=yesterday, reason="Sciopero", now=rome("08:00"))
    closing.enter(by=OFFICE, first=TOMORROW, last=TOMORROW, reason="Ponte", now=rome("08:00"), tells=False)
    assert letters("closure_entered") == []


def test_where_the_payer_has_no_address_the_other_adult_is_written_to(valle: Cast) -> None:
    second = people.register_guardian(
        given_name="Ugo", family_name="Haddad", tax_code="", email="ugo@posta.example", phone=""
    )
    people.tie(child=valle.child("Amina"), guardian=second, is_payer=False)
    payer = valle.families["haddad"].guardian
    payer.email = ""
    payer.save()
    close(valle)
    assert {letter.address for letter in letters("closure_entered")} == {"rossi@posta.example", "ugo@posta.example"}


def test_who_pays_is_told_of_all_that_went_back_in_one_letter(strike: Cast) -> None:
    schools.let_work_at(user=strike.staff["school"], school=strike.school)
    mealtime.confirm(
        by=strike.staff["school"],
        roll_call=strike.roll_call(service="scuolabus"),
        absent_ids=[],
        adults=0,
        now=rome("08:00"),
    )
    charge(strike)
    closure = close(strike, "10:00")
    closing.give_back(by=OFFICE, closure_id=closure.pk, now=rome("10:01"))
    mine, other = letters("closure_given_back")
    words = " ".join(mine.text.split())
    assert "Anna, Scuolabus, 14 ottobre 2026: 1,50 €" in words
    assert "Luca, Refezione, 14 ottobre 2026: 4,60 €" in words
    assert "In tutto: 6,10 €" in words
    assert (mine.address, other.address) == ("rossi@posta.example", "haddad@posta.example")
    assert letters("credit_corrected") == []


def test_the_family_reads_the_closure_not_an_absence(strike: Cast) -> None:
    charge(strike)
    closure = close(strike, "10:00")
    phone = browser(strike.town, strike.families["rossi"].user)
    day = f"/presenze/{strike.child('Luca').pk}/{TODAY}/"
    assert "Oggi mangia a scuola Confermato alle 9:30" in phone.read("/"), "it is charged, until it is given back"
    closing.give_back(by=OFFICE, closure_id=closure.pk, now=rome("10:01"))
    assert "Oggi mangia a scuola" not in phone.read("/")
    words = phone.read(day)
    assert "Sciopero" in words
    assert "Assente" not in words
    closing.withdraw(by=OFFICE, closure_id=closure.pk, why="revocato", now=rome("10:02"))
    assert "Sciopero" not in phone.read("/")


def test_giving_back_and_withdrawing_cost_no_more_statements_for_more_children(strike: Cast) -> None:
    def statements() -> tuple[int, int]:
        closure = close(strike, "10:00")
        counts = []
        for act in (
            lambda: closing.give_back(by=OFFICE, closure_id=closure.pk, now=rome("10:01")),
            lambda: closing.withdraw(by=OFFICE, closure_id=closure.pk, why="revocato", now=rome("10:02")),
        ):
            with CaptureQueriesContext(connection) as found:
                act()
            counts.append(len(found))
        return counts[0], counts[1]

    charge(strike)
    two = statements()
    luca, meal = strike.child("Anna").pk, strike.services["mensa"]
    mealtime.correct(by=OFFICE, child_id=luca, service=meal, day=TODAY, is_present=True, reason="era qui", now=rome("10:30"))
    assert statements() == two


def test_a_class_that_confirmed_before_the_strike_orders_nothing_and_orders_again_when_it_is_withdrawn(valle: Cast) -> None:
    call = valle.roll_call()
    mealtime.confirm(by=valle.staff["school"], roll_call=call, absent_ids=[], adults=0, now=rome("08:51"))
    closure = close(valle, "09:00")
    closing.give_back(by=OFFICE, closure_id=closure.pk, now=rome("09:05"))
    assert sheet(valle) == 0
    closing.withdraw(by=OFFICE, closure_id=closure.pk, why="revocato", now=rome("09:20"))
    assert sheet(valle) == frozen(valle) == 3
    sound(valle)


def test_a_class_that_confirmed_before_a_strike_that_stays_is_on_no_sheet(valle: Cast) -> None:
    call = valle.roll_call()
    mealtime.confirm(by=valle.staff["school"], roll_call=call, absent_ids=[], adults=0, now=rome("08:51"))
    closure = close(valle, "09:00")
    closing.give_back(by=OFFICE, closure_id=closure.pk, now=rome("09:05"))
    assert frozen(valle) == 0
    assert balances(valle) == [0, 0, 0]
    sound(valle)


def test_a_class_on_a_trip_is_on_no_sheet(strike: Cast) -> None:
    close(strike, class_group=strike.classes["2B"])
    assert frozen(strike) == 0


def test_only_families_whose_days_it_closes_are_told(valle: Cast) -> None:
    """Luca comes on Mondays, Amina's class has no Wednesdays, and Anna left the service before: nobody is concerned."""
    meal, wednesday = valle.services["mensa"], TODAY
    assert wednesday.weekday() == 2
    monday_only, not_wednesday = 0b00001, 0b11011
    Subscription.objects.filter(child=valle.child("Luca"), service=meal).update(weekdays=monday_only)
    anna = Subscription.objects.get(child=valle.child("Anna"), service=meal)
    anna.days = DateRange(anna.days.lower, wednesday)
    anna.save()
    ClassCalendar.objects.create(
        class_group=valle.classes["3A"], service=meal, days=DateRange(date(2026, 9, 1), None), weekdays=not_wednesday
    )
    place = Membership.objects.get(child=valle.child("Amina"))
    place.class_group = valle.classes["3A"]
    place.save()
    close(valle, only=[meal])
    assert letters("closure_entered") == []

    closing.enter(by=OFFICE, first=TODAY - timedelta(days=2), last=TODAY, reason="Neve", now=rome("07:55"), only=[meal])
    # Monday the 12th is Luca's and Amina's, and was Anna's.
    assert {letter.address for letter in letters("closure_entered")} == {"rossi@posta.example", "haddad@posta.example"}
