"""A creditor's SOAP server that answers from a table and remembers what it was asked."""

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ENVELOPE = (
    '<?xml version="1.0" encoding="UTF-8"?><e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/">'
    '<e:Body><m:{root} xmlns:m="http://pagopa-api.pagopa.gov.it/pa/paForNode.xsd">{content}</m:{root}></e:Body>'
    "</e:Envelope>"
)
ROOTS = {
    "paVerifyPaymentNotice": "paVerifyPaymentNoticeRes",
    "paGetPayment": "paGetPaymentRes",
    "paGetPaymentV2": "paGetPaymentV2Response",
    "paSendRT": "paSendRTRes",
    "paSendRTV2": "paSendRTV2Response",
}
NOTICE = (
    "<outcome>OK</outcome><paymentList><paymentOptionDescription><amount>46.50</amount><options>EQ</options>"
    "<dueDate>2026-11-30</dueDate><allCCP>false</allCCP></paymentOptionDescription></paymentList>"
    "<paymentDescription>Mensa di ottobre</paymentDescription><fiscalCodePA>77777777777</fiscalCodePA>"
    "<companyName>Comune di Esempio</companyName>"
)
POSITION = (
    "<outcome>OK</outcome><data><creditorReferenceId>01202600000000103</creditorReferenceId>"
    "<paymentAmount>46.50</paymentAmount><dueDate>2026-11-30</dueDate>"
    "<description>Mensa di ottobre</description>"
    "<companyName>Comune di Esempio</companyName><officeName>Scuola</officeName><debtor><uniqueIdentifier>"
    "<entityUniqueIdentifierType>F</entityUniqueIdentifierType>"
    "<entityUniqueIdentifierValue>RSSMRA80A01H501U</entityUniqueIdentifierValue></uniqueIdentifier>"
    "<fullName>Mario Rossi</fullName><city>Esempio</city>"
    "<e-mail>m@example.org</e-mail></debtor>"
    "<transferList>{transfers}</transferList><metadata><mapEntry><key>k</key><value>v</value></mapEntry></metadata></data>"
)
TRANSFER = (
    "<transfer><idTransfer>{id}</idTransfer><transferAmount>{amount}</transferAmount>"
    "<fiscalCodePA>77777777777</fiscalCodePA>{company}<IBAN>IT60X0542811101000000123456</IBAN>"
    "<remittanceInformation>/RFB/01202600000000103/46.50/TXT/Mensa</remittanceInformation>"
    "<transferCategory>9/0107101TS/</transferCategory></transfer>"
)


@dataclass(frozen=True)
class Answer:
    """What the fake says to one request."""

    content: str
    status: int = 200
    wait: float = 0
    whole: bytes | None = None


def ko(code: str) -> Answer:
    """A refusal with this fault code."""
    fault = f"<faultCode>{code}</faultCode><faultString>Perché no</faultString><id>77777777777</id>"
    return Answer(f"<outcome>KO</outcome><fault>{fault}</fault>")


def position(*amounts: str, company: bool = True) -> Answer:
    """The data of a payment of 46,50 € with these transfers."""
    name = "<companyName>Comune di Esempio</companyName>" if company else ""
    rows = (TRANSFER.format(id=place, amount=amount, company=name) for place, amount in enumerate(amounts, 1))
    return Answer(POSITION.format(transfers="".join(rows)))


def broken(whole: bytes, status: int = 200) -> Answer:
    """Bytes that are no answer."""
    return Answer("", status=status, whole=whole)


@dataclass
class FakeStation:
    """Answers by operation; `asked` holds (operation, SOAPAction header, body) in order of arrival."""

    answers: dict[str, Answer | Callable[[bytes], Answer]] = field(default_factory=dict)
    asked: list[tuple[str, str, bytes]] = field(default_factory=list)
    url: str = ""

    def reset(self) -> None:
        """Say yes to everything again."""
        self.asked.clear()
        self.answers = {
            "paVerifyPaymentNotice": Answer(NOTICE),
            "paGetPayment": position("46.50", company=False),
            "paGetPaymentV2": position("46.50"),
            "paSendRT": Answer("<outcome>OK</outcome>"),
            "paSendRTV2": Answer("<outcome>OK</outcome>"),
        }

    def bodies(self, operation: str) -> list[bytes]:
        """The requests of one operation."""
        return [body for name, _, body in self.asked if name == operation]

    def start(self) -> Callable[[], None]:
        """Listen on a free port; the answer stops the server."""
        fake = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                header = self.headers["SOAPAction"]
                operation = header.strip('"')
                fake.asked.append((operation, header, body))
                found = fake.answers[operation]
                answer = found(body) if callable(found) else found
                time.sleep(answer.wait)
                whole = answer.whole
                if whole is None:
                    whole = ENVELOPE.format(root=ROOTS[operation], content=answer.content).encode()
                self.send_response(answer.status)
                self.send_header("Content-Type", "text/xml; charset=utf-8")
                self.send_header("Content-Length", str(len(whole)))
                self.end_headers()
                self.wfile.write(whole)

            def log_message(self, format: str, *arguments: object) -> None:
                """Stay quiet."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            block_on_close = False
            request_queue_size = 128

        server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{server.server_address[1]}/pagopa/paForNode"
        self.reset()
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()

        def stop() -> None:
            server.shutdown()
            server.server_close()
            thread.join()

        return stop


def element(name: str, body: bytes) -> str:
    """The text of the first element of this name, whatever its prefix."""
    found = re.search(rf"<(?:\w+:)?{name}[^>]*>([^<]*)<".encode(), body)
    return found[1].decode() if found else ""
