"""What the office sees of the town's fees: which there are, whom each would charge, and when."""

from dataclasses import dataclass

from campanella.domains.billing import fee_queries, rules
from campanella.domains.billing.choices import BillingChoices
from campanella.domains.billing.fee_queries import FeeView, PartTold
from campanella.domains.services import queries as services
from campanella.domains.services import rules as pricing
from campanella.domains.services.models import Bracket, Service
from campanella.foundation.core.money import Euro
from campanella.foundation.tenants.queries import active_town
from campanella.readings.billing.words import part_name

EVERY = {"month": "ogni mese", "week": "ogni settimana", "year": "all’anno, a rate"}
EDGES = {"half": "paga la metà", "days": "paga i suoi giorni", "whole": "paga tutto"}
EDGES_TOLD = {
    "half": "paga la metà chi arriva dal 16 o lascia entro il 15",
    "days": "chi arriva o lascia a metà paga in proporzione ai giorni",
    "whole": "chi arriva o lascia a metà paga tutto",
}


@dataclass(frozen=True)
class FeeLine:
    """A fee in the list."""

    fee: FeeView
    every: str
    status: tuple[str, str]


@dataclass(frozen=True)
class FeePage:
    """
    A fee on its page.

    :ivar parts: its instalments with the name of their days
    :ivar prices: what it asks, by the name of the price
    :ivar needs_another: whoever looks has prepared it, and the total is above the town's amount
    """

    line: FeeLine
    edges: str
    parts: list[tuple[str, PartTold]]
    prices: list[tuple[str, Euro]]
    total: Euro
    children: int
    passed: int
    needs_another: bool
    limit: Euro


def lines() -> list[FeeLine]:
    """Return all fees, newest first: four queries."""
    return [_line(one) for one in fee_queries.fees()]


def page_of(*, fee_id: int, user_id: int) -> FeePage:
    """Return all that the page of a fee shows: at most sixteen queries."""
    found = fee_queries.fee(fee_id=fee_id)
    parts = fee_queries.parts_of(fee_id=fee_id)
    brackets = {bracket.pk: bracket for bracket in brackets_of(service_id=found.service_id)}
    shares = {one.pk for one in shares_of(service_id=found.service_id, every=found.plan.every)}
    total = Euro(sum(part.total.cents for part in parts))
    limit = active_town().chosen(BillingChoices).bill_second_person
    return FeePage(
        line=_line(found),
        edges=EDGES_TOLD[found.plan.edges],
        parts=[(part_name(part.first, part.last), part) for part in parts],
        prices=[
            (named(brackets[pk], is_followed=pk in shares), Euro(cents))
            for pk, cents in found.plan.cents.items()
            if pk in brackets
        ],
        total=total,
        children=max((part.children for part in parts), default=0),
        passed=max((part.passed for part in parts), default=0),
        needs_another=rules.needs_another(
            total=total.cents, above=limit, prepared_by=found.made_by_id, confirmed_by=user_id
        ),
        limit=Euro(limit),
    )


def brackets_of(*, service_id: int) -> list[Bracket]:
    """
    Return the prices of a service, of all its lists, the newest first; those of a whole tariff last: four queries.
    """
    mine = next((one for one in services.catalogue() if one.pk == service_id), None)
    listed = [bracket for tariff in mine.tariffs.all() for bracket in tariff.brackets.all()] if mine else []
    return listed + services.wholes(service_id=service_id)


def shares_of(*, service_id: int, every: str) -> list[Bracket]:
    """Return the wholes of the service's tariffs by the month, the week or the year, which a fee may follow: two queries."""
    known = services.reckoning_of(service_id=service_id).shares
    wholes = services.wholes(service_id=service_id)
    # One without a full price would ask nothing of who has no ISEE.
    return [one for one in wholes if one.pk in known and known[one.pk].unit == every and one.cents]


def prices_of(*, service_id: int) -> list[Bracket]:
    """Return the prices of days of a service, of which a fee may ask something each: five queries."""
    known = services.reckoning_of(service_id=service_id).shares
    return [one for one in brackets_of(service_id=service_id) if one.pk not in known]


def named(bracket: Bracket, *, is_followed: bool = False) -> str:
    """Name a price with its list: "Mensa 2026/27, ISEE fino a 10.000 €"; the whole of one that reckons is for all others."""
    if is_followed:
        return f"Come dice la tariffa «{bracket.tariff.name}»; per intero"
    if bracket.code == pricing.BY_SCHEME and bracket.tariff.scheme:
        return f"{bracket.tariff.name}, tutti gli altri"
    return f"{bracket.tariff.name}, {bracket.name}"


def offered() -> list[Service]:
    """Return the services of the town: one query."""
    return services.services()


def _line(one: FeeView) -> FeeLine:
    if one.withdrawn_at:
        status = ("off", "Ritirata")
    else:
        status = ("ok", "In vigore") if one.confirmed_at else ("wait", "Da confermare")
    return FeeLine(one, EVERY[one.plan.every], status)
