"""
Accesses the office gives: to an adult, or to one child only where the town chooses so.

The password is chosen by who receives the letter; nobody at the office ever sees one.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import datetime

from campanella.domains.accounts import giving, passwords
from campanella.domains.accounts import operations as accounts
from campanella.domains.accounts import queries as users
from campanella.domains.accounts.choices import AccessChoices
from campanella.domains.accounts.documents.access_letter import AccessLetter, access_letters_pdf
from campanella.domains.accounts.models import User
from campanella.domains.accounts.operations import NameTaken
from campanella.domains.accounts.roles import Role
from campanella.domains.people import operations as people_operations
from campanella.domains.people import queries as people
from campanella.domains.schools import queries as schools
from campanella.foundation.core import audit, clock
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.core.scope import use_case
from campanella.foundation.tenants.queries import active_town
from campanella.usecases.links import portal_link
from campanella.usecases.messages import access as letters

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


class Closed(Refusal):
    """The access is closed."""

    message = "Questo accesso è chiuso: prima riaprilo."


class OwnAccess(Refusal):
    """Nobody locks themselves out."""

    message = "È il tuo accesso: non puoi chiuderlo né toglierti l’ufficio. Chiedilo a un collega."


class HasAccess(Refusal):
    """The adult has an access already."""

    message = "Ha già un accesso: puoi mandare il collegamento per una nuova password."


class OnePerChild(Refusal):
    """The town gives an access for each child, never one for all."""

    message = "Questo Comune dà un accesso per ogni figlio: si dà dalla scheda del bambino."


@use_case
def give_to_guardian(*, by: Actor, guardian_id: int, now: datetime) -> User:
    """
    Give an adult an access to all its children, and mail the link for the password.

    :raises HasAccess: there is one already
    :raises OnePerChild: the town gives an access for each child
    :raises AddressMissing: without an e-mail address
    """
    guardian = people.guardian(guardian_id=guardian_id)
    if guardian.user_id:
        raise HasAccess
    if active_town().chosen(AccessChoices).account_per_child:
        raise OnePerChild
    if not guardian.email:
        raise AddressMissing
    user = create(
        by=by, wished=f"{guardian.given_name}.{guardian.family_name}", name=guardian.full_name, email=guardian.email, now=now
    )
    people_operations.give_access(guardian=guardian, user=user)
    welcome(by=by, user=user, subject=f"guardian:{guardian_id}", now=now)
    return user


@use_case
def give_to_staff(*, by: Actor, display_name: str, email: str, roles: Sequence[Role], now: datetime) -> User:
    """Give somebody who works for the town an access; with an e-mail address, mail the link for the password."""
    user = create(by=by, wished=display_name.replace(" ", "."), name=display_name, email=email, now=now, roles=roles)
    if email:
        welcome(by=by, user=user, subject=f"user:{user.pk}", now=now)
    return user


@use_case
def print_for_guardian(*, by: Actor, guardian_id: int, now: datetime) -> bytes:
    """
    Print the letter of an adult's access, giving one first where there is none: for families without e-mail.

    Its password is for one use; an earlier password or letter no longer holds.

    :raises NotFound: the town has no such adult
    :raises Closed: the access is closed
    :raises OnePerChild: there is none, and the town gives an access for each child
    """
    return access_letters_pdf([letter_to_guardian(by=by, guardian_id=guardian_id, now=now)])


def letter_to_guardian(*, by: Actor, guardian_id: int, now: datetime) -> AccessLetter:
    """Give an adult an access where there is none, and return the letter with its password; refuses as printing does."""
    guardian = people.guardian(guardian_id=guardian_id)
    subject = f"guardian:{guardian_id}"
    if guardian.user is None and active_town().chosen(AccessChoices).account_per_child:
        raise OnePerChild
    if guardian.user is None:
        user = create(
            by=by,
            wished=f"{guardian.given_name}.{guardian.family_name}",
            name=guardian.full_name,
            email=guardian.email,
            now=now,
        )
        people_operations.give_access(guardian=guardian, user=user)
        audit.record(by=by, action="access.given", subjects=[subject], at=now, data={"username": user.username})
    else:
        user = guardian.user
    child_ids = [child.id for child in people.children_of_guardian(guardian_id=guardian_id)]
    return letter_of(by=by, user=user, address=guardian.address, about=FOR_FAMILY, now=now, child_ids=child_ids)


@use_case
def print_for_staff(*, by: Actor, user_id: int, now: datetime) -> bytes:
    """
    Print the letter of the access of somebody who works for the town.

    :raises NotFound: the town has no such member of staff
    :raises Closed: the access is closed
    """
    user = users.member_of_staff(user_id=user_id)
    return letter_for(by=by, user=user, address="", about=FOR_STAFF, now=now)


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
        address=address,
        display_name=user.display_name,
        username=user.username,
        link=_link(user),
        key=f"{user.pk}:office:{int(now.timestamp()) // ONE_LETTER_EVERY_SECONDS}",
        now=now,
    )
    subjects = [f"guardian:{guardian_id}", f"user:{user.pk}"]
    audit.record(by=by, action="access.letter", subjects=subjects, at=now, data={"username": user.username})
    return user


def _user_of(guardian_id: int) -> User:
    guardian = people.guardian(guardian_id=guardian_id)
    if guardian.user is None:
        raise NotFound
    return guardian.user


def letter_for(*, by: Actor, user: User, address: str, about: str, now: datetime) -> bytes:
    """
    Print the letter of an access, with a new password for one use.

    :raises Closed: the access is closed
    """
    return access_letters_pdf([letter_of(by=by, user=user, address=address, about=about, now=now)])


def letter_of(
    *, by: Actor, user: User, address: str, about: str, now: datetime, child_ids: Sequence[int] = ()
) -> AccessLetter:
    """
    Give an access a new password for one use, and return the letter that says it.

    :param child_ids: whom the access shows: the letter names them with their classes
    :raises Closed: the access is closed
    """
    if not user.is_active:
        raise Closed
    town = active_town()
    return AccessLetter(
        name=user.display_name,
        address=address,
        about=about,
        link=portal_link("accounts:sign-in"),
        username=user.username,
        password=giving.give_password(by=by, user=user, now=now),
        town_name=town.name,
        office_name=town.choices.office_name,
        office_info=town.choices.office_address,
        phone=town.choices.office_phone,
        made_at=now,
        children=tuple(_told(child_ids, now)),
    )


def _told(child_ids: Sequence[int], now: datetime) -> Iterator[str]:
    names, places = people.full_names(child_ids=child_ids), schools.places_of(child_ids=child_ids, day=clock.day_of(now))
    for child_id in child_ids:
        place = places.get(child_id)
        yield f"{names[child_id]}, {place.label}" if place else names[child_id]


def plain_letters(wished: str) -> str:
    """Return a wished name in the letters of any keyboard: an accent is dropped, a letter never is."""
    plain = unicodedata.normalize("NFD", wished.lower().translate(_ALONE))
    return re.sub(r"[^a-z.]", "", plain)


# Letters that no accent can be taken from.
_ALONE = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"}
)


def create(
    *, by: Actor, wished: str, name: str, email: str, now: datetime, roles: Sequence[Role] = (Role.GUARDIAN,)
) -> User:
    """Make an access that waits for its password, under the wished name or the next free one."""
    base = plain_letters(wished)[:50] or "accesso"
    for number in range(1, MOST_NAMESAKES):
        try:
            return accounts.create_user(
                by=by,
                username=base if number == 1 else f"{base}{number}",
                display_name=name[:120],
                roles=roles,
                password=None,
                email=email,
                now=now,
            )
        except NameTaken:
            continue
    raise NameTaken


def welcome(*, by: Actor, user: User, subject: str, now: datetime) -> None:
    """Mail a new access its user name and the link for its password, and note it on its person's page."""
    letters.new_access(
        address=user.email,
        display_name=user.display_name,
        username=user.username,
        link=_link(user),
        key=str(user.pk),
        now=now,
    )
    audit.record(by=by, action="access.given", subjects=[subject], at=now, data={"username": user.username})


def _link(user: User) -> str:
    return portal_link("accounts:reset", user.pk, passwords.reset_token(user=user))
