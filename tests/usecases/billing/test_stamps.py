"""Stamp duty that families bear: on the invoice, in the book, on the statement, and given back with the credit note."""

from collections.abc import Sequence
from datetime import date

import pytest

from campanella.domains.billing import carrying, queries
from campanella.domains.billing.rules import Draft, Purse
from campanella.domains.billing.runs import RunView
from campanella.domains.billing.stamping import stamped
from campanella.domains.ledger import queries as ledger
from campanella.domains.ledger import verify
from campanella.domains.ledger.models import Entry
from campanella.domains.services import operations as services
from campanella.domains.services.taxation import StampPayer, Taxation, Vat
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.readings import proofs, statements
from campanella.readings.billing import papers
from campanella.readings.family import invoices as family
from campanella.usecases.billing import running, staging
from tests import auditor
from tests.billing import bill, eat, noon, october
from tests.browsing import browser
from tests.towns import OFFICE, Cast, text_of
from tests.usecases.billing.test_running import OCTOBER, the_invoices

BORNE = "Imposta di bollo"


def treat(cast: Cast, *, stamp: StampPayer = "family", vat: Vat = "exempt") -> None:
    services.set_taxation(
        by=OFFICE,
        service=cast.services["mensa"],
        from_year=2026,
        taxation=Taxation("school", vat, stamp),
        now=clock.now(),
    )


def stamps() -> list[tuple[str, int]]:
    return list(Entry.objects.filter(kind="stamp").order_by("id").values_list("source", "revision"))


def purse(number: int, lines: int, balance: int = 0) -> Purse:
    return Purse(number, number, 1, balance - lines, lines, 0, 0, "postpaid")


@pytest.mark.parametrize(
    ("lines", "duty"),
    [([7747], [0]), ([7748], [200]), ([4000, 3747], [0, 0]), ([4000, 3748], [200, 0]), ([3748, 4000], [0, 200])],
)
def test_the_wallet_that_pays_most_bears_it_strictly_over_the_threshold(lines: Sequence[int], duty: Sequence[int]) -> None:
    draft = Draft(1, None, "notice", tuple(purse(place, cents) for place, cents in enumerate(lines, start=1)))
    found = stamped(draft)
    assert [one.stamp for one in found.purses] == list(duty)
    assert found.total == sum(lines) + sum(duty)


def test_credit_pays_it_as_it_pays_the_lines() -> None:
    (one,) = stamped(Draft(1, None, "notice", (purse(1, 8000, balance=9000),))).purses
    assert (one.billed, one.carried, one.due) == (8200, 8200, 0)
    (one,) = stamped(Draft(1, None, "notice", (purse(1, 8000, balance=8100),))).purses
    assert (one.carried, one.due) == (8100, 100)


def billed_october(cast: Cast, days: int = 16) -> RunView:
    """Bill sixteen days: the Rossi owe 123.20 €, over the threshold, Haddad 73.60 €, under it."""
    treat(cast)
    eat(cast, october()[:days])
    return bill(cast)


def test_the_family_that_owes_more_than_the_threshold_pays_two_euro_and_reads_why(billed: Cast) -> None:
    run = billed_october(billed)

    found = the_invoices(billed)
    rossi, haddad = found["rossi"], found["haddad"]
    assert (rossi.total, rossi.open, haddad.total) == (Euro(16 * 770 + 200), Euro(16 * 770 + 200), Euro(16 * 460))
    lines = queries.lines_of(invoice_ids=[rossi.id])[rossi.id]
    assert [(one.source, one.amount.cents) for one in lines if one.is_stamp] == [(f"stamp:{rossi.id}", 200)]
    assert stamps() == [(f"stamp:{rossi.id}", 0)]
    assert billed.balance("Anna") + billed.balance("Luca") == -(16 * 770 + 200)
    assert run.summary["stamped"] == 1

    sheet = papers.sheet(invoice=rossi)
    assert (BORNE, "2,00\N{NO-BREAK SPACE}€") in [day for part in sheet.parts for day in part.days]
    assert "assolta in modo virtuale, a carico di chi paga" in sheet.tax_law
    assert "16 pasti" in [part.count for part in sheet.parts]
    assert "Imposta di bollo" not in papers.sheet(invoice=haddad).tax_law

    user = billed.families["rossi"].guardian.user
    assert user is not None
    page = text_of(browser(billed.town, user).get(f"/pagamenti/elenco/{rossi.id}/"))
    assert f"{BORNE} 2,00" in page
    assert family.invoice_for(user=user, invoice_id=rossi.id, today=date(2026, 11, 6)).invoice.total == rossi.total

    wallet = billed.wallet("Anna").pk
    whole = statements.statements(
        wallets=[(ledger.wallet(wallet_id=wallet), "Anna")], first=date(2026, 10, 1), last=date(2026, 11, 30)
    )
    (one,) = whole.statements
    assert (BORNE, Euro(-200)) in one.sums
    assert BORNE in [told.title for told in one.told]
    assert verify.violations() == proofs.violations() == []
    with clock.standing_at(noon(date(2026, 11, 6))):
        assert auditor.differences(billed.town) == []


def test_what_is_called_back_gives_it_back_and_the_month_billed_again_charges_it_once(billed: Cast) -> None:
    run = billed_october(billed)
    before = billed.balance("Anna")

    staging.recall(by=OFFICE, run_id=run.id, reason="tariffa sbagliata", now=noon(date(2026, 11, 7)))
    staging.recall(by=OFFICE, run_id=run.id, reason="ancora", now=noon(date(2026, 11, 7)))

    assert billed.balance("Anna") == before + 200
    assert verify.violations() == proofs.violations() == []
    bill(billed)
    assert billed.balance("Anna") == before
    assert [revision for _, revision in stamps()] == [0, 1, 0]
    assert sum(one.open.cents for one in queries.open_invoices()) == 16 * 770 + 16 * 460 + 200
    assert verify.violations() == proofs.violations() == []


@pytest.mark.parametrize("stamp", ["town", "none"])
def test_nobody_pays_it_where_the_town_does_or_it_is_not_owed(billed: Cast, stamp: StampPayer) -> None:
    treat(billed, stamp=stamp)
    eat(billed, october()[:16])
    run = bill(billed)
    assert stamps() == []
    assert run.summary["stamped"] == (1 if stamp == "town" else 0)
    assert the_invoices(billed)["rossi"].total == Euro(16 * 770)
    assert verify.violations() == proofs.violations() == []


def test_beside_vat_there_is_none(billed: Cast) -> None:
    treat(billed, vat="4")
    eat(billed, october()[:16])
    assert bill(billed).summary["stamped"] == 0
    assert stamps() == []


def test_who_pays_it_changed_after_the_preview_is_noticed(billed: Cast) -> None:
    eat(billed, october()[:16])
    treat(billed, stamp="town")
    with clock.standing_at(noon(date(2026, 11, 5))):
        found = running.preview(by=OFFICE, service=billed.services["mensa"], now=clock.now(), **OCTOBER)
        treat(billed)
        with pytest.raises(running.ChangedSincePreview):
            running.confirm(by=OFFICE, run_id=found.id, now=clock.now())
    assert stamps() == []


def test_it_is_no_debt_to_carry_over_beside_its_invoice(billed: Cast) -> None:
    billed_october(billed)
    wallets = [billed.wallet(name).pk for name in ("Anna", "Luca", "Amina")]
    assert {one.free.cents for one in carrying.carried(wallet_ids=wallets).values()} == {0}
    eat(billed, [date(2026, 11, 3)])
    bill(billed, "2026-11")
    rossi = next(one for one in queries.invoices_between(period=date(2026, 11, 1)) if len(one.shares) == 2)
    assert (rossi.total, [share.carried.cents for share in rossi.shares]) == (Euro(770), [0, 0])
    assert proofs.violations() == []


def test_the_office_chooses_who_pays_it_and_reads_it_in_the_preview(billed: Cast) -> None:
    office = browser(billed.town, billed.staff["office"])
    meal = billed.services["mensa"]
    form = {"servizio": str(meal.pk), "dal": "2026", "detrazione": "school", "iva": "exempt", "bollo": "family"}
    words = text_of(office.post("/ufficio/impostazioni/fisco/", form, follow=True))
    assert "dal 2026: spesa di istruzione, esente IVA, bollo a carico di chi paga, sulla fattura" in words
    assert office.post("/ufficio/impostazioni/fisco/", form | {"bollo": "chiunque"}).status_code == 404

    eat(billed, october()[:16])
    with clock.standing_at(noon(date(2026, 11, 5))):
        found = running.preview(by=OFFICE, service=meal, now=clock.now(), **OCTOBER)
        page = text_of(office.get(f"/ufficio/fatture/mese/{found.id}/"))
    assert "Con bollo da 2 €, a carico di chi paga, sulla fattura 1" in page
    assert "si addebita soltanto il bollo" in page


def test_the_list_for_the_declaration_says_what_was_charged(billed: Cast) -> None:
    billed_october(billed)
    office = browser(billed.town, billed.staff["office"])
    rows = office.get("/ufficio/esportazioni/bollo.csv?dal=2026-11-01&al=2026-11-30").content.decode("utf-8-sig")
    assert rows.splitlines()[1].split(";")[3:] == ["123,20", "2,00", "2,00"]
