"""The notice and the receipt: payable, readable, complete."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from campanella.domains.payments.documents import notice_pdf as notice
from campanella.domains.payments.documents import receipt_pdf as receipt
from campanella.domains.payments.gateways.pagopa import notice_number as numbers
from campanella.foundation.documents import pdf
from campanella.foundation.documents.codes import qr_svg
from tests.foundation.documents import reading

NAME = "Ștefania Łucja Ağaoğlu D'Àmico Sanfilippo Bevilacqua in Dell'Orologio"

NOTICE = notice.NoticeSheet(
    notice_number="301202600000000103",
    subject="Ricarica mensa scolastica",
    amount_cents=123450,
    due_on=date(2026, 12, 13),
    issued_at=datetime(2026, 10, 14, 6, 53, tzinfo=UTC),
    creditor_name="Comune di San Niccolò sull'Adda",
    creditor_tax_code="77777777777",
    creditor_office="Ufficio Scuola",
    creditor_info="scuola@comune.example.it · tel. 02 1234567",
    cbill="abcd1",
    debtor_name=NAME,
    whom="Anna, 2B · Primaria Rodari",
    debtor_tax_code="SNFMRA80A41H501U",
    debtor_address="Via dell'Università 12/bis, 61121 Pesaro (PU)",
    site="pesaro.example.it",
    logo=qr_svg("arms"),
)

RECEIPT = receipt.ReceiptSheet(
    receipt_id="c110729d258c4ab1b765fe902aae41d6",
    iuv="01202600000000103",
    notice_number="301202600000000103",
    amount_cents=6600,
    fee_cents=90,
    paid_at=datetime(2026, 10, 14, 22, 53, 12, tzinfo=UTC),
    applied_on=date(2026, 10, 14),
    description="Ricarica mensa scolastica",
    creditor_name="Comune di Esempio",
    creditor_tax_code="77777777777",
    payer_name=NAME,
    payer_tax_code="SNFMRA80A41H501U",
    debtor_name="Mario Rossi",
    debtor_tax_code="RSSMRA80A01H501U",
    psp_name="Banca di prova",
    psp_tax_code="12345678901",
    payment_method="carta",
    lines=[
        receipt.ReceiptLine(service="Mensa, primaria", person="Łukasz", cents=2000),
        receipt.ReceiptLine(service="Scuolabus", person="Anna", cents=4600),
    ],
)

FIXED = [
    "Avviso di pagamento", "Ente Creditore", "Destinatario", "Quanto e quando pagare?", "Dove pagare?",
    "Paga con l'app IO", "Paga sul territorio", "Dati per il pagamento", "Rata unica", "Cod. CBILL",
    "Cod. Avviso",
    "Cod. Fiscale Ente", "l'importo potrebbe essere aggiornato automaticamente",
]  # fmt: skip


def page_of(sheet: notice.NoticeSheet, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """Give the first page of a notice as a picture, set by the same template from the same values."""
    taken = {}
    compiler = pdf._compiler()

    class Camera:
        def compile(self, template, **options):
            taken["png"] = compiler.compile(template, format="png", ppi=150, sys_inputs=options["sys_inputs"])
            return b""

    monkeypatch.setattr(pdf, "_compiler", Camera)
    notice.notice_pdf(sheet)
    png = taken["png"]
    return png if isinstance(png, bytes) else png[0]


def test_a_notice_says_everything_that_is_needed_to_pay():
    text = reading.text_of(notice.notice_pdf(NOTICE))
    for words in [
        *FIXED, "Ricarica mensa scolastica", "Per Anna, 2B · Primaria Rodari", "1.234,50", "entro il", "13/12/2026",
        "3012 0260 0000 0001 03", "ABCD1",
        "77777777777", NAME, "SNFMRA80A41H501U", "Via dell'Università 12/bis",
        "Comune di San Niccolò sull'Adda",
        "Ufficio Scuola", "scuola@comune.example.it", "pesaro.example.it",
    ]:  # fmt: skip
        assert words in text, words


@pytest.mark.parametrize("cents", [5, 4650, 99_999_999_999])
def test_the_code_on_the_page_pays_this_notice(cents, monkeypatch):
    (text,) = reading.codes_of(page_of(replace(NOTICE, amount_cents=cents, logo=b""), monkeypatch))
    assert numbers.read(text) == numbers.ReadNotice(NOTICE.notice_number, NOTICE.creditor_tax_code, cents)


def test_the_code_has_the_size_that_pagopa_asks_for():
    for cents in (1, 99_999_999_999):
        drawing = notice.notice_images(replace(NOTICE, amount_cents=cents))["qr"]
        assert b'<svg width="33" height="33"' in drawing


def test_a_notice_without_due_date_or_cbill_does_not_speak_of_them():
    text = reading.text_of(notice.notice_pdf(replace(NOTICE, due_on=None, cbill="", logo=b"")))
    assert "Quanto pagare?" in text
    assert "entro il" not in text
    assert "CBILL" not in text


@pytest.mark.parametrize(
    "changes", [{"notice_number": "301202600000000130"}, {"creditor_tax_code": "1"}, {"amount_cents": 0}]
)
def test_a_notice_that_could_not_be_paid_is_not_printed(changes):
    with pytest.raises(ValueError):
        notice.notice_pdf(replace(NOTICE, **changes))


def test_a_receipt_says_everything_that_pagopa_asks_for_and_the_family_needs():
    text = reading.text_of(receipt.receipt_pdf(RECEIPT))
    for words in [
        "pagoPA", "66,00 €", "giovedì 15 ottobre 2026, ore 00:53:12",
        "mercoledì 14 ottobre 2026", "Comune di Esempio", "77777777777", "01202600000000103",
        "Banca di prova", "12345678901", "c110729d258c4ab1b765fe902aae41d6", "Ricarica mensa scolastica",
        NAME, "Mario Rossi",
        "Mensa, primaria", "Łukasz", "20,00 €", "Scuolabus", "46,00 €", "0,90 €", "carta",
        "Conservala per il 730",
        "3012 0260 0000 0001 03",
    ]:  # fmt: skip
        assert words in text, words


def test_cash_is_never_promised_for_the_tax_return():
    text = reading.text_of(receipt.receipt_pdf(replace(RECEIPT, traceable=False)))
    assert "non si può detrarre" in text
    assert "tracciabile" not in text


def test_a_moment_without_time_zone_is_not_printed():
    with pytest.raises(ValueError, match="time zone"):
        receipt.receipt_pdf(replace(RECEIPT, paid_at=RECEIPT.paid_at.replace(tzinfo=None)))


@pytest.mark.parametrize("printed", [notice.notice_pdf(NOTICE), receipt.receipt_pdf(RECEIPT)], ids=["notice", "receipt"])
def test_a_document_can_be_read_aloud_and_kept(printed):
    with reading.opened(printed) as document:
        assert str(document.Root.Lang) == "it-IT"
        assert document.Root.MarkInfo.Marked
        assert document.Root.ViewerPreferences.DisplayDocTitle
        with document.open_metadata() as metadata:
            assert metadata["dc:title"]
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")
            assert metadata["pdfuaid:part"] == "1"
    tags = reading.tags_of(printed)
    names = [name for name, _ in tags]
    assert names.count("H1") == 1
    assert next(name for name in names if re.fullmatch(r"H\d", name)) == "H1"
    assert all(words for name, words in tags if name == "Figure")
    # typst lets a table without header pass; a reader of cells does not.
    assert names.count("THead") == names.count("Table")


def test_nobody_s_name_is_in_the_title():
    for printed in (notice.notice_pdf(NOTICE), receipt.receipt_pdf(RECEIPT)):
        with reading.opened(printed) as document, document.open_metadata() as metadata:
            assert "Bevilacqua" not in str(metadata)


def test_very_long_texts_stay_on_the_paper():
    longest = replace(
        NOTICE,
        subject="Retta " * 40,
        debtor_name="Wolfeschlegelsteinhausenbergerdorff " * 2,
        debtor_address="Via " * 35,
        creditor_name="Unione dei Comuni Montani delle Valli " * 3,
        creditor_info="x" * 100,
    )
    with reading.opened(notice.notice_pdf(longest)) as document:
        assert len(document.pages) == 1
    many = replace(RECEIPT, lines=RECEIPT.lines * 30)
    text = reading.text_of(receipt.receipt_pdf(many))
    assert text.count("Scuolabus") == 30
    assert "pagina 3 di 3" in text


@pytest.mark.parametrize(
    ("subject", "printed"),
    [
        ("Ricarica mensa", "Ricarica mensa"),
        (
            "Ricarica refezione della scuola dell’infanzia e della scuola primaria del capoluogo e frazioni",
            "Ricarica refezione della scuola dell’infanzia e della scuola primaria del capoluogo e…",
        ),
        ("x" * 91, "x" * 89 + "…"),
    ],
)
def test_a_long_subject_ends_with_a_whole_word(subject: str, printed: str) -> None:
    data = notice.notice_data(replace(NOTICE, subject=subject))
    assert data["subject"] == printed
    assert len(printed) <= 90


@pytest.mark.parametrize("count", [2, 10, 11, 20])
def test_as_many_things_as_one_notice_may_ask_for_stand_on_the_sheet_of_its_code(count: int) -> None:
    items = tuple(
        f"fattura FT/2026/{1000 + n}, Refezione della scuola dell’infanzia, settembre 2026: 1.234,56 €" for n in range(count)
    )
    whom = "Anna Maria Chiara Sanfilippo, Luca Giovanni Sanfilippo, Beatrice Sanfilippo, Maddalena Sanfilippo"
    sheet = replace(NOTICE, items=items, whom=whom, amount_cents=1234567)
    (page,) = reading.pages_of(notice.notice_pdf(sheet))
    assert items[-1] in page
    assert "12.345,67" in page
