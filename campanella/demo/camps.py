"""The summer camp of Carrara: weeks of July are open, the first two are full, families wait and one is offered a place."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from campanella.demo.calendar import year_of
from campanella.demo.life import Life
from campanella.demo.settling import OFFICE, Resident, Settled
from campanella.domains.billing import fee_rules
from campanella.domains.places.queries import Pool
from campanella.domains.schools import queries as schools
from campanella.domains.services import operations as services
from campanella.domains.services.models import Bracket, Service
from campanella.foundation.core import clock
from campanella.foundation.core.scope import scope
from campanella.usecases.billing import fees
from campanella.usecases.places import deciding, weeks

TOWN, NAME = "carrara", "Centro estivo"
# Places of a week; the first weeks are full, the others are open to whoever asks.
PLACES, FULL, WEEKS = 4, 2, 4
A_FORTNIGHT = timedelta(days=14)
# By the week, in cents: as Savona and Pero ask, with the full price for who declares no ISEE.
PRICES = ((1_400_000, 4500), (None, 8400))


def open_up(*, life: Life, settled: Settled) -> None:
    """Open the weeks as the office would, give the first ones away, and let some families wait."""
    if life.town.slug != TOWN:
        return
    begun, campers = life.moment - timedelta(days=12), _pupils(settled)
    first = _first_monday(life.today)
    if first <= life.today + A_FORTNIGHT:
        return  # in summer nobody asks for its weeks any more
    with clock.standing_at(begun), scope(life.town.id):
        service = _service(settled, first, begun)
        pools = _open(service, first, begun)
        _share(service, first, begun)
        for pool in pools[:FULL]:
            for one in campers[:PLACES]:
                weeks.assign(by=OFFICE, child_id=one.child.pk, pool_id=pool.pk, is_reserved=False, words="", now=begun)
    for number, one in enumerate(campers[PLACES : PLACES + 3]):
        at = life.moment - timedelta(days=8 - number, minutes=23)
        with clock.standing_at(at), scope(life.town.id):
            _ask(pools[: FULL + 1], one, at)
    lately = life.moment - timedelta(hours=20)
    with clock.standing_at(lately), scope(life.town.id):
        deciding.offer_free(by=OFFICE, pool_id=pools[FULL].pk, now=lately)


def _pupils(settled: Settled) -> list[Resident]:
    """Return children of a primary school whose parent has an access, in the order of the register."""
    found = [one for one in settled.residents[3:] if any(use.school.level == "primaria" for use in one.uses)]
    return [one for one in found if one.user][: PLACES + 3]


def _first_monday(today: date) -> date:
    """Return the first Monday of the July of this school year."""
    july = date(year_of(today).end.year, 7, 1)
    return july + timedelta(days=-july.weekday() % 7)


def _service(settled: Settled, first: date, now: datetime) -> Service:
    service = services.register_service(code="centro-estivo", name=NAME, kind="camp", position=len(settled.services))
    last = first + timedelta(weeks=WEEKS)
    for school in schools.schools():
        if school.level == "primaria":
            services.run(service=service, school=school, first=first, end=last)
    services.set_tariff(
        service=service,
        code="centro-estivo",
        name=NAME,
        first=first - timedelta(days=30),
        end=last,
        brackets=[(f"f{i}", "Tariffa ridotta" if isee else "Tariffa intera", isee, 0) for i, (isee, _) in enumerate(PRICES)],
    )
    return service


def _open(service: Service, first: date, now: datetime) -> list[Pool]:
    last = first + timedelta(weeks=WEEKS, days=-3)
    return weeks.open_weeks(by=OFFICE, service=service, first=first, last=last, capacity=PLACES, reserved=0, now=now)


def _share(service: Service, first: date, now: datetime) -> None:
    prices = {bracket.isee_up_to_cents: bracket.pk for bracket in Bracket.objects.filter(tariff__service=service)}
    fee_id = fees.draft(
        by=OFFICE,
        service=service,
        name="Quota settimanale",
        every="week",
        edges="whole",
        level="",
        parts=fee_rules.weekly(first=first, last=first + timedelta(weeks=WEEKS, days=-3)),
        cents={prices[isee]: cents for isee, cents in PRICES},
        reason="Delibera di Giunta",
        now=now,
    )
    fees.confirm(by=OFFICE, fee_id=fee_id, now=now)


def _ask(pools: Sequence[Pool], one: Resident, at: datetime) -> None:
    if one.user:
        ids = [pool.pk for pool in pools]
        weeks.ask(by=one.user, child_id=one.child.pk, pool_ids=ids, received_at=at, now=at)
