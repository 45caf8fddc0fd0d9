"""
Half a year of the family Rossi, as it would be told: from the credit, then after the month, then by the bank; one collection
comes back, money is paid back at the end, and the year's certificate says what was paid. Every figure is reckoned by hand.

A meal is 4,60 € for Anna and 3,10 € for Luca. In cents:

| | Anna | Luca |
|---|---|---|
| 16 September, top-up by pagoPA | +5000 | +3000 |
| September, five days from the credit | −2300 → 2700 | −1550 → 1450 |
| October, after the month: five days, Luca four | −2300 → 400 | −1240 → 210 |
| November, ten days | −4600 → −4200 | −3100 → −2890 |
| 20 November: on 7 October Anna was at home | +460 → −3740 | |
| 20 December: November's invoice is paid by its notice | +3740 → 0 | +2890 → 0 |
| December, by the bank: seven days | −3220 → −3220 | −2170 → −2170 |
| January: collected, sent back, collected again | +3220 −3220 +3220 → 0 | +2170 −2170 +2170 → 0 |
| January, five days, then they leave | −2300 → −2300 | −1550 → −1550 |
| February: collected | +2300 → 0 | +1550 → 0 |
| 14 January was a strike: given back | +460 → 460 | +310 → 310 |
| 10 March: paid back to their account | −460 → 0 | −310 → 0 |
"""

from collections.abc import Iterable
from datetime import date

import pytest

from campanella.domains.billing import queries as invoices
from campanella.domains.billing.queries import InvoiceView
from campanella.domains.debiting.models import Collection
from campanella.domains.ledger import verify
from campanella.domains.payments.models import PaymentRequest
from campanella.domains.people import mending
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.readings import proofs, wallet_sums
from campanella.readings.certificates.reckoning import reckon
from campanella.usecases import closing, mealtime
from campanella.usecases.billing import policies
from campanella.usecases.debiting import booking, filing
from tests.adjusting import ask, colleague, confirm
from tests.billing import bill, eat, noon
from tests.debits import signed
from tests.paying import TAX_CODES, prepare, receive, wish
from tests.stories.conftest import ENDS
from tests.towns import OFFICE, Cast, choosing, run_jobs
from tests.usecases.debiting.conftest import Bank


def days(year: int, month: int, *numbers: int) -> list[date]:
    return [date(year, month, number) for number in numbers]


class Story:
    """The family, with the office and the bank beside it."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.family, self.meal = cast, cast.families["rossi"], cast.services["mensa"]
        self.bank = Bank(cast)

    @property
    def balances(self) -> tuple[int, int]:
        return self.cast.balance("Anna"), self.cast.balance("Luca")

    def eats(self, on: Iterable[date], *absent: str) -> None:
        eat(self.cast, on, absent=absent)

    def pays_from(self, first: date, kind: str) -> None:
        ids = [child.pk for child in self.family.children.values()]
        policies.set_for_children(
            by=OFFICE, child_ids=ids, service=self.meal, kind=kind, first=first, reason="richiesta", now=clock.now()
        )

    def invoice(self, period: date) -> InvoiceView:
        found = invoices.invoices_of(payer_id=self.family.guardian.pk)
        return next(one for one in found if one.period == period)

    def collected(self, period: date, *, file: date, booked: date) -> Collection:
        """Let the bank be asked, and its day come."""
        with clock.standing_at(noon(file)):
            made, _plan = filing.make(by=OFFICE, period=period, now=clock.now())
            assert made
            filing.hand_over(by=OFFICE, file_id=made.pk, now=clock.now())
        with clock.standing_at(noon(booked)):
            assert booking.book_due(now=clock.now()) == 1
        return Collection.objects.latest("id")


@pytest.mark.slow
def test_half_a_year_of_a_family(valle: Cast, request: pytest.FixtureRequest) -> None:
    story = Story(valle)
    request.node.stash[ENDS] = noon(date(2027, 3, 15))
    choosing(valle.town, bill_sample=0, sdd_offered=True, sdd_cuc="1234567A", refund_least=100)
    for name, code in TAX_CODES.items():
        mending.write_child_tax_code(by=OFFICE, child_id=valle.child(name).pk, tax_code=code, now=clock.now())

    # September, from the credit.
    with clock.standing_at(noon(date(2026, 9, 16))):
        for name, cents in (("Anna", 5000), ("Luca", 3000)):
            (request,) = prepare(valle, story.family, wish(valle, name, cents))
            receive(request, iur=f"september-{name}")
    story.eats(days(2026, 9, 21, 22, 23, 24, 25))
    assert story.balances == (2700, 1450)

    # October, after the month: what was left of the credit is enough.
    with clock.standing_at(noon(date(2026, 9, 28))):
        story.pays_from(date(2026, 10, 1), "postpaid")
    story.eats(days(2026, 10, 5, 6, 7, 8))
    story.eats(days(2026, 10, 9), "Luca")
    bill(valle)
    october = story.invoice(date(2026, 10, 1))
    assert (october.total, october.state) == (Euro(0), "paid")
    assert [(one.lines.cents, one.carried.cents) for one in october.shares] == [(2300, 2300), (1240, 1240)]
    assert story.balances == (400, 210)

    # November: ten days, and a day of October that was not eaten.
    story.eats(days(2026, 11, 2, 3, 4, 5, 6, 9, 10, 11, 12, 13))
    with clock.standing_at(noon(date(2026, 11, 20))):
        mealtime.correct(
            by=OFFICE,
            child_id=valle.child("Anna").pk,
            service=story.meal,
            day=date(2026, 10, 7),
            is_present=False,
            reason="era a casa",
            now=clock.now(),
        )
    with clock.standing_at(noon(date(2026, 11, 25))):
        story.pays_from(date(2026, 12, 1), "debit")
        signed(story.family.guardian)
    bill(valle, "2026-11")
    november = story.invoice(date(2026, 11, 1))
    assert [(one.lines.cents, one.carried.cents, one.due.cents) for one in november.shares] == [
        (4600 - 460, 400, 3740),
        (3100, 210, 2890),
    ]
    assert (november.method, november.total) == ("notice", Euro(6630))
    with clock.standing_at(noon(date(2026, 12, 20))):
        (made,) = invoices.positions_of(invoice_ids=[november.id]).values()
        receive(PaymentRequest.objects.get(pk=made[0]), iur="november")
    assert story.invoice(date(2026, 11, 1)).state == "paid"
    assert story.balances == (0, 0)

    # December, by the bank: sent back for want of money, collected at the second attempt.
    story.eats(days(2026, 12, 1, 2, 3, 4, 9, 10, 11))
    bill(valle, "2026-12")
    run_jobs(500)
    december = date(2026, 12, 1)
    assert (story.invoice(december).method, story.invoice(december).total) == ("debit", Euro(3220 + 2170))
    one = story.collected(december, file=date(2027, 1, 20), booked=date(2027, 2, 8))
    assert story.balances == (0, 0)
    story.bank.hear((one.end_to_end_id, "AM04", 5390), form="return", on=date(2027, 2, 11))
    assert (story.balances, story.invoice(december).state) == ((-3220, -2170), "unpaid")
    again = story.collected(december, file=date(2027, 2, 12), booked=date(2027, 3, 1))
    assert (again.attempt, story.invoice(december).state, story.balances) == (2, "paid", (0, 0))

    # January, five days; the strike of the fourteenth is given back when it is collected already.
    story.eats(days(2027, 1, 11, 12, 13, 14, 15))
    bill(valle, "2027-01")
    run_jobs(500)
    january = date(2027, 1, 1)
    story.collected(january, file=date(2027, 2, 15), booked=date(2027, 3, 8))
    assert (story.invoice(january).total, story.invoice(january).state) == (Euro(2300 + 1550), "paid")
    with clock.standing_at(noon(date(2027, 3, 9))):
        closure = closing.enter(
            by=OFFICE,
            first=date(2027, 1, 14),
            last=date(2027, 1, 14),
            reason="sciopero",
            school=valle.school,
            only=[story.meal],
            now=clock.now(),
        )
        closing.give_back(by=OFFICE, closure_id=closure.pk, now=clock.now())
    assert story.balances == (460, 310)

    # They move: what is left is paid back to their account, approved by a second person.
    with clock.standing_at(noon(date(2027, 3, 10))):
        second = colleague("lia")
        for name, cents in (("Anna", -460), ("Luca", -310)):
            confirm(ask(valle, "refund", cents, child=name, key=f"refund-{name}"), second)

    assert story.balances == (0, 0)
    assert invoices.open_invoices(payer_ids=[story.family.guardian.pk]) == []
    assert _sums(valle, "Anna") == {
        "Ricariche e pagamenti": 5000 + 3740,
        "Servizi usati": -(2300 + 2300 + 4600 + 3220 + 2300),
        "Correzioni e ricalcoli": 460 + 460,
        "Rimborsi": -460,
        "Addebiti sul conto": 3220 + 3220 + 2300,
        "Addebiti tornati indietro": -3220,
    }
    assert _sums(valle, "Luca") == {
        "Ricariche e pagamenti": 3000 + 2890,
        "Servizi usati": -(1550 + 1240 + 3100 + 2170 + 1550),
        "Correzioni e ricalcoli": 310,
        "Rimborsi": -310,
        "Addebiti sul conto": 2170 + 2170 + 1550,
        "Addebiti tornati indietro": -2170,
    }
    # The year of payment counts: in 2026 the top-ups and November's invoice, in 2027 what banks have brought and kept, less
    # what was paid back.
    assert _certified(valle, 2026) == {"Anna": 5000 + 3740, "Luca": 3000 + 2890}
    assert _certified(valle, 2027) == {"Anna": 3220 + 2300 - 460, "Luca": 2170 + 1550 - 310}
    assert verify.violations() == []
    assert proofs.violations() == []


def _sums(cast: Cast, name: str) -> dict[str, int]:
    """Return what the statement of the half year says of a child, by kind; it begins and ends with nothing."""
    first, last = date(2026, 9, 1), date(2027, 3, 15)
    found = wallet_sums.account(wallet_id=cast.wallet(name).pk, first=first, last=last)
    assert found is not None
    assert (found.opening, found.closing) == (Euro(0), Euro(0))
    return {label: amount.cents for label, amount in found.lines}


def _certified(cast: Cast, year: int) -> dict[str, int]:
    """Return what the certificates of a year say, by child."""
    children = {child.pk: name for name, child in cast.families["rossi"].children.items()}
    return {children[one.child.pk]: one.certified for one in reckon(child_ids=list(children), year=year)}
