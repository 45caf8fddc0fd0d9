"""
The office decides of applications: takes up, asks for more, refuses with a reason, accepts.

Who is accepted is registered and subscribed by the same use cases as on the pages of the register. Wallets are held first,
then the call, whose places are counted, then the application.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from campanella.domains.applying import admitting, operations, queries, rules
from campanella.domains.applying.operations import DecidedMeanwhile
from campanella.domains.applying.queries import Application
from campanella.domains.enrolment import queries as enrolled
from campanella.domains.people import queries as people
from campanella.domains.people.models import Child, Guardian
from campanella.domains.places.rules import is_full
from campanella.domains.ranking import offering
from campanella.domains.ranking import queries as ranking
from campanella.domains.services.models import Bracket
from campanella.foundation.core import clock
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.core.scope import use_case
from campanella.usecases import enrolling, pricing, reckoning, registry
from campanella.usecases.access.registering import tell_others
from campanella.usecases.applying import newcomers, weeks
from campanella.usecases.applying.sending import declare

NOT_ACCEPTED = "La domanda d’iscrizione non è stata accettata."


class WordsMissing(Refusal):
    """Whoever asks for more or refuses says what or why."""

    message = "Scrivi di che cosa si tratta: la famiglia lo legge."


class NoPlace(Refusal):
    """Every place of the call is taken."""

    message = "I posti sono finiti: la domanda resta in lista d’attesa. Per accettarla aumenta i posti."


class NotOnRecord(Refusal):
    """A child that is not on record is registered one by one, into the class that somebody chooses."""

    message = "Il bambino non è in anagrafica: apri la domanda e scegli la classe."


class NotOfThisChild(Refusal):
    """The child is on record, and whoever applies for it is not one of its adults."""

    message = (
        "Il bambino è in anagrafica, e chi ha fatto la domanda non è tra i suoi adulti: "
        "apri la domanda, guarda un documento e dillo, poi accettala."
    )


@dataclass(frozen=True, slots=True)
class Choice:
    """
    How somebody who is accepted uses the service.

    :ivar class_group_id: None where the child is in its class already
    :ivar reduction_percent: 0 to 100
    :ivar is_identified: somebody has seen a document of who applies, and lets it be one of the child's adults
    :ivar version: of the application as it was read; None where no page was read
    """

    bracket: Bracket
    first: date
    class_group_id: int | None = None
    reduction_percent: int = 0
    is_identified: bool = False
    version: int | None = None


@use_case
def take_up(*, by: Actor, application_id: int, now: datetime) -> None:
    """
    Say that somebody looks at it.

    :raises NotFound, DecidedMeanwhile: as ``ask``
    """
    _move(by, application_id, "taken", "", now)


@use_case
def ask(*, by: Actor, application_id: int, words: str, now: datetime, version: int | None = None) -> None:
    """
    Ask the family for something more; it may answer after the deadline too.

    :param version: of the application as it was read; None where no page was read
    :raises WordsMissing: nobody said what for
    :raises NotFound: the town has no such application
    :raises DecidedMeanwhile: it is in another state meanwhile, or was sent anew since it was read
    """
    _move(by, application_id, "asked", _said(words), now, version)


@use_case
def refuse(*, by: Actor, application_id: int, words: str, now: datetime, version: int | None = None) -> None:
    """
    Refuse an application, with the reason that the family reads.

    :param version: as ``ask``
    :raises WordsMissing: without a reason
    :raises NotFound, DecidedMeanwhile: as ``ask``
    """
    _move(by, application_id, "refused", _said(words), now, version)


@dataclass(frozen=True, slots=True)
class Taken:
    """The family itself has accepted a place that its list offers: who, and when that was received."""

    by: Actor
    received_at: datetime


@use_case
def accept(*, by: Actor, application_id: int, choice: Choice, now: datetime, taken: Taken | None = None) -> int:
    """
    Accept an application: the child is registered where it was not, put in its class, and subscribed to the service.

    Of a camp it gets the weeks that it has asked for and whose turn has come; for the others it stays in line.

    Where places go by a list, the place that it offers is accepted with it.

    :param taken: the family has accepted that place itself, where it has
    :returns: the child
    :raises NotFound: the town has no such application
    :raises DecidedMeanwhile: it is decided, was withdrawn, or was sent anew since it was read
    :raises NoPlace: every place is taken
    :raises PlaceByRanking: the list offers it no place
    :raises OfferOver, ProlongFirst: the time for its answer is over
    :raises NotOfThisChild: the child is on record for others, and nobody said that who applies is one of its adults
    :raises TaxCodeKnown, OthersTaxCode, OutsideTheYear, NoClass, NotServed, PriceNotYet: as the pages of the register
    """
    found = queries.application(application_id=application_id)
    if found.state not in rules.OPEN:
        raise DecidedMeanwhile
    child_id, adult = _registered(by, found, now, is_identified=choice.is_identified)
    reckoning.hold(child_ids=[child_id])
    call = operations.hold_call(call_id=found.call_id)
    row = operations.hold(application_id=application_id)
    if row.version != found.version or choice.version not in (None, row.version):
        raise DecidedMeanwhile
    if ranking.is_ranked(call_id=call.pk):
        received_at = taken.received_at if taken else None
        offering.take(by=taken.by if taken else by, application=row, waits_for="", now=now, received_at=received_at)
    elif is_full(capacity=call.places, taken=admitting.taken_count(call_id=call.pk, day=choice.first)):
        raise NoPlace
    row.child, row.guardian = people.child(child_id=child_id), adult
    if row.child_id != found.child_id and queries.is_applied_for(
        call_id=call.pk, child_id=child_id, apart_from=application_id
    ):
        raise operations.AppliedAlready
    operations.move(by=by, row=row, to="accepted", words="", is_by_office=True, now=now, first_on=choice.first)
    if found.guardian is None:
        declare(by, row, is_by_office=True, received_on=clock.day_of(row.sent_at or now), now=now)
    if choice.class_group_id:
        enrolling.move(by=by, child_id=child_id, class_group_id=choice.class_group_id, first=choice.first, now=now)
    if weeks.asks_weeks(row):
        weeks.give(by=by, row=row, bracket=choice.bracket, was_in_line=found.child_id is not None, now=now)
    else:
        _let_use(by=by, child_id=child_id, choice=choice, now=now)
    return child_id


def _let_use(*, by: Actor, child_id: int, choice: Choice, now: datetime) -> None:
    """Subscribe a child to the service; one that used it already, not enrolled, pays the chosen price from then on."""
    price: dict[str, Any] = {"bracket": choice.bracket, "reduction_percent": choice.reduction_percent, "first": choice.first}
    uses = enrolled.uses_of(child_ids=[child_id], service_id=choice.bracket.tariff.service_id)
    going_on = sorted((one for one in uses if one.end is None or one.end > choice.first), key=lambda one: one.first)
    if going_on:
        pricing.change_price(by=by, child_id=child_id, subscription_id=going_on[0].id, **price, now=now)
    else:
        enrolling.subscribe(by=by, child_id=child_id, **price, now=now)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one of many."""

    number: str
    refused: str = ""


@use_case
def accept_many(*, by: Actor, choices: Mapping[int, Choice], now: datetime) -> list[Outcome]:
    """
    Accept many applications, each by itself: one that cannot be says why, and holds up no other.

    All their wallets are held in one go, then their calls: two clerks who accept at once wait for each other once.
    """
    done, rows = [], queries.many(application_ids=list(choices))
    known = {row.pk: child.pk for row in rows if (child := child_of(row))}
    reckoning.hold(child_ids=set(known.values()))
    operations.hold_calls(call_ids={row.call_id for row in rows})
    for row in rows:
        try:
            if row.pk not in known:
                raise NotOnRecord
            accept(by=by, application_id=row.pk, choice=choices[row.pk], now=now)
        except Refusal as refusal:
            done.append(Outcome(row.number, refusal.message))
        else:
            done.append(Outcome(row.number))
    return done


def take_up_many(*, by: Actor, application_ids: Sequence[int], now: datetime) -> int:
    """Take many applications up; those that somebody has taken up already are left out."""
    done = 0
    for row in queries.many(application_ids=application_ids):
        try:
            take_up(by=by, application_id=row.pk, now=now)
        except DecidedMeanwhile:
            continue
        done += 1
    return done


def _move(by: Actor, application_id: int, to: str, words: str, now: datetime, version: int | None = None) -> None:
    if to == "refused":
        weeks.hold(queries.application(application_id=application_id))
    row = operations.hold(application_id=application_id)
    if version not in (None, row.version):
        raise DecidedMeanwhile
    operations.move(by=by, row=row, to=to, words=words, is_by_office=True, now=now)
    if to == "refused":
        weeks.take_back(by=by, row=row, words=NOT_ACCEPTED, now=now)
        offering.end(by=by, application=row, now=now)


def _said(words: str) -> str:
    if not words.strip():
        raise WordsMissing
    return words.strip()


def _registered(by: Actor, row: Application, now: datetime, *, is_identified: bool) -> tuple[int, Guardian]:
    """
    Return child and adult as they are on record, registering what is not, and tie who has applied.

    A tax code can be reckoned by whoever knows a name and a birthday: of a child on record nobody becomes an adult by
    writing it, unless the office has looked.
    """
    child = child_of(row)
    is_new = child is None
    if child is None:
        said = _said_child(row)
        born = date.fromisoformat(said["birth_date"])
        child = registry.register_child(by=by, **{**said, "birth_date": born}, now=now)
    if row.guardian is None:
        adult = newcomers.admit(by=by, row=row, child=child, is_new=is_new, is_identified=is_identified, now=now)
        return child.pk, adult
    if is_new:
        pass
    elif people.is_tied(child_id=child.pk, guardian_id=row.guardian.pk):
        return child.pk, row.guardian
    elif not is_identified:
        raise NotOfThisChild
    is_payer = not people.guardians_of(child_id=child.pk)
    registry.tie(by=by, child_id=child.pk, guardian_id=row.guardian.pk, kind="parent", is_payer=is_payer, now=now)
    tell_others(child=child, adult=row.guardian, now=now)
    return child.pk, row.guardian


def _said_child(row: Application) -> dict[str, Any]:
    version = queries.version(application=row)
    said: Mapping[str, Any] = version.content["data"]["child"] if version else {}
    return {name: said[name] for name in ("given_name", "family_name", "tax_code", "birth_date")}


def child_of(row: Application) -> Child | None:
    """Return the child as it is on record, by its tax code where it was written by hand; None where it is on none."""
    if row.child:
        return row.child
    try:
        return people.child_known_as(tax_code=_said_child(row)["tax_code"])
    except NotFound:
        return None
