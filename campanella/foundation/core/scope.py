"""
The active town: which municipality the code is working for.

A scope is a town and a transaction. Inside it PostgreSQL knows the town too (``app.town``, for this transaction only) and
row-level security shows only its rows. Without a scope every query on a town's table raises.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
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


_active: ContextVar[_Active | None] = ContextVar("active_town", default=None)


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
    with _set(_Active(town_id, in_transaction=True)), transaction.atomic():
        _tell_postgres(str(town_id))
        yield
        # A transaction that goes on around us (a test's) must not keep our town; a rollback restores it by itself.
        if len(connection.atomic_blocks) > 1:
            _tell_postgres("")


def use_case(function: Callable[P, R]) -> Callable[P, R]:
    """Make one intention of a person all or nothing: its own transaction, or a savepoint of the one around it."""

    @wraps(function)
    def inner(*args: P.args, **kwargs: P.kwargs) -> R:
        active = _active.get()
        if active and active.in_transaction:
            with transaction.atomic():
                return function(*args, **kwargs)
        with scope(active_town_id()):
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
def _set(active: _Active) -> Iterator[None]:
    token = _active.set(active)
    try:
        yield
    finally:
        _active.reset(token)


def _tell_postgres(town: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select set_config('app.town', %s, true)", [town])
