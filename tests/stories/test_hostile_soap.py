"""
Strangers and accidents at the SOAP address: the protocol's fault or a 4xx, and nothing stored but the raw receipt.

The bodies go through the real address and the real tables; what is counted is every table there is, not only the payments'.
"""

import gzip
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from campanella.domains.payments.models import InboundMessage, PaymentRequest, Receipt
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.usecases import top_up
from tests.browsing import Browser
from tests.domains.payments.gateways import node
from tests.domains.payments.gateways.test_bodies import DOCTYPES
from tests.towns import Cast

# Each case is quick; all of them together take patience.
pytestmark = pytest.mark.slow

ADDRESS = "/pagopa/paForNode"
VERIFY, RECEIPT = "paVerifyPaymentNoticeReq", "paSendRTV2Request"
ENTITY = {"external entity": "&e;", "billion laughs": "&l9;", "quadratic blow-up": "&e;" * 1000}
MEGABYTES = 1024 * 1024

Damage = Callable[[bytes], bytes]


@pytest.fixture
def position(valle: Cast) -> PaymentRequest:
    """A notice of ten euro that waits to be paid."""
    (made,) = top_up.prepare_at_desk(
        by=valle.staff["office"], wallet_id=valle.wallet("Anna").pk, amount=Euro(1000), count=1, now=clock.now()
    )
    return made


def good(name: str, valle: Cast, position: PaymentRequest) -> bytes:
    """Give the Node's own message for this position."""
    text = node.request(name).decode()
    for old, new in (
        (f"<idBrokerPA>{node.BROKER}<", f"<idBrokerPA>{settings.PAGOPA_BROKER}<"),
        ("77777777777_01", settings.PAGOPA_STATION),
        (node.TOWN, valle.town.tax_code),
        (node.NOTICE[1:], position.notice_number[1:]),
        ("46.50", "10.00"),
    ):
        text = text.replace(old, new)
    return text.encode()


def replacing(old: str, new: str) -> Damage:
    """Replace a piece that must be there."""

    def damage(body: bytes) -> bytes:
        assert old.encode() in body
        return body.replace(old.encode(), new.encode())

    return damage


def with_doctype(name: str) -> Damage:
    """Put a document type before the envelope and its entity into the message."""
    return lambda body: body.replace(b"?>", f"?>{DOCTYPES[name]}".encode(), 1).replace(
        b"<idPA>", f"<idPA>{ENTITY.get(name, '')}".encode(), 1
    )


def with_default_namespace(body: bytes) -> bytes:
    """Name the message's namespace without any prefix, its fields in none: as some callers write."""
    text = body.decode().replace(f' xmlns:paf="{node.PAF}"', "")
    for name in (VERIFY, RECEIPT):
        text = text.replace(f"<paf:{name}>", f'<{name} xmlns="{node.PAF}">').replace(f"</paf:{name}>", f"</{name}>")
    return text.encode()


UNHARMED: dict[str, Damage] = {
    "another prefix": replacing("soapenv", "s"),
    "a prefix nobody uses": replacing("paf", "pippo"),
    "default namespace": with_default_namespace,
}
STRANGERS: dict[str, tuple[Damage, str]] = {
    "unknown station": (replacing("<idStation>99999000013_01", "<idStation>99999000013_77"), "PAA_STAZIONE_INT_ERRATA"),
    "wrong broker": (replacing("<idBrokerPA>99999000013", "<idBrokerPA>12345678901"), "PAA_ID_INTERMEDIARIO_ERRATO"),
    "no town of ours": (replacing("<idPA>00142920439", "<idPA>00142920999"), "PAA_ID_DOMINIO_ERRATO"),
    "no tax code": (replacing("<idPA>00142920439", "<idPA>RSSMRA85T10A562S"), "PAA_ID_DOMINIO_ERRATO"),
    "a tax code too long": (replacing("<idPA>00142920439", "<idPA>" + "0" * 4000), "PAA_SINTASSI_EXTRAXSD"),
    "a field is missing": (replacing("<idStation>99999000013_01</idStation>", ""), "PAA_SINTASSI_EXTRAXSD"),
}
BROKEN: dict[str, Damage] = {
    **{name: with_doctype(name) for name in DOCTYPES},
    "prefix of nobody": replacing(' xmlns:paf="', ' xmlns:other="'),
    "another namespace": replacing("pa/paForNode.xsd", "pa/paForSomebody.xsd"),
    "SOAP 1.2": replacing(node.SOAPENV, "http://www.w3.org/2003/05/soap-envelope"),
    "truncated": lambda body: body[: len(body) // 2],
    "twice": lambda body: body * 2,
    "NUL bytes": replacing("<idPA>", "<idPA>\0"),
    "another encoding than it says": lambda body: body.replace(b"UTF-8", b"UTF-16"),
}
NO_MESSAGE: dict[str, tuple[bytes, int]] = {
    "empty": (b"", 400),
    "JSON": (b'{"receiptId": "1", "amount": 1000}', 400),
    "a form": (b"idPA=1&paymentAmount=10.00", 400),
    "10 MB": (b"<a>" + b"x" * 10 * MEGABYTES + b"</a>", 413),
    "10 MB of a receipt": (b"<paSendRTV2Request>" + b"x" * 10 * MEGABYTES, 413),
}


def count() -> dict[str, int]:
    """Count the rows of every table, as this town and the installation see them."""
    with connection.cursor() as cursor:
        cursor.execute("select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace")
        tables = [name for (name,) in cursor.fetchall()]
        counts = {}
        for table in tables:
            cursor.execute(f"select count(*) from {table}")
            counts[table] = cursor.fetchone()[0]
    return counts


def new_rows(before: dict[str, int]) -> dict[str, int]:
    """Tell which tables grew since then."""
    return {table: rows - before[table] for table, rows in count().items() if rows != before[table]}


def post(valle: Cast, body: bytes, content_type: str = "text/xml") -> Any:
    """Send bytes as a stranger would."""
    return Browser(valle.town).generic("POST", ADDRESS, body, content_type=content_type)


@pytest.mark.parametrize("habit", UNHARMED)
def test_callers_of_every_habit_are_served(valle: Cast, position: PaymentRequest, habit: str) -> None:
    assert node.fault_of(post(valle, UNHARMED[habit](good(VERIFY, valle, position))).content) == "OK"
    before = count()
    assert node.fault_of(post(valle, UNHARMED[habit](good(RECEIPT, valle, position))).content) == "OK"
    assert new_rows(before) == {
        "payments_inboundmessage": 1,
        "payments_receipt": 1,
        "procrastinate_jobs": 1,
        "procrastinate_events": 1,
    }


@pytest.mark.parametrize("case", STRANGERS)
def test_strangers_get_the_protocols_fault(valle: Cast, position: PaymentRequest, case: str) -> None:
    damage, fault = STRANGERS[case]
    before = count()

    answer = post(valle, damage(good(VERIFY, valle, position)))
    assert (answer.status_code, node.fault_of(answer.content)) == (200, fault)
    assert new_rows(before) == {}

    answer = post(valle, damage(good(RECEIPT, valle, position)))
    assert (answer.status_code, node.fault_of(answer.content)) == (200, fault)
    assert new_rows(before) == {"payments_inboundmessage": 1}


def test_a_notice_of_another_creditor_is_refused(valle: Cast, position: PaymentRequest) -> None:
    body = replacing("<fiscalCode>00142920439", "<fiscalCode>00142920413")(good(VERIFY, valle, position))
    before = count()
    assert node.fault_of(post(valle, body).content) == "PAA_ID_DOMINIO_ERRATO"
    assert new_rows(before) == {}


def test_a_notice_without_an_account_is_not_payable_yet(valle: Cast, position: PaymentRequest) -> None:
    PaymentRequest.objects.update(iban="")
    for name in (VERIFY, "paGetPaymentV2Request"):
        assert node.fault_of(post(valle, good(name, valle, position)).content) == "PAA_PAGAMENTO_SCONOSCIUTO"


@pytest.mark.parametrize("case", BROKEN)
def test_broken_bodies_get_a_soap_fault(valle: Cast, position: PaymentRequest, case: str) -> None:
    before = count()

    answer = post(valle, BROKEN[case](good(VERIFY, valle, position)))
    assert answer.status_code == 400
    assert b"faultcode" in answer.content
    assert b"root:" not in answer.content, "no file of ours is read out"
    assert new_rows(before) == {}

    body = BROKEN[case](good(RECEIPT, valle, position))
    assert post(valle, body).status_code == 400
    assert new_rows(before) == {"payments_inboundmessage": 1}, "money is behind it: kept as it came, nothing else"
    assert bytes(InboundMessage.objects.latest("id").body) == body


@pytest.mark.parametrize("case", NO_MESSAGE)
def test_what_is_no_message_is_refused_and_not_kept(valle: Cast, case: str) -> None:
    body, status = NO_MESSAGE[case]
    before = count()
    for content_type in ("text/xml", "application/json", "multipart/form-data; boundary=x", ""):
        answer = post(valle, body, content_type)
        assert answer.status_code == status
        assert b"Fault" in answer.content
    assert new_rows(before) == {}


def test_a_body_in_chunks_is_read(valle: Cast, position: PaymentRequest) -> None:
    for name in (VERIFY, RECEIPT):
        answer = in_chunks(valle, good(name, valle, position))
        assert (answer.status_code, node.fault_of(answer.content)) == (200, "OK")
    assert in_chunks(valle, b"x" * 2 * MEGABYTES).status_code == 413


def in_chunks(valle: Cast, body: bytes) -> Any:
    """Send a body without its length, which the web server hands on as a stream that ends."""
    stream = {"wsgi.input": BytesIO(body), "wsgi.input_terminated": True, "CONTENT_LENGTH": ""}
    return Browser(valle.town).post(ADDRESS, b"", content_type="text/xml", **stream)


@pytest.mark.parametrize("charset", ["ISO-8859-1", "windows-1252", "UTF-16LE"])
def test_a_body_that_says_nothing_of_itself_is_read_as_its_headers_say(
    valle: Cast, position: PaymentRequest, charset: str
) -> None:
    body = replacing("Mario Rossi", "Niccolò Rossi")(good(RECEIPT, valle, position)).split(b"?>", 1)[1]
    answer = post(valle, body.decode().encode(charset), f"text/xml; charset={charset}")
    assert (answer.status_code, node.fault_of(answer.content)) == (200, "OK")
    assert Receipt.objects.get().payer_name == "Niccolò Rossi"


def test_headers_that_lie_do_no_harm(valle: Cast, position: PaymentRequest) -> None:
    for charset in ("ISO-8859-1", "klingon", "utf-7", "utf-16"):
        answer = post(valle, good(VERIFY, valle, position), f"text/xml; charset={charset}")
        assert (answer.status_code, node.fault_of(answer.content)) == (200, "OK")
        broken = post(valle, good(VERIFY, valle, position)[:-9], f"text/xml; charset={charset}")
        assert (broken.status_code, b"soapenv:Client" in broken.content) == (400, True)


def test_a_compressed_body_is_refused_by_name(valle: Cast, position: PaymentRequest) -> None:
    before = count()
    packed = gzip.compress(good(RECEIPT, valle, position))
    answer = Browser(valle.town).post(ADDRESS, packed, content_type="text/xml", HTTP_CONTENT_ENCODING="gzip")
    assert answer.status_code == 415
    assert b"compressed" in answer.content
    assert new_rows(before) == {}


def test_a_receipt_kept_unread_rings(valle: Cast, position: PaymentRequest, caplog: pytest.LogCaptureFixture) -> None:
    for damage in (replacing("<paymentAmount>10.00", "<paymentAmount>10"), BROKEN["truncated"]):
        caplog.clear()
        body = damage(good(RECEIPT, valle, position))
        post(valle, body)
        kept = InboundMessage.objects.latest("id")
        assert bytes(kept.body) == body
        assert f"receipt kept unread: message {kept.pk}" in caplog.text
        assert "Rossi" not in caplog.text


@pytest.mark.parametrize("method", ["get", "head", "put", "delete", "patch", "options", "trace"])
def test_only_post_is_taken(valle: Cast, method: str) -> None:
    before = count()
    answer = getattr(Browser(valle.town), method)(ADDRESS)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert new_rows(before) == {}
