"""
From a class list to a charged day: confirm, correct, and the whole day of a town at once.

Works for every service that is charged by presence: meals, the bus, a nursery day. Each use case holds the children's
wallets before it reads what they are charged for, and reads again what it has looked at before (``ledger/holding.py``).
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from campanella.domains.attendance import correcting, folding
from campanella.domains.attendance import operations as attendance
from campanella.domains.attendance import queries as sheets
from campanella.domains.attendance.correcting import SettledByOffice
from campanella.domains.attendance.models import RollCall
from campanella.domains.attendance.operations import (
    AlreadyConfirmed,
    Call,
    ClosedMeanwhile,
    Marked,
    Sent,
    SettledElsewhere,
    ToWrite,
)
from campanella.domains.attendance.queries import Expected
from campanella.domains.attendance.rules import Mark, is_booked_by_default, is_due
from campanella.domains.enrolment import queries as enrolment
from campanella.domains.enrolment.queries import Enrolled
from campanella.domains.ledger import holding
from campanella.domains.ledger import operations as ledger
from campanella.domains.ledger.operations import Due
from campanella.domains.ledger.rules import Source
from campanella.domains.people import queries as people
from campanella.domains.services.models import Service
from campanella.foundation.core import clock
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import operation, use_case
from campanella.usecases import corrections, unseen
from campanella.usecases.unseen import Unseen

NOTHING = Euro(0)
# Whoever confirms sees what came before; what waited longer than this on a tablet was made without knowing of it.
AT_ONCE = timedelta(minutes=1)


class ReasonMissing(Refusal):
    """A correction needs its reason."""

    message = "Scrivi il motivo della correzione: la famiglia lo vedrà."


class ChargeChanged(Refusal):
    """What a confirmation charges is no longer what whoever asks for it was told."""

    message = "Nel frattempo è cambiato qualcosa: rileggi quanto si addebita prima di confermare."


class NotEnrolled(Refusal):
    """The child does not use the service on that day, so there is no price."""

    message = "Quel giorno il bambino non è iscritto a questo servizio, quindi non c’è un prezzo: guarda le sue iscrizioni."


@use_case
def confirm(
    *,
    by: Actor,
    roll_call: RollCall,
    absent_ids: Iterable[int],
    adults: int | None,
    now: datetime,
    changes: Mapping[int, Mark] | None = None,
    is_whole_sheet: bool = False,
    channel: str = "page",
    sent: Sent | None = None,
) -> int:
    """
    Confirm a class and charge those who are there; marks already made on the sheet hold.

    1. Hold the wallets of who is expected, then the roll-call. 2. Write the marks that come along. 3. Read the sheet again:
    a tap of this second counts, one of the next is refused. 4. Confirm. 5. Charge.

    :param roll_call: begun, or not yet
    :param absent_ids: children who are not there, whatever the sheet says
    :param adults: meals of adults, None leaves them
    :param changes: marks to write before
    :param is_whole_sheet: they say how every child of the sheet is, as paper does, and are all put on record
    :param channel: by which way it came, as the day tells it
    :param sent: the event of a tablet that confirms; None for a page
    :returns: how many are there
    :raises AlreadyConfirmed: it was confirmed before; nothing is charged twice
    :raises ClosedMeanwhile: the class has been closed
    :raises SettledElsewhere: one of the changes is of a child in another roll-call that is confirmed
    """
    service, classes = roll_call.service, [roll_call.class_group_id]
    payers = attendance.hold_payers(class_group_ids=classes, service_id=service.pk, day=roll_call.day)
    (call,) = attendance.hold(class_group_ids=classes, service_id=service.pk, day=roll_call.day)
    if call.is_confirmed:
        raise AlreadyConfirmed
    if call.is_closed:
        raise ClosedMeanwhile
    if changes and is_whole_sheet:
        changes = _of_the_sheet(changes, class_group_id=roll_call.class_group_id, service_id=service.pk, day=roll_call.day)
    if changes:
        roll_call.pk = call.id
        attendance.mark_many(by=by, roll_call=roll_call, marks=changes, now=now, channel=channel)
    return _confirm(
        by=by,
        service=service,
        day=roll_call.day,
        calls=[call],
        payers=payers,
        absent_ids=absent_ids,
        adults=adults,
        now=now,
        channel="tablet" if sent else channel,
        sent=sent,
    )


@use_case
def confirm_day(
    *,
    by: Actor,
    service: Service,
    day: date,
    class_group_ids: Sequence[int],
    absent_ids: Iterable[int],
    now: datetime,
    told: Euro | None = None,
    channel: str = "office",
) -> int:
    """
    Confirm and charge many classes at once: the office's end of the day, and towns where meals are booked by default.

    Classes confirmed or closed before are left as they are. Everything is set-based: the number of statements does not grow.

    :param absent_ids: who is not there; marks already made on the sheets hold for everybody else
    :param told: what whoever asks has read that it charges in all; None asks nothing
    :param channel: by which way it came, as the day tells it
    :returns: how many are there
    :raises ChargeChanged: it would charge another sum; nothing is confirmed
    """
    payers = attendance.hold_payers(class_group_ids=class_group_ids, service_id=service.pk, day=day)
    held = attendance.hold(class_group_ids=class_group_ids, service_id=service.pk, day=day)
    calls = [call for call in held if not call.is_confirmed and not call.is_closed]
    if not calls:
        return 0
    return _confirm(
        by=by,
        service=service,
        day=day,
        calls=calls,
        payers=payers,
        absent_ids=absent_ids,
        adults=None,
        now=now,
        channel=channel,
        told=told,
    )


# Part of an act that has marked who is there, such as the roll-call of a bus: it joins that act's transaction.
@operation
def confirm_held(
    *, by: Actor, service: Service, day: date, calls: Sequence[Call], payers: dict[int, int], now: datetime
) -> int:
    """
    Confirm classes whose wallets and roll-calls are held, and charge who is there; marks already made hold.

    :param payers: by child the wallet that pays, as they were held
    :returns: how many are there
    """
    return _confirm(
        by=by, service=service, day=day, calls=calls, payers=payers, absent_ids=(), adults=None, now=now, channel="page"
    )


@use_case
def correct(
    *,
    by: Actor,
    child_id: int,
    service: Service,
    day: date,
    is_present: bool,
    reason: str,
    now: datetime,
    is_white: bool = False,
    channel: str = "office",
) -> None:
    """
    Correct one presence; only the difference of money is posted. A child that joined after the confirmation may be added.

    :param is_white: with the white meal, which costs as every meal
    :param channel: "page" is the school: where meals are booked, its word changes who is there and not what is due
    :raises ReasonMissing: without a reason
    :raises SettledByOffice: the school would turn over what the office has decided
    :raises NotFound: no confirmed roll-call expects this child that day
    :raises NotEnrolled: it does not use the service that day, so that presence has no price
    """
    if not reason.strip():
        raise ReasonMissing
    people.child(child_id=child_id)
    payers = holding.hold_payers(child_ids=[child_id], service_id=service.pk)
    prices = enrolment.prices(child_ids=[child_id], service=service, day=day)
    if is_present and child_id not in prices:
        raise NotEnrolled
    marked = correcting.correct(
        by=by,
        child_id=child_id,
        service_id=service.pk,
        day=day,
        mark=Mark.of(is_present=is_present, is_white=is_white, is_late=False),
        reason=reason.strip(),
        now=now,
        channel=channel,
    )
    if _charge(by=by, service=service, day=day, marked=[marked], prices=prices, payers=payers, now=now):
        corrections.publish_corrected(wallet_id=payers[child_id], source=Source.of_presence(marked.presence_id))


# Part of an act that has put new facts of a day on record: it joins that act's transaction.
@operation
def fold_again(*, by: Actor, child_ids: Sequence[int], service: Service, day: date, why: str, now: datetime) -> int:
    """
    Fold a day of these children again after events of it came in, and post what that changes: set-based.

    For what comes after the confirmation: marks of a tablet that was without network, a family's request that counts though
    it came late. Its caller holds the children's wallets before it writes the events.

    :param why: what came in, for the history
    :returns: of how many children the charge changed
    """
    payers = holding.hold_payers(child_ids=child_ids, service_id=service.pk)
    marked = folding.fold_again(by=by, child_ids=child_ids, service_id=service.pk, day=day, why=why, now=now)
    return charge_again(by=by, service=service, day=day, marked=marked, payers=payers, now=now)


# Part of an act that has folded days again: it joins that act's transaction.
@operation
def charge_again(
    *, by: Actor, service: Service, day: date, marked: Sequence[Marked], payers: Mapping[int, int], now: datetime
) -> int:
    """
    Post what presences that have changed cost now, or give it back; who has left the service keeps its charge.

    :returns: of how many children the charge changed
    """
    if not marked:
        return 0
    prices = enrolment.prices(child_ids=[mark.child_id for mark in marked], service=service, day=day)
    priced = [mark for mark in marked if mark.child_id in prices or not mark.is_due]
    return _charge(by=by, service=service, day=day, marked=priced, prices=prices, payers=payers, now=now)


# Part of an act that has changed the price: it joins that act's transaction.
@operation
def price_again(*, by: Actor, child_ids: Sequence[int], service: Service, first: date, now: datetime, why: str = "") -> int:
    """
    Charge the days of a service again from a day on, after its price has changed; only differences are posted.

    Five statements, however many the children and the days.

    :param why: for the movements that it posts
    :returns: how many days were charged again, each child's counted
    """
    payers = holding.hold_payers(child_ids=child_ids, service_id=service.pk)
    there = sheets.charged_days(child_ids=child_ids, service_id=service.pk, first=first, last=clock.day_of(now))
    if not there:
        return 0
    lines: dict[int, list[Enrolled]] = {}
    for line in enrolment.uses_of(child_ids=child_ids, service_id=service.pk):
        lines.setdefault(line.child_id, []).append(line)
    revenue = ledger.account(kind="revenue", code=service.code)
    dues = [
        Due(Source.of_presence(mark.presence_id), payers[mark.child_id], revenue.pk, price, mark.day)
        for mark in there
        for line in lines.get(mark.child_id, [])
        if (price := line.price_on(mark.day)) is not None
    ]
    return ledger.settle(
        dues=dues,
        kind="charge",
        day=first,
        memo=f"{service.name}: {why}" if why else service.name,
        by_id=by.actor_id,
        now=now,
    )


def _expected(*, class_group_ids: Sequence[int], service: Service, day: date, payers: dict[int, int]) -> list[Expected]:
    """
    Return who is expected among those who are held; a child without a wallet gets one, and everybody is read again.

    Who has come to one of the classes since the wallets were held joins it after its confirmation, by a correction.
    """
    lines = sheets.expected(class_group_ids=class_group_ids, service_id=service.pk, day=day)
    without = [line.child_id for line in lines if line.child_id not in payers]
    if without:
        payers |= holding.open_payers(child_ids=without, service_id=service.pk)
        lines = sheets.expected(class_group_ids=class_group_ids, service_id=service.pk, day=day)
    return [line for line in lines if line.child_id in payers] if without else lines


def _confirm(
    *,
    by: Actor,
    service: Service,
    day: date,
    calls: Sequence[Call],
    payers: dict[int, int],
    absent_ids: Iterable[int],
    adults: int | None,
    now: datetime,
    channel: str,
    told: Euro | None = None,
    sent: Sent | None = None,
) -> int:
    """Confirm roll-calls that are held, and charge."""
    absent, by_class = set(absent_ids), {call.class_group_id: call for call in calls}
    lines = _expected(class_group_ids=list(by_class), service=service, day=day, payers=payers)
    came: Mapping[int, Unseen] = {}
    if sent and now - sent.made_at > AT_ONCE:
        child_ids = [line.child_id for line in lines]
        came = unseen.register(child_ids=child_ids, service_id=service.pk, day=day, since=sent.made_at)
    marked = attendance.confirm(
        by=by,
        roll_call_ids=[call.id for call in calls],
        marks=[
            _what_comes(line, by_class[line.class_group_id], is_away=line.child_id in absent, came=came.get(line.child_id))
            for line in lines
            if not line.is_settled
        ],
        service_id=service.pk,
        day=day,
        adults=adults,
        now=now,
        channel=channel,
        sent=sent,
    )
    prices = enrolment.prices(child_ids=[mark.child_id for mark in marked], service=service, day=day)
    # Who has no price today, because the season of its price list is over, is served; it is charged once it has one.
    prices = dict.fromkeys((mark.child_id for mark in marked), NOTHING) | prices
    if told is not None and told.cents != sum(prices[mark.child_id].cents for mark in marked if mark.is_due):
        raise ChargeChanged
    _charge(by=by, service=service, day=day, marked=marked, prices=prices, payers=payers, now=now)
    return sum(mark.is_present for mark in marked) + sum(bool(line.mark) for line in lines if line.is_settled)


def _of_the_sheet(said: Mapping[int, Mark], *, class_group_id: int, service_id: int, day: date) -> dict[int, Mark]:
    """
    Return what a whole sheet puts on record: every child, one that is so already too, so that no mark that was made before
    and comes in later turns it over. Who has left the sheet is not of it; who is settled elsewhere is where it differs.
    """
    lines = sheets.sheet(class_group_id=class_group_id, service_id=service_id, day=day)
    so_already = {line.child_id: (line.eats, line.eats and line.is_white) for line in lines}
    expected = sheets.expected(class_group_ids=[class_group_id], service_id=service_id, day=day)
    settled = {line.child_id for line in expected if line.is_settled}
    return {
        child_id: mark
        for child_id, mark in said.items()
        if child_id in so_already
        and (child_id not in settled or so_already[child_id] != (mark.is_present, bool(mark.is_white)))
    }


def _what_comes(line: Expected, call: Call, *, is_away: bool, came: Unseen | None) -> ToWrite:
    """
    Tell what a confirmation writes of one child: the school's mark, else the family's wish, else what the mode says.

    :param came: what it was before a class register that came after whoever confirms had looked
    """
    booked = is_booked_by_default(call.mode) if line.wish is None else line.wish
    expected = came.is_on if came else booked if line.mark is None else line.mark
    present = expected and not is_away
    due = is_due(mode=call.mode, is_booked=booked, is_present=present)
    is_said, against = is_away or came is not None, came.event_id if came else None
    return ToWrite(call.id, line.child_id, present, due, line.is_white, is_said=is_said, against=against)


def _charge(
    *,
    by: Actor,
    service: Service,
    day: date,
    marked: Sequence[Marked],
    prices: Mapping[int, Euro],
    payers: Mapping[int, int],
    now: datetime,
) -> int:
    """Charge those who are to pay at the day's price, give back to all others, and return for how many it changed."""
    revenue = ledger.account(kind="revenue", code=service.code)
    dues = [
        Due(
            source=Source.of_presence(mark.presence_id),
            wallet_id=payers[mark.child_id],
            revenue_id=revenue.pk,
            due=prices[mark.child_id] if mark.is_due else NOTHING,
            is_first=mark.is_new,
        )
        for mark in marked
    ]
    return ledger.settle(dues=dues, kind="charge", day=day, memo=service.name, by_id=by.actor_id, now=now)


__all__ = [
    "AlreadyConfirmed",
    "ChargeChanged",
    "ClosedMeanwhile",
    "NotEnrolled",
    "ReasonMissing",
    "SettledByOffice",
    "SettledElsewhere",
    "charge_again",
    "confirm",
    "confirm_day",
    "correct",
    "fold_again",
    "price_again",
]
