"""Setting documents: the same everywhere, at the same time, with any name and any picture."""

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from PIL import Image

from campanella.foundation.documents import pdf
from campanella.foundation.documents.codes import qr_svg
from tests.documents import reading

MADE_AT = datetime(2026, 10, 14, 6, 53, 12, tzinfo=UTC)
RECEIPT = "domains/payments/documents/receipt.typ"


def picture(kind: str) -> bytes:
    held = io.BytesIO()
    Image.new("RGB", (40, 40), "#0b5cad").save(held, kind)
    return held.getvalue()


def values(**changes):
    return {
        "receipt_id": "1", "iuv": "1", "notice_grouped": "3", "amount": "1,00 €", "fee": "",
        "paid_at": "oggi", "applied_on": "", "description": "x", "creditor_name": "Comune",
        "creditor_tax_code": "1",
        "creditor_office": "", "payer_name": "Rossi", "payer_tax_code": "", "debtor": "", "psp": "",
        "payment_method": "", "lines": [], "traceable": True, **changes,
    }  # fmt: skip


@pytest.mark.parametrize("logo", [picture("PNG"), picture("JPEG"), qr_svg("x")], ids=["png", "jpeg", "svg"])
def test_pictures_of_every_kind_are_placed_with_their_words(logo):
    printed = pdf.render(RECEIPT, values(), made_at=MADE_AT, images={"logo": logo})
    assert ("Figure", "Stemma: Comune") in reading.tags_of(printed)


def test_the_same_values_give_the_same_bytes_and_the_date_that_was_given():
    printed = pdf.render(RECEIPT, values(), made_at=MADE_AT)
    assert printed == pdf.render(RECEIPT, values(), made_at=MADE_AT)
    with reading.opened(printed) as document:
        assert str(document.docinfo["/CreationDate"]).startswith("D:20261014065312")


def test_values_are_text_and_never_markup():
    printed = pdf.render(RECEIPT, values(payer_name='#panic("x") *no* $1$ <a> @b \\ "c"'), made_at=MADE_AT)
    assert '#panic("x") *no* $1$ <a> @b \\ "c"' in reading.text_of(printed)


@pytest.mark.parametrize(
    "letters", ["àèéìòùçœß€", "čćđšž", "ăâîșț", "łąęńśźż", "ğışİ", "őű", "åäöøæ", "ñõã", "řěůť", "’“”–…·"]
)
def test_the_letters_of_every_family_are_in_our_fonts(letters):
    printed = pdf.render(RECEIPT, values(payer_name=letters), made_at=MADE_AT)
    assert letters in reading.text_of(printed)
    with reading.opened(printed) as document:
        fonts = {str(font.BaseFont) for font in document.pages[0].Resources.Font.values()}
    assert all("Titillium" in font for font in fonts)


def test_threads_take_turns():
    names = [f"Famiglia {number}" for number in range(24)]
    with ThreadPoolExecutor(4) as pool:
        printed = pool.map(lambda n: pdf.render(RECEIPT, values(payer_name=n), made_at=MADE_AT), names)
    assert all(name in reading.text_of(page) for name, page in zip(names, printed, strict=True))


@pytest.mark.parametrize(("template", "data"), [("no.typ", {}), (RECEIPT, {"lines": []})])
def test_a_template_that_does_not_fit_says_so_without_the_data(template, data):
    with pytest.raises(pdf.NotRendered, match=template):
        pdf.render(template, data, made_at=MADE_AT)
