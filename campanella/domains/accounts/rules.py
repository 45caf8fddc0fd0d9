"""How often one may try to enter."""

from datetime import timedelta

WINDOW = timedelta(minutes=15)
TRIES_PER_NAME = 8
TRIES_PER_ORIGIN = 60

# How long the link of a change of contacts holds, and how many may be asked for within that time.
LINK_HOURS = 48
CHANGES_PER_LINK_TIME = 6


def may_try(*, by_name: int, by_origin: int) -> bool:
    """
    Tell whether another attempt to enter is allowed.

    A name is slowed, not locked: after the window it may be tried again, so that nobody can shut a parent out for long.

    :param by_name: failures with this name within the window
    :param by_origin: failures from this origin within the window
    """
    return by_name < TRIES_PER_NAME and by_origin < TRIES_PER_ORIGIN
