"""The lines of frozen sheets, which never change: read once by each process."""

from collections import OrderedDict

from campanella.domains.cooking import queries as cooking
from campanella.domains.cooking.rules import Order
from campanella.foundation.core.scope import active_town_id

MOST_SHEETS = 64


def orders_of(*, sheet_ids: list[int]) -> dict[int, list[Order]]:
    """Return the lines of these sheets: one query, none for those that were read before."""
    town = active_town_id()
    missing = [one for one in sheet_ids if (town, one) not in _sheets]
    fresh = cooking.orders(sheet_ids=missing) if missing else {}
    found = {one: fresh[one] if one in fresh else _sheets[town, one] for one in sheet_ids}
    _sheets.update({(town, one): orders for one, orders in fresh.items()})
    while len(_sheets) > MOST_SHEETS:
        _sheets.popitem(last=False)
    return found


def forget() -> None:
    """Forget everything, as a process that begins."""
    _sheets.clear()


_sheets: OrderedDict[tuple[int, int], list[Order]] = OrderedDict()
