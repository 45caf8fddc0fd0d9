"""
Every class moves up into the next school year, beside the one that goes on; and it can be taken back while nobody has
built on it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from campanella.domains.attendance.written import first_day_written
from campanella.domains.enrolment import operations as enrolment
from campanella.domains.enrolment import queries as enrolled
from campanella.domains.enrolment import rolled as uses
from campanella.domains.enrolment import rolling as using
from campanella.domains.enrolment.rolling import Noted
from campanella.domains.people import queries as people
from campanella.domains.schools import rolled as classes
from campanella.domains.schools import rolling as schools
from campanella.domains.schools.models import YearRoll
from campanella.domains.services import queries as services
from campanella.domains.services import replacing, shifting
from campanella.foundation.core import audit, clock, sql
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.italian import day_full
from campanella.foundation.core.scope import active_town_id, use_case
from campanella.usecases import pricing, reckoning
from campanella.usecases.yearly import calendars, carrying, planning, telling
from campanella.usecases.yearly.calendars import NOTHING, Calendars
from campanella.usecases.yearly.planning import AS_IT_IS, Line, Policy, RollPlan

audit.sentences(
    {
        "year.rolled": "ha fatto il passaggio all’anno {year}: {promoted:bambino|bambini} in una nuova classe, "
        "{leaving} in uscita",
        "year.undone": "ha annullato il passaggio all’anno che comincia il {day}",
    }
)

NAMED = 5


class NothingToUndo(Refusal):
    """No roll-over stands, or its year has begun."""

    message = "Non c’è nessun passaggio d’anno da annullare."


class BuiltUpon(Refusal):
    """Somebody has worked on what the roll-over has made: taking it back would take that away too."""


@dataclass(frozen=True)
class Rolled:
    """What was done; nothing where it was done before."""

    plan: RollPlan
    is_new: bool
    calendars: Calendars = NOTHING


@use_case
def roll(*, by: Actor, policies: Mapping[str, Policy], now: datetime, raise_by: Fraction = AS_IT_IS) -> Rolled:
    """
    Move every class up into the next year; a second time it does nothing.

    :param policies: what becomes of each service, by its code (``planning.plan``)
    :param raise_by: percent, on the prices of the tariffs that go on
    :raises NoYear, JustRolled, NameTaken, UnknownService: as the plan says
    """
    _take_turns()
    today = clock.day_of(now)
    seen = planning.plan(today=today, policies=policies, raise_by=raise_by)
    if seen.done:
        return Rolled(seen, is_new=False)
    reckoning.hold(child_ids=[step.seat.child_id for step in seen.steps])
    # What was read before the wallets were held may be another family's act ago.
    plan = planning.plan(today=today, policies=policies, raise_by=raise_by)
    shifted = calendars.plan(plan)
    tariff_ids = carrying.write_all(by=by, made=plan.carried, now=now)
    # With the prices that are on record now.
    written = planning.plan(today=today, policies=policies) if tariff_ids else plan
    made = schools.roll(by=by, first=plan.first, end=plan.end, moves=plan.moves, also_open=plan.also_open, now=now)
    replacing.note_rolled(tariff_ids=tariff_ids, roll_id=made.pk)
    calendars.write(made=made, calendars=shifted)
    _write_lines(by, written, made, now)
    data: dict[str, str | int] = {"year": plan.name, "promoted": plan.promoted, "leaving": plan.leaving}
    audit.record(by=by, action="year.rolled", subjects=["town", f"roll:{made.pk}"], at=now, data=data)
    return Rolled(plan, is_new=True, calendars=shifted)


def _take_turns() -> None:
    """Let one change of the year wait for another, and for a load of tariffs: what is carried is what stands."""
    sql.take_turns("year", active_town_id())
    # In the turn of ``tariffs/loading``, and before any wallet, as there.
    sql.take_turns("tariffs", active_town_id())


def _write_lines(by: Actor, plan: RollPlan, made: YearRoll, now: datetime) -> None:
    renewed = [line for line in plan.lines if line.renewal]
    ended = [line for line in plan.lines if line.is_ended and not line.renewal]
    enrolment.end_many(subscription_ids=[pk for line in ended for pk in line.use.ids], on=plan.first)
    pricing.write_lines(
        by=by,
        ended=[pk for line in renewed for pk in line.use.ids],
        lines=[line.renewal for line in renewed if line.renewal],
        first=plan.first,
        now=now,
    )
    using.note(roll_id=made.pk, lines=[_noted(line) for line in plan.lines])


def _noted(line: Line) -> Noted:
    use = line.use
    return Noted(
        use.child_id,
        use.service_id,
        line.bracket_id,
        line.as_it_is,
        line.is_to_ask,
        is_cut=line.is_ended,
        was_end=use.end,
        reduction_percent=use.reduction_percent,
    )


@use_case
def undo(*, by: Actor, now: datetime) -> YearRoll:
    """
    Take the last roll-over back: every child is where it was, every service ends when it did.

    :raises NothingToUndo: none stands
    :raises BuiltUpon: somebody has worked on it, told exactly
    """
    _take_turns()
    made = classes.last_standing()
    if made is None:
        raise NothingToUndo
    moved = [move.child_id for move in classes.moves_of(roll_id=made.pk)]
    children = sorted({*moved, *uses.children_of(roll_id=made.pk)})
    reckoning.hold(child_ids=children)
    _check_nothing_stands(made, children)
    using.undo(roll_id=made.pk, first=made.first)
    _take_tariffs_away(made)
    try:
        with transaction.atomic():
            shifting.undo(roll=made)
            schools.undo(by=by, roll=made, now=now)
    except IntegrityError as problem:
        raise BuiltUpon(
            "Qualcuno ha già lavorato sulle classi del nuovo anno (giorni di rientro, news, chiusure): togli prima quello."
        ) from problem
    changed = reckoning.put_right(by=by, child_ids=children, now=now)
    reckoning.charge_again(by=by, changed=changed, why="", now=now)
    day = day_full(made.first)
    audit.record(by=by, action="year.undone", subjects=["town", f"roll:{made.pk}"], at=now, data={"day": day})
    return made


def _check_nothing_stands(made: YearRoll, children: list[int]) -> None:
    if telling.is_told(roll=made):
        raise BuiltUpon("Le famiglie sono già state avvisate: sposta tu i bambini che vanno altrove, dalla loro scheda.")
    moved = classes.moved_since(roll=made)
    if moved:
        raise BuiltUpon(f"Dopo il passaggio sono stati messi in un’altra classe: {_named(moved)}.")
    changed = uses.changed_since(roll_id=made.pk, first=made.first, among=children)
    if changed:
        raise BuiltUpon(f"Dopo il passaggio sono cambiate le iscrizioni del nuovo anno di: {_named(changed)}.")
    written = first_day_written(since=made.first)
    if written:
        raise BuiltUpon(f"Nel nuovo anno ci sono già presenze o richieste: la prima è del {day_full(written)}.")


def _take_tariffs_away(made: YearRoll) -> None:
    payers = enrolled.payers_by_tariff()
    paid = [one.name for one in services.tariffs() if one.rolled_by_id == made.pk and payers.get(one.pk)]
    if paid:
        raise BuiltUpon(f"Qualcuno è stato iscritto alle tariffe portate nel nuovo anno: {', '.join(paid)}.")
    try:
        with transaction.atomic():
            replacing.take_rolled_away(roll_id=made.pk)
    except (ProtectedError, IntegrityError) as problem:
        raise BuiltUpon(
            "Le tariffe portate nel nuovo anno servono già ad altro (quote, domande): togli prima quello."
        ) from problem


def _named(child_ids: list[int]) -> str:
    names = people.full_names(child_ids=child_ids[:NAMED])
    more = len(child_ids) - NAMED
    return ", ".join(names.values()) + (f" e altri {more}" if more > 0 else "")
