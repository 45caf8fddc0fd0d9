"""
A family's ISEE: declared by it or entered by the office, checked or refused, and what that changes of days already charged.

Whatever makes or changes a price goes one road: wallets held, the declaration written, subscriptions put as their tariffs
say, the difference of each day posted. What it moves is told before (``preview``) and refused if it is no longer so.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from campanella.domains.enrolment import declared, isee, reckoned
from campanella.domains.enrolment.choices import IseeChoices
from campanella.domains.enrolment.declared import Declaration
from campanella.domains.enrolment.reckoning import Declared
from campanella.domains.enrolment.rules import IseeKind, isee_valid_until
from campanella.domains.people import queries as people
from campanella.domains.services.tariff_files import kept
from campanella.domains.services.tariffs import dating
from campanella.domains.services.tariffs.dating import Deadline
from campanella.foundation.core import clock
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.italian import day_figures
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import use_case
from campanella.foundation.tenants.queries import active_town
from campanella.readings import priced
from campanella.readings.repricing import Repricing, repricing
from campanella.usecases import reckoning
from campanella.usecases.messages import isee as letters

# Of a declaration that is not on record yet: the last one of its day.
NOT_YET = 2**62


class ChangedSinceShown(Refusal):
    """It would move another sum than was told."""

    message = "Intanto è cambiato quanto si muove: guarda i nuovi importi, poi conferma."


class ReasonMissing(Refusal):
    """A refusal needs its reason."""

    message = "Scrivi perché non va bene: la famiglia lo legge."


class NotOnline(Refusal):
    """The town takes no declarations online."""

    message = "Questo Comune riceve gli ISEE solo allo sportello."


@dataclass(frozen=True, slots=True)
class Said:
    """
    What an attestation says, as somebody typed it.

    :ivar received_on: the day on which the town got it
    :ivar household: persons, None where nobody said
    """

    amount: Euro
    kind: IseeKind
    issued_on: date
    received_on: date
    household: int | None = None
    has_omissions: bool = False


@use_case
def declare(*, by: Actor, payer_id: int, said: Said, key: str, now: datetime) -> Declaration:
    """
    Declare an ISEE as a family; it waits for the office, and makes a price at once only where the town lets it.

    :param key: of the form; pressed twice, it declares once
    :raises NotOnline: the town takes none online
    :raises NotFound: the town has no such adult
    :raises IseeOutOfRange, IseeNotYet, IseeOver, IseeKnown: as ``enrolment.isee.declare`` does
    """
    choices = active_town().chosen(IseeChoices)
    if not choices.isee_is_declared_online:
        raise NotOnline
    child_ids = _hold(payer_id)
    made = _declare(by, payer_id, said, key, now, is_by_office=False)
    if choices.isee_counts_at_once:
        _put_right(by, child_ids, made, now)
    return made


@use_case
def enter(*, by: Actor, payer_id: int, said: Said, key: str, told: Euro | None, now: datetime) -> Declaration:
    """
    Enter an ISEE as the office, with its attestation at hand: it is checked at once.

    :param told: what the page said that it moves; None where no page was read
    :raises ChangedSinceShown: it would move another sum
    :raises IseeOutOfRange, IseeNotYet, IseeOver, IseeKnown: as ``enrolment.isee.declare`` does
    """
    child_ids = _hold(payer_id)
    if told is not None and not _is_written(payer_id, said) and told != preview(payer_id=payer_id, said=said, now=now).total:
        raise ChangedSinceShown
    made = _declare(by, payer_id, said, key, now, is_by_office=True)
    if made.state != "checked":
        made = isee.decide(by=by, declaration_id=made.id, state="checked", reason="", now=now)
        _put_right(by, child_ids, made, now)
    return made


@use_case
def check(*, by: Actor, declaration_id: int, told: Euro | None, now: datetime, is_first: bool = False) -> int:
    """
    Say that a declaration is as its attestation.

    :param told: what the page said that it moves; None where no page was read
    :param is_first: of software, which never decides after a person has
    :returns: how many days were charged again
    :raises NotFound: the town has no such declaration
    :raises DecidedAlready: it was checked before, or decided of before software does
    :raises ChangedSinceShown: it would move another sum
    """
    found = declared.one(declaration_id=declaration_id)
    child_ids = _hold(found.payer_id)
    _as_told(told, preview_of(declaration=found, counts=True, now=now))
    isee.decide(by=by, declaration_id=declaration_id, state="checked", reason="", now=now, is_first=is_first)
    return _put_right(by, child_ids, found, now)


@use_case
def refuse(*, by: Actor, declaration_id: int, reason: str, told: Euro | None, now: datetime) -> int:
    """
    Refuse a declaration, also one that was good before; the payer is told why.

    :returns: how many days were charged again
    :raises ReasonMissing: without a reason
    :raises NotFound, DecidedAlready, ChangedSinceShown: as ``check``
    """
    if not reason.strip():
        raise ReasonMissing
    found = declared.one(declaration_id=declaration_id)
    child_ids = _hold(found.payer_id)
    _as_told(told, preview_of(declaration=found, counts=False, now=now))
    isee.decide(by=by, declaration_id=declaration_id, state="refused", reason=reason.strip(), now=now)
    guardian = people.guardian(guardian_id=found.payer_id)
    letters.refused(guardian=guardian, declaration=found, reason=reason.strip(), now=now)
    return _put_right(by, child_ids, found, now)


@use_case
def note_fact(*, by: Actor, child_id: int, first: date, is_resident: bool, words: Collection[str], now: datetime) -> int:
    """
    Write down from which day a child is resident or not, and what else its tariffs ask.

    :returns: how many days were charged again
    :raises NotFound: the town has no such child
    """
    child = people.child(child_id=child_id)
    reckoning.hold(child_ids=[child_id])
    isee.note_fact(by=by, child=child, first=first, is_resident=is_resident, words=words, now=now)
    changed = reckoning.put_right(by=by, child_ids=[child_id], now=now)
    return reckoning.charge_again(by=by, changed=changed, why="residenza e condizioni ricalcolate", now=now)


@use_case
def tell_of_ends(*, now: datetime) -> int:
    """
    Remind each payer whose ISEE ends soon, once for each; whoever has declared a newer one is left alone.

    :returns: how many such ISEE there are
    """
    days = active_town().chosen(IseeChoices).isee_reminder_days
    today = clock.day_of(now)
    ending = declared.ending(today=today, until=today + timedelta(days=days)) if days else []
    guardians = {one.pk: one for one in people.guardians(guardian_ids=[one.payer_id for one in ending])}
    for one in ending:
        letters.ends(guardian=guardians[one.payer_id], declaration=one, now=now)
    return len(ending)


@use_case
def tell_of_deadlines(*, now: datetime) -> int:
    """
    Write once to each payer of whom no ISEE counts before a day by which it is to be presented (R5); never of monthly ones.

    :returns: how many payers such a day concerns
    """
    choices, today = active_town().chosen(IseeChoices), clock.day_of(now)
    soon = today + timedelta(days=choices.isee_reminder_days)
    schemes = kept.reckoned_on(day=today) if choices.isee_reminder_days else {}
    dated = {pk: dating.next_deadline(scheme=one, today=today) for pk, one in schemes.items()}
    due = {pk: one for pk, one in dated.items() if one and not one.is_monthly and one.by <= soon}
    since = {pk: dating.good_since(scheme=schemes[pk], day=today) for pk in due}
    without = (
        declared.payers_without(good_since=since, today=today, omissions=choices.isee_counts_with_omissions) if due else []
    )
    first: dict[int, Deadline] = {}
    for payer_id, tariff_id in without:
        first[payer_id] = min(due[tariff_id], first.get(payer_id, due[tariff_id]), key=lambda one: one.by)
    for guardian in people.guardians(guardian_ids=list(first)):
        letters.deadline(guardian=guardian, by=first[guardian.pk].by, begins=first[guardian.pk].begins, now=now)
    return len(first)


def preview(*, payer_id: int, said: Said, now: datetime) -> Repricing:
    """Return what an ISEE would move that is not on record yet, if it were checked: nothing is written."""
    child_ids = _children(payer_id)
    known = priced.households(child_ids=child_ids)
    if not (said.has_omissions and not active_town().chosen(IseeChoices).isee_counts_with_omissions):
        valid_until = isee_valid_until(kind=said.kind, issued_on=said.issued_on)
        one = Declared(NOT_YET, said.amount.cents, said.received_on, valid_until, said.household)
        known = known.also(payer_id, one)
    return repricing(known=known, found=reckoned.differing(known=known), now=now)


def preview_of(*, declaration: Declaration, counts: bool, now: datetime) -> Repricing:
    """
    Return what deciding of a declaration would move: nothing is written.

    :param counts: it would be checked; False that it would be refused
    """
    known = priced.households(child_ids=_children(declaration.payer_id))
    known = known.without(declaration.payer_id, declaration.id)
    if counts and (not declaration.has_omissions or active_town().chosen(IseeChoices).isee_counts_with_omissions):
        one = Declared(
            declaration.id,
            declaration.amount.cents,
            declaration.received_on,
            declaration.valid_until,
            declaration.household,
        )
        known = known.also(declaration.payer_id, one)
    return repricing(known=known, found=reckoned.differing(known=known), now=now)


def _children(payer_id: int) -> list[int]:
    """Return the children whose prices a household decides."""
    mine = [one.child_id for one in people.ties_of(guardian_ids=[payer_id]) if one.is_payer]
    return reckoned.related(child_ids=[*mine, *reckoned.paid_before(payer_id=payer_id)])


def _hold(payer_id: int) -> list[int]:
    people.guardian(guardian_id=payer_id)
    child_ids = _children(payer_id)
    reckoning.hold(child_ids=child_ids)
    return child_ids


def _declare(by: Actor, payer_id: int, said: Said, key: str, now: datetime, *, is_by_office: bool) -> Declaration:
    return isee.declare(
        by=by,
        payer=people.guardian(guardian_id=payer_id),
        amount=said.amount,
        kind=said.kind,
        issued_on=said.issued_on,
        received_on=said.received_on,
        household=said.household,
        has_omissions=said.has_omissions,
        is_by_office=is_by_office,
        key=key,
        now=now,
    )


def _is_written(payer_id: int, said: Said) -> bool:
    """Tell whether the same is on record, so that a second press moves nothing."""
    mine = declared.of_payers(payer_ids=[payer_id])
    return any(
        (one.amount, one.kind, one.issued_on, one.state) == (said.amount, said.kind, said.issued_on, "checked")
        for one in mine
    )


def _as_told(told: Euro | None, found: Repricing) -> None:
    if told is not None and told != found.total:
        raise ChangedSinceShown


def _put_right(by: Actor, child_ids: Collection[int], one: Declaration, now: datetime) -> int:
    changed = reckoning.put_right(by=by, child_ids=child_ids, now=now)
    return reckoning.charge_again(by=by, changed=changed, why=f"ISEE ricevuto il {day_figures(one.received_on)}", now=now)
