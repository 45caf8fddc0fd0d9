"""This year's tariffs go on in the next one, as they are or raised: told first, undone with the rest."""

import json
from datetime import date
from fractions import Fraction

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from campanella.domains.enrolment import isee
from campanella.domains.enrolment.isee import NewDeclaration
from campanella.domains.enrolment.models import Subscription
from campanella.domains.services.models import Bracket, ServiceCalendar, Tariff
from campanella.foundation.core import clock
from campanella.usecases import reckoning
from campanella.usecases.tariffs import loading
from campanella.usecases.yearly import planning, rolling
from tests.config.commands.running import said
from tests.towns import OFFICE, TODAY, Cast, subscribe
from tests.usecases.tariffs.test_replacing import RECKONED
from tests.usecases.yearly.test_rolling import NEW, _picture, _prices_of_the_new_year

NEXT = DateRange(NEW, date(2028, 9, 1))
ISTAT = Fraction("1.4")


def _tariffs() -> list[tuple[str, str, object]]:
    return sorted(Tariff.objects.values_list("code", "name", "days"), key=str)


def _meal_of(cast: Cast, name: str) -> Subscription:
    uses = Subscription.objects.select_related("bracket__tariff").filter(service=cast.services["mensa"], days__contains=NEW)
    return uses.get(child=cast.child(name))


def test_a_list_goes_on_with_each_childs_own_price_raised_and_rounded(fifth: Cast) -> None:
    before, tariffs = _picture(), _tariffs()
    plan = planning.plan(today=TODAY, policies={"mensa": "carry"}, raise_by=ISTAT)
    assert (_picture(), _tariffs()) == (before, tariffs)
    (meal,) = [one for one in plan.services if one.service.code == "mensa"]
    assert (meal.policy, meal.going_on, meal.ending) == ("carry", 2, 1)
    rolling.roll(by=OFFICE, policies={"mensa": "carry"}, raise_by=ISTAT, now=clock.now())
    new = Tariff.objects.get(code="mensa-27")
    assert (new.name, new.days, new.scheme) == ("Mensa 2027/28", NEXT, "")
    # 4,60 × 1,014 = 4,6644; 3,10 × 1,014 = 3,1434.
    assert sorted(new.brackets.values_list("code", "cents")) == [("full", 466), ("half", 314)]
    assert [_meal_of(fifth, name).bracket.cents for name in ("Anna", "Luca")] == [466, 314]
    rolling.undo(by=OFFICE, now=clock.now())
    assert (_picture(), _tariffs()) == (before, tariffs)


def test_a_tariff_that_reckons_goes_on_as_one(fifth: Cast) -> None:
    Subscription.objects.filter(service=fifth.services["mensa"]).update(days=DateRange(date(2026, 9, 1), NEW))
    loading.load(by=OFFICE, text=RECKONED.replace("code: mensa-isee", "code: mensa-isee-26"), now=clock.now())
    before, tariffs = _picture(), _tariffs()
    rolling.roll(by=OFFICE, policies={"mensa": "carry"}, now=clock.now())
    new = Tariff.objects.get(code="mensa-isee-27")
    # The whole season, though this year's began within it.
    assert new.days == NEXT
    assert "enrolled_after: '2027-10-31'" in new.scheme
    assert _meal_of(fifth, "Anna").bracket.tariff == new
    rolling.undo(by=OFFICE, now=clock.now())
    assert (_picture(), _tariffs()) == (before, tariffs)


def test_the_first_day_of_the_new_season_has_the_price_of_each(fifth: Cast) -> None:
    payer = fifth.families["rossi"].guardian.pk
    Subscription.objects.filter(service=fifth.services["mensa"]).update(days=DateRange(date(2026, 9, 15), NEW))
    Tariff.objects.filter(code="mensa-26").update(days=DateRange(date(2026, 9, 15), NEW))
    loading.load(by=OFFICE, text=RECKONED, now=clock.now())
    rolling.roll(by=OFFICE, policies={"mensa": "carry"}, now=clock.now())
    isee.take_over(declarations=[NewDeclaration(payer, 900_000, date(2027, 7, 1), NEW)], now=clock.now())
    reckoning.put_all_right(by=OFFICE, now=clock.now())
    season = ServiceCalendar.objects.get(service=fifth.services["mensa"], days__startswith__gte=NEW)
    assert season.days.lower == date(2027, 9, 14)
    meal = Subscription.objects.get(
        child=fifth.child("Anna"), service=fifth.services["mensa"], days__contains=season.days.lower
    )
    assert (meal.bracket.name, meal.bracket.cents) == ("Fino a 10.000", 300)


def test_a_tariff_of_two_years_does_not_go_on_while_it_holds(fifth: Cast) -> None:
    Tariff.objects.filter(code="mensa-26").update(days=DateRange(date(2025, 9, 1), NEW))
    rolling.roll(by=OFFICE, policies={"mensa": "carry"}, now=clock.now())
    assert Tariff.objects.exclude(code__startswith="bus").get(rolled_by__isnull=False).days == NEXT


def test_where_the_new_year_has_a_tariff_nothing_is_carried(fifth: Cast) -> None:
    _prices_of_the_new_year(fifth)
    assert planning.plan(today=TODAY, policies={"mensa": "carry"}).carried == []
    done = rolling.roll(by=OFFICE, policies={"mensa": "carry"}, now=clock.now())
    assert (done.plan.services[0].going_on, Tariff.objects.count()) == (2, 3)


def test_the_command_says_the_same_dry_and_done(fifth: Cast) -> None:
    asked = ("year", "roll", "--town", "valle", "--json", "--service", "mensa=carry", "--raise", "1,4")
    told = json.loads(said(*asked, "--dry-run"))
    assert told["tariffs"] == [
        {
            "from": "mensa-26",
            "code": "mensa-27",
            "name": "Mensa 2027/28",
            "first": "2027-09-01",
            "last": "2028-08-31",
            "left_out": [],
        }
    ]
    assert {**json.loads(said(*asked)), "dry_run": True, "done": False} == told


def test_whoever_was_enrolled_in_it_by_hand_keeps_it(fifth: Cast) -> None:
    rolling.roll(by=OFFICE, policies={"mensa": "carry"}, now=clock.now())
    full = Bracket.objects.get(tariff__code="mensa-27", code="full")
    subscribe(child=fifth.child("Amina"), service=fifth.services["mensa"], bracket=full, first=NEW, end=None)
    with pytest.raises(rolling.BuiltUpon):
        rolling.undo(by=OFFICE, now=clock.now())
    assert Tariff.objects.filter(code="mensa-27").exists()


def test_another_reduction_at_the_same_price_is_somebodys_work(fifth: Cast) -> None:
    _prices_of_the_new_year(fifth)
    rolling.roll(by=OFFICE, policies={}, now=clock.now())
    mine = Subscription.objects.filter(pk=_meal_of(fifth, "Luca").pk)
    mine.update(reduction_percent=50)
    with pytest.raises(rolling.BuiltUpon, match="le iscrizioni del nuovo anno di: Luca"):
        rolling.undo(by=OFFICE, now=clock.now())
    mine.update(reduction_percent=0)
    rolling.undo(by=OFFICE, now=clock.now())
