"""What somebody has written of the new year before the classes move up is left alone; undone, every end is as it was."""

from datetime import date
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from campanella.domains.enrolment.models import RollLine, Subscription
from campanella.domains.schools import operations as schools
from campanella.domains.schools.models import SchoolYear
from campanella.domains.services.models import Bracket, Tariff
from campanella.foundation.core import clock
from campanella.usecases import enrolling, pricing
from campanella.usecases.yearly import planning, rolling
from tests.tariffs import LISSONE, SIBLINGS, let_pay, load
from tests.towns import OFFICE, Cast, open_class
from tests.usecases.yearly.test_rolling import NEW, _class_in, _picture, _prices_of_the_new_year, _roll

OLD = date(2026, 9, 1)


def _meals(cast: Cast) -> Any:
    return Subscription.objects.filter(service=cast.services["mensa"])


@pytest.mark.parametrize("policy", ["ask", "renew"])
def test_undone_a_use_ends_again_when_it_did(fifth: Cast, policy: Any) -> None:
    """A price list of two years ends after the new year has begun."""
    _prices_of_the_new_year(fifth)
    _meals(fifth).update(days=DateRange(OLD, date(2028, 7, 1)))
    before = _picture()
    _roll(mensa=policy)
    assert _picture() != before
    rolling.undo(by=OFFICE, now=clock.now())
    assert _picture() == before


@pytest.mark.parametrize("policy", ["ask", "renew", "none"])
@pytest.mark.parametrize(("ended", "child"), [(NEW, "Luca"), (date(2027, 2, 1), "Luca"), (NEW, "Amina")])
def test_who_is_enrolled_for_the_new_year_already_stays_so(fifth: Cast, policy: Any, ended: date, child: str) -> None:
    _prices_of_the_new_year(fifth)
    full = Bracket.objects.get(tariff__code="mensa-27", code="full")
    _meals(fifth).filter(child=fifth.child(child)).update(days=DateRange(OLD, ended))
    days = DateRange(date(2027, 9, 13), date(2028, 7, 1))
    service = fifth.services["mensa"]
    new = Subscription.objects.create(child=fifth.child(child), service=service, bracket=full, days=days)
    # A service that it never had before is none of the roll-over's either.
    bus = Bracket.objects.filter(tariff__service=fifth.services["scuolabus"]).first()
    bussed = Subscription.objects.create(
        child=fifth.child("Amina"), service=fifth.services["scuolabus"], bracket=bus, days=days
    )
    before = _picture()
    done = _roll(mensa=policy)
    (plan,) = [one for one in done.plan.services if one.service.code == "mensa"]
    assert plan.going_on == (2 if policy == "renew" and child == "Luca" else 3 if policy == "renew" else 1)
    assert Subscription.objects.get(pk=new.pk).days == days == Subscription.objects.get(pk=bussed.pk).days
    rolling.undo(by=OFFICE, now=clock.now())
    assert _picture() == before


def test_who_has_a_class_of_the_new_year_already_stays_in_it(fifth: Cast) -> None:
    year = SchoolYear.objects.create(name="2027/28", days=DateRange(NEW, date(2028, 9, 1)))
    group = open_class(school=fifth.school, year=year, name="3C")
    for name in ("Anna", "Amina"):
        schools.move(child_id=fifth.child(name).pk, class_group=group, first=NEW)
    before = _picture()
    done = _roll()
    assert (done.plan.promoted, done.plan.leaving) == (3, 0)
    assert [_class_in(fifth, name, NEW) for name in ("Anna", "Amina", "Luca")] == ["3C", "3C", "2B"]
    rolling.undo(by=OFFICE, now=clock.now())
    assert _picture() == before


def test_a_price_that_the_office_has_changed_since_keeps_it(fifth: Cast) -> None:
    _prices_of_the_new_year(fifth)
    _roll()
    luca = _meals(fifth).get(child=fifth.child("Luca"), days__contains=NEW)
    full = Bracket.objects.select_related("tariff__service").get(tariff__code="mensa-27", code="full")
    pricing.change_price(
        by=OFFICE,
        child_id=luca.child_id,
        subscription_id=luca.pk,
        bracket=full,
        reduction_percent=0,
        first=NEW,
        now=clock.now(),
    )
    with pytest.raises(rolling.BuiltUpon, match="le iscrizioni del nuovo anno di: Luca"):
        rolling.undo(by=OFFICE, now=clock.now())


def test_a_use_that_ends_with_its_list_goes_on_no_longer_than_the_next_list(fifth: Cast) -> None:
    _prices_of_the_new_year(fifth)
    for code, last in (("mensa-26", date(2027, 7, 1)), ("mensa-27", date(2028, 7, 1))):
        Tariff.objects.filter(code=code).update(days=DateRange(date(last.year - 1, 9, 1), last))
    _meals(fifth).update(days=DateRange(OLD, date(2027, 7, 1)))
    plan = planning.plan(today=clock.today(), policies={})
    assert {line.renewal.end for line in plan.lines if line.renewal} == {date(2028, 7, 1)}
    _roll(mensa="ask")
    # Whatever ends is on record, so that its family is told of it.
    assert RollLine.objects.filter(service=fifth.services["mensa"], bracket=None).count() == 3


def test_an_end_of_its_own_in_the_new_year_stays(fifth: Cast) -> None:
    _prices_of_the_new_year(fifth)
    _meals(fifth).update(days=DateRange(OLD, date(2027, 12, 1)))
    _roll()
    assert {use.days.upper for use in _meals(fifth).filter(days__contains=NEW)} == {date(2027, 12, 1)}


@pytest.mark.parametrize("policy", ["ask", "renew"])
def test_what_a_reckoned_list_has_cut_is_one_use(fifth: Cast, policy: Any) -> None:
    """The first child leaves at the end of 2027: the second one’s reduction ends with it, in a piece of its own."""
    schools.move(child_id=fifth.child("Amina").pk, class_group=None, first=OLD)
    let_pay(fifth, load(f"{LISSONE}{SIBLINGS}".replace("to: 2027-08-31", "to: 2028-08-31")), "Anna", "Luca", first=OLD)
    first = _meals(fifth).filter(child=fifth.child("Anna")).latest("days")
    enrolling.end(by=OFFICE, child_id=first.child_id, subscription_id=first.pk, last=date(2027, 12, 31), now=clock.now())
    assert _meals(fifth).filter(child=fifth.child("Luca"), days__startswith__gte=NEW).exists()
    before = _picture()
    _roll(mensa=policy)
    after = _meals(fifth).filter(days__contains=NEW, child__in=[fifth.child("Anna"), fifth.child("Luca")])
    assert sorted(use.days.upper for use in after) == ([date(2028, 1, 1)] * 2 if policy == "renew" else [])
    rolling.undo(by=OFFICE, now=clock.now())
    assert _picture() == before
