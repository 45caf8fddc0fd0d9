"""Interest on what is late: added by the steps that ask for it, paid, stopped by the payment, waived."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from campanella.domains.arrears import queries
from campanella.domains.arrears.models import Accrual, Reminder
from campanella.domains.arrears.rules.interest import interest
from campanella.domains.arrears.rules.ladder import DEFAULT, Step
from campanella.domains.ledger import verify
from campanella.domains.ledger.models import Entry
from campanella.domains.payments.models import PaymentRequest
from campanella.foundation.core import clock, sql
from campanella.foundation.core.scope import active_town_id
from campanella.readings import proofs
from campanella.readings.arrears.owed import open_of_reminder
from campanella.readings.proofs import interest as promises
from campanella.usecases.arrears import charging, ladder
from campanella.usecases.arrears.charging import NoInterest, OnAnInvoice, ReasonMissing
from campanella.usecases.arrears.ladder import BadLadder
from tests import auditor
from tests.arrears import DUE, after_due, overdue, remind, reminders_of
from tests.billing import bill, eat
from tests.browsing import browser
from tests.towns import OFFICE, TODAY, Cast, as_owner, put_back, run_jobs, text_of
from tests.usecases.arrears.test_sending import pay

POINTS = 250


def with_interest(points: int | None = POINTS) -> tuple[Step, ...]:
    """Give the proposed steps, the formal one with interest."""
    return tuple(replace(step, interest=points) if step.place == 3 else step for step in DEFAULT.steps)


@pytest.fixture
def late(request: pytest.FixtureRequest, db: None) -> Iterator[Cast]:
    """Two reminders have gone, and the formal one is to come: 90 days after the due date."""
    yield from put_back(request, "late", _let_be_late)


def _let_be_late(valle: Cast) -> None:
    ladder.set_ladder(by=OFFICE, first=TODAY, steps=with_interest(), reason="", now=clock.now())
    # 8 days: the Rossi owe 61.60 €, above the formal step's 50.
    overdue(valle, days=8)
    for days in (15, 45):
        remind(after_due(days))


def borne(days: int, cents: int, points: int = POINTS) -> int:
    return interest(principal=cents, first=DUE + timedelta(days=1), until=DUE + timedelta(days=days), points=points)


def test_no_town_asks_for_any_that_has_not_said_so(valle: Cast) -> None:
    overdue(valle, days=8)
    for days in (15, 45, 90):
        remind(after_due(days))
    assert Accrual.objects.count() == 0
    assert Entry.objects.filter(kind="interest").count() == 0


def test_the_formal_step_adds_it_by_the_day_and_the_preview_says_so(late: Cast) -> None:
    expected = [borne(90, 8 * 460), borne(90, 8 * 310)]
    before = late.balance("Anna") + late.balance("Luca")
    run = remind(after_due(90))

    assert run.interest.cents == sum(expected)
    formal = reminders_of(late)[-1]
    added = [debt.amount.cents for debt in formal.debts if debt.kind == "interest"]
    assert sorted(added) == sorted(expected)
    assert formal.total.cents == 8 * 770 + 588 + sum(expected)
    (request_id,) = formal.request_ids
    assert PaymentRequest.objects.get(pk=request_id).amount_cents == formal.total.cents
    assert late.balance("Anna") + late.balance("Luca") == before - 588 - sum(expected)
    lines = Reminder.objects.get(pk=formal.id).sheet["lines"]
    assert any("nteressi legali più 2,50 punti su Refezione, ottobre 2026, dal 06/12/2026" in line[0] for line in lines)
    assert verify.violations() == proofs.violations() == []
    with clock.standing_at(after_due(91)):
        assert auditor.differences(late.town) == []


def test_paid_with_its_reminder_nothing_is_left(late: Cast) -> None:
    from tests.paying import receive

    remind(after_due(90))
    formal = reminders_of(late)[-1]
    (request_id,) = formal.request_ids
    with clock.standing_at(after_due(92)):
        receive(PaymentRequest.objects.get(pk=request_id), iur="iur-9")
        run_jobs()
        assert open_of_reminder(reminder=formal, now=clock.now()) == []
    assert (late.balance("Anna"), late.balance("Luca")) == (0, 0)
    assert remind(after_due(140)).wanted == 0
    assert proofs.violations() == []


def test_an_invoice_paid_before_bears_none(late: Cast) -> None:
    with clock.standing_at(after_due(89)):
        pay(late)
        run_jobs()
    remind(after_due(90))
    assert Accrual.objects.count() == 0


def test_no_day_bears_it_twice(valle: Cast) -> None:
    steps = tuple(replace(step, interest=POINTS if step.channel != "collector" else None) for step in DEFAULT.steps)
    ladder.set_ladder(by=OFFICE, first=TODAY, steps=steps, reason="", now=clock.now())
    overdue(valle, days=8)
    for days in (15, 45, 90):
        remind(after_due(days))
    payer = valle.families["rossi"].guardian.pk
    rows = Accrual.objects.filter(reminder__payer_id=payer, principal_cents=8 * 460).order_by("id")
    spans = list(rows.values_list("first", "until"))
    assert spans[0][0] == DUE + timedelta(days=1)
    assert [first for first, _ in spans[1:]] == [until + timedelta(days=1) for _, until in spans[:-1]]
    # Simple interest: on the invoice, never on interest or costs.
    assert set(Accrual.objects.filter(reminder__payer_id=payer).values_list("principal_cents", flat=True)) == {
        8 * 460,
        8 * 310,
    }
    assert verify.violations() == proofs.violations() == []


def test_a_cost_that_is_asked_for_once_more_is_owed_once(valle: Cast) -> None:
    steps = tuple(replace(step, cost=300) if step.place == 2 else step for step in DEFAULT.steps)
    ladder.set_ladder(by=OFFICE, first=TODAY, steps=steps, reason="", now=clock.now())
    overdue(valle, days=8)
    for days in (15, 45, 90):
        remind(after_due(days))
    formal = reminders_of(valle)[-1]
    assert sorted(debt.amount.cents for debt in formal.debts if debt.kind == "cost") == [300, 588]
    left = open_of_reminder(reminder=formal, now=after_due(91))
    assert sum(debt.cents for debt in left) == formal.total.cents == 8 * 770 + 300 + 588
    assert proofs.violations() == []


def test_the_office_waives_it_with_a_reason_and_the_notice_asks_for_the_rest(late: Cast) -> None:
    remind(after_due(90))
    formal = reminders_of(late)[-1]
    before = late.balance("Anna") + late.balance("Luca")
    extra = sum(debt.amount.cents for debt in formal.debts if debt.kind == "interest")
    now = after_due(95)
    with clock.standing_at(now):
        with pytest.raises(ReasonMissing):
            charging.waive(by=OFFICE, reminder_id=formal.id, reason=" ", now=now)
        charging.waive(by=OFFICE, reminder_id=formal.id, reason="famiglia in difficoltà", now=now)
        with pytest.raises(NoInterest):
            charging.waive(by=OFFICE, reminder_id=formal.id, reason="ancora", now=now)
        left = open_of_reminder(reminder=formal, now=now)
    assert late.balance("Anna") + late.balance("Luca") == before + extra
    assert sum(debt.cents for debt in left) == 8 * 770 + 588
    assert "interest" not in {debt.kind for debt in left}
    assert PaymentRequest.objects.get(pk=formal.request_ids[0]).state != "open"
    assert Entry.objects.filter(kind="interest", revision=1).first().memo == "Interessi tolti: famiglia in difficoltà"
    assert verify.violations() == proofs.violations() == []
    with clock.standing_at(after_due(96)):
        assert auditor.differences(late.town) == []


def test_what_a_later_invoice_has_carried_over_is_not_waived_here(late: Cast) -> None:
    remind(after_due(90))
    formal = reminders_of(late)[-1]
    eat(late, [date(2026, 11, 3)])
    bill(late, "2027-02")
    with clock.standing_at(after_due(99)), pytest.raises(OnAnInvoice):
        charging.waive(by=OFFICE, reminder_id=formal.id, reason="tardi", now=clock.now())


def test_a_step_asks_for_no_more_than_the_town_may_and_the_file_keeps_it(valle: Cast) -> None:
    for steps in (with_interest(501), (replace(DEFAULT.steps[3], place=1, interest=0),)):
        with pytest.raises(BadLadder):
            ladder.set_ladder(by=OFFICE, first=TODAY, steps=steps, reason="", now=clock.now())
    ladder.set_ladder(by=OFFICE, first=TODAY, steps=with_interest(50), reason="", now=clock.now())
    _, read = ladder.steps_of(ladder.as_json(queries.ladder(day=TODAY)))
    assert [step.interest for step in read] == [None, None, 50, None]


def test_the_page_of_a_reminder_takes_it_away(late: Cast) -> None:
    remind(after_due(90))
    formal = reminders_of(late)[-1]
    with clock.standing_at(after_due(95)):
        desk = browser(late.town, late.staff["office"])
        page = text_of(desk.get(f"/ufficio/solleciti/{formal.id}/"))
        assert "Interessi su Refezione, ottobre 2026" in page
        assert "Togli gli interessi" in page
        said = text_of(desk.post(f"/ufficio/solleciti/{formal.id}/interessi/", {"reason": "reclamo"}, follow=True))
    assert "Interessi tolti" in said
    assert "reclamo" in said


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("update arrears_accrual set cents = cents + 1 where id = {accrual}", [0, 2]),
        ("update arrears_accrual set points = 0 where id = {accrual}", [0]),
        ("update arrears_accrual set first = first - 30, principal_cents = 1 where id = {accrual}", [0, 1]),
        ("update arrears_reminderdebt set key = 'interest:0' where key = 'interest:{accrual}'", [2]),
        (
            "update ledger_transfer set cents = cents + 1"
            " where entry_id = (select id from ledger_entry where source = 'interest:{accrual}')",
            [2],
        ),
        ("update ledger_entry set by_id = 1 where source = 'interest:{accrual}'", [3]),
    ],
)
def test_what_is_planted_is_named(late: Cast, statement: str, named: list[int]) -> None:
    remind(after_due(90))
    accrual = Accrual.objects.order_by("id")[0].pk
    with as_owner():
        sql.run("select set_config('app.town', %s, true)", [str(active_town_id())])
        sql.run(statement.format(accrual=accrual))
    found = {violation.promise for violation in proofs.violations()}
    assert found & set(promises.PROMISES) == {list(promises.PROMISES)[place] for place in named}
