"""
The tablets of the schools: paired by a code that is used once, known from then on by a key of their own.

A tablet signs each request with it (``proofs.py``). Whoever copies a request cannot send it again, since its number was
seen; whoever reads the database cannot sign one, since the key never left the tablet.
"""

import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from campanella.domains.accounts import proofs, rules
from campanella.domains.accounts.hashing import hashed
from campanella.domains.accounts.models import Device
from campanella.domains.accounts.proofs import Claims, NotProven, SignedRequest
from campanella.foundation.core import audit, sql
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.core.scope import active_town_id, operation

MILLISECOND = timedelta(milliseconds=1)
# 256 bits each: nobody guesses them.
KEY_BYTES = 32

# A pairing code is typed where there is no camera: no letter that is taken for another. Sixty bits for ten minutes.
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
GROUPS, IN_A_GROUP = 3, 4

# Every request of every tablet asks these two: an ORM's query costs it as much as the signature.
KEY = f"""
select {", ".join(f"public_key ->> '{part}'" for part in proofs.PARTS)} from accounts_device
 where municipality_id = %(town)s and id = %(device)s and public_key is not null
"""  # noqa: S608  # the names of a key's parts
# In the order of the model's fields.
COLUMNS = ("id", "municipality_id", "name", "paired_at", "revoked_at", "last_contact_at", "clock_ahead_ms", "data_key")
# The clock as ``rules.clock_ahead`` says.
CONTACT = f"""
update accounts_device
   set last_number = %(number)s, last_contact_at = %(now)s,
       clock_ahead_ms = case when clock_ahead_ms - %(ahead)s between 1 and %(slowest)s then clock_ahead_ms
                             else %(ahead)s end,
       app_version = coalesce(nullif(%(version)s, ''), app_version)
 where municipality_id = %(town)s and id = %(device)s and last_number < %(number)s
returning {", ".join(COLUMNS)}
"""  # noqa: S608  # the columns written above

audit.sentences(
    {
        "device.prepared": "ha preparato il codice di un tablet: {name}",
        "device.paired": "è stato abbinato come {name}",
        "device.renamed": "ha cambiato nome a un tablet: da {was} a {name}",
        "device.revoked": "ha revocato un tablet: {name}",
    }
)


class UnknownDevice(Refusal):
    """The request is signed by nobody we know, or not as it should be."""

    message = "Questo tablet non è abbinato a questo Comune. Chiedi un codice all’ufficio."


class CopiedRequest(Refusal):
    """The number of the request is not higher than the last one: it was sent before, or copied."""

    message = "Richiesta già ricevuta: riprova."


class CodeExpired(Refusal):
    """The pairing code is unknown, used, or older than ten minutes."""

    message = "Questo codice non vale più: dura dieci minuti e si usa una volta sola. Chiedine un altro all’ufficio."


class WrongKey(Refusal):
    """The key is no public key on the curve P-256."""

    message = "La chiave del tablet non è valida: public_key deve essere una chiave pubblica P-256 (JWK)."


class NotWaiting(Refusal):
    """Only a tablet that was never paired gets another code."""

    message = "Questo tablet è già abbinato, o è stato revocato: prepara un tablet nuovo."


@dataclass(frozen=True)
class Pairing:
    """A code that waits for its tablet; only its hash is stored."""

    device: Device
    code: str
    expires_at: datetime


@operation
def prepare(*, by: Actor, name: str, now: datetime) -> Pairing:
    """Prepare a tablet: it is there from now on, and waits ten minutes for its pairing."""
    device = Device.objects.create(name=name, data_key=_secret())
    return _with_code(by, device, now)


@operation
def renew_code(*, by: Actor, device_id: int, now: datetime) -> Pairing:
    """
    Give a tablet that was not paired in time another code; the one before ends.

    :raises NotWaiting: it is paired, or revoked
    """
    device = _held(device_id)
    if device.paired_at or device.revoked_at:
        raise NotWaiting
    return _with_code(by, device, now)


@operation
def pair(*, code: str, public_key: Mapping[str, Any], app_version: str, now: datetime) -> Device:
    """
    Pair a tablet by its code, and know it by its key from now on.

    The code ends with it: for another key it is used. The same tablet that asks again has lost the answer, and gets it.

    :param public_key: JWK of a P-256 public key
    :raises CodeExpired: unknown, used, or too old
    :raises WrongKey: it is no such key
    """
    try:
        key = proofs.public_part(public_key)
    except NotProven:
        raise WrongKey
    waiting = Device.objects.select_for_update(no_key=True).filter(code_hash=hashed(_typed(code)), revoked_at=None)
    device = waiting.filter(code_ends_at__gt=now).first()
    if device is None:
        raise CodeExpired
    if device.public_key == key:
        return device
    if device.public_key:
        raise CodeExpired
    device.public_key, device.app_version = key, app_version
    device.paired_at = device.last_contact_at = now
    device.save()
    actor = audit.Software(device.called)
    audit.record(by=actor, action="device.paired", subjects=_subjects(device), at=now, data={"name": device.name})
    return device


@operation
def admit(*, signed: SignedRequest, now: datetime) -> Device:
    """
    Find out which tablet a request is from, and note the contact; one that was revoked is known as well.

    :raises UnknownDevice: it is signed by no tablet of this town, or is not what was signed
    :raises CopiedRequest: its number was seen before
    """
    device_id, claims = _proven(signed)
    values = {
        "town": active_town_id(),
        "device": device_id,
        "number": claims.number,
        "now": now,
        "version": claims.version,
        "ahead": (claims.clock - now) // MILLISECOND,
        "slowest": rules.SLOWEST_WAY // MILLISECOND,
    }
    found = sql.row(CONTACT, values)
    if found is None:
        raise CopiedRequest
    return Device.from_db("default", COLUMNS, found)


@operation
def rename(*, by: Actor, device_id: int, name: str, now: datetime) -> None:
    """Give a tablet another name."""
    device = _held(device_id)
    if device.name != name:
        told = {"name": name, "was": device.name}
        Device.objects.filter(pk=device.pk).update(name=name)
        audit.record(by=by, action="device.renamed", subjects=_subjects(device), at=now, data=told)


@operation
def revoke(*, by: Actor, device_id: int, now: datetime) -> None:
    """Let a tablet in no more: at its next contact it forgets everything. A second time changes nothing."""
    device = _held(device_id)
    if not device.revoked_at:
        Device.objects.filter(pk=device.pk).update(revoked_at=now, code_hash=None, code_ends_at=None)
        audit.record(by=by, action="device.revoked", subjects=_subjects(device), at=now, data={"name": device.name})


def _with_code(by: Actor, device: Device, now: datetime) -> Pairing:
    groups = ["".join(secrets.choice(LETTERS) for _ in range(IN_A_GROUP)) for _ in range(GROUPS)]
    code, expires_at = "-".join(groups), now + rules.PAIRING_TIME
    Device.objects.filter(pk=device.pk).update(code_hash=hashed(_typed(code)), code_ends_at=expires_at)
    audit.record(by=by, action="device.prepared", subjects=_subjects(device), at=now, data={"name": device.name})
    return Pairing(device, code, expires_at)


def _held(device_id: int) -> Device:
    device = Device.objects.select_for_update(no_key=True).filter(pk=device_id).first()
    if device is None:
        raise NotFound
    return device


def _subjects(device: Device) -> list[str]:
    return [f"device:{device.pk}", "devices"]


def _typed(code: str) -> str:
    """Read a code as somebody types it: small letters, spaces and dashes make no difference."""
    return "".join(letter for letter in code.upper() if letter.isalnum())


def _secret() -> str:
    return urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode().rstrip("=")


def _proven(signed: SignedRequest) -> tuple[int, Claims]:
    try:
        device_id = proofs.device_of(signed)
        found = sql.row(KEY, {"town": active_town_id(), "device": device_id})
        if found:
            return device_id, proofs.claims_of(signed, public_key=dict(zip(proofs.PARTS, found, strict=True)))
    except NotProven:
        pass
    raise UnknownDevice
