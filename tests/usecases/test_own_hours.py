"""What is asked until an hour of its own, and when a window opens: judged by receipt, and told the same by the page."""

from datetime import date, time, timedelta
from typing import Any

import pytest

from campanella.domains.attendance.models import DayRule
from campanella.domains.attendance.rules import Action
from campanella.foundation.core import clock
from tests.browsing import Browser, browser
from tests.towns import TODAY, Cast, text_of
from tests.usecases.asking import TOMORROW, ask, choosing, goes, rome

FRIDAY = TODAY + timedelta(days=2)


@pytest.fixture
def family(valle: Cast) -> Browser:
    return browser(valle.town, valle.families["rossi"].user)


def told(valle: Cast, at: str, action: Action, day: date = TODAY, on: date = TODAY, **arrival: Any) -> str:
    with clock.standing_at(rome(at, on)):
        return ask(valle, at, action=action, days=[day], on=on, **arrival).days[0].answer


@pytest.mark.parametrize(
    ("at", "action", "answer"),
    [
        # The white meal until nine of the day itself, the packed lunch until six of the evening before.
        ("08:59:59.999999", "white", "accepted"),
        ("09:00:00", "white", "accepted"),
        ("09:00:00.000001", "white", "late"),
        ("08:30", "packed", "late"),
        ("09:29", "cancel", "accepted"),
        # Back to the menu of all, or back at all: until the numbers close.
        ("09:29", "book", "accepted"),
        ("09:31", "cancel", "late"),
    ],
)
def test_each_is_judged_by_its_own_hour(valle: Cast, at: str, action: Action, answer: str) -> None:
    goes(valle, white_cut_off=time(9), packed_cut_off=time(18), packed_cut_off_days_before=1)
    assert told(valle, at, action) == answer


def test_the_evening_before_is_an_instant_of_that_day(valle: Cast) -> None:
    goes(valle, packed_cut_off=time(18), packed_cut_off_days_before=1)
    assert told(valle, "18:00", "packed", day=TOMORROW) == "accepted"
    assert told(valle, "18:00:00.000001", "packed", day=TOMORROW) == "late"


@pytest.mark.parametrize(
    ("at", "action", "answer"),
    [("17:59", "book", "accepted"), ("18:01", "book", "late"), ("18:01", "white", "late"), ("17:59", "packed", "accepted")],
)
def test_who_books_day_by_day_books_until_an_hour_of_its_own(valle: Cast, at: str, action: Action, answer: str) -> None:
    """A white meal of a day that is not booked books it: it keeps to the booking's hour."""
    goes(valle, "opt_in", book_cut_off=time(18), book_cut_off_days_before=1)
    assert told(valle, at, action, day=TOMORROW) == answer


def test_what_is_booked_is_cancelled_and_changed_until_the_numbers_close(valle: Cast) -> None:
    goes(valle, "opt_in", book_cut_off=time(18), book_cut_off_days_before=1)
    assert told(valle, "17:00", "book", day=TOMORROW) == "accepted"
    assert told(valle, "19:00", "white", day=TOMORROW) == "accepted"
    assert told(valle, "09:20", "cancel", day=TOMORROW, on=TOMORROW) == "accepted"
    # Cancelled, it is booked no more.
    assert told(valle, "09:25", "book", day=TOMORROW, on=TOMORROW) == "late"


def test_a_tap_without_network_is_granted_its_own_hour(valle: Cast) -> None:
    choosing(valle, offline_grace_minutes=15)
    goes(valle, white_cut_off=time(9))
    assert told(valle, "09:10", "white", tapped_at=rome("08:58")) == "accepted"
    assert told(valle, "09:16", "white", tapped_at=rome("08:58")) == "late"


@pytest.mark.parametrize(
    ("opens_at", "at", "answer"),
    [
        (None, "00:00", "accepted"),
        (time(8), "07:59:59.999999", "too_far"),
        (time(8), "08:00", "accepted"),
    ],
)
def test_a_window_opens_at_its_hour(valle: Cast, opens_at: time | None, at: str, answer: str) -> None:
    goes(valle, "opt_in", horizon_days=2, opens_at=opens_at)
    assert told(valle, at, "book", day=FRIDAY) == answer
    assert told(valle, "23:59", "book", day=FRIDAY, on=TODAY - timedelta(days=1)) == "too_far"


def test_an_hour_of_its_own_is_of_the_wall_clock_on_the_day_that_changes_it(valle: Cast) -> None:
    """On 25 October 2026 the clocks go back: the evening of the 24th is still summer time."""
    goes(valle, packed_cut_off=time(18), packed_cut_off_days_before=2)
    monday, saturday = date(2026, 10, 26), date(2026, 10, 24)
    assert told(valle, "18:00", "packed", day=monday, on=saturday) == "accepted"
    assert told(valle, "18:01", "packed", day=monday, on=saturday) == "late"


def test_the_page_offers_what_still_counts_and_says_until_when(valle: Cast, family: Browser, at: Any) -> None:
    goes(valle, white_cut_off=time(9), packed_cut_off=time(18), packed_cut_off_days_before=1)
    place = f"/disdette/{valle.child('Anna').pk}/"
    words = family.read(place)
    assert "Chiedi il pasto in bianco" in words
    assert "Chiedi il pranzo al sacco" not in words
    assert "Il pasto in bianco si chiede entro le 9:00." in words
    assert "Il pranzo al sacco si chiede entro le 18:00 di" in words
    assert "Fino alle 9:30" in words
    at("09:01")
    words = family.read(place)
    assert "Chiedi il pasto in bianco" not in words
    assert "Disdici il pasto di oggi" in words
    late = ask(valle, "09:01", action="white")
    proof = family.read(f"/richieste/{late.number}/")
    assert "Il pasto in bianco si chiedeva entro le 9:00: non si può più cambiare." in proof


def test_the_week_says_the_booking_is_over_though_the_numbers_are_open(valle: Cast, family: Browser, at: Any) -> None:
    goes(valle, "opt_in", book_cut_off=time(18), book_cut_off_days_before=1, horizon_days=2, opens_at=time(8, 50))
    week = f"/prenotazioni/{valle.child('Anna').pk}/"
    words = family.read(week)
    assert "Mercoledì 14: non prenotato le prenotazioni sono chiuse" in words
    assert "Giovedì 15 fino alle 18:00" in words
    assert "Venerdì 16: non prenotato è ancora presto" in words
    home = family.read("/")
    assert "Si prenotava fino alle 18:00 di" in home
    at("08:50")
    assert "Venerdì 16 fino alle 18:00 di" in family.read(week)


def test_the_page_of_a_day_that_is_too_far_says_when_it_opens(valle: Cast, family: Browser) -> None:
    goes(valle, "opt_in", horizon_days=2, opens_at=time(8, 50))
    words = family.read(f"/disdette/{valle.child('Anna').pk}/?giorno={FRIDAY}")
    assert "Si può chiedere al più 2 giorni prima, dalle 8:50 di mercoledì 14 ottobre." in words


def test_the_office_sets_them_and_reads_what_they_mean(valle: Cast) -> None:
    office = browser(valle.town, valle.staff["office"])
    place = f"/ufficio/impostazioni/giornata/{valle.school.pk}/{valle.services['mensa'].pk}/"
    sent = {
        "form": "rule",
        "rule-first": "2026-12-01",
        "rule-mode": "opt_in",
        "rule-cut_off": "09:30",
        "rule-horizon_days": "30",
        "rule-opens_at": "08:00",
        "rule-book_cut_off": "18:00",
        "rule-book_cut_off_days_before": "1",
        "rule-white_cut_off": "09:00",
        "rule-packed_cut_off": "12:00",
        "rule-packed_cut_off_days_before": "2",
    }
    words = text_of(office.post(place, sent))
    for said in (
        "Si può chiedere al più 30 giorni prima, dalle 8:00 di quel giorno.",
        "Si prenota entro le 18:00 del giorno prima; poi si può solo disdire.",
        "Il pasto in bianco si chiede entro le 9:00 del giorno stesso.",
        "Il pranzo al sacco si chiede entro le 12:00 di 2 giorni prima.",
    ):
        assert said in words
    office.post(place, {**sent, "act": "confirm"})
    (rule,) = DayRule.objects.all()
    assert (rule.opens_at, rule.book_cut_off, rule.book_cut_off_days_before) == (time(8), time(18), 1)
    assert (rule.white_cut_off, rule.packed_cut_off, rule.packed_cut_off_days_before) == (time(9), time(12), 2)
    late = text_of(office.post(place, {**sent, "rule-white_cut_off": "09:31"}))
    assert "È dopo la chiusura dei numeri: scegli un’ora prima, o lascia vuoto." in late
    # Families notice a new hour of the white meal.
    told = text_of(office.post(place, {**sent, "rule-first": "2026-12-02", "rule-white_cut_off": "08:30"}))
    assert "Riguarda 3 bambini." in told
