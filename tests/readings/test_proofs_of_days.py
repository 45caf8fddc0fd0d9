"""What somebody may plant in a day beside who is there: the auditor names the menu, the hours, the adults, the booking."""

from typing import Any

import pytest

from campanella.domains.attendance.models import Booking, Presence, RollCall
from campanella.readings import proofs
from campanella.readings.proofs import days
from tests.tablets import Marks, paired
from tests.towns import Cast, tell_again
from tests.usecases.asking import ask, confirm, opt_out

__all__ = ["opt_out"]

DAY, BOOKED, ADULTS, HOURS = days.PROMISES


@pytest.fixture
def confirmed(opt_out: Cast, at: Any) -> Cast:
    """Anna's lunch is packed and white, asked for after a mark; Luca comes late, Amina has come, left and come back."""
    tablet = paired(opt_out.town, school_id=opt_out.school.pk)
    marks = Marks(tablet, opt_out.staff["school"].pk, opt_out.classes["2B"].pk)
    at("08:15")
    anna, luca, amina = (opt_out.child(name).pk for name in ("Anna", "Luca", "Amina"))
    told = marks.hand_in(
        marks.made("present", anna),
        marks.made("late", luca),
        marks.made("arrived", amina, "08:00"),
        marks.made("left", amina, "08:05"),
        marks.made("arrived", amina, "08:10"),
        marks.made("adults", value=2),
    )
    assert {one[:8] for one in told} == {"accepted"}
    tell_again()
    for minute, action in ((40, "packed"), (41, "white")):
        ask(opt_out, f"08:{minute}", action=action, now=at(f"08:{minute}"))  # type: ignore[arg-type]  # one of the actions
    at("09:31")
    confirm(opt_out)
    assert proofs.violations() == []
    return opt_out


def test_what_is_written_of_the_menu_the_hours_and_the_adults_is_folded_again(confirmed: Cast) -> None:
    anna, luca = (Presence.objects.filter(child=confirmed.child(name)) for name in ("Anna", "Luca"))
    for rows, planted, named in (
        (anna, {"is_white": False}, DAY),
        (luca, {"is_late": False}, DAY),
        (luca, {"arrived": "08:00"}, HOURS),
        (Presence.objects.filter(child=confirmed.child("Amina")), {"left": "08:20"}, HOURS),
        (RollCall.objects.filter(class_group=confirmed.classes["2B"]), {"adults": 3}, ADULTS),
        (Booking.objects.all(), {"is_packed": False}, BOOKED),
        (Booking.objects.all(), {"is_booked": False}, BOOKED),
    ):
        (before,) = rows.values(*planted)
        rows.update(**planted)
        assert {violation.promise for violation in proofs.violations()} == {named}, planted
        rows.update(**before)
    Booking.objects.all().delete()
    assert {violation.promise for violation in proofs.violations()} == {BOOKED}
