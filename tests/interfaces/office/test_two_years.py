"""Two school years side by side: next year's classes before it begins, last year's after it is over."""

from datetime import date
from typing import Any

import pytest

from campanella.domains.schools import operations as schools
from campanella.domains.schools.models import ClassGroup, Closure
from campanella.domains.services.models import ClassCalendar
from tests.browsing import Browser, browser
from tests.interfaces.office.test_day_rules import place
from tests.towns import Cast, open_class


@pytest.fixture
def office(valle: Cast) -> Browser:
    return browser(valle.town, valle.staff["office"])


@pytest.fixture
def later(valle: Cast) -> ClassGroup:
    """2B of the next school year."""
    year = schools.open_year(first=date(2027, 9, 1), end=date(2028, 9, 1))
    return open_class(school=valle.school, year=year, name="2B")


def test_a_class_of_next_year_is_given_its_days_and_a_closure(valle: Cast, office: Browser, later: ClassGroup) -> None:
    sent = {"form": "class", "class-class_group": str(later.pk), "class-first": "2027-09-13", "class-weekdays": ["0"]}
    assert "2B (2027/28)" in office.read(place(valle))
    office.post(place(valle), {**sent, "act": "confirm"})
    assert ClassCalendar.objects.get().class_group_id == later.pk
    closures = "/ufficio/presenze/chiusure/"
    assert "2B (2027/28), Primaria Rodari" in office.read(closures)
    office.post(closures, {"where": f"c{later.pk}", "first": "2027-09-20", "last": "2027-09-20", "reason": "Gita"})
    assert Closure.objects.get().class_group_id == later.pk


@pytest.mark.parametrize("moment", ["2027-08-20 10:00", "2027-09-20 10:00"])
def test_charges_of_last_year_are_given_back_by_class(
    valle: Cast, office: Browser, later: ClassGroup, at: Any, moment: str
) -> None:
    at(moment)
    words = office.read("/ufficio/presenze/restituisci/")
    is_over = moment.startswith("2027-09")
    assert ("2B (2026/27), Primaria Rodari" if is_over else "2B, Primaria Rodari") in words
    assert ("2B, Primaria Rodari" in words) or not is_over
