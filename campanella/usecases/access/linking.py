"""Codes that tie an adult to a child: printed by the office, written by who has an access already."""

from datetime import datetime

from campanella.domains.accounts import entering
from campanella.domains.accounts.entering import TooManyTries, Try
from campanella.domains.accounts.models import User
from campanella.domains.people import operations as people
from campanella.domains.people import queries as persons
from campanella.domains.people import registered, registering
from campanella.domains.people.documents.link_code import LinkLetter, link_code_pdf
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.scope import use_case
from campanella.foundation.tenants.queries import active_town
from campanella.usecases import registry
from campanella.usecases.access import registering as applying
from campanella.usecases.links import portal_link


class NoSuchCode(Refusal):
    """It is no code, it has ended, somebody has used it, or it is no proof: which of them is not told."""

    message = (
        "Con questo codice non possiamo collegarti: è scritto in un altro modo, è già stato usato, non vale più, o deve "
        "guardarlo l’ufficio. Ricontrollalo, o chiama l’ufficio."
    )


class TooManyLinkCodes(TooManyTries):
    """Too many codes that are none."""

    what = "Hai provato più codici che non valgono"
    then = "intanto ricontrolla la lettera dell’ufficio, oppure chiamalo."


@use_case
def print_code(*, by: Actor, child_id: int, now: datetime) -> bytes:
    """
    Print a letter with a new code for one more adult of a child; codes of before go on holding until they are used.

    :raises NotFound: the town has no such child
    """
    child, town = persons.child(child_id=child_id), active_town()
    return link_code_pdf(
        LinkLetter(
            child=child.full_name,
            code=registering.make_code(by=by, child=child, now=now),
            link=portal_link("accounts:register"),
            town_name=town.name,
            office_name=town.choices.office_name,
            office_info=town.choices.office_address,
            phone=town.choices.office_phone,
            made_at=now,
        )
    )


def use(*, by: User, typed: str, now: datetime) -> str:
    """
    Tie who is signed in to the child of a code.

    :returns: the child's given name
    :raises NoSuchCode: no such code holds
    :raises TooManyLinkCodes: too many were none; the next is looked at in a while
    :raises TiedAlready: it is one's own child already
    """
    # Written down before the transaction of the tie, so that a failure stays counted.
    name = f"link code:{by.pk}"
    try:
        entering.begin(attempt=Try(name, origin=""), now=now)
    except TooManyTries as wait:
        raise TooManyLinkCodes(wait.seconds) from wait
    given_name = _use(by=by, code_hash=registered.hash_of_code(typed), now=now)
    entering.forget_failures(name=name)
    return given_name


@use_case
def _use(*, by: User, code_hash: str, now: datetime) -> str:
    code = registering.hold_code(code_hash=code_hash, now=now)
    if code is None:
        raise NoSuchCode
    adult = persons.guardian_of(user=by)
    if adult is None:
        asked = registering.hold_waiting_of(user=by)
        if asked is None:
            raise NoSuchCode
        adult = registered.adult_with(tax_code=asked.tax_code)
        # As ``people.rules.registration_road``: whose adult has an access already waits for the office, code or not.
        if adult and (adult.user_id or not persons.is_tied(child_id=code.child_id, guardian_id=adult.pk)):
            raise NoSuchCode
        applying.warn(adult=adult, asked=asked, sees=True, now=now)
        adult = adult or applying.register(by=by, asked=asked, child=code.child, kind="parent", now=now)
        people.give_access(guardian=adult, user=by)
        registering.settle(registration=asked, outcome="tied", user=by, by=by, now=now)
    else:
        registry.tie(by=by, child_id=code.child_id, guardian_id=adult.pk, kind="parent", is_payer=False, now=now)
    registering.use_code(code=code, now=now)
    applying.tell_others(child=code.child, adult=adult, now=now)
    return code.child.given_name
