"""
The roll-call of a bus, stop by stop: one act over the classes of all who ride.

What is marked here stands on the sheets of the classes. A class is confirmed, and charged, once everybody on its sheet has
been called or has cancelled: by this ride, by another one, or in class.

Where one service is for both ways it has one mark a day: who is not there in the morning may still ride home, and is absent
once both rides say so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from campanella.domains.accounts.models import User
from campanella.domains.attendance import operations as attendance
from campanella.domains.attendance import queries as sheets
from campanella.domains.attendance.models import RollCall
from campanella.domains.attendance.operations import NotOnTheSheet
from campanella.domains.attendance.rules import Mark
from campanella.domains.transport.queries import Ride
from campanella.foundation.core.scope import use_case
from campanella.readings.riders import Rider, RiderList
from campanella.usecases import mealtime


@dataclass(frozen=True, slots=True)
class Called:
    """
    What a roll-call of a ride came to.

    :ivar there: how many ride
    :ivar confirmed: classes that it has confirmed
    :ivar open: classes of which somebody has still to be called elsewhere
    :ivar late: children of whom the confirmed sheet of their class says something else: they are put right there
    """

    there: int
    confirmed: int
    open: int
    late: int


@use_case
def call(*, by: User, found: RiderList, ride: Ride, there: Mapping[int, bool], now: datetime) -> Called:
    """
    Mark who rides and who does not, and confirm the classes of which everybody is known.

    :param found: the list of the day, with the riders that this person may see
    :param there: by child, as the page says it; who is missing from it is not marked
    :raises NotOnTheSheet: a child of the page is not on this ride, or uses the service no more
    """
    riders = {rider.line.child_id: rider for _, rider in found.on(ride)}
    if not there.keys() <= riders.keys():
        raise NotOnTheSheet
    service, day = found.service, found.day
    classes = sorted({riders[child_id].place.class_group_id for child_id in there})
    payers = attendance.hold_payers(class_group_ids=classes, service_id=service.pk, day=day)
    calls = attendance.hold(class_group_ids=classes, service_id=service.pk, day=day)
    open_ones = [one for one in calls if not one.is_confirmed and not one.is_closed]
    standing = {
        line.child_id: line.is_present for line in sheets.sheet_of(class_group_ids=classes, service_id=service.pk, day=day)
    }
    for one in open_ones:
        marks = _marks(riders, there, ride, standing, one.class_group_id)
        roll_call = RollCall(pk=one.id, class_group_id=one.class_group_id, service_id=service.pk, day=day)
        if marks:
            attendance.mark_many(by=by, roll_call=roll_call, marks=marks, now=now)
    done = _complete([one.class_group_id for one in open_ones], service_id=service.pk, found=found)
    if done:
        known = [one for one in open_ones if one.class_group_id in done]
        mealtime.confirm_held(by=by, service=service, day=day, calls=known, payers=payers, now=now)
    still_open = {one.class_group_id for one in open_ones}
    late = [
        child_id
        for child_id, is_there in there.items()
        if riders[child_id].place.class_group_id not in still_open
        and is_there != bool(standing.get(child_id))
        and (is_there or not _other_rides(riders[child_id], ride))
    ]
    return Called(sum(there.values()), len(done), len(open_ones) - len(done), len(late))


def _marks(
    riders: Mapping[int, Rider],
    there: Mapping[int, bool],
    ride: Ride,
    standing: Mapping[int, bool | None],
    class_group_id: int,
) -> dict[int, Mark]:
    """
    Return what is said of the children of a class.

    Who has cancelled and is not there needs no mark; nor does who has ridden the other way, or still may.
    """
    return {
        child_id: Mark(is_present=is_there)
        for child_id, is_there in there.items()
        if riders[child_id].place.class_group_id == class_group_id
        and (is_there or (riders[child_id].line.is_booked and not _rides_otherwise(riders[child_id], ride, standing)))
    }


def _rides_otherwise(rider: Rider, ride: Ride, standing: Mapping[int, bool | None]) -> bool:
    """Tell whether a child that is not on a ride has been on another one that day, or may still ride home."""
    others = _other_rides(rider, ride)
    has_ridden = bool(others) and bool(standing.get(rider.line.child_id))
    return has_ridden or (ride.way == "out" and any(one.way == "back" for one in others))


def _other_rides(rider: Rider, ride: Ride) -> list[Ride]:
    return [seat.ride for seat in rider.seats if seat.ride.pk != ride.pk]


def _complete(class_group_ids: Sequence[int], *, service_id: int, found: RiderList) -> list[int]:
    """Return the classes on whose sheet everybody is marked or has cancelled."""
    return [
        class_id
        for class_id in class_group_ids
        if all(
            line.is_present is not None or not line.is_booked
            for line in sheets.sheet(class_group_id=class_id, service_id=service_id, day=found.day)
        )
    ]
