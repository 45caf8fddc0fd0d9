"""Paper for the bad day, in the school's hands: printed before it, copied fast after it, in one order."""

from typing import Any

import pytest

from campanella.domains.accounts.roles import Role
from campanella.domains.attendance.models import DayEvent
from campanella.domains.schools import operations as schools
from campanella.foundation.core import clock
from tests.browsing import Browser, at_most, browser
from tests.foundation.documents.reading import text_of as words_of
from tests.towns import OFFICE, TODAY, Cast, text_of

DAY = "2026-10-14"


@pytest.fixture
def teacher(valle: Cast) -> Browser:
    return browser(valle.town, valle.staff[Role.SCHOOL])


def address(cast: Cast, class_name: str = "2B", service: str = "mensa") -> str:
    return f"/appello/{cast.classes[class_name].pk}/{service}/"


def test_the_school_prints_a_class_for_today_and_for_a_day_to_come(valle: Cast, teacher: Browser) -> None:
    today = words_of(teacher.get(address(valle) + "foglio.pdf").content)
    tomorrow = words_of(teacher.get(address(valle) + "foglio.pdf?giorno=2026-10-15").content)
    assert "mercoledì 14 ottobre 2026" in today
    assert "giovedì 15 ottobre 2026" in tomorrow
    for words in (today, tomorrow):
        assert words.index("Haddad Amina") < words.index("Rossi Anna") < words.index("Rossi Luca")
        assert "3 bambini" in words
    assert "4,60" not in today


def test_the_school_copies_a_sheet_in_its_order_and_confirms_by_it(valle: Cast, teacher: Browser) -> None:
    with at_most(8):
        words = teacher.read(address(valle) + "foglio/")
    assert words.index("1 Haddad Amina") < words.index("2 Rossi Anna") < words.index("3 Rossi Luca")
    states = {"Anna": "absent", "Luca": "white", "Amina": "present"}
    sent = {"day": DAY, "adults": "2", **{f"s-{valle.child(name).pk}": state for name, state in states.items()}}
    told = text_of(teacher.post(address(valle) + "foglio/", sent, follow=True))
    assert "Appello copiato dal foglio: 2 presenti." in told
    assert "La cucina ha ricevuto 2 pasti, 1 in bianco e 2 adulti." in told
    assert [valle.balance(name) for name in states] == [0, -310, -460]
    # All of them are on record, as the school's.
    assert set(DayEvent.objects.filter(kind="marked").values_list("channel", "by_id")) == {
        ("page", valle.staff["school"].pk)
    }
    # A second time leads to what holds.
    assert teacher.post(address(valle) + "foglio/", sent)["Location"] == address(valle)
    assert DayEvent.objects.filter(kind="confirmed").count() == 1


def test_a_bus_has_no_white_meal_on_paper_and_no_adults(valle: Cast, teacher: Browser) -> None:
    words = teacher.read(address(valle, service="scuolabus") + "foglio/")
    assert "In bianco" not in words
    assert "Adulti" not in words


def test_a_closed_class_and_another_day_are_not_copied(valle: Cast, teacher: Browser) -> None:
    assert teacher.post(address(valle) + "foglio/", {"day": "2026-10-13"}).status_code == 404
    assert "Copia dal foglio" in teacher.read(address(valle))
    schools.close(by=OFFICE, first=TODAY, last=TODAY, reason="Sciopero", now=clock.now())
    assert teacher.get(address(valle) + "foglio/")["Location"] == address(valle)


def test_only_the_classes_of_ones_school_are_printed_and_copied(valle: Cast) -> None:
    other = schools.register_school(code="other", name="Infanzia Arcobaleno", level="infanzia")
    schools.work_only_at(user=valle.staff["school"], school_ids=[other.pk])
    teacher: Any = browser(valle.town, valle.staff[Role.SCHOOL])
    for page in ("foglio/", "foglio.pdf", "uscita/"):
        assert teacher.get(address(valle) + page).status_code == 404
