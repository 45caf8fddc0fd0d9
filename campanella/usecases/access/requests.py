"""What the office decides of those who have registered, and have proved by nothing whose parent they are."""

from collections.abc import Sequence
from datetime import datetime

from campanella.domains.accounts import giving
from campanella.domains.accounts.models import User
from campanella.domains.people import operations as people
from campanella.domains.people import queries as persons
from campanella.domains.people import registered, registering
from campanella.domains.people.models import Guardian, Registration
from campanella.foundation.core import audit
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.scope import use_case
from campanella.usecases import reckoning, registry
from campanella.usecases.access import registering as applying
from campanella.usecases.applying import orphaned
from campanella.usecases.messages import registering as letters

audit.sentences(
    {
        "registration.accepted": "ha accettato la richiesta di accesso di {username}",
        "registration.refused": "ha rifiutato la richiesta di accesso di {username}",
    }
)


class NobodyChosen(Refusal):
    """An access that sees no child is of no use."""

    message = "Scegli almeno un bambino: cercalo per nome, codice o codice fiscale."


class HasAccessAlready(Refusal):
    """The adult enters already."""

    message = (
        "Questo adulto ha già un accesso: dalla sua scheda puoi mandargli il collegamento per la nuova password o cambiare "
        "l’e-mail, poi rifiuta questa richiesta dicendo perché."
    )


@use_case
def accept(*, by: Actor, registration_id: int, child_ids: Sequence[int], kind: str, now: datetime) -> None:
    """
    Let who has registered be an adult of these children, beside those that the register has of it.

    The first adult of a child is who pays; the adults it had are told, and so is the mailbox the register has of this one,
    where it is another. The e-mail address is taken over where the register has none.

    :raises NotFound: the town has no such registration or child
    :raises DecidedAlready: a colleague was quicker
    :raises HasAccessAlready: the adult has an access
    :raises NobodyChosen: the access would see no child
    :raises OthersTaxCode: the tax code is a child's
    """
    asked = registering.hold_waiting(registration_id=registration_id)
    adult = registered.adult_with(tax_code=asked.tax_code)
    if adult and adult.user_id:
        raise HasAccessAlready
    known = persons.children_of_guardian(guardian_id=adult.pk) if adult else []
    chosen = [child_id for child_id in dict.fromkeys(child_ids) if child_id not in {child.id for child in known}]
    if not chosen and not known:
        raise NobodyChosen
    reckoning.hold(child_ids={*chosen, *(child.id for child in known)})
    applying.warn(adult=adult, asked=asked, sees=True, now=now)
    adult = _tie(by=by, asked=asked, adult=adult, child_ids=chosen, kind=kind, now=now)
    if asked.user is None:
        raise registering.DecidedAlready
    people.give_access(guardian=adult, user=asked.user)
    if not adult.email:
        registry.write_contacts(
            by=by, guardian_id=adult.pk, email=asked.email, phone=adult.phone, address=adult.address, now=now
        )
    registering.settle(registration=asked, outcome="accepted", user=asked.user, by=by, now=now)
    _note("registration.accepted", by=by, asked=asked, subjects=[f"guardian:{adult.pk}"], now=now)
    count = len(known) + len(chosen)
    letters.accepted(address=asked.email, username=asked.user.username, count=count, key=asked.pk, now=now)


@use_case
def refuse(*, by: User, registration_id: int, why: str, now: datetime) -> None:
    """
    Tie who has registered to nobody: the access is closed, what it has applied for ends, and the reason is told.

    :raises NotFound: the town has no such registration
    :raises DecidedAlready: a colleague was quicker
    """
    asked = registering.hold_waiting(registration_id=registration_id)
    if asked.user:
        orphaned.end_of(by=by, user=asked.user, now=now)
        giving.close(by=by, user=asked.user, now=now)
    registering.settle(registration=asked, outcome="refused", user=asked.user, by=by, now=now)
    _note("registration.refused", by=by, asked=asked, subjects=[], now=now, why=why)
    letters.refused(address=asked.email, reason=why, key=asked.pk, now=now)


def _tie(
    *, by: Actor, asked: Registration, adult: Guardian | None, child_ids: Sequence[int], kind: str, now: datetime
) -> Guardian:
    for child_id in child_ids:
        child = persons.child(child_id=child_id)
        if adult is None:
            adult = applying.register(by=by, asked=asked, child=child, kind=kind, now=now)
        else:
            is_payer = not persons.guardians_of(child_id=child_id)
            registry.tie(by=by, child_id=child_id, guardian_id=adult.pk, kind=kind, is_payer=is_payer, now=now)
        applying.tell_others(child=child, adult=adult, now=now)
    if adult is None:
        raise NobodyChosen
    return adult


def _note(action: str, *, by: Actor, asked: Registration, subjects: Sequence[str], now: datetime, why: str = "") -> None:
    username = asked.user.username if asked.user else asked.username
    ids = [f"registration:{asked.pk}", *subjects, *([f"user:{asked.user_id}"] if asked.user_id else [])]
    audit.record(by=by, action=action, subjects=ids, at=now, why=why, data={"username": username})
