"""Two tablets of one class at the same moment: no mark is lost, the later one holds, it is confirmed and charged once."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from campanella.domains.accounts.models import Device
from campanella.domains.attendance.models import DayEvent, Presence, RollCall
from campanella.domains.attendance.receiving import Key
from campanella.domains.attendance.rules import Mark
from campanella.domains.ledger import verify
from campanella.foundation.core import clock
from campanella.foundation.core.scope import scope
from campanella.readings import proofs
from campanella.usecases.marks import receiving
from campanella.usecases.marks.placing import HandedIn
from tests.concurrency.conftest import all_at_once
from tests.tablets import paired
from tests.towns import TODAY, Cast

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("concurrency")]

NAMES = ("Anna", "Luca", "Amina")


def made(town: Cast, seq: int, kind: str, minute: int, name: str = "") -> HandedIn:
    marks = {"present": Mark(True), "absent": Mark(False), "white": Mark(True, is_white=True)}
    return HandedIn(
        key=Key(uuid4(), uuid4()),
        seq=seq,
        day=TODAY,
        service="mensa",
        class_id=town.classes["2B"].pk,
        child_id=town.child(name).pk if name else None,
        kind=kind,
        operator_id=town.staff["school"].pk,
        made_at=clock.now() - timedelta(minutes=30 - minute),
        content={},
        mark=marks.get(kind),
        adults=seq if kind == "adults" else None,
    )


def test_two_tablets_hand_in_one_class_at_once(town: Cast) -> None:
    """What the first says the second says otherwise, a minute later; both confirm, and both send everything twice."""
    with scope(town.town.id):
        tablets = [paired(town.town, school_id=town.school.pk) for _ in range(2)]
        devices = [Device.objects.get(pk=tablet.device_id) for tablet in tablets]
        town.roll_call()
    said = [
        {"Anna": ("absent", 1), "Luca": ("present", 2), "Amina": ("white", 4)},
        {"Anna": ("present", 3), "Luca": ("absent", 4), "Amina": ("present", 1)},
    ]
    batches = []
    for number, words in enumerate(said):
        marks = sorted((minute, name, kind) for name, (kind, minute) in words.items())
        batch = [made(town, seq, kind, minute, name) for seq, (minute, name, kind) in enumerate(marks, start=1)]
        batches.append([*batch, made(town, 5 + number, "adults", 5 + number), made(town, 9, "confirmed", 9)])

    def work(number: int) -> Any:
        device, batch = devices[number % 2], batches[number % 2]
        with scope(town.town.id):
            return receiving.receive(device=device, sent_at=clock.now(), handed=batch, now=clock.now())

    told = all_at_once(work, 4)
    assert [type(one) for one in told] == [dict] * 4
    assert (told[0], told[1]) == (told[2], told[3]), "a repeat gets the first answer"
    assert {answer.status for one in told for answer in one.values()} <= {"accepted", "kept"}
    with scope(town.town.id):
        events = DayEvent.objects.filter(channel="tablet")
        assert events.filter(kind="marked").count() == 6
        assert events.filter(kind="adults").count() == 2
        assert events.filter(kind="confirmed", counts=True).count() == 1
        (call,) = RollCall.objects.exclude(confirmed_at=None)
        assert call.adults == 6
        there = {row.child_id: (row.is_present, row.is_white) for row in Presence.objects.all()}
        assert [there[town.child(name).pk] for name in NAMES] == [(True, False), (False, False), (True, True)]
        assert [town.balance(name) for name in NAMES] == [-460, 0, -460]
        assert verify.violations() + proofs.violations() == []
        # The office sees both authors where they contradict each other and neither could know of the other.
        assert events.exclude(against=None).count() >= 1
