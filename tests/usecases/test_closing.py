"""A strike that was called all the same: what stands in the book and in the register when its charges go back."""

from datetime import date, timedelta

from campanella.domains.attendance.models import Presence
from campanella.domains.ledger import verify
from campanella.domains.ledger.models import Entry
from campanella.domains.schools import operations as schools
from campanella.domains.schools.models import ClassGroup, Closure
from campanella.foundation.core import clock
from campanella.foundation.core.models import AuditRow
from campanella.readings import proofs
from campanella.usecases import closing, mealtime
from tests.towns import OFFICE, TODAY, Cast

YESTERDAY = TODAY - timedelta(days=1)


def called(cast: Cast, service: str = "mensa", day: date = TODAY) -> None:
    call = cast.roll_call(service=service, day=day)
    mealtime.confirm(by=cast.staff["school"], roll_call=call, absent_ids=[], adults=0, now=clock.now())


def closed(cast: Cast, first: date = TODAY, last: date = TODAY, class_group: ClassGroup | None = None) -> Closure:
    return schools.close(by=OFFICE, first=first, last=last, reason="Sciopero", now=clock.now(), class_group=class_group)


def give_back(cast: Cast, closure: Closure) -> tuple[int, int]:
    given = closing.give_back(by=cast.staff["office"], closure_id=closure.pk, now=clock.now())
    return given.amount.cents, given.children


def test_what_goes_back_is_in_the_book_by_whom_and_for_which_day(valle: Cast) -> None:
    office = valle.staff["office"]
    for day in (YESTERDAY, TODAY):
        called(valle, day=day)
    called(valle, "scuolabus")

    # Anna 4,60 twice and the bus, Luca 3,10 twice, Amina 4,60 twice.
    assert give_back(valle, closed(valle, YESTERDAY)) == (2 * 460 + 150 + 2 * 310 + 2 * 460, 3)

    back = Entry.objects.filter(revision=1).order_by("id")
    assert {entry.by_id for entry in back} == {office.pk}
    assert {(entry.kind, entry.at) for entry in back} == {("charge", clock.now())}
    days = {presence.pk: (presence.day, presence.service.name) for presence in Presence.objects.select_related("service")}
    told = {int(entry.source.partition(":")[2]): (entry.day, entry.memo) for entry in back}
    assert told == days
    wallets = [("Anna", "mensa"), ("Anna", "scuolabus"), ("Luca", "mensa"), ("Amina", "mensa")]
    assert [valle.balance(*wallet) for wallet in wallets] == [0, 0, 0, 0]
    assert verify.violations() + proofs.violations() == []


def test_the_register_says_how_much_to_how_many_and_why(valle: Cast) -> None:
    called(valle)
    closure = closed(valle)
    give_back(valle, closure)

    row = AuditRow.objects.get(action="closure.given_back")
    assert (row.subjects, row.why, row.at) == ([f"closure:{closure.pk}", "closures"], "Sciopero", clock.now())
    assert row.actor_id == valle.staff["office"].pk
    assert row.data == {"amount": "12,30\N{NO-BREAK SPACE}€", "children": 3}
    given = AuditRow.objects.filter(action="presence.given_back")
    assert {(row.actor_id, row.why, row.at) for row in given} == {(valle.staff["office"].pk, "Sciopero", clock.now())}
    assert {presence.is_present for presence in Presence.objects.all()} == {False}


def test_days_outside_the_closure_stay_charged(valle: Cast) -> None:
    for day in (YESTERDAY, TODAY):
        called(valle, day=day)
    assert give_back(valle, closed(valle, YESTERDAY, YESTERDAY)) == (460 + 310 + 460, 3)
    assert valle.balance("Anna") == -460


def test_a_second_press_and_a_day_that_nobody_called_give_nothing_and_record_nothing(valle: Cast) -> None:
    assert give_back(valle, closed(valle, date(2026, 11, 2), date(2026, 11, 3))) == (0, 0)
    called(valle)
    closure = closed(valle)
    give_back(valle, closure)
    assert give_back(valle, closure) == (0, 0)
    assert AuditRow.objects.filter(action="closure.given_back").count() == 1


def test_the_closure_of_another_class_gives_nothing_back(valle: Cast) -> None:
    called(valle)
    assert give_back(valle, closed(valle, class_group=valle.classes["3A"])) == (0, 0)
    assert give_back(valle, closed(valle, class_group=valle.classes["2B"])) == (1230, 3)


def test_a_closure_given_back_twice_is_withdrawn_in_one_act(valle: Cast) -> None:
    called(valle)
    closure = closed(valle)
    give_back(valle, closure)
    mealtime.correct(
        by=OFFICE,
        child_id=valle.child("Anna").pk,
        service=valle.services["mensa"],
        day=TODAY,
        is_present=True,
        reason="ha mangiato con la 3A",
        now=clock.now(),
    )
    assert valle.balance("Anna") == -460
    assert give_back(valle, closure) == (460, 1)
    assert valle.balance("Anna") == 0

    assert closing.withdraw(by=OFFICE, closure_id=closure.pk, why="revocato", now=clock.now()) == 3

    assert [valle.balance(name) for name in ("Anna", "Luca", "Amina")] == [-460, -310, -460]
    assert verify.violations() + proofs.violations() == []
