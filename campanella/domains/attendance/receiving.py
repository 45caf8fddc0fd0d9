"""What tablets hand in: put on record as it came, answered once, and the same answer ever after."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any, Literal, NamedTuple, get_args
from uuid import UUID

from campanella.domains.attendance.fact_rules import MARK, Fact
from campanella.domains.attendance.folding import DayOfChild, columns, told
from campanella.domains.attendance.models import Presence
from campanella.domains.attendance.operations import Marked
from campanella.domains.attendance.statements import receiving
from campanella.domains.ledger.holding import check_held
from campanella.foundation.core import sql
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.scope import active_town_id, operation

# Fields of a mark that go on record as they are.
PLAIN = ("seq", "class_group_id", "child_id", "kind", "by_id", "counts", "is_on", "is_white", "is_late", "adults", "note")

Status = Literal["accepted", "kept", "refused"]
STATUSES: dict[str, Status] = {status: status for status in get_args(Status)}

ID_USED = "Questo identificativo era già di un altro segno: questo non è stato preso, lo vede l’ufficio."


class Key(NamedTuple):
    """
    A mark as it is told from others: its id, and what came under it. The same id with something else is no repeat.

    :ivar digest: of what came; its moment apart, which a tablet tells anew when its clock is set
    """

    event_id: UUID
    digest: UUID


@dataclass(frozen=True, slots=True)
class Answer:
    """
    What a tablet is told of one mark.

    :ivar status: accepted; kept, which is on record and does not change the day; refused
    :ivar sentence: why, for the person; empty for what is accepted
    :ivar is_reuse: its id was given to something else before
    """

    status: Status
    sentence: str = ""
    is_reuse: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """One mark of a tablet as it goes on record."""

    key: Key
    seq: int
    class_group_id: int
    child_id: int | None
    kind: str
    by_id: int
    made_at: datetime
    answer: Answer
    counts: bool
    is_on: bool | None = None
    is_white: bool | None = False
    is_late: bool = False
    clock: time | None = None
    adults: int | None = None
    note: str = ""
    against: UUID | None = None

    def fact(self, *, device_id: int) -> Fact:
        """Return what it says of its child's day."""
        return Fact(
            *(self.kind, MARK, self.made_at, self.key.event_id, self.is_on, self.counts, device_id, self.seq),
            is_white=self.is_white,
            is_late=self.is_late,
        )


@dataclass(frozen=True, slots=True)
class Given:
    """
    What is known of marks that come in.

    :ivar answers: what was told of those that came before
    :ivar moments: of the tablet's marks on record, by its count: those that count as they do, and right below and above
    """

    answers: dict[Key, Answer]
    moments: dict[int, datetime]


@operation
def take_turns(*, device_id: int) -> None:
    """Let what one tablet hands in twice at once come one after the other, so that the second finds the first's answers."""
    sql.take_turns(f"tablet:{device_id}", active_town_id())


@operation
def given(*, device_id: int, keys: Iterable[Key], seqs: Sequence[int]) -> Given:
    """Return what was told of these before, and when the tablet made what it counts beside them: one query."""
    asked = list(keys)
    events = sorted({str(key.event_id) for key in asked})
    values = {"town": active_town_id(), "device": device_id, "events": events, "seqs": list(seqs)}
    told: dict[UUID, dict[UUID | None, Answer]] = {}
    moments: dict[int, datetime] = {}
    for event_id, digest, status, sentence, is_reuse, seq, made_at in sql.rows(receiving.GIVEN, values):
        if event_id is None:
            moments[seq] = made_at
        # What was refused once and taken since was told so since.
        elif digest not in told.setdefault(event_id, {}) or status != "refused":
            told[event_id][digest] = Answer(STATUSES[status], sentence, is_reuse)
    return Given({key: _answer(key, told[key.event_id]) for key in asked if key.event_id in told}, moments)


@operation
def put_on_record(*, said: Sequence[Said], device_id: int, service_id: int, day: date, now: datetime) -> None:
    """Put marks of one service and day on record: one statement."""
    sql.run(receiving.PUT, _record(said, device_id=device_id, service_id=service_id, day=day, now=now))


@operation
def take_in(
    *,
    said: Sequence[Said],
    days: Iterable[DayOfChild],
    authors: Mapping[int, Actor],
    device_id: int,
    service_id: int,
    day: date,
    why: str,
    now: datetime,
) -> list[Marked]:
    """
    Put marks of one service and day on record and write down what the days of their children come to: one statement.

    :param days: as they are under lock, before these marks
    :param authors: by child, whose mark is the last of those that count; other children's days stay as they are
    :returns: those of confirmed classes whose day has changed: they are charged anew
    :raises NotHeld: the children's wallets are not held
    """
    check_held(child_ids=authors, service_id=service_id)
    facts: dict[int | None, list[Fact]] = {}
    for one in said:
        facts.setdefault(one.child_id, []).append(one.fact(device_id=device_id))
    new = [replace(of, facts=(*of.facts, *facts[of.child_id])) for of in days if of.child_id in authors]
    changed = [comes for of_child in new if (comes := of_child.folded())]
    values = _record(said, device_id=device_id, service_id=service_id, day=day, now=now)
    written = [Marked(*row) for row in sql.rows(receiving.TAKEN, values | columns(changed, authors))]
    return told(changed=changed, written=written, authors=authors, day=day, why=why, now=now)


def arrived(*, child_ids: Sequence[int], service_id: int, day: date) -> dict[int, time]:
    """Return when these children came in, of those of whom it is known: one query."""
    rows = Presence.objects.filter(child_id__in=child_ids, service_id=service_id, day=day, arrived__isnull=False)
    return {child_id: hour for child_id, hour in rows.values_list("child_id", "arrived") if hour}


@operation
def follow(*, class_group_ids: Sequence[int], service_id: int, day: date) -> None:
    """Let the classes' adults and the hours of their children follow from what is on record: two statements."""
    values = {"town": active_town_id(), "classes": list(class_group_ids), "service": service_id, "day": day}
    sql.run(receiving.ADULTS, values)
    sql.run(receiving.HOURS, values)


def _record(said: Sequence[Said], *, device_id: int, service_id: int, day: date, now: datetime) -> dict[str, Any]:
    """Return marks as the columns of ``receiving.PUT``."""
    values: dict[str, Any] = {
        "town": active_town_id(),
        "device": device_id,
        "service": service_id,
        "day": day,
        "level": MARK,
        "now": now,
        "event_id": [str(one.key.event_id) for one in said],
        "digest": [str(one.key.digest) for one in said],
        "against": [str(one.against) if one.against else None for one in said],
        "made_at": [one.made_at.isoformat() for one in said],
        "clock": [one.clock.isoformat() if one.clock else None for one in said],
        "answer": [one.answer.status for one in said],
        "sentence": [one.answer.sentence for one in said],
    }
    return values | {name: [getattr(one, name) for one in said] for name in PLAIN}


def _answer(key: Key, told: Mapping[UUID | None, Answer]) -> Answer:
    """Return the first answer; to something else under the id, that it was used. Old rows have no digest: believed."""
    return told.get(key.digest) or told.get(None) or Answer("refused", ID_USED, is_reuse=True)
