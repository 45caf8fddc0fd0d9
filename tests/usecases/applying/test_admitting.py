"""Where a town admits only the enrolled, every road holds to it; and nobody at school stays without a meal."""

from datetime import timedelta
from uuid import uuid4

import pytest

from campanella.domains.applying.models import Application
from campanella.domains.attendance.judging import Arrival
from campanella.foundation.core import clock
from campanella.readings.office import unenrolled
from campanella.usecases import wishes
from tests.applying import opened, sent
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
