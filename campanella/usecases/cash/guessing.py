"""
How often somebody at a counter may try codes that are nobody's: a code leads to the name of a child.

What the check digit finds is a slip of the hand, says nothing of anybody and is not counted.
"""

from datetime import datetime

from campanella.domains.accounts import entering
from campanella.domains.accounts.entering import TooManyTries, Try
from campanella.domains.accounts.models import User
from campanella.domains.cash import rules
from campanella.usecases.cash import taking


class TooManyTopUpCodes(TooManyTries):
    """Too many codes that nobody has."""

    what = "Questi codici non sono di nessuno"
    then = "intanto fatti mostrare il codice sul telefono o sul foglio. Chi non lo trova lo chiede all’ufficio."


def look(*, by: User, typed: str, now: datetime) -> int:
    """
    Return whose wallet a code is, as somebody dictated it; a right one is not counted, and takes no failure away.

    A try is written down before it is looked at, so that of many at once no more are looked at than may be. They are counted
    by who stands at the counter, in however many browsers.

    :raises WrongCode: it is no code, or nobody has it
    :raises TooManyTopUpCodes: too many were nobody's; the next is looked at in a while
    """
    if not rules.is_code(rules.read_code(typed)):
        return taking.wallet_of(typed=typed)
    attempt = Try(f"top-up code:{by.pk}", origin="")
    try:
        entering.begin(attempt=attempt, now=now)
    except TooManyTries as wait:
        raise TooManyTopUpCodes(wait.seconds) from wait
    wallet_id = taking.wallet_of(typed=typed)
    entering.take_back(attempt=attempt, at=now)
    return wallet_id
