"""The prices at which a child may begin to use a service on a day, and the one that fits its household."""

from collections.abc import Sequence
from datetime import date

from campanella.domains.enrolment import declared
from campanella.domains.services import queries as services
from campanella.domains.services.models import Bracket
from campanella.domains.services.rules import BY_SCHEME


def prices(*, service_id: int, level: str, day: date) -> list[Bracket]:
    """Return the prices of a service that hold on a day for a level of school, in the town's order: one query."""
    return [
        one
        for one in services.prices_from(day=day)
        if one.tariff.service_id == service_id and one.tariff.is_for(level) and _holds(one, day)
    ]


def fitting(*, brackets: Sequence[Bracket], payer_id: int | None, day: date) -> Bracket | None:
    """Return the price that a reckoned tariff, or else a checked ISEE, gives; the full one without an ISEE: one query."""
    if not brackets:
        return None
    reckoned = [one for one in brackets if one.code == BY_SCHEME]
    if reckoned:
        return reckoned[0]
    known = declared.of_payers(payer_ids=[payer_id]) if payer_id is not None else []
    good = [one for one in known if one.state == "checked" and one.valid_until >= day]
    cents = good[0].amount.cents if good else None
    upper = [
        one for one in brackets if cents is not None and one.isee_up_to_cents is not None and cents <= one.isee_up_to_cents
    ]
    full = [one for one in brackets if one.isee_up_to_cents is None]
    return min(upper, key=lambda one: one.isee_up_to_cents or 0, default=full[0] if full else None)


def _holds(bracket: Bracket, day: date) -> bool:
    days = bracket.tariff.days
    return (days.lower is None or days.lower <= day) and (days.upper is None or day < days.upper)
