"""A teacher at the roll-call of one day: a white meal, a child that comes later, one that stays at home."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from random import Random

from campanella.domains.accounts.models import User
from campanella.domains.attendance import operations as attendance
from campanella.domains.attendance import queries as sheets
from campanella.domains.attendance.rules import Mark
from campanella.domains.services.models import Service

WHITE = Mark(is_present=True, is_white=True)
LATE = Mark(is_present=True, is_late=True)
AWAY = Mark(is_present=False)


@dataclass(frozen=True)
class Teacher:
    """Somebody who calls one service on one day."""

    by: User
    service: Service
    day: date
    at: datetime

    def mark(self, *, among: Sequence[int], absent: Collection[int], marks: Sequence[Mark]) -> None:
        """Mark so many children of one of these classes, always the same ones; a class that is too small is left alone."""
        random = Random(f"teacher {self.service.pk} {self.day}")  # noqa: S311  # nothing secret: it must repeat
        group, service = random.choice(among), self.service.pk
        lines = sheets.sheet(class_group_id=group, service_id=service, day=self.day)
        there = sorted(line.child_id for line in lines if line.child_id not in absent)
        attendance.begin_many(class_group_ids=[group], service_id=service, day=self.day)
        call = sheets.roll_call(class_group_id=group, service_id=service, day=self.day)
        if call and not call.confirmed_at and len(there) >= len(marks):
            chosen = random.sample(there, k=len(marks))
            attendance.mark_many(by=self.by, roll_call=call, marks=dict(zip(chosen, marks, strict=True)), now=self.at)
