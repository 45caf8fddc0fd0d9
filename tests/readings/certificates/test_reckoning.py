"""A year's certificates out of the book: the family Rossi pays, in 2026, from October to the end of the year."""

from datetime import date, time
from typing import Any

import pytest

from campanella.domains.certifying import operations as certifying
from campanella.domains.certifying import queries as certificates
from campanella.domains.certifying.content import Content
from campanella.domains.certifying.documents.certificate_pdf import _sentences as sentences
from campanella.domains.ledger import operations as ledger
from campanella.domains.ledger.operations import Movement
from campanella.domains.ledger.rules import EntryKind, Source
from campanella.domains.people import mending
from campanella.domains.people import operations as people
from campanella.domains.services import operations as services
from campanella.domains.services.taxation import Taxation
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.readings.certificates import agency
from campanella.readings.certificates.money import means_of, money_of
from campanella.readings.certificates.reckoning import Reckoned, reckon
from campanella.usecases import adjust, mealtime
from campanella.usecases.certificates import issue_for
from tests.paying import TAX_CODES
from tests.readings.certificates.paying import MOTHER, move_outside, pay
from tests.towns import OFFICE, Cast, choosing

OCTOBER, NOVEMBER, JANUARY = date(2026, 10, 20), date(2026, 11, 3), date(2027, 1, 8)
YEAR = 2026
FATHER = "RSSLCU80A01A562Q"


@pytest.fixture
def rossi(valle: Cast) -> Cast:
    """The family with its children's tax codes."""
    for name, code in TAX_CODES.items():
        mending.write_child_tax_code(by=OFFICE, child_id=valle.child(name).pk, tax_code=code, now=clock.now())
    return valle


def of(valle: Cast, name: str, year: int = YEAR) -> Reckoned:
    return reckon(child_ids=[valle.child(name).pk], year=year)[0]


def only(valle: Cast, name: str, year: int = YEAR) -> Content:
    (content,) = of(valle, name, year).contents
    return content


def eat(valle: Cast, at: Any, *days: date) -> None:
    for day in days:
        at(f"{day} 09:00")
        mealtime.confirm(by=OFFICE, roll_call=valle.roll_call(day=day), absent_ids=[], adults=None, now=clock.now())


def test_what_was_paid_in_the_year_counts_whenever_it_was_eaten(rossi: Cast) -> None:
    pay(rossi, "Anna", 5000, OCTOBER)
    pay(rossi, "Anna", 3000, date(2026, 12, 31), method="bankTransfer")
    pay(rossi, "Anna", 900, JANUARY)
    said = only(rossi, "Anna")
    (line,) = said.lines
    assert (line.service, line.deduction, line.paid, line.certified) == ("Refezione", "school", 8000, 8000)
    assert line.means == ("pagoPA (carta)", "pagoPA (conto)")
    assert (said.payer_name, said.payer_tax_code) == ("Maria Addolorata Rossi", MOTHER)
    assert (said.child_name, said.school, said.basis) == ("Anna Rossi", "2B · Primaria Rodari", "paid")
    assert only(rossi, "Anna", 2027).cents == 900


def test_a_payment_of_new_years_eve_is_of_its_year_though_it_is_booked_in_the_next(rossi: Cast) -> None:
    receipt = pay(rossi, "Anna", 5000, JANUARY)
    type(receipt).objects.filter(pk=receipt.pk).update(paid_at=clock.rome(date(2026, 12, 31), time(23, 58)))
    assert only(rossi, "Anna").cents == 5000
    assert of(rossi, "Anna", 2027).contents == ()


def test_cash_is_left_out_and_told_apart(rossi: Cast) -> None:
    pay(rossi, "Anna", 5000, OCTOBER)
    pay(rossi, "Anna", 1000, OCTOBER, method="cash")
    move_outside(rossi, "Anna", 2000, OCTOBER, account="cash")
    move_outside(rossi, "Luca", 2000, OCTOBER, account="cash")
    assert (only(rossi, "Anna").cents, of(rossi, "Anna").cash) == (5000, 3000)
    assert (of(rossi, "Luca").reason, of(rossi, "Luca").cash) == ("only_cash", 2000)


@pytest.mark.parametrize(
    ("account", "method", "is_traceable"),
    [
        ("pagopa", "creditCard", True),
        ("pagopa", "other", True),
        ("pagopa", "", True),
        ("pagopa", "cash", False),
        ("sdd", "", True),
        ("bank", "", True),
        ("cash", "", False),
        ("nobody-has-said", "", False),
    ],
)
def test_which_means_leave_a_trace(account: str, method: str, is_traceable: bool) -> None:
    assert means_of(account=account, method=method)[1] is is_traceable


def test_a_refund_of_the_year_comes_off_and_one_after_it_is_of_earlier_years(rossi: Cast) -> None:
    pay(rossi, "Anna", 5000, OCTOBER)
    move_outside(rossi, "Anna", -1200, NOVEMBER, account="bank")
    (line,) = only(rossi, "Anna").lines
    assert (line.paid, line.refunded, line.certified) == (5000, 1200, 3800)
    move_outside(rossi, "Anna", -800, JANUARY, account="bank")
    pay(rossi, "Anna", 500, JANUARY)
    assert only(rossi, "Anna").cents == 3800
    assert of(rossi, "Anna", 2027).reason == "refunded"


def test_a_refund_is_of_the_year_of_the_payment_that_it_gives_back(rossi: Cast) -> None:
    """50 € of 2026 are left; 30 € of them are given back in January 2027, and the family pays 40 € in March."""
    anna = [rossi.child("Anna").pk]
    pay(rossi, "Anna", 5000, OCTOBER)
    move_outside(rossi, "Anna", -3000, JANUARY, account="bank")
    assert (of(rossi, "Anna", 2027).reason, of(rossi, "Anna", 2027).alone) == ("nothing", 3000)
    pay(rossi, "Anna", 4000, date(2027, 3, 1))
    assert only(rossi, "Anna").cents == 5000
    said = only(rossi, "Anna", 2027)
    assert (said.cents, said.lines[0].refunded, said.earlier, said.earlier_years) == (
        4000,
        0,
        3000,
        ((2026, "school", 3000),),
    )
    assert Content.read(said.as_json()) == said
    assert f"pagati in anni precedenti (2026: {Euro(3000)})" in " ".join(sentences(said))

    issue_for(by_id=None, child_ids=anna, year=2027, now=clock.now())
    rows = [(row.paid, row.refunded, row.refunded_year) for row in agency.data_set(year=2027, what="school").rows]
    assert rows == [(4000, 0, None), (0, 3000, 2026)]


def test_where_use_is_certified_a_refund_of_credit_lessens_no_year(rossi: Cast) -> None:
    pay(rossi, "Anna", 5000, OCTOBER)
    choosing(rossi.town, certificates_on_use=True)
    move_outside(rossi, "Anna", -3000, JANUARY, account="bank")
    assert of(rossi, "Anna", 2027).alone == 0


def test_another_payers_money_stands_when_a_debit_comes_back(rossi: Cast) -> None:
    pay(rossi, "Anna", 4600, date(2026, 12, 5), payer=FATHER)
    collect(rossi, 4600, date(2026, 12, 5))
    collect(rossi, -4600, date(2027, 1, 20), is_returned=True)
    assert [(one.payer_tax_code, one.cents) for one in of(rossi, "Anna").contents] == [(FATHER, 4600)]


def test_credit_moved_to_a_sibling_is_the_siblings_expense(rossi: Cast) -> None:
    pay(rossi, "Anna", 5000, OCTOBER)
    giver, taker = rossi.wallet("Anna").pk, rossi.wallet("Luca").pk
    adjust.move(
        by=rossi.staff["office"],
        from_wallet_id=giver,
        to_wallet_id=taker,
        amount=Euro(2000),
        reason="giro",
        key="abcdefghijklmnop",
        now=clock.now(),
    )
    both = reckon(child_ids=[rossi.child(name).pk for name in ("Anna", "Luca")], year=YEAR)
    assert [one.certified for one in both] == [3000, 2000]
    # Reckoned alone, each says the same: the money of the other one's wallet is looked for.
    assert [of(rossi, name).certified for name in ("Anna", "Luca")] == [3000, 2000]


def test_two_payers_have_a_certificate_each(rossi: Cast) -> None:
    pay(rossi, "Anna", 5000, OCTOBER)
    pay(rossi, "Anna", 2000, OCTOBER, payer=FATHER)
    found = of(rossi, "Anna").contents
    assert {content.payer_tax_code: content.cents for content in found} == {MOTHER: 5000, FATHER: 2000}
    assert all([part.percent for part in content.parts] == [100] for content in found)


def test_two_parents_share_by_half_unless_they_have_written_otherwise(rossi: Cast) -> None:
    father = people.register_guardian(given_name="Luca", family_name="Rossi", tax_code=FATHER, email="", phone="")
    anna = rossi.child("Anna")
    people.tie(child=anna, guardian=father, is_payer=False)
    pay(rossi, "Anna", 5001, OCTOBER)
    assert [(part.tax_code, part.percent, part.school) for part in only(rossi, "Anna").parts] == [
        (MOTHER, 50, 2501),
        (FATHER, 50, 2500),
    ]
    mother = rossi.families["rossi"].guardian
    about: dict[str, Any] = {"by": OFFICE, "child": anna, "year": YEAR, "now": clock.now()}
    certifying.write_shares(**about, guardian=father, percent=30, other=mother)
    assert {part.tax_code: part.school for part in only(rossi, "Anna").parts} == {FATHER: 1500, MOTHER: 3501}
    with pytest.raises(certifying.NotTheirParents):
        certifying.write_shares(**about, guardian=father, percent=30, other=father)
    certifying.clear_shares(by=OFFICE, child=anna, year=YEAR, now=clock.now())
    assert [part.percent for part in only(rossi, "Anna").parts] == [50, 50]


def test_the_reasons_why_there_is_none(rossi: Cast) -> None:
    pay(rossi, "Luca", 5000, OCTOBER)
    assert of(rossi, "Anna").reason == "nothing"
    luca = rossi.child("Luca")
    type(luca).objects.filter(pk=luca.pk).update(tax_code="")
    assert (of(rossi, "Luca").reason, of(rossi, "Luca").contents) == ("child_code", ())
    mother = rossi.families["rossi"].guardian
    type(mother).objects.filter(pk=mother.pk).update(tax_code="")
    pay(rossi, "Anna", 5000, OCTOBER, payer="")
    assert (of(rossi, "Anna").reason, of(rossi, "Anna").nameless) == ("payer_code", 5000)
    mine = {"by": OFFICE, "from_year": 2026, "now": clock.now()}
    services.set_taxation(**mine, service=rossi.services["mensa"], taxation=Taxation("none", "4"))
    assert of(rossi, "Luca").reason == "not_deductible"


def test_the_nursery_stands_apart(rossi: Cast) -> None:
    about = {"by": OFFICE, "from_year": 2026, "now": clock.now()}
    services.set_taxation(**about, service=rossi.services["scuolabus"], taxation=Taxation("nursery", "exempt"))
    pay(rossi, "Anna", 5000, OCTOBER)
    pay(rossi, "Anna", 700, OCTOBER, service="scuolabus")
    said = only(rossi, "Anna")
    assert (said.total("school"), said.total("nursery"), said.cents) == (5000, 700, 5700)


def test_both_bases_reconcile_with_the_wallet(rossi: Cast, at: Any) -> None:
    pay(rossi, "Anna", 5000, date(2026, 10, 15))
    eat(rossi, at, date(2026, 10, 16), OCTOBER, NOVEMBER)
    move_outside(rossi, "Anna", -600, NOVEMBER, account="bank")
    about: dict[str, Any] = {"by": rossi.staff["office"], "reason": "x", "key": "k" * 16, "now": clock.now()}
    adjust.adjust(**about, wallet_id=rossi.wallet("Anna").pk, amount=Euro(25))
    (wallet, *_) = [one for one in of(rossi, "Anna").wallets if one.wallet_id == rossi.wallet("Anna").pk]
    used = sum(wallet.used.values())
    assert (wallet.opening, wallet.paid, used, wallet.refunded, wallet.other) == (0, 5000, 1380, 600, 25)
    assert wallet.closing == rossi.balance("Anna")
    assert wallet.opening + wallet.paid - used - wallet.refunded + wallet.other == wallet.closing
    assert only(rossi, "Anna").cents == 4400
    choosing(rossi.town, certificates_on_use=True)
    said = only(rossi, "Anna")
    assert (said.basis, said.cents, said.lines[0].refunded) == ("used", 1380, 0)


def test_the_same_facts_make_no_new_version_and_a_later_refund_supersedes(rossi: Cast) -> None:
    anna = [rossi.child("Anna").pk]
    pay(rossi, "Anna", 5000, OCTOBER)

    def issue() -> tuple[int, int, int]:
        done = issue_for(by_id=None, child_ids=anna, year=YEAR, now=clock.now())
        return done.issued, done.superseded, done.unchanged

    assert issue() == (1, 0, 0)
    assert issue() == (0, 0, 1)
    move_outside(rossi, "Anna", -2000, NOVEMBER, account="bank")
    assert issue() == (0, 1, 0)
    new, old = certificates.certificates_of(child_ids=anna)
    assert [(one.version, one.number, one.amount, one.is_current) for one in (new, old)] == [
        (2, 2, Euro(3000), True),
        (1, 1, Euro(5000), False),
    ]
    assert Content.read(old.content).cents == 5000
    assert old.code != new.code


def test_a_certificate_with_nothing_left_is_taken_back(rossi: Cast) -> None:
    anna = [rossi.child("Anna").pk]
    pay(rossi, "Anna", 5000, OCTOBER)
    issue_for(by_id=None, child_ids=anna, year=YEAR, now=clock.now())
    move_outside(rossi, "Anna", -5000, NOVEMBER, account="bank")
    for superseded in (1, 0):
        assert issue_for(by_id=None, child_ids=anna, year=YEAR, now=clock.now()).superseded == superseded
    current, _ = certificates.certificates_of(child_ids=anna)
    assert (current.is_void, current.amount, current.version) == (True, Euro(0), 2)
    pay(rossi, "Anna", 700, date(2026, 12, 1))
    assert issue_for(by_id=None, child_ids=anna, year=YEAR, now=clock.now()).superseded == 1
    assert certificates.certificates_of(child_ids=anna)[0].amount == Euro(700)


def test_many_children_cost_no_more_questions_than_one(rossi: Cast, django_assert_max_num_queries: Any) -> None:
    everybody = [rossi.child(name).pk for name in ("Anna", "Luca", "Amina")]
    for name in ("Anna", "Luca", "Amina"):
        pay(rossi, name, 5000, OCTOBER)
    with django_assert_max_num_queries(12):
        assert len(reckon(child_ids=everybody, year=YEAR)) == 3


def collect(valle: Cast, cents: int, on: date, *, is_returned: bool = False) -> None:
    """Let a direct debit come in on a day, or the same one go back."""
    wallet_id, at = valle.wallet("Anna").pk, clock.rome(on, time(12))
    make = Source.of_returned if is_returned else Source.of_collection
    movement = Movement(
        make(key="E2E-1", wallet_id=wallet_id), wallet_id, ledger.account(kind="clearing", code="sdd").pk, Euro(cents)
    )
    kind: EntryKind = "returned" if is_returned else "collection"
    ledger.post(movements=[movement], kind=kind, day=on, memo="", by_id=None, now=at)


def test_a_direct_debit_that_comes_back_in_the_next_year_was_never_paid(rossi: Cast) -> None:
    collect(rossi, 4600, date(2026, 12, 5))
    pay(rossi, "Anna", 1000, JANUARY)
    said = only(rossi, "Anna")
    assert (said.cents, said.lines[0].means) == (4600, ("addebito diretto SEPA",))
    (paid,) = money_of(child_ids=[rossi.child("Anna").pk], first=date(2026, 1, 1), last=date(2026, 12, 31)).paid
    assert (paid.reference, paid.day) == ("E2E-1", date(2026, 12, 5))
    collect(rossi, -4600, date(2027, 1, 20), is_returned=True)
    assert of(rossi, "Anna").reason == "refunded"
    assert only(rossi, "Anna", 2027).cents == 1000
