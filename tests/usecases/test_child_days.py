"""A child's own days of the week: from a day to come, kept when its price changes, unknown to the days before."""

from datetime import date, time, timedelta

import pytest

from campanella.domains.attendance import queries as sheets
from campanella.domains.enrolment.models import Subscription
from campanella.domains.services.models import Bracket
from campanella.foundation.core import clock
from campanella.usecases import cut_off, enrolling, pricing
from tests.browsing import browser
from tests.towns import OFFICE, TODAY, Cast, text_of
from tests.usecases.asking import goes, rome

MONDAY, TUESDAY = date(2026, 10, 19), date(2026, 10, 20)
MON_AND_WED = 0b101


def line(valle: Cast, day: date = MONDAY) -> Subscription:
    return Subscription.objects.get(child=valle.child("Anna"), service=valle.services["mensa"], days__contains=day)


def expected(valle: Cast, day: date) -> set[int]:
    group, meal = valle.classes["2B"].pk, valle.services["mensa"].pk
    return {one.child_id for one in sheets.expected(class_group_ids=[group], service_id=meal, day=day)}


def change(valle: Cast, first: date = MONDAY) -> None:
    about = {"subscription_id": line(valle).pk, "weekdays": MON_AND_WED, "first": first, "now": clock.now()}
    enrolling.change_days(by=OFFICE, child_id=valle.child("Anna").pk, **about)


def test_a_child_is_expected_on_its_own_days_only(valle: Cast) -> None:
    anna = valle.child("Anna").pk
    change(valle)
    assert [anna in expected(valle, day) for day in (TODAY, MONDAY, TUESDAY)] == [True, True, False]
    assert line(valle, TODAY).weekdays == 127


def test_a_new_price_keeps_the_days(valle: Cast) -> None:
    change(valle)
    half = Bracket.objects.get(tariff__code="mensa-26", code="half")
    pricing.change_price(
        by=OFFICE,
        child_id=valle.child("Anna").pk,
        subscription_id=line(valle).pk,
        bracket=half,
        reduction_percent=0,
        first=TUESDAY,
        now=clock.now(),
    )
    assert (line(valle, TUESDAY).bracket_id, line(valle, TUESDAY).weekdays) == (half.pk, MON_AND_WED)


def test_a_day_that_is_not_to_come_is_refused(valle: Cast) -> None:
    with pytest.raises(enrolling.NotWithinTheLine):
        change(valle, TODAY)


def test_the_office_chooses_the_days_on_the_childs_page(valle: Cast) -> None:
    office, child = browser(valle.town, valle.staff["office"]), valle.child("Anna")
    place = f"/ufficio/bambini/{child.pk}/servizi/{line(valle).pk}/giorni/"
    assert "Giorni di Refezione" in office.read(place)
    words = text_of(office.post(place, {"first": f"{MONDAY}", "weekdays": ["0", "2"]}, follow=True))
    assert "Giorni cambiati" in words
    assert line(valle).weekdays == MON_AND_WED
    assert "ha cambiato i giorni di Refezione dal 19/10/2026: lun, mer" in office.read(f"/ufficio/bambini/{child.pk}/")


def test_a_day_that_is_charged_already_stays_one_of_its_days(valle: Cast) -> None:
    """Where numbers close on an earlier day: tomorrow, a Thursday, is cooked and paid."""
    goes(valle, "opt_out", cut_off=time(8), cut_off_days_before=1, made_at=rome("07:00"))
    thursday = TODAY + timedelta(days=1)
    cut_off.confirm_booked(by=OFFICE, service=valle.services["mensa"], day=thursday, now=clock.now())
    with pytest.raises(pricing.WasThere, match="15 ottobre 2026 i numeri sono già chiusi e contano il bambino"):
        change(valle, thursday)
    assert line(valle, thursday).weekdays == 127
    change(valle, thursday + timedelta(days=1))
    assert (valle.balance("Anna"), line(valle).weekdays) == (-460, MON_AND_WED)
