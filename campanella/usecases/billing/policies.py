"""How a family pays a service, from a day on: from the credit, after the month, or by its bank. No money row moves."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from campanella.domains.billing import operations as billing
from campanella.domains.billing import runs
from campanella.domains.ledger import holding
from campanella.domains.people import queries as people
from campanella.domains.services import queries as services
from campanella.domains.services.models import Service
from campanella.foundation.core import audit
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.core.italian import day_figures, day_full
from campanella.foundation.core.scope import use_case

WORDS = {
    "prepaid": "prepagato (dal credito)",
    "postpaid": "postpagato (fattura dopo il mese)",
    "debit": "addebito sul conto (dopo il mese)",
    "town": "come tutti",
}


class AlreadyBilled(Refusal):
    """Days from then on are on invoices."""


class UnknownKind(Refusal):
    """There is no such way to pay."""

    message = "Scegli come si paga: prepagato, postpagato, addebito sul conto o come tutti."


@use_case
def set_for_all(*, by: Actor, service: Service, kind: str, first: date, reason: str, now: datetime) -> None:
    """
    Decide how a service is paid by all who have no rule of their own, from a day on.

    :raises AlreadyBilled: the day is in a month with invoices
    :raises UnknownKind: no such way
    """
    _set(by=by, child_ids=[None], service=service, kind=kind, first=first, reason=reason, now=now)


@use_case
def set_for_children(
    *, by: Actor, child_ids: Sequence[int], service: Service, kind: str, first: date, reason: str, now: datetime
) -> None:
    """
    Decide how a service is paid for these children, such as all of a family's; ``town`` gives them back to the rule of all.

    What the wallet holds stays in it: the next invoice consumes a credit, and carries a debt over.

    :raises AlreadyBilled: the day is in a month with invoices
    :raises UnknownKind: no such way
    :raises NotFound: a child is not of the town
    """
    if len(people.children(child_ids=list(child_ids))) != len(set(child_ids)):
        raise NotFound
    _set(by=by, child_ids=list(child_ids), service=service, kind=kind, first=first, reason=reason, now=now)


def check(*, service: Service, kind: str, first: date) -> None:
    """
    Refuse what ``set_for_all`` would refuse, before anything is looked at.

    :raises AlreadyBilled: the day is in a month with invoices
    :raises UnknownKind: no such way
    """
    if kind not in WORDS or kind == "town":
        raise UnknownKind
    _check_day(service, first)


def service_named(code: str) -> Service:
    """
    Return a service of the town by its code.

    :raises NotFound: it has none of this code
    """
    service = services.service(code=code)
    if service is None:
        raise NotFound
    return service


def _set(
    *, by: Actor, child_ids: Sequence[int | None], service: Service, kind: str, first: date, reason: str, now: datetime
) -> None:
    if kind not in WORDS or (kind == "town" and None in child_ids):
        raise UnknownKind
    holding.hold_children(child_ids=[child_id for child_id in child_ids if child_id])
    billing.hold_policies()
    _check_day(service, first)
    billing.set_policy(
        by=by, child_ids=child_ids, service_id=service.pk, kind=kind, first=first, reason=reason.strip(), now=now
    )
    audit.record(
        by=by,
        action="policy.set",
        subjects=[f"child:{child_id}" if child_id else "town" for child_id in child_ids],
        at=now,
        why=reason.strip(),
        data={"service": service.name, "first": day_figures(first), "kind": WORDS[kind]},
    )


def _check_day(service: Service, first: date) -> None:
    last = runs.billed_until(service_id=service.pk)
    if last is not None and first <= last:
        raise AlreadyBilled(
            f"Fino al {day_full(last)} ci sono già le fatture di {service.name}: scegli un giorno dal "
            f"{day_full(last + timedelta(days=1))} in poi."
        )
