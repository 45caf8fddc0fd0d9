"""
The tablets of the schools: the office prepares one, the tablet pairs itself, a teacher takes it by a PIN.

What it signs and how it is known stands in ``domains/accounts/devices.py``; what it marks is received in ``marks/``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, count
from typing import Any

from campanella.domains.accounts import devices, entering
from campanella.domains.accounts import queries as users
from campanella.domains.accounts.devices import Pairing
from campanella.domains.accounts.entering import WrongPin
from campanella.domains.accounts.models import Device
from campanella.domains.schools import operations as schools
from campanella.domains.schools import queries as places
from campanella.domains.schools.models import School
from campanella.foundation.core import sql
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.scope import active_town_id, scope, use_case

# What a name may have, as its column does.
LONGEST_NAME = 60


@dataclass(frozen=True)
class Paired:
    """A tablet that is paired, and the schools whose classes it shows."""

    device: Device
    schools: list[School]


@use_case
def prepare(*, by: Actor, name: str, school_id: int, now: datetime) -> Pairing:
    """
    Prepare a tablet for a school; its code waits ten minutes.

    :param name: as the office calls it; empty for the name of the school, with a number where that is taken
    :raises NotFound: the town has no such school
    """
    school = places.school(school_id=school_id)
    pairing = devices.prepare(by=by, name=name.strip() or _free_name(school), now=now)
    schools.place_device(device_id=pairing.device.pk, school=school)
    return pairing


def _free_name(school: School) -> str:
    """Return the first name of the school's that no other tablet has: two at once take one each."""
    sql.take_turns("tablet names", active_town_id())
    usual = f"Tablet {school.name}"
    ends = chain([""], (f" {number}" for number in count(2)))
    names = (f"{usual[: LONGEST_NAME - len(end)]}{end}" for end in ends)
    return next(name for name in names if not users.has_tablet_called(name))


@use_case
def renew_code(*, by: Actor, device_id: int, now: datetime) -> Pairing:
    """
    Give a tablet that nobody has paired yet another code.

    :raises NotFound: the town has no such tablet
    :raises NotWaiting: it is paired, or revoked
    """
    return devices.renew_code(by=by, device_id=device_id, now=now)


@use_case
def pair(*, code: str, public_key: Mapping[str, Any], app_version: str, now: datetime) -> Paired:
    """
    Pair a tablet by the code that the office shows.

    :param public_key: JWK of the tablet's P-256 key
    :raises CodeExpired: unknown, used, or older than ten minutes
    :raises WrongKey: it is no such key
    """
    device = devices.pair(code=code, public_key=public_key, app_version=app_version, now=now)
    return Paired(device, places.schools_of_device(device_id=device.pk))


@use_case
def rename(*, by: Actor, device_id: int, name: str, now: datetime) -> None:
    """
    Give a tablet another name.

    :raises NotFound: the town has no such tablet
    """
    devices.rename(by=by, device_id=device_id, name=name, now=now)


@use_case
def revoke(*, by: Actor, device_id: int, now: datetime) -> None:
    """
    Let a tablet in no more; at its next contact it forgets what it knows.

    :raises NotFound: the town has no such tablet
    """
    devices.revoke(by=by, device_id=device_id, now=now)


# A hash takes its time: no transaction is held around it.
def take(*, device: Device, operator_id: int, pin: str, now: datetime) -> str:
    """
    Let a teacher take a tablet by a PIN.

    :returns: the key of what is stored on the tablet, which keeps it behind this PIN for the mornings without network
    :raises WrongPin: the PIN is another's, or the person does not mark at this school
    :raises TooManyTries: too many failures; the next try is looked at in a while
    """
    with scope(active_town_id()):
        schools_here = [school.pk for school in places.schools_of_device(device_id=device.pk)]
        people = places.operators_at(school_ids=schools_here)
    user = next((person for person in people if person.pk == operator_id), None)
    if user is None:
        raise WrongPin
    entering.prove_pin(user=user, pin=pin, device_id=device.pk, now=now)
    return device.data_key
