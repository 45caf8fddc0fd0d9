"""An independent SOAP client reads the official WSDL and talks to the gateway in process."""

from decimal import Decimal

import pytest
import zeep
import zeep.settings
from zeep.transports import Transport

from tests.domains.payments.gateways import node
from tests.domains.payments.gateways.spec import WSDL, needs_spec

pytestmark = needs_spec

ADDRESS = {"idPA": node.TOWN, "idBrokerPA": node.BROKER, "idStation": node.STATION.station}
CODE = {"fiscalCode": node.TOWN, "noticeNumber": node.NOTICE}


class _Answer:
    def __init__(self, status: int, body: bytes) -> None:
        self.status_code, self.content, self.encoding = status, body, "utf-8"
        self.headers = {"Content-Type": "text/xml; charset=utf-8"}


class _InProcess(Transport):
    def __init__(self) -> None:
        super().__init__()
        self.desk = node.MemoryDesk()

    def post(self, address, message, headers):
        answered = node.ask(message, self.desk)
        return _Answer(answered.status, answered.body)


@pytest.fixture
def service():
    client = zeep.Client(str(WSDL), transport=_InProcess(), settings=zeep.settings.Settings(strict=True, forbid_dtd=True))
    return client.bind()


def test_a_payment_from_the_question_to_the_receipt(service):
    verified = service.paVerifyPaymentNotice(**ADDRESS, qrCode=CODE)
    (option,) = [verified.paymentList.paymentOptionDescription]
    assert (verified.outcome, option.amount, option.options) == ("OK", Decimal("46.50"), "EQ")

    for operation in (service.paGetPayment, service.paGetPaymentV2):
        activated = operation(**ADDRESS, qrCode=CODE, amount=option.amount, transferType="PAGOPA")
        assert activated.data.creditorReferenceId == node.NOTICE[1:]
        assert activated.data.transferList.transfer[0].IBAN == "IT60X0542811101000000123456"

    receipt = {
        "receiptId": "r1",
        "noticeNumber": node.NOTICE,
        "fiscalCode": node.TOWN,
        "outcome": "OK",
        "creditorReferenceId": node.NOTICE[1:],
        "paymentAmount": "46.50",
        "description": activated.data.description,
        "companyName": activated.data.companyName,
        "debtor": activated.data.debtor,
        "transferList": activated.data.transferList,
        "idPSP": "ABCITMMXXX",
        "PSPCompanyName": "PSP",
        "idChannel": "1_01",
        "channelDescription": "WISP",
    }
    first = {**receipt, "transferList": {"transfer": [_share()]}}
    assert service.paSendRTV2(**ADDRESS, receipt=first).outcome == "OK"
    again = service.paSendRTV2(**ADDRESS, receipt=first)
    assert (again.outcome, again.fault.faultCode) == ("KO", "PAA_RECEIPT_DUPLICATA")
    assert service.paSendRT(**ADDRESS, receipt={**first, "receiptId": "r2"}).outcome == "OK"


def test_a_demand_is_refused_by_the_protocol(service):
    answered = service.paDemandPaymentNotice(
        **ADDRESS, idServizio="00001", idSoggettoServizio="00002", datiSpecificiServizioRequest=b"<a/>"
    )
    assert (answered.outcome, answered.fault.faultCode) == ("KO", "PAA_SEMANTICA")


def _share() -> dict[str, object]:
    return {
        "idTransfer": 1,
        "transferAmount": "46.50",
        "fiscalCodePA": node.TOWN,
        "IBAN": "IT60X0542811101000000123456",
        "remittanceInformation": "Mensa",
        "transferCategory": "9/0107101TS/",
    }
