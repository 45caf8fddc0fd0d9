"""Bodies of every habit and of bad will: always a defined answer, nothing kept but receipts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from campanella.domains.payments.gateways.pagopa import soap
from tests.domains.payments.gateways import node
from tests.domains.payments.gateways.node import PAF, SOAPENV, MemoryDesk, ask, fault_of

VERIFY = node.request("paVerifyPaymentNoticeReq")
RECEIPT = node.request("paSendRTV2Request")

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
DOCTYPES = {
    "external entity": '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>',
    "external subset": '<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd">',
    "parameter entity": '<!DOCTYPE x [<!ENTITY % p SYSTEM "http://127.0.0.1:1/p">%p;]>',
    "billion laughs": f'<!DOCTYPE x [<!ENTITY l0 "lol">{LAUGHS}]>',
    "quadratic blow-up": f'<!DOCTYPE x [<!ENTITY e "{"a" * 50000}">]>',
    "harmless": "<!DOCTYPE x>",
}


def styled(pattern: str) -> bytes:
    return pattern.format(e=SOAPENV, p=PAF, content=node.REQUESTS["paVerifyPaymentNoticeReq"]).encode()


@pytest.mark.parametrize(
    "body",
    [
        styled('<S:Envelope xmlns:S="{e}"><S:Body><n:paVerifyPaymentNoticeReq xmlns:n="{p}">'
               "{content}</n:paVerifyPaymentNoticeReq></S:Body></S:Envelope>"),
        styled('<Envelope xmlns="{e}"><Body><pafn:paVerifyPaymentNoticeReq xmlns:pafn="{p}" xmlns="">'
               "{content}</pafn:paVerifyPaymentNoticeReq></Body></Envelope>"),
        styled('<s:Envelope xmlns:s="{e}"><s:Header><x>1</x></s:Header><s:Body>'
               '<paVerifyPaymentNoticeReq xmlns="{p}">{content}'
               "</paVerifyPaymentNoticeReq></s:Body></s:Envelope>"),
        VERIFY.replace(b"<idPA>", b"<!-- c --> <?pi x?><idPA>777<!-- c -->").replace(b"-->777777", b"-->777"),
        VERIFY.replace(b"<idPA>77777777777", b"<idPA><![CDATA[77777777777]]>"),
        VERIFY.replace(b"<idPA>77777777777", b"<idPA>&#55;7777777777"),
        VERIFY.replace(b"<idPA>77777777777", b"<idPA> 77777777777\n"),
        VERIFY.split(b"?>", 1)[1],
        b"\xef\xbb\xbf" + VERIFY,
        VERIFY.decode().replace("UTF-8", "UTF-16").encode("utf-16"),
        VERIFY.decode().replace("UTF-8", "ISO-8859-1").encode("latin-1"),
    ],
)  # fmt: skip
def test_callers_of_every_habit_are_understood(body):
    answered = ask(body)
    assert (answered.status, fault_of(answered.body)) == (200, "OK")


@pytest.mark.parametrize("doctype", DOCTYPES)
@pytest.mark.parametrize("message", [VERIFY, RECEIPT])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_doctype_is_refused_and_never_followed(doctype, message, encoding):
    entity = {"external entity": "&e;", "billion laughs": "&l9;", "quadratic blow-up": "&e;" * 1000}.get(doctype, "")
    text = message.decode().replace("?>", f"?>{DOCTYPES[doctype]}", 1).replace("UTF-8", encoding.upper())
    desk = MemoryDesk()
    body = text.replace("<idPA>", f"<idPA>{entity}").encode(encoding)
    answered = ask(body, desk)
    assert answered.status == 400
    assert b"soapenv:Client" in answered.body
    assert b"root:" not in answered.body
    assert list(desk.raw.values()) == ([body] if message is RECEIPT else [])
    assert not desk.receipts


@pytest.mark.parametrize(
    "body",
    [
        b"", b" ", b"\x00", b"{}", b'{"paSendRT": 1', b"<", b"<html/>", b"\xff\xfe", b"%PDF-1.7",
        VERIFY[:200], VERIFY[:-1], VERIFY + b"x", VERIFY * 2,
        VERIFY.replace(b"77777777777", b"\xe8\xe8", 1),
        VERIFY.replace(b"UTF-8", b"UTF-16"),
        VERIFY.replace(b"UTF-8", b"klingon"),
        VERIFY.replace(b"77777777777", b"&unknown;", 1),
        VERIFY.replace(SOAPENV.encode(), b"http://www.w3.org/2003/05/soap-envelope"),
        VERIFY.replace(PAF.encode(), b"http://example.org/"),
        VERIFY.replace(b"paVerifyPaymentNoticeReq", b"paInviaRT"),
        f'<e:Envelope xmlns:e="{SOAPENV}"/>'.encode(),
        f'<e:Envelope xmlns:e="{SOAPENV}"><e:Body/></e:Envelope>'.encode(),
        f'<e:Envelope xmlns:e="{SOAPENV}"><e:Body><a/><a/></e:Body></e:Envelope>'.encode(),
        b"<a>" * 100_000,
    ],
)  # fmt: skip
def test_what_is_no_message_gets_a_soap_fault(body):
    desk = MemoryDesk()
    answered = ask(body, desk)
    assert answered.status == 400
    fault = etree.fromstring(answered.body)[0][0]
    assert fault.tag == f"{{{SOAPENV}}}Fault"
    assert [child.tag for child in fault] == ["faultcode", "faultstring"]
    assert "town" not in desk.asked


def test_a_body_too_large_is_refused_unread_and_not_kept():
    desk = MemoryDesk()
    for body in (RECEIPT + b" " * (10 * 1024 * 1024), RECEIPT + b" " * soap.LONGEST_BODY):
        answered = ask(body, desk)
        assert answered.status == 413
        assert b"Fault" in answered.body
    assert not desk.asked
    assert ask(RECEIPT + b"\n" * (soap.LONGEST_BODY - len(RECEIPT)), desk).status == 200


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_truncated_receipt_is_kept_for_the_office(encoding):
    desk = MemoryDesk()
    body = RECEIPT.decode().replace("UTF-8", encoding).encode(encoding)[:900]
    assert ask(body, desk).status == 400
    assert list(desk.raw.values()) == [body]


def test_a_desk_that_cannot_keep_a_broken_receipt_asks_for_it_again():
    class FullDisk(MemoryDesk):
        def keep_raw(self, raw: bytes, *, tax_code: str | None) -> str:
            raise OSError("no space left")

    assert ask(RECEIPT[:600], FullDisk()).status == 500
    answered = ask(RECEIPT, FullDisk())
    assert (answered.status, fault_of(answered.body)) == (500, "PAA_SYSTEM_ERROR")


def defined(body: bytes) -> None:
    """Assert that a body gets one of the answers that the protocol knows."""
    answered = ask(body)
    assert answered.status in (200, 400)
    message = etree.fromstring(answered.body)[0][0]
    assert message.tag == f"{{{SOAPENV}}}Fault" if answered.status == 400 else message.findtext("outcome")


@given(st.binary(max_size=2000))
def test_any_bytes_get_a_defined_answer(body):
    defined(body)


@given(
    st.sampled_from(sorted(node.REQUESTS)),
    st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 40), st.binary(max_size=12)), max_size=4),
)
def test_damaged_messages_get_a_defined_answer(name, damages):
    body = node.request(name)
    for start, length, instead in damages:
        at = start % len(body)
        body = body[:at] + instead + body[at + length :]
    defined(body)


@given(st.sampled_from(sorted(node.REQUESTS)), st.data())
def test_any_text_in_any_field_gets_a_defined_answer(name, data):
    message = etree.fromstring(node.request(name))
    leaf = data.draw(st.sampled_from([e for e in message.iter() if len(e) == 0]))
    leaf.text = data.draw(st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")))
    answered = ask(etree.tostring(message))
    assert answered.status == 200
    assert "PAA_SYSTEM_ERROR" not in fault_of(answered.body)
