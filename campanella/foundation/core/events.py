"""
Facts told: what happens next is enqueued in the transaction of the fact itself.

An event is a frozen dataclass of ids and plain values. The table of reactions (``usecases/reactions.py``) is installed at
start. Each reaction becomes one job; a rolled-back fact leaves none.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from campanella.foundation.core import jobs
from campanella.foundation.core.scope import active_town_id


@dataclass(frozen=True)
class Event:
    """A fact in the past tense; fields are ids and plain JSON values."""


Reaction = Callable[..., None]
Reactions = Mapping[type[Event], Sequence[Reaction]]

_reactions: dict[str, dict[str, Reaction]] = {}


def install(reactions: Reactions) -> None:
    """Install the one table of reactions: event → functions, each called with the event's fields by name."""
    _reactions.clear()
    for event, functions in reactions.items():
        _reactions[event.__name__] = {_name(function): function for function in functions}


def publish(event: Event) -> None:
    """Tell a fact: enqueue every reaction, in this transaction."""
    name = type(event).__name__
    for reaction in _reactions.get(name, {}):
        jobs.enqueue("react", town=active_town_id(), event=name, reaction=reaction, fields=asdict(event))


def react(*, event: str, reaction: str, fields: dict[str, Any]) -> None:
    """Run one reaction; called by the worker inside the event's town."""
    _reactions[event][reaction](**fields)


def _name(function: Reaction) -> str:
    return f"{function.__module__.rpartition('.')[2]}.{function.__name__}"
