"""Households with all that the price of a day follows from: the register, what is declared, and who is enrolled."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from campanella.domains.applying import admitting
from campanella.domains.enrolment import reckoned
from campanella.domains.enrolment.reckoning import Households, charged_on
from campanella.domains.services.tariffs.quoting import Quote
from campanella.domains.services.tariffs.shapes import Scheme


def households(*, child_ids: Collection[int] | None, scheme: Scheme | None = None) -> Households:
    """
    Return the households of these children, with all their siblings; None is the whole town.

    Six queries, and three where a tariff asks another price of who is not enrolled.

    :param scheme: a tariff that nobody pays yet, and that is asked of them
    """
    known = reckoned.households(child_ids=child_ids)
    schemes = [*known.schemes.values(), *([scheme] if scheme else [])]
    if not any(one.asks_enrolment for one in schemes):
        return known
    return replace(known, asked=admitting.asked(child_ids=known.kids))


def explained(*, child_id: int, day: date) -> dict[int, Quote]:
    """Return by service what a day of a child costs by its tariff, and why, where it is reckoned: as ``households``."""
    known = households(child_ids=[child_id])
    kid = known.kids.get(child_id)
    found: dict[int, Quote] = {}
    for line in kid.lines if kid else ():
        if kid and line.holds_on(day) and (told := charged_on(known=known, kid=kid, line=line, day=day)):
            found[line.service_id] = told
    return found
