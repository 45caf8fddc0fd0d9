"""The outage rule: pages that could not be reached in the last hour move the cut-off, once, and everybody is told."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from campanella.domains.accounts.roles import Role
from campanella.domains.attendance.models import CutOffShift, DayRule
from campanella.domains.attendance.rules import A_HOLE, moved_by_outage
from campanella.domains.messaging.models import Message
from campanella.domains.schools import operations as schools
from campanella.domains.schools.models import Workplace
from campanella.domains.services import operations as services
from campanella.domains.support.models import TicketMessage
from campanella.foundation.core import clock, heartbeats
from campanella.foundation.core.models import Heartbeat
from campanella.usecases import outages
from tests.browsing import at_most, browser
from tests.towns import TODAY, Cast, run_jobs
from tests.usecases.asking import TOMORROW, ask, choosing, confirm, goes, rome, take_back

CUT_OFF = rome("09:30")


def beating(*spans: tuple[str, str]) -> list[datetime]:
    """Return the beats of some spans of time, one every fifteen seconds."""
    beats = []
    for first, last in spans:
        at = rome(first)
        while at <= rome(last):
            beats.append(at)
            at += heartbeats.EVERY
    return beats


@pytest.mark.parametrize(
    ("beats", "now", "moved"),
    [
        pytest.param([("08:00", "09:40")], "09:40", None, id="no hole"),
        pytest.param([("08:00", "09:00"), ("09:12", "09:40")], "09:40", "09:42", id="twelve minutes"),
        pytest.param([("08:00", "08:20"), ("08:40", "09:40")], "09:40", "09:40", id="only what falls inside the hour"),
        pytest.param([("07:00", "09:20"), ("09:50", "09:51")], "09:51", "09:40", id="only what falls before the cut-off"),
        pytest.param([("08:00", "08:50"), ("08:55", "09:10"), ("09:20", "09:40")], "09:40", "09:45", id="two holes"),
        pytest.param([("08:00", "09:00")], "09:10", "09:40", id="it goes on"),
        pytest.param([("08:00", "09:00"), ("09:00:50", "09:40")], "09:40", None, id="a restart is no outage"),
        pytest.param([], "09:40", None, id="nobody witnesses"),
        pytest.param([("07:00", "08:00"), ("08:20", "09:40")], "09:40", None, id="before the hour"),
    ],
)
def test_by_how_much_a_cut_off_moves(beats: Sequence[tuple[str, str]], now: str, moved: str | None) -> None:
    found = moved_by_outage(beats=beating(*beats), now=rome(now), cut_off=CUT_OFF)
    assert found == (rome(moved) if moved else None)


def test_or_a_fixed_number_of_minutes() -> None:
    beats = beating(("08:00", "09:00"), ("09:12", "09:40"))
    found = moved_by_outage(beats=beats, now=rome("09:40"), cut_off=CUT_OFF, extra=timedelta(minutes=30))
    assert found == rome("10:00")


@pytest.fixture
def outage(valle: Cast) -> Cast:
    """Valle, where families cancel, and the pages were away from 9:00 to 9:12."""
    goes(valle)
    Heartbeat.objects.bulk_create(Heartbeat(at=at) for at in beating(("08:00", "09:00"), ("09:12", "09:43")))
    return valle


def test_who_comes_in_the_time_that_was_lost_is_not_late_though_nobody_has_looked_yet(outage: Cast) -> None:
    confirm(outage)
    assert ask(outage, "09:41:59", now=rome("09:42")).is_accepted
    assert outage.balance("Anna") == 0
    assert ask(outage, "09:42:00.000001", "Luca", now=rome("09:43")).is_late
    (shift,) = CutOffShift.objects.filter(service=outage.services["mensa"])
    assert (shift.day, shift.until) == (TODAY, rome("09:42"))


def test_who_takes_back_in_the_time_that_was_lost_is_not_late_either(outage: Cast) -> None:
    cancelled = ask(outage, "08:50", now=rome("08:50"))
    with clock.standing_at(rome("09:41")):
        assert take_back(outage, "09:41", cancelled).is_accepted


def test_a_tap_with_a_wrong_clock_that_comes_in_the_time_that_was_lost_is_in_no_doubt(outage: Cast) -> None:
    choosing(outage, offline_grace_minutes=15, offline_clock_error_minutes=10)
    told = ask(outage, "09:41", now=rome("09:41"), tapped_at=rome("09:25"), error=timedelta(minutes=25))
    assert [day.answer for day in told.days] == ["accepted"]
    assert not TicketMessage.objects.exists()


def test_an_outage_of_days_moves_the_cut_off_too(valle: Cast) -> None:
    goes(valle)
    away = [rome("18:00", TODAY - timedelta(days=3)), *beating(("09:10", "09:29"))]
    Heartbeat.objects.bulk_create(Heartbeat(at=at) for at in away)
    assert outages.move_cut_offs(now=rome("09:29")) == 2
    assert {shift.until for shift in CutOffShift.objects.all()} == {rome("10:10")}


def test_pages_that_have_only_begun_to_beat_were_not_away(valle: Cast) -> None:
    goes(valle)
    Heartbeat.objects.bulk_create(Heartbeat(at=at) for at in beating(("09:10", "09:29")))
    assert outages.move_cut_offs(now=rome("09:29")) == 0


def test_the_worker_moves_it_once_and_tells_kitchen_and_office(outage: Cast) -> None:
    kitchen = outage.staff["kitchen"]
    kitchen.email = "cucina@posta.example"
    kitchen.save()
    assert outages.move_cut_offs(now=rome("09:13")) == 2  # the meal and the bus
    assert outages.move_cut_offs(now=rome("09:14")) == 0
    run_jobs()
    letters = Message.objects.filter(template="cut_off_moved", subject__startswith="La chiusura dei numeri si sposta")
    assert {letter.address for letter in letters} == {"cucina@posta.example", "scuola@valle.example"}
    assert all("si sposta alle 9:42" in letter.text for letter in letters)
    # The kitchen cooks, and does not drive.
    assert ["(Refezione)" in one.text for one in letters if one.address == "cucina@posta.example"] == [True]
    assert sorted("(Scuolabus)" in one.text for one in letters if one.address == "scuola@valle.example") == [False, True]


def test_who_cooks_for_other_schools_is_not_told(outage: Cast) -> None:
    """Each school has an hour of its own, so that it moves by itself."""
    other = schools.register_school(code="altrove", name="Altrove", level="primaria")
    services.run(service=outage.services["mensa"], school=other, first=TODAY, end=TODAY + timedelta(days=90))
    of_other = {"service": outage.services["mensa"], "school": other, "days": DateRange(date(2026, 9, 1), None)}
    DayRule.objects.create(mode="opt_out", cut_off=time(9, 40), **of_other)
    cooks = (("kitchen", "rodari@posta.example", outage.school), ("school", "altrove@posta.example", other))
    for name, email, place in cooks:
        user = outage.staff[Role(name)]
        user.email, user.roles = email, [Role.KITCHEN]
        user.save()
        Workplace.objects.filter(user=user).delete()
        Workplace.objects.create(user=user, school=place)
    outages.move_cut_offs(now=rome("09:20"))
    run_jobs()
    told = Message.objects.filter(template="cut_off_moved", address__endswith="@posta.example").order_by("address")
    assert [(one.address, "(Refezione, Altrove)" in one.text) for one in told] == [
        ("altrove@posta.example", True),
        ("rodari@posta.example", False),
    ]


@pytest.mark.parametrize(
    ("beats", "silent"),
    [
        pytest.param([("08:00", "09:40")], False, id="all the time"),
        pytest.param([("08:00", "09:00"), ("09:02", "09:40")], True, id="a hole"),
        pytest.param([("08:00", "09:00"), ("09:01", "09:40")], False, id="a restart"),
        pytest.param([("08:00", "09:38")], True, id="it goes on"),
        pytest.param([("07:00", "07:30"), ("08:31", "09:40")], True, id="it began before"),
        pytest.param([("07:00", "07:30"), ("07:40", "09:40")], False, id="it was before"),
        pytest.param([], False, id="nobody witnesses"),
    ],
)
def test_whether_the_pages_were_away_is_one_question(db: None, beats: Sequence[tuple[str, str]], silent: bool) -> None:
    Heartbeat.objects.bulk_create(Heartbeat(at=at) for at in beating(*beats))
    assert heartbeats.were_silent(first=rome("08:30"), last=rome("09:40"), longer_than=A_HOLE) is silent


def test_many_who_come_late_cost_one_question_each(valle: Cast) -> None:
    goes(valle)
    Heartbeat.objects.bulk_create(Heartbeat(at=at) for at in beating(("08:00", "09:43")))
    with at_most(1):
        assert outages.move_cut_offs(now=rome("09:43")) == 0


def test_a_town_may_choose_that_nothing_moves(outage: Cast) -> None:
    choosing(outage, outage_moves_cut_off=False)
    assert outages.move_cut_offs(now=rome("09:13")) == 0
    assert ask(outage, "09:41", now=rome("09:42")).is_late


def test_a_beat_is_written_once_by_many_processes_and_forgotten_after_a_month(db: None) -> None:
    for _ in range(3):
        heartbeats.beat(at=rome("09:00"))
    heartbeats.beat(at=rome("09:00:03"))
    heartbeats.beat(at=rome("09:00:15"))
    assert heartbeats.beats(first=rome("08:00"), last=rome("10:00")) == [rome("09:00"), rome("09:00:15")]
    heartbeats.forget(now=rome("09:00:15") + heartbeats.KEPT)
    assert Heartbeat.objects.count() == 1


def test_a_process_beats_until_it_is_told_to_stop_though_one_beat_fails(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    at = iter([rome("09:00"), rome("09:01"), rome("09:02")])
    beat = heartbeats.beat

    def failing(*, at: datetime) -> None:
        if at == rome("09:01"):
            raise ConnectionError
        beat(at=at)

    def wait(seconds: float) -> bool:
        waits.append(seconds)
        return len(waits) == 3

    monkeypatch.setattr(heartbeats, "beat", failing)
    heartbeats.go_on(now=lambda: next(at), wait=wait, after=lambda: None)
    assert list(Heartbeat.objects.order_by("at").values_list("at", flat=True)) == [rome("09:00"), rome("09:02")]
    assert waits == [15.0] * 3


def moved_by(*spans: tuple[str, str], now: str) -> set[tuple[str, datetime]]:
    """Let the pages be away between these spans, look, and return what of the meal has moved, and to when."""
    Heartbeat.objects.bulk_create(Heartbeat(at=at) for at in beating(*spans))
    outages.move_cut_offs(now=rome(now))
    return set(CutOffShift.objects.filter(service__code="mensa").values_list("action", "until"))


def test_an_hour_of_its_own_moves_too(valle: Cast) -> None:
    """The white meal until nine, the pages away from 8:30 to 8:40: both hours are shortened by ten minutes."""
    goes(valle, white_cut_off=time(9))
    assert moved_by(("07:30", "08:30"), ("08:40", "09:30"), now="09:05") == {("", rome("09:40")), ("white", rome("09:10"))}
    assert ask(valle, "09:09", now=rome("09:09"), action="white").is_accepted
    assert ask(valle, "09:10:00.000001", "Luca", now=rome("09:11"), action="white").is_late
    assert outages.move_cut_offs(now=rome("09:12")) == 0


def test_who_asks_for_a_menu_in_the_time_that_was_lost_is_not_late_though_nobody_has_looked_yet(valle: Cast) -> None:
    goes(valle, white_cut_off=time(8, 25))
    Heartbeat.objects.bulk_create(Heartbeat(at=at) for at in beating(("07:00", "08:00"), ("08:10", "09:30")))
    assert ask(valle, "08:34", now=rome("08:34"), action="white").is_accepted
    assert ask(valle, "08:36", "Luca", now=rome("08:36"), action="white").is_late
    (shift,) = CutOffShift.objects.filter(service__code="mensa")
    assert (shift.action, shift.until) == ("white", rome("08:35"))


def test_an_hour_of_its_own_never_moves_past_the_numbers(valle: Cast) -> None:
    goes(valle, white_cut_off=time(9, 25))
    choosing(valle, outage_extra_minutes=20)
    moved = moved_by(("07:00", "08:27"), ("08:29", "09:45"), now="09:26")
    assert moved == {("white", rome("09:30"))}
    assert outages.move_cut_offs(now=rome("09:29")) == 0


def test_an_hour_of_the_day_before_moves_and_kitchen_and_office_are_told_of_which_day_it_is(valle: Cast) -> None:
    goes(valle, "opt_in", book_cut_off=time(8), book_cut_off_days_before=1)
    Heartbeat.objects.bulk_create(Heartbeat(at=at) for at in beating(("06:00", "07:30"), ("07:50", "08:40")))
    with clock.standing_at(rome("08:19")):
        assert ask(valle, "08:19", now=rome("08:19"), action="book", days=[TOMORROW]).is_accepted
    (shift,) = CutOffShift.objects.filter(action="book")
    assert (shift.day, shift.until) == (TOMORROW, rome("08:20"))
    run_jobs()
    letter = Message.objects.get(template="cut_off_moved", address="scuola@valle.example")
    assert letter.subject.startswith("Un’ora per le famiglie si sposta")
    assert "per giovedì 15 ottobre si può prenotare fino alle 8:20 di mercoledì 14 ottobre (Refezione)." in letter.text
    assert "la chiusura dei numeri resta com’è" in letter.text


def test_a_booking_s_hour_is_none_where_families_do_not_book(valle: Cast) -> None:
    goes(valle, book_cut_off=time(8))
    assert moved_by(("06:00", "07:30"), ("07:50", "09:40"), now="08:05") == set()


def test_home_says_the_hour_of_the_booking_as_it_has_moved(valle: Cast, at: Any) -> None:
    goes(valle, "opt_in", book_cut_off=time(9))
    moved_by(("07:30", "08:30"), ("08:40", "09:30"), now="08:47")
    at("09:05")
    words = browser(valle.town, valle.families["rossi"].user).read("/")
    assert "Fino alle 9:10 ancora 5 minuti" in words
