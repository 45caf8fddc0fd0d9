"""
The active town: which municipality the code is working for.

A scope is a town and a transaction. Inside it PostgreSQL knows the town too (``app.town``, for this transaction only) and
row-level security shows only its rows. Without a scope every query on a town's table raises.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps
from typing import NamedTuple, ParamSpec, TypeVar

from django.db import connection, transaction

P = ParamSpec("P")
R = TypeVar("R")


class NoActiveTown(RuntimeError):
    """A town's data was asked for without saying which town."""


class AnotherTownIsActive(RuntimeError):
    """A second town was opened inside the first."""


class _Active(NamedTuple):
    town_id: int
    in_transaction: bool


@dataclass
class Held:
    """
    The rows that a transaction holds under lock; whoever takes a lock writes it down here.

    :ivar is_use_case: one intention: what it locks it locks once, in order, so that no two of them wait for each other
    :ivar ids: by kind of row; sets are replaced, never changed, so that a savepoint that is rolled back is forgotten
    """

    is_use_case: bool = False
    ids: dict[str, frozenset[int]] = field(default_factory=dict)


_active: ContextVar[_Active | None] = ContextVar("active_town", default=None)
_held: ContextVar[Held | None] = ContextVar("held_rows", default=None)


def held() -> Held:
    """
    Return what the present transaction holds.

    :raises NoActiveTown: outside any transaction, where nothing can be held
    """
    found = _held.get()
    if found is None:
        raise NoActiveTown("Open a scope: outside a transaction nothing is held.")
    return found


def active_town_id() -> int:
    """
    Return the id of the active town.

    :raises NoActiveTown: outside any scope
    """
    active = _active.get()
    if active is None:
        raise NoActiveTown("Open a scope: a query without a town is not allowed.")
    return active.town_id


def active_town_id_or_none() -> int | None:
    """Return the id of the active town, for logs."""
    active = _active.get()
    return active.town_id if active else None


def town_of_transaction() -> int | None:
    """Return the town for which a transaction begins, None where none is said."""
    active = _active.get()
    return active.town_id if active and active.in_transaction else None


@contextmanager
def naming(town_id: int) -> Iterator[None]:
    """
    Name the town without a transaction: for work that calls outside parties.

    Each use case inside opens its own short transaction; between them no connection is held.
    """
    with _set(_Active(town_id, in_transaction=False)):
        yield


@contextmanager
def scope(town_id: int) -> Iterator[None]:
    """
    Work for one town in one transaction.

    :raises AnotherTownIsActive: inside the scope of another town
    """
    active = _active.get()
    if active and active.town_id != town_id:
        raise AnotherTownIsActive(f"Town {active.town_id} is active, {town_id} was asked for.")
    if active and active.in_transaction:
        yield
        return
    with _set(_Active(town_id, in_transaction=True)), _holding(Held()), transaction.atomic():
        # A transaction of our own has told the town as it began (``config/engine``). One that goes on around us (a test's)
        # must be told, and must not keep our town; a rollback restores it by itself.
        is_inner = len(connection.atomic_blocks) > 1
        if is_inner:
            _tell_postgres(str(town_id))
        yield
        if is_inner:
            _tell_postgres("")


def let_go() -> None:
    """Give the connection back before an outside party is called; whoever needs one afterwards takes one."""
    if not connection.in_atomic_block:
        connection.close()


def use_case(function: Callable[P, R]) -> Callable[P, R]:
    """Make one intention of a person all or nothing: its own transaction, or a savepoint of the one around it."""

    @wraps(function)
    def inner(*args: P.args, **kwargs: P.kwargs) -> R:
        active = _active.get()
        if active and active.in_transaction:
            with _savepoint(), transaction.atomic():
                return function(*args, **kwargs)
        with scope(active_town_id()), _holding(Held(is_use_case=True)):
            return function(*args, **kwargs)

    return inner


def operation(function: Callable[P, R]) -> Callable[P, R]:
    """Mark a write of one domain: it joins the transaction around it, and opens one when there is none."""

    @wraps(function)
    def inner(*args: P.args, **kwargs: P.kwargs) -> R:
        with scope(active_town_id()):
            return function(*args, **kwargs)

    return inner


@contextmanager
def _savepoint() -> Iterator[None]:
    """Hold on with the use case around; its locks go with a savepoint that is rolled back, so what it noted goes too."""
    around = held()
    if not around.is_use_case:
        with _holding(Held(is_use_case=True)):
            yield
        return
    before = around.ids
    try:
        yield
    except BaseException:
        around.ids = before
        raise


@contextmanager
def _holding(rows: Held) -> Iterator[None]:
    token = _held.set(rows)
    try:
        yield
    finally:
        _held.reset(token)


@contextmanager
def _set(active: _Active) -> Iterator[None]:
    token = _active.set(active)
    try:
        yield
    finally:
        _active.reset(token)


def _tell_postgres(town: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select set_config('app.town', %s, true)", [town])
