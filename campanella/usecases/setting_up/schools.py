"""A school and its classes: added, called otherwise, moved; by the office's pages and by an import of people alike."""

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from campanella.domains.schools import classing, keeping, kept
from campanella.domains.schools import queries as places
from campanella.domains.schools.keeping import NewSchool
from campanella.domains.schools.models import School, SchoolYear
from campanella.foundation.core import sql
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.core.scope import active_town_id, use_case
from campanella.usecases.importing.places import folded_class
from campanella.usecases.importing.values import slug

LONGEST_CODE, LONGEST_CLASS, MOST_CLASSES = 40, 40, 60


class NoClassNames(Refusal):
    """No name was written, or one is too long, or they are too many."""

    message = f"Scrivi i nomi delle classi, per esempio 1A, 1B: al più {MOST_CLASSES} per volta, ognuno corto."


class NearlyThere(Refusal):
    """The school has a class of nearly that name, which an import would take for it."""


@use_case
def add(*, by: Actor, new: NewSchool, now: datetime) -> School:
    """
    Add one school.

    :param new: without a code it gets one made of its name
    :raises SchoolNameTaken: the town has one of this name and level
    :raises SchoolCodeTaken: the town has one of this code
    """
    sql.take_turns("schools", active_town_id())
    keeping.check_name(name=new.name, level=new.level)
    known = {school.code for school in places.schools()}
    if new.code in known:
        raise keeping.SchoolCodeTaken
    coded = replace(new, code=new.code or free_code(new.name, known=known))
    add_many(by=by, new=[coded], now=now)
    return places.school_known_as(text=coded.code)


@use_case
def add_many(*, by: Actor, new: Sequence[NewSchool], now: datetime) -> None:
    """Add schools, those whose code is there already excepted."""
    keeping.add_schools(by=by, new=new, now=now)


@use_case
def change(*, by: Actor, school_id: int, name: str, level: str, address: str, now: datetime) -> None:
    """
    Call a school otherwise, or say where it is.

    :raises SchoolNameTaken: another one of the level is called so
    :raises SchoolHasChildren: the level changes, and children have sat there
    """
    sql.take_turns("schools", active_town_id())
    keeping.change_school(by=by, school_id=school_id, name=name, level=level, address=address, now=now)


@use_case
def open_classes(*, by: Actor, school_id: int, year_id: int, written: str, now: datetime) -> list[str]:
    """
    Open classes of a school in a school year.

    :param written: their names, separated by commas or lines
    :returns: the names of those that are new
    :raises NoClassNames: there is none, or one is too long
    :raises NearlyThere: the school has one that is written nearly so
    :raises ClosedBefore: the school is closed when the year begins
    """
    school, year = keeping.held_school(school_id=school_id), _year(year_id)
    if school.closed_from and school.closed_from <= year.days.lower:
        raise keeping.ClosedBefore
    names = _names(written)
    there = kept.names_in(school_id=school_id, year_id=year_id)
    _check_apart(names, there)
    coming = [name for name in names if name not in there]
    open_many(by=by, year=year, names=[(school_id, name) for name in coming], now=now)
    return coming


@use_case
def open_many(*, by: Actor, year: SchoolYear, names: Sequence[tuple[int, str]], now: datetime) -> dict[tuple[int, str], int]:
    """
    Open many classes of a year at once; one that is open already is left as it is.

    :param names: (school, class name)
    :returns: the class by (school, class name), every class of these schools
    """
    return classing.open_classes(by=by, year=year, names=names, now=now)


@use_case
def rename_class(*, by: Actor, class_group_id: int, name: str, now: datetime) -> None:
    """
    Call a class otherwise.

    :raises NoClassNames: several names are written, or none
    :raises NearlyThere: its school has another one in its year that is written nearly so
    :raises ClassThere: its school has another one of that name in its year
    """
    names = _names(name)
    if len(names) > 1:
        raise NoClassNames
    group = classing.held_class(class_group_id=class_group_id)
    _check_apart(names, kept.names_in(school_id=group.school_id, year_id=group.year_id) - {group.name})
    classing.rename(by=by, class_group_id=class_group_id, name=names[0], now=now)


@use_case
def move_class(*, by: Actor, class_group_id: int, year_id: int, now: datetime) -> None:
    """
    Put a class in which nobody has sat into another school year.

    :raises HasHistory: somebody has
    :raises ClassThere: its school has one of that name in that year
    """
    classing.change_year(by=by, class_group_id=class_group_id, year=_year(year_id), now=now)


@use_case
def remove_class(*, by: Actor, class_group_id: int, now: datetime) -> None:
    """
    Take away a class that was opened by mistake.

    :raises HasHistory: somebody has sat in it, or something points at it
    """
    classing.remove(by=by, class_group_id=class_group_id, now=now)


def free_code(name: str, *, known: set[str], most: int = LONGEST_CODE) -> str:
    """Return a code made of a name that nothing else has: ``primaria-rodari``, then ``primaria-rodari-2``."""
    stem = slug(name, most=most - 4) or "codice"
    numbered = (f"{stem}-{number}" if number > 1 else stem for number in range(1, len(known) + 2))
    return next(code for code in numbered if code not in known)


def _check_apart(names: Sequence[str], there: Collection[str]) -> None:
    for name in names:
        near = next((one for one in there if one != name and folded_class(one) == folded_class(name)), None)
        if near:
            raise NearlyThere(f"«{name}» è scritta quasi come «{near}», che c’è già: per un file sarebbe la stessa classe.")


def _names(written: str) -> list[str]:
    names = list(dict.fromkeys(" ".join(one.split()) for one in re.split(r"[,;\n]", written) if one.strip()))
    if not names or len(names) > MOST_CLASSES or any(len(name) > LONGEST_CLASS for name in names):
        raise NoClassNames
    return names


def _year(year_id: int) -> SchoolYear:
    found = kept.year_with(year_id=year_id)
    if found is None:
        raise NotFound
    return found
