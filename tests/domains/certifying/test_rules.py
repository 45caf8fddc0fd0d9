"""What is certified of a year's pool of money: examples that a school officer could reckon by hand, and random years."""

from datetime import date
from random import Random

import pytest

from campanella.domains.certifying import rules
from campanella.domains.certifying.rules import Back, Earlier, Paid, Passage, Payer, pools_of
from campanella.domains.certifying.years import NoSuchTaxYear, rules_of
from campanella.foundation.core.money import Euro

DAY = date(2025, 3, 1)
MARIA, NADIR = Payer("RSSMRA85T10A562S", "Maria Rossi"), Payer("HDDNDR80A01Z330Q", "Nadir Haddad")


def paid(cents: int, *, wallet: int = 1, payer: Payer = MARIA, cash: bool = False) -> Paid:
    return Paid(wallet, payer, "contanti" if cash else "pagoPA", not cash, cents, DAY)


@pytest.mark.parametrize(
    ("year", "school", "needs_trace"),
    [
        (2015, 40000, False),
        (2016, 56400, False),
        (2017, 71700, False),
        (2018, 78600, False),
        (2019, 80000, False),
        (2020, 80000, True),
        (2024, 80000, True),
        (2025, 100000, True),
        (2031, 100000, True),
    ],
)
def test_the_rules_of_each_tax_year(year: int, school: int, needs_trace: bool) -> None:
    law = rules_of(year)
    assert (law.school_ceiling, law.nursery_ceiling, law.percent) == (Euro(school), Euro(63200), 19)
    assert law.needs_trace is needs_trace
    assert ("art. 1, cc. 679-680, L. 160/2019" in law.laws) is needs_trace
    assert ("art. 1, c. 13, L. 207/2024" in law.laws) is (year >= 2025)


def test_a_year_without_law_on_record_is_refused() -> None:
    with pytest.raises(NoSuchTaxYear):
        rules_of(2014)


def test_cash_does_not_count_where_the_law_asks_for_a_trace() -> None:
    money = [paid(5000), paid(3000, cash=True)]
    traced = pools_of(paid=money, passages=[], back=[], needs_trace=True).pools[1][MARIA]
    assert (traced.certified, traced.cash_left) == (5000, 3000)
    before_2020 = pools_of(paid=money, passages=[], back=[], needs_trace=False).pools[1][MARIA]
    assert (before_2020.certified, before_2020.cash_left) == (8000, 0)


def test_a_refund_comes_off_what_was_paid_and_the_rest_is_of_earlier_years() -> None:
    year = pools_of(paid=[paid(5000)], passages=[], back=[Back(1, 1200)], needs_trace=True)
    assert (year.pools[1][MARIA].certified, year.pools[1][MARIA].refunded, dict(year.earlier)) == (3800, 1200, {})
    year = pools_of(paid=[paid(1000)], passages=[], back=[Back(1, 1200), Back(2, 300)], needs_trace=True)
    assert (year.pools[1][MARIA].certified, dict(year.earlier)) == (0, {1: 200, 2: 300})


def test_a_refund_gives_back_nothing_that_came_in_after_it() -> None:
    """100 € of 2024 are left; 50 € come in in March 2025, the refund of 120 € is of May, 200 € come in in September."""
    later = Paid(1, MARIA, "pagoPA", True, 20000, date(2025, 9, 1))
    year = pools_of(paid=[later, paid(5000)], passages=[], back=[Back(1, 12000, date(2025, 5, 1))], needs_trace=True)
    assert (year.pools[1][MARIA].certified, dict(year.earlier)) == (20000, {1: 7000})


def test_a_debit_that_came_back_is_taken_from_whose_account_it_was() -> None:
    money = [paid(5000), paid(5000, payer=NADIR)]
    year = pools_of(paid=money, passages=[], back=[Back(1, 5000, DAY, NADIR)], needs_trace=True)
    assert {payer.name: share.certified for payer, share in year.pools[1].items()} == {
        "Maria Rossi": 5000,
        "Nadir Haddad": 0,
    }


def test_refunds_of_earlier_years_are_of_the_newest_of_them_and_of_who_paid_then() -> None:
    def year(number: int, *came: Paid, back: int = 0) -> tuple[int, rules.Year]:
        gone = [Back(1, back)] if back else []
        return number, pools_of(paid=came, passages=[], back=gone, needs_trace=True)

    first = year(2023, paid(4000, payer=NADIR))
    second = year(2024, paid(3000), paid(1000, cash=True), back=5000)
    third = year(2025, back=3500)
    assert rules.of_earlier_years([first, second]) == [Earlier(1, NADIR, 2023, 1000)]
    # 2024 gave back all of its own and a part of 2023; what is left is 2023's.
    assert rules.of_earlier_years([first, second, third]) == [Earlier(1, NADIR, 2023, 3000)]
    whole = year(2024, paid(3000), paid(1000, cash=True))
    assert rules.of_earlier_years([first, whole, third]) == [Earlier(1, MARIA, 2024, 2625)]


def test_a_refund_of_two_payers_is_split_to_the_cent() -> None:
    year = pools_of(paid=[paid(1000), paid(2000, payer=NADIR)], passages=[], back=[Back(1, 100)], needs_trace=True)
    assert {payer.name: share.refunded for payer, share in year.pools[1].items()} == {"Maria Rossi": 33, "Nadir Haddad": 67}


def test_two_passages_that_cancel_each_other_leave_every_certificate_as_it_was() -> None:
    """Whoever has paid for the sibling in between: what went comes back, and not a part of everybody's."""
    money = [paid(5000), paid(1000, cash=True), paid(3000, wallet=2, payer=NADIR)]
    before = pools_of(paid=money, passages=[], back=[], needs_trace=True).pools
    there = Passage(1, 2, 4000)
    for back in ([Passage(2, 1, 4000)], [Passage(2, 1, 1500), Passage(2, 1, 2500)]):
        assert pools_of(paid=money, passages=[there, *back], back=[], needs_trace=True).pools == before
    half = pools_of(paid=money, passages=[there, Passage(2, 1, 2000)], back=[], needs_trace=True).pools
    assert half[2][NADIR].certified == 3000
    assert half[1][MARIA].certified + half[2][MARIA].certified == 5000
    more = pools_of(paid=money, passages=[there, Passage(2, 1, 5500)], back=[], needs_trace=True).pools
    assert (more[2][NADIR].certified, more[1][NADIR].certified, more[1][MARIA].certified) == (1500, 1500, 5000)


def test_a_passage_that_is_undone_in_the_new_year_takes_nothing_of_the_new_year_along() -> None:
    """Moved on 30 December, moved back in January: what Nadir has paid for the sibling in January stays Nadir's."""
    money, there, back = [paid(1000), paid(3000, wallet=2, payer=NADIR)], Passage(1, 2, 4000), Passage(2, 1, 4000)
    year = pools_of(paid=money, passages=[back], back=[], needs_trace=True, before=[there]).pools
    assert (year[2][NADIR].certified, year[1][MARIA].certified, NADIR in year[1]) == (3000, 1000, False)
    more = pools_of(paid=money, passages=[Passage(2, 1, 5500)], back=[], needs_trace=True, before=[there]).pools
    assert (more[2][NADIR].certified, more[1][NADIR].certified) == (1500, 1500)
    undone = pools_of(paid=money, passages=[back], back=[], needs_trace=True, before=[there, back]).pools
    assert undone[1][NADIR].certified == 3000


@pytest.mark.parametrize("seed", range(20))
def test_passages_that_are_all_taken_back_leave_every_certificate_as_it_was(seed: int) -> None:
    random = Random(seed)
    money = [
        paid(
            random.randint(1, 9000),
            wallet=random.randint(1, 4),
            payer=random.choice([MARIA, NADIR]),
            cash=random.random() < 0.3,
        )
        for _ in range(8)
    ]
    pairs = [random.sample(range(1, 5), 2) for _ in range(6)]
    there = [Passage(min(pair), max(pair), random.randint(1, 6000)) for pair in pairs]
    back = [Passage(one.taker_id, one.giver_id, one.cents) for one in reversed(there)]

    after = pools_of(paid=money, passages=[*there, *back], back=[], needs_trace=True).pools

    before = pools_of(paid=money, passages=[], back=[], needs_trace=True).pools
    assert {wallet: pool for wallet, pool in after.items() if pool} == before


def test_what_was_paid_back_meanwhile_does_not_come_back_from_the_sibling() -> None:
    there, again = Passage(1, 2, 4000, DAY), Passage(2, 1, 4000, date(2025, 5, 1))
    year = pools_of(paid=[paid(5000)], passages=[there, again], back=[Back(2, 3000, date(2025, 4, 1))], needs_trace=True)
    assert (year.pools[1][MARIA].certified, year.pools[2][MARIA].certified) == (2000, 0)


def test_a_passage_carries_payer_and_trace_to_the_sibling() -> None:
    money = [paid(3000), paid(1000, cash=True)]
    year = pools_of(paid=money, passages=[Passage(1, 2, 2000)], back=[], needs_trace=True)
    assert (year.pools[1][MARIA].certified, year.pools[1][MARIA].cash_left) == (1500, 500)
    assert (year.pools[2][MARIA].certified, year.pools[2][MARIA].cash_left) == (1500, 500)


def test_credit_of_earlier_years_that_is_moved_is_certified_nowhere_again() -> None:
    year = pools_of(paid=[], passages=[Passage(1, 2, 2000)], back=[], needs_trace=True)
    assert not any(share.certified for pool in year.pools.values() for share in pool.values())


@pytest.mark.parametrize("seed", range(60))
def test_no_cent_is_certified_twice_and_none_that_was_not_paid(seed: int) -> None:
    random = Random(seed)
    payers = [MARIA, NADIR, Payer("", "")]
    money = [
        paid(random.randint(1, 9000), wallet=random.randint(1, 4), payer=random.choice(payers), cash=random.random() < 0.3)
        for _ in range(random.randint(0, 12))
    ]
    passages = [
        Passage(giver, taker, random.randint(1, 6000))
        for giver, taker in ((random.randint(1, 4), random.randint(1, 4)) for _ in range(6))
        if giver != taker
    ]
    back = [Back(random.randint(1, 4), random.randint(1, 4000)) for _ in range(random.randint(0, 4))]
    year = pools_of(paid=money, passages=passages, back=back, needs_trace=True)
    shares = [share for pool in year.pools.values() for share in pool.values()]
    assert all(share.certified >= 0 and share.cash_left >= 0 for share in shares)
    assert sum(share.moved for share in shares) == 0
    came = sum(one.cents for one in money)
    assert sum(s.certified + s.cash_left for s in shares) == came - sum(b.cents for b in back) + sum(year.earlier.values())
    traced = sum(one.cents for one in money if one.is_traceable)
    assert sum(share.certified for share in shares) == traced - sum(share.refunded for share in shares)


@pytest.mark.parametrize(
    ("used", "opening", "closing", "certified"),
    [
        (4000, 0, 1000, 4000),  # paid 50, used 40
        (4000, -500, 0, 4500),  # an old debt of 5 is paid this year
        (4000, 0, -1500, 2500),  # 15 of what was used is not paid yet
        (4000, 9000, 5000, 4000),
        (0, 0, 5000, 0),
        (1000, 0, -2000, 0),
    ],
)
def test_what_is_certified_by_use_is_what_is_covered(used: int, opening: int, closing: int, certified: int) -> None:
    pool = pools_of(paid=[paid(5000)], passages=[], back=[], needs_trace=True).pools[1]
    assert rules.by_use(pool=pool, used=used, opening=opening, closing=closing) == {MARIA: certified}


def test_what_is_used_and_paid_in_cash_counts_in_its_share_only() -> None:
    pool = pools_of(paid=[paid(3000), paid(1000, cash=True)], passages=[], back=[], needs_trace=True).pools[1]
    assert rules.by_use(pool=pool, used=2000, opening=0, closing=2000) == {MARIA: 1500}
    assert rules.by_use(pool={}, used=2000, opening=2000, closing=0) == {}


def test_a_common_wallet_is_split_by_what_was_used() -> None:
    assert rules.by_service(cents=1000, used={7: 200, 3: 100}) == {3: 333, 7: 667}
    assert rules.by_service(cents=1000, used={7: 0, 3: 0}) == {3: 1000}
    assert rules.by_service(cents=1000, used={}) == {}


MOTHER, FATHER, AUNT = "RSSMRA85T10A562S", "HDDNDR80A01Z330Q", "BNCGLI80A41A562X"


@pytest.mark.parametrize(
    ("payer", "parents", "written", "payers", "percents"),
    [
        (MOTHER, [MOTHER, FATHER], {}, 1, {MOTHER: 50, FATHER: 50}),
        (FATHER, [MOTHER, FATHER], {}, 1, {FATHER: 50, MOTHER: 50}),
        (MOTHER, [MOTHER, FATHER], {MOTHER: 70, FATHER: 30}, 1, {MOTHER: 70, FATHER: 30}),
        (MOTHER, [MOTHER, FATHER], {MOTHER: 0, FATHER: 100}, 1, {MOTHER: 0, FATHER: 100}),
        (MOTHER, [MOTHER], {}, 1, {MOTHER: 100}),
        (MOTHER, [MOTHER, FATHER], {}, 2, {MOTHER: 100}),
        (MOTHER, [MOTHER, FATHER], {MOTHER: 70, FATHER: 30}, 2, {MOTHER: 100}),
        (AUNT, [MOTHER, FATHER], {}, 1, {AUNT: 100}),
    ],
)
def test_who_deducts_what(
    payer: str, parents: list[str], written: dict[str, int], payers: int, percents: dict[str, int]
) -> None:
    assert rules.percents_of(payer=payer, parents=parents, written=written, payers=payers) == percents


@pytest.mark.parametrize(
    ("cents", "percents", "shares"),
    [(10001, [50, 50], [5001, 5000]), (10000, [70, 30], [7000, 3000]), (1, [50, 50], [1, 0]), (999, [0, 100], [0, 999])],
)
def test_a_split_adds_up_to_the_cent(cents: int, percents: list[int], shares: list[int]) -> None:
    assert rules.shared_between(cents=cents, percents=percents) == shares


@pytest.mark.parametrize(("cents", "euro"), [(0, 0), (49, 0), (50, 1), (149, 1), (150, 2), (12345, 123)])
def test_the_yearly_file_rounds_to_whole_euro(cents: int, euro: int) -> None:
    assert rules.rounded(cents) == euro


def test_a_code_is_read_however_it_is_typed() -> None:
    code = rules.new_code()
    assert code != rules.new_code()
    assert rules.read_code(f" {rules.written_code(code).lower()} ") == code
    for typed in ("", code[:-1], code + "A", "O" * 12, "à" * 12):
        assert rules.read_code(typed) == ""


@pytest.mark.parametrize(
    ("said", "nursery", "address"),
    [
        ("", "Nido Sole", ""),
        (" Via Po 1 ", "Nido Sole", "Via Po 1"),
        ("Nido Blu: Via Po 1; Nido Sole: Via Roma 2, 10121 Torino", "nido sole", "Via Roma 2, 10121 Torino"),
        ("Nido Blu: Via Po 1; Nido Sole: Via Roma 2", "Nido Verde", ""),
    ],
)
def test_each_nursery_has_its_address_on_the_receipt(said: str, nursery: str, address: str) -> None:
    assert rules.address_of(nursery=nursery, said=said) == address
