"""What a process keeps of a day: right at once after whatever changes it, and nothing else is counted again."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from threading import Event, Thread
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext

from campanella.domains.attendance import operations as attendance
from campanella.domains.attendance.models import DayRule
from campanella.domains.attendance.rules import Mark
from campanella.domains.enrolment.models import Subscription
from campanella.domains.schools import operations as schools
from campanella.domains.schools.models import ClassGroup, Membership
from campanella.foundation.core import changes, clock
from campanella.foundation.core.models import Change
from campanella.foundation.core.scope import scope
from campanella.readings import counted
from campanella.readings.counted import CountedDay
from campanella.readings.office import served
from campanella.usecases import mealtime
from tests.concurrency.conftest import committed, town  # noqa: F401  # fixtures
from tests.diets import serve
from tests.towns import OFFICE, TODAY, Cast, open_class

Questions = list[str]


@pytest.fixture
def here(town: Cast) -> Iterator[Cast]:  # noqa: F811  # the fixture
    """A town whose numbers this process has just counted."""
    counted.forget()
    served.forget()
    look(town)
    yield town
    counted.forget()
    served.forget()


def look(cast: Cast) -> tuple[CountedDay, Questions]:
    """Return what the process shows, after making sure that it is what counting everything would show."""
    with scope(cast.town.id):
        with CaptureQueriesContext(connection) as captured:
            shown = counted.on(day=TODAY)
        kept = dict(counted._days)
        counted.forget()
        fresh = counted.on(day=TODAY)
        counted._days.update(kept)
    assert list(shown.lines_by_class.items()) == list(fresh.lines_by_class.items())
    assert shown.rules == fresh.rules
    assert (shown.serving.calendars, shown.serving.off) == (fresh.serving.calendars, fresh.serving.off)
    assert [group.pk for group in shown.groups] == [group.pk for group in fresh.groups]
    return shown, [query["sql"] for query in captured]


def tapped(cast: Cast) -> None:
    anna, call = cast.child("Anna"), cast.roll_call()
    attendance.mark(
        by=cast.staff["school"], roll_call_id=call.pk, child_id=anna.pk, mark=Mark(is_present=False), now=clock.now()
    )


def confirmed_and_corrected(cast: Cast) -> None:
    now = clock.now()
    mealtime.confirm(by=OFFICE, roll_call=cast.roll_call(), absent_ids=[], adults=2, now=now)
    mealtime.correct(
        by=OFFICE,
        child_id=cast.child("Luca").pk,
        service=cast.services["mensa"],
        day=TODAY,
        is_present=False,
        reason="a casa",
        now=now,
    )


def a_diet(cast: Cast) -> None:
    serve(cast.child("Amina"), "D1", "Senza glutine")


def moved(cast: Cast) -> None:
    schools.place_many(class_by_child={cast.child("Luca").pk: cast.classes["3A"].pk}, first=TODAY, end=None)


def no_more_enrolled(cast: Cast) -> None:
    mine = Subscription.objects.filter(child=cast.child("Anna"), service=cast.services["mensa"])
    mine.update(weekdays=0)


def closed(cast: Cast) -> None:
    schools.close(by=OFFICE, first=TODAY, last=TODAY, reason="Neve", now=clock.now(), school=cast.school)


def booked_day_by_day(cast: Cast) -> None:
    days = DateRange(TODAY, None)
    DayRule.objects.create(service=cast.services["mensa"], school=cast.school, days=days, mode="opt_in")


def another_class(cast: Cast) -> None:
    open_class(school=cast.school, year=cast.classes["2B"].year, name="1A")


def renamed(cast: Cast) -> None:
    ClassGroup.objects.filter(pk=cast.classes["2B"].pk).update(name="9Z")


ACTS: list[Callable[[Cast], Any]] = [
    *(tapped, confirmed_and_corrected, a_diet, moved, no_more_enrolled, closed, booked_day_by_day, another_class, renamed)
]


def test_whatever_changes_a_day_is_shown_at_once(here: Cast) -> None:
    """Each act after the other, in the order in which they tell the most; every number is compared with a fresh count."""
    for act in ACTS:
        before, _ = look(here)
        with scope(here.town.id):
            act(here)
        after, _ = look(here)
        assert after.number != before.number, act.__name__
        assert look(here)[0] is after, act.__name__


def test_only_the_class_that_has_changed_is_counted_again(here: Cast) -> None:
    _, asked = look(here)
    assert len(asked) == 1
    with scope(here.town.id):
        tapped(here)
    _, asked = look(here)
    assert len(asked) == 3
    assert "enable_nestloop" not in " ".join(asked)


def test_what_was_begun_earlier_and_committed_later_is_not_missed(here: Cast) -> None:
    written, go_on = Event(), Event()

    def slowly() -> None:
        try:
            with scope(here.town.id):
                moved(here)
                written.set()
                go_on.wait(60)
        finally:
            connection.close()

    thread = Thread(target=slowly)
    thread.start()
    try:
        written.wait(60)
        with scope(here.town.id):
            tapped(here)
        between, _ = look(here)
    finally:
        go_on.set()
        thread.join()
    after, _ = look(here)
    assert [line.expected for line in between.lines_of(service_id=here.services["mensa"].pk)] == [3]
    assert [line.expected for line in after.lines_of(service_id=here.services["mensa"].pk)] == [2, 1]


def test_a_transaction_shows_its_own_changes_and_leaves_none_that_were_taken_back(here: Cast) -> None:
    before, _ = look(here)
    with scope(here.town.id):
        Membership.objects.filter(child=here.child("Anna")).delete()
        inside = counted.on(day=TODAY)
        assert inside.number == 0
        assert [line.expected for line in inside.lines_of(service_id=here.services["mensa"].pk)] == [2]
        transaction.set_rollback(True)
    assert look(here)[0] is before


def test_the_days_behind_are_counted_once_and_again_after_a_correction(here: Cast) -> None:
    yesterday = TODAY.replace(day=TODAY.day - 1)

    def shown() -> tuple[list[tuple[Any, int]], int]:
        with scope(here.town.id), CaptureQueriesContext(connection) as captured:
            found = served.meals_by_day(today=counted.on(day=TODAY))
        return found, len(captured)

    with scope(here.town.id):
        mealtime.confirm_day(
            by=OFFICE,
            service=here.services["mensa"],
            day=yesterday,
            class_group_ids=[here.classes["2B"].pk],
            absent_ids=[],
            now=clock.now(),
        )
    assert shown()[0] == [(yesterday, 3)]
    assert shown() == ([(yesterday, 3)], 2)
    with scope(here.town.id):
        mealtime.correct(
            by=OFFICE,
            child_id=here.child("Luca").pk,
            service=here.services["mensa"],
            day=yesterday,
            is_present=False,
            reason="a casa",
            now=clock.now(),
        )
        mealtime.confirm(by=OFFICE, roll_call=here.roll_call(), absent_ids=[], adults=0, now=clock.now())
    assert shown()[0] == [(yesterday, 2), (TODAY, 3)]


def test_who_has_not_looked_for_long_counts_everything(here: Cast) -> None:
    """What has changed is forgotten after two days: a process that slept longer must not take the silence for peace."""
    before, _ = look(here)
    kept = counted._days[here.town.id, TODAY]
    counted._days[here.town.id, TODAY] = replace(kept, seen=replace(kept.seen, at=kept.seen.at - changes.REMEMBERED))
    with scope(here.town.id):
        tapped(here)
        Change.objects.update(at=clock.now() - timedelta(days=400))
        changes.forget()
        assert not Change.objects.exists()
    after, asked = look(here)
    assert len(asked) > 3
    assert after.number != before.number


def test_a_number_that_nothing_has_told_is_put_right_and_said_in_the_log(
    here: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    before, _ = look(here)
    kept = counted._days[here.town.id, TODAY]
    group = here.classes["2B"].pk
    lines = tuple(replace(line, eating=99) for line in before.lines_by_class[group])
    wrong = replace(kept.day, lines_by_class={**kept.day.lines_by_class, group: lines})
    counted._days[here.town.id, TODAY] = replace(kept, day=wrong, proven_at=kept.proven_at - counted.PROVED_EVERY)
    look(here)
    assert f"kept numbers differed: {TODAY}, classes [{group}]" in caplog.text
    caplog.clear()
    kept = counted._days[here.town.id, TODAY]
    counted._days[here.town.id, TODAY] = replace(kept, proven_at=kept.proven_at - counted.PROVED_EVERY)
    assert look(here)[0] is kept.day
    assert not caplog.text
