"""
Accesses the office gives: to an adult, or to one child only where the town chooses so.

The password is chosen by who receives the letter; nobody at the office ever sees one.
"""

import re
import unicodedata
from datetime import datetime

from campanella.domains.accounts import operations as accounts
from campanella.domains.accounts import queries as users
from campanella.domains.accounts.models import Role, User
from campanella.domains.accounts.operations import NameTaken
from campanella.domains.people import operations as people_operations
from campanella.domains.people import queries as people
from campanella.foundation.core import audit
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.core.scope import use_case
from campanella.usecases.links import portal_link
from campanella.usecases.messages import letters

# A double click sends one letter.
ONE_LETTER_EVERY_SECONDS = 60
MOST_NAMESAKES = 100

audit.sentences(
    {
        "access.given": "ha dato l’accesso {username}",
        "access.letter": "ha mandato il collegamento per la nuova password di {username}",
    }
)


class AddressMissing(Refusal):
    """There is no e-mail address to write to."""

    message = "Manca l’e-mail: scrivila nei recapiti, poi riprova."


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
def mail_new_password(*, by: Actor, guardian_id: int, now: datetime) -> User:
    """
    Mail an adult the link for a new password.

    :raises NotFound: the adult has no access
    :raises AddressMissing: without an e-mail address
    """
    guardian = people.guardian(guardian_id=guardian_id)
    if guardian.user_id is None:
        raise NotFound
    user = users.user(user_id=guardian.user_id)
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


def _create(*, by: Actor, wished: str, name: str, email: str, now: datetime) -> User:
    plain = unicodedata.normalize("NFD", wished.lower())
    base = re.sub(r"[^a-z.]", "", plain)[:50] or "accesso"
    for number in range(1, MOST_NAMESAKES):
        try:
            return accounts.create_user(
                by=by, username=base if number == 1 else f"{base}{number}", display_name=name[:120],
                roles=[Role.GUARDIAN], password=None, email=email, now=now,
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
