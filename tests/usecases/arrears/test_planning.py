"""Plans by instalments: they follow payments from wherever these come, the ladder sleeps while they are kept, and wakes."""

from datetime import date, timedelta

import pytest

from campanella.domains.arrears.models import Plan
from campanella.domains.arrears.rules.plans import Met
from campanella.domains.messaging.models import Message
from campanella.domains.payments.models import PaymentRequest, PositionShare
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.readings import proofs
from campanella.readings.arrears.households import households
from campanella.readings.arrears.plans import PlanStanding, standing
from campanella.usecases import adjust
from campanella.usecases.arrears import asking, planning
from campanella.usecases.arrears.planning import BadPlan, OwedChanged, PlanThere
from tests.arrears import DUE, ROSSI, after_due, outcomes, remind
from tests.billing import bill, eat, noon, october, tell
from tests.paying import receive
from tests.towns import OFFICE, Cast, run_jobs
from tests.usecases.billing.test_paying import invoice_of, position_of

FIRST = DUE + timedelta(days=30)


def agreed(cast: Cast, family: str = "rossi", count: int = 2, at: int = 16) -> Plan:
    """Agree a plan with a family, the first due a month after the invoice's."""
    now = after_due(at)
    payer = cast.families[family].guardian.pk
    with clock.standing_at(now):
        return planning.agree(by=OFFICE, payer_id=payer, count=count, first=FIRST, months=1, note="", now=now)


def stands(plan: Plan, day: date) -> PlanStanding:
    return standing(plan_id=plan.pk, today=day)


def told(met: tuple[Met, ...]) -> list[tuple[int, str]]:
    return [(one.paid, one.state) for one in met]


def give(cast: Cast, child: str, cents: int, key: str) -> None:
    wallet = cast.wallet(child).pk
    adjust.adjust(by=OFFICE, wallet_id=wallet, amount=Euro(cents), reason="bonifico", key=key, now=clock.now())


def test_a_debt_is_split_and_the_family_has_it_by_mail(owing: Cast) -> None:
    plan = agreed(owing, count=2)
    assert [(due.due_on, due.cents) for due in stands(plan, FIRST).plan.dues] == [
        (FIRST, ROSSI // 2),
        (date(2027, 2, 4), ROSSI // 2),
    ]
    run_jobs()
    (letter,) = Message.objects.filter(template="plan_agreed")
    assert letter.subject == "Il tuo piano di rate · Comune di Valle"
    assert "rata 2: 23,10" in letter.text.replace("\xa0", " ")
    assert proofs.violations() == []


def test_while_it_is_kept_the_ladder_sleeps_and_a_missed_due_wakes_it(owing: Cast) -> None:
    plan = agreed(owing)
    payer = owing.families["rossi"].guardian.pk
    assert outcomes(remind(after_due(20)))[payer] == (0, "plan")
    # The first due is the fourth of January; five days of grace.
    assert stands(plan, FIRST + timedelta(days=5)).state == "kept"
    assert stands(plan, FIRST + timedelta(days=6)).state == "missed"
    assert outcomes(remind(after_due(36)))[payer] == (1, "sent")


def test_money_from_wherever_it_comes_meets_the_oldest_due(owing: Cast) -> None:
    plan = agreed(owing)
    with clock.standing_at(after_due(18)):
        give(owing, "Luca", 1860, "a")
    assert told(stands(plan, FIRST).met) == [(1860, "partial"), (0, "open")]
    with clock.standing_at(after_due(19)):
        give(owing, "Anna", 1000, "b")
    assert told(stands(plan, FIRST).met) == [(2310, "paid"), (550, "partial")]
    assert stands(plan, FIRST + timedelta(days=20)).state == "kept"
    with clock.standing_at(after_due(60)):
        give(owing, "Anna", 1760, "c")
    assert (stands(plan, FIRST + timedelta(days=400)).state, invoice_of(owing).state) == ("done", "paid")


def test_the_invoice_s_own_notice_pays_the_plan_too(owing: Cast) -> None:
    plan = agreed(owing)
    with clock.standing_at(after_due(18)):
        receive(position_of(invoice_of(owing)))
        assert stands(plan, FIRST).state == "done"


def test_each_due_has_its_own_notice_of_exactly_what_is_open(owing: Cast) -> None:
    plan = agreed(owing)
    now = after_due(18)
    with clock.standing_at(now):
        first = asking.position_for_due(by=OFFICE, plan_id=plan.pk, place=1, now=now)
        assert asking.position_for_due(by=OFFICE, plan_id=plan.pk, place=1, now=now) == first
        second = asking.position_for_due(by=OFFICE, plan_id=plan.pk, place=2, now=now)
    amounts = dict(PaymentRequest.objects.filter(pk__in=[first, second]).values_list("pk", "amount_cents"))
    assert amounts == {first: 2310, second: 2310}
    shares = PositionShare.objects.filter(request_id__in=[first, second]).values_list("wallet_id", "cents")
    by_wallet: dict[int, int] = {}
    for wallet_id, cents in shares:
        by_wallet[wallet_id] = by_wallet.get(wallet_id, 0) + cents
    alone = PaymentRequest.objects.filter(pk__in=[first, second]).exclude(shares__isnull=False)
    for request in alone:
        by_wallet[request.wallet_id] = by_wallet.get(request.wallet_id, 0) + request.amount_cents
    assert by_wallet == {owing.wallet("Anna").pk: 6 * 460, owing.wallet("Luca").pk: 6 * 310}

    with clock.standing_at(after_due(19)):
        receive(PaymentRequest.objects.get(pk=first))
        run_jobs()
    assert told(stands(plan, FIRST).met) == [(2310, "paid"), (0, "open")]
    assert PaymentRequest.objects.get(pk=second).state == "open"
    assert Message.objects.filter(template="arrears_paid").count() == 1
    with clock.standing_at(after_due(20)):
        give(owing, "Anna", 300, "x")
        again = asking.position_for_due(by=OFFICE, plan_id=plan.pk, place=2, now=clock.now())
    assert PaymentRequest.objects.get(pk=again).amount_cents == 2010
    assert PaymentRequest.objects.get(pk=second).state == "cancelled"


def test_a_new_invoice_beside_a_plan_is_asked_for_as_every_other(owing: Cast) -> None:
    agreed(owing)
    eat(owing, [date(2026, 11, day) for day in (2, 3, 4)])
    bill(owing, "2026-11")
    tell()
    with clock.standing_at(after_due(32)):
        give(owing, "Anna", 1155, "a")
        give(owing, "Luca", 1155, "b")
    payer = owing.families["rossi"].guardian.pk
    (house,) = households(payer_ids=[payer], now=after_due(46))
    assert (house.total, {debt.title for debt in house.debts}) == (3 * 770, {"Refezione, novembre 2026"})
    assert {one.why for one in house.left} == {"plan"}
    assert sum(one.debt.cents for one in house.left) == ROSSI - 2310


def test_a_credit_below_zero_is_paid_in_dues_while_meals_go_on(valle: Cast) -> None:
    eat(valle, october(1, 2, 5, 6, 7))
    now = noon(date(2026, 10, 21))
    payer = valle.families["haddad"].guardian.pk
    with clock.standing_at(now), pytest.raises(BadPlan, match="almeno 20,00"):
        planning.agree(by=OFFICE, payer_id=payer, count=2, first=date(2026, 11, 1), months=1, note="", now=now)
    eat(valle, october(8, 9, 12, 13, 14, 15, 16))
    with clock.standing_at(now):
        plan = planning.agree(by=OFFICE, payer_id=payer, count=2, first=date(2026, 11, 1), months=1, note="", now=now)
    eat(valle, october(22, 23, 26))
    with clock.standing_at(noon(date(2026, 10, 27))):
        give(valle, "Amina", 3000, "a")
        found = stands(plan, date(2026, 11, 1))
        assert told(found.met) == [(2760, "paid"), (240, "partial")]
        (house,) = households(payer_ids=[payer], now=clock.now())
    # Twelve meals less what came in are the plan's; the three eaten since are beside it.
    assert (house.total, sum(one.debt.cents for one in house.left)) == (3 * 460, 12 * 460 - 3000)
    assert proofs.violations() == []


def test_what_is_told_is_what_is_agreed(owing: Cast) -> None:
    payer = owing.families["rossi"].guardian.pk
    now = after_due(16)
    wanted = {"by": OFFICE, "payer_id": payer, "first": FIRST, "months": 1, "note": "", "now": now}
    with clock.standing_at(now):
        give(owing, "Anna", 100, "a")
        with pytest.raises(OwedChanged, match="45,20"):
            planning.agree(count=2, told=Euro(ROSSI), **wanted)  # type: ignore[arg-type]
        planning.agree(count=2, told=Euro(ROSSI - 100), **wanted)  # type: ignore[arg-type]
        with pytest.raises(PlanThere):
            planning.agree(count=2, **wanted)  # type: ignore[arg-type]


def test_a_plan_that_is_ended_wakes_the_ladder_and_another_may_follow(owing: Cast) -> None:
    plan = agreed(owing)
    now = after_due(17)
    with clock.standing_at(now):
        for _ in range(2):
            planning.end(by=OFFICE, plan_id=plan.pk, reason="lo chiede la famiglia", now=now)
    assert stands(plan, FIRST).state == "ended"
    assert outcomes(remind(after_due(18)))[owing.families["rossi"].guardian.pk] == (1, "sent")
    assert agreed(owing, at=19).pk != plan.pk
