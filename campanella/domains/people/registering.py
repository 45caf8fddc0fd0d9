"""Registering oneself: what was written, the link that confirms its mailbox, what becomes of it; and the codes that tie."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from campanella.domains.accounts.hashing import hashed
from campanella.domains.accounts.models import User
from campanella.domains.accounts.operations import LinkExpired
from campanella.domains.people import registered, rules
from campanella.domains.people.events import RegistrationConfirmed
from campanella.domains.people.models import Child, LinkCode, Registration
from campanella.foundation.core import audit, sql
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.core.events import publish
from campanella.foundation.core.scope import active_town_id, operation

audit.sentences({"child.link_code": "ha stampato un codice per registrarsi come genitore"})


class DecidedAlready(Refusal):
    """A colleague was quicker."""

    message = "Questa richiesta l’ha già decisa un collega: guarda qui sotto com’è andata."


@dataclass(frozen=True, slots=True)
class Applicant:
    """
    What somebody writes to register.

    :ivar code: a child's link code as typed, empty without one
    :ivar about: whose parent it is, in words for the office
    """

    given_name: str
    family_name: str
    tax_code: str
    email: str
    username: str
    code: str
    about: str


@operation
def ask(*, applicant: Applicant, password: str, now: datetime) -> tuple[Registration, str]:
    """
    Keep what somebody wrote until the mailbox is confirmed.

    :param password: hashed
    :returns: the row, and the token for its link; only its hash is stored
    """
    token = secrets.token_urlsafe(24)
    made = Registration.objects.create(
        token_hash=hashed(token),
        given_name=applicant.given_name,
        family_name=applicant.family_name,
        tax_code=applicant.tax_code,
        email=applicant.email,
        username=applicant.username.lower(),
        password=password,
        code_hash=registered.hash_of_code(applicant.code),
        about=applicant.about,
        asked_at=now,
    )
    return made, token


@operation
def hold_mailbox(*, email: str) -> None:
    """Let those who register with one address come one after the other."""
    sql.take_turns(f"registering:{hashed(email.lower())}", active_town_id())


@operation
def confirm(*, token: str, now: datetime) -> Registration:
    """
    Take a mailbox as confirmed, once; what follows is found out by the worker, and told by mail alone.

    :raises LinkExpired: the link is unknown, used, or older than two days
    """
    since = now - timedelta(hours=rules.REGISTRATION_HOURS)
    waiting = Registration.objects.select_for_update(no_key=True, of=("self",))
    found = waiting.filter(token_hash=hashed(token), confirmed_at=None, asked_at__gt=since).first()
    if found is None:
        raise LinkExpired
    found.confirmed_at = now
    found.save(update_fields=["confirmed_at"])
    publish(RegistrationConfirmed(registration_id=found.pk))
    return found


@operation
def hold_confirmed(*, registration_id: int) -> Registration | None:
    """Hold a registration whose mailbox is confirmed and that nobody has looked at; None the second time."""
    rows = Registration.objects.select_for_update(no_key=True, of=("self",))
    return rows.filter(pk=registration_id, outcome="").exclude(confirmed_at=None).first()


@operation
def hold_waiting(*, registration_id: int) -> Registration:
    """
    Hold a registration that waits for the office.

    :raises NotFound: the town has none
    :raises DecidedAlready: it waits no more
    """
    found = Registration.objects.select_for_update(no_key=True, of=("self",)).filter(pk=registration_id).first()
    if found is None or not found.outcome:
        raise NotFound
    if found.outcome != "waiting":
        raise DecidedAlready
    return found


@operation
def hold_waiting_of(*, user: User) -> Registration | None:
    """Hold the registration by which an access waits for the office, if it does."""
    rows = Registration.objects.select_for_update(no_key=True, of=("self",))
    return rows.filter(user=user, outcome="waiting").first()


@operation
def settle(*, registration: Registration, outcome: str, user: User | None, by: Actor | None, now: datetime) -> None:
    """Write down what has become of a registration; its password is kept here no longer."""
    registration.outcome, registration.password, registration.user = outcome, "", user
    if outcome != "waiting":
        registration.decided_at, registration.decided_by_id = now, by.actor_id if by else None
    registration.save(update_fields=["outcome", "password", "user", "decided_at", "decided_by_id"])


@operation
def make_code(*, by: Actor, child: Child, now: datetime) -> str:
    """
    Make a code that ties who registers to a child: 56 bits of chance, for one use within sixty days.

    :returns: the code as it is printed; only its hash is stored
    """
    code = "".join(secrets.choice(rules.CODE_ALPHABET) for _ in range(rules.LINK_CODE_LENGTH))
    LinkCode.objects.create(
        child=child,
        code_hash=registered.hash_of_code(code),
        made_at=now,
        made_by_id=by.actor_id,
        ends_at=now + timedelta(days=rules.LINK_CODE_DAYS),
    )
    audit.record(by=by, action="child.link_code", subjects=[f"child:{child.pk}"], at=now)
    return rules.in_link_groups(code)


@operation
def hold_code(*, code_hash: str, now: datetime) -> LinkCode | None:
    """Hold a link code with its child; None where it is none, has ended, or somebody has used it."""
    rows = LinkCode.objects.select_for_update(no_key=True, of=("self",)).select_related("child")
    return rows.filter(code_hash=code_hash, used_at=None, ends_at__gt=now).first() if code_hash else None


@operation
def use_code(*, code: LinkCode, now: datetime) -> None:
    """Use a held code up."""
    code.used_at = now
    code.save(update_fields=["used_at"])


@operation
def end_codes(*, child_id: int, now: datetime) -> None:
    """Let the codes of a child hold no more that nobody has used: one of them may be in the hands of who was just untied."""
    LinkCode.objects.filter(child_id=child_id, used_at=None, ends_at__gt=now).update(ends_at=now)


@operation
def forget_old(*, now: datetime) -> None:
    """Forget who never confirmed a mailbox, what came to something a year ago, and codes that have ended as long ago."""
    Registration.objects.filter(confirmed_at=None, asked_at__lte=now - timedelta(hours=rules.REGISTRATION_HOURS)).delete()
    Registration.objects.filter(decided_at__lte=now - rules.REGISTRATIONS_KEPT).delete()
    LinkCode.objects.filter(ends_at__lte=now - rules.REGISTRATIONS_KEPT).delete()
