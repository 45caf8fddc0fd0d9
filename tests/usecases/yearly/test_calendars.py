"""The calendars of a year are carried into the next one: shown first, looked at after, taken back with the roll-over."""

import json
from datetime import date

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from campanella.domains.services import rules
from campanella.domains.services.models import ClassCalendar, ServiceCalendar
from campanella.foundation.core import clock
from campanella.usecases.yearly import calendars, planning, rolling
from tests.config.commands.running import said
from tests.towns import OFFICE, TODAY, Cast

OLD, NEW = (date(2026, 9, 1), date(2027, 9, 1)), (date(2027, 9, 1), date(2028, 9, 1))


@pytest.mark.parametrize(
    ("first", "end", "after"),
    [
        # Tuesday 15 September to Wednesday 9 June, the last day: on the same weekdays a year later.
        (date(2026, 9, 15), date(2027, 6, 10), (date(2027, 9, 14), date(2028, 6, 8))),
        # The whole year, as a nursery has it, stays the whole year.
        (date(2026, 9, 1), date(2027, 9, 1), NEW),
        (date(2026, 9, 15), None, (date(2027, 9, 14), date(2028, 9, 1))),
        # What began before the year, or reaches into its last days, is cut to the year.
        (date(2026, 1, 7), date(2027, 6, 10), (date(2027, 9, 1), date(2028, 6, 8))),
        # 52 weeks on are a day or two short of a year: nothing begins before it.
        (date(2026, 9, 2), date(2027, 6, 10), (date(2027, 9, 1), date(2028, 6, 8))),
        (date(2026, 9, 1), date(2026, 9, 2), (date(2027, 9, 1), date(2027, 9, 1))),
    ],
)
def test_a_season_is_carried_fifty_two_weeks_on(first: date, end: date | None, after: tuple[date, date]) -> None:
    expected = after if after[0] < after[1] else None
    assert rules.season_after(first=first, end=end, year=OLD, into=NEW) == expected


def _reckoned() -> calendars.Calendars:
    return calendars.plan(planning.plan(today=TODAY, policies={}))


def _roll() -> rolling.Rolled:
    return rolling.roll(by=OFFICE, policies={}, now=clock.now())


def _seasons(valle: Cast) -> list[tuple[str, DateRange]]:
    rows = ServiceCalendar.objects.filter(school=valle.school, days__overlap=NEW).order_by("service__code")
    return list(rows.values_list("service__code", "days"))


def test_every_season_goes_on_unless_the_office_has_entered_one(fifth: Cast) -> None:
    own = DateRange(date(2027, 9, 20), date(2028, 6, 1))
    ServiceCalendar.objects.create(service=fifth.services["mensa"], school=fifth.school, days=own, weekdays=31)
    (one,) = _reckoned().seasons
    assert (one.service_code, one.first, one.end, one.was) == (
        "scuolabus",
        date(2027, 9, 14),
        date(2028, 6, 8),
        (date(2026, 9, 15), date(2027, 6, 10)),
    )
    done = _roll()
    assert done.calendars.seasons == [one]
    assert _seasons(fifth) == [("mensa", own), ("scuolabus", DateRange(date(2027, 9, 14), date(2028, 6, 8)))]
    assert _reckoned() == calendars.Calendars()
    rolling.undo(by=OFFICE, now=clock.now())
    assert _seasons(fifth) == [("mensa", own)]


def test_return_days_go_with_the_children_and_stay_with_a_first_class(fifth: Cast) -> None:
    by_name = {"2B": 0b00101, "1B": 0b01010}
    for one in fifth.school.class_groups.filter(name__in=by_name):
        days = DateRange(date(2026, 9, 15), None)
        ClassCalendar.objects.create(service=fifth.services["mensa"], class_group=one, days=days, weekdays=by_name[one.name])
    _roll()
    rows = ClassCalendar.objects.filter(class_group__year__name="2027/28").order_by("class_group__name")
    assert list(rows.values_list("class_group__name", "weekdays")) == [("1B", 0b01010), ("2B", 0b01010), ("3B", 0b00101)]
    rolling.undo(by=OFFICE, now=clock.now())
    assert ClassCalendar.objects.count() == 2


def test_somebody_looks_at_them_once(fifth: Cast) -> None:
    _roll()
    assert calendars.confirm(by=OFFICE, now=clock.now()) == 2
    with pytest.raises(calendars.NothingToConfirm):
        calendars.confirm(by=OFFICE, now=clock.now())
    # Confirmed or not, they go with the roll-over.
    rolling.undo(by=OFFICE, now=clock.now())
    assert _seasons(fifth) == []


@pytest.mark.usefixtures("fifth")
def test_the_command_names_them_in_its_dry_run() -> None:
    told = json.loads(said("year", "roll", "--town", "valle", "--dry-run", "--json"))
    assert [(one["service"], one["first"], one["last"]) for one in told["calendars"]] == [
        ("mensa", "2027-09-14", "2028-06-07"),
        ("scuolabus", "2027-09-14", "2028-06-07"),
    ]
    assert "2 seasons carried" in said("year", "roll", "--town", "valle")
