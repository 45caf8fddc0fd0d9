"""What comes back from a bank: the examples of every kind, broken files, and files that mean harm."""

import io
from datetime import date

import pytest

from campanella.domains.debiting.gateways.sepa import reading
from campanella.domains.debiting.gateways.sepa.base import Answer, Line
from campanella.domains.debiting.gateways.sepa.reading import NotReadable
from tests.domains.debiting.gateways.spec import example, needs_spec

DAY = date(2026, 12, 10)


def read(content: bytes) -> list[Answer | Line]:
    return list(reading.read(io.BytesIO(content)))


@needs_spec
def test_the_status_report_of_italian_banks() -> None:
    assert read(example("CBISDDStsRpt.00.01.00-insoluto")) == [
        Answer("CBISDDStsRptLogMsg.00.01.00", "ESITO-1", cuc="1234567A", original_id="SDD-2026-11-0001"),
        Line(1, "reject", "FT-2026-000002", "AM04", 5150, on=DAY),
    ]


@needs_spec
def test_the_status_report_of_iso() -> None:
    assert read(example("pain.002.001.03-reject")) == [
        Answer("pain.002.001.03", "STS-20261211-1", original_id="SDD-2026-11-0001"),
        Line(1, "reject", "FT-2026-000002", "AC04", 5150, on=DAY),
    ]


@needs_spec
def test_a_notification_with_a_return_and_a_refund() -> None:
    later = date(2027, 1, 15)
    assert read(example("camt.054.001.08-return-and-refund")) == [
        Answer("camt.054.001.08", "NTF-20270115-1", iban="IT60X0542811101000000123456"),
        Line(1, "return", "FT-2026-000001", "MD06", 10025, on=later),
        Line(2, "return", "FT-2026-000002", "AM04", 5150, on=later),
    ]


def statement(*entries: str, version="053.001.02", kind="BkToCstmrStmt", part="Stmt") -> bytes:
    return (
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.{version}"><{kind}>'
        f"<GrpHdr><MsgId>M1</MsgId></GrpHdr><{part}><Id>1</Id><Acct><Id><IBAN>IT60X0542811101000000123456</IBAN></Id></Acct>"
        f"{''.join(entries)}</{part}></{kind}></Document>"
    ).encode()


def entry(details: str, *, sign="CRDT", status="BOOK", family="IDDT", amount="151.75") -> str:
    return (
        f'<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd><Sts>{status}</Sts>'
        f"<BookgDt><DtTm>2026-12-10T08:00:00</DtTm></BookgDt><BkTxCd><Domn><Fmly><Cd>{family}</Cd></Fmly></Domn></BkTxCd>"
        f"<NtryDtls>{details}</NtryDtls></Ntry>"
    )


def details(key: str, amount="<Amt>100.25</Amt>", more="") -> str:
    return f"<TxDtls><Refs><EndToEndId>{key}</EndToEndId></Refs>{amount}{more}</TxDtls>"


IN_ALL = "<AmtDtls><TxAmt><Amt>100.250</Amt></TxAmt></AmtDtls>"
GIVEN_BACK = "<RtrInf><Rsn><Cd>MD01</Cd></Rsn></RtrInf>"


@pytest.mark.parametrize(
    ("written", "lines"),
    [
        (entry(details("A") + details("B", IN_ALL)), [("collected", "A", "", 10025), ("collected", "B", "", 10025)]),
        (entry("<Btch><PmtInfId>F-1</PmtInfId></Btch>"), [("collected", "F-1", "", 15175)]),
        (entry("<Btch><PmtInfId>F-1</PmtInfId></Btch>" + details("A")), [("collected", "A", "", 10025)]),
        (entry(details("A", more=GIVEN_BACK), sign="DBIT"), [("return", "A", "MD01", 10025)]),
        (entry(details("A", "<Amt>x</Amt>"), sign="DBIT"), [("return", "A", "MS03", 0)]),
        (entry(details("A", "<Amt>-26.00</Amt>"), sign="DBIT"), [("return", "A", "MS03", 0)]),
        (entry(details("A", "<Amt>1.005</Amt>")), [("collected", "A", "", 0)]),
        (entry(details("A", "<Amt/>")), [("collected", "A", "", None)]),
        (entry(details("A"), status="PDNG"), []),
        (entry(details("A"), family="RCDT"), []),
        (entry(details("A"), family="ICDT", sign="DBIT"), []),
        (entry(details("NOTPROVIDED")), []),
        (entry("<TxDtls/>"), []),
        (entry(details("A"), family="", sign="DBIT"), []),
        (entry(details("A", more=GIVEN_BACK), family="OTHR", sign="DBIT"), [("return", "A", "MD01", 10025)]),
        (entry(details("A", more=GIVEN_BACK), family="OTHR"), []),
    ],
)
def test_of_a_statement_only_direct_debits_count(written, lines) -> None:
    answer, *found = read(statement(written))

    assert isinstance(answer, Answer)
    assert answer.iban == "IT60X0542811101000000123456"
    assert [(one.kind, one.end_to_end_id or one.payment_id, one.reason, one.cents) for one in found] == lines
    assert all(one.on == DAY for one in found)


KEYLESS = "<TxDtls><Refs><MndtId>M-7</MndtId></Refs><Amt>23.10</Amt></TxDtls>"


@pytest.mark.parametrize(
    ("written", "lines"),
    [
        (entry(details("NOTPROVIDED"), sign="DBIT"), [("", "", "MS03", 10025, "")]),
        (entry(details("notprovided", more=GIVEN_BACK), sign="DBIT"), [("", "", "MD01", 10025, "")]),
        (entry(details("", more=GIVEN_BACK), family="", sign="DBIT"), [("", "", "MD01", 10025, "")]),
        (entry(KEYLESS, sign="DBIT"), [("", "", "MS03", 2310, "M-7")]),
        (entry(details("A") + KEYLESS, sign="DBIT"), [("A", "", "MS03", 10025, ""), ("", "", "MS03", 2310, "M-7")]),
        (entry("", sign="DBIT"), [("", "", "MS03", 15175, "")]),
        (entry(f"<Btch><PmtInfId>F-1</PmtInfId></Btch>{KEYLESS}", sign="DBIT"), [("", "F-1", "MS03", 15175, "")]),
        (entry("", sign="DBIT").replace("</Cd></Fmly>", "</Cd><SubFmlyCd>CHRG</SubFmlyCd></Fmly>"), []),
        (entry("", sign="DBIT", family=""), []),
        (entry("", sign="DBIT", status="PDNG"), []),
    ],
)
def test_what_came_back_without_its_key_is_told_all_the_same(written, lines) -> None:
    _, *found = read(statement(written))

    assert [(one.end_to_end_id, one.payment_id, one.reason, one.cents, one.reference) for one in found] == lines
    assert all(one.kind == "return" and one.is_nameless == (not (one.end_to_end_id or one.payment_id)) for one in found)


def report(inside: str, group="PART") -> bytes:
    return (
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt><GrpHdr><MsgId>M</MsgId></GrpHdr>'
        f"<OrgnlGrpInfAndSts><OrgnlMsgId>F</OrgnlMsgId><GrpSts>{group}</GrpSts>"
        f"<StsRsnInf><Rsn><Cd>FF01</Cd></Rsn></StsRsnInf></OrgnlGrpInfAndSts>{inside}</CstmrPmtStsRpt></Document>"
    ).encode()


def block(inside: str, status: str = "") -> str:
    said = f"<PmtInfSts>{status}</PmtInfSts><StsRsnInf><Rsn><Cd>DUPL</Cd></Rsn></StsRsnInf>" if status else ""
    return f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>F-1</OrgnlPmtInfId>{said}{inside}</OrgnlPmtInfAndSts>"


def one(key: str, status: str) -> str:
    return f"<TxInfAndSts><OrgnlEndToEndId>{key}</OrgnlEndToEndId><TxSts>{status}</TxSts></TxInfAndSts>"


@pytest.mark.parametrize(
    ("written", "lines"),
    [
        (report("", group="RJCT"), [("reject", "", "", "FF01")]),
        (report(block("", "RJCT")), [("reject", "", "F-1", "DUPL")]),
        (report(block("", "RJCT"), group="RJCT"), [("reject", "", "F-1", "DUPL")]),
        (report(block(one("A", "RJCT"), "RJCT"), group="RJCT"), [("reject", "A", "", "MS03")]),
        (report(block(one("A", "ACSC") + one("B", "PDNG"))), [("collected", "A", "", "")]),
        (report(block(one("A", "RJCT")) + block("", "RJCT")), [("reject", "A", "", "MS03"), ("reject", "", "F-1", "DUPL")]),
        (report("", group="ACCP"), []),
    ],
)
def test_a_report_may_speak_of_one_of_a_block_or_of_the_whole_file(written, lines) -> None:
    _, *found = read(written)

    assert [(line.kind, line.end_to_end_id, line.payment_id, line.reason) for line in found] == lines
    assert [line.number for line in found] == list(range(1, len(found) + 1))


@pytest.mark.parametrize("key", ["", "NOTPROVIDED"])
def test_a_report_that_has_lost_a_key_speaks_of_one_collection_and_not_of_its_whole_file(key) -> None:
    _, line = read(report(block(one(key, "RJCT"))))

    assert (line.is_nameless, line.end_to_end_id, line.payment_id) == (True, "", "")


WHOLE = statement(*[entry(details(f"A{number}")) for number in range(60)])
BOMB = b'<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]>'


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "vuoto"),
        (b"Data;Importo\n1;2\n", "non è un XML"),
        (b"%PDF-1.4", "non è un XML"),
        (b"PK\x03\x04" + bytes(100), "non è un XML"),
        (WHOLE.replace(b"</Ntry>", b"</Ntr>", 1), "non è un XML"),
        (BOMB + WHOLE, "DOCTYPE"),
        (b'<!DOCTYPE Document SYSTEM "http://127.0.0.1/a.dtd">' + WHOLE, "DOCTYPE"),
        ((BOMB + WHOLE).decode().encode("utf-16"), "DOCTYPE"),
        (b"<Document/>", "non è un esito"),
        (
            b'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.008.001.08"><CstmrDrctDbtInitn/></Document>',
            "non è un esito",
        ),
    ],
)
def test_files_that_are_refused_with_a_clear_word(content, words) -> None:
    with pytest.raises(NotReadable, match=words):
        read(content)


@pytest.mark.parametrize("size", [*range(1, len(WHOLE), 197), len(WHOLE) - 1])
def test_a_file_that_is_cut_off_says_so_wherever_it_is_cut(size) -> None:
    with pytest.raises(NotReadable, match="finisce a metà"):
        read(WHOLE[:size])


def test_a_file_that_never_ends_is_left(monkeypatch) -> None:
    monkeypatch.setattr(reading, "LONGEST_FILE", 10_000)

    with pytest.raises(NotReadable, match="200 MB"):
        read(WHOLE)
