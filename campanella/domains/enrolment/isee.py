"""ISEE declarations and what else a tariff asks of a child: written once, decided by the office, never changed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from campanella.domains.enrolment.declared import Declaration, one
from campanella.domains.enrolment.models import ChildFact, IseeDecision, IseeDeclaration, PayerChange
from campanella.domains.enrolment.rules import IseeKind, IseeState, isee_valid_until
from campanella.domains.people.models import Child, Guardian
from campanella.foundation.core import audit, clock, sql
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.italian import day_figures, elided
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import active_town_id, operation

MOST_CENTS = 100_000_000

# What it is worth is no word of the history, which more people read.
audit.sentences(
    {
        "isee.declared": "ha dichiarato un ISEE, attestato il {day}",
        "isee.entered": "ha inserito un ISEE, attestato il {day}",
        "isee.checked": "ha controllato l’ISEE attestato il {day}",
        "isee.refused": "ha rifiutato l’ISEE attestato il {day}",
        "child.fact": "ha scritto per le tariffe dal {day}: {what}",
    }
)


class IseeNotYet(Refusal):
    """It is of a day to come."""


class IseeOver(Refusal):
    """It was over before it was handed in."""


class IseeKnown(Refusal):
    """The same was declared before, and was not refused."""

    message = "Questo ISEE c’è già: stesso importo, stesso tipo, stessa attestazione. Non serve dichiararlo di nuovo."


class IseeOutOfRange(Refusal):
    """No ISEE is so."""

    message = "Un ISEE va da 0,00 a 1.000.000,00 €: controlla l’importo scritto sull’attestazione."


class DecidedAlready(Refusal):
    """A colleague has decided so meanwhile."""

    message = "Nel frattempo un collega ha già deciso di questo ISEE: guarda com’è adesso."


@operation
def declare(
    *,
    by: Actor,
    payer: Guardian,
    amount: Euro,
    kind: IseeKind,
    issued_on: date,
    received_on: date,
    household: int | None,
    has_omissions: bool,
    is_by_office: bool,
    key: str,
    now: datetime,
) -> Declaration:
    """
    Write down what an ISEE is; it makes no price by itself.

    :param issued_on: the day of the attestation
    :param received_on: the day on which the town got it, on the town's calendar
    :param household: persons, None where nobody said
    :param key: of the form; pressed twice, it declares once
    :raises IseeOutOfRange: below zero, or more than anybody has
    :raises IseeNotYet: attested after it was received, or received after today
    :raises IseeOver: it ended before it was received
    :raises IseeKnown: it is there already
    """
    if not 0 <= amount.cents <= MOST_CENTS:
        raise IseeOutOfRange
    if received_on > clock.day_of(now):
        raise IseeNotYet("Il giorno in cui è arrivato non può essere dopo oggi.")
    if issued_on > received_on:
        raise IseeNotYet("La data dell’attestazione è dopo il giorno in cui è arrivata: controllale.")
    valid_until = isee_valid_until(kind=kind, issued_on=issued_on)
    if valid_until < received_on:
        raise IseeOver(
            elided(f"Questo ISEE è del {issued_on.year} ed è scaduto il {day_figures(valid_until)}: ")
            + f"serve quello del {received_on.year}."
        )
    sql.take_turns(f"isee of {payer.pk}", active_town_id())
    before = IseeDeclaration.objects.filter(key=key).first()
    if before:
        return one(declaration_id=before.pk)
    same = IseeDeclaration.objects.filter(payer=payer, cents=amount.cents, kind=kind, issued_on=issued_on)
    if any(one(declaration_id=other.pk).state != "refused" for other in same.filter(has_omissions=has_omissions)):
        raise IseeKnown
    made = IseeDeclaration.objects.create(
        payer=payer,
        cents=amount.cents,
        kind=kind,
        issued_on=issued_on,
        received_on=received_on,
        valid_until=valid_until,
        has_omissions=has_omissions,
        household=household,
        is_by_office=is_by_office,
        key=key,
        written_at=now,
        written_by_id=by.actor_id,
    )
    _note("isee.entered" if is_by_office else "isee.declared", by=by, payer_id=payer.pk, day=issued_on, now=now)
    return one(declaration_id=made.pk)


@dataclass(frozen=True, slots=True)
class NewDeclaration:
    """An ISEE among many, that a former software has seen."""

    payer_id: int
    cents: int
    issued_on: date
    received_on: date


@operation
def take_over(*, declarations: Sequence[NewDeclaration], now: datetime) -> None:
    """Take over ordinary ISEE that were checked elsewhere, of payers who have none: two statements."""
    made = IseeDeclaration.objects.bulk_create(
        IseeDeclaration(
            payer_id=new.payer_id,
            cents=new.cents,
            kind="ordinary",
            issued_on=new.issued_on,
            received_on=new.received_on,
            valid_until=isee_valid_until(kind="ordinary", issued_on=new.issued_on),
            is_by_office=True,
            key=f"before:{new.payer_id}:{new.received_on:%y%m%d}",
            written_at=now,
            written_by_id=None,
        )
        for new in declarations
    )
    IseeDecision.objects.bulk_create(IseeDecision(declaration=one, state="checked", at=now, by_id=None) for one in made)


@operation
def decide(
    *, by: Actor, declaration_id: int, state: IseeState, reason: str, now: datetime, is_first: bool = False
) -> Declaration:
    """
    Say that a declaration is good, or that it is not; what was decided before stays in its history.

    :param reason: why it is refused, as the family reads it
    :param is_first: of software, which never decides after a person has
    :raises NotFound: the town has no such declaration
    :raises DecidedAlready: it is so already, or somebody has decided otherwise before software does
    """
    sql.take_turns(f"isee {declaration_id}", active_town_id())
    found = one(declaration_id=declaration_id)
    if found.state == state or (is_first and found.decisions):
        raise DecidedAlready
    IseeDecision.objects.create(declaration_id=declaration_id, state=state, reason=reason, at=now, by_id=by.actor_id)
    action = "isee.checked" if state == "checked" else "isee.refused"
    _note(action, by=by, payer_id=found.payer_id, day=found.issued_on, now=now, why=reason)
    return one(declaration_id=declaration_id)


@operation
def note_fact(
    *, by: Actor, child: Child, first: date, is_resident: bool, words: Collection[str], now: datetime
) -> ChildFact:
    """
    Write down from which day a child is resident or not, and which words of the tariffs hold for it.

    :param words: such as ``part_time``, as the tariffs ask for them
    """
    said = ["residente" if is_resident else "non residente", *sorted(words)]
    data = {"day": day_figures(first), "what": ", ".join(said)}
    audit.record(by=by, action="child.fact", subjects=[f"child:{child.pk}"], at=now, data=data)
    return ChildFact.objects.create(
        child=child,
        first=first,
        is_resident=is_resident,
        words=sorted(words),
        written_at=now,
        written_by_id=by.actor_id,
    )


@operation
def note_payer(*, child_id: int, before_id: int | None, payer_id: int | None, first: date) -> None:
    """Write down that another adult pays for a child from a day on: earlier days keep the household of the one before."""
    PayerChange.objects.create(child_id=child_id, before_id=before_id, payer_id=payer_id, first=first)


def _note(action: str, *, by: Actor, payer_id: int, day: date, now: datetime, why: str = "") -> None:
    data = {"day": day_figures(day)}
    audit.record(by=by, action=action, subjects=[f"guardian:{payer_id}"], at=now, why=why, data=data)
