"""What two people decide: whoever had a hand in it cannot be the second, by no other access and no other role."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from campanella.foundation.core import audit
from campanella.foundation.core.errors import Refusal

# Whoever made, opened, changed or gave a password to an access within this time may still hold it.
OWN_HANDS = timedelta(days=30)
IN_ONES_HANDS = (
    "user.created",
    "user.password_given",
    "user.changed",
    "user.contacts_changed",
    "user.opened",
    "access.letter",
)


class SamePerson(Refusal):
    """Whoever asked for the change cannot confirm it."""

    message = "L’hai chiesto tu: lo conferma un collega dell’ufficio, dal suo accesso."


class InOneHand(Refusal):
    """The access that asked and the one that would confirm may lately have been in the same hands."""

    message = (
        "Il tuo accesso e quello di chi ha chiesto la modifica sono passati, negli ultimi 30 giorni, per le stesse mani: "
        "uno ha dato o cambiato l’altro, o lo ha fatto la stessa persona. La conferma un collega con un accesso suo da più "
        "tempo; se non c’è, la richiesta aspetta che i 30 giorni siano passati."
    )


def check(*, hands: Sequence[int], by_id: int, now: datetime) -> None:
    """
    Make sure that somebody is another person than those who had a hand in it.

    :param hands: the users of the office who asked for it or looked at it
    :raises SamePerson: it is one of them
    :raises InOneHand: one person may lately have held both accesses
    """
    if by_id in hands:
        raise SamePerson
    since = now - OWN_HANDS
    mine = _hands_on(by_id, since=since)
    if any(_hands_on(other, since=since) & mine for other in hands):
        raise InOneHand


def _hands_on(user_id: int, *, since: datetime) -> set[int]:
    """Return whoever may hold an access: its owner, who had it in hand lately, who had theirs, and so on."""
    hands, news = {user_id}, {user_id}
    while news:
        subjects = [f"user:{one}" for one in sorted(news)]
        news = audit.actors_on(subjects=subjects, actions=IN_ONES_HANDS, since=since) - hands
        hands |= news
    return hands
