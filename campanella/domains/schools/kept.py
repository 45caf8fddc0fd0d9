"""Which schools and classes are there on a day, and who sits in them: what the office's pages of schools ask."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q

from campanella.domains.schools.models import ClassGroup, Membership, School, SchoolYear


@dataclass(frozen=True, slots=True)
class ClassLine:
    """
    A class of a school, and how many children sit in it.

    :ivar children: today, or in the year to come
    """

    group: ClassGroup
    children: int


@dataclass(frozen=True, slots=True)
class Pupil:
    """A child in a class from a day on, as the register names it; ``end`` is the first day after."""

    child_id: int
    name: str
    first: date
    end: date | None


def there_on(day: date) -> Q:
    """Return the condition that a class, and the school it is of, is not closed on a day."""
    return _not_closed("closed_from", day) & _not_closed("school__closed_from", day)


def schools_on(*, day: date) -> list[School]:
    """Return the schools that are not closed on a day, by name: one query."""
    return list(School.objects.filter(_not_closed("closed_from", day)).order_by("name"))


def closing_days(*, class_ids: Collection[int]) -> dict[int, date]:
    """Return by class the first day on which it, or its school, is no more; who is missing has none: one query."""
    closed = Q(closed_from__isnull=False) | Q(school__closed_from__isnull=False)
    rows = ClassGroup.objects.filter(closed, pk__in=list(class_ids))
    found = rows.values_list("id", "closed_from", "school__closed_from")
    return {pk: min(day for day in days if day) for pk, *days in found}


def shut_on(*, day: date) -> set[tuple[str, str]]:
    """Return by its code each school, with an empty name, and each class that is no more on a day: two queries."""
    schools = School.objects.filter(closed_from__lte=day).values_list("code", flat=True)
    classes = ClassGroup.objects.filter(closed_from__lte=day, year__days__contains=day).values_list("school__code", "name")
    return {(code, "") for code in schools} | set(classes)


def classes_of(*, school_id: int, today: date) -> list[ClassLine]:
    """Return the classes of a school in the years that are not over, closed ones too, by year and name: two queries."""
    rows = ClassGroup.objects.filter(school_id=school_id, year__days__endswith__gt=today).select_related("year", "school")
    groups = list(rows.order_by("year__days", "name"))
    sits = Q(days__contains=today) | Q(class_group__year__days__startswith__gt=today)
    places = Membership.objects.filter(sits, class_group_id__in=[group.pk for group in groups])
    counts = dict(places.values_list("class_group_id").annotate(children=Count("child_id", distinct=True)).order_by())
    return [ClassLine(group, counts.get(group.pk, 0)) for group in groups]


def names_in(*, school_id: int, year_id: int) -> set[str]:
    """Return what the classes of a school in a year are called: one query."""
    return set(ClassGroup.objects.filter(school_id=school_id, year_id=year_id).values_list("name", flat=True))


def children_by_school(*, day: date) -> dict[int, int]:
    """Return how many children sit in each school on a day: one query."""
    rows = Membership.objects.filter(days__contains=day).values_list("class_group__school_id")
    return dict(rows.annotate(children=Count("id")).order_by())


def pupils_from(*, class_ids: Collection[int], day: date) -> list[Pupil]:
    """Return who sits in these classes on a day or later, by name: one query."""
    rows = Membership.objects.filter(_not_over(day), class_group_id__in=list(class_ids)).select_related("child")
    found = rows.order_by("child__family_name", "child__given_name", "child_id", "days")
    return [Pupil(one.child_id, one.child.full_name, one.days.lower, one.days.upper) for one in found]


def without_class(*, child_ids: Collection[int], day: date, apart_from: Collection[int]) -> set[int]:
    """Return those of some children who sit in no class but these on a day or later: one query."""
    placed = Membership.objects.filter(_not_over(day), child_id__in=list(child_ids))
    elsewhere = placed.exclude(class_group_id__in=list(apart_from)).values_list("child_id", flat=True)
    return set(child_ids) - set(elsewhere)


def has_been_sat_in(*, class_group_id: int) -> bool:
    """Tell whether any child sits, sat or is to sit in a class: one query."""
    return Membership.objects.filter(class_group_id=class_group_id).exists()


def is_empty(*, school_id: int) -> bool:
    """Tell whether no child has ever sat in a school: one query."""
    return not Membership.objects.filter(class_group__school_id=school_id).exists()


def all_class_ids(*, school_id: int) -> list[int]:
    """Return the classes of a school in every year: one query."""
    return list(ClassGroup.objects.filter(school_id=school_id).values_list("id", flat=True))


def year_with(*, year_id: int) -> SchoolYear | None:
    """Return a school year of the town."""
    return SchoolYear.objects.filter(pk=year_id).first()


def _not_closed(path: str, day: date) -> Q:
    return Q(**{f"{path}__isnull": True}) | Q(**{f"{path}__gt": day})


def _not_over(day: date) -> Q:
    return Q(days__endswith__gt=day) | Q(days__upper_inf=True)
