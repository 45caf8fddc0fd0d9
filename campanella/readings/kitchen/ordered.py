"""The lines of frozen sheets, which never change: read once by each process."""

from collections import OrderedDict
from threading import Lock

from campanella.domains.cooking import queries as cooking
from campanella.domains.cooking.rules import ClassOrder
from campanella.foundation.core.scope import active_town_id

MOST_SHEETS = 64


def orders_of(*, sheet_ids: list[int]) -> dict[int, list[ClassOrder]]:
    """Return the lines of these sheets: one query, none for those that were read before; the least used make room."""
    town = active_town_id()
    with _lock:
        found = {one: _sheets[town, one] for one in sheet_ids if (town, one) in _sheets}
        for one in found:
            _sheets.move_to_end((town, one))
    missing = [one for one in sheet_ids if one not in found]
    if not missing:
        return found
    fresh = cooking.orders(sheet_ids=missing)
    with _lock:
        _sheets.update({(town, one): orders for one, orders in fresh.items()})
        while len(_sheets) > MOST_SHEETS:
            _sheets.popitem(last=False)
    return {one: fresh[one] if one in fresh else found[one] for one in sheet_ids}


def forget() -> None:
    """Forget everything, as a process that begins."""
    with _lock:
        _sheets.clear()


_lock = Lock()
_sheets: OrderedDict[tuple[int, int], list[ClassOrder]] = OrderedDict()
