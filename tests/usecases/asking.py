"""What families ask, as the tests ask it: by the family's access, received at an hour."""

from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from campanella.domains.attendance import queries as sheets
from campanella.domains.attendance.answers import Answer
from campanella.domains.attendance.judging import Arrival
from campanella.domains.attendance.models import DayRule
from campanella.domains.attendance.rules import Action
from campanella.foundation.core import clock
from campanella.foundation.tenants import queries as tenants
from campanella.foundation.tenants.models import Municipality
from campanella.readings import serving
from campanella.usecases import mealtime, wishes
from tests.towns import OFFICE, TODAY, Cast, as_owner

TOMORROW = TODAY + timedelta(days=1)


def rome(text: str, day: date = TODAY) -> datetime:
    return clock.rome(day, time.fromisoformat(text)).astimezone(UTC)


def goes(valle: Cast, mode: str = "opt_out", **terms: Any) -> None:
    """Let the meal go by a mode, with the cut-off at half past nine."""
    DayRule.objects.create(
        service=valle.services["mensa"],
        school=valle.school,
        days=DateRange(date(2026, 9, 1), None),
        mode=mode,
        cut_off=terms.pop("cut_off", time(9, 30)),
        **terms,
    )


def choosing(valle: Cast, **choices: Any) -> None:
    row = Municipality.objects.get(pk=valle.town.id)
    with as_owner():
        Municipality.objects.filter(pk=valle.town.id).update(choices={**row.choices, **choices})
    tenants.forget()


def ask(
    valle: Cast,
    at: str,
    *names: str,
    action: Action = "cancel",
    days: Collection[date] = (TODAY,),
    family: str = "rossi",
    key: UUID | None = None,
    on: date = TODAY,
    now: datetime | None = None,
    **arrival: Any,
) -> Answer:
    return wishes.ask(
        by=valle.families[family].user,
        lines=[(valle.child(name).pk, valle.services["mensa"].pk) for name in names or ("Anna",)],
        days=days,
        action=action,
        key=key or uuid4(),
        arrival=Arrival(rome(at, on), **arrival),
        now=now or clock.now(),
    )


def take_back(valle: Cast, at: str, answer: Answer, on: date = TODAY, **more: Any) -> Answer:
    return wishes.take_back(
        by=valle.families["rossi"].user,
        number=answer.number,
        key=uuid4(),
        arrival=Arrival(rome(at, on)),
        now=clock.now(),
        **more,
    )


def confirm(valle: Cast, day: date = TODAY) -> int:
    classes = [group.pk for group in serving.classes(service_id=valle.services["mensa"].pk, day=day)]
    return mealtime.confirm_day(
        by=OFFICE, service=valle.services["mensa"], day=day, class_group_ids=classes, absent_ids=[], now=clock.now()
    )


def eating(valle: Cast, day: date = TODAY) -> set[str]:
    lines = sheets.sheet(class_group_id=valle.classes["2B"].pk, service_id=valle.services["mensa"].pk, day=day)
    return {line.given_name for line in lines if line.eats}


@pytest.fixture
def opt_out(valle: Cast) -> Iterator[Cast]:
    goes(valle)
    yield valle
    tenants.forget()
