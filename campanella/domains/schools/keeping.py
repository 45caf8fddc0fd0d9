"""The office keeps schools: a new one, other words for one, and one that is no more from a day on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from campanella.domains.schools import kept
from campanella.domains.schools.models import School
from campanella.domains.schools.operations import DAY
from campanella.foundation.core import audit
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.core.italian import day_figures
from campanella.foundation.core.scope import operation

audit.sentences(
    {
        "school.added": "ha aggiunto la scuola {name}",
        "school.changed": "ha cambiato i dati della scuola: {what}",
        "school.closed": "ha chiuso la scuola {name}: ultimo giorno {day}",
        "school.reopened": "ha riaperto la scuola {name}",
    }
)


class SchoolNameTaken(Refusal):
    """The town has a school of this name and level."""

    message = "C’è già una scuola di questo grado con questo nome."


class SchoolCodeTaken(Refusal):
    """The town has a school of this code."""

    message = "Un’altra scuola ha già questo codice: scrivine un altro, o lascialo vuoto."


class SchoolHasChildren(Refusal):
    """The level of a school decides prices and classes of its children."""

    message = "Il grado si cambia solo finché nella scuola non è entrato nessuno: da lì dipendono le tariffe e le classi."


class ClosedBefore(Refusal):
    """The school is closed already, or was opened again meanwhile."""

    message = "Questa scuola è già chiusa."


@dataclass(frozen=True, slots=True)
class NewSchool:
    """
    A school to add.

    :ivar code: what an import finds it by, unique in the town
    """

    code: str
    name: str
    level: str
    address: str = ""


@operation
def add_schools(*, by: Actor, new: Sequence[NewSchool], now: datetime) -> None:
    """Add schools, those whose code is there already excepted: three statements, however many."""
    known = set(School.objects.filter(code__in=[one.code for one in new]).values_list("code", flat=True))
    coming = [one for one in new if one.code not in known]
    School.objects.bulk_create(
        (School(code=one.code, name=one.name, level=one.level, address=one.address) for one in coming),
        ignore_conflicts=True,
    )
    told = [(("schools", f"school:{one.code}"), {"name": one.name}) for one in coming]
    audit.record_each(by=by, action="school.added", at=now, told=told)


@operation
def change_school(*, by: Actor, school_id: int, name: str, level: str, address: str, now: datetime) -> None:
    """
    Call a school otherwise, or say where it is; its code stays, so that imports find it.

    :raises SchoolNameTaken: another one of the level is called so
    :raises SchoolHasChildren: the level changes, and children have sat there
    """
    school = held_school(school_id=school_id)
    check_name(name=name, level=level, but=school_id)
    if level != school.level and not kept.is_empty(school_id=school_id):
        raise SchoolHasChildren
    was = {"nome": school.name, "grado": school.get_level_display(), "indirizzo": school.address}
    school.name, school.level, school.address = name, level, address
    is_now = {"nome": name, "grado": school.get_level_display(), "indirizzo": address}
    changed = [
        f"{what} {is_now[what] or 'tolto'} (prima {was[what] or 'vuoto'})" for what in was if was[what] != is_now[what]
    ]
    if changed:
        school.save(update_fields=["name", "level", "address"])
        _note(by, "school.changed", school, now, what="; ".join(changed))


@operation
def close_school(*, by: Actor, school_id: int, first: date, now: datetime) -> None:
    """
    Let a school be no more from a day on; who sits there is taken out by the use case that asks for it.

    :raises ClosedBefore: it is closed already
    """
    school = held_school(school_id=school_id)
    if school.closed_from:
        raise ClosedBefore
    school.closed_from = first
    school.save(update_fields=["closed_from"])
    _note(by, "school.closed", school, now, name=school.name, day=day_figures(first - DAY))


@operation
def reopen_school(*, by: Actor, school_id: int, now: datetime) -> None:
    """Let a school be there again; its children, classes and services come back one by one, by whoever knows which."""
    school = held_school(school_id=school_id)
    if school.closed_from:
        school.closed_from = None
        school.save(update_fields=["closed_from"])
        _note(by, "school.reopened", school, now, name=school.name)


def check_name(*, name: str, level: str, but: int = 0) -> None:
    """:raises SchoolNameTaken: another school of the level is called so, capitals apart"""
    if School.objects.filter(name__iexact=name, level=level).exclude(pk=but).exists():
        raise SchoolNameTaken


def held_school(*, school_id: int) -> School:
    """
    Return a school under lock.

    :raises NotFound: the town has no such school
    """
    found = School.objects.select_for_update(no_key=True).filter(pk=school_id).first()
    if found is None:
        raise NotFound
    return found


def subjects_of(school: School) -> list[str]:
    """Return what the history of a school is filed under."""
    return ["schools", f"school:{school.code}"]


def _note(by: Actor, action: str, school: School, now: datetime, **data: str) -> None:
    audit.record(by=by, action=action, subjects=subjects_of(school), at=now, data=data)
