"""
Places are offered down the final list, accepted, given up or left to lapse; then the next one is offered it.

The wallets of who is enrolled are held first, then the call, then applications in the order of their ids, so that two who
answer at once never wait for each other for ever, and no place is offered twice.
"""

from datetime import date, datetime

from campanella.domains.applying import operations as applications
from campanella.domains.applying import queries as applying
from campanella.domains.applying.operations import DecidedMeanwhile
from campanella.domains.applying.queries import Application
from campanella.domains.applying.rules import OPEN
from campanella.domains.places import offer_rules
from campanella.domains.places import offering as life
from campanella.domains.places.offering import OfferOver
from campanella.domains.ranking import offering, queries
from campanella.domains.ranking.offering import PlaceByRanking
from campanella.domains.ranking.queries import PlaceOffer
from campanella.domains.ranking.rules.places import Waiting, is_off, next_offers
from campanella.foundation.core import clock
from campanella.foundation.core.audit import Actor, Software
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.scope import use_case
from campanella.readings.ranking.late import line_of
from campanella.usecases import reckoning
from campanella.usecases.applying import deciding
from campanella.usecases.applying.sending import NoMoreYours, is_own
from campanella.usecases.ranking import placing

# An application in one of these states needs no place any more.
ENDS = ("withdrawn", "refused", "given_up", "revoked")
BY_LIST = Software("Graduatoria")
TOO_LATE = Software("Tempo scaduto")
OFF_THE_LIST = "Hai rinunciato a un posto per {count} volte: per le regole del bando la domanda esce dalla graduatoria."
OFF_AT_ONCE = "Hai rinunciato al posto: per le regole del bando la domanda esce dalla graduatoria."


@use_case
def accept(*, by: Actor, offer_id: int, received_at: datetime, now: datetime) -> PlaceOffer:
    """
    Accept a place: the child is enrolled as by accepting its application; what that lacks waits for the office.

    :param received_at: what the term goes by
    :raises NotFound: the town has no such offer
    :raises OfferOver: it was answered already, or its time is over
    :raises NoMoreYours: the child is no more that adult's
    """
    found, waits_for = queries.offer(offer_id=offer_id), ""
    application_id, child = found.application_id, deciding.child_of(found.application)
    reckoning.hold(child_ids=[child.pk] if child else [])
    applications.hold_call(call_id=found.call_id)
    if not is_own(applications.hold(application_id=application_id)):
        raise NoMoreYours
    offer = _open(offer_id, received_at)
    try:
        choice = placing.choice_for(offer=offer, now=now)
        taken = deciding.Taken(by, received_at)
        deciding.accept(by=BY_LIST, application_id=application_id, choice=choice, now=now, taken=taken)
    except (PlaceByRanking, DecidedMeanwhile):
        raise OfferOver from None
    except Refusal as refusal:
        # The place is the family's whatever is missing: a class, a price, a document to be looked at.
        waits_for = refusal.message
    if waits_for:
        _take(by, offer, waits_for, now, received_at)
    return queries.offer(offer_id=offer_id)


@use_case
def refuse(*, by: Actor, offer_id: int, received_at: datetime, now: datetime) -> None:
    """
    Give a place up: the application waits for the other structures that it has asked for; the next one is offered this.

    :raises NotFound, OfferOver, NoMoreYours: as ``accept``
    """
    offer = queries.offer(offer_id=offer_id)
    applications.hold_call(call_id=offer.call_id)
    row = applications.hold(application_id=offer.application_id)
    if not is_own(row):
        raise NoMoreYours
    offering.answer(by=by, row=_open(offer_id, received_at), state="refused", now=now)
    _let_go_of(row, now)
    go_on(call_id=offer.call_id, now=now)


@use_case
def prolong(*, by: Actor, offer_id: int, day: date, words: str, now: datetime) -> PlaceOffer:
    """
    Let a family answer its offer until a later day, with a reason.

    :raises NotFound: the town has no such offer
    :raises OfferOver, NobodySaidWhy, NotLonger: as ``places.offering.prolonged``
    """
    found = queries.offer(offer_id=offer_id)
    applications.hold_call(call_id=found.call_id)
    applications.hold(application_id=found.application_id)
    return offering.prolong(by=by, row=queries.offer(offer_id=offer_id), day=day, words=words, now=now)


@use_case
def lapse(*, now: datetime) -> int:
    """
    Let the offers end whose time is over, and offer their places to the next; a second run finds none.

    :returns: how many have ended
    """
    done = 0
    for call_id in queries.overdue_calls(now=now):
        applications.hold_call(call_id=call_id)
        over = [one for one in queries.offers(call_id=call_id) if _is_over(one, now)]
        for offer in sorted(over, key=lambda one: one.application_id):
            row = applications.hold(application_id=offer.application_id)
            fresh = queries.offer(offer_id=offer.pk)
            if _is_over(fresh, now):
                offering.answer(by=TOO_LATE, row=fresh, state="lapsed", now=now)
                _let_go_of(row, now)
                done += 1
        go_on(call_id=call_id, now=now)
    return done


@use_case
def go_on(*, call_id: int, now: datetime) -> int:
    """
    Offer free places to who waits for them, down the final list, then to who has come after it, until the year is over.

    A second run finds none.

    :returns: how many are offered now
    """
    call = applying.call(call_id=call_id)
    applications.hold_call(call_id=call_id)
    final = queries.final(call_id=call_id)
    scheme = queries.scheme(call_id=call_id)
    days, working = scheme.answer_days, scheme.counts_working_days
    until = offer_rules.answer_until(offered_at=now, days=days, over=call.year.days.upper, working=working)
    if final is None or until is None:
        return 0
    # Held before what they want is read: a late one may be sent anew meanwhile.
    ids = queries.listed(list_id=final.ranking_id) | applying.open_ids(call_id=call_id)
    held = {row.pk: row for row in applications.hold_many(application_ids=ids)}
    order = [one for one in line_of(call=call, scheme=scheme, final=final) if one.application_id in held]
    known = queries.offers(call_id=call_id)
    gone, placed = queries.given_up(known), {one.application_id for one in known if one.state in ("open", "accepted")}
    by_number = {row.number: row for row in held.values()}
    done = 0
    for group in scheme.groups:
        waiting = [
            Waiting(
                number=held[one.application_id].number,
                schools=one.wanted,
                given_up=frozenset(gone.get(one.application_id, ())),
                has_place=one.application_id in placed,
                refusals=len(gone.get(one.application_id, ())),
            )
            for one in order
            if one.group == group.name and held[one.application_id].state in OPEN
        ]
        found = next_offers(
            order=waiting,
            places=scheme.places(group=group.name),
            taken=queries.taken(known, group=group.name),
            limit=scheme.refusals,
        )
        for number, school_id in found.items():
            row = by_number[number]
            offering.offer(by=BY_LIST, application=row, school_id=school_id, group=group.name, until=until, now=now)
        done += len(found)
    return done


@use_case
def follow(*, step_id: int) -> None:
    """Go on once an application has ended that may have been offered a place, or one has come behind the list."""
    step = applying.step(step_id=step_id)
    final = queries.final(call_id=step.application.call_id)
    if final and (step.state in ENDS or (step.state == "sent" and step.at > final.at)):
        # The term is counted from the offer, however late a worker comes to it.
        go_on(call_id=step.application.call_id, now=max(step.at, clock.now()))


def _is_over(offer: PlaceOffer, now: datetime) -> bool:
    return offer.state == "open" and not queries.may_answer(offer=offer, received_at=now)


def _open(offer_id: int, received_at: datetime) -> PlaceOffer:
    offer = queries.offer(offer_id=offer_id)
    life.check_in_time(is_open=offer.state == "open", until=offer.until, received_at=received_at)
    return offer


def _take(by: Actor, offer: PlaceOffer, waits_for: str, now: datetime, received_at: datetime) -> None:
    applications.hold_call(call_id=offer.call_id)
    row = applications.hold(application_id=offer.application_id)
    try:
        offering.take(by=by, application=row, waits_for=waits_for, now=now, received_at=received_at)
    except PlaceByRanking:
        raise OfferOver from None


def _let_go_of(row: Application, now: datetime) -> None:
    """Take an application off the list that has given up too many places."""
    limit = queries.scheme(call_id=row.call_id).refusals
    count = sum(one.state in ("refused", "lapsed") for one in queries.offers_to(application_id=row.pk))
    if row.state in OPEN and is_off(refusals=count, limit=limit):
        words = OFF_AT_ONCE if count == 1 else OFF_THE_LIST.format(count=count)
        applications.move(by=BY_LIST, row=row, to="refused", words=words, is_by_office=True, now=now)
