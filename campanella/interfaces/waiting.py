"""
Questions that wait for their answer: an open page asks once, and hears when there is something to hear.

A view leaves what was asked with the server that can keep it (``config/keeping.py``). Every half second the server asks here
for all of a town's questions at once: who of their askers is signed in as before, and who is to be told something. Nobody
hears anything whose session, person or roles are other than when the door let them in: such a question is asked at the door
again, as if it had just come.
"""

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from campanella.domains.accounts import signing
from campanella.foundation.core.scope import scope
from campanella.interfaces.doors import PersonRequest

# Where a server that can keep questions says so, and where a view leaves one; no header of a client's is called so.
MAY_WAIT, LEFT = "campanella.may_wait", "campanella.question"


class Again(Enum):
    """What is answered by the page itself, and not from here."""

    AGAIN = 0


Outcome = bytes | Again | None


@dataclass(frozen=True)
class Question:
    """
    What somebody asked whom a door has let in.

    :ivar person: the session and whose it is, as they were read at the door
    :ivar topic: what is asked, the same for everybody who is told the same
    :ivar answers: given topics, each with what its page shows, returns in the same order what to send, None for nothing yet
    """

    town_id: int
    session_key: str
    person: tuple[Any, ...]
    topic: Hashable
    answers: "Callable[[Sequence[tuple[Any, str]]], list[Outcome]]"


def leave(request: PersonRequest, topic: Hashable, answers: "Callable[[Sequence[tuple[Any, str]]], list[Outcome]]") -> None:
    """Leave a question with the server, where it keeps any."""
    person = signing.read_at_the_door(request)
    if may_wait(request) and person and request.session.session_key:
        request.META[LEFT] = Question(request.town.id, request.session.session_key, person, topic, answers)


def may_wait(request: PersonRequest) -> bool:
    """Tell whether whoever has taken the request keeps questions."""
    return bool(request.META.get(MAY_WAIT))


def outcomes(asked: Sequence[tuple[Question, str]]) -> list[Outcome]:
    """Return what each is told: one query for all the sessions of a town, and what its topics take."""
    found: dict[int, Outcome] = {}
    for town_id in {question.town_id for question, _ in asked}:
        ours = {n: one for n, one in enumerate(asked) if one[0].town_id == town_id}
        with scope(town_id):
            there = signing.read_again({question.session_key for question, _ in ours.values()})
            known = {n: one for n, one in ours.items() if there.get(one[0].session_key) == one[0].person}
            for answers in {question.answers for question, _ in known.values()}:
                these = [n for n, (question, _) in known.items() if question.answers == answers]
                found |= zip(these, answers([(known[n][0].topic, known[n][1]) for n in these]), strict=True)
    return [found.get(n, Again.AGAIN) for n in range(len(asked))]
