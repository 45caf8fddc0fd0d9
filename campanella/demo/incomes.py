"""The ISEE of the invented families, where the town's tariffs reckon with them; some wait for the office."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from campanella.demo.calendar import SchoolYear
from campanella.demo.people import Household
from campanella.demo.towns import Prices
from campanella.domains.enrolment import isee
from campanella.domains.enrolment.isee import NewDeclaration
from campanella.domains.people.models import Guardian
from campanella.domains.services import operations as services
from campanella.domains.services.models import Tariff
from campanella.domains.services.tariff_files import writing
from campanella.domains.services.tariffs.shapes import Band, Flat, IseeRule, Scheme
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.money import Euro

SEEN, WAITING = 3, "abcdefghijklmnop"


def set_scheme(
    *, by: Actor, code: str, name: str, service: str, level: str, prices: Prices, first: date, end: date, now: datetime
) -> Tariff:
    """Set a reckoned tariff by bands of ISEE: one received by the 15th counts from the 1st, in September by the 30th."""
    bands = [
        Band(
            f"ISEE fino a {Euro(up_to).italian()}" if up_to else "Tariffa intera",
            Flat((Euro(cents),)),
            isee_up_to=Euro(up_to) if up_to else None,
        )
        for up_to, cents in prices
    ]
    rule = IseeRule("month", by_day=15, months={9: 30})
    last = end - timedelta(days=1)
    scheme = Scheme(code, name, service, first, last, "day", tuple(bands), level=level, isee=rule)
    return services.set_scheme(by=by, scheme=scheme, text=writing.text([scheme]), now=now)


def declare(
    *,
    by: Actor,
    payers: Sequence[tuple[Household, Guardian]],
    years: Iterable[SchoolYear],
    day: date,
    now: datetime,
) -> None:
    """Let every household that has an ISEE have declared it in each year; a few of the others have done it today."""
    known: Mapping[int, int] = {
        payer.pk: household.isee_cents for household, payer in payers if household.isee_cents is not None
    }
    made = [
        NewDeclaration(payer_id, cents, date(year.first.year, 3, 2), year.first)
        for year in years
        for payer_id, cents in known.items()
    ]
    isee.take_over(declarations=made, now=now)
    others = [payer for household, payer in payers if household.isee_cents is None][:SEEN]
    for place, payer in enumerate(others):
        isee.declare(
            by=by,
            payer=payer,
            amount=Euro(745_000 + 310_000 * place),
            kind="ordinary",
            issued_on=day,
            received_on=day,
            household=3 + place,
            has_omissions=False,
            is_by_office=False,
            key=f"{WAITING}{place}",
            now=now,
        )
