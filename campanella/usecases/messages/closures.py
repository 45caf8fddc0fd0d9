"""The letters about days: closed, given back, corrected, called absent by a register, and those not confirmed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.backends.postgresql.psycopg_any import DateRange

from campanella.domains.attendance.models import DayRule
from campanella.domains.people.models import Child, Guardian
from campanella.domains.schools.models import Closure
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.readings.office.day import ClassDay
from campanella.usecases.links import portal_link
from campanella.usecases.messages.letters import MOST_LINES
from campanella.usecases.messages.queuing import LAST, queue

A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class GivenLine:
    """A day that was given back, as a letter tells it."""

    child: str
    service: str
    day: date
    amount: Euro


# In the place of days, in the key of a letter that says that none is closed any more.
NONE = "none"


def of_closure(closure_id: int) -> str:
    """Return how the keys of all letters begin that tell a closure: its days, or none of them, come next."""
    return f"closure:{closure_id}:"


def days_told(key: str) -> DateRange | None:
    """Read which days a letter has told as closed, by its key; None when none, or without a letter."""
    parts = key.split(":")
    if len(parts) < 3 or parts[2] == NONE:
        return None
    lower, upper = (date.fromisoformat(f"20{text}") for text in parts[2].split("-"))
    return DateRange(lower, upper)


def entered(
    *, closure: Closure, names: Sequence[str], guardian: Guardian, before: DateRange | None, act: int, now: datetime
) -> None:
    """
    Tell a family which days are closed, where, why, and that nobody pays.

    :param names: of the services that are closed, empty for every one
    :param before: the days that it was told before in their place
    :param act: which change it is: the same days may come back, and are told again
    """
    queue(
        template="closure_entered",
        key=f"{of_closure(closure.pk)}{closure.days.lower:%y%m%d}-{closure.days.upper:%y%m%d}:{act}:{guardian.pk}",
        urgency=LAST,
        guardian=guardian,
        subject="Cambia un giorno di chiusura" if before else "Un giorno di chiusura",
        now=now,
        values={
            **_of(closure, names, closure.days),
            "before_first": before.lower if before else None,
            "before_last": before.upper - A_DAY if before else None,
            "link": portal_link("portal:home"),
        },
    )


def rule_changed(*, rule: DayRule, guardian: Guardian, words: str, now: datetime) -> None:
    """Tell a family from when a service goes another way in a school, and how; once for each rule."""
    queue(
        template="day_rule_changed",
        key=f"day_rule_changed:{rule.pk}:{guardian.pk}",
        urgency=LAST,
        guardian=guardian,
        subject="Cambia come si chiede, o si disdice, un giorno",
        now=now,
        values={
            "service": rule.service.name,
            "school": rule.school.name,
            "words": words,
            "link": portal_link("portal:home"),
        },
    )


def calendar_changed(*, service: str, school: str, guardian: Guardian, words: str, act: str, now: datetime) -> None:
    """
    Tell a family from when a service runs on other days; once for each change.

    :param act: what tells the change from any other
    """
    queue(
        template="calendar_changed",
        key=f"calendar_changed:{act}:{guardian.pk}",
        urgency=LAST,
        guardian=guardian,
        subject="Cambiano i giorni di un servizio",
        now=now,
        values={"service": service, "school": school, "words": words, "link": portal_link("portal:home")},
    )


def withdrawn(
    *, closure: Closure, names: Sequence[str], guardian: Guardian, days: DateRange, act: int, now: datetime
) -> None:
    """
    Tell a family that the days it was told of are not closed any more.

    :param days: those it was told last
    :param act: which change it is, 0 of the withdrawal
    """
    queue(
        template="closure_withdrawn",
        key=f"{of_closure(closure.pk)}{NONE}:{act}:{guardian.pk}",
        urgency=LAST,
        guardian=guardian,
        subject="La chiusura non c’è più",
        now=now,
        values={**_of(closure, names, days), "link": portal_link("portal:home")},
    )


def given_back(
    *, closure: Closure, names: Sequence[str], payer: Guardian, given: Sequence[GivenLine], act: int, now: datetime
) -> None:
    """Tell who pays what a closure has given back, line by line and in all."""
    queue(
        template="closure_given_back",
        key=f"closure_given_back:{closure.pk}:{act}:{payer.pk}",
        guardian=payer,
        subject="Restituito: in quel giorno il servizio era chiuso",
        now=now,
        values={
            **_of(closure, names, closure.days),
            "given": given[:MOST_LINES],
            "more": max(0, len(given) - MOST_LINES),
            "total": sum((line.amount for line in given), Euro(0)),
            "link": portal_link("portal:payments"),
        },
    )


def corrected(*, payer: Guardian, given: Sequence[GivenLine], reason: str, act: int, now: datetime) -> None:
    """Tell who pays what an act on many days has given back, or taken, line by line, in all, and why."""
    queue(
        template="days_corrected",
        key=f"days_corrected:{act}:{payer.pk}",
        guardian=payer,
        subject="Presenze corrette",
        now=now,
        values={
            "given": given[:MOST_LINES],
            "more": max(0, len(given) - MOST_LINES),
            "total": sum((line.amount for line in given), Euro(0)),
            "reason": reason,
            "link": portal_link("portal:payments"),
        },
    )


def classes_missing(*, address: str, classes: Sequence[ClassDay], key: str, now: datetime) -> None:
    """Tell a school, or the office, which classes have not confirmed by the town's hour."""
    queue(
        template="classes_missing",
        key=f"classes_missing:{clock.day_of(now):%y%m%d}:{key}",
        guardian=None,
        address=address,
        subject="Appello da confermare" if len(classes) == 1 else f"{len(classes)} appelli da confermare",
        now=now,
        values={
            "classes": classes[:MOST_LINES],
            "more": max(0, len(classes) - MOST_LINES),
            "link": portal_link("rollcall:classes"),
        },
    )


def _of(closure: Closure, names: Sequence[str], days: DateRange) -> dict[str, object]:
    where = closure.school.name if closure.school else ""
    if closure.class_group:
        where = f"{closure.class_group.name}, {closure.class_group.school.name}"
    return {
        "reason": closure.reason,
        "first": days.lower,
        "last": days.upper - A_DAY,
        "where": where,
        "services": names,
    }


def register_asks(
    *, guardian: Guardian, child: Child, service: str, service_id: int, day: date, until: datetime, now: datetime
) -> None:
    """Ask an adult whether the meal of a child that the class register calls absent is to be cancelled, once a day."""
    queue(
        template="register_asks",
        key=f"register_asks:{service_id}:{child.pk}:{day:%y%m%d}:{guardian.pk}",
        guardian=guardian,
        child=child,
        subject="Una domanda sul pasto di oggi",
        now=now,
        values={"service": service, "until": until, "link": portal_link("portal:home")},
    )
