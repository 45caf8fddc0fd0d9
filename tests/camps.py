"""Camps in tests: a camp whose weeks are open, with a weekly share."""

from datetime import date
from typing import Any

from campanella.domains.billing import fee_rules
from campanella.domains.places.queries import Place, Pool
from campanella.domains.services import operations as services
from campanella.domains.services.models import Bracket, Service
from campanella.foundation.core import clock
from campanella.usecases.billing import fees
from campanella.usecases.places import deciding, weeks
from tests.applying import opened, sent
from tests.towns import OFFICE, Cast, Family

FIRST, LAST = date(2027, 6, 28), date(2027, 7, 16)
CENTS = 8000


def camp(cast: Cast, *, capacity: int | None = 1, reserved: int = 0) -> list[Pool]:
    """Open three weeks of a camp at the cast's school, at 80 € a week."""
    service = services.register_service(code="centro", name="Centro estivo", kind="camp", position=9)
    services.run(service=service, school=cast.school, first=FIRST, end=date(2027, 7, 17))
    services.set_tariff(
        service=service,
        code="centro-27",
        name="Centro estivo 2027",
        first=date(2027, 6, 1),
        end=date(2027, 9, 1),
        brackets=[("full", "Intera", None, 0)],
    )
    cast.services["centro"] = service
    return weeks.open_weeks(
        by=OFFICE, service=service, first=FIRST, last=LAST, capacity=capacity, reserved=reserved, now=clock.now()
    )


def share(service: Service) -> int:
    """Let every week cost its share."""
    bracket = Bracket.objects.get(tariff__service=service)
    fee_id = fees.draft(
        by=OFFICE,
        service=service,
        name="Quota settimanale",
        every="week",
        edges="whole",
        level="",
        parts=fee_rules.weekly(first=FIRST, last=LAST),
        cents={bracket.pk: CENTS},
        reason="",
        now=clock.now(),
    )
    return fees.confirm(by=OFFICE, fee_id=fee_id, now=clock.now())


def ask(cast: Cast, pools: list[Pool], child: str, family: Family | None = None) -> list[Place]:
    """Let a family ask for weeks."""
    by = (family or cast.families["rossi"]).user
    ids, now = [one.pk for one in pools], clock.now()
    return weeks.ask(by=by, child_id=cast.child(child).pk, pool_ids=ids, received_at=now, now=now)


def assign(cast: Cast, pool: Pool, child: str, **more: Any) -> Place:
    """Let the office give a child a week."""
    values: dict[str, Any] = {"is_reserved": False, "words": "", "now": clock.now(), **more}
    return weeks.assign(by=OFFICE, child_id=cast.child(child).pk, pool_id=pool.pk, **values)


def camp_weeks(cast: Cast) -> dict[str, int]:
    """Open three weeks: the first is full, and a child waits for it; the second is offered to it; another has applied."""
    full, offered, empty = camp(cast)
    assign(cast, full, "Greta")
    ask(cast, [full], "Luca")
    (place,) = ask(cast, [offered], "Luca")
    deciding.offer_free(by=OFFICE, pool_id=offered.pk, now=clock.now())
    call = opened(cast, "centro", begins_on=FIRST)
    one = sent(cast, call, cast.families["rossi"], "Anna", weeks=[full.pk, empty.pk])
    found = {"full": full.pk, "empty": empty.pk, "offered": offered.pk, "place": place.pk}
    return found | {"application": one.pk}
