"""
What is held before it is counted: pools in the order of their numbers, then a place of theirs.

Two who want the last place wait for each other at the pool's row.
"""

from collections.abc import Collection

from campanella.domains.places.models import Place, Pool
from campanella.domains.services.models import Service
from campanella.foundation.core.errors import NotFound


def hold_service(*, service_id: int) -> None:
    """Hold a service whose pools are being opened: two who open the same ones wait for each other here."""
    Service.objects.select_for_update(no_key=True).get(pk=service_id)


def hold_pool(*, pool_id: int) -> Pool:
    """
    Hold a pool, so that its places are counted once.

    :raises NotFound: the town has none
    """
    rows = Pool.objects.select_for_update(no_key=True, of=("self",)).select_related("service")
    found = rows.filter(pk=pool_id).first()
    if found is None:
        raise NotFound
    return found


def hold_pools(*, pool_ids: Collection[int]) -> list[Pool]:
    """Hold several pools, always in the order of their ids, and return them as they are then."""
    return list(Pool.objects.select_for_update(no_key=True).filter(pk__in=list(pool_ids)).order_by("pk"))


def hold(*, place_id: int) -> Place:
    """
    Hold a place; its pool is held before.

    :raises NotFound: the town has none
    """
    rows = Place.objects.select_for_update(no_key=True, of=("self",)).select_related(
        "pool__service", "child", "bracket__tariff__service"
    )
    found = rows.filter(pk=place_id).first()
    if found is None:
        raise NotFound
    return found
