"""To whom a child may be handed over, and who may go home alone (R12)."""

from datetime import date, datetime

from django.core.files.storage import default_storage

from campanella.domains.people import queries
from campanella.domains.people.choices import PickUpChoices
from campanella.domains.people.delegates import live
from campanella.domains.people.models import AloneConsent, Child, Delegate
from campanella.domains.people.rules import is_adult
from campanella.foundation.core import audit, clock, files
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.core.handed import kind_of
from campanella.foundation.core.scope import operation
from campanella.foundation.tenants.queries import active_town

audit.sentences(
    {
        "delegate.written": "ha indicato una persona che può prendere il bambino",
        "delegate.confirmed": "ha confermato una persona che può prendere il bambino",
        "delegate.copy_read": "ha aperto la copia del documento di una persona delegata",
        "delegate.ended": "ha tolto una persona che poteva prendere il bambino",
        "alone.signed": "ha firmato che il bambino può tornare a casa da solo",
        "alone.ended": "ha ritirato la firma perché il bambino tornasse a casa da solo",
    }
)


class NotOfAge(Refusal):
    """Who is not of age takes no child home."""

    message = "Può prendere il bambino solo chi ha compiuto 18 anni."


class TooManyDelegates(Refusal):
    """The town has a limit."""


class CopyRefused(Refusal):
    """The file is too large, or is none that a copy comes as."""

    message = "La copia del documento può essere PDF, PNG o JPG, al massimo 5 MB."


class AloneNotAllowed(Refusal):
    """The town lets nobody of this school go home alone."""

    message = "In questa scuola un bambino va sempre preso da un adulto."


@operation
def name(
    *,
    by: Actor,
    child_id: int,
    given_name: str,
    family_name: str,
    birth_date: date,
    document: str,
    phone: str,
    until: date,
    is_confirmed: bool,
    now: datetime,
    copy: bytes | None = None,
) -> Delegate:
    """
    Write down who may take a child home beside its parents.

    :param until: the last day, included
    :param is_confirmed: the office writes it, and has seen the document; else it waits for the office
    :param copy: of the document, kept until the office has looked at it
    :raises NotOfAge: under eighteen
    :raises CopyRefused: the copy is over 5 MB, or neither PDF nor picture
    :raises TooManyDelegates: the town allows no more
    """
    if not is_adult(birth_date=birth_date, today=clock.day_of(now)):
        raise NotOfAge
    Child.objects.select_for_update(no_key=True, of=("self",)).get(pk=child_id)
    most = active_town().chosen(PickUpChoices).delegates_most
    if len(live(child_ids=[child_id], today=clock.day_of(now))) >= most:
        words = "Qui prendono i bambini solo i genitori." if most == 0 else f"Al massimo {most}: prima togline una."
        raise TooManyDelegates(words)
    kind = kind_of(copy) if copy else ""
    if kind is None:
        raise CopyRefused
    delegate = Delegate.objects.create(
        copy_as=files.keep(folder="delegates", content=copy) if copy else "",
        copy_kind=kind,
        child_id=child_id,
        given_name=given_name,
        family_name=family_name,
        birth_date=birth_date,
        document=document,
        phone=phone,
        until=until,
        written_at=now,
        written_by_id=by.actor_id,
        confirmed_at=now if is_confirmed else None,
    )
    audit.record(by=by, action="delegate.written", subjects=[f"child:{child_id}"], at=now)
    return delegate


@operation
def confirm(*, by: Actor, child_id: int, delegate_id: int, now: datetime) -> None:
    """
    Confirm, having seen the document; twice changes nothing.

    :raises NotFound: the child has no such delegate any more
    """
    row = _delegate(child_id, delegate_id)
    if row.confirmed_at is None:
        _forget_copy(row)
        Delegate.objects.filter(pk=row.pk).update(confirmed_at=now)
        audit.record(by=by, action="delegate.confirmed", subjects=[f"child:{child_id}"], at=now)


@operation
def end(*, by: Actor, child_id: int, delegate_id: int, now: datetime) -> None:
    """
    Take a delegate away, from this moment.

    :raises NotFound: the child has no such delegate any more
    """
    row = _delegate(child_id, delegate_id)
    _forget_copy(row)
    Delegate.objects.filter(pk=row.pk).update(ended_at=now)
    audit.record(by=by, action="delegate.ended", subjects=[f"child:{child_id}"], at=now)


@operation
def read_copy(*, by: Actor, child_id: int, delegate_id: int, now: datetime) -> tuple[bytes, str]:
    """
    Open the copy of a delegate's document, and its kind; the reading is written down.

    :raises NotFound: there is none, or the storage has lost it
    """
    row = _delegate(child_id, delegate_id)
    try:
        if not row.copy_as:
            raise NotFound
        with default_storage.open(row.copy_as, "rb") as stored:
            content = bytes(stored.read())
    except FileNotFoundError:
        raise NotFound
    audit.record(by=by, action="delegate.copy_read", subjects=[f"child:{child_id}"], at=now)
    return content, row.copy_kind


@operation
def sign_alone(*, by: Actor, child_id: int, guardian_id: int, level: str, until: date, now: datetime) -> None:
    """
    Put on record that an adult lets a child go home alone; twice changes nothing.

    :param level: of the child's school
    :raises AloneNotAllowed: the town lets nobody of that school
    :raises NotFound: the adult does not answer for the child
    """
    if level not in active_town().chosen(PickUpChoices).alone_levels:
        raise AloneNotAllowed
    if not queries.is_tied(child_id=child_id, guardian_id=guardian_id):
        raise NotFound
    AloneConsent.objects.filter(child_id=child_id, guardian_id=guardian_id, ended_at=None).exclude(
        until__gte=clock.day_of(now)
    ).update(ended_at=now)
    _, is_made = AloneConsent.objects.get_or_create(
        child_id=child_id,
        guardian_id=guardian_id,
        ended_at=None,
        defaults={"until": until, "signed_at": now, "signed_by_id": by.actor_id},
    )
    if is_made:
        audit.record(by=by, action="alone.signed", subjects=[f"child:{child_id}"], at=now)


@operation
def withdraw_alone(*, by: Actor, child_id: int, guardian_id: int, now: datetime) -> None:
    """Take a signature back: from this moment the child is handed to an adult."""
    live = AloneConsent.objects.filter(child_id=child_id, guardian_id=guardian_id, ended_at=None)
    if live.update(ended_at=now):
        audit.record(by=by, action="alone.ended", subjects=[f"child:{child_id}"], at=now)


def _forget_copy(row: Delegate) -> None:
    """Take the copy away: once somebody has decided, nobody needs it."""
    if row.copy_as:
        files.remove(row.copy_as)
        Delegate.objects.filter(pk=row.pk).update(copy_as="", copy_kind="")


def _delegate(child_id: int, delegate_id: int) -> Delegate:
    found = Delegate.objects.filter(pk=delegate_id, child_id=child_id, ended_at=None).first()
    if found is None:
        raise NotFound
    return found
