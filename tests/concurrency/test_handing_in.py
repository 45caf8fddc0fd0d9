"""One tablet hands the same marks in twice in one moment, as after a lost answer: all are told the same, once is written."""

from typing import Any
from uuid import uuid4

import pytest

from campanella.domains.accounts.models import Device
from campanella.domains.attendance.models import DayEvent, RefusedMark
from campanella.domains.attendance.receiving import Key
from campanella.domains.attendance.rules import Mark
from campanella.foundation.core import clock
from campanella.foundation.core.scope import scope
from campanella.usecases.marks import receiving
from campanella.usecases.marks.placing import HandedIn
from tests.concurrency.conftest import all_at_once
from tests.tablets import paired
from tests.towns import TODAY, Cast

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("concurrency")]


def absent(town: Cast, name: str, seq: int) -> HandedIn:
    return HandedIn(
        key=Key(uuid4(), uuid4()),
        seq=seq,
        day=TODAY,
        service="mensa",
        class_id=town.classes["2B"].pk,
        child_id=town.child(name).pk,
        kind="absent",
        operator_id=town.staff["school"].pk,
        made_at=clock.now(),
        content={},
        mark=Mark(False),
    )


def test_the_same_marks_twice_in_one_moment_are_taken_once(town: Cast) -> None:
    with scope(town.town.id):
        tablet = paired(town.town, school_id=town.school.pk)
        device = Device.objects.get(pk=tablet.device_id)
    batch = [absent(town, name, seq) for seq, name in enumerate(("Luca", "Anna", "Amina"), start=1)]

    def hand_in(_: int) -> Any:
        with scope(town.town.id):
            return receiving.receive(device=device, sent_at=clock.now(), handed=batch, now=clock.now())

    told = all_at_once(hand_in, 4)
    assert [type(one) for one in told] == [dict] * 4
    assert {answer.status for one in told for answer in one.values()} == {"accepted"}
    with scope(town.town.id):
        assert DayEvent.objects.filter(channel="tablet").count() == 3
        assert not RefusedMark.objects.exists()
