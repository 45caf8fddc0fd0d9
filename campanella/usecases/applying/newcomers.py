"""
Who has registered and is tied to no child yet applies for one that is not on record: the first of a new family.

What it writes is kept as it was said; nobody learns whether the child, or the adult, is on record. Once the office accepts,
its registration is accepted too (decision 61), which makes the adult and ties it, as on the page of the requests.
"""

from datetime import datetime
from typing import Any

from campanella.domains.accounts.models import User
from campanella.domains.applying import operations, queries
from campanella.domains.applying.queries import Application
from campanella.domains.people import queries as people
from campanella.domains.people import registered
from campanella.domains.people.models import Child, Guardian
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.core.scope import use_case
from campanella.usecases import registry
from campanella.usecases.access import requests
from campanella.usecases.access.registering import tell_others
from campanella.usecases.applying.writing import check_open


class NotIdentified(Refusal):
    """The register has an adult with this tax code, or the child for others: a code alone is no proof."""

    message = (
        "Chi ha fatto la domanda, o il bambino, è già in anagrafica, e non risultano collegati: "
        "apri la domanda, guarda un documento e dillo, poi accettala."
    )


class NoRequest(Refusal):
    """What the person had asked for was decided otherwise."""

    message = "La sua richiesta di accesso è già stata decisa, e non è tra gli adulti: guarda tra le richieste di accesso."


@use_case
def begin(*, call_id: int, user: User, received_at: datetime, now: datetime) -> Application:
    """
    Begin an application for a child that is not on record, by somebody who waits for the office.

    :raises NotFound: the town has no such call, or this access waits for nothing
    :raises NotOpen: it is not open
    """
    call, asked = queries.call(call_id=call_id), registered.waiting_of(user=user)
    if asked is None:
        raise NotFound
    check_open(call=call, received_at=received_at)
    names = ("given_name", "family_name", "tax_code", "email")
    data: dict[str, Any] = {"adult": {name: getattr(asked, name) for name in names}}
    return operations.begin(call=call, guardian=None, user=user, child=None, data=data, is_by_office=False, now=now)


def admit(*, by: Actor, row: Application, child: Child, is_new: bool, is_identified: bool, now: datetime) -> Guardian:
    """
    Let who has applied be an adult of a child, by the road of its registration; part of an acceptance.

    :param is_new: the child was on no record; of one that was, whoever has its adults or none, somebody sees a document
    :raises NotIdentified: one of them is on record without the other, and nobody has seen a document
    :raises NoRequest: the registration was decided, and it is nobody's adult
    :raises HasAccessAlready: the adult on record enters already
    """
    if row.user is None:
        raise NoRequest
    adult = queries.adult_of(application=row)
    if adult is None:
        asked = registered.waiting_of(user=row.user)
        if asked is None:
            raise NoRequest
        if not is_identified and (not is_new or registered.adult_with(tax_code=asked.tax_code)):
            raise NotIdentified
        requests.accept(by=by, registration_id=asked.pk, child_ids=[child.pk], kind="parent", now=now)
        adult = people.guardian_of(user=row.user)
        if adult is None:
            raise NoRequest
        return adult
    if not people.is_tied(child_id=child.pk, guardian_id=adult.pk):
        if not is_new and not is_identified:
            raise NotIdentified
        is_payer = not people.guardians_of(child_id=child.pk)
        registry.tie(by=by, child_id=child.pk, guardian_id=adult.pk, kind="parent", is_payer=is_payer, now=now)
        tell_others(child=child, adult=adult, now=now)
    return adult
