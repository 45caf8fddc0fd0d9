"""The office writes the steps of its reminders, and stops those of a household."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any

from campanella.domains.accounts.models import User
from campanella.domains.arrears import operations, queries
from campanella.domains.arrears.choices import ArrearsChoices
from campanella.domains.arrears.models import Stop
from campanella.domains.arrears.rules import ladder as rules
from campanella.domains.arrears.rules.ladder import Ladder, Step
from campanella.domains.people import queries as people
from campanella.foundation.core import clock
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.scope import use_case
from campanella.foundation.tenants.queries import active_town


class BadLadder(Refusal):
    """The steps cannot be; each fault is a sentence of its own."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__(" ".join(faults))
        self.faults = list(faults)


class BeginsBefore(Refusal):
    """A ladder would change what was sent."""

    message = "I passi nuovi valgono da oggi in poi: scegli un giorno da oggi."


class ReasonMissing(Refusal):
    """Nobody stops reminders without saying why."""

    message = "Scrivi il motivo: lo legge solo l’ufficio, e resta scritto chi lo apre."


class StopTooLong(Refusal):
    """A stop ends, so that somebody looks again."""

    message = "Scegli un ultimo giorno da oggi a due anni: poi qualcuno guarda di nuovo."


MOST_STOP_DAYS = 731


@use_case
def set_ladder(*, by: Actor, first: date, steps: Sequence[Step], reason: str, now: datetime) -> Ladder:
    """
    Write the steps that hold from a day on; reminders that were sent stay as they are.

    :param steps: in their order; their places are counted anew
    :raises BadLadder: a step is none, or out of its limits
    :raises BeginsBefore: the day is over
    """
    if first < clock.day_of(now):
        raise BeginsBefore
    numbered = [replace(step, place=place) for place, step in enumerate(steps, start=1)]
    faults = rules.faults(numbered, least=active_town().chosen(ArrearsChoices).arrears_least)
    if faults:
        raise BadLadder(faults)
    operations.set_ladder(by=by, first=first, steps=numbered, reason=reason.strip(), now=now)
    return queries.ladder(day=first)


def as_json(ladder: Ladder) -> str:
    """Write a ladder as a file that ``steps_of`` reads again."""
    steps = [{name: value for name, value in asdict(step).items() if name != "place"} for step in ladder.steps]
    return json.dumps({"first": ladder.first.isoformat(), "steps": steps}, ensure_ascii=False, indent=1)


def steps_of(text: str) -> tuple[date, list[Step]]:
    """
    Read a ladder from a file.

    :raises BadLadder: it is no such file, or lacks something
    """
    try:
        whole = json.loads(text)
        first = date.fromisoformat(whole["first"])
        steps = [_step(place, one) for place, one in enumerate(whole["steps"], start=1)]
    except (ValueError, KeyError, TypeError, OverflowError) as fault:
        raise BadLadder([f"Questo file non contiene i passi dei solleciti: {fault}."]) from fault
    return first, steps


def _step(place: int, one: Mapping[str, Any]) -> Step:
    channel = next((known for known in rules.CHANNELS if known == one["channel"]), None)
    if channel is None:
        raise ValueError(f"channel {one['channel']}")
    numbers = {name: int(one[name]) for name in ("threshold", "after_days", "wait_days", "pay_days", "cost")}
    points = one.get("interest")
    return Step(
        place=place,
        name=str(one["name"])[:60],
        channel=channel,
        text=str(one["text"]),
        interest=None if points is None else int(points),
        **numbers,
    )


@use_case
def stop(*, by: Actor, payer_id: int, until: date, reason: str, now: datetime) -> Stop:
    """
    Stop the reminders to a household from today until a day, included.

    :param reason: read by the office alone, behind its own door
    :raises ReasonMissing: without a reason
    :raises StopTooLong: for no day, or for more than two years
    :raises NotFound: the town has no such adult
    """
    payer, today = people.guardian(guardian_id=payer_id), clock.day_of(now)
    if not reason.strip():
        raise ReasonMissing
    if not today <= until or (until - today).days > MOST_STOP_DAYS:
        raise StopTooLong
    return operations.stop(by=by, payer_id=payer.pk, first=today, until=until, reason=reason.strip(), now=now)


@use_case
def end_stop(*, by: Actor, stop_id: int, now: datetime) -> Stop:
    """
    Let reminders to a household go on before the stop is over.

    :raises NotFound: the town has no such stop
    """
    return operations.end_stop(by=by, stop_id=stop_id, now=now)


@use_case
def open_reason(*, by: User, stop_id: int, now: datetime) -> tuple[Stop, str]:
    """
    Open why reminders are stopped; who did is written down.

    :raises NotFound: the town has no such stop
    """
    return operations.read_reason(by=by, stop_id=stop_id, now=now)
