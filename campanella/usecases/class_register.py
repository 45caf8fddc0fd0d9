"""
Absences of the class register, taken over from a file: marks beside the others, weaker than those of who was in class.

What a teacher has marked, or confirmed with the class, holds against a register that comes later: the office sees both.

Where the school goes by the register, its classes are confirmed by what it says: at the cut-off (``cut_off``) of what is
cooked, because the families of who is called absent are asked until then; after it at once. Elsewhere the marks hold for
whoever confirms, and a day that is confirmed already is folded and priced again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from campanella.domains.attendance import operations as attendance
from campanella.domains.attendance import registered, registering, terms
from campanella.domains.attendance.events import RegisterSaidAbsent
from campanella.domains.attendance.registered import Seen
from campanella.domains.attendance.rules import DayTerms
from campanella.domains.ledger import holding
from campanella.domains.people import queries as people
from campanella.domains.schools import queries as schools
from campanella.domains.services.models import Service
from campanella.foundation.core import audit, clock
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.events import publish
from campanella.foundation.core.scope import use_case
from campanella.readings import serving
from campanella.usecases import mealtime
from campanella.usecases.importing.absences import Pupil, Said

audit.sentences(
    {
        "register.imported": "ha importato il registro di {service}: {marks:segno|segni}, "
        "{charges:addebito cambiato|addebiti cambiati}"
    }
)


@dataclass(frozen=True)
class Taken:
    """
    What became of a file.

    :ivar unserved: days on which the child's class is not served, left out
    :ivar known: said before, in the same words
    :ivar against: new, but somebody at school has said otherwise, which holds
    """

    marks: int
    charges: int
    confirmed: int
    unserved: int
    known: int
    against: int = 0


def pupils_on(day: date) -> list[Pupil]:
    """Return who sits in which class on a day: three queries."""
    children = {child.pk: child for child in people.everybody()}
    places = schools.places_of(child_ids=list(children), day=day)
    return [
        Pupil(child_id, children[child_id].family_name, children[child_id].given_name, children[child_id].tax_code or "",
              place.class_name, place.school_name)
        for child_id, place in places.items()
    ]  # fmt: skip


def against(*, service: Service, said: Sequence[Said], today: date) -> list[Said]:
    """Return what a register says and somebody at school has said otherwise of: it will not hold. Three queries a day."""
    found: list[Said] = []
    for day, of_day in _by_day(said, today):
        seen = registered.seen_at_school(child_ids=[one.child_id for one in of_day], service_id=service.pk, day=day)
        found += [one for one in of_day if _against(seen.get(one.child_id), one.is_present)]
    return found


def take(*, by: Actor, service: Service, said: Sequence[Said], now: datetime) -> Taken:
    """
    Take over what a register says, day by day, each in a transaction of its own; the same file again changes nothing.

    :param said: each child's day once; days to come are left out
    """
    today = clock.day_of(now)
    marks = charges = confirmed = unserved = known = odd = 0
    for day, of_day in _by_day(said, today):
        written = _take_day(by=by, service=service, day=day, said=of_day, now=now)
        marks, charges = marks + written.marks, charges + written.charges
        unserved, known, odd = unserved + written.unserved, known + written.known, odd + written.against
        confirmed += _confirm(by=by, service=service, day=day, now=now)
    if marks:
        data: dict[str, str | int] = {"service": service.name, "marks": marks, "charges": charges}
        audit.record(by=by, action="register.imported", subjects=["register"], at=now, data=data)
    return Taken(marks, charges, confirmed, unserved, known, odd)


@use_case
def _take_day(*, by: Actor, service: Service, day: date, said: Sequence[Said], now: datetime) -> Taken:
    states = {one.child_id: one.is_present for one in said}
    places = schools.places_of(child_ids=list(states), day=day)
    running = serving.on(day=day)
    served = {
        child_id: place.class_group_id
        for child_id, place in places.items()
        if running.serves(service_id=service.pk, school_id=place.school_id, class_group_id=place.class_group_id)
    }
    holding.hold_payers(child_ids=sorted(served), service_id=service.pk)
    # A tap, or a closure, comes before what is read here, or waits.
    calls = attendance.hold(class_group_ids=sorted(set(served.values())), service_id=service.pk, day=day)
    closed = {call.class_group_id for call in calls if call.is_closed}
    served = {child_id: group for child_id, group in served.items() if group not in closed}
    before = registered.said_by_register(child_ids=sorted(served), service_id=service.pk, day=day)
    new = {child_id: group for child_id, group in served.items() if before.get(child_id) != states[child_id]}
    words: list[registered.Word] = []
    if new:
        seen = registered.seen_at_school(child_ids=sorted(new), service_id=service.pk, day=day)
        words = [
            registered.Word(
                child_id,
                group,
                states[child_id],
                against=_against(seen.get(child_id), states[child_id]),
                is_confirmed=child_id in seen and seen[child_id].is_of_class,
            )
            for child_id, group in new.items()
        ]
        registering.note(by=by, service_id=service.pk, day=day, words=words, now=now)
        absent = [word.child_id for word in words if not word.is_present and not word.against]
        if absent and day == clock.day_of(now):
            publish(RegisterSaidAbsent(service_id=service.pk, day=day.isoformat(), child_ids=absent))
    why = "dal registro di classe"
    charges = mealtime.fold_again(by=by, child_ids=sorted(new), service=service, day=day, why=why, now=now) if new else 0
    odd = sum(1 for word in words if word.against)
    return Taken(len(new), charges, 0, len(states) - len(served), len(served) - len(new), odd)


def _by_day(said: Sequence[Said], today: date) -> list[tuple[date, list[Said]]]:
    """Group what is said by day, in their order; days to come are left out."""
    days: dict[date, list[Said]] = {}
    for one in said:
        if one.day <= today:
            days.setdefault(one.day, []).append(one)
    return sorted(days.items())


def _against(seen: Seen | None, is_present: bool) -> UUID | None:
    return seen.event_id if seen and seen.is_on != is_present else None


def _confirm(*, by: Actor, service: Service, day: date, now: datetime) -> int:
    """Confirm the classes of a day that go by the register: who it does not call absent is there."""
    of_day = terms.on(day=day)
    classes = [
        group.pk
        for group in serving.classes(service_id=service.pk, day=day)
        if _is_over(of_day.of(service_id=service.pk, school_id=group.school_id), service, now)
    ]
    spoken_of = registered.classes_told(service_id=service.pk, day=day) if classes else set()
    classes = [group_id for group_id in classes if group_id in spoken_of]
    if not classes:
        return 0
    return mealtime.confirm_day(
        by=by, service=service, day=day, class_group_ids=classes, absent_ids=[], now=now, channel=registered.REGISTER
    )


def _is_over(of: DayTerms, service: Service, now: datetime) -> bool:
    """Tell whether what the register says decides the day: families are asked about what is cooked until the cut-off."""
    return of.mode == "register" and (service.kind not in serving.COOKED or of.cut_off < now)
