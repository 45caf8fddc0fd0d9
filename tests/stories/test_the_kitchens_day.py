"""
Freeze, additions, delivery note: the example of a town with three classes, to the meal and to the cent.

Sheet no. 1 of Thursday 15 October is 2A 22, 2B 24, 2C 19. After 9:30 one child of 2A arrives late and was not ordered,
one of 2C goes home at 11 (present until then), one of 2B, ordered, is marked absent at 9:50.
"""

from datetime import date, datetime, time
from typing import Any
from uuid import uuid4

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from campanella.domains.attendance import operations as attendance
from campanella.domains.attendance.models import Booking, DayEvent, DayRule, FamilyRequest, Presence
from campanella.domains.attendance.rules import Mark
from campanella.domains.cooking import queries as cooking
from campanella.domains.cooking.models import KitchenSheet
from campanella.domains.enrolment import operations as enrolment
from campanella.domains.ledger import holding
from campanella.domains.ledger import operations as ledger
from campanella.domains.ledger.models import Wallet
from campanella.domains.people import operations as people
from campanella.domains.people.models import Child
from campanella.domains.schools import operations as schools
from campanella.domains.schools.models import ClassGroup
from campanella.domains.services.models import Bracket
from campanella.foundation.core import jobs
from campanella.readings.kitchen import orders
from campanella.usecases import freezing, mealtime
from tests.towns import OFFICE, Cast, open_class, tell_again

DAY = date(2026, 10, 15)
MEAL = 460
# One more than is ordered in 2A: who comes late.
ENROLLED = {"2A": 23, "2B": 24, "2C": 19}


@pytest.fixture
def classes(valle: Cast) -> dict[str, tuple[ClassGroup, list[Child]]]:
    """Three classes of a town of their own size; the children of the cast use no canteen."""
    meal, year = valle.services["mensa"], valle.classes["2B"].year
    full = Bracket.objects.get(cents=MEAL)
    lines = enrolment.Subscription.objects.filter(service=meal).values_list("id", flat=True)
    enrolment.end_many(subscription_ids=list(lines), on=date(2026, 10, 1))
    found = {}
    for name, size in ENROLLED.items():
        group = open_class(school=valle.school, year=year, name=name)
        made = [
            people.register_child(given_name=f"{name} {i}", family_name="Prova", tax_code="", birth_date=None)
            for i in range(size)
        ]
        schools.place_many(class_by_child={child.pk: group.pk for child in made}, first=date(2026, 10, 1), end=None)
        enrolment.subscribe_many(
            subscriptions=[enrolment.NewSubscription(child.pk, meal.pk, full.pk, None) for child in made],
            first=date(2026, 10, 1),
        )
        ledger.open_wallets(owners=[(child.pk, meal.pk) for child in made])
        found[name] = (group, made)
    return found


def rule(valle: Cast, mode: str, **more: Any) -> None:
    days = DateRange(DAY, None)
    DayRule.objects.create(service=valle.services["mensa"], school=valle.school, days=days, mode=mode, **more)


def cut_off(valle: Cast) -> KitchenSheet:
    jobs.run_now("freeze_sheets", town=valle.town.id)
    tell_again()
    return KitchenSheet.objects.get(day=DAY, number=1)


def by_class(sheet: KitchenSheet) -> dict[str, int]:
    lines = cooking.orders(sheet_ids=[sheet.pk])[sheet.pk]
    return {line.class_name: line.total for line in lines if line.total}


def delivery(sheet: KitchenSheet) -> int:
    ordered = cooking.orders(sheet_ids=[sheet.pk])[sheet.pk]
    return sum(line.total for line in orders.with_additions(ordered, orders.additions(sheet=sheet), as_of=sheet.as_of))


def charged(valle: Cast, classes: dict[str, tuple[ClassGroup, list[Child]]]) -> int:
    children = [child.pk for _, made in classes.values() for child in made]
    return -sum(Wallet.objects.filter(child_id__in=children).values_list("balance_cents", flat=True))


def say(valle: Cast, group: ClassGroup, child: Child, now: datetime, *, kind: str = "marked", **said: Any) -> None:
    """Put on record what the school says after the day is confirmed, and fold it in."""
    meal = valle.services["mensa"]
    holding.hold_payers(child_ids=[child.pk], service_id=meal.pk)
    DayEvent.objects.create(
        service=meal,
        day=DAY,
        class_group=group,
        child=child,
        kind=kind,
        channel="tablet",
        level=1,
        event_id=uuid4(),
        received_at=now,
        made_at=now,
        **said,
    )
    mealtime.fold_again(by=OFFICE, child_ids=[child.pk], service=meal, day=DAY, why="dopo la chiusura", now=now)
    if kind == "left":
        Presence.objects.filter(child=child, service=meal, day=DAY).update(left=said["clock"])


def test_in_opt_out_the_sheet_is_65_the_note_66_and_66_are_charged(
    valle: Cast, classes: dict[str, tuple[ClassGroup, list[Child]]], at: Any
) -> None:
    rule(valle, "opt_out", cut_off=time(9, 30))
    (second_a, in_a), (second_b, in_b), (second_c, in_c) = (classes[name] for name in ENROLLED)
    before = at("2026-10-15 08:50")
    # Not ordered: its family has cancelled.
    cancelled(valle, in_a[0], before)
    at("2026-10-15 09:31")
    sheet = cut_off(valle)
    assert by_class(sheet) == {"2A": 22, "2B": 24, "2C": 19}
    assert charged(valle, classes) == 65 * MEAL

    say(valle, second_a, in_a[0], at("2026-10-15 09:41"), is_on=True)
    say(valle, second_b, in_b[0], at("2026-10-15 09:50"), is_on=False)
    say(valle, second_c, in_c[0], at("2026-10-15 11:00"), kind="left", is_on=None, clock=time(11))

    assert by_class(sheet) == {"2A": 22, "2B": 24, "2C": 19}
    assert [(one.kind, one.class_name, one.count) for one in orders.additions(sheet=sheet)] == [("more", "2A", 1)]
    assert delivery(sheet) == 66
    assert charged(valle, classes) == 66 * MEAL == 30360
    second = freezing.print_again(by=valle.staff["kitchen"], sheet_id=sheet.pk, now=at("2026-10-15 11:05"))
    assert (second.number, sum(by_class(second).values()), delivery(second)) == (2, 66, 66)


def test_in_roll_call_who_is_absent_at_the_confirmation_does_not_pay(
    valle: Cast, classes: dict[str, tuple[ClassGroup, list[Child]]], at: Any
) -> None:
    rule(valle, "roll_call", cut_off=time(9, 30), marks_until=time(10, 30))
    (second_a, in_a), (second_b, in_b) = (classes[name] for name in ("2A", "2B"))
    mark(valle, second_a, in_a[0], at("2026-10-15 08:50"), is_present=False)
    at("2026-10-15 09:31")
    sheet = cut_off(valle)
    assert by_class(sheet) == {"2A": 22, "2B": 24, "2C": 19}
    mark(valle, second_a, in_a[0], at("2026-10-15 09:41"), is_present=True)
    mark(valle, second_b, in_b[0], at("2026-10-15 09:50"), is_present=False)
    mealtime.confirm_day(
        by=OFFICE,
        service=valle.services["mensa"],
        day=DAY,
        class_group_ids=[group.pk for group, _ in classes.values()],
        absent_ids=[],
        now=at("2026-10-15 10:30"),
    )
    assert sum(by_class(sheet).values()) == 65
    assert delivery(sheet) == 66
    assert charged(valle, classes) == 65 * MEAL == 29900


def mark(valle: Cast, group: ClassGroup, child: Child, now: datetime, *, is_present: bool) -> None:
    call = attendance.begin(class_group=group, service=valle.services["mensa"], day=DAY)
    marks = {child.pk: Mark(is_present=is_present)}
    attendance.mark_many(by=valle.staff["school"], roll_call=call, marks=marks, now=now)


def cancelled(valle: Cast, child: Child, now: datetime) -> None:
    request = FamilyRequest.objects.create(
        key=uuid4(), number="1", action="cancel", channel="portal", received_at=now, made_at=now
    )
    about: dict[str, Any] = {"child": child, "service": valle.services["mensa"], "day": DAY}
    DayEvent.objects.create(
        **about, kind="asked", channel="portal", level=0, received_at=now, made_at=now, request=request, is_on=False
    )
    Booking.objects.create(**about, is_booked=False, request=request)
