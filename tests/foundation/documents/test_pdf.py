"""Setting documents: the same everywhere, at the same time, with any name and any picture."""

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest
from PIL import Image

from campanella.foundation.documents import pdf
from campanella.foundation.documents.codes import qr_svg
from tests.foundation.documents import reading

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


@pytest.mark.parametrize(
    ("name", "printed_as"),
    [
        ("李小龙 🙂 Rossi", "□□□ □ Rossi"),
        ("D’Amico-李 Zoë", "D’Amico-□ Zoë"),
        ("👩‍👩‍👧 ❤️ Ada", "□□□"),
        ("Ada \ue000", "Ada □"),
        ("ᠮᠣᠩᠭᠣᠯ 𒀀 ꞴA", "A"),
        ("א\u0301\u035c\u1ab0 क्षि\u20e3", ""),
    ],
)
def test_what_no_font_draws_is_marked_and_the_rest_is_whole(name, printed_as):
    printed = pdf.render(RECEIPT, values(payer_name=name, debtor="Ada Verdi", description="è così"), made_at=MADE_AT)
    read = reading.text_of(printed)
    assert printed_as.replace(" ", "") in read.replace(" ", ""), "a change of font is read as a space"
    for words in ("Ada Verdi", "è così", "1,00 €"):
        assert words in read


@pytest.mark.parametrize("name", ["عمر الفاروق", "שרה כהן", "Ελένη", "Олена", "龙 עמר Rossi"])
def test_other_scripts_and_directions_are_printed(name):
    printed = pdf.render(RECEIPT, values(payer_name=name, debtor="Ada Verdi"), made_at=MADE_AT)
    assert "Ada Verdi" in reading.text_of(printed)


def test_nobody_turns_the_letters_of_a_paper():
    printed = pdf.render(RECEIPT, values(payer_name="\u202eissoR 龙 \u2067عمر\u2069", debtor="Ada Verdi"), made_at=MADE_AT)
    read = reading.text_of(printed)
    assert "issoR □" in read
    assert "Ada Verdi" in read


def test_one_name_does_not_change_what_stands_beside_it():
    """A name that only the second try prints leaves scripts that our fonts draw as they are."""
    printed = pdf.render(RECEIPT, values(payer_name="龙 Олена Ελένη", debtor="Łukasz Đorđević"), made_at=MADE_AT)
    for words in ("□ Олена Ελένη", "Łukasz Đorđević"):
        assert words in reading.text_of(printed)


def test_threads_take_turns():
    names = [f"Famiglia {number}" for number in range(24)]
    with ThreadPoolExecutor(4) as pool:
        printed = pool.map(lambda n: pdf.render(RECEIPT, values(payer_name=n), made_at=MADE_AT), names)
    assert all(name in reading.text_of(page) for name, page in zip(names, printed, strict=True))


@pytest.mark.parametrize(("template", "data"), [("no.typ", {}), (RECEIPT, {"lines": []})])
def test_a_template_that_does_not_fit_says_so_without_the_data(template, data):
    with pytest.raises(pdf.NotRendered, match=template):
        pdf.render(template, data, made_at=MADE_AT)
