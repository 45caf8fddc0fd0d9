"""What a file may not do to tariffs on record: hold beside another, take away what a fee asks for, or cost nothing."""

from datetime import date

import pytest

from campanella.domains.billing import fee_rules
from campanella.domains.billing.models import Fee
from campanella.domains.services.models import Bracket, Tariff
from campanella.domains.services.rules import BY_SCHEME
from campanella.usecases.tariffs.loading import TariffsRefused
from tests.tariffs import prices
from tests.towns import Cast
from tests.usecases.billing.test_fees import charged, decided, is_clean, on
from tests.usecases.tariffs.test_replacing import RAISED, RECKONED, load

NEXT = (
    RECKONED.replace("code: mensa-isee", "code: mensa-27")
    .replace("    replaces: mensa-26\n", "")
    .replace("from: 2026-11-01", "from: 2027-09-01")
    .replace("to: 2027-08-31", "to: 2028-08-31")
)
BY_DAYS = RAISED.replace("price: 4.90", "weekdays: {3: 2.90}").replace(
    "isee_up_to: 10000, price: 3.20", "isee_up_to: 1, price: 3.20"
)


def share(cast: Cast, code: str, first: date, last: date) -> int:
    """Let the town ask a monthly share of who pays the full price of a tariff."""
    full = Bracket.objects.exclude(code=BY_SCHEME).get(tariff__code=code, name="Piena")
    parts = fee_rules.monthly(first=first, last=last, day=1, shift=0)
    return decided(cast, parts, {full.pk: 5_000}, service="mensa", name="Retta mensile")


def test_what_is_put_right_reaches_into_no_other(valle: Cast) -> None:
    load(NEXT)
    load(RECKONED)
    with pytest.raises(TariffsRefused, match="varrebbe negli stessi giorni"):
        load(RECKONED.replace("to: 2027-08-31", "to: 2027-12-31"))
    assert Tariff.objects.get(code="mensa-isee").days.upper == date(2027, 9, 1)


@pytest.mark.parametrize("text", [RAISED, RECKONED], ids=["replaces", "corrects"])
def test_a_price_of_which_a_fee_asks_something_keeps_its_name(valle: Cast, text: str) -> None:
    load(RECKONED)
    share(valle, "mensa-isee", date(2026, 11, 1), date(2027, 6, 30))
    with pytest.raises(TariffsRefused, match="non ha il prezzo «Piena», a cui la quota «Retta mensile» chiede una parte"):
        load(text.replace("name: Piena", "name: Intera"))
    load(text.replace("4.50", "4.60"))
    for month in (date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)):
        on(month)
    assert charged(valle, "Anna")[-1] == (date(2027, 1, 1), -5_000)
    assert is_clean()


def test_what_a_fee_has_asked_for_before_may_be_called_otherwise(valle: Cast) -> None:
    load(RECKONED)
    share(valle, "mensa-isee", date(2026, 11, 1), date(2026, 12, 31))
    load(RAISED.replace("name: Piena", "name: Intera"))
    assert prices(valle, "Anna")[-2][1:] == (490, "Intera")


def test_a_tariff_that_nobody_pays_yet_is_put_right_under_the_fee_that_asks_of_it(valle: Cast) -> None:
    load(NEXT)
    fee_id = share(valle, "mensa-27", date(2027, 9, 1), date(2028, 6, 30))
    (planned,) = load(NEXT.replace("4.50", "4.70"))
    assert planned.state == "corrects"
    (asked,) = Fee.objects.get(pk=fee_id).prices.select_related("bracket")
    assert (asked.bracket.name, asked.bracket.cents) == ("Piena", 470)
    with pytest.raises(TariffsRefused, match="serve già a una quota fissa"):
        load(NEXT.replace("from: 2027-09-01", "from: 2027-09-13"))


def test_nobody_pays_nothing_because_a_price_was_left_out(valle: Cast) -> None:
    load(RECKONED)
    before = prices(valle, "Anna")
    with pytest.raises(TariffsRefused, match="non ha un prezzo per 3 bambini che la pagano, e nemmeno un prezzo pieno"):
        load(BY_DAYS)
    assert prices(valle, "Anna") == before
