"""
A week that a family books day by day: what it has changed on its page, some days wanted, others not, in one act.

Only what differs from the page as it was shown is asked for, so that two parents do not undo each other; each day is judged
by the moment of receipt, like any request, and one that came too late is on record with its number.
"""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID, uuid5

from campanella.domains.attendance import asked, wishing
from campanella.domains.attendance.answers import Answer
from campanella.domains.attendance.asked import Line
from campanella.domains.attendance.judging import Arrival
from campanella.domains.attendance.rules import Action
from campanella.domains.ledger import holding
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.scope import use_case
from campanella.usecases import wishes

KINDS: tuple[tuple[Action, bool], ...] = (("book", True), ("cancel", False))


@use_case
def ask(*, by: Actor, line: Line, wanted: Mapping[date, bool], key: UUID, arrival: Arrival, now: datetime) -> list[Answer]:
    """
    Ask for the days of a child's week that were changed: a request for those booked, another for those cancelled.

    :param wanted: by day that was changed, whether the child comes
    :param key: of the form; what the same page asks after some of it was done is another request
    :returns: an answer for each kind that was asked, days that are too late included
    :raises NotFound: the child is not this user's
    :raises NothingToAsk: nothing was changed, or the child uses the service on none of these days
    """
    # Both kinds are held at once: two children of a class that change its days crosswise would wait for each other.
    holding.hold_children(child_ids=[line[0]])
    wishing.change_classes(days=asked.days_of(lines=[line], days=sorted(wanted)))
    answers, nothing = [], wishes.NothingToAsk()
    for action, is_wanted in KINDS:
        days = sorted(day for day, one in wanted.items() if one == is_wanted)
        if not days:
            continue
        own = uuid5(key, f"{action} {line} {' '.join(map(str, days))}")
        try:
            answers.append(wishes.ask(by=by, lines=[line], days=days, action=action, key=own, arrival=arrival, now=now))
        except wishes.NothingToAsk as refused:
            # The other kind may have days that are served.
            nothing = refused
            continue
    if not answers:
        raise nothing
    return answers
