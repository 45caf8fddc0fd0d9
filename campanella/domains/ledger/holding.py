"""
Wallets: opening them, and holding them.

One rule for locks: **a child's wallets are held first, once, before its presences, its subscriptions, its place or its
prices are read, by whoever writes any of them.** Two acts on one child then come one after the other, and neither writes
what the other has made untrue. One use case holds all it needs in one go, ordered by id, so that no two of them wait for
each other; what is held is known (``core.scope.held``), so that a charge decided without it is refused.

A tap before the confirmation holds nothing: it charges nobody, and the confirmation counts it under the roll-call's lock.
"""

from collections.abc import Iterable, Sequence

from campanella.domains.ledger import statements
from campanella.domains.ledger.models import Account, Wallet
from campanella.domains.people.models import Child
from campanella.foundation.core import sql
from campanella.foundation.core.scope import active_town_id, held, operation

WALLETS, CHILDREN = "wallets", "children"


class NotHeld(RuntimeError):
    """A fault of the program: what a child is charged was decided, or is being written, without its wallets' lock."""

    def __init__(self) -> None:
        super().__init__("Hold the wallets at the beginning of the use case, before anything that decides a charge is read.")


class HeldBefore(RuntimeError):
    """A fault of the program: one use case locks wallets twice, so not in order."""

    def __init__(self) -> None:
        super().__init__("Hold all the wallets of a use case in one go: two of them could wait for each other for ever.")


@operation
def open_wallet(*, child: Child, service_id: int | None) -> Wallet:
    """Return the wallet of a child for a service (None for all of them together), opening it the first time."""
    mine = Wallet.objects.filter(child=child)
    found = (mine.filter(service=None) if service_id is None else mine.filter(service_id=service_id)).first()
    if found:
        return found
    code = f"{child.pk}:{service_id or ''}"
    opened = Account.objects.get_or_create(kind="wallet", code=code)[0]
    # Two at once may both find none: the second meets the unique key and takes the first one's wallet.
    return Wallet.objects.get_or_create(account=opened, defaults={"child": child, "service_id": service_id})[0]


@operation
def open_wallets(*, owners: Sequence[tuple[int, int | None]]) -> dict[tuple[int, int | None], int]:
    """
    Open many wallets at once; one that is open already is found again.

    :param owners: (child, service), service None for all of them together
    :returns: the wallet by (child, service)
    """
    values: sql.Values = {
        "town": active_town_id(), "children": [child_id for child_id, _ in owners],
        "services": [service_id for _, service_id in owners],
    }  # fmt: skip
    sql.run(statements.OPEN_ACCOUNTS, values)
    sql.run(statements.OPEN_WALLETS, values)
    found = {(child_id, service_id): pk for child_id, service_id, pk in sql.rows(statements.WALLETS, values)}
    under_lock = _ids(CHILDREN)
    _hold_new(pk for (child_id, _), pk in found.items() if child_id in under_lock)
    return found


@operation
def hold_wallets(*, wallet_ids: Sequence[int]) -> None:
    """
    Lock wallets until the end of the transaction, always in the order of their ids; those held already cost nothing.

    :raises HeldBefore: the use case holds others already
    """
    missing = sorted(set(wallet_ids) - _ids(WALLETS))
    if missing:
        _once()
        sql.run(statements.HOLD, {"town": active_town_id(), "wallets": missing})
        _note(WALLETS, missing)


@operation
def hold_children(*, child_ids: Sequence[int]) -> None:
    """
    Hold every wallet of these children: one statement, none when they are held, three where one has no wallet yet.

    Children registered by the use case itself may join those it holds: nobody else knows them.

    :raises HeldBefore: the use case holds others already
    """
    missing = sorted(set(child_ids) - _ids(CHILDREN))
    if not missing:
        return
    rows = sql.rows(statements.HOLD_CHILDREN, {"town": active_town_id(), "children": missing})
    without = sorted(set(missing) - {child_id for _, child_id, _ in rows})
    if without:
        # Whoever opens their first wallet does it under this lock, so what was opened meanwhile is found.
        values: sql.Values = {"town": active_town_id(), "children": without}
        sql.run(statements.HOLD_PEOPLE, values)
        rows += sql.rows(statements.HOLD_CHILDREN, values)
    if rows:
        _once()
    _note(WALLETS, (wallet_id for wallet_id, _, _ in rows))
    _note(CHILDREN, missing)


@operation
def hold_payers(*, child_ids: Sequence[int], service_id: int) -> dict[int, int]:
    """
    Hold the wallets that pay a service for these children; who has none gets one. One statement, four for new wallets.

    :returns: by child the wallet that pays: its own of the service, else the common one
    :raises HeldBefore: the use case holds others already
    """
    values: sql.Values = {"town": active_town_id(), "children": list(child_ids), "service": service_id}
    if are_held(child_ids=child_ids, service_id=service_id):
        payers = _payers(sql.rows(statements.PAYERS, values))
    else:
        _once()
        payers = _noted(sql.rows(statements.HOLD_PAYERS, values), service_id)
        _note(f"{CHILDREN} of {service_id}", child_ids)
    without = [child_id for child_id in child_ids if child_id not in payers]
    return payers | _opened(without, service_id) if without else payers


@operation
def hold_payers_among(*, children: str, values: dict[str, object], service_id: int) -> dict[int, int]:
    """
    Hold the wallets that pay a service for the children that a question finds: one statement, whatever their number.

    :param children: the question in SQL, by the domain that asks
    :returns: by child the wallet that pays; a child without one is missing
    :raises HeldBefore: the use case holds others already
    """
    _once()
    statement = statements.HOLD_PAYERS.replace("any(%(children)s)", f"any(array({children}))")
    return _noted(sql.rows(statement, {**values, "town": active_town_id(), "service": service_id}), service_id)


@operation
def open_payers(*, child_ids: Sequence[int], service_id: int) -> dict[int, int]:
    """
    Open the wallets of children whom nobody's wallet pays a service for, and hold them; one opened by others is left out.

    :returns: by child the wallet opened
    """
    values: sql.Values = {"town": active_town_id(), "children": list(child_ids), "service": service_id}
    known = _payers(sql.rows(statements.PAYERS, values))
    without = [child_id for child_id in child_ids if child_id not in known]
    return _opened(without, service_id) if without else {}


def _opened(child_ids: Sequence[int], service_id: int) -> dict[int, int]:
    made = open_wallets(owners=[(child_id, service_id) for child_id in child_ids])
    _hold_new(made.values())
    _note(f"{CHILDREN} of {service_id}", child_ids)
    return {child_id: wallet_id for (child_id, _), wallet_id in made.items()}


def _noted(rows: Sequence[tuple[int, int, int | None]], service_id: int) -> dict[int, int]:
    payers = _payers(rows)
    _note(WALLETS, (wallet_id for wallet_id, _, _ in rows))
    _note(f"{CHILDREN} of {service_id}", payers)
    return payers


def _payers(rows: Sequence[tuple[int, int, int | None]]) -> dict[int, int]:
    """Return by child the wallet that pays: the common one, unless the service has its own."""
    payers = {child_id: wallet_id for wallet_id, child_id, service in rows if service is None}
    return payers | {child_id: wallet_id for wallet_id, child_id, service in rows if service is not None}


def check_held(*, child_ids: Iterable[int], service_id: int) -> None:
    """
    Make sure that what is about to be written of these children is decided under their wallets' lock.

    :raises NotHeld: the program forgot to hold them
    """
    if not are_held(child_ids=child_ids, service_id=service_id):
        raise NotHeld


def are_held(
    *, wallet_ids: Iterable[int] = (), child_ids: Iterable[int] = (), service_id: int | None = None
) -> bool:  # fmt: skip
    """
    Tell whether the transaction holds these wallets, and those of these children.

    :param service_id: only what pays this service, None for every wallet of the children
    """
    children = _ids(CHILDREN) | _ids(f"{CHILDREN} of {service_id}")
    return _ids(WALLETS).issuperset(wallet_ids) and children.issuperset(child_ids)


def _hold_new(wallet_ids: Iterable[int]) -> None:
    """Hold wallets opened for children that are held: they come after every other wallet, so the order is kept."""
    missing = sorted(set(wallet_ids) - _ids(WALLETS))
    if missing:
        sql.run(statements.HOLD, {"town": active_town_id(), "wallets": missing})
        _note(WALLETS, missing)


def _ids(what: str) -> frozenset[int]:
    return held().ids.get(what, frozenset())


def _once() -> None:
    if held().is_use_case and _ids(WALLETS):
        raise HeldBefore


def _note(what: str, ids: Iterable[int]) -> None:
    rows = held()
    rows.ids = {**rows.ids, what: _ids(what).union(ids)}
