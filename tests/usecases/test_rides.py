"""The school bus, a direction at a time: enrolled in, asked for, called and paid for by itself."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from campanella.domains.attendance.judging import Arrival
from campanella.domains.enrolment import queries as enrolment
from campanella.domains.services import operations as services
from campanella.domains.services.models import Bracket, Service
from campanella.domains.services.rules import both_ways, same_line
from campanella.foundation.core import clock
from campanella.usecases import enrolling, mealtime, wishes
from campanella.usecases.importing.values import service_kind
from tests.browsing import browser
from tests.interfaces.portal.phones import phone, words
from tests.towns import TODAY, Cast, Family, choosing, text_of
from tests.usecases.test_wishes import rome

OUT, BACK = "linea-1-andata", "linea-1-ritorno"
FIRST, END = date(2026, 9, 1), date(2027, 9, 1)


@pytest.fixture
def rides(valle: Cast) -> Cast:
    """A line with two rides at prices of their own, and another line with one."""
    for place, (code, kind, cents) in enumerate(
        ((OUT, "bus_out", 100), (BACK, "bus_back", 120), ("linea-2-ritorno", "bus_back", 999)), start=2
    ):
        service = services.register_service(code=code, name=code.replace("-", " ").capitalize(), kind=kind, position=place)
        services.run(service=service, school=valle.school, first=FIRST, end=END)
        services.set_tariff(
            service=service,
            code=code,
            name=f"Corsa {code}",
            first=FIRST,
            end=END,
            brackets=[("full", "Intera", None, cents)],
        )
        valle.services[code] = service
    return valle


def price(service: Service) -> Bracket:
    return Bracket.objects.select_related("tariff__service").get(tariff__service=service)


def lines(valle: Cast, name: str = "Luca") -> dict[str, int]:
    found = enrolment.subscriptions_of(child_id=valle.child(name).pk)
    return {line.service_code: line.price.cents for line in found if line.kind.startswith("bus_")}


@pytest.mark.parametrize(
    ("reduction", "discount", "both"), [(0, 0, 0), (0, 20, 20), (50, 20, 60), (100, 20, 100), (10, 15, 24), (0, 100, 100)]
)
def test_the_discount_for_both_rides_is_taken_off_what_is_left(reduction: int, discount: int, both: int) -> None:
    assert both_ways(reduction_percent=reduction, discount_percent=discount) == both


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        (OUT, BACK, True),
        ("andata", "ritorno", True),
        (OUT, "linea-2-ritorno", False),
        ("bus_A_ANDATA", "bus-a-ritorno", True),
    ],
)
def test_rides_of_one_line_are_told_by_their_codes(one: str, other: str, is_same: bool) -> None:
    assert same_line(one, other) is is_same


@pytest.mark.parametrize(
    ("code", "kind"),
    [("Scuolabus andata", "bus_out"), ("TRASPORTO-RITORNO", "bus_back"), ("Scuolabus", "bus"), ("Mensa andata", "meal")],
)
def test_a_register_of_another_software_names_the_direction(code: str, kind: str) -> None:
    assert service_kind(code) == kind


def test_the_office_enrols_in_both_rides_in_one_act_less_what_the_town_takes_off(rides: Cast) -> None:
    choosing(rides.town, both_ways_percent=25)
    office, luca = browser(rides.town, rides.staff["office"]), rides.child("Luca").pk
    form = {"bracket": price(rides.services[OUT]).pk, "reduction_percent": "0", "first": "2026-10-14", "both_ways": "on"}
    done = text_of(office.post(f"/ufficio/bambini/{luca}/servizi/", form, follow=True))
    assert "Iscritto a Linea 1 andata e all’altra corsa" in done
    assert lines(rides) == {OUT: 75, BACK: 90}


def test_one_ride_alone_pays_its_own_price(rides: Cast) -> None:
    choosing(rides.town, both_ways_percent=25)
    office, luca = browser(rides.town, rides.staff["office"]), rides.child("Luca").pk
    office.post(
        f"/ufficio/bambini/{luca}/servizi/",
        {"bracket": price(rides.services[BACK]).pk, "reduction_percent": "0", "first": "2026-10-14"},
    )
    assert lines(rides) == {BACK: 120}


@pytest.mark.parametrize("code", ["linea-2-ritorno", "mensa"])
def test_what_has_no_other_ride_enrols_in_neither(rides: Cast, code: str) -> None:
    bracket = Bracket.objects.select_related("tariff__service").filter(tariff__service=rides.services[code])[0]
    with pytest.raises(enrolling.NoOtherWay):
        enrolling.subscribe_both_ways(
            by=rides.staff["office"],
            child_id=rides.child("Luca").pk,
            bracket=bracket,
            reduction_percent=0,
            first=TODAY,
            now=clock.now(),
        )
    assert lines(rides) == {}


def test_the_ride_home_is_cancelled_by_itself_and_each_has_its_own_roll_call(rides: Cast, rossi: Family, at: Any) -> None:
    luca, now = rides.child("Luca"), clock.now()
    enrolling.subscribe_both_ways(
        by=rides.staff["office"],
        child_id=luca.pk,
        bracket=price(rides.services[BACK]),
        reduction_percent=0,
        first=TODAY,
        now=now,
    )
    answer = wishes.ask(
        by=rossi.user,
        lines=[(luca.pk, rides.services[BACK].pk)],
        days=[TODAY],
        action="cancel",
        key=uuid4(),
        arrival=Arrival(rome("08:00")),
        now=now,
    )
    assert "Scuolabus di ritorno di Luca disdetto" in words(phone(rossi.user).get(f"/richieste/{answer.number}/"))
    teacher = browser(rides.town, rides.staff["school"])
    assert "disdetto dalla famiglia" in teacher.read(f"/appello/{rides.classes['2B'].pk}/{BACK}/")
    assert "disdetto dalla famiglia" not in teacher.read(f"/appello/{rides.classes['2B'].pk}/{OUT}/")
    for code in (OUT, BACK):
        call = rides.roll_call(service=code)
        mealtime.confirm(by=rides.staff["school"], roll_call=call, absent_ids=[], adults=0, now=now)
    assert (rides.balance("Luca", OUT), rides.balance("Luca", BACK)) == (-100, 0)
    at("2026-10-14 15:00")
    day = words(phone(rossi.user).get(f"/presenze/{luca.pk}/2026-10-14/"))
    assert "Luca non prende lo scuolabus di ritorno: il giorno è disdetto." in day
    assert "Luca va a scuola con lo scuolabus." in day
