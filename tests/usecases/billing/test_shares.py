"""A monthly share follows a tariff's line and its reductions: Lainate's nursery, from 164 € at 4,000 to 562 € at 30,000."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from campanella.domains.billing import fee_rules
from campanella.domains.billing.models import FeeDue
from campanella.domains.enrolment.rules import isee_valid_until
from campanella.domains.services.models import Tariff
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.readings import proofs
from campanella.usecases import isee as desk
from campanella.usecases.billing import fees
from campanella.usecases.isee import Said
from campanella.usecases.tariffs import loading
from tests.browsing import browser
from tests.tariffs import load, whole
from tests.towns import OFFICE, Cast, text_of

At = Callable[[str], Any]
LAINATE = """
tariffs:
  - code: retta
    name: Retta 2026/27
    service: mensa
    from: 2026-09-01
    to: 2027-07-31
    unit: month
    isee: {counts: month, by_day: 31}
    prices:
      - {name: Retta, line: {from_isee: 4000, from_price: 164, to_isee: 30000, to_price: 562}}
    reductions:
      - {name: Secondo figlio, percent: 50, from_child: 2}
"""
MODENA = LAINATE.replace(
    "line: {from_isee: 4000, from_price: 164, to_isee: 30000, to_price: 562}",
    "percent_of_isee: 1.875, at_least: 30, at_most: 400",
)
YEAR = (date(2026, 9, 1), date(2027, 6, 30))


def decide(cast: Cast, tariff: Tariff, *, last: date = YEAR[1], level: str = "") -> int:
    """Let the town ask each month what a tariff says."""
    share = whole(tariff)
    fee_id = fees.draft(
        by=OFFICE,
        service=cast.services["mensa"],
        name="Retta",
        every="month",
        edges="half",
        level=level,
        parts=fee_rules.monthly(first=YEAR[0], last=last, day=1, shift=0),
        cents={share.pk: share.cents},
        reason="delibera 12",
        now=clock.now(),
    )
    fees.confirm(by=OFFICE, fee_id=fee_id, now=clock.now())
    return fee_id


def present(cast: Cast, cents: int, day: date, family: str = "rossi") -> None:
    said = Said(Euro(cents), "minors", date(2026, 3, 2), day)
    payer = cast.families[family].guardian.pk
    desk.enter(by=OFFICE, payer_id=payer, said=said, key=f"press-{cents:012}", told=None, now=clock.now())


def owed(cast: Cast, name: str) -> list[int]:
    rows = FeeDue.objects.filter(child=cast.child(name)).order_by("number")
    return list(rows.values_list("cents", flat=True))


@pytest.mark.parametrize(
    ("isee", "first", "second"),
    [(400_000, 16_400, 8_200), (419_500, 16_699, 8_350), (1_000_000, 25_585, 12_793), (1_234_567, 29_175, 14_588)],
)
def test_the_line_to_the_cent(valle: Cast, isee: int, first: int, second: int) -> None:
    """The right values of Lainate; Luca is the elder or the younger of the two, the other pays half."""
    present(valle, isee, date(2026, 9, 2))
    decide(valle, load(LAINATE))
    found = sorted((owed(valle, "Anna"), owed(valle, "Luca")), reverse=True)
    assert [each[0] for each in found] == [first, second]
    assert proofs.violations() == []


def test_without_an_isee_it_asks_the_end_of_the_line_and_one_that_comes_moves_the_difference_at_once(
    valle: Cast, at: At
) -> None:
    decide(valle, load(LAINATE))
    assert max(owed(valle, "Anna"), owed(valle, "Luca")) == [56_200, 56_200]
    assert isee_valid_until(kind="minors", issued_on=date(2026, 3, 2)) == date(2026, 12, 31)
    present(valle, 1_000_000, date(2026, 10, 14))
    # It counts from the first of its month: September stays as it was.
    assert max(owed(valle, "Anna"), owed(valle, "Luca")) == [56_200, 25_585]
    assert proofs.violations() == []
    at("2026-11-02 08:40")
    fees.charge(by=OFFICE, now=clock.now())
    assert max(owed(valle, "Anna"), owed(valle, "Luca")) == [56_200, 25_585, 25_585]


@pytest.mark.parametrize(("isee", "cents"), [(100_000, 3_000), (1_000_000, 18_750), (3_000_000, 40_000)])
def test_a_percentage_with_its_least_and_most(valle: Cast, isee: int, cents: int) -> None:
    present(valle, isee, date(2026, 9, 2))
    decide(valle, load(MODENA))
    assert max(owed(valle, "Anna"), owed(valle, "Luca"))[0] == cents
    assert proofs.violations() == []


def test_the_auditor_names_a_share_that_is_not_the_tariffs(valle: Cast) -> None:
    decide(valle, load(LAINATE))
    assert proofs.violations() == []
    FeeDue.objects.filter(child=valle.child("Anna"), number=1).update(cents=1)
    assert "what is owed of a fee is what the town has decided, once for the same days" in {
        one.promise for one in proofs.violations()
    }


def test_a_fee_stays_within_its_tariff(valle: Cast) -> None:
    tariff = load(LAINATE.replace("2027-07-31", "2027-05-31"))
    with pytest.raises(fees.NoTariff, match="non vale in tutti i giorni"):
        decide(valle, tariff)
    decide(valle, tariff, last=date(2027, 5, 31))


def test_the_tariff_of_a_fee_is_in_use(valle: Cast) -> None:
    decide(valle, load(LAINATE))
    with pytest.raises(loading.TariffsRefused, match="serve già a una quota fissa"):
        loading.load(by=OFFICE, text=LAINATE.replace("562", "600"), now=clock.now())


def test_the_office_chooses_the_tariff_in_place_of_amounts(valle: Cast) -> None:
    tariff = load(LAINATE)
    desk = browser(valle.town, valle.staff["office"])
    address = "/ufficio/fatture/quote/nuova/?service=mensa&every=month"
    assert "Quello che dice la tariffa «Retta 2026/27»" in desk.read(address)
    said = {"name": "Retta", "first": "2026-09-01", "last": "2027-06-30", "day": "1", "shift": "0", "edges": "half"}
    answer = desk.post(address, {**said, "tariff": str(whole(tariff).pk)}, follow=True)
    assert "Come dice la tariffa «Retta 2026/27»; per intero 562,00 €" in text_of(answer)
