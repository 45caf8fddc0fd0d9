"""
Registering oneself: a mailbox is confirmed, then it is found out whose parent it is.

Nobody learns on a page whether a child or an adult is on record: each answer is the same for everybody, and what was found
is looked for by the worker and told by mail. What proves who somebody is, ``people.rules.registration_road`` decides.
"""

import logging
from datetime import datetime

from django.contrib.auth.hashers import make_password

from campanella.domains.accounts import entering, passwords
from campanella.domains.accounts import operations as accounts
from campanella.domains.accounts.choices import AccessChoices
from campanella.domains.accounts.entering import TooManyTries, Try
from campanella.domains.accounts.models import User
from campanella.domains.accounts.operations import NameTaken
from campanella.domains.accounts.roles import Role
from campanella.domains.people import operations as people
from campanella.domains.people import queries as persons
from campanella.domains.people import registered, registering, rules
from campanella.domains.people.models import Child, Guardian, LinkCode, Registration
from campanella.domains.people.registering import Applicant
from campanella.domains.people.tax_codes import OthersTaxCode
from campanella.foundation.core import clock
from campanella.foundation.core.audit import Actor, Software
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.scope import use_case
from campanella.foundation.tenants.queries import Town, active_town
from campanella.usecases import reckoning, registry
from campanella.usecases.access.giving import MOST_NAMESAKES
from campanella.usecases.links import portal_link
from campanella.usecases.messages import registering as letters

logger = logging.getLogger(__name__)
ON_LINE = Software("Registrazione on-line")


class RegistrationClosed(Refusal):
    """The town gives accesses at its desk only."""

    message = "In questo Comune l’accesso lo dà l’ufficio."


class TooManyRegistrations(TooManyTries):
    """Too many registrations with an address, or from one place."""

    what = "Hai già mandato più richieste"
    then = "intanto guarda la posta: i collegamenti che hai ricevuto valgono due giorni."


class TownIsFull(Refusal):
    """So many have registered in this hour that no more letters are written; whoever asks is told the same."""

    message = "In questo momento si stanno registrando in tanti: riprova tra un’ora. Se hai fretta chiama l’ufficio."


def is_open(*, town: Town) -> bool:
    """Tell whether one may register: families enter with a password, one access an adult, and the town says so."""
    chosen = town.chosen(AccessChoices)
    return chosen.registration and "password" in chosen.doors and not chosen.account_per_child


def ask(*, town: Town, applicant: Applicant, password: str, origin: str, now: datetime) -> None:
    """
    Keep what somebody writes to register, and write to the mailbox; call it outside any transaction, as ``entering.enter``.

    The answer is the same whoever asks, and so is what it costs. One mailbox is written to three times in two days.

    :raises RegistrationClosed: the town's door is closed
    :raises WeakPassword: the password is too easy
    :raises TooManyRegistrations: too many were sent
    :raises TownIsFull: so many letters were written in this hour that it can only be a machine
    """
    if not is_open(town=town):
        raise RegistrationClosed
    name = rules.full_name(given_name=applicant.given_name, family_name=applicant.family_name)
    passwords.check_strength(new=password, username=applicant.username, display_name=name, email=applicant.email)
    try:
        entering.begin(attempt=Try(f"registering:{applicant.email.lower()}", origin), now=now)
    except TooManyTries as wait:
        raise TooManyRegistrations(wait.seconds) from wait
    _keep(applicant=applicant, password=make_password(password), now=now)


@use_case
def _keep(*, applicant: Applicant, password: str, now: datetime) -> None:
    # Of many at once no more are written than may be.
    registering.hold_mailbox(email=applicant.email)
    if registered.asked_lately(now=now) >= rules.LETTERS_OF_A_TOWN:
        logger.warning("registrations are as many as an hour may have: %s", rules.LETTERS_OF_A_TOWN)
        raise TownIsFull
    has_room = registered.letters_to(email=applicant.email, now=now) < rules.LETTERS_TO_AN_ADDRESS
    made, token = registering.ask(applicant=applicant, password=password, now=now)
    if has_room:
        link = portal_link("accounts:confirm-registration", token)
        letters.confirm(address=applicant.email, link=link, key=made.pk, now=now)


@use_case
def confirm(*, token: str, now: datetime) -> None:
    """
    Take a mailbox as confirmed; the worker looks whose parent it is.

    :raises RegistrationClosed: the town has closed its door meanwhile
    :raises LinkExpired: the link is unknown, used, or older than two days
    """
    if not is_open(town=active_town()):
        raise RegistrationClosed
    registering.confirm(token=token, now=now)


@use_case
def welcome(*, registration_id: int) -> None:
    """Find out whose parent somebody is who has registered: tie, remind of the access there is, or ask the office."""
    now = clock.now()
    asked = registering.hold_confirmed(registration_id=registration_id)
    if asked is None:
        return
    adult = registered.adult_with(tax_code=asked.tax_code)
    code = registering.hold_code(code_hash=asked.code_hash, now=now)
    road = rules.registration_road(
        knows_adult=adult is not None,
        has_access=adult is not None and adult.user_id is not None,
        is_same_address=adult is not None and adult.email.lower() == asked.email.lower(),
        has_code=code is not None,
        is_code_of_adult=bool(adult and code and persons.is_tied(child_id=code.child_id, guardian_id=adult.pk)),
    )
    if road == "known" and adult and adult.user and adult.user.is_active:
        _remind(asked, adult.user, now)
        return
    user = _create(asked, now)
    if road == "tied" and (adult or code) and _tie(user, asked, adult, code, now):
        warn(adult=adult, asked=asked, sees=True, now=now)
        registering.settle(registration=asked, outcome="tied", user=user, by=user, now=now)
        count = len(persons.children_of(user=user))
        letters.tied(address=asked.email, username=user.username, count=count, key=asked.pk, now=now)
        return
    registering.settle(registration=asked, outcome="waiting", user=user, by=None, now=now)
    letters.waiting(address=asked.email, username=user.username, key=asked.pk, now=now)
    warn(adult=adult, asked=asked, sees=False, now=now)


def _remind(asked: Registration, user: User, now: datetime) -> None:
    """
    Write to a mailbox that is the adult's own which access it has.

    A link to a new password goes to the address of the access alone: who works for the town has another one there.
    """
    registering.settle(registration=asked, outcome="known", user=None, by=None, now=now)
    is_of_access = user.email.lower() in ("", asked.email.lower())
    link = portal_link("accounts:reset", user.pk, passwords.reset_token(user=user)) if is_of_access else ""
    letters.known(address=asked.email, username=user.username, link=link, user_id=user.pk, key=asked.pk, now=now)


def _create(asked: Registration, now: datetime) -> User:
    """Make the access under the wished name, or with a number behind it, which the letter alone says."""
    for number in range(1, MOST_NAMESAKES):
        try:
            user = accounts.create_user(
                by=ON_LINE,
                username=asked.username if number == 1 else f"{asked.username[:56]}{number}",
                display_name=asked.full_name[:120],
                roles=[Role.GUARDIAN],
                password=None,
                email=asked.email,
                now=now,
            )
        except NameTaken:
            continue
        accounts.take_password(user=user, encoded=asked.password)
        return user
    raise NameTaken


def _tie(user: User, asked: Registration, adult: Guardian | None, code: LinkCode | None, now: datetime) -> bool:
    """Let an access see the children whose parent it has proved to be; False where the register stands against it."""
    if adult is None and code is not None:
        try:
            adult = register(by=user, asked=asked, child=code.child, kind="parent", now=now)
        except (OthersTaxCode, registry.TaxCodeKnown):
            return False
    elif adult and code and not persons.is_tied(child_id=code.child_id, guardian_id=adult.pk):
        registry.tie(by=user, child_id=code.child_id, guardian_id=adult.pk, kind="parent", is_payer=False, now=now)
    if adult is None:
        return False
    people.give_access(guardian=adult, user=user)
    if code:
        registering.use_code(code=code, now=now)
        tell_others(child=code.child, adult=adult, now=now)
    return True


def register(*, by: Actor, asked: Registration, child: Child, kind: str, now: datetime) -> Guardian:
    """
    Put who has registered into the register, as an adult of a child; the first of its adults is who pays.

    :raises OthersTaxCode: the tax code is a child's
    :raises TaxCodeKnown: the town has an adult with it
    """
    # Held before it is read whether somebody pays: of two at once one is the first.
    reckoning.hold(child_ids=[child.pk])
    adult, _ = registry.register_guardian(
        by=by,
        child_id=child.pk,
        given_name=asked.given_name,
        family_name=asked.family_name,
        tax_code=asked.tax_code,
        email=asked.email,
        phone="",
        kind=kind,
        is_payer=not persons.guardians_of(child_id=child.pk),
        now=now,
    )
    return adult


def warn(*, adult: Guardian | None, asked: Registration, sees: bool, now: datetime) -> None:
    """
    Tell an adult of the register that somebody has registered under its tax code from another mailbox than the office has.

    :param sees: and has been let in as this adult; False that the request waits
    """
    if adult and adult.email.lower() != asked.email.lower():
        has_access = bool(adult.user and adult.user.is_active and not sees)
        letters.somebody_asks(guardian=adult, has_access=has_access, sees=sees, now=now)


def tell_others(*, child: Child, adult: Guardian, now: datetime) -> None:
    """Tell the adults a child had that one more sees it, in case nobody knows this person."""
    for tie in persons.guardians_of(child_id=child.pk):
        if tie.guardian_id != adult.pk:
            letters.one_more(guardian=tie.guardian, child=child, key=adult.pk, now=now)
