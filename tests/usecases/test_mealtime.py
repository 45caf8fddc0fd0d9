"""From a class list to a charged day."""

from datetime import date, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext

from campanella.domains.attendance import operations as attendance
from campanella.domains.attendance import queries as sheets
from campanella.domains.attendance.models import Booking, FamilyRequest
from campanella.domains.attendance.operations import SettledElsewhere
from campanella.domains.attendance.rules import Mark
from campanella.domains.enrolment import queries as enrolled
from campanella.domains.enrolment.models import Subscription
from campanella.domains.ledger import queries as wallets
from campanella.domains.people import operations as people
from campanella.domains.people.models import Child
from campanella.domains.schools import operations as schools
from campanella.domains.services import operations as services
from campanella.domains.services.models import Bracket, Tariff
from campanella.foundation.core import audit, clock
from campanella.foundation.core.money import Euro
from campanella.readings import proofs
from campanella.readings.office import confirming
from campanella.usecases import mealtime, pricing
from tests.towns import OFFICE, TODAY, Cast, subscribe


def confirm(valle: Cast, absent: tuple[str, ...] = (), service: str = "mensa") -> int:
    absent_ids = [valle.child(name).pk for name in absent]
    call = valle.roll_call(service=service)
    return mealtime.confirm(by=valle.staff["school"], roll_call=call, absent_ids=absent_ids, adults=None, now=clock.now())


def correct(valle: Cast, name: str, is_present: bool, reason: str = "ha telefonato la famiglia") -> None:
    mealtime.correct(
        by=valle.staff["office"],
        child_id=valle.child(name).pk,
        service=valle.services["mensa"],
        day=TODAY,
        is_present=is_present,
        reason=reason,
        now=clock.now(),
    )


def amounts(valle: Cast, name: str) -> list[int]:
    return [line.amount.cents for line in wallets.movements_of(wallet_id=valle.wallet(name).pk)]


def newcomers(valle: Cast, count: int, class_name: str = "3A") -> None:
    full = Bracket.objects.get(tariff__service=valle.services["mensa"], code="full")
    for number in range(count):
        child = people.register_child(given_name=f"Bimbo {number}", family_name="Nuovo", tax_code="", birth_date=None)
        schools.place(child=child, class_group=valle.classes[class_name], first=TODAY, end=None)
        subscribe(child=child, service=valle.services["mensa"], bracket=full, first=TODAY, end=None)


@pytest.mark.parametrize(("reduction", "price"), [(0, 310), (50, 155), (25, 233), (100, 0)])
def test_everybody_pays_the_bracket_less_the_reduction(valle: Cast, reduction: int, price: int) -> None:
    Subscription.objects.filter(child=valle.child("Luca")).update(reduction_percent=reduction)
    assert confirm(valle) == 3
    assert (valle.balance("Anna"), valle.balance("Luca")) == (-460, -price)


def test_two_services_are_charged_to_their_own_wallets(valle: Cast) -> None:
    confirm(valle)
    confirm(valle, service="scuolabus")
    assert (valle.balance("Anna"), valle.balance("Anna", "scuolabus")) == (-460, -150)


def test_who_is_absent_pays_nothing_and_a_second_confirmation_charges_nothing(valle: Cast) -> None:
    assert confirm(valle, absent=("Luca",)) == 2
    with pytest.raises(mealtime.AlreadyConfirmed):
        confirm(valle)
    assert (valle.balance("Anna"), valle.balance("Luca")) == (-460, 0)
    assert amounts(valle, "Luca") == []


def test_after_the_season_of_its_price_a_child_eats_uncharged_until_it_has_a_new_one(valle: Cast) -> None:
    """A line without an end, on 1 September: last year's price is over, and nobody is charged by it."""
    now, meal, anna = clock.now(), valle.services["mensa"], valle.child("Anna")
    Tariff.objects.filter(service=meal).update(days=DateRange(date(2025, 9, 1), date(2026, 9, 1)))
    yesterday = TODAY - timedelta(days=1)
    mealtime.confirm(by=OFFICE, roll_call=valle.roll_call(day=yesterday), absent_ids=[], adults=None, now=now)
    told = confirming.charge(class_group_ids=None, service_id=meal.pk, now=clock.rome(TODAY, time(12)))
    assert told is not None
    assert told.amount.cents == 0
    classes = [group.pk for group in valle.classes.values()]
    whole: dict[str, Any] = {
        "by": OFFICE,
        "service": meal,
        "day": TODAY,
        "class_group_ids": classes,
        "absent_ids": [],
        "now": now,
    }
    assert mealtime.confirm_day(**whole, told=Euro(0)) == 3

    assert [valle.balance(name) for name in ("Anna", "Luca", "Amina")] == [0, 0, 0]
    assert enrolled.waiting(today=TODAY).without_price == 3
    assert proofs.violations() == []

    brackets = [("full", "Intera", None, 500)]
    until = {"service": meal, "code": "mensa-27", "name": "Mensa 2026/27", "first": date(2026, 9, 1), "end": TODAY}
    (price,) = services.set_tariff(**until, brackets=brackets).brackets.all()  # type: ignore[arg-type]  # as they are named
    line = Subscription.objects.get(child=anna, service=meal)
    about: dict[str, Any] = {"by": OFFICE, "child_id": anna.pk, "subscription_id": line.pk, "bracket": price, "now": now}
    with pytest.raises(pricing.WasThere):
        pricing.change_price(**about, reduction_percent=0, first=yesterday)
    Tariff.objects.filter(code="mensa-27").update(days=DateRange(date(2026, 9, 1), date(2027, 9, 1)))
    about["bracket"] = Bracket.objects.select_related("tariff__service").get(pk=price.pk)
    assert pricing.change_price(**about, reduction_percent=0, first=yesterday) == 2
    assert [valle.balance(name) for name in ("Anna", "Luca", "Amina")] == [-1000, 0, 0]
    assert enrolled.waiting(today=TODAY).without_price == 2
    assert proofs.violations() == []


def test_corrections_post_only_the_difference(valle: Cast) -> None:
    confirm(valle, absent=("Luca",))
    correct(valle, "Luca", True)
    correct(valle, "Luca", True)
    assert valle.balance("Luca") == -310
    correct(valle, "Luca", False)
    assert amounts(valle, "Luca") == [310, -310]
    assert valle.balance("Luca") == 0


def test_a_correction_after_a_change_of_tariff_ends_at_the_new_price(valle: Cast) -> None:
    confirm(valle)
    Bracket.objects.filter(tariff__service=valle.services["mensa"], code="half").update(cents=250)
    correct(valle, "Luca", False)
    assert (valle.balance("Luca"), amounts(valle, "Luca")) == (0, [310, -310])
    correct(valle, "Luca", True)
    assert (valle.balance("Luca"), amounts(valle, "Luca")) == (-250, [-250, 310, -310])
    # Nothing was corrected, but the price was wrong: only the difference is given back.
    correct(valle, "Anna", True)
    assert amounts(valle, "Anna") == [-460]
    Bracket.objects.filter(tariff__service=valle.services["mensa"], code="full").update(cents=400)
    correct(valle, "Anna", True)
    assert (valle.balance("Anna"), amounts(valle, "Anna")) == (-400, [60, -460])


def test_a_child_that_moves_class_today_eats_and_pays_once(valle: Cast) -> None:
    confirm(valle)
    newcomers(valle, 1)
    schools.place_many(class_by_child={valle.child("Luca").pk: valle.classes["3A"].pk}, first=TODAY, end=None)
    other = valle.roll_call("3A")
    there = mealtime.confirm(by=valle.staff["school"], roll_call=other, absent_ids=[], adults=None, now=clock.now())
    assert (there, valle.balance("Luca"), amounts(valle, "Luca")) == (2, -310, [-310])


def test_a_child_marked_in_the_class_it_has_left_is_charged_by_its_new_one(valle: Cast) -> None:
    luca, old, new = valle.child("Luca"), valle.roll_call(), valle.roll_call("3A")
    away = Mark(is_present=False)
    attendance.mark(by=valle.staff["school"], roll_call_id=old.pk, child_id=luca.pk, mark=away, now=clock.now())
    newcomers(valle, 1)
    mealtime.confirm(by=valle.staff["school"], roll_call=new, absent_ids=[], adults=None, now=clock.now())
    schools.place_many(class_by_child={luca.pk: valle.classes["3A"].pk}, first=TODAY, end=None)
    correct(valle, "Luca", True, reason="è passato in terza")
    (mark,) = sheets.marks_on(child_ids=[luca.pk], day=TODAY)
    assert (mark.is_present, mark.confirmed_at is not None, valle.balance("Luca")) == (True, True, -310)


def test_a_tap_in_another_class_changes_no_confirmed_presence(valle: Cast) -> None:
    confirm(valle)
    luca, teacher = valle.child("Luca"), valle.staff["school"]
    schools.place_many(class_by_child={luca.pk: valle.classes["3A"].pk}, first=TODAY, end=None)
    new, away = valle.roll_call("3A"), {luca.pk: Mark(is_present=False)}
    with pytest.raises(SettledElsewhere):
        attendance.mark(by=teacher, roll_call_id=new.pk, child_id=luca.pk, mark=away[luca.pk], now=clock.now())
    with pytest.raises(SettledElsewhere):
        attendance.mark_many(by=teacher, roll_call=new, marks=away, now=clock.now())
    with pytest.raises(SettledElsewhere):
        mealtime.confirm(by=teacher, roll_call=new, absent_ids=[], changes=away, adults=None, now=clock.now())
    # Nor does the confirmation of the new class, whatever it says of the child.
    mealtime.confirm(by=teacher, roll_call=new, absent_ids=[luca.pk], adults=None, now=clock.now())
    (mark,) = sheets.marks_on(child_ids=[luca.pk], day=TODAY)
    assert (mark.is_present, amounts(valle, "Luca")) == (True, [-310])
    correct(valle, "Luca", False)
    assert amounts(valle, "Luca") == [310, -310]
    assert proofs.violations() == []


def test_a_mark_goes_along_with_a_child_that_moves_before_the_roll_call(valle: Cast) -> None:
    luca, old = valle.child("Luca"), valle.roll_call()
    away = Mark(is_present=False)
    attendance.mark(by=valle.staff["school"], roll_call_id=old.pk, child_id=luca.pk, mark=away, now=clock.now())
    schools.place_many(class_by_child={luca.pk: valle.classes["3A"].pk}, first=TODAY, end=None)
    confirm(valle)
    (mark,) = sheets.marks_on(child_ids=[luca.pk], day=TODAY)
    assert (mark.is_present, mark.confirmed_at) == (False, None)
    mealtime.confirm(by=OFFICE, roll_call=valle.roll_call("3A"), absent_ids=[], adults=None, now=clock.now())
    assert (valle.balance("Luca"), amounts(valle, "Luca")) == (0, [])


def test_a_mark_does_not_go_along_into_a_class_that_has_confirmed(valle: Cast) -> None:
    luca, old, new = valle.child("Luca"), valle.roll_call(), valle.roll_call("3A")
    mealtime.confirm(by=OFFICE, roll_call=new, absent_ids=[], adults=None, now=clock.now())
    attendance.mark(by=valle.staff["school"], roll_call_id=old.pk, child_id=luca.pk, mark=Mark(True), now=clock.now())
    schools.place_many(class_by_child={luca.pk: valle.classes["3A"].pk}, first=TODAY, end=None)
    confirm(valle)
    # It joined 3A after its confirmation: nothing looks charged that is not, and the history says what is to be done.
    assert (sheets.marks_on(child_ids=[luca.pk], day=TODAY), proofs.violations()) == ([], [])
    (act,) = [act for act in audit.acts_on(subjects=[f"child:{luca.pk}"]) if "non ha contato il segno" in act.sentence]
    assert "va corretto lì" in act.sentence
    correct(valle, "Luca", True, reason="è passato in terza")
    assert (valle.balance("Luca"), amounts(valle, "Luca")) == (-310, [-310])


def test_a_mark_of_who_has_left_the_service_does_not_look_confirmed(valle: Cast) -> None:
    luca, call = valle.child("Luca"), valle.roll_call()
    here = Mark(is_present=True)
    attendance.mark(by=valle.staff["school"], roll_call_id=call.pk, child_id=luca.pk, mark=here, now=clock.now())
    Subscription.objects.filter(child=luca).delete()
    assert confirm(valle) == 2
    assert sheets.marks_on(child_ids=[luca.pk], day=TODAY) == []


def test_nobody_is_corrected_to_present_on_a_day_without_a_price(valle: Cast) -> None:
    confirm(valle, absent=("Luca",))
    Subscription.objects.filter(child=valle.child("Luca")).update(days=DateRange(date(2026, 9, 15), TODAY))
    with pytest.raises(mealtime.NotEnrolled, match="non è iscritto"):
        correct(valle, "Luca", True)
    (mark,) = sheets.marks_on(child_ids=[valle.child("Luca").pk], day=TODAY)
    assert (mark.is_present, valle.balance("Luca")) == (False, 0)
    # To take a day away no price is needed.
    correct(valle, "Luca", False)


def test_a_class_closed_in_the_middle_of_its_roll_call_is_not_confirmed(valle: Cast) -> None:
    call = valle.roll_call()
    schools.close(by=OFFICE, first=TODAY, last=TODAY, reason="Neve", now=clock.now(), class_group=valle.classes["2B"])
    with pytest.raises(mealtime.ClosedMeanwhile):
        mealtime.confirm(by=OFFICE, roll_call=call, absent_ids=[], adults=None, now=clock.now())
    classes = [group.pk for group in valle.classes.values()]
    there = mealtime.confirm_day(
        by=OFFICE, service=call.service, day=TODAY, class_group_ids=classes, absent_ids=[], now=clock.now()
    )
    assert (there, valle.balance("Anna")) == (0, 0)


def test_a_class_without_children_is_confirmed_without_charges(valle: Cast) -> None:
    call = valle.roll_call("3A")
    assert mealtime.confirm(by=valle.staff["school"], roll_call=call, absent_ids=[], adults=2, now=clock.now()) == 0
    assert (valle.balance("Anna"), valle.balance("Luca")) == (0, 0)


def test_a_correction_says_why(valle: Cast) -> None:
    confirm(valle)
    with pytest.raises(mealtime.ReasonMissing):
        correct(valle, "Luca", False, reason="  ")
    assert valle.balance("Luca") == -310


def test_a_child_without_a_wallet_gets_one(valle: Cast) -> None:
    newcomers(valle, 1, class_name="2B")
    assert confirm(valle) == 4
    found = wallets.wallets_of(child_ids=[Subscription.objects.latest("id").child_id])
    assert [wallet.balance.cents for wallet in found] == [-460]


def test_the_whole_day_leaves_confirmed_classes_alone(valle: Cast) -> None:
    newcomers(valle, 2)
    confirm(valle, absent=("Luca",))
    classes = [group.pk for group in valle.classes.values()]
    there = mealtime.confirm_day(
        by=valle.staff["office"],
        service=valle.services["mensa"],
        day=TODAY,
        class_group_ids=classes,
        absent_ids=[],
        now=clock.now(),
    )
    assert there == 2
    assert (valle.balance("Anna"), valle.balance("Luca")) == (-460, 0)


@pytest.mark.parametrize("confirmed", [False, True])
def test_a_towns_classes_expect_whom_each_of_them_expects(
    valle: Cast, monkeypatch: pytest.MonkeyPatch, confirmed: bool
) -> None:
    """Many classes are asked in a statement of its own, joined by hash: it says the same."""
    newcomers(valle, 2)
    classes, meal = [group.pk for group in valle.classes.values()], valle.services["mensa"]
    now = clock.now()
    told = {"action": "cancel", "channel": "portal", "received_at": now, "made_at": now}
    request = FamilyRequest.objects.create(key=uuid4(), number="1", **told)
    place = {"service": meal, "day": TODAY, "request": request}
    Booking.objects.create(child=valle.child("Anna"), is_booked=True, is_white=True, **place)
    Booking.objects.create(child=Child.objects.get(given_name="Bimbo 0"), is_booked=False, **place)
    is_out, luca = Mark(is_present=False), valle.child("Luca").pk
    attendance.mark(by=valle.staff["school"], roll_call_id=valle.roll_call().pk, child_id=luca, mark=is_out, now=clock.now())
    if confirmed:
        confirm(valle)

    def asked() -> set[sheets.Expected]:
        return set(sheets.expected(class_group_ids=classes, service_id=meal.pk, day=TODAY))

    of_few = asked()
    monkeypatch.setattr(sheets, "FEW_CLASSES", 0)

    assert asked() == of_few
    assert {(line.child_id == luca, line.mark) for line in of_few} >= {(True, False), (False, True if confirmed else None)}


def test_the_whole_day_keeps_the_marks_of_the_sheets(valle: Cast) -> None:
    luca, call = valle.child("Luca"), valle.roll_call()
    is_out = Mark(is_present=False)
    attendance.mark(by=valle.staff["school"], roll_call_id=call.pk, child_id=luca.pk, mark=is_out, now=clock.now())
    there = mealtime.confirm_day(
        by=valle.staff["office"],
        service=valle.services["mensa"],
        day=TODAY,
        class_group_ids=[valle.classes["2B"].pk],
        absent_ids=[],
        now=clock.now(),
    )
    assert (there, valle.balance("Luca")) == (2, 0)


def test_sixty_children_take_as_many_statements_as_five(valle: Cast) -> None:
    def statements(count: int, day: int) -> int:
        newcomers(valle, count)
        Subscription.objects.filter(days__startswith=TODAY).update(days=DateRange(TODAY, None))
        when = TODAY.replace(day=day)
        arguments = {
            "by": valle.staff["office"],
            "service": valle.services["mensa"],
            "class_group_ids": [valle.classes["3A"].pk],
        }
        # The first day opens the wallets that are missing, one by one; it happens once in a child's life.
        mealtime.confirm_day(day=when, absent_ids=[], now=clock.now(), **arguments)
        with CaptureQueriesContext(connection) as captured:
            mealtime.confirm_day(day=when.replace(day=day + 1), absent_ids=[], now=clock.now(), **arguments)
        return len(captured)

    assert statements(5, 15) == statements(55, 19)


def test_a_price_of_last_year_leaves_no_day_without_a_price(valle: Cast) -> None:
    """The season of a tariff ends before a day on which the child was there: the line may not end there too."""
    luca, meal, yesterday = valle.child("Luca"), valle.services["mensa"], TODAY - timedelta(days=1)
    mealtime.confirm(by=OFFICE, roll_call=valle.roll_call(), absent_ids=[], adults=None, now=clock.now())
    brackets, days = [("old", "Intera", None, 400)], {"first": date(2026, 9, 1), "end": TODAY}
    tariff = services.set_tariff(service=meal, code="old", name="Mensa di prima", brackets=brackets, **days)
    old = tariff.brackets.select_related("tariff__service").get()
    line = Subscription.objects.get(child=luca).pk
    about = {"by": OFFICE, "child_id": luca.pk, "subscription_id": line, "bracket": old, "now": clock.now()}
    with pytest.raises(pricing.WasThere, match="14 ottobre 2026 il bambino risulta presente"):
        pricing.change_price(**about, reduction_percent=0, first=yesterday)
    assert (amounts(valle, "Luca"), Subscription.objects.get(child=luca).pk) == ([-310], line)
