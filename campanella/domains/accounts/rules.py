"""How often one may try to enter, and how long what was given holds."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import pairwise

WINDOW = timedelta(minutes=15)

# How long the link of a change of contacts holds, and how many may be asked for within that time.
LINK_HOURS = 48
CHANGES_PER_LINK_TIME = 6

# How long the password of a letter waits to be used, and when the sessions of a day end: nobody works then.
LETTER_DAYS = 30
NIGHT = time(3)

# How long the code that pairs a tablet waits for it.
PAIRING_TIME = timedelta(minutes=10)
# A clock that is further off than that is told to be wrong, and no moment is reckoned by it.
CLOCK_MAY_BE_OFF = timedelta(minutes=10)
# A tablet's clock that looks slower than before by no more than this is as it was: the message was longer under way.
SLOWEST_WAY = timedelta(minutes=1)


def clock_ahead(*, measured: timedelta, before: timedelta | None) -> timedelta:
    """
    Tell by how much a tablet's clock is ahead of ours. The way of a message can only make it look slower: of two measures
    the greater is nearer to the truth, unless the clock was set in between.

    :param before: what was told at the contact before, None at the first
    """
    if before is None or not timedelta() < before - measured <= SLOWEST_WAY:
        return measured
    return before


@dataclass(frozen=True, slots=True)
class Bound:
    """
    How many failures within the window cost nothing, and how long each further one makes the next wait.

    :ivar free: failures after which one waits
    :ivar pause: the first wait in seconds; it doubles with each failure
    :ivar longest: the longest wait in seconds
    """

    free: int
    pause: int
    longest: int

    def wait(self, *, failures: int, since_last: timedelta) -> int:
        """Return how many seconds are left before the next try is looked at; a right password is let in after them."""
        if failures < self.free:
            return 0
        pause = min(self.pause << min(failures - self.free, 10), self.longest)
        return max(0, pause - int(since_last.total_seconds()))


# A name from one place, or in a browser that entered with it before: somebody who does not remember, or who guesses.
ONE_NAME = Bound(free=8, pause=15, longest=240)
# A name from everywhere: a guesser with many addresses. Browsers that know the name are not counted, and not held up.
NAME_ANYWHERE = Bound(free=40, pause=5, longest=60)
# All names from one place: a guesser, or a whole school behind one address on its first day, who must not be shut out.
ONE_ORIGIN = Bound(free=300, pause=2, longest=2)


def session_end(*, is_staff: bool, now: datetime) -> datetime | None:
    """
    Return when a session that begins now ends; None leaves the usual fortnight.

    Staff work on devices of the school and of the office, which others use after them: their sessions end with the day.

    :param now: as the clock on the wall in Italy says it
    """
    if not is_staff:
        return None
    tonight = datetime.combine(now.date(), NIGHT, tzinfo=now.tzinfo)
    return tonight if tonight > now else datetime.combine(now.date() + timedelta(days=1), NIGHT, tzinfo=now.tzinfo)


def pin_is_weak(pin: str) -> bool:
    """Tell whether the six digits are among the first that somebody would try: all the same, in a row, two by turns."""
    steps = {(int(after) - int(before)) % 10 for before, after in pairwise(pin)}
    return len(steps) == 1 or pin[:2] * 3 == pin or pin[:3] * 2 == pin
