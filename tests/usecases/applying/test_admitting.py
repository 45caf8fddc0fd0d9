"""Where a town admits only the enrolled, every road holds to it; and nobody at school stays without a meal."""

from datetime import timedelta
from uuid import uuid4

import pytest

from campanella.domains.applying import admitting
from campanella.domains.applying.models import Application
from campanella.domains.attendance.judging import Arrival
from campanella.foundation.core import clock
from campanella.readings.office import unenrolled
from campanella.usecases import wishes
from campanella.usecases.applying import deciding, leaving
from tests.applying import accept, opened, ride, sent
from tests.browsing import Browser, at_most, browser
from tests.towns import TODAY, Cast, Family

A_MONTH = timedelta(days=30)
HERE = "/ufficio/iscrizioni/senza-domanda/"


@pytest.fixture
def desk(valle: Cast) -> Browser:
    """The browser of the office."""
    return browser(valle.town, valle.staff["office"])


def test_who_uses_it_without_an_application_is_put_before_the_office(valle: Cast, rossi: Family, desk: Browser) -> None:
    before = unenrolled.count(day=TODAY)
    call = opened(valle, "mensa", begins_on=TODAY - A_MONTH, admits_only_enrolled=True)
    everybody = unenrolled.count(day=TODAY)
    assert (before, everybody > 2) == (0, True)
    one = sent(valle, call, rossi)
    page = desk.read(HERE)
    assert "Rossi Anna, 2ª B" in page or "Rossi Anna" in page
    assert "la domanda aspetta una risposta" in page
    assert f"{everybody} bambini" in desk.read("/ufficio/da-fare/")
    Application.objects.filter(pk=one.pk).update(state="accepted")
    assert unenrolled.count(day=TODAY) == everybody - 1
    assert "Rossi Luca" not in desk.read(HERE)


def test_before_the_service_begins_nobody_is_missing(valle: Cast, desk: Browser) -> None:
    opened(valle, "mensa", begins_on=TODAY + A_MONTH, admits_only_enrolled=True)
    assert unenrolled.count(day=TODAY) == 0
    assert "Chi usa questi servizi ha la sua domanda accettata" in desk.read(HERE)


def test_the_page_asks_little(valle: Cast, desk: Browser) -> None:
    opened(valle, "mensa", begins_on=TODAY - A_MONTH, admits_only_enrolled=True)
    desk.get(HERE)
    with at_most(9):
        desk.get(HERE)


def test_a_family_books_once_it_is_enrolled_and_cancels_always(valle: Cast, rossi: Family) -> None:
    call = opened(valle, "mensa", begins_on=TODAY - A_MONTH, admits_only_enrolled=True)
    lines = [(valle.child("Luca").pk, valle.services["mensa"].pk)]
    tomorrow = TODAY + timedelta(days=1)

    def ask(action: str) -> wishes.Answer:
        return wishes.ask(
            by=rossi.user,
            lines=lines,
            days=[tomorrow],
            action=action,  # type: ignore[arg-type]  # one of the actions
            key=uuid4(),
            arrival=Arrival(clock.now()),
            now=clock.now(),
        )

    assert ask("cancel").number
    with pytest.raises(wishes.NotEnrolled, match="domanda d’iscrizione accettata"):
        ask("book")
    one = sent(valle, call, rossi)
    Application.objects.filter(pk=one.pk).update(state="accepted")
    assert ask("book").number


def test_who_gives_up_from_a_day_to_come_stays_enrolled_until_then(valle: Cast, rossi: Family) -> None:
    call = opened(valle, "mensa", begins_on=TODAY - A_MONTH, admits_only_enrolled=True)
    one, last, meals = sent(valle, call, rossi), TODAY + A_MONTH, valle.services["mensa"].pk
    Application.objects.filter(pk=one.pk).update(state="accepted")
    before = unenrolled.count(day=TODAY)
    leaving.give_up(by=rossi.user, application_id=one.pk, last=last, is_by_office=False, now=clock.now())
    luca = valle.child("Luca").pk
    assert admitting.admits(service_id=meals, child_id=luca, days=[TODAY + timedelta(days=2)])
    assert admitting.admits(service_id=meals, child_id=luca, days=[last])
    assert not admitting.admits(service_id=meals, child_id=luca, days=[last + timedelta(days=1)])
    assert unenrolled.count(day=TODAY) == before


def test_its_place_is_free_from_the_day_after(valle: Cast, rossi: Family) -> None:
    call = opened(valle, places=1, begins_on=TODAY + timedelta(days=7))
    first, last = sent(valle, call, rossi), TODAY + A_MONTH
    second = sent(valle, call, valle.families["haddad"], "Amina")
    accept(valle, first)
    leaving.give_up(by=rossi.user, application_id=first.pk, last=last, is_by_office=False, now=clock.now())
    with pytest.raises(deciding.NoPlace):
        accept(valle, second)
    choice = deciding.Choice(bracket=ride(valle), first=last + timedelta(days=1))
    deciding.accept(by=valle.staff["office"], application_id=second.pk, choice=choice, now=clock.now())
    assert Application.objects.get(pk=second.pk).state == "accepted"
