"""A town whose tariff is reckoned, for tests: loaded as a file, paid by the cast's children."""

from datetime import date

from campanella.domains.attendance.models import RollCall
from campanella.domains.enrolment import queries as enrolment
from campanella.domains.services import operations as services
from campanella.domains.services import rules
from campanella.domains.services.models import Bracket, Tariff
from campanella.domains.services.tariff_files import reading, writing
from campanella.foundation.core import clock
from campanella.usecases import mealtime, pricing
from tests.towns import OFFICE, Cast

SEASON = date(2026, 9, 15)
# Lissone: a reduction asked for by the 15th counts from the 1st of the month, in September by the 30th.
LISSONE = """
tariffs:
  - code: mensa-isee
    name: Mensa 2026/27
    service: mensa
    from: 2026-09-01
    to: 2027-08-31
    isee: {counts: month, by_day: 15, months: {9: 30}}
    prices:
      - {name: Fino a 7.000, isee_up_to: 7000, price: 2.55}
      - {name: Fino a 11.000, isee_up_to: 11000, price: 3.05}
      - {name: Piena, price: 4.50}
"""
SIBLINGS = """    reductions:
      - {name: Secondo figlio, percent: 20, from_child: 2, to_child: 2, residents: yes}
"""


def load(text: str = LISSONE) -> Tariff:
    """Keep the one tariff of a file beside those of the cast."""
    (scheme,) = reading.schemes(text, services=["mensa", "scuolabus"])
    return services.set_scheme(by=OFFICE, scheme=scheme, text=writing.text([scheme]), now=clock.now())


def let_pay(cast: Cast, tariff: Tariff, *names: str, first: date = SEASON) -> None:
    """Let children of the cast pay a tariff that is reckoned from a day on."""
    for name in names:
        child = cast.child(name)
        (line,) = [
            one
            for one in enrolment.subscriptions_of(child_id=child.pk)
            if one.service_id == tariff.service_id and one.end is None
        ]
        pricing.change_price(
            by=OFFICE,
            child_id=child.pk,
            subscription_id=line.id,
            bracket=whole(tariff),
            reduction_percent=0,
            first=first,
            now=clock.now(),
        )


def whole(tariff: Tariff) -> Bracket:
    """Return the price that stands for a whole tariff."""
    return Bracket.objects.select_related("tariff__service").get(tariff=tariff, code=rules.BY_SCHEME)


def serve(cast: Cast, day: date, *, absent: tuple[str, ...] = ()) -> RollCall:
    """Confirm class 2B for a meal; call it with the clock on that day."""
    call = cast.roll_call(day=day)
    absent_ids = [cast.child(name).pk for name in absent]
    mealtime.confirm(by=cast.staff["school"], roll_call=call, absent_ids=absent_ids, adults=0, now=clock.now())
    return call


def prices(cast: Cast, name: str, service: str = "mensa") -> list[tuple[date, int, str]]:
    """Return (from, cents, band) of a child's subscriptions to a service, in order."""
    lines = enrolment.uses_of(child_ids=[cast.child(name).pk], service_id=cast.services[service].pk)
    return [(line.first, line.price.cents, line.bracket_name) for line in sorted(lines, key=lambda one: one.first)]
