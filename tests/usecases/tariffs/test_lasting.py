"""Once another tariff is to take its place, what begins, changes or ends before that day does so for the whole season."""

from datetime import date
from pathlib import Path

import pytest

from campanella.domains.enrolment import queries as enrolment
from campanella.domains.enrolment.models import Subscription
from campanella.domains.people.models import Child
from campanella.domains.services.models import Bracket
from campanella.foundation.core import clock
from campanella.readings import proofs
from campanella.usecases import enrolling, pricing
from campanella.usecases.places import asking, deciding
from tests.buses import ask, ride
from tests.tariffs import prices
from tests.towns import OFFICE, TODAY, Cast
from tests.usecases.importing.files import changed
from tests.usecases.importing.test_one_road import ANNA_ROSSI, bring, lines_of
from tests.usecases.tariffs.test_replacing import JANUARY, LIST, RAISED, RECKONED, load

END = date(2027, 9, 1)
BUS = """
tariffs:
  - code: bus-domani
    name: Scuolabus
    service: scuolabus
    from: 2026-10-16
    to: 2027-08-31
    reckoned: no
    replaces: bus-26
    prices:
      - {name: Intera, price: 1.70}
"""


def meals(cast: Cast, child: str) -> list[tuple[date, date | None, str, int]]:
    """Return what a child pays for meals from today on, with the tariff."""
    rows = Subscription.objects.filter(child=cast.child(child), service=cast.services["mensa"], days__endswith__gt=TODAY)
    rows |= Subscription.objects.filter(child=cast.child(child), service=cast.services["mensa"], days__upper_inf=True)
    found = rows.select_related("bracket__tariff").order_by("days")
    return [(one.days.lower, one.days.upper, one.bracket.tariff.code, one.bracket.cents) for one in found]


def line_of(cast: Cast, child: str, day: date = TODAY) -> int:
    found = enrolment.uses_of(child_ids=[cast.child(child).pk], service_id=cast.services["mensa"].pk)
    return next(one.id for one in found if one.holds_on(day))


def price(tariff: str, code: str) -> Bracket:
    return Bracket.objects.select_related("tariff__service").get(tariff__code=tariff, code=code)


@pytest.mark.parametrize("reckons", [False, True])
def test_who_begins_before_goes_on_after(valle: Cast, reckons: bool) -> None:
    Subscription.objects.filter(child=valle.child("Anna"), service=valle.services["mensa"]).delete()
    load(RECKONED if reckons else LIST)
    enrolling.subscribe(
        by=OFFICE,
        child_id=valle.child("Anna").pk,
        bracket=price("mensa-26", "full"),
        reduction_percent=50,
        first=TODAY,
        now=clock.now(),
    )
    new, day, cents = ("mensa-isee", date(2026, 11, 1), 450) if reckons else ("mensa-gennaio", JANUARY, 480)
    assert meals(valle, "Anna") == [(TODAY, day, "mensa-26", 460), (day, END, new, cents)]
    rows = Subscription.objects.filter(child=valle.child("Anna"), service=valle.services["mensa"])
    assert set(rows.values_list("reduction_percent", flat=True)) == {50}
    assert list(proofs.tariffs.violations()) == []


def test_who_ends_before_does_not_come_back_after(valle: Cast) -> None:
    load(LIST)
    last = date(2026, 11, 30)
    child = valle.child("Anna").pk
    enrolling.end(by=OFFICE, child_id=child, subscription_id=line_of(valle, "Anna"), last=last, now=clock.now())
    assert meals(valle, "Anna") == [(date(2026, 9, 15), date(2026, 12, 1), "mensa-26", 460)]


def test_another_price_goes_on_under_the_new_tariff(valle: Cast) -> None:
    load(LIST)
    pricing.change_price(
        by=OFFICE,
        child_id=valle.child("Anna").pk,
        subscription_id=line_of(valle, "Anna"),
        bracket=price("mensa-26", "half"),
        reduction_percent=0,
        first=date(2026, 11, 1),
        now=clock.now(),
    )
    assert prices(valle, "Anna")[1:] == [
        (date(2026, 11, 1), 310, "ISEE fino a 10.000 €"),
        (JANUARY, 330, "ISEE fino a 10.000 €"),
    ]
    assert meals(valle, "Anna")[-1][1] == END


@pytest.mark.parametrize("first", [date(2026, 11, 2), date(2027, 1, 11)])
def test_other_days_of_the_week_go_on_too(valle: Cast, first: date) -> None:
    load(RECKONED)
    load(RAISED)
    child = valle.child("Anna").pk
    day = date(2026, 11, 1)
    enrolling.change_days(
        by=OFFICE,
        child_id=child,
        subscription_id=line_of(valle, "Anna", day),
        weekdays=0b00101,
        first=first,
        now=clock.now(),
    )
    found = enrolment.uses_of(child_ids=[child], service_id=valle.services["mensa"].pk)
    assert {one.weekdays for one in found if one.first >= first} == {0b00101}
    assert next(one[2:] for one in meals(valle, "Anna") if one[0] >= JANUARY) == ("mensa-isee-2", 490)
    assert list(proofs.tariffs.violations()) == []


def test_a_place_that_was_offered_is_paid_at_the_tariff_of_its_days(valle: Cast) -> None:
    bus = Subscription.objects.filter(child=valle.child("Anna"), service=valle.services["scuolabus"])
    bus.delete()
    one = ride(valle)
    place = ask(valle, one, "Anna")
    deciding.offer_free(by=OFFICE, pool_id=one.pool_id, now=clock.now())
    load(BUS)
    now = clock.now()
    asking.accept(by=OFFICE, child_id=valle.child("Anna").pk, place_id=place.pk, received_at=now, now=now)
    lines = bus.select_related("bracket").order_by("days")
    first, second = date(2026, 10, 15), date(2026, 10, 16)
    assert [(line.days.lower, line.days.upper, line.bracket.cents) for line in lines] == [
        (first, second, 150),
        (second, END, 170),
    ]


def test_a_file_of_people_goes_the_same_road(valle: Cast, tmp_path: Path) -> None:
    load(LIST)
    new = changed(ANNA_ROSSI, codice="R-9", nome="Bianca", codice_fiscale="", servizi="mensa=4,60")
    bring(tmp_path, new, ANNA_ROSSI)
    (bianca,) = Child.objects.filter(given_name="Bianca")
    day = date(2026, 10, 14)
    assert [(one.first, one.end, one.price.cents) for one in lines_of(bianca)] == [(day, JANUARY, 460), (JANUARY, END, 480)]
    assert [(one.first, one.end, one.price.cents) for one in lines_of(valle.child("Anna"))][1:] == [
        (day, JANUARY, 310),
        (JANUARY, END, 330),
    ]
