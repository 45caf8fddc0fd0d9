"""Which files, which news, which questions; tables that an office could check."""

import io
import zipfile
from datetime import UTC, date, datetime

import pytest

from campanella.domains.support import rules
from tests.domains.support.files import DOCX, JPEG, OPEN_DOCUMENT, PAGE, PDF, PNG, XLSX, office_file, zipped

TODAY = date(2026, 10, 14)
YESTERDAY = date(2026, 10, 13)
PUBLISHED = datetime(2026, 10, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("menu.pdf", PDF, rules.PDF),
        ("MENU.PDF", PDF, rules.PDF),
        ("foto.png", PNG, rules.PNG),
        ("foto.jpg", JPEG, rules.JPEG),
        ("foto.jpeg", JPEG, rules.JPEG),
        ("modulo.docx", DOCX, rules.DOCX),
        ("tabella.xlsx", XLSX, rules.XLSX),
        ("modulo.odt", OPEN_DOCUMENT, rules.ODT),
        ("menu.pdf", PAGE, None),
        ("menu.pdf", b" " + PDF, None),
        ("menu.pdf", b"", None),
        ("menu.pdf", PNG, None),
        ("foto.png", JPEG, None),
        ("pagina.html", PAGE, None),
        ("pagina.html", PDF, None),
        ("disegno.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", None),
        ("senza_estensione", PDF, None),
        ("menu.di.ottobre.pdf", PDF, rules.PDF),
        ("menu.pdf.html", PDF, None),
        ("modulo.docx", b"\0" * 40 + DOCX, None),
        ("tabella.xlsx", zipped(**{"[Content_Types].xml": "x"}), None),
        ("modulo.docx", XLSX, None),
        ("modulo.docx", zipped(altro="x"), None),
        ("modulo.docx", b"PK\x03\x04 not a zip", None),
        ("modulo.docx", DOCX[:-20], None),
        ("modulo.docx", office_file("word/document.xml", **{"word__vbaProject.bin": "x"}), None),
        ("modulo.odt", zipped(mimetype="application/vnd.oasis.opendocument.text", Basic__script="x"), None),
        ("modulo.odt", zipped(mimetype="text/html"), None),
        ("archivio.zip", DOCX, None),
    ],
    ids=lambda value: "" if isinstance(value, bytes) else None,
)
def test_what_is_inside_decides(name: str, content: bytes, kind: str | None) -> None:
    assert rules.kind_of(name=name, content=content) == kind


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("menù d’autunno.pdf", "menù d’autunno.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        (r"C:\Users\ufficio\menu.pdf", "menu.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie x.pdf"),
        ('"><script>.pdf', "script.pdf"),
        ("menu\u202efdp.exe.pdf", "menufdp.exe.pdf"),
        ("...", "allegato"),
        (".pdf", "pdf"),
        ("x" * 200 + ".pdf", "x" * 96 + ".pdf"),
        ("m" + "x" * 200 + ".pdf", "m" + "x" * 95 + ".pdf"),
        ("m" + "x" * 200, "m" + "x" * 99),
        ("MaX.menu.del.mese.pdf", "MaX.menu.del.mese.pdf"),
        (" .menu. ", "menu"),
        ("X-ray.X", "X-ray.X"),
        ("u\u0301.pdf", "\u00fa.pdf"),
        ("m." + "x" * 120, "x" * 100),
        ("a." + "b" * 200 + ".pdf", "a." + "b" * 94 + ".pdf"),
    ],
)
def test_a_name_is_a_name_and_nothing_else(given: str, kept: str) -> None:
    assert rules.file_name(given) == kept


@pytest.mark.parametrize(
    ("published_at", "until", "state"),
    [
        (None, None, "draft"),
        (None, YESTERDAY, "draft"),
        (PUBLISHED, None, "shown"),
        (PUBLISHED, TODAY, "shown"),
        (PUBLISHED, YESTERDAY, "ended"),
    ],
)
def test_the_last_day_is_included(published_at: datetime | None, until: date | None, state: str) -> None:
    assert rules.news_state(published_at=published_at, until=until, today=TODAY) == state


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", True),
        ("ricevuta", True),
        ("RICEVUTE", True),
        ("perché è", True),
        ("  ricevuta   e-mail ", True),
        ("ricevuta bus", False),
        ("ricevutx", False),
        ("ricevuxa", False),
        ("ricevu", True),
        ("nelle", True),
        ("nell", True),
        ("mail", True),
        ("maie", False),
        ("perche xx", False),
        ("?!", True),
    ],
)
def test_every_word_must_be_there(words: str, found: bool) -> None:
    assert rules.matches(words=words, texts=("Perché la ricevuta è", "nella e-mail")) is found


@pytest.mark.parametrize(("by_person", "by_origin", "may"), [(0, 0, True), (4, 19, True), (5, 0, False), (0, 20, False)])
def test_how_often_one_may_write(by_person: int, by_origin: int, may: bool) -> None:
    assert rules.may_write(by_person=by_person, by_origin=by_origin) is may


def test_a_document_that_is_damaged_inside_is_no_document() -> None:
    """The first bytes and the table of contents are whole, what is packed is not."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", rules.ODT)
    whole = bytearray(held.getvalue())
    start = whole.index(b"mimetype") + len("mimetype")
    whole[start : start + 20] = b"\xff" * 20

    assert rules.kind_of(name="modulo.odt", content=bytes(whole)) is None
