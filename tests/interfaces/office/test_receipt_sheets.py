"""Receipts in the office's hands: whose they are, on the page and as a sheet, and the way from one to its act."""

import csv
import re
from io import BytesIO, StringIO

import pytest
from python_calamine import CalamineWorkbook

from campanella.domains.payments import operations as payments
from campanella.domains.payments.models import PaymentRequest, Receipt
from campanella.domains.payments.receipts import operations as receiving
from campanella.foundation.core import clock
from campanella.foundation.core.audit import Software
from campanella.foundation.core.money import Euro
from campanella.usecases import top_up
from tests.browsing import Browser, at_most, browser
from tests.interfaces.office.test_day import parked_receipt
from tests.towns import Cast, text_of


@pytest.fixture
def office(valle: Cast) -> Browser:
    return browser(valle.town, valle.staff["office"])


@pytest.fixture
def deleted(valle: Cast) -> tuple[PaymentRequest, Receipt]:
    """A notice of Anna's bus that was deleted, and paid all the same."""
    clerk, wallet = valle.staff["office"], valle.wallet("Anna", "scuolabus").pk
    position = top_up.prepare_at_desk(by=clerk, wallet_id=wallet, amount=Euro(2000), count=1, now=clock.now())[0]
    payments.cancel_position(by=clerk, request_id=position.pk, now=clock.now())
    receipt = Receipt.objects.create(
        receipt_id="IUR0009",
        message_id=1,
        notice_number=position.notice_number,
        amount_cents=2000,
        kept_at=clock.now(),
        payer_name="Maria Addolorata Rossi",
        psp_name="Banca Adria",
    )
    receiving.note_parked(by=Software("pagoPA"), receipt=receipt, request=position, reason="cancelled", now=clock.now())
    return position, receipt


def lines_of(office: Browser) -> list[dict[str, str]]:
    text = office.get("/ufficio/incassi/ricevute.csv").content.decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text), delimiter=";"))


def test_the_sheet_says_whose_each_receipt_is(valle: Cast, office: Browser, deleted: tuple[PaymentRequest, Receipt]) -> None:
    unknown = parked_receipt()
    form = {"sought": "amina", "wallet": str(valle.wallet("Amina").pk), "reason": "ha telefonato il papà"}
    placed = parked_receipt(iur="IUR0002")
    office.post(f"/ufficio/incassi/ricevute/{placed.pk}/accredita/", form)

    found = {line["IUR"]: (line["Bambino"], line["Servizio"]) for line in lines_of(office)}

    assert found == {
        unknown.receipt_id: ("", ""),
        "IUR0009": ("Anna Rossi", "Scuolabus"),
        "IUR0002": ("Amina Haddad", "Refezione"),
    }


def test_long_numbers_stay_whole_and_wear_no_apostrophe(office: Browser, deleted: tuple[PaymentRequest, Receipt]) -> None:
    number = deleted[0].notice_number
    (line,) = lines_of(office)
    for column, digits in (("Numero avviso", number), ("IUV", number[1:])):
        assert re.sub(" ", "", line[column]) == digits
        # More than fifteen figures in a row are rounded by a program that opens the text as a number.
        assert max(map(len, line[column].split())) <= 4

    answer = office.get("/ufficio/incassi/ricevute.xlsx")
    (head, row) = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert dict(zip(head, row, strict=True))["Numero avviso"] == number
    assert dict(zip(head, row, strict=True))["IUV"] == number[1:]
    assert "'" not in answer.headers["Content-Disposition"]


def test_many_receipts_cost_no_more_questions(valle: Cast, office: Browser) -> None:
    for number in range(3):
        parked_receipt(iur=f"IUR1{number:03}")
    with at_most(8):
        office.get("/ufficio/incassi/ricevute.csv")
    for number in range(40):
        parked_receipt(iur=f"IUR2{number:03}")
    with at_most(8):
        assert len(lines_of(office)) == 43


def test_a_receipt_leads_to_its_act_and_back(office: Browser, deleted: tuple[PaymentRequest, Receipt]) -> None:
    receipt = deleted[1]
    answer = office.get(f"/ufficio/incassi/ricevute/{receipt.pk}/")
    page = answer.content.decode()
    assert f'href="/ufficio/incassi/ricevute/{receipt.pk}/accredita/"' in page
    assert 'href="/ufficio/da-fare/#ricevute"' in page
    assert 'href="/ufficio/incassi/"' in page.split("<h1>")[0].split("<main")[1]
    assert "Anna Rossi, Scuolabus" in text_of(answer)


def test_the_wallet_of_the_deleted_notice_is_chosen_already(
    valle: Cast, office: Browser, deleted: tuple[PaymentRequest, Receipt]
) -> None:
    position, receipt = deleted
    address = f"/ufficio/incassi/ricevute/{receipt.pk}/accredita/"
    page = office.get(address).content.decode()
    assert re.findall(r'<input[^>]*name="wallet"[^>]*value="(\d+)"[^>]*checked', page) == [str(position.wallet_id)]
    sought = office.post(address, {"q": "amina"}, follow=True).content.decode()
    assert not re.findall(r'<input[^>]*name="wallet"[^>]*checked', sought), "another child's is for the clerk to choose"

    office.post(address, {"sought": "", "wallet": str(position.wallet_id), "reason": "era suo"})
    assert valle.balance("Anna", "scuolabus") == 2000
    assert "accredita/" not in office.get(f"/ufficio/incassi/ricevute/{receipt.pk}/").content.decode(), "done"
