"""
The Node's side of the wire: calls the creditor's station and tells what it answered.

Nothing the station does raises here: timeouts, 500s, garbage, endless answers are calls with outcome ERROR.
"""

import random
import time
from dataclasses import dataclass
from types import TracebackType

import httpx
from lxml import etree

from campanella.simulators import amounts, clock
from campanella.simulators.pagopa import envelope, messages
from campanella.simulators.pagopa.envelope import STYLES, BadXml, Fields
from campanella.simulators.pagopa.messages import Fault, Notice, Position

# The Node waits 7 s for verify and getPayment, 15 s for receipts (SANP 3.12).
ASK_SECONDS = 7.0
RECEIPT_SECONDS = 15.0
LARGEST_ANSWER = 1_000_000

VERIFY = "paVerifyPaymentNotice"
GET = {1: "paGetPayment", 2: "paGetPaymentV2"}
SEND = {1: "paSendRT", 2: "paSendRTV2"}
REQUESTS = {
    VERIFY: "paVerifyPaymentNoticeReq",
    "paGetPayment": "paGetPaymentReq",
    "paGetPaymentV2": "paGetPaymentV2Request",
    "paSendRT": "paSendRTReq",
    "paSendRTV2": "paSendRTV2Request",
}
ANSWERS = {
    VERIFY: "paVerifyPaymentNoticeRes",
    "paGetPayment": "paGetPaymentRes",
    "paGetPaymentV2": "paGetPaymentV2Response",
    "paSendRT": "paSendRTRes",
    "paSendRTV2": "paSendRTV2Response",
}


@dataclass(frozen=True)
class Addressee:
    """Who the message is for: the three identifiers that open every request."""

    id_pa: str
    broker: str
    station: str

    @property
    def fields(self) -> list[tuple[str, str]]:
        """The identifiers in the order of the schema."""
        return [("idPA", self.id_pa), ("idBrokerPA", self.broker), ("idStation", self.station)]


@dataclass(frozen=True)
class Call:
    """One exchange with the station; outcome is OK, KO or ERROR (then the fault code is the Node's own)."""

    operation: str
    prefixes: str
    at: str
    milliseconds: int
    http_status: int | None
    outcome: str
    fault_code: str | None
    fault_string: str | None
    fault_description: str | None
    request: str
    answer: str | None


@dataclass(frozen=True)
class Query:
    """Which notice is asked about, with what the PSP and Checkout add to paGetPayment."""

    notice_number: str
    fiscal_code: str
    amount_cents: int | None = None
    payment_note: str | None = None


class _NoAnswer(Exception):
    """The station gave nothing usable; the code is the one the Node gives to the PSP."""

    def __init__(self, code: str, explanation: str, status: int | None = None, body: bytes | None = None) -> None:
        super().__init__(explanation)
        self.code = code
        self.status = status
        self.body = body


def choose_style(name: str | None) -> str:
    """The prefix style asked for, or any of them."""
    return name if name is not None else random.choice(sorted(STYLES))  # noqa: S311 -- variety, not secrecy


class Station:
    """A client of the creditor's SOAP server; safe to share among threads."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._http = httpx.Client(trust_env=False, limits=httpx.Limits(max_connections=100))

    def __enter__(self) -> "Station":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._http.close()

    def verify(self, *, to: Addressee, query: Query, style: str | None = None) -> tuple[Call, Notice | None]:
        """Ask how much a notice is now; the notice is None unless the outcome is OK."""
        document, style = self._document(VERIFY, [*to.fields, ("qrCode", _qr_code(query))], style)
        call, message = self._exchange(VERIFY, document, style, ASK_SECONDS)
        if message is None:
            return call, None
        try:
            return call, messages.read_notice(message)
        except BadXml as problem:
            return _invalid(call, problem), None

    def activate(
        self, *, to: Addressee, query: Query, version: int = 2, style: str | None = None
    ) -> tuple[Call, Position | None]:
        """Ask for the full payment data (paGetPayment, V2 by default); None unless the outcome is OK."""
        cents = query.amount_cents
        fields: Fields = [
            *to.fields,
            ("qrCode", _qr_code(query)),
            ("amount", amounts.to_wire(cents) if cents is not None else None),
            ("paymentNote", query.payment_note),
        ]
        document, style = self._document(GET[version], fields, style)
        call, message = self._exchange(GET[version], document, style, ASK_SECONDS)
        if message is None:
            return call, None
        try:
            return call, messages.read_position(message, version=version)
        except BadXml as problem:
            return _invalid(call, problem), None

    def deliver(self, *, operation: str, document: bytes, style: str) -> Call:
        """Send a receipt that was written before (paSendRT or paSendRTV2)."""
        call, _ = self._exchange(operation, document, style, RECEIPT_SECONDS)
        return call

    def _document(self, operation: str, fields: Fields, style: str | None) -> tuple[bytes, str]:
        chosen = choose_style(style)
        return envelope.write(REQUESTS[operation], fields, STYLES[chosen]), chosen

    def _exchange(self, operation: str, document: bytes, style: str, seconds: float) -> tuple[Call, etree._Element | None]:
        """Send, read, judge; the message is None unless the outcome is OK."""
        at, start = clock.now().isoformat(timespec="milliseconds"), time.monotonic()
        status: int | None = None
        body: bytes | None = None
        message: etree._Element | None = None
        try:
            status, body = self._post(operation, document, seconds)
            message = envelope.read(body, ANSWERS[operation])
            fault = messages.read_outcome(message)
            outcome = "KO" if fault else "OK"
        except BadXml as problem:
            outcome, fault = (
                "ERROR",
                Fault("PPT_STAZIONE_INT_PA_ERRORE_RESPONSE", str(problem), "NodoSimulato"),
            )
        except _NoAnswer as problem:
            status, body = problem.status, problem.body
            outcome, fault = "ERROR", Fault(problem.code, str(problem), "NodoSimulato")
        call = Call(
            operation=operation,
            prefixes=style,
            at=at,
            milliseconds=round((time.monotonic() - start) * 1000),
            http_status=status,
            outcome=outcome,
            fault_code=fault.code if fault else None,
            fault_string=fault.string if fault else None,
            fault_description=fault.description if fault else None,
            request=document.decode(),
            answer=body.decode(errors="replace") if body is not None else None,
        )
        return call, message if outcome == "OK" else None

    def _post(self, operation: str, document: bytes, seconds: float) -> tuple[int, bytes]:
        """
        Post one envelope within `seconds` and give the status and the body.

        :raises _NoAnswer: unreachable, late, too long, or not HTTP 200
        """
        # The specification lets the header be quoted or not: both are met.
        action = operation if random.random() < 0.5 else f'"{operation}"'  # noqa: S311 -- variety, not secrecy
        headers = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": action}
        deadline = time.monotonic() + seconds
        body = bytearray()
        try:
            with self._http.stream("POST", self.url, content=document, headers=headers, timeout=seconds) as response:
                for piece in response.iter_bytes():
                    body += piece
                    if len(body) > LARGEST_ANSWER:
                        raise _NoAnswer(
                            "PPT_STAZIONE_INT_PA_ERRORE_RESPONSE",
                            "risposta troppo lunga",
                            response.status_code,
                        )
                    if time.monotonic() > deadline:
                        raise _late(seconds)
        except httpx.TimeoutException:
            raise _late(seconds)
        except httpx.HTTPError as problem:
            raise _NoAnswer("PPT_STAZIONE_INT_PA_IRRAGGIUNGIBILE", f"{type(problem).__name__}: {problem}")
        if response.status_code != httpx.codes.OK:
            raise _NoAnswer(
                "PPT_STAZIONE_INT_PA_ERRORE_RESPONSE",
                f"HTTP {response.status_code}",
                response.status_code,
                bytes(body),
            )
        return response.status_code, bytes(body)


def _late(seconds: float) -> _NoAnswer:
    return _NoAnswer("PPT_STAZIONE_INT_PA_TIMEOUT", f"nessuna risposta entro {seconds:.0f} secondi")


def _qr_code(query: Query) -> Fields:
    return [("fiscalCode", query.fiscal_code), ("noticeNumber", query.notice_number)]


def _invalid(call: Call, problem: BadXml) -> Call:
    changes = {
        "outcome": "ERROR",
        "fault_code": "PPT_STAZIONE_INT_PA_ERRORE_RESPONSE",
        "fault_string": str(problem),
    }
    return Call(**{**call.__dict__, **changes})
