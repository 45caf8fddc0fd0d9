"""How the days of a service go in a school, changed from a day on: the days before keep the row they were judged by."""

from dataclasses import asdict
from datetime import date, datetime, timedelta

from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.models import F, Func, Value

from campanella.domains.attendance.events import DayRuleChanged
from campanella.domains.attendance.models import DayRule, RollCall
from campanella.domains.attendance.ruled import Terms, is_noticed, replaced, subject_of
from campanella.domains.attendance.terms import between, days_ahead, made, usual_hours
from campanella.foundation.core import audit, clock, sql
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.events import publish
from campanella.foundation.core.italian import day_figures
from campanella.foundation.core.scope import active_town_id, operation

audit.sentences({"day_rule.changed": "ha cambiato come va la giornata dal {day}: {words}"})


class PastIsWritten(Refusal):
    """A rule was to change on a day that is under way, or over."""

    message = "Scegli un giorno da domani in poi: i giorni passati, e quello di oggi, restano come erano."


class TooSoon(Refusal):
    """On the first day the numbers would have closed already: nobody could cancel it."""

    message = (
        "Con quest’ora i numeri di quel giorno sarebbero già chiusi: scegli un giorno dopo, perché le famiglie lo sappiano."
    )


@operation
def keep(*, service_id: int) -> None:
    """Let nobody change how the days of a service go until this transaction ends; others who keep them do not wait."""
    sql.take_turns(f"day-rules:{service_id}", active_town_id(), is_shared=True)


class NumbersClosed(Refusal):
    """Numbers of the first day, or of one after it, are closed by the rule that holds now, or a class has confirmed it."""

    message = "Con la regola di adesso i numeri di quel giorno sono già chiusi: scegli un giorno dopo."


def check_open(*, service_id: int, school_id: int, first: date, now: datetime) -> None:
    """
    Make sure that no day from the first on has gone by the rule that is to be replaced: its families were told that one.

    :raises NumbersClosed: one has
    """
    of_days = between(first=first, last=first + timedelta(days=days_ahead()))
    is_over = any(of.of(service_id=service_id, school_id=school_id).cut_off <= now for of in of_days.values())
    confirmed = RollCall.objects.filter(service_id=service_id, class_group__school_id=school_id, day__gte=first)
    if is_over or confirmed.exclude(confirmed_at=None).exists():
        raise NumbersClosed


def check_first(*, first: date, terms: Terms, now: datetime) -> None:
    """
    Make sure that families hear of a rule before the numbers of its first day close.

    :raises PastIsWritten: the day is not to come
    :raises TooSoon: it is, and its cut-off is over
    """
    if first <= clock.day_of(now):
        raise PastIsWritten
    closes_on = first - timedelta(days=terms.cut_off_days_before)
    of_day = made(
        day=first,
        mode=terms.mode,
        cut_off=terms.cut_off or usual_hours().on(closes_on),
        days_before=terms.cut_off_days_before,
        moved_to=None,
        made_at=now,
    )
    if not of_day.is_known:
        raise TooSoon


@operation
def change(
    *,
    by: Actor,
    service_id: int,
    school_id: int,
    first: date,
    terms: Terms,
    words: str,
    now: datetime,
    seen: int | None = None,
) -> DayRule:
    """
    Let the days go otherwise from a day on; what was to come after that day is replaced, what was before stays.

    Families that notice are told.

    :param words: what the change means, for the history
    :param seen: the last act on this service of the school that the page has shown
    :raises PastIsWritten: the day is not to come
    :raises TooSoon: it is, and its cut-off is over
    :raises NumbersClosed: by the rule that holds now, the numbers of one of the days are closed
    :raises ChangedMeanwhile: somebody has changed it since
    """
    check_first(first=first, terms=terms, now=now)
    # Two that enter a first rule at once have no row to wait at; who confirms a class by the present one is waited for.
    sql.take_turns(f"day-rules:{service_id}", active_town_id())
    audit.check_unchanged(subject=subject_of(service_id=service_id, school_id=school_id), seen=seen)
    check_open(service_id=service_id, school_id=school_id, first=first, now=now)
    rows = DayRule.objects.filter(service_id=service_id, school_id=school_id)
    before = list(rows.order_by("days"))
    rows.filter(days__startswith__gte=first).delete()
    rows.filter(days__contains=first).update(
        days=Func(Func(F("days"), function="lower"), Value(first), function="daterange")
    )
    rule = DayRule.objects.create(
        service_id=service_id,
        school_id=school_id,
        days=DateRange(first, None),
        made_at=now,
        **asdict(terms),
    )
    audit.record(
        by=by,
        action="day_rule.changed",
        subjects=[subject_of(service_id=service_id, school_id=school_id)],
        at=now,
        data={"day": day_figures(first), "words": words},
    )
    if is_noticed(before, first, terms):
        gone = [one.days.lower for one in replaced(before, first) if one.days.lower > first]
        publish(DayRuleChanged(rule_id=rule.pk, instead=gone[0].isoformat() if gone else ""))
    return rule
