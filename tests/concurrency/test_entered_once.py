"""What several hands do in one moment, and must be done once: a closure, a contest, the move of a cut-off."""

from datetime import UTC, date, datetime, time
from typing import Any
from uuid import uuid4

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from campanella.domains.attendance import ruling
from campanella.domains.attendance.judging import Arrival
from campanella.domains.attendance.models import Contest, CutOffShift, DayRule
from campanella.domains.attendance.ruled import Terms
from campanella.domains.schools.models import Closure
from campanella.domains.schools.operations import AlreadyClosed
from campanella.domains.services import seasons
from campanella.domains.services.models import ClassCalendar, ServiceCalendar
from campanella.domains.support.models import Ticket
from campanella.foundation.core import clock, heartbeats
from campanella.foundation.core.models import Heartbeat
from campanella.foundation.core.scope import scope
from campanella.usecases import closing, contests, mealtime, wishes
from tests.concurrency.conftest import all_at_once
from tests.towns import OFFICE, TODAY, Cast

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("concurrency")]


def rome(text: str) -> datetime:
    return clock.rome(TODAY, time.fromisoformat(text)).astimezone(UTC)


def test_two_presses_make_one_closure(town: Cast) -> None:
    def press(_: int) -> Any:
        with scope(town.town.id):
            return closing.enter(by=OFFICE, first=TODAY, last=TODAY, reason="Neve", now=clock.now())

    results = all_at_once(press, 4)
    assert [type(result) for result in results if isinstance(result, Exception)] == [AlreadyClosed] * 3
    with scope(town.town.id):
        assert Closure.objects.count() == 1


def test_a_closure_is_not_changed_into_another_one_nor_stays_in_the_way_once_withdrawn(town: Cast) -> None:
    with scope(town.town.id):
        about: dict[str, Any] = {"by": OFFICE, "reason": "Neve", "now": clock.now()}
        first = closing.enter(first=TODAY, last=TODAY, **about)
        other = closing.enter(first=date(2026, 12, 1), last=date(2026, 12, 1), **about)
        with pytest.raises(AlreadyClosed):
            closing.change(closure_id=other.pk, first=TODAY, last=TODAY, **about)
        closing.withdraw(by=OFFICE, closure_id=first.pk, why="revocato", now=clock.now())
        closing.change(closure_id=other.pk, first=TODAY, last=TODAY, **about)


def test_latecomers_of_one_moment_move_the_cut_off_once_and_all_are_heard(town: Cast) -> None:
    """The pages were away from 9:00 to 9:12: six requests of 9:41 come together, and nobody has looked yet."""
    with scope(town.town.id):
        terms: dict[str, Any] = {"mode": "opt_out", "cut_off": time(9, 30), "days": DateRange(date(2026, 9, 1), None)}
        DayRule.objects.create(service=town.services["mensa"], school=town.school, **terms)
        beats, at = [], rome("08:00")
        while at <= rome("09:43"):
            if not rome("09:00") < at < rome("09:12"):
                beats.append(Heartbeat(at=at))
            at += heartbeats.EVERY
        Heartbeat.objects.bulk_create(beats)
        user = {name: town.families["haddad" if name == "Amina" else "rossi"].user for name in ("Anna", "Luca", "Amina")}
        lines = {name: (town.child(name).pk, town.services["mensa"].pk) for name in user}

    def ask(number: int) -> Any:
        name = list(lines)[number % 3]
        with scope(town.town.id):
            return wishes.ask(
                by=user[name],
                lines=[lines[name]],
                days=[TODAY],
                action="cancel",
                key=uuid4(),
                arrival=Arrival(rome("09:41")),
                now=rome("09:42"),
            ).is_accepted

    assert all_at_once(ask, 6) == [True] * 6
    with scope(town.town.id):
        shifts = CutOffShift.objects.values_list("service__code", "until").order_by("service__code")
        assert list(shifts) == [("mensa", rome("09:42")), ("scuolabus", rome("09:42"))]


def test_two_who_enter_a_first_rule_or_a_season_at_once_are_both_heard(town: Cast) -> None:
    """Where there is no row yet nothing holds the second; the later of the two replaces the other."""
    where = {"service_id": town.services["mensa"].pk, "school_id": town.school.pk, "by": OFFICE, "now": clock.now()}
    first, last = date(2026, 12, 1), date(2027, 6, 5)
    with scope(town.town.id):
        ServiceCalendar.objects.filter(service=town.services["mensa"]).delete()

    def rule(_: int) -> Any:
        with scope(town.town.id):
            ruling.change(**where, first=first, terms=Terms("opt_out", time(9, 30), 0, None, None), words="x")

    def season(_: int) -> Any:
        with scope(town.town.id):
            seasons.set_season(**where, first=first, last=last, weekdays=31)

    def class_days(_: int) -> Any:
        with scope(town.town.id):
            group = town.classes["2B"]
            about = {"class_group_id": group.pk, "class_name": group.name, "weekdays": 5}
            seasons.set_class_days(**where, **about, first=first)

    for enter in (rule, season, class_days):
        assert all_at_once(enter, 4) == [None] * 4
    with scope(town.town.id):
        counted = [model.objects.count() for model in (DayRule, ClassCalendar)]
        assert [*counted, ServiceCalendar.objects.filter(service=town.services["mensa"]).count()] == [1, 1, 1]


def test_a_day_is_contested_once(town: Cast) -> None:
    with scope(town.town.id):
        call = town.roll_call()
        mealtime.confirm(by=town.staff["school"], roll_call=call, absent_ids=[], adults=0, now=clock.now())
        about: dict[str, Any] = {
            "by": town.families["rossi"].user,
            "child_id": town.child("Anna").pk,
            "service_id": town.services["mensa"].pk,
        }

    def contest(_: int) -> Any:
        with scope(town.town.id):
            return contests.contest(**about, day=TODAY, text="Era a casa.", origin="10.0.0.1", now=clock.now())

    results = all_at_once(contest, 4)
    assert [type(one) for one in results if isinstance(one, Exception)] == [contests.ContestedBefore] * 3
    with scope(town.town.id):
        assert (Contest.objects.count(), Ticket.objects.count()) == (1, 1)
