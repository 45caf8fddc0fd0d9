"""What families ask for their days: the cases of the school day with their numbers."""

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test.utils import CaptureQueriesContext

from campanella.domains.attendance import queries as sheets
from campanella.domains.attendance.judging import Arrival
from campanella.domains.attendance.models import Booking, CutOffShift, DayEvent, FamilyRequest, RollCall
from campanella.domains.attendance.rules import Mark
from campanella.domains.messaging.models import Message
from campanella.domains.schools.models import Closure
from campanella.domains.support.models import TicketMessage
from campanella.foundation.core import audit, clock
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.models import Change
from campanella.readings import serving
from campanella.readings.explained import explained
from campanella.readings.family import askable
from campanella.usecases import mealtime, wishes
from tests.towns import TODAY, Cast, run_jobs
from tests.usecases.asking import TOMORROW, ask, choosing, confirm, eating, goes, opt_out, rome, take_back

__all__ = ["opt_out"]


def test_a_meal_that_is_cancelled_in_time_is_not_cooked_and_not_paid(opt_out: Cast) -> None:
    answer = ask(opt_out, "08:47:12.000345")
    assert (answer.number, answer.is_accepted) == ("D-2610-00001", True)
    assert answer.received_at == rome("08:47:12.000345")
    assert eating(opt_out) == {"Luca", "Amina"}
    assert confirm(opt_out) == 2
    assert (opt_out.balance("Anna"), opt_out.balance("Luca")) == (0, -310)
    event = DayEvent.objects.get(request_id=answer.request_id)
    assert (event.counts, event.cut_off, event.received_at) == (True, rome("09:30"), answer.received_at)


def test_one_microsecond_after_the_cut_off_is_late_on_record_and_paid(opt_out: Cast) -> None:
    in_time = ask(opt_out, "09:30:00", "Anna")
    late = ask(opt_out, "09:30:00.000001", "Luca")
    assert (in_time.is_accepted, late.is_accepted, late.is_late) == (True, False, True)
    assert late.number == "D-2610-00002"
    assert [day.answer for day in late.days] == ["late"]
    assert confirm(opt_out) == 2
    assert (opt_out.balance("Anna"), opt_out.balance("Luca")) == (0, -310)
    assert not Booking.objects.filter(child=opt_out.child("Luca")).exists()


def test_the_form_sent_twice_is_told_the_same_and_asks_once(opt_out: Cast) -> None:
    key = uuid4()
    first = ask(opt_out, "08:00", key=key)
    again = ask(opt_out, "09:31", key=key)
    assert again == first
    assert FamilyRequest.objects.count() == DayEvent.objects.filter(kind="asked").count() == 1
    with pytest.raises(NotFound):
        ask(opt_out, "08:00", "Amina", family="haddad", key=key)


def test_a_child_of_another_family_is_not_asked_for(opt_out: Cast) -> None:
    with pytest.raises(NotFound):
        ask(opt_out, "08:00", "Anna", "Amina")
    with pytest.raises(NotFound):
        ask(opt_out, "08:00", "Anna", family="haddad")
    answer = ask(opt_out, "08:00")
    with pytest.raises(NotFound):
        wishes.take_back(
            by=opt_out.families["haddad"].user,
            number=answer.number,
            key=uuid4(),
            arrival=Arrival(rome("08:01")),
            now=clock.now(),
        )
    assert eating(opt_out) == {"Luca", "Amina"}


def test_it_is_taken_back_until_the_cut_off_and_not_after(opt_out: Cast) -> None:
    answer = ask(opt_out, "08:00", "Anna", "Luca")
    undone = take_back(opt_out, "09:30", answer)
    assert undone.is_accepted
    assert undone.number != answer.number
    assert eating(opt_out) == {"Anna", "Luca", "Amina"}
    assert not Booking.objects.exists()
    with pytest.raises(wishes.NothingToAsk):
        take_back(opt_out, "09:30", answer)
    again = ask(opt_out, "09:30", "Anna")
    late = take_back(opt_out, "09:30:00.000001", again)
    assert late.is_late
    assert eating(opt_out) == {"Luca", "Amina"}


def test_a_period_is_one_request_and_one_day_of_it_can_be_taken_back(opt_out: Cast) -> None:
    days = [TODAY + timedelta(days=number) for number in range(9)]
    answer = ask(opt_out, "09:45", "Anna", "Luca", days=days)
    told = {(day.day, day.answer) for day in answer.days}
    # From Wednesday late to Thursday of the week after: six days of school follow, the weekend is none.
    assert len(answer.days) == 2 * 7
    assert (TODAY, "late") in told
    assert {answer for day, answer in told if day > TODAY} == {"accepted"}
    assert take_back(opt_out, "10:00", answer, days=[TOMORROW]).is_accepted
    assert eating(opt_out, TOMORROW) == {"Anna", "Luca", "Amina"}
    assert eating(opt_out, TOMORROW + timedelta(days=1)) == {"Amina"}


def test_a_period_costs_no_more_statements_than_a_day(opt_out: Cast) -> None:
    def statements(days: Collection[date], *names: str) -> int:
        with CaptureQueriesContext(connection) as found:
            ask(opt_out, "08:00", *names, days=days)
        return len([query for query in found if "SAVEPOINT" not in query["sql"]])

    ask(opt_out, "08:00", "Amina", family="haddad")
    one = statements([TOMORROW], "Anna")
    many = statements([TODAY + timedelta(days=number) for number in range(1, 60)], "Anna", "Luca")
    assert one == many
    assert one <= 18


def test_a_strike_that_is_entered_and_withdrawn_leaves_what_families_chose(opt_out: Cast) -> None:
    """Three children: one cancels, one does nothing, one cancels and undoes; the closure comes and goes."""
    ask(opt_out, "07:30", "Anna")
    undone = ask(opt_out, "07:30", "Luca")
    take_back(opt_out, "07:45", undone)
    strike = Closure.objects.create(days=DateRange(TODAY, TOMORROW), school=opt_out.school, reason="Sciopero")
    assert serving.classes(service_id=opt_out.services["mensa"].pk, day=TODAY) == []
    assert confirm(opt_out) == 0
    strike.delete()
    assert eating(opt_out) == {"Luca", "Amina"}
    assert confirm(opt_out) == 2
    balances = [opt_out.balance(name) for name in ("Anna", "Luca", "Amina")]
    assert balances == [0, -310, -460]


def test_what_is_asked_on_a_closed_day_holds_if_the_closure_is_withdrawn(opt_out: Cast) -> None:
    closure = Closure.objects.create(days=DateRange(TODAY, TOMORROW), school=opt_out.school, reason="Sciopero")
    answer = ask(opt_out, "08:00")
    assert [day.answer for day in answer.days] == ["closed"]
    closure.delete()
    assert eating(opt_out) == {"Luca", "Amina"}
    with pytest.raises(wishes.NothingToAsk):
        ask(opt_out, "08:00", days=[date(2026, 10, 17)])  # a Saturday


def test_where_meals_are_booked_day_by_day_nobody_eats_unasked(valle: Cast) -> None:
    goes(valle, "opt_in", horizon_days=15)
    answer = ask(valle, "08:00", action="book", days=[TODAY, TODAY + timedelta(days=15), TODAY + timedelta(days=16)])
    assert [day.answer for day in answer.days] == ["accepted", "accepted", "too_far"]
    assert eating(valle) == {"Anna"}
    assert confirm(valle) == 1
    assert (valle.balance("Anna"), valle.balance("Luca")) == (-460, 0)


def test_a_window_opens_at_an_hour_of_its_first_day(valle: Cast, at: Any) -> None:
    """Booked from two o'clock of the day before: a second earlier is too early, and the page says from when."""
    goes(valle, "opt_in", horizon_days=1, opens_at=time(14))
    early = ask(valle, "13:59:59", action="book", days=[TOMORROW])
    assert [day.answer for day in early.days] == ["too_far"]
    anna, meal = valle.child("Anna").pk, valle.services["mensa"].pk
    for moment, can_ask in (("13:59:59", False), ("14:00", True)):
        now, user = at(moment), valle.families["rossi"].user
        services = askable.day_to_ask(user=user, child_id=anna, day=TOMORROW, now=now).services
        shown = next(one for one in services if one.use.service_id == meal)
        (told,) = explained(lines=[(anna, meal)], day=TOMORROW, now=now)
        assert (shown.can_ask, told.can_change) == (can_ask, can_ask)
    assert [day.answer for day in ask(valle, "14:00", action="book", days=[TOMORROW]).days] == ["accepted"]
    assert eating(valle, TOMORROW) == {"Anna"}


def test_where_the_roll_call_decides_its_word_is_the_last(valle: Cast) -> None:
    ask(valle, "08:00")
    assert eating(valle) == {"Luca", "Amina"}
    confirm(valle)
    answer = ask(valle, "09:00", "Luca")
    assert [day.answer for day in answer.days] == ["taken"]
    assert (valle.balance("Anna"), valle.balance("Luca")) == (0, -310)


def test_a_request_that_counts_after_the_confirmation_gives_the_money_back_once(opt_out: Cast) -> None:
    """Received at 9:29:59.9, processed when the class was charged already."""
    confirm(opt_out)
    assert opt_out.balance("Anna") == -460
    key = uuid4()
    for _ in range(2):
        answer = ask(opt_out, "09:29:59.900000", "Anna", "Luca", key=key)
    assert answer.is_accepted
    assert (opt_out.balance("Anna"), opt_out.balance("Luca")) == (0, 0)
    take_back(opt_out, "09:29:59.950000", answer, days=[TODAY])
    assert (opt_out.balance("Anna"), opt_out.balance("Luca")) == (-460, -310)


def test_who_eats_all_the_same_pays(opt_out: Cast) -> None:
    """Cancelled in time, and there at noon: the school's word on who is there beats the family's."""
    ask(opt_out, "08:00")
    mealtime.confirm(
        by=opt_out.staff["school"],
        roll_call=opt_out.roll_call(),
        absent_ids=[],
        adults=None,
        changes={opt_out.child("Anna").pk: Mark(True)},
        now=clock.now(),
    )
    assert opt_out.balance("Anna") == -460


# Row by row as the case tells it: the phone's error in minutes (fast), what it shows, when it arrives.
@pytest.mark.parametrize(
    ("fast", "shows", "arrives", "answer", "cents"),
    [
        pytest.param(7, "09:33", "09:41", "accepted", 0, id="a"),
        pytest.param(-4, "09:29", "09:34", "late", -460, id="b"),
        pytest.param(0, "09:20", "09:46", "late", -460, id="c"),
        pytest.param(0, "09:20", "09:44", "accepted", 0, id="d"),
        pytest.param(25, "09:50", "09:40", "doubtful", -460, id="e"),
        pytest.param(None, "09:15", "09:35", "late", -460, id="f, online"),
    ],
)
def test_a_tap_without_network_by_the_towns_rule(
    opt_out: Cast, fast: int | None, shows: str, arrives: str, answer: str, cents: int
) -> None:
    choosing(opt_out, offline_grace_minutes=15, offline_clock_error_minutes=10)
    confirm(opt_out)  # the sheet is frozen at half past nine
    offline = {}
    if fast is not None:
        offline = {"tapped_at": rome(shows) - timedelta(minutes=fast), "error": timedelta(minutes=fast)}
    told = ask(opt_out, arrives, **offline)
    assert [day.answer for day in told.days] == [answer]
    assert opt_out.balance("Anna") == cents
    request = FamilyRequest.objects.get(number=told.number)
    # A clock that is too wrong is put before the office, with both moments.
    tickets = TicketMessage.objects.values_list("text", flat=True)
    assert [("25 minuti" in text, "9:25:00" in text, "9:40:00" in text) for text in tickets] == (
        [(True, True, True)] if answer == "doubtful" else []
    )
    # Both moments are on record.
    assert request.received_at == rome(arrives)
    assert request.made_at == min(offline.get("tapped_at", rome(arrives)), rome(arrives))


def test_without_the_towns_word_the_receipt_alone_counts(opt_out: Cast) -> None:
    told = ask(opt_out, "09:30:01", tapped_at=rome("09:00"))
    assert [day.answer for day in told.days] == ["late"]


def test_the_cut_off_is_wall_clock_time_when_the_hour_changes(opt_out: Cast) -> None:
    # The last Friday of summer time and the first Monday without; and in spring.
    for day, utc in ((date(2026, 10, 23), 7), (date(2026, 10, 26), 8), (date(2027, 3, 26), 8), (date(2027, 3, 29), 7)):
        cut_off = datetime(day.year, day.month, day.day, utc, 30, tzinfo=UTC)
        for late, answer in ((timedelta(), "accepted"), (timedelta(microseconds=1), "late")):
            told = wishes.ask(
                by=opt_out.families["rossi"].user,
                lines=[(opt_out.child("Anna").pk, opt_out.services["mensa"].pk)],
                days=[day],
                action="cancel",
                key=uuid4(),
                arrival=Arrival(cut_off + late),
                now=clock.now(),
            )
            assert [one.answer for one in told.days] == [answer], day


def test_a_cut_off_the_day_before_and_one_that_was_moved(valle: Cast) -> None:
    goes(valle, cut_off=time(14, 0), cut_off_days_before=1)
    assert ask(valle, "14:00:01", days=[TOMORROW]).is_late
    assert ask(valle, "14:00", days=[TOMORROW]).is_accepted
    CutOffShift.objects.create(day=TOMORROW, until=rome("14:20"), reason="portale fermo", at=clock.now())
    assert ask(valle, "14:20", "Luca", days=[TOMORROW]).is_accepted


def test_the_board_of_the_kitchen_is_told_and_nobody_has_begun_the_class(opt_out: Cast) -> None:
    Change.objects.all().delete()
    ask(opt_out, "08:00")
    told = Change.objects.filter(source=RollCall._meta.db_table, whose="class", days__contains=TODAY)
    assert {one.subject for one in told} == {opt_out.classes["2B"].pk}
    (line,) = sheets.board(day=TODAY, service_ids=[opt_out.services["mensa"].pk])
    assert (line.eating, line.begun) == (2, False)
    assert RollCall.objects.get(day=TODAY).changes == 1


def test_the_answer_comes_by_mail_without_a_name_in_its_subject(opt_out: Cast) -> None:
    answer = ask(opt_out, "08:47:12.000345", "Anna", days=[TODAY, TOMORROW])
    run_jobs()
    letter = Message.objects.get(template="request_told")
    assert (letter.subject, letter.address) == (f"Richiesta n. {answer.number} · Comune di Valle", "rossi@posta.example")
    assert "Ricevuta: 14/10/2026, 8:47:12,000345" in letter.text
    assert "- Anna, Refezione, mercoledì 14 ottobre: disdetto" in letter.text
    assert f"/richieste/{answer.number}/" in letter.text


def test_the_act_is_in_the_audit_trail_of_the_child(opt_out: Cast) -> None:
    answer = ask(opt_out, "08:00")
    (act,) = audit.acts_on(subjects=[f"child:{opt_out.child('Anna').pk}"])
    assert act.sentence == f"ha disdetto: 14/10, n. {answer.number}"


def test_what_is_named_twice_is_asked_once(opt_out: Cast) -> None:
    answer = ask(opt_out, "08:00", *["Anna"] * 200, days=[TODAY, TODAY, TOMORROW])
    assert [day.day for day in answer.days] == [TODAY, TOMORROW]
    assert DayEvent.objects.filter(kind="asked").count() == 2
    (act,) = audit.acts_on(subjects=[f"child:{opt_out.child('Anna').pk}"])
    assert "2 giorni dal 14/10 al 15/10" in act.sentence
