"""VAT, stamp duty and deduction by kind of service: tables an accountant can check."""

import pytest

from campanella.domains.services import operations, queries
from campanella.domains.services.taxation import STAMP_DUTY, VAT_TREATMENTS, Taxation, out_of_gross, stamp_duty, usual
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from tests.towns import OFFICE, Cast


@pytest.mark.parametrize(
    ("gross", "percent", "net", "tax"),
    [
        # 17 meals at 4,15: the whole is divided once (Noethys 74), not the price of a meal.
        (7055, 4, 6784, 271),
        (460, 4, 442, 18),
        (104, 4, 100, 4),
        (1100, 10, 1000, 100),
        (100, 22, 82, 18),
        (-7055, 4, -6784, -271),
        (500, 0, 500, 0),
        (0, 4, 0, 0),
    ],
)
def test_vat_is_taken_out_once_and_makes_the_gross_again(gross: int, percent: int, net: int, tax: int) -> None:
    assert out_of_gross(gross=Euro(gross), percent=percent) == (Euro(net), Euro(tax))


@pytest.mark.parametrize(("cents", "duty"), [(0, 0), (7747, 0), (7748, 200), (100_000, 200), (-9000, 0)])
def test_stamp_duty_is_two_euro_strictly_over_the_threshold(cents: int, duty: int) -> None:
    assert stamp_duty(not_subject=Euro(cents)) == Euro(duty)
    assert Euro(200) == STAMP_DUTY


@pytest.mark.parametrize(
    ("kind", "year", "deduction", "vat"),
    [
        ("meal", 2026, "school", "4"),
        ("nursery", 2026, "nursery", "exempt"),
        ("bus", 2017, "none", "outside"),
        ("bus", 2018, "school", "outside"),
        ("bus_out", 2026, "school", "outside"),
        ("bus_back", 2017, "none", "outside"),
        ("before", 2026, "school", "exempt"),
        ("after", 2026, "school", "exempt"),
    ],
)
def test_what_is_usual(kind: str, year: int, deduction: str, vat: str) -> None:
    assert usual(kind=kind, year=year) == Taxation(deduction, vat)  # type: ignore[arg-type]


def test_every_treatment_names_its_law() -> None:
    assert all(one.law for one in VAT_TREATMENTS.values())
    assert {code for code, one in VAT_TREATMENTS.items() if one.is_subject} == {"4", "10", "22"}


def test_a_town_says_otherwise_from_a_year_on(valle: Cast) -> None:
    bus = valle.services["scuolabus"]
    about = {"by": OFFICE, "service": bus, "now": clock.now()}
    operations.set_taxation(**about, from_year=2024, taxation=Taxation("none", "10"))  # type: ignore[arg-type]
    operations.set_taxation(**about, from_year=2026, taxation=Taxation("school", "10"))  # type: ignore[arg-type]
    told = {year: queries.taxations(year=year)[bus.pk] for year in (2023, 2024, 2025, 2026)}
    assert told == {
        2023: Taxation("school", "outside"),
        2024: Taxation("none", "10"),
        2025: Taxation("none", "10"),
        2026: Taxation("school", "10"),
    }
    operations.set_taxation(**about, from_year=2026, taxation=Taxation("none", "4"))  # type: ignore[arg-type]
    assert queries.taxations_said()[bus.pk] == [(2026, Taxation("none", "4")), (2024, Taxation("none", "10"))]
    assert queries.taxations(year=2026)[valle.services["mensa"].pk] == Taxation("school", "4")
