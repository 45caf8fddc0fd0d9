"""
Accesses that see one child only, where the town chooses so: each is handed to one adult, and stands for that adult.

It ends when its adult answers for the child no longer, and when another adult begins to pay.
"""

from collections.abc import Sequence
from datetime import datetime

from campanella.domains.accounts import giving
from campanella.domains.accounts.choices import AccessChoices
from campanella.domains.accounts.documents.access_letter import AccessLetter, access_letters_pdf
from campanella.domains.accounts.models import User
from campanella.domains.people import operations as people_operations
from campanella.domains.people import queries as people
from campanella.domains.people.models import ChildAccount, Guardian
from campanella.foundation.core import audit
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.core.scope import use_case
from campanella.foundation.tenants.queries import active_town
from campanella.usecases.access import giving as accesses


class NoAdult(Refusal):
    """A letter goes to an adult, and the child has none."""

    message = "Prima collega un adulto al bambino: la lettera va a lui."


class OnePerAdult(Refusal):
    """The town gives each adult one access to all its children."""

    message = "Questo Comune dà un solo accesso a ogni adulto: si dà dalla sua scheda."


class ClosedBefore(accesses.Closed):
    """The child has an access that was closed: whoever gives another one must know, and may open the first again."""

    message = "Questo bambino ha già un accesso, chiuso: riaprilo, oppure danne uno nuovo."

    def __init__(self, *, closed: Sequence[ChildAccount], adult: Guardian) -> None:
        super().__init__()
        self.closed, self.adult = closed, adult


class NotTied(Refusal):
    """The adult no longer answers for the child, so the access would see nothing."""

    message = "Chi ha questo accesso non è più collegato al bambino: riaperto non vedrebbe nulla."


@use_case
def give(*, by: Actor, child_id: int, guardian_id: int | None = None, now: datetime) -> User:
    """
    Hand one of a child's adults an access that sees this child only, and mail the link for the password.

    :param guardian_id: the adult it is for; None for the payer
    :raises NotFound: the town has no such child, or the adult does not answer for it
    :raises OnePerAdult: the town gives no accesses for one child
    :raises NoAdult: the child has no adult
    :raises AddressMissing: the adult has no e-mail address
    :raises HasChildAccess: the adult was handed one for this child
    :raises ClosedBefore: no adult is named, and there is one that was closed
    """
    adult = _adult_of(child_id, guardian_id)
    _own_access(child_id, adult, is_named=guardian_id is not None)
    if not adult.email:
        raise accesses.AddressMissing
    user = _hand(by=by, child_id=child_id, adult=adult, now=now)
    accesses.welcome(by=by, user=user, subject=f"child:{child_id}", now=now)
    return user


@use_case
def print_letter(*, by: Actor, child_id: int, guardian_id: int | None = None, now: datetime) -> bytes:
    """
    Print the letter of an adult's access that sees one child only, giving one first where there is none.

    :param guardian_id: the adult whose access it is; None for the payer
    :raises NotFound: the town has no such child, or the adult does not answer for it
    :raises NoAdult: there is nobody to whom the letter could go
    :raises OnePerAdult: there is none, and the town gives no accesses for one child
    :raises ClosedBefore: the adult's access is closed; or no adult is named, and another's was closed
    """
    return access_letters_pdf([letter(by=by, child_id=child_id, guardian_id=guardian_id, now=now)])


def letter(*, by: Actor, child_id: int, guardian_id: int | None = None, now: datetime) -> AccessLetter:
    """Hand an access where there is none, and return the letter with its password; refuses as printing does."""
    adult = _adult_of(child_id, guardian_id)
    own = _own_access(child_id, adult, is_named=guardian_id is not None)
    if own:
        user = own.user
    else:
        user = _hand(by=by, child_id=child_id, adult=adult, now=now)
        audit.record(by=by, action="access.given", subjects=[f"child:{child_id}"], at=now, data={"username": user.username})
    about = accesses.FOR_FAMILY
    return accesses.letter_of(by=by, user=user, address=adult.address, about=about, now=now, child_ids=[child_id])


@use_case
def keep(*, by: Actor, child_id: int, user_id: int, is_open: bool, now: datetime) -> None:
    """
    Close an access that sees one child only, or open it again.

    :raises NotFound: the child has no such access
    :raises NotTied: it would be opened for an adult who no longer answers for the child
    """
    found = next((one for one in people.child_accounts(child_id=child_id) if one.user_id == user_id), None)
    if found is None:
        raise NotFound
    if is_open and not people.is_tied(child_id=child_id, guardian_id=found.holder_id):
        raise NotTied
    (giving.reopen if is_open else giving.close)(by=by, user=found.user, now=now)


def close_of(*, by: Actor, child_id: int, guardian_id: int, now: datetime) -> list[str]:
    """
    Close what an adult was handed for one child: it pays no longer, or answers for the child no longer.

    :returns: the user names that were open
    """
    handed = [one.user for one in people.child_accounts(child_id=child_id) if one.holder_id == guardian_id]
    closed = [user for user in handed if user.is_active]
    for user in closed:
        giving.close(by=by, user=user, now=now)
    return [user.username for user in closed]


def _adult_of(child_id: int, guardian_id: int | None) -> Guardian:
    ties = people.guardians_of(child_id=people.child(child_id=child_id).pk)
    if not ties:
        raise NoAdult
    found = next((tie.guardian for tie in ties if guardian_id in (None, tie.guardian_id)), None)
    if found is None:
        raise NotFound
    return found


def _own_access(child_id: int, adult: Guardian, *, is_named: bool) -> ChildAccount | None:
    """Return the access that the adult was handed for the child; a closed one, or one that nobody names, is asked about."""
    handed = people.child_accounts(child_id=child_id)
    own = next((one for one in handed if one.holder_id == adult.pk), None)
    if own and not own.user.is_active:
        raise ClosedBefore(closed=[own], adult=adult)
    closed = [one for one in handed if not one.user.is_active]
    if not own and not is_named and closed:
        raise ClosedBefore(closed=closed, adult=adult)
    return own


def _hand(*, by: Actor, child_id: int, adult: Guardian, now: datetime) -> User:
    if not active_town().chosen(AccessChoices).account_per_child:
        raise OnePerAdult
    child = people.child(child_id=child_id)
    wished = f"{child.given_name}.{child.family_name}"
    user = accesses.create(by=by, wished=wished, name=adult.full_name, email=adult.email, now=now)
    people_operations.give_child_access(child=child, user=user, holder=adult)
    return user
