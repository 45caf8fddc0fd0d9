"""A tariff goes on in the next year: its days a year later, its prices raised and rounded."""

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from campanella.domains.services.tariff_files import reading
from campanella.domains.services.tariffs.amounts import amounts, with_amounts
from campanella.domains.services.tariffs.carrying import a_year_after, carried
from campanella.domains.services.tariffs.shapes import Scheme
from campanella.foundation.core.money import Euro
from tests.usecases.tariffs.files import TOWNS

TEXT = """
tariffs:
  - code: CODE
    name: NAME
    service: mensa
    from: 2026-09-01
    to: 2027-06-30
    non_resident: {price: 6.00}
    isee: {counts: deadlines, deadlines: [{by: 2026-09-30, from: 2026-11-01}], until: 2027-02-28}
    prices:
      - {name: Bassa, isee_up_to: 7000, price: [1.40, 0.90]}
      - {name: Cresce, isee_up_to: 9000, line: {from_isee: 7000, from_price: 2.00, to_isee: 9000, to_price: 4.00}}
      - {name: Quota, isee_up_to: 12000, percent_of_isee: 0.05, at_most: 4.45}
      - {name: Piena, price: 4.50}
    reductions:
      - {name: Secondo, percent: 20, from_child: 2}
      - {name: Contributo, amount: 0.50, from: 2026-10-01, to: 2026-12-31}
      - {name: Tardiva, surcharge_percent: 10, enrolled_after: 2026-09-15}
"""


YEAR: Any = {"since": date(2026, 9, 1), "into": date(2027, 9, 1), "year": "2027/28"}


def scheme(code: str = "mensa-26", name: str = "Mensa 2026/27") -> Scheme:
    (one,) = reading.schemes(TEXT.replace("CODE", code).replace("NAME", name), services=["mensa"])
    return one


def next_year(percent: str = "0", **said: str) -> Scheme:
    one = carried(versions=[scheme(**said)], **YEAR, taken=["mensa-26"], raise_by=Fraction(percent))
    assert one.left_out == ("Contributo",)
    return one.scheme


def test_every_day_goes_on_a_year_and_what_was_granted_for_some_days_does_not() -> None:
    one = next_year()
    assert (one.first, one.last) == (date(2027, 9, 1), date(2028, 6, 30))
    assert one.isee.deadlines == ((date(2027, 9, 30), date(2027, 11, 1)),)
    assert one.isee.until == date(2028, 2, 28)
    assert [(change.name, change.enrolled_after) for change in one.changes] == [
        ("Secondo", None),
        ("Tardiva", date(2027, 9, 15)),
    ]


@pytest.mark.parametrize(
    ("percent", "prices"),
    [
        ("0", [140, 90, 200, 400, 445, 450, 600]),
        # 1,40 × 1,014 = 1,4196; 4,45 × 1,014 = 4,5123; 4,50 × 1,014 = 4,563.
        ("1.4", [142, 91, 203, 406, 451, 456, 608]),
        # Half a cent goes up: 0,90 × 1,05 = 0,945; 4,45 × 1,05 = 4,6725; 4,50 × 1,05 = 4,725.
        ("5", [147, 95, 210, 420, 467, 473, 630]),
    ],
)
def test_every_price_is_raised_and_rounded_half_up(percent: str, prices: list[int]) -> None:
    found = [one.value for one in amounts(next_year(percent)) if isinstance(one.value, Euro) and one.value.cents]
    assert [one.cents for one in found] == prices


@pytest.mark.parametrize(
    ("code", "name", "new_code", "new_name"),
    [
        ("mensa-26", "Mensa 2026/27", "mensa-27", "Mensa 2027/28"),
        ("mensa-2026", "Mensa 2026-2027", "mensa-2027", "Mensa 2027-2028"),
        ("mensa", "Mensa", "mensa-2027", "Mensa 2027/28"),
        ("mensa-26-20270101", "Mensa 2026/27, dal 1 gennaio 2027", "mensa-27", "Mensa 2027/28"),
    ],
)
def test_it_is_called_after_its_year(code: str, name: str, new_code: str, new_name: str) -> None:
    one = next_year(code=code, name=name)
    assert (one.code, one.name) == (new_code, new_name)


def test_the_last_version_goes_on_for_the_whole_season() -> None:
    (old,) = reading.schemes(TEXT.replace("to: 2027-06-30", "to: 2026-12-31", 1), services=["mensa"])
    said = TEXT.replace("from: 2026-09-01", "from: 2027-01-01\n    season_from: 2026-09-01", 1).replace("4.50", "4.80")
    (new,) = reading.schemes(said, services=["mensa"])
    one = carried(versions=[new, old], **YEAR, taken=[], raise_by=Fraction(0)).scheme
    assert (one.first, one.season, one.bands[-1]) == (date(2027, 9, 1), None, new.bands[-1])


@pytest.mark.parametrize(
    ("first", "last", "began", "ends"),
    [
        # The calendars go 52 weeks on: Monday 14 September becomes Monday 13, and has its price.
        (date(2026, 9, 14), date(2027, 6, 30), date(2027, 9, 13), date(2028, 6, 30)),
        (date(2026, 8, 25), date(2027, 8, 24), date(2027, 9, 1), date(2028, 8, 24)),
        (date(2027, 6, 5), date(2027, 8, 31), date(2028, 6, 3), date(2028, 8, 31)),
        # Decided for two years or three: nothing of the new one holds while this one does.
        (date(2025, 9, 1), date(2027, 8, 31), date(2027, 9, 1), date(2028, 8, 31)),
        (date(2024, 9, 15), date(2027, 6, 30), date(2027, 9, 12), date(2028, 6, 30)),
    ],
)
def test_it_begins_with_its_calendars_and_after_the_year_before(first: date, last: date, began: date, ends: date) -> None:
    old = replace(scheme(), first=first, last=last)
    one = carried(versions=[old], **YEAR, taken=[], raise_by=Fraction(0)).scheme
    assert (one.first, one.last) == (began, ends)


def test_the_days_of_a_tariff_of_several_years_come_into_the_new_one() -> None:
    text = TEXT.replace("CODE", "mensa-24").replace("NAME", "Mensa 2024/27").replace("2026-", "2024-")
    (old,) = reading.schemes(text, services=["mensa"])
    one = carried(versions=[old], **YEAR, taken=["mensa-24"], raise_by=Fraction(0)).scheme
    assert one.isee.deadlines == ((date(2027, 9, 30), date(2027, 11, 1)),)
    assert (one.code, one.name, one.changes[-1].enrolled_after) == ("mensa-24-2027", "Mensa 2027/28", date(2027, 9, 15))


@pytest.mark.parametrize("town", TOWNS, ids=lambda town: town.stem)
def test_each_amount_can_be_said_again(town: object) -> None:
    for one in reading.schemes(town.read_text(), services=["mensa", "scuolabus", "nido"]):  # type: ignore[attr-defined]
        assert with_amounts(one, {found.key: found.value for found in amounts(one)}) == one


@pytest.mark.parametrize(
    ("day", "later"),
    [(date(2026, 9, 1), date(2027, 9, 1)), (date(2028, 2, 29), date(2029, 3, 1)), (date(2027, 2, 28), date(2028, 2, 28))],
)
def test_a_year_after(day: date, later: date) -> None:
    assert a_year_after(day) == later
