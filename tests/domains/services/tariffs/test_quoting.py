"""Prices of real councils, to the cent; the published figure stands beside each."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campanella.domains.services.tariffs.facts import Facts, NoPrice, Sibling
from campanella.domains.services.tariffs.quoting import place_among_siblings, quote
from campanella.domains.services.tariffs.shapes import (
    Band,
    ByWeekdays,
    Change,
    Flat,
    IseeRule,
    Linear,
    Off,
    Other,
    Scheme,
    Share,
)
from campanella.foundation.core.money import Euro

FIRST, LAST = date(2026, 9, 1), date(2027, 8, 31)
DAY = date(2026, 11, 3)
ONLY = Sibling(date(2019, 3, 16), frozenset({"mensa"}))
OLDER = Sibling(date(2016, 1, 1), frozenset({"mensa"}))


def scheme(*bands: Band, **more: object) -> Scheme:
    """A tariff of a canteen for one school year."""
    return Scheme("m", "Mensa", "mensa", FIRST, LAST, "day", bands, **more)  # type: ignore[arg-type]


def cents(of: Scheme, isee: int | None = None, children: Sequence[Sibling] = (ONLY,), **more: object) -> int:
    """What the last of these children pays."""
    known = Euro(isee) if isee is not None else None
    facts = Facts(DAY, children, child=len(children) - 1, isee=known, **more)  # type: ignore[arg-type]
    return quote(scheme=of, facts=facts).amount.cents


LAINATE = scheme(
    Band("Progressiva", Linear(Euro(400_000), Euro(16_400), Euro(3_000_000), Euro(56_200))),
    changes=(
        Change("Part-time", percent=Fraction(25), needs=frozenset({"part_time"})),
        Change("Secondo figlio", percent=Fraction(50), children=(2, 20)),
    ),
)


@pytest.mark.parametrize(
    ("isee", "full", "part_time", "sibling"),
    [
        (400_000, 16_400, 12_300, 8_200),
        (400_001, 16_400, 12_300, 8_200),
        (419_500, 16_699, 12_524, 8_350),  # 166.985 exactly: half up
        (1_000_000, 25_585, 19_189, 12_793),  # part-time of the rounded price, not of the raw one (191.88)
        (1_234_567, 29_175, 21_881, 14_588),
        (1_734_567, 36_829, 27_622, 18_415),
        (2_999_999, 56_200, 42_150, 28_100),
        (3_000_000, 56_200, 42_150, 28_100),
        (None, 56_200, 42_150, 28_100),
    ],
)
def test_a_line_between_two_points(isee: int | None, full: int, part_time: int, sibling: int) -> None:
    assert cents(LAINATE, isee) == full
    assert cents(LAINATE, isee, words=frozenset({"part_time"})) == part_time
    assert cents(LAINATE, isee, (OLDER, ONLY)) == sibling


GASPERINA = scheme(
    Band("Fino a 3.000", Flat((Euro(140), Euro(90), Euro(0))), isee_up_to=Euro(300_000)),
    Band("Fino a 5.000", Flat((Euro(140), Euro(100), Euro(0))), isee_up_to=Euro(500_000)),
    Band("Oltre 5.000", Flat((Euro(140), Euro(110), Euro(90)))),
    non_resident=Other(Euro(260)),
)


def test_bands_by_the_childs_place_among_its_siblings() -> None:
    three = (Sibling(date(2014, 1, 1), frozenset({"mensa"})), OLDER, ONLY)
    assert [cents(GASPERINA, 300_000, three[:n]) for n in (1, 2, 3)] == [140, 90, 0]
    assert [cents(GASPERINA, 300_001, three[:n]) for n in (1, 2, 3)] == [140, 100, 0]
    assert [cents(GASPERINA, 500_001, three[:n]) for n in (1, 2, 3)] == [140, 110, 90]
    assert cents(GASPERINA, 100_000, is_resident=False) == 260


def test_a_percentage_of_the_isee_with_a_floor_and_a_ceiling() -> None:
    """Pero: 26.25 € and 0.2205 % of the ISEE above 6,000."""
    of = scheme(Band("Campo", Share(Fraction("0.2205"), above=Euro(600_000), base=Euro(2_625), at_most=Euro(8_000))))
    assert [cents(of, isee) for isee in (0, 600_000, 1_000_000, 9_900_000, None)] == [2_625, 2_625, 3_507, 8_000, 8_000]
    without = scheme(Band("Nido", Share(Fraction("1.875"), at_least=Euro(5_000))))
    assert [cents(without, isee) for isee in (100_000, 1_000_000)] == [5_000, 18_750]
    with pytest.raises(NoPrice, match="senza ISEE non dice niente"):
        cents(without)


def test_a_percentage_off_the_full_price_and_a_price_by_weekdays() -> None:
    of = scheme(
        Band("D", Off(Fraction(30)), isee_up_to=Euro(1_200_000)),
        Band("A", ByWeekdays({1: Euro(15_000), 5: Euro(73_440)})),
    )
    assert cents(of, weekdays=5) == 73_440
    assert cents(of, 1_200_000, weekdays=5) == 51_408
    assert cents(of, 1_200_001, weekdays=1) == 15_000
    with pytest.raises(NoPrice, match="3 giorni alla settimana"):
        cents(of, weekdays=3)


def test_households_pay_by_their_size() -> None:
    of = scheme(
        Band("Fino a 3 persone", Flat((Euro(460),)), household=(1, 3)),
        Band("Da 4 persone", Off(Fraction(30)), isee_up_to=Euro(800_000), household=(4, 99)),
        Band("Da 4 persone, piena", Flat((Euro(420),)), household=(4, 99)),
    )
    assert cents(of, 700_000, household=3) == 460
    assert cents(of, 700_000, household=4) == 294
    assert cents(of, 900_000, household=6) == 420
    with pytest.raises(NoPrice, match="numero dei componenti"):
        cents(of, 700_000)


def test_surcharges_grants_and_who_is_not_enrolled() -> None:
    of = scheme(
        Band("Unica", Flat((Euro(500),))),
        changes=(
            Change("Iscrizione tardiva", percent=Fraction(-10), enrolled_after=date(2026, 9, 15)),
            Change("Contributo", amount=Euro(50), first=date(2026, 10, 1), last=date(2026, 11, 3)),
        ),
        not_enrolled=Other(Euro(650)),
    )
    assert cents(of) == 450
    assert cents(of, enrolled_on=date(2026, 9, 16)) == 500
    assert cents(of, enrolled_on=date(2026, 9, 15)) == 450
    assert cents(of, is_enrolled=False) == 650


def test_reductions_add_up_or_the_best_one_holds_alone() -> None:
    changes = (
        Change("Fratelli", percent=Fraction(20), children=(2, 9)),
        Change("Disabilità", percent=Fraction(30), needs=frozenset({"d"})),
    )
    both: dict[str, Any] = {"children": (OLDER, ONLY), "words": frozenset({"d"})}
    assert cents(scheme(Band("U", Flat((Euro(455),))), changes=changes), **both) == 255  # 3.64, then 2.548
    assert cents(scheme(Band("U", Flat((Euro(455),))), changes=changes, adds_up=False), **both) == 319  # 3.185


def test_a_reduction_under_an_isee_and_for_residents_alone() -> None:
    """Porcia: −20 % for siblings if the ISEE is at most 20,000; and nothing for who lives elsewhere."""
    change = Change("Fratelli", percent=Fraction(20), children=(2, 9), isee_up_to=Euro(2_000_000), residents=True)
    of = scheme(Band("U", Flat((Euro(500),))), changes=(change,), non_resident=Other(is_as_others=True))
    assert [cents(of, isee, (OLDER, ONLY)) for isee in (2_000_000, 2_000_001, None)] == [400, 500, 500]
    assert cents(of, 100, (OLDER, ONLY), is_resident=False) == 500


@pytest.mark.parametrize(
    ("presented", "day", "price"),
    [
        (date(2026, 10, 15), date(2026, 10, 1), 305),
        (date(2026, 10, 16), date(2026, 10, 31), 450),
        (date(2026, 10, 16), date(2026, 11, 1), 305),
        (date(2026, 9, 30), date(2026, 9, 1), 305),
        (date(2026, 8, 1), date(2026, 9, 1), 305),
    ],
)
def test_a_price_changes_when_the_isee_begins_to_count(presented: date, day: date, price: int) -> None:
    """Lissone: from the current month when asked by the 15th, for September until the 30th."""
    of = scheme(
        Band("C", Flat((Euro(305),)), isee_up_to=Euro(1_100_000)),
        Band("Piena", Flat((Euro(450),))),
        isee=IseeRule("month", by_day=15, months={9: 30}),
    )
    facts = Facts(day, (ONLY,), isee=Euro(980_000), presented_on=presented)
    assert quote(scheme=of, facts=facts).amount.cents == price


def test_an_isee_that_expires_stays_good_or_ends() -> None:
    bands = (Band("C", Flat((Euro(305),)), isee_up_to=Euro(1_100_000)), Band("Piena", Flat((Euro(450),))))
    gone: dict[str, Any] = {"isee": 980_000, "valid_until": date(2026, 10, 31)}
    assert cents(scheme(*bands), **gone) == 305
    assert cents(scheme(*bands, isee=IseeRule(keeps=False)), **gone) == 450


def test_twins_and_children_elsewhere() -> None:
    twin = Sibling(ONLY.birth_date, frozenset({"mensa"}))
    elsewhere = Sibling(date(2012, 1, 1), frozenset({"scuolabus"}))
    of = scheme(Band("U", Flat((Euro(500),))))
    any_service = scheme(Band("U", Flat((Euro(500),))), siblings="any_service")
    youngest = scheme(Band("U", Flat((Euro(500),))), eldest="youngest")
    family: tuple[Sibling, ...] = (elsewhere, ONLY, twin)

    def places(of: Scheme) -> list[int]:
        return [place_among_siblings(scheme=of, facts=Facts(DAY, family, child=n)) for n in (1, 2)]

    assert places(of) == [1, 2]
    assert places(any_service) == [2, 3]
    assert places(youngest) == [1, 2], "twins stand as they are told"
    family = (OLDER, ONLY)
    assert [place_among_siblings(scheme=youngest, facts=Facts(DAY, family, child=n)) for n in (0, 1)] == [2, 1]


def test_the_sentence_says_where_the_price_comes_from() -> None:
    facts = Facts(DAY, (OLDER, ONLY), child=1, isee=Euro(1_000_000), presented_on=date(2026, 10, 8))
    told = quote(scheme=LAINATE, facts=facts)
    assert told.bracket == "Progressiva"
    assert told.because == (
        "ISEE 10.000,00\xa0€ presentato l’8/10/2026, vale dall’8/10/2026; Progressiva, da 164,00\xa0€ con ISEE 4.000,00\xa0€"
        " a 562,00\xa0€ con ISEE 30.000,00\xa0€: 255,85\xa0€; Secondo figlio, meno il 50%: 127,93\xa0€ al giorno."
    )
    with pytest.raises(NoPrice, match="vale dal 01/09/2026 al 31/08/2027: il 01/09/2027 è fuori"):
        quote(scheme=LAINATE, facts=Facts(date(2027, 9, 1), (ONLY,)))


@given(st.integers(0, 5_000_000), st.integers(0, 5_000_000), st.integers(1, 4))
def test_who_has_less_never_pays_more(one: int, other: int, place: int) -> None:
    children = tuple(Sibling(date(2010 + n, 1, 1), frozenset({"mensa"})) for n in range(place))
    low, high = sorted((one, other))
    for of in (LAINATE, GASPERINA):
        assert cents(of, low, children) <= cents(of, high, children) <= cents(of, None, children)
