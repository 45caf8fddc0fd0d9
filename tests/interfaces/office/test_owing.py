"""What is paid after the month is no debt before its invoice is due, wherever the office or the family looks."""

from datetime import date, timedelta

import pytest

from campanella.domains.accounts.roles import Role
from campanella.domains.billing import queries as billing
from campanella.domains.enrolment import queries as enrolment
from campanella.domains.ledger import holding
from campanella.domains.ledger import queries as ledger
from campanella.foundation.core import clock, sql
from campanella.foundation.core.money import Euro
from campanella.readings import told
from campanella.readings.billing import after
from campanella.readings.office import exports, owing
from campanella.usecases.billing import handing, policies
from tests.billing import bill, eat, noon, october, tell
from tests.interfaces.portal.phones import Phone, phone, words
from tests.towns import OFFICE, Cast, choosing

LOOKED = date(2026, 10, 14)


@pytest.fixture
def eaten(valle: Cast) -> Cast:
    """Anna's meals are paid after the month, Amina's from the credit, which is used up."""
    choosing(valle.town, floor=-200)
    with clock.standing_at(noon(date(2026, 8, 20))):
        policies.set_for_children(
            by=OFFICE,
            child_ids=[valle.child("Anna").pk],
            service=valle.services["mensa"],
            kind="postpaid",
            first=date(2026, 9, 1),
            reason="",
            now=clock.now(),
        )
    eat(valle, october(1, 2), absent=["Luca"])
    return valle


def office(cast: Cast) -> Phone:
    return phone(cast.staff[Role.OFFICE])


def test_the_running_month_is_no_debt_on_any_page(eaten: Cast) -> None:
    assert (eaten.balance("Anna"), eaten.balance("Amina")) == (-920, -920)
    assert owing.counts(limits=[Euro(0), Euro(-1000)], day=LOOKED) == [(1, Euro(-920)), (0, Euro(0))]
    assert [one.child_id for one in owing.lowest(below=Euro(0), day=LOOKED, limit=9)] == [eaten.child("Amina").pk]

    desk = office(eaten)
    home, due = words(desk.get("/ufficio/")), words(desk.get("/ufficio/da-fare/"))
    listed = words(desk.get("/ufficio/elenchi/?credito=sotto-zero&tutti=1&ordine=debt"))
    mine, other = (desk.get(f"/ufficio/bambini/{eaten.child(name).pk}/").content.decode() for name in ("Anna", "Amina"))

    assert "Borsellini sotto zero 1 -9,20 € in tutto" in home.replace("−", "-")
    for page in (due, listed):
        assert "Amina" in page
        assert "Anna" not in page
    assert "si paga dopo il mese" in mine
    assert ("is-stop" in mine, "is-stop" in other) == (False, True)


def test_a_family_reads_that_it_is_paid_after_the_month(eaten: Cast) -> None:
    page = words(phone(eaten.families["rossi"].user).get("/anagrafica/"))
    assert "si paga dopo il mese" in page
    assert "da pagare" not in page


def test_by_age_it_is_a_debt_from_the_day_after_its_invoice_was_due(eaten: Cast) -> None:
    anna = eaten.child("Anna").code

    def debts(day: date) -> dict[str, Euro]:
        return {one.child_code: one.amount for one in exports.debts(today=day)}

    before = debts(date(2026, 11, 4))
    bill(eaten)
    (invoice,) = billing.invoices_between(period=None)

    assert anna not in before
    assert anna not in debts(invoice.due_on)
    assert debts(invoice.due_on + timedelta(days=1))[anna] == Euro(920)
    assert before[eaten.child("Amina").code] == Euro(920)


def test_invoices_that_nobody_has_told_stand_in_da_fare_until_they_are_handed_over(eaten: Cast) -> None:
    bill(eaten)
    (invoice,) = billing.invoices_between(period=None)
    later = invoice.issued_on + timedelta(days=5)
    with clock.standing_at(noon(later)):
        desk = office(eaten)
        before = words(desk.get("/ufficio/da-fare/"))
        assert "Fatture da consegnare su carta" in before
        assert "Refezione, ottobre 2026: 1 fattura" in before
        handing.note(by=OFFICE, invoice_ids=[invoice.id], day=later, how="hand", now=clock.now())
        assert "da consegnare" not in words(desk.get("/ufficio/da-fare/"))


def test_an_invoice_that_a_letter_has_brought_or_that_is_paid_waits_for_nobody(eaten: Cast) -> None:
    bill(eaten)
    (invoice,) = billing.invoices_between(period=None)
    later = invoice.issued_on + timedelta(days=5)
    assert [one.count for one in told.unbrought(today=later)] == [1]
    assert told.unbrought(today=later + timedelta(days=400)) == []
    tell()
    assert told.unbrought(today=later) == []


@pytest.mark.parametrize("later", [[], ["mensa"], ["mensa", "scuolabus"]])
def test_one_rule_tells_of_one_wallet_in_a_query_and_of_many_in_a_list(eaten: Cast, later: list[str]) -> None:
    """A wallet of all services is paid after the month where each of them is; of a child that uses none, none is."""
    children = [eaten.child(name) for name in ("Anna", "Luca", "Amina")]
    for child in children:
        holding.open_wallet(child=child, service_id=None)
    with clock.standing_at(noon(date(2026, 8, 20))):
        for code in later:
            first = date(2026, 9, 1)
            policies.set_for_all(
                by=OFFICE, service=eaten.services[code], kind="debit", first=first, reason="", now=clock.now()
            )
    ids = [child.pk for child in children]
    held = ledger.wallets_of(child_ids=ids)
    listed = after.wallets_paid_after(wallets=held, enrolled=enrolment.enrolled(child_ids=ids, day=LOOKED), day=LOOKED)
    fragment = after.is_paid_after(wallet="w", day="%(day)s::date")
    asked = f"select w.id from ledger_wallet w where w.municipality_id = %(town)s and {fragment}"  # of ours
    found = {pk for (pk,) in sql.rows(asked, {"town": eaten.town.id, "day": LOOKED})}
    assert found & {wallet.id for wallet in held} == listed
    assert len(listed) >= 1
