"""Two acts on one child at the same moment, in the order that a lock gives them."""

import threading
from collections.abc import Callable
from typing import Any

from django.db import connections

from campanella.domains.ledger import holding
from campanella.foundation.core import clock, sql
from campanella.foundation.core.scope import scope
from tests.towns import Cast

Act = Callable[[], Any]

_WAITING = """
select count(distinct l.pid) from pg_locks l join pg_stat_activity a on a.pid = l.pid
 where not l.granted and a.datname = current_database()
"""


def in_turn(town: Cast, first: Act, second: Act, *, held: Act | None = None) -> tuple[Any, Any]:
    """
    Hold what both need, start the first act, then the second, each once the other waits or is done; then let go.

    Who waits at a row is served in order, so both have begun before either can write. An act that has read before it waits
    then writes what is no longer true: that is what these races look for.

    :param held: what to hold meanwhile; without it Luca's wallets
    :returns: what each returned or raised
    """
    moment = clock.now()
    results: list[Any] = [None, None]

    def run(number: int, act: Act) -> None:
        with clock.standing_at(moment):
            try:
                with scope(town.town.id):
                    results[number] = act()
            except Exception as error:
                results[number] = error
            finally:
                connections["default"].close()

    threads = [threading.Thread(target=run, args=(number, act)) for number, act in enumerate((first, second))]
    with scope(town.town.id):
        if held:
            held()
        else:
            holding.hold_children(child_ids=[town.child("Luca").pk])
        for thread in threads:
            thread.start()
            while _waiting() < sum(one.is_alive() for one in threads):
                thread.join(0.005)
    for thread in threads:
        thread.join()
    return results[0], results[1]


def beside(town: Cast, act: Act) -> Act:
    """
    Start another act in the middle of one, and go on once it waits for a lock or is done.

    :returns: call it after the first act has ended: what the other returned or raised
    """
    moment = clock.now()
    results: list[Any] = []

    def run() -> None:
        with clock.standing_at(moment):
            try:
                with scope(town.town.id):
                    results.append(act())
            except Exception as error:
                results.append(error)
            finally:
                connections["default"].close()

    thread = threading.Thread(target=run)
    thread.start()
    while thread.is_alive() and not _waiting():
        thread.join(0.005)

    def ended() -> Any:
        thread.join()
        return results[0]

    return ended


def meeting(town: Cast, place: Any, name: str, act: Act, monkeypatch: Any) -> Callable[[], Any]:
    """
    Let another act begin as soon as one has called a function for the first time: it has read, and not yet written.

    :returns: as ``beside``
    """
    real, ends = getattr(place, name), []

    def slowly(*args: Any, **said: Any) -> Any:
        found = real(*args, **said)
        if not ends:
            ends.append(None)
            ends[0] = beside(town, act)
        return found

    monkeypatch.setattr(place, name, slowly)
    return lambda: ends[0]()


def _waiting() -> int:
    # Who is connected is remembered for the length of a transaction, unless one asks anew.
    sql.run("select pg_stat_clear_snapshot()")
    (count,) = sql.row(_WAITING, []) or (0,)
    return int(count)
