"""Which files may be attached, which news are shown, which questions match, how often one may write."""

import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Literal

MOST_BYTES = 5 * 1024 * 1024
MOST_ATTACHMENTS = 10
NAME_LENGTH = 100

PDF = "application/pdf"
PNG = "image/png"
JPEG = "image/jpeg"
ODT = "application/vnd.oasis.opendocument.text"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KINDS = {"pdf": PDF, "png": PNG, "jpg": JPEG, "jpeg": JPEG, "odt": ODT, "docx": DOCX, "xlsx": XLSX}

WRITING_WINDOW = timedelta(hours=1)
TICKETS_PER_PERSON = 5
TICKETS_PER_ORIGIN = 20

NewsState = Literal["draft", "shown", "ended"]


def kind_of(*, name: str, content: bytes) -> str | None:
    """
    Tell the content type of a file that may be attached; None when it may not.

    What is inside decides, and the name must agree: a page of HTML called ``menu.pdf`` is refused, and so is a document
    that carries macros.
    """
    claimed = KINDS.get(name.rpartition(".")[2].lower())
    return claimed if claimed and claimed == _inside(content) else None


def file_name(name: str) -> str:
    """Give the name a file is handed out under: no folders, no control characters, at most 100 characters."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    clean = "".join(c for c in last if c.isprintable() and c not in '<>:"|?*;').strip(". ")
    stem, dot, extension = clean.rpartition(".")
    if not dot:
        return clean[:NAME_LENGTH] or "allegato"
    return f"{stem[: NAME_LENGTH - 1 - len(extension)]}.{extension}"[-NAME_LENGTH:]


def news_state(*, published_at: datetime | None, until: date | None, today: date) -> NewsState:
    """Tell whether families read a piece of news now; its last day is ``until``, included."""
    if published_at is None:
        return "draft"
    return "ended" if until is not None and until < today else "shown"


def may_write(*, by_person: int, by_origin: int) -> bool:
    """
    Tell whether another ticket may be opened.

    :param by_person: tickets of this user or address within the last hour
    :param by_origin: tickets of this origin, by people who are not signed in, within the last hour
    """
    return by_person < TICKETS_PER_PERSON and by_origin < TICKETS_PER_ORIGIN


def matches(*, words: str, texts: Iterable[str]) -> bool:
    """Tell whether every word is somewhere in these texts; accents, case and word endings do not matter."""
    whole = plain(" ".join(texts))
    return all(_stem(word) in whole for word in plain(words).split())


def plain(text: str) -> str:
    """Give a text in lower case, without accents and signs."""
    decomposed = unicodedata.normalize("NFKD", text.lower())
    letters = "".join(c for c in decomposed if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", " ", letters).strip()


def _stem(word: str) -> str:
    """Leave the ending vowel out, so that ``ricarica`` finds ``ricariche`` and ``avviso`` finds ``avvisi``."""
    return word[:-1] if len(word) > 4 and word[-1] in "aeiou" else word


def _inside(content: bytes) -> str | None:
    if content.startswith(b"%PDF-"):
        return PDF
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    return _inside_zip(content) if content.startswith(b"PK\x03\x04") else None


def _inside_zip(content: bytes) -> str | None:
    """Read the table of contents only: nothing is unpacked but the sixty bytes that say what an ODT is."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            if any(name.lower().endswith("vbaproject.bin") or name.startswith("Basic/") for name in names):
                return None
            if "mimetype" in names:
                with archive.open("mimetype") as declared:
                    return ODT if declared.read(len(ODT) + 1) == ODT.encode() else None
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        return None
    if "[Content_Types].xml" not in names:
        return None
    return DOCX if "word/document.xml" in names else XLSX if "xl/workbook.xml" in names else None
