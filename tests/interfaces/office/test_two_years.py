"""Two school years side by side: next year's classes before it begins, last year's after it is over."""

import re
from datetime import date
from typing import Any

import pytest

from campanella.domains.schools import operations as schools
from campanella.domains.schools.models import ClassGroup, Closure
from campanella.domains.services.models import ClassCalendar
from tests.browsing import Browser, browser
from tests.interfaces.office.test_day_rules import place
from tests.towns import Cast, open_class, text_of


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
    """The form offers the classes of its days and no others: two of the same name were one below the other."""
    at(moment)
    place = "/ufficio/presenze/restituisci/"
    is_over = moment.startswith("2027-09")
    old, new = valle.classes["2B"], later
    assert (old in options(office.get(place)), new in options(office.get(place))) == (not is_over, is_over)
    sent = {"first": "2027-05-10", "last": "2027-05-12", "where": f"c{new.pk}", "what": "", "reason": "forno guasto"}
    of_then = office.post(place, {**sent, "act": "places"})
    assert (old in options(of_then), new in options(of_then)) == (True, False)
    assert "Controlla i campi" not in text_of(of_then)
    assert "In quei giorni quella classe non c’era" in text_of(office.post(place, sent))
    assert ("2B (2026/27), Primaria Rodari" in text_of(of_then)) == is_over
    assert "Non c’è niente da restituire" in text_of(office.post(place, {**sent, "where": f"c{old.pk}"}))


def options(answer: Any) -> list[ClassGroup]:
    """Return the classes that a page offers."""
    found = re.findall(r'<option value="c(\d+)"', answer.content.decode())
    return list(ClassGroup.objects.filter(pk__in=found))
