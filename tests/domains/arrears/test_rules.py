"""The ladder, plans and prescription as tables that an office could check, and as properties."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campanella.domains.arrears.rules import debts, ladder, plans, prescription
from campanella.domains.arrears.rules.debts import Debt
from campanella.domains.arrears.rules.ladder import DEFAULT, Ladder, Standing

TODAY = date(2026, 11, 30)
LEAST = 1200


def days_ago(count: int) -> date:
    return TODAY - timedelta(days=count)


def step(**standing: object) -> object:
    wanted = {"total": 6000, "oldest": days_ago(200), **standing}
    found = ladder.next_step(standing=Standing(**wanted), ladder=DEFAULT, least=LEAST, today=TODAY)  # type: ignore[arg-type]
    return found if isinstance(found, str) else found.place


@pytest.mark.parametrize(
    ("standing", "expected"),
    [
        ({"total": 1199}, "little"),
        ({"total": 1200}, 1),
        ({"oldest": days_ago(14)}, "early"),
        ({"oldest": days_ago(15)}, 1),
        ({"total": 0, "oldest": None}, "paid"),
        ({"barred": "stop"}, "stop"),
        ({"last_place": 1, "last_on": days_ago(19)}, "waiting"),
        ({"last_place": 1, "last_on": days_ago(20)}, 2),
        ({"last_place": 1, "last_on": days_ago(20), "total": 1999}, "under"),
        ({"last_place": 1, "last_on": days_ago(20), "oldest": days_ago(44)}, "early"),
        ({"last_place": 2, "last_on": days_ago(30)}, 3),
        ({"last_place": 2, "last_on": days_ago(30), "total": 4999}, "under"),
        ({"last_place": 3, "last_on": days_ago(45)}, "collector"),
        ({"last_place": 4, "last_on": days_ago(100)}, "end"),
    ],
)
def test_which_step_a_household_stands_before(standing: dict[str, object], expected: object) -> None:
    assert step(**standing) == expected


def test_the_ladder_that_is_proposed_is_a_good_one() -> None:
    assert ladder.faults(DEFAULT.steps, least=LEAST) == []


@pytest.mark.parametrize(
    ("place", "change", "said"),
    [
        (1, {"threshold": 1199}, "sotto il minimo"),
        (1, {"cost": 100}, "le spese si chiedono solo"),
        (1, {"text": "  "}, "scrivi il testo"),
        (3, {"cost": 589}, "non superano 5,88"),
        (3, {"pay_days": 29}, "almeno 30 giorni"),
        (2, {"after_days": 15}, "più di quelli del passo prima"),
        (1, {"wait_days": 14}, "arriverebbe un altro sollecito"),
        (3, {"wait_days": 29}, "o la riscossione, a chi ha ancora tempo"),
        (2, {"pay_days": 0}, "almeno un giorno per pagare"),
    ],
)
def test_a_step_out_of_its_limits_is_said(place: int, change: dict[str, object], said: str) -> None:
    steps = [replace(one, **change) if one.place == place else one for one in DEFAULT.steps]  # type: ignore[arg-type]
    assert any(said in fault for fault in ladder.faults(steps, least=LEAST))


def test_no_step_and_too_many_are_said() -> None:
    assert ladder.faults([], least=LEAST) == ["Serve almeno un passo."]
    many = [replace(DEFAULT.steps[0], place=i, after_days=i * 30) for i in range(1, 10)]
    assert any("Al massimo 8 passi" in fault for fault in ladder.faults(many, least=LEAST))


def test_the_ladder_of_a_day_is_the_last_begun_and_of_one_day_the_later_written() -> None:
    first, second, third = (Ladder(i, date(2026, 9, day), DEFAULT.steps) for i, day in ((1, 1), (2, 10), (3, 10)))
    assert ladder.ladder_on([first, second, third], date(2026, 8, 31)) is DEFAULT
    assert ladder.ladder_on([second, third, first], date(2026, 9, 9)) is first
    assert ladder.ladder_on([first, second, third], date(2026, 9, 10)) is third


def test_a_step_is_told_in_plain_words() -> None:
    assert ladder.told(DEFAULT.steps[2]) == (
        "Da 50,00 € in su, 90 giorni dopo la scadenza: raccomandata, con il numero di protocollo. Lascia 30 giorni per "
        "pagare; il passo dopo non arriva prima di 45 giorni. Si aggiungono 5,88 € di spese."
    )


@given(
    total=st.integers(0, 20_000),
    age=st.integers(0, 400),
    last_place=st.integers(0, 5),
    since=st.integers(0, 200),
)
def test_nobody_is_ever_written_to_below_a_threshold_before_a_day_or_too_soon(
    total: int, age: int, last_place: int, since: int
) -> None:
    standing = Standing(total, days_ago(age), last_place, days_ago(since) if last_place else None)
    found = ladder.next_step(standing=standing, ladder=DEFAULT, least=LEAST, today=TODAY)
    if isinstance(found, str):
        return
    assert total >= max(found.threshold, LEAST)
    assert age >= found.after_days
    assert found.place == last_place + 1
    assert found.channel != "collector"
    if last_place:
        assert since >= DEFAULT.steps[last_place - 1].wait_days


def test_a_ladder_that_waits_less_than_its_letter_gives_leaves_the_time_all_the_same() -> None:
    """One of before: a registered letter with 30 days, then the collector's list whenever its day has come."""
    formal = replace(DEFAULT.steps[2], place=1, after_days=15, wait_days=0)
    collector = replace(DEFAULT.steps[3], place=2, after_days=16)
    old = replace(DEFAULT, steps=(formal, collector))

    def next_after(days: int) -> object:
        standing = Standing(9_000, days_ago(60), 1, days_ago(days))
        return ladder.next_step(standing=standing, ladder=old, least=LEAST, today=TODAY)

    assert [next_after(days) for days in (1, 29, 30)] == ["waiting", "waiting", "collector"]


@given(cents=st.integers(1, 1_000_000), count=st.integers(1, 60), months=st.integers(1, 3))
def test_dues_make_the_debt_and_differ_by_a_cent_at_most(cents: int, count: int, months: int) -> None:
    dues = plans.split(cents=cents, count=count, first=date(2026, 1, 31), months=months)
    assert sum(due.cents for due in dues) == cents
    assert max(due.cents for due in dues) - min(due.cents for due in dues) <= 1
    assert [due.due_on for due in dues] == sorted({due.due_on for due in dues})


def test_the_last_day_of_a_month_stays_one() -> None:
    days = [due.due_on for due in plans.split(cents=300, count=3, first=date(2027, 12, 31), months=1)]
    assert days == [date(2027, 12, 31), date(2028, 1, 31), date(2028, 2, 29)]


@given(cents=st.integers(10, 100_000), count=st.integers(2, 12), paid=st.integers(-500, 120_000), day=st.integers(-40, 400))
def test_what_is_paid_meets_the_oldest_due_first_and_no_more_than_was_paid(
    cents: int, count: int, paid: int, day: int
) -> None:
    dues = plans.split(cents=cents, count=count, first=TODAY)
    met = plans.met(dues=dues, paid=paid, today=TODAY + timedelta(days=day), grace_days=5)
    assert sum(one.paid for one in met) == min(max(paid, 0), cents)
    parts = [one.paid for one in met]
    full = [one.due.cents for one in met]
    first_open = next((i for i, one in enumerate(met) if one.open), len(met))
    assert parts[:first_open] == full[:first_open]
    assert not any(parts[first_open + 1 :])
    is_missed = any(one.open and one.due.due_on + timedelta(days=5) < TODAY + timedelta(days=day) for one in met)
    state = plans.state_of(dues=met, is_ended=False)
    assert state == ("done" if paid >= cents else "missed" if is_missed else "kept")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"cents": 0}, "niente da pagare a rate"),
        ({"count": 1}, "da 2 a 8"),
        ({"count": 9}, "da 2 a 8"),
        ({"cents": 3999, "count": 2}, "almeno 20,00 €"),
        ({"first": days_ago(1)}, "da oggi in poi"),
    ],
)
def test_a_plan_that_cannot_be_is_said(asked: dict[str, object], said: str) -> None:
    wanted = {"cents": 10_000, "count": 3, "first": TODAY, "today": TODAY, "most": 8, "least": 2000}
    assert plans.faults(**wanted) == []  # type: ignore[arg-type]
    assert any(said in fault for fault in plans.faults(**{**wanted, **asked}))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("interrupted", "expected"),
    [
        ([], date(2029, 2, 28)),
        ([date(2025, 3, 1)], date(2030, 3, 1)),
        ([date(2025, 3, 1), date(2026, 1, 10)], date(2031, 1, 10)),
        ([date(2023, 1, 1)], date(2029, 2, 28)),
    ],
)
def test_five_years_from_the_due_date_or_from_the_last_formal_act(interrupted: list[date], expected: date) -> None:
    assert prescription.prescribes_on(due_on=date(2024, 2, 28), interrupted_on=interrupted) == expected


def test_a_debt_of_the_29th_of_february_is_prescribed_on_the_first_of_march() -> None:
    assert prescription.prescribes_on(due_on=date(2024, 2, 29), interrupted_on=[]) == date(2029, 3, 1)
    assert prescription.is_near(prescribes=date(2029, 3, 1), today=date(2028, 9, 2), warn_days=180)
    assert not prescription.is_near(prescribes=date(2029, 3, 1), today=date(2028, 9, 1), warn_days=180)


def debt(key: str, cents: int, due_on: date, wallet_id: int = 1, kind: debts.Kind = "invoice") -> Debt:
    return Debt(
        kind=kind,
        key=key,
        wallet_id=wallet_id,
        child_id=wallet_id,
        invoice_id=None,
        number="",
        title="",
        due_on=due_on,
        cents=cents,
    )


@given(
    st.lists(st.tuples(st.integers(1, 5000), st.integers(0, 300), st.integers(1, 3)), min_size=1, max_size=8),
    st.integers(1, 20_000),
)
def test_an_instalment_pays_the_oldest_debts_to_the_cent(given_debts: list[tuple[int, int, int]], cents: int) -> None:
    owed = [debt(f"invoice:{i}", c, days_ago(age), wallet) for i, (c, age, wallet) in enumerate(given_debts)]
    part = debts.first_of(owed, cents=cents)
    assert sum(one.cents for one in part) == min(cents, sum(one.cents for one in owed))
    assert sum(cents for *_, cents in debts.by_wallet(part)) == sum(one.cents for one in part)
    whole = debts.in_order(owed)
    assert [one.key for one in part] == [one.key for one in whole[: len(part)]]
    assert all(a.cents == b.cents for a, b in zip(part[:-1], whole, strict=False))


def test_costs_are_asked_for_last() -> None:
    cost, invoice = debt("cost:1", 588, days_ago(90), kind="cost"), debt("invoice:1", 4000, days_ago(10))
    assert debts.in_order([cost, invoice]) == (invoice, cost)
