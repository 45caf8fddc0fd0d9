"""
Facts told: what happens next is enqueued in the transaction of the fact itself.

An event is a frozen dataclass of ids and plain values. The table of reactions (``usecases/reactions.py``) is installed at
start. Each reaction becomes one job; a rolled-back fact leaves none.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar

from campanella.foundation.core import jobs
from campanella.foundation.core.scope import active_town_id


@dataclass(frozen=True)
class Event:
    """
    A fact in the past tense; fields are ids and plain JSON values, never what a person wrote.

    ``urgency``: what moves money goes first, what writes to many goes last.
    """

    urgency: ClassVar[int] = 0


Reaction = Callable[..., None]
Reactions = Mapping[type[Event], Sequence[Reaction]]

# Reactions are named by their path below here, so that a job queued before a start finds its function after it.
ROOM = "campanella.usecases."


@dataclass(frozen=True)
class _Table:
    """Reactions by event and name, and what they were called in the release before."""

    reactions: Mapping[str, Mapping[str, Reaction]]
    former: Mapping[str, Reaction]


_installed = _Table({}, {})


def install(reactions: Reactions, *, former: Mapping[str, Reaction] | None = None) -> None:
    """
    Install the one table of reactions: event → functions, each called with the event's fields by name.

    :param former: what reactions were called in the release before, for the jobs that it left in the queue
    :raises ValueError: two reactions to an event, or two events, of one name: the second would hide the first
    """
    global _installed
    table: dict[str, Mapping[str, Reaction]] = {}
    for event, functions in reactions.items():
        names = [name_of(function) for function in functions]
        if event.__name__ in table or len(set(names)) < len(names):
            raise ValueError(f"{event.__name__}: two of one name among {', '.join(names)}")
        table[event.__name__] = dict(zip(names, functions, strict=True))
    _installed = _Table(table, former or {})


@contextmanager
def instead(reactions: Reactions, *, former: Mapping[str, Reaction] | None = None) -> Iterator[None]:
    """Let another table of reactions hold for a while, an empty one too; the one that is there comes back."""
    global _installed
    before = _installed
    try:
        install(reactions, former=former)
        yield
    finally:
        _installed = before


def publish(event: Event) -> None:
    """Tell a fact: enqueue every reaction, in this transaction."""
    publish_all([event])


def publish_all(events: Sequence[Event]) -> None:
    """Tell many facts of one kind: enqueue every reaction to each of them, in this transaction and in one statement."""
    if not events:
        return
    name, town = type(events[0]).__name__, active_town_id()
    told = [
        {"event": name, "reaction": reaction, "fields": dict(vars(event))}
        for event in events
        for reaction in _installed.reactions.get(name, {})
    ]
    jobs.enqueue_all("react", town=town, urgency=events[0].urgency, arguments=told)


def react(*, event: str, reaction: str, fields: dict[str, Any]) -> None:
    """Run one reaction; called by the worker inside the event's town."""
    known = _installed.reactions.get(event, {}).get(reaction) or _installed.former[reaction]
    known(**fields)


def name_of(function: Reaction) -> str:
    """Return the name under which a reaction is queued."""
    return f"{function.__module__.removeprefix(ROOM)}.{function.__name__}"
