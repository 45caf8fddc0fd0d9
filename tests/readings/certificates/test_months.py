"""The nursery's monthly receipts: one for each month that is over, child and payer, with the payments that prove it."""

from datetime import date
from io import BytesIO
from typing import Any

import pikepdf
import pytest

from campanella.domains.certifying import queries as certificates
from campanella.domains.certifying.content import MonthContent
from campanella.domains.people import mending
from campanella.domains.services.models import Bracket
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.readings.certificates.months import month_drafts
from campanella.readings.certificates.papers import pdf_of
from campanella.usecases import mealtime
from campanella.usecases.certificates import issue_months_for
from tests.browsing import browser
from tests.paying import TAX_CODES
from tests.readings.certificates.paying import MOTHER, move_outside, pay
from tests.towns import OFFICE, Cast, choosing, text_of
from tests.usecases.billing.test_fees import monthly, on

PAGE = "/pagamenti/dichiarazione-fiscale/"


@pytest.fixture
def nursery(valle: Cast, at: Any) -> Cast:
    """Anna rides to the nursery, so to say: three days in October, two in November, 1,50 € each; it is 2 December."""
    bus = valle.services["scuolabus"]
    type(bus).objects.filter(pk=bus.pk).update(kind="nursery", name="Nido")
    for name, code in TAX_CODES.items():
        mending.write_child_tax_code(by=OFFICE, child_id=valle.child(name).pk, tax_code=code, now=clock.now())
    for day in (date(2026, 10, 19), date(2026, 10, 20), date(2026, 10, 21), date(2026, 11, 9), date(2026, 11, 10)):
        at(f"{day} 09:00")
        call = valle.roll_call(service="scuolabus", day=day)
        mealtime.confirm(by=OFFICE, roll_call=call, absent_ids=[], adults=None, now=clock.now())
    at("2026-12-02 10:00")
    choosing(valle.town, nursery_address="Via dei Tigli 3, Valle")
    return valle


def months(cast: Cast) -> dict[int, MonthContent]:
    drafts = month_drafts(child_ids=[cast.child("Anna").pk], year=2026, today=clock.today())
    return {draft.month: MonthContent.read(draft.content) for draft in drafts}


def test_each_month_says_what_inps_asks_for(nursery: Cast) -> None:
    pay(nursery, "Anna", 500, date(2026, 10, 12), service="scuolabus")
    pay(nursery, "Anna", 1000, date(2026, 11, 12), service="scuolabus")
    found = months(nursery)
    assert sorted(found) == [10, 11]
    october, november = found[10], found[11]
    assert (october.nursery, october.nursery_address) == ("Primaria Rodari", "Via dei Tigli 3, Valle")
    assert (october.payer_name, october.payer_tax_code) == ("Maria Addolorata Rossi", MOTHER)
    assert (october.child_name, october.child_tax_code) == ("Anna Rossi", TAX_CODES["Anna"])
    assert (october.description, october.days, october.cents) == ("Frequenza del nido, ottobre 2026", 3, 450)
    assert [(proof.day, proof.cents) for proof in october.proofs] == [("2026-10-12", 450)]
    assert (november.days, november.cents) == (2, 300)
    assert [(proof.day, proof.means, proof.cents) for proof in november.proofs] == [
        ("2026-10-12", "pagoPA (carta)", 50),
        ("2026-11-12", "pagoPA (carta)", 250),
    ]
    assert "esente IVA" in october.vat


def test_a_month_that_goes_on_or_is_not_paid_has_none(nursery: Cast, at: Any) -> None:
    assert months(nursery) == {}
    move_outside(nursery, "Anna", 500, date(2026, 10, 12), account="cash", service="scuolabus")
    pay(nursery, "Anna", 1000, date(2026, 11, 12), service="scuolabus")
    assert {month: said.cents for month, said in months(nursery).items()} == {11: 250}
    at("2026-11-25 10:00")
    assert months(nursery) == {}


def test_receipts_are_kept_numbered_and_superseded_when_more_is_paid(nursery: Cast) -> None:
    anna = [nursery.child("Anna").pk]
    pay(nursery, "Anna", 300, date(2026, 10, 12), service="scuolabus")
    assert issue_months_for(by_id=None, child_ids=anna, year=2026, now=clock.now()).issued == 1
    pay(nursery, "Anna", 1000, date(2026, 11, 12), service="scuolabus")
    done = issue_months_for(by_id=None, child_ids=anna, year=2026, now=clock.now())
    assert (done.issued, done.superseded, done.unchanged) == (1, 1, 0)
    current = [one for one in certificates.certificates_of(child_ids=anna, kind="month") if one.is_current]
    assert [(one.month, one.version, one.amount) for one in current] == [(10, 2, Euro(450)), (11, 1, Euro(300))]
    with pikepdf.open(BytesIO(pdf_of(current, site="valle.example"))) as paper:
        assert (len(paper.pages), bool(paper.Root.MarkInfo.Marked)) == (2, True)


def test_the_paper_of_a_receipt_stays_when_the_town_chooses_otherwise(nursery: Cast) -> None:
    """What was handed to INPS and what is printed again next year are one document, byte for byte."""
    anna = [nursery.child("Anna").pk]
    choosing(nursery.town, nursery_receipt_bears_stamp=True)
    service = nursery.services["scuolabus"]
    Bracket.objects.filter(tariff__service=service).update(cents=4000)
    mealtime.price_again(by=OFFICE, child_ids=anna, service=service, first=date(2026, 10, 1), now=clock.now())
    pay(nursery, "Anna", 12000, date(2026, 10, 12), service="scuolabus")
    issue_months_for(by_id=None, child_ids=anna, year=2026, now=clock.now())
    found = certificates.certificates_of(child_ids=anna, kind="month")
    assert MonthContent.read(found[0].content).stamp.startswith("Imposta di bollo di 2,00")
    before = pdf_of(found, site="valle.example")
    choosing(nursery.town, nursery_receipt_bears_stamp=False, nursery_address="Altrove")
    assert pdf_of(found, site="valle.example") == before


def test_a_family_downloads_them_and_another_does_not(nursery: Cast) -> None:
    pay(nursery, "Anna", 1000, date(2026, 10, 12), service="scuolabus")
    rossi, haddad = (browser(nursery.town, nursery.families[name].user) for name in ("rossi", "haddad"))
    address = f"{PAGE}{nursery.child('Anna').pk}/2026/nido"
    assert "Ricevute mensili del nido 2026 di Anna" in rossi.read(PAGE)
    answer = rossi.post(f"{address}/", follow=True)
    assert answer.content.startswith(b"%PDF")
    assert answer.headers["Content-Disposition"] == 'inline; filename="nido-2026.pdf"'
    assert haddad.post(f"{address}/").status_code == 404
    assert haddad.get(f"{address}.pdf").status_code == 404


def test_nothing_paid_is_said(nursery: Cast) -> None:
    rossi = browser(nursery.town, nursery.families["rossi"].user)
    answer = rossi.post(f"{PAGE}{nursery.child('Anna').pk}/2026/nido/", follow=True)
    assert "non c’è ancora un mese di nido finito e pagato" in text_of(answer)


def test_a_monthly_share_is_of_its_month_and_no_day(nursery: Cast, at: Any) -> None:
    """October's share is charged on the first of November, December's on New Year's Day; INPS asks for attendance."""
    monthly(nursery, 30_000, service="scuolabus", shift=1, first=date(2026, 10, 1), last=date(2026, 12, 31))
    for day in (date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1)):
        on(day)
    pay(nursery, "Anna", 200_000, date(2027, 1, 4), service="scuolabus")
    at("2027-01-08 10:00")
    drafts = month_drafts(child_ids=[nursery.child("Anna").pk], year=2026, today=clock.today())
    said = {draft.month: MonthContent.read(draft.content) for draft in drafts}
    assert {month: (one.cents, one.days) for month, one in said.items()} == {
        10: (30_450, 3),
        11: (30_300, 2),
        12: (30_000, 0),
    }
