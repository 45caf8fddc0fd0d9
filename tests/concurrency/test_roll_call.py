"""One class under several hands at once."""

import pytest

from campanella.domains.accounts.roles import Role
from campanella.domains.attendance import queries as sheets
from campanella.domains.attendance.operations import AlreadyConfirmed
from campanella.domains.attendance.rules import Mark
from campanella.domains.ledger import verify
from campanella.foundation.core import clock
from campanella.foundation.core.scope import scope
from campanella.readings.class_sheet import class_sheet_of
from campanella.usecases import class_sheet
from tests.concurrency.conftest import all_at_once
from tests.towns import TODAY, Cast

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("concurrency")]


def test_ten_confirmations_at_once_charge_once(town: Cast) -> None:
    teacher, group = town.staff[Role.SCHOOL], town.classes["2B"]

    def confirm(_: int) -> int:
        with scope(town.town.id):
            sheet = class_sheet_of(user=teacher, class_group_id=group.pk, service_code="mensa", day=TODAY)
            return class_sheet.confirm(by=teacher, sheet=sheet, changes={}, adults=1, now=clock.now())

    results = all_at_once(confirm, 10)

    assert results.count(3) == 1
    assert sum(isinstance(result, AlreadyConfirmed) for result in results) == 9
    with scope(town.town.id):
        assert (town.balance("Anna"), town.balance("Luca")) == (-460, -310)
        assert verify.violations() == []


def test_first_taps_of_one_class_begin_one_roll_call(town: Cast) -> None:
    teacher, group = town.staff[Role.SCHOOL], town.classes["2B"]
    names = ("Anna", "Luca", "Amina")
    with scope(town.town.id):
        children = [town.child(name).pk for name in names]

    def tap(number: int) -> None:
        with scope(town.town.id):
            class_sheet.tap(
                by=teacher,
                class_group_id=group.pk,
                service_code="mensa",
                day=TODAY,
                child_id=children[number % 3],
                mark=Mark(is_present=False),
                now=clock.now(),
            )

    assert all_at_once(tap, 12) == [None] * 12
    with scope(town.town.id):
        (line,) = sheets.board(day=TODAY, service_ids=[town.services["mensa"].pk])
        assert (line.eating, line.begun) == (0, True)


def test_a_tap_beside_a_confirmation_is_either_counted_or_refused(town: Cast) -> None:
    """Whoever comes second learns it: no child is charged and absent at once."""
    teacher, group = town.staff[Role.SCHOOL], town.classes["2B"]
    with scope(town.town.id):
        luca = town.child("Luca").pk
        town.roll_call()

    def act(number: int) -> None:
        place = {"by": teacher, "now": clock.now()}
        with scope(town.town.id):
            if number:
                where = {"class_group_id": group.pk, "service_code": "mensa", "day": TODAY}
                class_sheet.tap(**place, **where, child_id=luca, mark=Mark(is_present=False))
            else:
                sheet = class_sheet_of(user=teacher, class_group_id=group.pk, service_code="mensa", day=TODAY)
                class_sheet.confirm(**place, sheet=sheet, changes={}, adults=None)

    confirmed, tapped = all_at_once(act, 2)

    assert confirmed is None
    assert tapped is None or isinstance(tapped, AlreadyConfirmed)
    with scope(town.town.id):
        (mark,) = sheets.marks_on(child_ids=[luca], day=TODAY)
        assert mark.is_present is (tapped is not None)
        assert town.balance("Luca") == (-310 if mark.is_present else 0)
