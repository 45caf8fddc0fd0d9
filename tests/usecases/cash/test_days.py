"""A day of a cash point is counted as it is, and handed over to the town as it was booked."""

import pytest

from campanella.domains.cash import operations, queries, settled, till
from campanella.domains.cash.models import CashClose
from campanella.foundation.core import clock, sql
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import active_town_id
from campanella.readings import proofs
from campanella.readings.office import cash as office
from campanella.readings.proofs import cash as proof
from campanella.usecases.cash import days, points
from tests.cash import PERLA, cashier, close, opened, take, void
from tests.towns import OFFICE, TODAY, Cast, as_owner, run_jobs


def test_a_till_that_balances(valle: Cast) -> None:
    session = opened(valle, float_cents=5000)
    take(valle, 2000)
    take(valle, 3000, means="card")
    void(valle, take(valle, 1000))

    counted = close(valle, session, 7000, slip=3000)

    assert (counted.cash, counted.counted, counted.card, counted.slip) == (Euro(2000), Euro(2000), Euro(3000), Euro(3000))
    assert counted.is_even
    assert queries.open_session(point_id=session.point_id) is None


@pytest.mark.parametrize(("cash", "off"), [(1500, -500), (2500, 500), (0, -2000)])
def test_a_till_that_does_not_balance_is_written_down_with_its_difference(valle: Cast, cash: int, off: int) -> None:
    session = opened(valle)
    take(valle, 2000)

    counted = close(valle, session, cash, note="Mancano 5 euro")

    assert counted.cash_off == Euro(off)
    assert not counted.is_even
    assert counted.note == "Mancano 5 euro"
    assert valle.balance("Anna") == 2000


def test_a_slip_that_nobody_looked_at_is_no_difference(valle: Cast) -> None:
    session = opened(valle)
    take(valle, 2000, means="card")
    assert close(valle, session, 0).is_even


def test_a_day_is_counted_once_and_by_its_own_point(valle: Cast) -> None:
    session = opened(valle)
    ivo = cashier()
    points.add(by=OFFICE, data=PERLA, user_ids=[ivo.pk], now=clock.now())
    with pytest.raises(NotFound):
        days.close_day(by=ivo, session_id=session.pk, counted=till.Counted(Euro(0), None, ""), now=clock.now())
    close(valle, session, 0)
    with pytest.raises(till.ClosedAlready):
        close(valle, session, 100)
    assert CashClose.objects.count() == 1


def test_a_settlement_takes_every_counted_day_once_and_keeps_no_fee(valle: Cast) -> None:
    session = opened(valle)
    take(valle, 2000)
    take(valle, 3000, means="card")
    close(valle, session, 1500)
    again = days.open_day(by=valle.staff["cashier"], float_cents=0, now=clock.now())
    take(valle, 1000)

    made = points.settle(by=OFFICE, point_id=session.point_id, last=TODAY, now=clock.now())

    # What is owed is what was booked, whatever was counted; what is not counted yet waits.
    assert (made.number, made.cash, made.card, made.fee, made.due) == (1, Euro(2000), Euro(3000), Euro(0), Euro(5000))
    with pytest.raises(operations.NothingToSettle):
        points.settle(by=OFFICE, point_id=session.point_id, last=TODAY, now=clock.now())
    close(valle, again, 1000)
    assert points.settle(by=OFFICE, point_id=session.point_id, last=TODAY, now=clock.now()).due == Euro(1000)
    paid = points.note_paid(by=OFFICE, settlement_id=made.id, day=TODAY, reference="CRO 1", now=clock.now())
    assert (paid.paid_on, paid.reference) == (TODAY, "CRO 1")
    with pytest.raises(operations.AlreadyPaid):
        points.note_paid(by=OFFICE, settlement_id=made.id, day=TODAY, reference="CRO 1", now=clock.now())
    assert [line.due for line in office.point_lines(today=TODAY)] == [Euro(0)]
    assert len(settled.closes_of(settlement_id=made.id)) == 1


def test_a_person_stands_at_one_point_and_leaves_the_other(valle: Cast) -> None:
    session = opened(valle)
    person = valle.staff["cashier"]
    other = points.add(by=OFFICE, data=PERLA, user_ids=[person.pk], now=clock.now())
    found = queries.point_of(user_id=person.pk)
    assert found is not None
    assert found.pk == other.pk
    assert queries.operators().get(session.point_id) is None


def test_only_who_has_the_access_of_a_cash_point_is_let_stand_there(valle: Cast) -> None:
    made = points.add(by=OFFICE, data=PERLA, user_ids=[valle.staff["school"].pk], now=clock.now())
    assert queries.operators().get(made.pk) is None


def test_a_point_with_an_open_till_is_not_given_up(valle: Cast) -> None:
    session = opened(valle)
    with pytest.raises(operations.TillOpen):
        points.close(by=OFFICE, point_id=session.point_id, now=clock.now())
    close(valle, session, 0)
    points.close(by=OFFICE, point_id=session.point_id, now=clock.now())
    assert queries.open_points() == []


BOOKED, OWNED, COUNTED, ITS_DAY, NO_GAP, SETTLED = proof.PROMISES


@pytest.fixture
def written(valle: Cast) -> dict[str, int]:
    """A day with two top-ups, one of them undone, counted and settled."""
    session = opened(valle)
    kept, undone = take(valle, 2000), take(valle, 1000)
    void(valle, undone)
    close(valle, session, 2000)
    made = points.settle(by=OFFICE, point_id=session.point_id, last=TODAY, now=clock.now())
    run_jobs()
    assert proofs.violations() == []
    return {"kept": kept.id, "undone": undone.id, "settlement": made.id, "session": session.pk}


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("update cash_cashtopup set cents = 2001 where id = {kept}", {BOOKED, COUNTED}),
        ("update cash_cashtopup set means = 'card' where id = {kept}", {BOOKED, COUNTED}),
        ("update cash_cashtopup set by_id = 999 where id = {kept}", {BOOKED}),
        ("update cash_cashclose set cash_cents = 2500", {COUNTED, SETTLED}),
        ("update cash_cashtopup set taken_at = taken_at - interval '1 day' where id = {kept}", {ITS_DAY}),
        ("update cash_cashsession set closed_at = closed_at - interval '1 hour'", {ITS_DAY}),
        ("update cash_cashvoid set at = at + interval '1 hour'", {ITS_DAY}),
        ("update ledger_entry set source = 'cash:987654' where source = 'cash:{kept}'", {BOOKED, OWNED}),
        ("delete from cash_cashvoid", {OWNED, COUNTED}),
        ("update cash_cashpoint set last_number = 3", {NO_GAP}),
        ("update cash_cashtopup set number = 7 where id = {undone}", {NO_GAP}),
        ("update cash_settlement set card_cents = 1", {SETTLED}),
    ],
)
def test_what_is_planted_is_named(written: dict[str, int], statement: str, named: set[str]) -> None:
    with as_owner():
        sql.run("select set_config('app.town', %s, true)", [str(active_town_id())])
        sql.run(statement.format(**written))
    found = {violation.promise for violation in proofs.violations()}
    assert found & set(proof.PROMISES) == named
