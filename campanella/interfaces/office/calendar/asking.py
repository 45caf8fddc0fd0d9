"""What a form of the day's page would change: told first, with what goes and whom it concerns, then done."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django import forms

from campanella.domains.accounts.models import User
from campanella.domains.attendance import ruled, ruling
from campanella.domains.services import seasons, timetable
from campanella.interfaces.office.calendar import words
from campanella.interfaces.office.calendar.page import Page
from campanella.readings import ways
from campanella.readings.office import rule_readers
from campanella.usecases.setting_up import services as setting_up


@dataclass(frozen=True)
class Asked:
    """
    A change that was sent and is right.

    :ivar form: sent again with the confirmation
    :ivar notes: what goes with it, and whom it concerns
    """

    name: str
    form: forms.Form
    told: str
    notes: list[str]
    make: Callable[[User, datetime], None]


def asked(page: Page, now: datetime) -> Asked | None:
    """Return the change that was sent, None when there is none, or the form says what is wrong with it."""
    if page.rule.is_valid():
        return _rule(page, now)
    if page.when.is_valid():
        return _season(page) if _lasts(page) and _is_open(page, page.when, now) else None
    return _class_days(page) if page.days.is_valid() and _is_open(page, page.days, now) else None


def _is_open(page: Page, form: forms.Form, now: datetime) -> bool:
    """Tell whether no numbers are closed from the day on that is chosen: who has been charged for a day is served on it."""
    try:
        ruling.check_open(**page.where, first=form.cleaned_data["first"], now=now)
    except ruling.NumbersClosed as refusal:
        form.add_error("first", refusal.message)
        return False
    return True


def _lasts(page: Page) -> bool:
    """Tell whether the school is there until the last day that is chosen."""
    try:
        setting_up.check_lasts(school=page.school, last=page.when.cleaned_data["last"])
    except setting_up.SchoolEnds as refusal:
        page.when.add_error("last", refusal.message)
        return False
    return True


def _rule(page: Page, now: datetime) -> Asked | None:
    first, terms = page.rule.cleaned_data["first"], page.rule.terms()
    try:
        ruling.check_first(first=first, terms=terms, now=now)
        ruling.check_open(**page.where, first=first, now=now)
    except (ruling.TooSoon, ruling.NumbersClosed) as refusal:
        page.rule.add_error("first", refusal.message)
        return None
    told = ways.change(terms, first=first, closes_at=page.usual.on(first))
    is_noticed = ruled.is_noticed(page.rules, first, terms)
    gone = [rule.days.lower for rule in ruled.replaced(page.rules, first)]
    concerns = words.concerns(rule_readers.concerned(**page.where, first=first) if is_noticed else None)

    def make(by: User, now: datetime) -> None:
        ruling.change(by=by, **page.where, first=first, terms=terms, words=told[:300], now=now, seen=page.seen)

    return Asked("rule", page.rule, told, [*words.removed(gone), *concerns], make)


def _season(page: Page) -> Asked:
    data = page.when.cleaned_data
    first: date = data["first"]
    gone = [one.days.lower for one in timetable.replaced(known=page.seasons, first=first, last=data["last"])]
    concerns = words.concerns(rule_readers.concerned(**page.where, first=first))

    def make(by: User, now: datetime) -> None:
        setting_up.set_season(by=by, **page.where, now=now, seen=page.seen, **data)

    return Asked("season", page.when, ways.season(**data), [*words.removed(gone), *concerns], make)


def _class_days(page: Page) -> Asked:
    data = page.days.cleaned_data
    first, group = data["first"], next(group for group in page.groups if group.pk == data["class_group"])
    weekdays = data["weekdays"] or None
    known = timetable.class_days_of(service_id=page.service.pk, class_group_ids=[group.pk])
    gone = [one.days.lower for one in known if one.days.lower >= first]
    concerns = words.concerns(rule_readers.concerned(**page.where, first=first, class_group_id=group.pk))

    def make(by: User, now: datetime) -> None:
        seasons.set_class_days(
            by=by,
            **page.where,
            class_group_id=group.pk,
            class_name=group.name,
            first=first,
            weekdays=weekdays,
            now=now,
            seen=page.seen,
        )

    told = ways.class_days(name=group.name, first=first, weekdays=weekdays)
    return Asked("class", page.days, told, [*words.removed(gone), *concerns], make)
