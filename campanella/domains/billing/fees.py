"""The town's fees are written down, confirmed and withdrawn, and so is what each child owes of them."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from campanella.domains.billing import fee_statements
from campanella.domains.billing.fee_reckoning import Owed
from campanella.domains.billing.fee_rules import Edges, Every, Part
from campanella.domains.billing.models import Fee, FeePrice, Instalment
from campanella.foundation.core import audit, sql
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.scope import active_town_id, operation

audit.sentences(
    {
        "fee.drafted": "ha preparato la quota «{name}» di {service}",
        "fee.confirmed": "ha confermato la quota «{name}» di {service}",
        "fee.withdrawn": "ha ritirato la quota «{name}» di {service}",
        "fee.charged": "ha addebitato la quota «{name}» di {part} a {children}, {total} in tutto",
    }
)


@operation
def write_dues(*, service_id: int, owed: Sequence[Owed]) -> dict[tuple[int, int, int], int]:
    """
    Write what is owed now, what is owed no more first: of two fees for the same days one has gone before the other comes.

    :returns: the row by (child, fee, instalment)
    """
    found: dict[tuple[int, int, int], int] = {}
    for some in ([one for one in owed if not one.cents], [one for one in owed if one.cents]):
        values = {
            "town": active_town_id(),
            "service": service_id,
            "children": [one.child_id for one in some],
            "fees": [one.plan.id for one in some],
            "everys": [one.plan.every for one in some],
            "numbers": [one.part.number for one in some],
            "firsts": [one.part.first for one in some],
            "lasts": [one.part.last for one in some],
            "cents": [one.cents for one in some],
        }
        found |= {(child, fee, number): pk for child, fee, number, pk in sql.rows(fee_statements.WRITE_DUES, values)}
    return found


@operation
def follow(*, instead: Mapping[int, int]) -> None:
    """
    Let fees that stand ask of a price what they ask of the one whose place it takes.

    :param instead: the new price by the former one
    """
    rows = FeePrice.objects.filter(bracket_id__in=list(instead), fee__withdrawn_at=None)
    FeePrice.objects.bulk_create(
        FeePrice(fee_id=row.fee_id, bracket_id=instead[row.bracket_id], cents=row.cents) for row in rows
    )


@operation
def draft(
    *,
    by: Actor,
    service_id: int,
    name: str,
    every: Every,
    edges: Edges,
    level: str,
    parts: Sequence[Part],
    cents: Mapping[int, int],
    reason: str,
    now: datetime,
) -> int:
    """
    Write a fee down; it charges nobody yet.

    :param cents: what it asks, by price of the service
    """
    fee = Fee.objects.create(
        service_id=service_id,
        name=name,
        every=every,
        edges=edges,
        level=level,
        made_at=now,
        made_by_id=by.actor_id,
        reason=reason[:200],
    )
    FeePrice.objects.bulk_create(FeePrice(fee=fee, bracket_id=pk, cents=price) for pk, price in cents.items() if price)
    Instalment.objects.bulk_create(
        Instalment(fee=fee, number=part.number, first=part.first, last=part.last, charged_on=part.charged_on)
        for part in parts
    )
    return fee.pk


@operation
def hold(*, fee_id: int) -> Fee:
    """
    Hold a fee until the end of the transaction.

    :raises NotFound: the town has none of this id
    """
    rows = Fee.objects.select_for_update(no_key=True, of=("self",)).filter(pk=fee_id).select_related("service")
    found = rows.first()
    if found is None:
        raise NotFound
    return found


@operation
def confirm(*, by: Actor, fee: Fee, now: datetime) -> None:
    """Let a fee that is held charge from now on."""
    fee.confirmed_at, fee.confirmed_by_id = now, by.actor_id
    fee.save(update_fields=["confirmed_at", "confirmed_by_id"])


@operation
def withdraw(*, fee: Fee, now: datetime) -> None:
    """Let a fee that is held ask for nothing any more."""
    fee.withdrawn_at = now
    fee.save(update_fields=["withdrawn_at"])
