"""
The numbers of a day, kept in the process: what the kitchen's board, the office's pages and the lists of classes show.

Every page asks the database what has changed since this process counted (``core/changes.py``), has those classes counted
again, and is right at once, as if it had counted a whole city. What is kept may be lost at any time: it is only quicker,
never the truth, and no transaction that has written itself leaves anything here.
"""

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import count
from typing import Any, TypeVar, cast

from campanella.domains.accounts.models import User
from campanella.domains.attendance import queries as attendance
from campanella.domains.attendance import terms
from campanella.domains.attendance.models import RollCall
from campanella.domains.attendance.queries import BoardLine
from campanella.domains.attendance.terms import TermsOfDay
from campanella.domains.schools import queries as schools
from campanella.domains.schools.models import ClassGroup
from campanella.domains.services import queries as services
from campanella.domains.services.models import Service
from campanella.foundation.core import changes, sql
from campanella.foundation.core.changes import Look, Told
from campanella.foundation.core.scope import active_town_id
from campanella.readings import serving
from campanella.readings.serving import ServingDay

K = TypeVar("K")

logger = logging.getLogger(__name__)

MOST_DAYS = 32
PROVED_EVERY = timedelta(minutes=10)
# More of them than this are counted with all the others: joined whole.
FEW_CLASSES = 60


@dataclass(frozen=True)
class CountedDay:
    """
    What a day of the town looks like; nobody changes it, every thread may read it.

    :ivar number: another whenever something of the day has changed; 0 where it must not be shared, because the transaction
        that counted it has written itself
    :ivar groups: the classes of the school year with their schools, by level, school and class
    :ivar lines_by_class: the numbers of every service by class, by school and class
    """

    day: date
    number: int
    services: Mapping[int, Service]
    serving: ServingDay
    rules: TermsOfDay
    groups: tuple[ClassGroup, ...]
    lines_by_class: Mapping[int, tuple[BoardLine, ...]]
    # What pages have made of it (``once``); what a mark of a child does not change is handed on to the next day.
    made: dict[str, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    lasting: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    @property
    def terms(self) -> TermsOfDay:
        """Who decides who eats, and until when: with the town's usual hour as it is chosen now."""
        return replace(self.rules, usual=terms.usual_hours())

    @cached_property
    def lines(self) -> list[BoardLine]:
        """Every class and service with somebody enrolled, by school, class and service, served or not."""
        return [line for lines in self.lines_by_class.values() for line in lines]

    def lines_of(self, *, service_id: int) -> list[BoardLine]:
        """Return the numbers of one service by class, served or not."""
        return [line for line in self.lines if line.service_id == service_id]

    def held_to(self, *, user: User) -> frozenset[int] | None:
        """Return the schools a member of staff is held to, None when it sees them all: one query, the first time."""
        return self.once(f"held {user.pk}", lambda: schools.held_to(user=user), lasting=True)

    def once(self, name: str, make: Callable[[], K], *, lasting: bool = False) -> K:
        """
        Return what a page makes of this day, made the first time: of what the day is, and of nobody who asks.

        :param lasting: marks, confirmations and adults do not change it
        """
        kept = self.lasting if lasting else self.made
        if name not in kept:
            kept[name] = make()
        return cast("K", kept[name])


@dataclass(frozen=True, slots=True)
class _Kept:
    """When this process looked last, what it knows, and when it had last counted everything."""

    seen: Look
    day: CountedDay
    proven_at: datetime


def on(*, day: date) -> CountedDay:
    """
    Return the numbers of a day: one query where nothing has changed since this process was last asked.

    After a change two more, whatever the size of the town; eight to count a day for the first time.
    """
    key = active_town_id(), day
    with _turns[hash(key) % len(_turns)]:
        kept = _days.get(key)
        seen = changes.look(since=kept.seen if kept else None, first=day, last=day)
        if kept is None or seen.is_first:
            found, proven_at = _whole(day), seen.at
        else:
            found, proven_at = _up_to_date(kept.day, seen.told), kept.proven_at
        if seen.is_own:
            return replace(found, number=0, lasting={})
        if seen.at - proven_at > PROVED_EVERY:
            found, proven_at = _proved(found, seen), seen.at
        _keep(key, _Kept(seen, found, proven_at))
        return found


def forget() -> None:
    """Forget everything, as a process that begins."""
    with _keeping:
        _days.clear()


def _keep(key: tuple[int, date], kept: _Kept) -> None:
    """Keep a day as the one asked for last; those of other turns keep theirs meanwhile."""
    with _keeping:
        _days[key] = kept
        _days.move_to_end(key)
        while len(_days) > MOST_DAYS:
            _days.popitem(last=False)


def _up_to_date(kept: CountedDay, told: tuple[Told, ...]) -> CountedDay:
    """Return a day as it is after what was told: what is named is counted again."""
    if not told:
        return kept
    day = kept.day
    if any(one.whose == "town" for one in told):
        return _whole(day)
    stale = _classes(told, day)
    if len(stale) > FEW_CLASSES:
        return _whole(day)
    lines = _counted(attendance.board(day=day, service_ids=list(kept.services), class_group_ids=sorted(stale)))
    if lines.keys() - kept.lines_by_class.keys():
        # A class with its first child: where it stands among the others, the database says.
        return _whole(day)
    stays = {group: lines.get(group, was) for group, was in kept.lines_by_class.items() if group not in stale - lines.keys()}
    is_marked = all(one.source == RollCall._meta.db_table for one in told)
    return replace(kept, number=next(_numbers), lines_by_class=stays, lasting=kept.lasting if is_marked else {})


def _proved(kept: CountedDay, seen: Look) -> CountedDay:
    """Count a day beside what was kept of it, and say in the log where a number had changed and nothing had told it."""
    fresh = _whole(kept.day)
    if replace(fresh, number=kept.number) == kept:
        return kept
    if not changes.look(since=seen, first=kept.day, last=kept.day).told:
        was, now = kept.lines_by_class, fresh.lines_by_class
        wrong = sorted(group for group in {*was, *now} if was.get(group) != now.get(group))
        logger.error("kept numbers differed: %s, classes %s", kept.day, wrong)
    return fresh


def _whole(day: date) -> CountedDay:
    known = {service.pk: service for service in services.services()}
    with sql.reading_everything():
        lines = _counted(attendance.board(day=day, service_ids=list(known)))
    return CountedDay(
        day=day,
        number=next(_numbers),
        services=known,
        serving=serving.on(day=day),
        rules=terms.on(day=day),
        groups=tuple(schools.all_classes(day=day).order_by("school__level", "school__name", "name")),
        lines_by_class=lines,
    )


def _counted(lines: Iterable[BoardLine]) -> dict[int, tuple[BoardLine, ...]]:
    by_class: dict[int, list[BoardLine]] = {}
    for line in lines:
        by_class.setdefault(line.class_group_id, []).append(line)
    return {group: tuple(found) for group, found in by_class.items()}


def _classes(told: Iterable[Told], day: date) -> set[int]:
    """
    Return the classes whose numbers are to be counted again: one query.

    A roll-call holds the marks of children who have moved to another class since as well: they are counted there.
    """
    named = {one.subject for one in told if one.whose == "class" and one.subject}
    children = {one.subject for one in told if one.whose == "child" and one.subject}
    values = {"town": active_town_id(), "day": day, "classes": sorted(named), "children": sorted(children)}
    return named | {group for (group,) in sql.rows(_MOVED, values)}


_MOVED = """
select distinct m.class_group_id from schools_membership m
 where m.municipality_id = %(town)s and m.days @> %(day)s::date
   and m.child_id in (
     select unnest(%(children)s::bigint[])
     union all
     select p.child_id from attendance_rollcall r
       join attendance_presence p on p.municipality_id = r.municipality_id and p.roll_call_id = r.id
      where r.municipality_id = %(town)s and r.class_group_id = any(%(classes)s::bigint[]) and r.day = %(day)s)
"""

_numbers = count(1)
_days: OrderedDict[tuple[int, date], _Kept] = OrderedDict()
# Who asks for a day waits for whoever counts it, and no other day does, or hardly ever.
_turns = [threading.Lock() for _ in range(64)]
_keeping = threading.Lock()
