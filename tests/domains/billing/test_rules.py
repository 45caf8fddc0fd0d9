"""The post-paid month by hand: the tables a school officer could check."""

from datetime import UTC, date, datetime

import pytest

from campanella.domains.billing import anomalies, rules, settlement, untold
from campanella.domains.billing.anomalies import Looked
from campanella.domains.billing.rules import Kind, Policy, Purse
from campanella.domains.billing.settlement import Claim, Credit
from campanella.domains.billing.untold import Past
from campanella.domains.services import taxation
from campanella.foundation.core.money import Euro

ANNA, LUCA = 1, 2


def purse(*, lines: int = 7820, balance: int = -7820, kind: Kind = "postpaid", child: int = ANNA, **more: int) -> Purse:
    values = {"payer_id": 7, "later": 0, "unpaid": 0, **more}
    return Purse(wallet_id=child, child_id=child, balance=balance, lines=lines, kind=kind, **values)


@pytest.mark.parametrize(
    ("balance", "more", "carried", "due"),
    [
        (-7820, {}, 0, 7820),
        (-6580, {}, 1240, 6580),  # +12.40 of the prepaid year is consumed
        (-8130, {}, -310, 8130),  # 3.10 of debt is carried over
        (2180, {}, 7820, 0),  # 100.00 of credit: the invoice is paid, 21.80 stay
        (-7820 - 5850, {"unpaid": 5850}, 0, 7820),  # last month's invoice is asked for there, not here
        (-7820 - 4600, {"later": 4600}, 0, 7820),  # what was eaten since is next month's
        (-7820 - 5850 + 2000, {"unpaid": 3850}, 0, 7820),  # a part payment is that invoice's
    ],
)
def test_what_is_carried_and_what_is_due(balance: int, more: dict[str, int], carried: int, due: int) -> None:
    one = purse(balance=balance, **more)
    assert (one.carried, one.due) == (carried, due)


def test_who_pays_from_the_credit_again_is_asked_for_the_days_before_alone() -> None:
    assert purse(lines=1380, balance=-1380 - 920, kind="prepaid").due == 1380


def test_the_switch_of_january_to_the_cent() -> None:
    """postpaid-month.md: 156.40 − 12.40 + 3.10 = 147.10; child by child 65.80 and 81.30."""
    both = [purse(balance=-6580), purse(balance=-8130, child=LUCA)]

    (one,) = rules.drafts(both, per_payer=True, least=0)
    assert one.total == 14710
    assert [draft.total for draft in rules.drafts(both, per_payer=False, least=0)] == [6580, 8130]


def test_a_siblings_credit_pays_no_siblings_meals() -> None:
    (one,) = rules.drafts([purse(balance=2180), purse(balance=-8130, child=LUCA)], per_payer=True, least=0)
    assert [part.due for part in one.purses] == [0, 8130]


@pytest.mark.parametrize(("least", "made"), [(0, 1), (7820, 1), (7821, 0)])
def test_small_sums_wait(least: int, made: int) -> None:
    assert len(rules.drafts([purse()], per_payer=True, least=least)) == made


def test_who_has_money_to_come_waits_and_nobody_is_asked_for_less_than_nothing() -> None:
    assert rules.drafts([purse(lines=-460, balance=460)], per_payer=True, least=0) == []


def test_what_the_bank_collects_is_another_invoice_than_what_is_paid_by_notice() -> None:
    found = rules.drafts([purse(), purse(child=LUCA, kind="debit")], per_payer=True, least=0)
    assert [one.method for one in found] == ["notice", "debit"]


def test_seventeen_meals_with_the_tax_in_them() -> None:
    """postpaid-month.md: 70.55 gross is 67.84 and 2.71."""
    assert taxation.out_of_gross(gross=Euro(415) * 17, percent=4) == (Euro(6784), Euro(271))


def test_sibling_percentages_to_the_cent() -> None:
    """postpaid-month.md: each unit price is rounded, their sums are not: 221.02."""
    units = [(18, 0), (17, 30), (16, 50)]
    assert sum((Euro(583).less_percent(off) * meals for meals, off in units), Euro(0)) == Euro(22102)


@pytest.mark.parametrize(
    ("cents", "is_due"), [(8 * 129, False), (9 * 129, True), (2 * 510, False), (3 * 510, True), (1033, True)]
)
def test_a_refund_counts_the_sum(cents: int, is_due: bool) -> None:
    assert rules.refund_due(cents=cents, least=1033) is is_due


SEPTEMBER, OCTOBER = Claim(1, 5000, 10), Claim(2, 3000, 20)
# What October would be had it consumed 20.00 of credit.
SMALL_OCTOBER = Claim(2, 1000, 20, carried=2000)


@pytest.mark.parametrize(
    ("credits", "expected"),
    [
        ([], (0, 0)),
        ([Credit(11, 5000, 1)], (5000, 0)),
        ([Credit(11, 2000, 1)], (2000, 0)),
        ([Credit(21, 3000, 2)], (0, 3000)),  # it names October: September stays open
        ([Credit(21, 3000, None)], (3000, 0)),  # it names none: to the oldest
        ([Credit(21, 6500, None)], (5000, 1500)),
        ([Credit(15, 6500, None)], (5000, 0)),  # what was over before October is credit that October has consumed
        ([Credit(11, 5000, 1), Credit(21, 5000, 1)], (5000, 3000)),  # both parents: what is over goes on
        ([Credit(11, 5000, 1), Credit(22, -5000, 1)], (0, 0)),  # the bank takes it back
        ([Credit(11, 5000, 1), Credit(22, -5000, 1), Credit(23, 5000, 1)], (5000, 0)),
        ([Credit(11, 5000, 1), Credit(22, -700, None)], (5000, 0)),  # a debit of the office opens none
        ([Credit(5, 9000, None)], (0, 0)),  # before both
        ([Credit(21, 3000, 99)], (3000, 0)),  # its invoice was called back: the money goes to the oldest
    ],
)
def test_which_invoice_a_payment_settles(credits: list[Credit], expected: tuple[int, int]) -> None:
    found = settlement.paid(claims=[SEPTEMBER, OCTOBER], credits=credits)
    assert (found[1], found[2]) == expected


TWICE = [Credit(11, 5000, 1), Credit(12, 5000, 1)]


@pytest.mark.parametrize(
    ("claims", "credits", "expected"),
    [
        # Paid by notice and by the bank, which takes its own back: the other payment has paid it all the same.
        ([SEPTEMBER], [*TWICE, Credit(13, -5000, 1)], [5000]),
        ([SEPTEMBER], [*TWICE, Credit(13, -5000, 1), Credit(14, -5000, 1)], [0]),
        # What was over has paid October; what is left of it pays as much of September.
        ([SEPTEMBER, OCTOBER], [Credit(21, 5000, 1), Credit(22, 5000, 1), Credit(23, -5000, 1)], [2000, 3000]),
        # October has consumed 20.00 of the 50.00 that were over: 30.00 pay September.
        ([SEPTEMBER, SMALL_OCTOBER], [*TWICE, Credit(21, -5000, 1)], [3000, 0]),
        # October had no credit to consume: what was over is gone.
        ([SEPTEMBER, OCTOBER], [*TWICE, Credit(21, -5000, 1)], [0, 0]),
        # The credit was paid back, or moved elsewhere, before the bank took its own: September is to pay.
        ([SEPTEMBER], [*TWICE, Credit(13, -5000, None), Credit(14, -5000, 1)], [0]),
        ([SEPTEMBER], [*TWICE, Credit(13, -1200, None), Credit(14, -5000, 1)], [3800]),
        # A debit of the office is paid first.
        ([SEPTEMBER], [Credit(11, -1000, None), *(Credit(12 + i, 5000, 1) for i in (0, 1)), Credit(14, -5000, 1)], [4000]),
    ],
)
def test_an_invoice_that_is_open_again_is_paid_by_the_money_that_is_there(
    claims: list[Claim], credits: list[Credit], expected: list[int]
) -> None:
    found = settlement.paid(claims=claims, credits=credits)
    assert [found[claim.invoice_id] for claim in claims] == expected


def _at(day: int) -> datetime:
    return datetime(2026, 12, day, 12, tzinfo=UTC)


OCTOBERS, NOVEMBERS = Past(1, _at(1), 100, None), Past(2, _at(5), 200, None)


@pytest.mark.parametrize(
    ("runs", "first"),
    [
        ([], 0),
        ([OCTOBERS], 100),
        ([NOVEMBERS, OCTOBERS], 200),
        # November called back: it began where October left off.
        ([OCTOBERS, Past(2, _at(5), 200, _at(6))], 100),
        # October called back after November: its days are on no invoice, whatever November left.
        ([Past(1, _at(1), 100, _at(6)), NOVEMBERS], 0),
        # ... and billed again, it leaves off before November's days.
        ([Past(1, _at(1), 100, _at(6)), NOVEMBERS, Past(3, _at(7), 120, None)], 120),
        # Called back before November, which has looked from there.
        ([Past(1, _at(1), 100, _at(2)), NOVEMBERS], 200),
        # Of one moment.
        ([Past(1, _at(5), 100, _at(5)), NOVEMBERS], 0),
        # Called back twice.
        ([Past(1, _at(1), 100, _at(6)), NOVEMBERS, Past(3, _at(7), 120, _at(8))], 0),
    ],
)
def test_where_the_next_run_begins_to_look(runs: list[Past], first: int) -> None:
    assert untold.first_untold(runs) == first


@pytest.mark.parametrize(
    ("total", "paid", "is_cancelled", "state"),
    [
        (100, 0, False, "unpaid"),
        (100, 40, False, "partial"),
        (100, 100, False, "paid"),
        (0, 0, False, "paid"),
        (100, 100, True, "cancelled"),
    ],
)
def test_states(total: int, paid: int, is_cancelled: bool, state: str) -> None:
    assert rules.state_of(total=total, paid=paid, is_cancelled=is_cancelled) == state


def test_how_somebody_pays_from_day_to_day() -> None:
    found = rules.spans(
        [
            Policy(None, "postpaid", date(2026, 9, 1)),
            Policy(ANNA, "debit", date(2026, 10, 15)),
            Policy(ANNA, "prepaid", date(2026, 11, 1)),
            Policy(ANNA, "town", date(2026, 12, 1)),
            Policy(None, "postpaid", date(2027, 1, 1)),
            Policy(None, "prepaid", date(2027, 1, 1)),  # of one day the later word holds
        ]
    )
    days = [(2026, 8, 31), (2026, 9, 1), (2026, 10, 14), (2026, 10, 15), (2026, 11, 1), (2026, 12, 1), (2027, 1, 1)]
    kinds = [rules.kind_on(spans=found, child_id=ANNA, day=date(*day)) for day in days]
    assert kinds == ["prepaid", "postpaid", "postpaid", "debit", "prepaid", "postpaid", "prepaid"]
    assert rules.kind_on(spans=found, child_id=LUCA, day=date(2026, 10, 20)) == "postpaid"


@pytest.mark.parametrize(
    ("policies", "decided"),
    [
        ([(None, "postpaid", 1, 20)], 20),
        ([(None, "postpaid", 1, 20), (None, "postpaid", 1, 25)], 20),
        ([(None, "prepaid", 1, 2), (None, "postpaid", 1, 25)], 25),
        ([(None, "postpaid", 1, 3), (None, "debit", 10, 20)], 3),
        ([(None, "postpaid", 1, 3), (ANNA, "debit", 10, 20)], 3),
        ([(ANNA, "postpaid", 10, 20)], 20),
        ([(ANNA, "postpaid", 1, 2), (ANNA, "town", 5, 6), (ANNA, "debit", 10, 20)], 20),
        ([(None, "postpaid", 1, 3), (ANNA, "prepaid", 5, 6), (ANNA, "debit", 10, 20)], 20),
        ([(None, "postpaid", 1, 3), (None, "prepaid", 10, 20)], None),
    ],
)
def test_it_is_known_when_days_have_begun_to_be_paid_after_the_month(policies, decided) -> None:
    written = [Policy(child, kind, date(2026, 10, first), date(2026, 10, on)) for child, kind, first, on in policies]
    last = max(rules.spans(written), key=lambda span: span.first)
    assert last.decided_on == (decided and date(2026, 10, decided))


@pytest.mark.parametrize(
    ("now", "before", "is_one"),
    [(7820, None, False), (7820, 7400, False), (7820, 5000, True), (7820, 20000, True), (900, 0, False), (1000, 0, True)],
)
def test_jumps(now: int, before: int | None, is_one: bool) -> None:
    assert anomalies.is_jump(now=now, before=before, percent=50) is is_one


def test_what_is_looked_at_before_invoices_leave() -> None:
    strange = Looked(ANNA, days=30, outside=2, other_price=1, given_back=0, most_days=22)
    found = anomalies.anomalies(
        [purse(payer_id=7), purse(child=LUCA, lines=-460, balance=460, payer_id=8)],
        looked={ANNA: strange, LUCA: Looked(LUCA, 0, 0, 0, 1, 22)},
        before={ANNA: 2000},
        jump_percent=50,
        without_email=frozenset({7}),
        without_tax_code=frozenset({LUCA}),
    )
    assert [(one.kind, one.child_id) for one in found] == [
        ("calendar", ANNA),
        ("days", ANNA),
        ("tariff", ANNA),
        ("jump", ANNA),
        ("email", ANNA),
        ("negative", LUCA),
        ("tax_code", LUCA),
    ]


@pytest.mark.parametrize(
    ("invoices", "notes", "reminders", "wrong"),
    [
        ("FT", "NC", "SO", []),
        ("FT", "FT", "SO", ["notes"]),
        ("FT", "NC", "nc", ["reminders"]),
        ("MENSA2026ABC", "NC", "SO", []),
        ("MENSA2026ABCD", "NC", "SO", ["invoices"]),
        ("FT-1", "N C", "", ["invoices", "notes", "reminders"]),
    ],
)
def test_each_paper_has_a_series_of_its_own(invoices: str, notes: str, reminders: str, wrong: list[str]) -> None:
    faults = rules.series_faults({"invoices": invoices, "notes": notes, "reminders": reminders})
    assert list(faults) == wrong


@pytest.mark.parametrize(("period", "last"), [("2026-10", 31), ("2027-02", 28), ("2028-02", 29), ("2026-12", 31)])
def test_months(period: str, last: int) -> None:
    assert rules.month_of(period)[1].day == last


@pytest.mark.parametrize("period", ["2026-13", "9999-12", "0001-01"])
def test_no_month(period: str) -> None:
    with pytest.raises(ValueError, match="month"):
        rules.month_of(period)
