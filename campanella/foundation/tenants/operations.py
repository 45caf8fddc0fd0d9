"""Making a town and changing what it has chosen."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from stdnum.it import iva

from campanella.foundation.core import audit, clock
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.italian import day_figures
from campanella.foundation.core.scope import active_town_id, operation
from campanella.foundation.tenants import queries, settings
from campanella.foundation.tenants.models import Municipality, WaitingChoice
from campanella.foundation.tenants.queries import Town

audit.sentences(
    {
        "town.chosen": "ha cambiato le impostazioni: {names}",
        "town.choice_asked": "ha chiesto di cambiare, in attesa di un collega: {names}, da {before} a {after}",
        "town.choice_confirmed": "ha confermato la modifica: {names}, da {before} a {after}",
        "town.exported": "ha esportato tutti i dati del Comune in un archivio",
        "town.imported": "ha importato tutti i dati del Comune dall’archivio del {taken_on}",
        "town.choice_dropped": "ha annullato la richiesta di cambiare: {names}, in {after}",
    }
)

NOTHING = "nessuno"


class CannotCreateTown(Refusal):
    """A town's data is wrong or taken."""


class WaitsNoLonger(Refusal):
    """The change that was to be confirmed is not there, or is another one."""

    message = "Questa richiesta non c’è più o è cambiata: rileggila prima di confermare."


@dataclass(frozen=True, slots=True)
class Changed:
    """The names of the choices that changed, and of those that wait for a second person."""

    now: tuple[str, ...]
    waiting: tuple[str, ...]


def create_town(*, slug: str, name: str, tax_code: str, province: str, hosts: list[str], choices: Mapping[str, Any]) -> Town:
    """
    Register a municipality.

    :param tax_code: 11 digits with their check digit
    :param choices: by name; those left out have their defaults
    :raises CannotCreateTown: the data is wrong, or another town has the same name, tax code or host
    """
    if not re.fullmatch(r"[a-z][a-z0-9-]{1,40}", slug):
        raise CannotCreateTown(f"The short name “{slug}” must be lower-case letters, digits and hyphens.")
    if not iva.is_valid(tax_code):
        raise CannotCreateTown(f"The tax code “{tax_code}” is not valid: 11 digits, the last is a check digit.")
    taken = Municipality.objects.filter(hosts__overlap=hosts).first()
    if taken:
        raise CannotCreateTown(f"Another town, {taken.slug}, already answers at {', '.join(hosts)}.")
    try:
        with transaction.atomic():
            Municipality.objects.create(
                slug=slug,
                name=name,
                tax_code=tax_code,
                province=province.upper(),
                hosts=hosts,
                choices=settings.stored(choices),
            )
    except IntegrityError:
        raise CannotCreateTown(f"A town with the short name “{slug}” or the tax code {tax_code} exists already.")
    queries.forget()
    return queries.town_by_slug(slug=slug)


@operation
def take_over(*, by: Actor, choices: Mapping[str, Any], taken_on: date, now: datetime) -> None:
    """
    Let the active town, which has just come out of an archive, choose as it did where it was.

    :param choices: as they are stored
    """
    Municipality.objects.filter(pk=active_town_id()).update(choices=dict(choices))
    data = {"taken_on": day_figures(taken_on)}
    audit.record(by=by, action="town.imported", subjects=["town"], at=now, data=data)
    queries.forget()


@operation
def note_archive(*, by: Actor, now: datetime) -> None:
    """Write down that everything about the active town has gone into a file."""
    audit.record(by=by, action="town.exported", subjects=["town"], at=now)


@operation
def change_choices(*, by: Actor, changes: Mapping[str, Any]) -> Changed:
    """
    Change what the active town has chosen; what two people decide waits for the second.

    :param changes: new values by name
    """
    row = Municipality.objects.select_for_update(no_key=True).get(pk=active_town_id())
    before = settings.read_all(row.choices)
    changed = [name for name, value in changes.items() if before[name] != value]
    two = {choice.name for choice in settings.declared() if choice.metadata["by_two"]}
    waiting = [name for name in changed if name in two]
    for name in waiting:
        _let_wait(by=by, name=name, before=before[name], value=changes[name])
    _choose(row, by=by, before=before, values={name: changes[name] for name in changed if name not in two})
    return Changed(tuple(name for name in changed if name not in two), tuple(waiting))


@operation
def confirm_choice(*, by: Actor, name: str, value: str) -> None:
    """
    Take over a change that waits; whether this actor may, is decided above.

    :param value: what the actor has read
    :raises WaitsNoLonger: it was taken back, confirmed, or is another one by now
    """
    row = Municipality.objects.select_for_update(no_key=True).get(pk=active_town_id())
    waiting = WaitingChoice.objects.filter(name=name).first()
    if waiting is None or waiting.value != value:
        raise WaitsNoLonger
    before = settings.read_all(row.choices)
    waiting.delete()
    _store(row, before, {name: value})
    told = _told(name, before=before[name], after=value)
    audit.record(by=by, action="town.choice_confirmed", subjects=["town"], at=clock.now(), data=told)


@operation
def take_back_choice(*, by: Actor, name: str) -> None:
    """Drop a change that waits."""
    waiting = WaitingChoice.objects.filter(name=name).first()
    if waiting and WaitingChoice.objects.filter(pk=waiting.pk).delete()[0]:
        told = {"names": name, "after": settings.in_words(name, waiting.value) or NOTHING}
        audit.record(by=by, action="town.choice_dropped", subjects=["town"], at=clock.now(), data=told)


def _let_wait(*, by: Actor, name: str, before: Any, value: Any) -> None:
    asked = {"value": value, "actor_id": by.actor_id or 0, "actor_label": by.actor_label, "asked_at": clock.now()}
    WaitingChoice.objects.update_or_create(name=name, defaults=asked)
    told = _told(name, before=before, after=value)
    audit.record(by=by, action="town.choice_asked", subjects=["town"], at=clock.now(), data=told)


def _choose(row: Municipality, *, by: Actor, before: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    if not values:
        return
    _store(row, before, values)
    audit.record(by=by, action="town.chosen", subjects=["town"], at=clock.now(), data={"names": ", ".join(values)})


def _store(row: Municipality, before: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    kept = settings.kept_before(row.choices, changed={name: before[name] for name in values}, today=clock.today())
    row.choices = {**settings.stored({**before, **values}), **({settings.BEFORE: kept} if kept else {})}
    row.save(update_fields=["choices"])
    transaction.on_commit(queries.forget)


def _told(name: str, *, before: Any, after: Any) -> dict[str, str]:
    """Keep what stood and what came: of what two people decide, the register says it whole."""
    stood, came = settings.in_words(name, before), settings.in_words(name, after)
    return {"names": name, "before": stood or NOTHING, "after": came or NOTHING}
