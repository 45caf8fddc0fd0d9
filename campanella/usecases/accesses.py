"""
Accesses the office gives: to an adult, or to one child only where the town chooses so.

The password is chosen by who receives the letter; nobody at the office ever sees one.
"""

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime

from campanella.domains.accounts import giving
from campanella.domains.accounts import operations as accounts
from campanella.domains.accounts import queries as users
from campanella.domains.accounts.documents.access_letter import AccessLetter, access_letter_pdf
from campanella.domains.accounts.models import Role, User
from campanella.domains.accounts.operations import NameTaken
from campanella.domains.people import operations as people_operations
from campanella.domains.people import queries as people
from campanella.foundation.core import audit
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.core.scope import use_case
from campanella.foundation.tenants.queries import active_town
from campanella.usecases.links import portal_link
from campanella.usecases.messages import letters

# A double click sends one letter.
ONE_LETTER_EVERY_SECONDS = 60
MOST_NAMESAKES = 100
FOR_FAMILY = (
    "Con questo accesso vedi il credito e le presenze di tuo figlio, ricarichi e paghi gli avvisi. "
    "È personale: l'altro genitore ne può chiedere uno suo."
)
FOR_STAFF = "Con questo accesso lavori nei servizi scolastici del Comune. È personale: non prestarlo ai colleghi."

audit.sentences(
    {
        "access.given": "ha dato l’accesso {username}",
        "access.letter": "ha mandato il collegamento per la nuova password di {username}",
    }
)


class AddressMissing(Refusal):
    """There is no e-mail address to write to."""

    message = "Manca l’e-mail: scrivila nei recapiti, poi riprova."


class NoAdult(Refusal):
    """A letter goes to an adult, and the child has none."""

    message = "Prima collega un adulto al bambino: la lettera va a lui."


class Closed(Refusal):
    """The access is closed."""

    message = "Questo accesso è chiuso: prima riaprilo."


class OwnAccess(Refusal):
    """Nobody locks themselves out."""

    message = "È il tuo accesso: non puoi chiuderlo né toglierti l’ufficio. Chiedilo a un collega."


class HasAccess(Refusal):
    """The adult has an access already."""

    message = "Ha già un accesso: puoi mandare il collegamento per una nuova password."


@use_case
def give_to_guardian(*, by: Actor, guardian_id: int, now: datetime) -> User:
    """
    Give an adult an access to all its children, and mail the link for the password.

    :raises HasAccess: there is one already
    :raises AddressMissing: without an e-mail address
    """
    guardian = people.guardian(guardian_id=guardian_id)
    if guardian.user_id:
        raise HasAccess
    if not guardian.email:
        raise AddressMissing
    user = _create(by=by, wished=f"{guardian.given_name}.{guardian.family_name}", name=guardian.full_name,
                   email=guardian.email, now=now)  # fmt: skip
    people_operations.give_access(guardian=guardian, user=user)
    _welcome(by=by, user=user, subject=f"guardian:{guardian_id}", now=now)
    return user


@use_case
def give_to_child(*, by: Actor, child_id: int, now: datetime) -> User:
    """
    Give an access that sees one child only, and mail the link for the password to the payer.

    :raises AddressMissing: the payer has no e-mail address
    """
    child = people.child(child_id=child_id)
    payer = people.payer_of(child_id=child_id)
    if payer is None or not payer.email:
        raise AddressMissing
    user = _create(by=by, wished=f"{child.given_name}.{child.family_name}", name=payer.full_name, email=payer.email, now=now)
    people_operations.give_child_access(child=child, user=user)
    _welcome(by=by, user=user, subject=f"child:{child_id}", now=now)
    return user


@use_case
def give_to_staff(*, by: Actor, display_name: str, email: str, roles: Sequence[Role], now: datetime) -> User:
    """Give somebody who works for the town an access; with an e-mail address, mail the link for the password."""
    user = _create(by=by, wished=display_name.replace(" ", "."), name=display_name, email=email, now=now, roles=roles)
    if email:
        _welcome(by=by, user=user, subject=f"user:{user.pk}", now=now)
    return user


@use_case
def print_for_guardian(*, by: Actor, guardian_id: int, now: datetime) -> bytes:
    """
    Print the letter of an adult's access, giving one first where there is none: for families without e-mail.

    Its password is for one use; an earlier password or letter no longer holds.

    :raises NotFound: the town has no such adult
    :raises Closed: the access is closed
    """
    guardian = people.guardian(guardian_id=guardian_id)
    subject = f"guardian:{guardian_id}"
    if guardian.user is None:
        user = _create(by=by, wished=f"{guardian.given_name}.{guardian.family_name}", name=guardian.full_name,
                       email=guardian.email, now=now)  # fmt: skip
        people_operations.give_access(guardian=guardian, user=user)
        audit.record(by=by, action="access.given", subjects=[subject], at=now, data={"username": user.username})
    else:
        user = guardian.user
    return _letter(by=by, user=user, address=guardian.address, about=FOR_FAMILY, now=now)


@use_case
def print_for_child(*, by: Actor, child_id: int, now: datetime) -> bytes:
    """
    Print the letter of the access that sees one child only, giving one first where there is none.

    :raises NotFound: the town has no such child
    :raises NoAdult: there is nobody to whom the letter could go
    :raises Closed: the access is closed
    """
    child, payer = people.child(child_id=child_id), people.payer_of(child_id=child_id)
    if payer is None:
        raise NoAdult
    found = people.child_accounts(child_id=child_id)
    if found:
        user = found[-1].user
    else:
        user = _create(by=by, wished=f"{child.given_name}.{child.family_name}", name=payer.full_name, email=payer.email,
                       now=now)  # fmt: skip
        people_operations.give_child_access(child=child, user=user)
        audit.record(by=by, action="access.given", subjects=[f"child:{child_id}"], at=now, data={"username": user.username})
    return _letter(by=by, user=user, address=payer.address, about=FOR_FAMILY, now=now)


@use_case
def print_for_staff(*, by: Actor, user_id: int, now: datetime) -> bytes:
    """
    Print the letter of the access of somebody who works for the town.

    :raises NotFound: the town has no such member of staff
    :raises Closed: the access is closed
    """
    user = users.member_of_staff(user_id=user_id)
    return _letter(by=by, user=user, address="", about=FOR_STAFF, now=now)


@use_case
def close(*, by: Actor, guardian_id: int, now: datetime) -> None:
    """
    Close an adult's access: from this moment nobody enters with it; the adult stays in the register.

    :raises NotFound: the adult has no access
    :raises OwnAccess: it is one's own
    """
    user = _user_of(guardian_id)
    if user.pk == by.actor_id:
        raise OwnAccess
    giving.close(by=by, user=user, now=now)


@use_case
def reopen(*, by: Actor, guardian_id: int, now: datetime) -> None:
    """
    Open an adult's access again.

    :raises NotFound: the adult has no access
    """
    giving.reopen(by=by, user=_user_of(guardian_id), now=now)


@use_case
def keep_child_access(*, by: Actor, child_id: int, user_id: int, is_open: bool, now: datetime) -> None:
    """
    Close an access that sees one child only, or open it again.

    :raises NotFound: the child has no such access
    """
    found = [one.user for one in people.child_accounts(child_id=child_id) if one.user_id == user_id]
    if not found:
        raise NotFound
    (giving.reopen if is_open else giving.close)(by=by, user=found[0], now=now)


@use_case
def mail_new_password(*, by: Actor, guardian_id: int, now: datetime) -> User:
    """
    Mail an adult the link for a new password.

    :raises NotFound: the adult has no access
    :raises AddressMissing: without an e-mail address
    :raises Closed: the access is closed
    """
    guardian = people.guardian(guardian_id=guardian_id)
    if guardian.user_id is None:
        raise NotFound
    user = users.user(user_id=guardian.user_id)
    if not user.is_active:
        raise Closed
    address = guardian.email or user.email
    if not address:
        raise AddressMissing
    letters.password_reset(
        address=address, display_name=user.display_name, username=user.username, link=_link(user),
        key=f"{user.pk}:office:{int(now.timestamp()) // ONE_LETTER_EVERY_SECONDS}", now=now,
    )  # fmt: skip
    audit.record(
        by=by, action="access.letter", subjects=[f"guardian:{guardian_id}"], at=now, data={"username": user.username}
    )
    return user


def _user_of(guardian_id: int) -> User:
    guardian = people.guardian(guardian_id=guardian_id)
    if guardian.user is None:
        raise NotFound
    return guardian.user


def _letter(*, by: Actor, user: User, address: str, about: str, now: datetime) -> bytes:
    if not user.is_active:
        raise Closed
    town = active_town()
    letter = AccessLetter(
        name=user.display_name, address=address, about=about, site=portal_link("accounts:sign-in").partition("://")[2],
        username=user.username, password=giving.give_password(by=by, user=user, now=now), town_name=town.name,
        office_name=town.choices.office_name, office_info=town.choices.office_address, made_at=now,
    )  # fmt: skip
    return access_letter_pdf(letter)


def _create(
    *, by: Actor, wished: str, name: str, email: str, now: datetime, roles: Sequence[Role] = (Role.GUARDIAN,)
) -> User:  # fmt: skip
    plain = unicodedata.normalize("NFD", wished.lower())
    base = re.sub(r"[^a-z.]", "", plain)[:50] or "accesso"
    for number in range(1, MOST_NAMESAKES):
        try:
            return accounts.create_user(
                by=by, username=base if number == 1 else f"{base}{number}", display_name=name[:120],
                roles=roles, password=None, email=email, now=now,
            )  # fmt: skip
        except NameTaken:
            continue
    raise NameTaken


def _welcome(*, by: Actor, user: User, subject: str, now: datetime) -> None:
    letters.new_access(address=user.email, display_name=user.display_name, username=user.username, link=_link(user),
                       key=str(user.pk), now=now)  # fmt: skip
    audit.record(by=by, action="access.given", subjects=[subject], at=now, data={"username": user.username})


def _link(user: User) -> str:
    return portal_link("accounts:reset", user.pk, accounts.reset_token(user=user))
