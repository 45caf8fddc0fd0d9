"""A monthly share beside a tariff that reckons is charged, and one beside a tariff whose place another takes goes on."""

from datetime import date

from campanella.domains.billing import fee_rules
from campanella.domains.services.models import Bracket
from campanella.domains.services.rules import BY_SCHEME
from campanella.foundation.core import clock
from campanella.usecases.tariffs import loading
from tests.towns import OFFICE, Cast
from tests.usecases.billing.test_fees import charged, decided, is_clean, monthly, on
from tests.usecases.tariffs.test_replacing import LIST, RECKONED

SIBLINGS = "      - {name: Secondo figlio, percent: 30, from_child: 2}\n"


def test_a_price_that_was_reckoned_is_asked_for_its_band(valle: Cast) -> None:
    loading.load(by=OFFICE, text=RECKONED + SIBLINGS, now=clock.now())
    bands = {one.name: one.pk for one in Bracket.objects.filter(tariff__code="mensa-isee").exclude(code=BY_SCHEME)}
    parts = fee_rules.monthly(first=date(2026, 11, 1), last=date(2026, 12, 31), day=1, shift=0)
    decided(valle, parts, {bands["Piena"]: 5_000}, service="mensa", name="Retta mensile")
    on(date(2026, 11, 1))
    # Luca pays “Piena, Secondo figlio” a day.
    assert charged(valle, "Luca") == [(date(2026, 11, 1), -5_000)]
    assert charged(valle, "Anna") == [(date(2026, 11, 1), -5_000)]
    assert is_clean()


def test_the_whole_of_a_tariff_is_asked_of_all_whom_no_band_names(valle: Cast) -> None:
    loading.load(
        by=OFFICE,
        text=RECKONED.replace("isee_up_to: 10000, price: 3.00", "isee_up_to: 10000, percent_of_isee: 0.05"),
        now=clock.now(),
    )
    found = {one.code: one.pk for one in Bracket.objects.filter(tariff__code="mensa-isee", is_reckoned=False)}
    parts = fee_rules.monthly(first=date(2026, 11, 1), last=date(2026, 12, 31), day=1, shift=0)
    decided(valle, parts, {found[BY_SCHEME]: 3_000}, service="mensa", name="Retta mensile")
    on(date(2026, 11, 1))
    assert charged(valle, "Anna") == [(date(2026, 11, 1), -3_000)]
    assert is_clean()


def test_a_share_goes_on_when_another_tariff_takes_the_place_of_its_own(valle: Cast) -> None:
    monthly(valle, 5_000, half=2_500)
    loading.load(by=OFFICE, text=LIST, now=clock.now())
    for month in (date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)):
        on(month)
    assert charged(valle, "Anna")[-1] == (date(2027, 1, 1), -5_000)
    assert charged(valle, "Luca")[-1] == (date(2027, 1, 1), -2_500)
    assert is_clean()
