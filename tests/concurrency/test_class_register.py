"""A teacher's tap and the import of a class register at the same moment: neither is lost, and neither fails."""

import threading
from datetime import time, timedelta
from typing import Any

import pytest
from django.db import connections

from campanella.domains.attendance import folding, registered, registering
from campanella.domains.attendance import operations as attendance
from campanella.domains.attendance.models import DayEvent, Presence
from campanella.domains.attendance.rules import Mark
from campanella.domains.ledger import holding
from campanella.foundation.core import clock
from campanella.foundation.core.scope import scope
from campanella.usecases import class_register, class_sheet
from campanella.usecases.importing.absences import Said
from tests.concurrency.racing import in_turn
from tests.towns import OFFICE, TODAY, Cast

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("concurrency")]

NINE = clock.rome(TODAY, time(9, 0))


def tap(town: Cast) -> None:
    class_sheet.tap(
        by=town.staff["school"],
        class_group_id=town.classes["2B"].pk,
        service_code="mensa",
        day=TODAY,
        child_id=town.child("Luca").pk,
        mark=Mark(True),
        now=NINE + timedelta(minutes=1),
    )


def take(town: Cast) -> Any:
    said = [Said(town.child("Luca").pk, TODAY, False)]
    return class_register.take(by=OFFICE, service=town.services["mensa"], said=said, now=NINE)


def day_of(town: Cast) -> tuple[list[bool | None], bool]:
    with scope(town.town.id):
        events = DayEvent.objects.filter(child=town.child("Luca")).order_by("made_at")
        return list(events.values_list("is_on", flat=True)), Presence.objects.get(child=town.child("Luca")).is_present


@pytest.fixture
def begun(town: Cast) -> Cast:
    with scope(town.town.id):
        town.roll_call()
    return town


def test_a_tap_between_two_statements_of_an_import_waits(begun: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    noted, tapped = threading.Event(), threading.Event()
    note, moment, failed = registering.note, clock.now(), []

    def patient(**given: Any) -> None:
        note(**given)
        noted.set()
        tapped.wait(1)

    def tapping() -> None:
        with clock.standing_at(moment):
            try:
                assert noted.wait(20)
                with scope(begun.town.id):
                    tap(begun)
            except Exception as error:
                failed.append(error)
            finally:
                tapped.set()
                connections["default"].close()

    monkeypatch.setattr(registering, "note", patient)
    teacher = threading.Thread(target=tapping)
    teacher.start()
    with scope(begun.town.id):
        take(begun)
    teacher.join()
    assert (failed, day_of(begun)) == ([], ([False, True], True))


def test_days_that_are_folded_hold_their_roll_calls_first(begun: Cast) -> None:
    luca, meal = begun.child("Luca").pk, begun.services["mensa"].pk
    with scope(begun.town.id):
        attendance.mark_many(
            by=begun.staff["school"], roll_call=begun.roll_call(), marks={luca: Mark(False)}, now=NINE - timedelta(minutes=5)
        )

    def fold() -> None:
        holding.hold_payers(child_ids=[luca], service_id=meal)
        registering.note(
            by=OFFICE,
            service_id=meal,
            day=TODAY,
            words=[registered.Word(luca, begun.classes["2B"].pk, is_present=True)],
            now=NINE,
        )
        folding.fold_again(by=OFFICE, child_ids=[luca], service_id=meal, day=TODAY, why="prova", now=NINE)

    def held() -> None:
        attendance.wait_for_taps(service_id=meal, day=TODAY)

    # The tap gets the roll-call first: who had its presence already and waited for the roll-call would wait for ever.
    assert in_turn(begun, lambda: tap(begun), fold, held=held) == (None, None)
    assert day_of(begun)[1]
