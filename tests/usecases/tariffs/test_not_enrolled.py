"""Who uses a service without an accepted application pays what the tariff says of it, from the day and until the day."""

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import pytest

from campanella.domains.applying import setting_up
from campanella.domains.applying.models import Application
from campanella.domains.applying.queries import EnrolmentCall
from campanella.domains.enrolment.models import Subscription
from campanella.domains.ledger import queries as ledger
from campanella.domains.schools import operations as schools
from campanella.domains.services.models import Bracket, Tariff
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.readings import priced
from campanella.readings.proofs import tariffs
from campanella.usecases import enrolling, reckoning
from campanella.usecases.applying import deciding, leaving
from tests.applying import data, opened, sent
from tests.auditor import differences
from tests.browsing import browser
from tests.tariffs import LISSONE, SIBLINGS, let_pay, load, prices, serve, whole
from tests.towns import OFFICE, Cast, Family, run_jobs

At = Callable[[str], Any]
# Fiano Romano: who is not enrolled pays a price of its own, whatever its ISEE, without reductions.
DEARER = LISSONE.replace("    prices:", "    not_enrolled: {price: 6.00}\n    prices:") + SIBLINGS
BEFORE, FIRST, THEN, LAST = date(2026, 9, 28), date(2026, 9, 29), date(2026, 9, 30), date(2026, 10, 1)
MOVED = date(2026, 10, 5)
SUMMER: dict[str, Any] = {"opens_at": clock.rome(date(2026, 6, 1), time(8)), "begins_on": FIRST}


def accept(cast: Cast, one: Application, first: date) -> None:
    """Accept an application from a day on, at the whole tariff."""
    choice = deciding.Choice(bracket=whole(Tariff.objects.get(code="mensa-isee")), first=first)
    deciding.accept(by=cast.staff["office"], application_id=one.pk, choice=choice, now=clock.now())


@pytest.fixture
def call(valle: Cast, at: At) -> EnrolmentCall:
    """Anna eats four times without an application; from the second day on one is asked."""
    let_pay(valle, load(DEARER), "Anna")
    made = opened(valle, "mensa", **SUMMER)
    run_jobs()
    for day in (BEFORE, FIRST, THEN, LAST):
        at(f"{day} 08:40")
        serve(valle, day)
    at("2026-10-02 08:40")
    return made


def test_who_is_not_enrolled_pays_its_price_from_the_day_on_which_one_is_asked(valle: Cast, call: EnrolmentCall) -> None:
    assert prices(valle, "Anna") == [(date(2026, 9, 15), 450, "Piena"), (FIRST, 600, "Non iscritto")]
    assert valle.balance("Anna") == -(450 + 3 * 600)
    told = priced.explained(child_id=valle.child("Anna").pk, day=LAST)[valle.services["mensa"].pk]
    assert told.because == f"Non iscritto: {Euro(600)} al giorno."
    assert tariffs.violations() == []


def test_once_it_is_enrolled_its_days_cost_what_they_cost_the_others(
    valle: Cast, rossi: Family, call: EnrolmentCall
) -> None:
    """Of the three days at 6.00 the last two cost 4.50: 3.00 come back, 1.50 a day, and the next meal costs 4.50."""
    one = sent(valle, call, rossi, "Anna")
    assert valle.balance("Anna") == -2250
    accept(valle, one, THEN)
    assert prices(valle, "Anna")[1:] == [(FIRST, 600, "Non iscritto"), (THEN, 450, "Piena")]
    assert valle.balance("Anna") == -1950
    back = [(line.day, line.amount.cents) for line in ledger.movements_of(wallet_id=valle.wallet("Anna").pk)]
    assert sorted(one for one in back if one[1] > 0) == [(THEN, 150), (LAST, 150)]
    serve(valle, date(2026, 10, 2))
    assert valle.balance("Anna") == -2400
    assert reckoning.put_all_right(by=OFFICE, now=clock.now()) == 0
    assert (tariffs.violations(), differences(valle.town)) == ([], [])


def test_the_auditor_names_a_price_that_forgets_who_is_enrolled(valle: Cast, rossi: Family, call: EnrolmentCall) -> None:
    one = sent(valle, call, rossi, "Anna")
    Application.objects.filter(pk=one.pk).update(state="accepted")
    assert {wrong.cents for wrong in tariffs.violations()} == {150}
    reckoning.put_all_right(by=OFFICE, now=clock.now())
    assert (tariffs.violations(), valle.balance("Anna")) == ([], -1800)
    Subscription.objects.filter(child=valle.child("Anna"), bracket__tariff__code="mensa-isee").update(
        bracket=Bracket.objects.get(tariff__code="mensa-isee", cents=600)
    )
    assert {wrong.cents for wrong in tariffs.violations()} == {150}


def test_who_gives_up_was_enrolled_until_its_last_day(valle: Cast, rossi: Family, call: EnrolmentCall) -> None:
    accept(valle, sent(valle, call, rossi, "Anna"), FIRST)
    one = Application.objects.get(child=valle.child("Anna"))
    leaving.give_up(by=rossi.user, application_id=one.pk, last=LAST + timedelta(days=8), is_by_office=False, now=clock.now())
    assert prices(valle, "Anna") == [(date(2026, 9, 15), 450, "Piena")]
    assert (tariffs.violations(), valle.balance("Anna")) == ([], -1800)


def test_a_call_for_other_schools_or_that_opens_later_asks_nothing_of_a_day(valle: Cast, call: EnrolmentCall) -> None:
    office = valle.staff["office"]
    others = next(level for level in ("infanzia", "secondaria") if level != valle.school.level)
    setting_up.change_call(by=office, call=call, data=data(**{**SUMMER, "levels": (others,)}), now=clock.now())
    run_jobs()
    assert (valle.balance("Anna"), tariffs.violations()) == (-4 * 450, [])
    opens = clock.rome(LAST, time(8))
    setting_up.change_call(by=office, call=call, data=data(**{**SUMMER, "opens_at": opens}), now=clock.now())
    run_jobs()
    assert (valle.balance("Anna"), tariffs.violations()) == (-(3 * 450 + 600), [])


def test_who_comes_to_a_school_of_the_call_is_asked_from_that_day(valle: Cast, call: EnrolmentCall) -> None:
    """A child of one school moves to one for whose families the call is: what it ate before stays as it was."""
    other = schools.register_school(code="api", name="Infanzia Api", level="infanzia")
    (class_id,) = schools.open_classes(year=call.year, names=[(other.pk, "Api")]).values()
    of_level = data(**{**SUMMER, "levels": ("infanzia",)})
    setting_up.change_call(by=valle.staff["office"], call=call, data=of_level, now=clock.now())
    run_jobs()
    enrolling.move(by=OFFICE, child_id=valle.child("Anna").pk, class_group_id=class_id, first=MOVED, now=clock.now())
    reckoning.put_all_right(by=OFFICE, now=clock.now())
    assert prices(valle, "Anna") == [(date(2026, 9, 15), 450, "Piena"), (MOVED, 600, "Non iscritto")]
    assert (valle.balance("Anna"), tariffs.violations()) == (-4 * 450, [])


def test_the_office_reads_beside_the_day_who_pays_more(valle: Cast, call: EnrolmentCall) -> None:
    page = browser(valle.town, valle.staff["office"]).read(f"/ufficio/iscrizioni/moduli/{call.pk}/")
    assert "paga il prezzo di chi non è iscritto («Mensa 2026/27»)" in page
