"""Who is told that a credit is low, when, and at which price."""

from datetime import date, timedelta

from django.db.backends.postgresql.psycopg_any import DateRange

from campanella.domains.enrolment.models import Subscription
from campanella.domains.ledger.models import CreditWarning
from campanella.domains.messaging.models import Message
from campanella.domains.services.models import Bracket
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.usecases import adjust, low_credit, mealtime, pricing
from tests.towns import OFFICE, TODAY, Cast, run_jobs

YESTERDAY = TODAY - timedelta(days=1)


def letters(valle: Cast, name: str) -> int:
    """Run what follows, and count what the family was told of a credit."""
    run_jobs()
    return Message.objects.filter(key__startswith=f"low_credit:{valle.wallet(name).pk}:").count()


def confirm(valle: Cast, day: date, absent: tuple[str, ...] = ()) -> None:
    mealtime.confirm(
        by=OFFICE,
        roll_call=valle.roll_call(day=day),
        absent_ids=[valle.child(name).pk for name in absent],
        adults=None,
        now=clock.now(),
    )


def correct(valle: Cast, name: str, day: date, *, is_present: bool) -> None:
    mealtime.correct(
        by=OFFICE,
        child_id=valle.child(name).pk,
        service=valle.services["mensa"],
        day=day,
        is_present=is_present,
        reason="ha telefonato la famiglia",
        now=clock.now(),
    )


def priced(valle: Cast, name: str, code: str, first: date) -> None:
    """Let a child have had another price before a day."""
    child, meal = valle.child(name), valle.services["mensa"]
    Subscription.objects.filter(child=child, service=meal).update(days=DateRange(date(2026, 9, 15), first))
    bracket = Bracket.objects.get(tariff__service=meal, code=code)
    Subscription.objects.create(child=child, service=meal, bracket=bracket, days=DateRange(first, None))


def test_the_price_of_a_day_long_past_makes_no_credit_low(valle: Cast) -> None:
    priced(valle, "Anna", "half", TODAY)
    valle.credit("Anna", 1500)
    confirm(valle, YESTERDAY)
    # 10,40: more than three meals of today's 3,10, less than three of yesterday's 4,60.
    assert (valle.balance("Anna"), letters(valle, "Anna")) == (1040, 0)
    correct(valle, "Anna", YESTERDAY, is_present=False)
    correct(valle, "Anna", YESTERDAY, is_present=True)
    assert (valle.balance("Anna"), letters(valle, "Anna")) == (1040, 0)


def test_the_price_of_a_day_long_past_lets_no_warning_be_told_again(valle: Cast, at) -> None:  # type: ignore[no-untyped-def]
    priced(valle, "Luca", "full", TODAY)
    valle.credit("Luca", 1600)
    confirm(valle, TODAY)
    assert (valle.balance("Luca"), letters(valle, "Luca")) == (1140, 1)
    at("09:00")
    confirm(valle, YESTERDAY, absent=("Luca",))
    at("09:01")
    correct(valle, "Luca", YESTERDAY, is_present=True)
    correct(valle, "Luca", YESTERDAY, is_present=False)
    at("09:02")
    correct(valle, "Luca", TODAY, is_present=True)
    assert (valle.balance("Luca"), letters(valle, "Luca")) == (1140, 1)


def test_a_new_price_that_empties_a_credit_is_told(valle: Cast) -> None:
    valle.credit("Luca", 2000)
    confirm(valle, YESTERDAY)
    confirm(valle, TODAY)
    assert letters(valle, "Luca") == 0
    full = Bracket.objects.select_related("tariff__service").get(code="full", tariff__code="mensa-26")
    Bracket.objects.filter(pk=full.pk).update(cents=1100)
    assert change(valle, full, 0) == 2
    assert (valle.balance("Luca"), letters(valle, "Luca")) == (-200, 1)


def test_money_given_back_lets_the_next_end_of_credit_be_told(valle: Cast, at) -> None:  # type: ignore[no-untyped-def]
    confirm(valle, YESTERDAY)
    assert letters(valle, "Luca") == 1
    valle.credit("Luca", 5000)
    assert change(valle, Bracket.objects.select_related("tariff__service").get(code="half"), 50) == 1
    assert letters(valle, "Luca") == 1
    assert not CreditWarning.objects.filter(wallet=valle.wallet("Luca"), recovered_at=None).exists()
    at("09:30")
    luca = valle.wallet("Luca").pk
    adjust.adjust(by=OFFICE, wallet_id=luca, amount=Euro(-6000), reason="prova", key="k", now=clock.now())
    assert letters(valle, "Luca") == 2


def test_two_looks_at_one_credit_tell_once(valle: Cast) -> None:
    valle.credit("Anna", -100)
    for _ in range(2):
        low_credit.look(wallet_ids=[valle.wallet("Anna").pk])
    assert letters(valle, "Anna") == 1


def change(valle: Cast, bracket: Bracket, percent: int) -> int:
    """Give Luca another price from yesterday."""
    luca = valle.child("Luca").pk
    return pricing.change_price(
        by=OFFICE,
        child_id=luca,
        subscription_id=Subscription.objects.get(child=luca).pk,
        bracket=bracket,
        reduction_percent=percent,
        first=YESTERDAY,
        now=clock.now(),
    )
