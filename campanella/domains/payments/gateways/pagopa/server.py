"""
The SOAP server that the Node calls: one body in, one answer out.

Checks go in this order: syntax, domain, broker, station, notice, state. A business refusal is HTTP 200 with
outcome KO; a body in which no operation can be recognised is HTTP 400 (413 when too large) with a SOAP
Fault. A receipt is kept as it came before anything else is looked at.
"""

import logging
from dataclasses import dataclass
from enum import Enum
from typing import Protocol, assert_never
from uuid import uuid4

from campanella.domains.payments.gateways.pagopa import answers, soap
from campanella.domains.payments.gateways.pagopa.faults import Fault, FaultAnswer
from campanella.domains.payments.gateways.pagopa.messages import (
    Caller,
    DemandRequest,
    GetPaymentRequest,
    Payable,
    ReceiptMessage,
    Request,
    VerifyRequest,
)

log = logging.getLogger(__name__)


class Kept(Enum):
    """What became of a receipt."""

    NEW = "new"
    DUPLICATE = "duplicate"


class Desk(Protocol):
    """
    What the gateway asks the product. The Node waits two seconds as a rule, seven at most: answer from an
    index, send nothing, render nothing.
    """

    def town_exists(self, tax_code: str) -> bool:
        """Tell whether this creditor is one of ours; any text up to 35 characters may be asked for."""

    def payable(self, tax_code: str, notice_number: str) -> Payable | FaultAnswer:
        """
        Give the position behind a notice at its amount of this moment, or why it cannot be paid.

        Refusals: unknown or not yet payable `PAA_PAGAMENTO_SCONOSCIUTO`, cancelled
        `PAA_PAGAMENTO_ANNULLATO`, paid `PAA_PAGAMENTO_DUPLICATO`, expired `PAA_PAGAMENTO_SCADUTO`, looked
        at in this order. Nothing changes.
        """

    def keep_raw(self, raw: bytes, *, tax_code: str | None) -> str:
        """
        Keep a receipt as it came, in a transaction of its own, and give the mark under which it is kept.

        The same bytes come again when the Node is in doubt: they are kept once. What can never be
        understood stays for a technician, whom the log calls.

        :param tax_code: the town it is for, eleven digits, or None when unreadable; it may be no town of ours
        """

    def keep_receipt(self, mark: str, message: ReceiptMessage) -> Kept:
        """
        Keep an understood receipt once, and say whether it was there before.

        Unique by town and `receipt_id`; in one transaction, safe with concurrent deliveries. Unknown,
        cancelled, expired or already paid notices are kept as well (a second real payment has another
        `receipt_id`): the money moved. Booking is a job after the commit.

        :param mark: what `keep_raw` gave for the same delivery
        """


@dataclass(frozen=True, slots=True)
class Station:
    """Our identity at the Node: `idBrokerPA` and `idStation`, one for all towns."""

    broker: str
    station: str


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer; its type is `answers.CONTENT_TYPE`."""

    status: int
    body: bytes


class _Refused(Exception):
    def __init__(self, refusal: FaultAnswer) -> None:
        super().__init__(refusal.fault.code)
        self.refusal = refusal


def answer(body: bytes, *, desk: Desk, station: Station, longest: int = soap.LONGEST_BODY, charset: str = "") -> Answer:
    """
    Answer one call of the Node; never raises.

    :param body: the HTTP body as it came, whatever its headers say
    :param longest: bytes; a longer body is refused unread
    :param charset: what the HTTP headers say of the body, for one that says nothing of itself
    """
    try:
        call = soap.read_call(body, longest=longest, charset=charset)
    except soap.NotSoap as unreadable:
        return _unreadable(body, unreadable, desk=desk)
    return _reply(body, call, desk=desk, station=station)


def _unreadable(body: bytes, reason: soap.NotSoap, *, desk: Desk) -> Answer:
    """Answer with a SOAP Fault; a broken receipt is kept, because the money behind it moved all the same."""
    if isinstance(reason, soap.TooLarge):
        return Answer(413, answers.soap_fault(str(reason)))
    if soap.mentions_receipt(body):
        try:
            _tell_unread(desk.keep_raw(body, tax_code=None), str(reason))
        except Exception as error:  # the boundary with the outside: it gets an answer whatever happened
            return Answer(500, answers.soap_fault(f"internal error {_logged(error)}"))
    return Answer(400, answers.soap_fault(str(reason)))


def _reply(body: bytes, call: soap.Call, *, desk: Desk, station: Station) -> Answer:
    status, mark = 200, ""
    try:
        mark = desk.keep_raw(body, tax_code=call.tax_code) if call.operation.is_receipt else ""
        request = soap.read_request(call)
        _check_caller(request.caller, desk=desk, station=station)
        return Answer(status, _content(request, mark, call.operation, desk=desk))
    except soap.Malformed as malformed:
        refusal = FaultAnswer(malformed.fault, malformed.detail)
        if mark:
            _tell_unread(mark, malformed.detail)
    except _Refused as refused:
        refusal = refused.refusal
    except Exception as error:  # the boundary with the outside: it gets an answer whatever happened
        refusal = FaultAnswer(Fault.PAA_SYSTEM_ERROR, f"errore {_logged(error)}")
        # The Node repeats a receipt for two days when the answer is unsound; whether it repeats one refused
        # with a sound KO is not written anywhere. Money is behind it, so the status makes sure.
        status = 500 if call.operation.is_receipt else 200
    tax_code = call.tax_code or station.broker
    return Answer(status, answers.refused(operation=call.operation, refusal=refusal, tax_code=tax_code))


def _check_caller(caller: Caller, *, desk: Desk, station: Station) -> None:
    if not desk.town_exists(caller.tax_code):
        raise _Refused(FaultAnswer(Fault.PAA_ID_DOMINIO_ERRATO))
    if caller.broker != station.broker:
        raise _Refused(FaultAnswer(Fault.PAA_ID_INTERMEDIARIO_ERRATO))
    if caller.station != station.station:
        raise _Refused(FaultAnswer(Fault.PAA_STAZIONE_INT_ERRATA))


def _content(request: Request, mark: str, operation: soap.Operation, *, desk: Desk) -> bytes:
    match request:
        case VerifyRequest():
            return answers.verified(_payable(request, desk=desk))
        case GetPaymentRequest():
            # An amount that has changed since the verification is no error: the current one is answered.
            payable = _payable(request, desk=desk)
            return answers.activated(payable, version=request.version, postal=request.transfer_type == "POSTAL")
        case ReceiptMessage():
            _keep(request, mark, desk=desk)
            return answers.received(operation=operation)
        case DemandRequest():
            # Payments without notice begun at a bank's counter are not offered: a family's notice says what
            # for.
            raise _Refused(FaultAnswer(Fault.PAA_SEMANTICA, "Servizio non offerto dall'Ente Creditore"))
        case _:
            assert_never(request)


def _payable(request: VerifyRequest | GetPaymentRequest, *, desk: Desk) -> Payable:
    if request.creditor_tax_code != request.caller.tax_code:
        raise _Refused(FaultAnswer(Fault.PAA_ID_DOMINIO_ERRATO))
    found = desk.payable(request.creditor_tax_code, request.notice_number)
    if isinstance(found, FaultAnswer):
        raise _Refused(found)
    return found


def _keep(message: ReceiptMessage, mark: str, *, desk: Desk) -> None:
    # Only successful payments have receipts; a KO one proves no payment, so it stays with the raw ones.
    if message.outcome != "OK":
        raise _Refused(FaultAnswer(Fault.PAA_SEMANTICA, "receipt/outcome"))
    if desk.keep_receipt(mark, message) is Kept.DUPLICATE:
        raise _Refused(FaultAnswer(Fault.PAA_RECEIPT_DUPLICATA))


def _tell_unread(mark: str, detail: str) -> None:
    """Ring for a receipt that is kept and not understood: money is behind it, and only a person can read it now."""
    log.error("pagoPA receipt kept unread: message %s, %s", mark, detail)


def _logged(error: Exception) -> str:
    """
    Log an unexpected failure by number and kind alone (its text may hold personal data); give the number.
    """
    number = uuid4().hex[:12]
    log.error("pagoPA call failed: error %s, %s", number, type(error).__name__)
    return number
