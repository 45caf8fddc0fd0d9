"""Small files of every kind, true and false, and news to hang them on."""

import io
import zipfile
from datetime import date
from typing import Any

from campanella.domains.support import operations
from campanella.domains.support.models import News
from campanella.domains.support.operations import Audience
from campanella.domains.support.rules import ODT
from campanella.foundation.core import clock
from tests.towns import Cast

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 20
PAGE = b"<!doctype html><script>alert(1)</script>"


def zipped(**members: str) -> bytes:
    """Return a zip with these members; ``__`` stands for a slash, ``_dot_`` for a point."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name, text in members.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), text)
    return held.getvalue()


def office_file(kind: str, **more: str) -> bytes:
    """Return a document of a word processor or a spreadsheet: ``word/document.xml``, ``xl/workbook.xml``."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for name in ("[Content_Types].xml", kind, *more):
            archive.writestr(name.replace("__", "/"), "<x/>")
    return held.getvalue()


DOCX = office_file("word/document.xml")
XLSX = office_file("xl/workbook.xml")
OPEN_DOCUMENT = zipped(mimetype=ODT)


def news(
    cast: Cast, title: str = "Sciopero", *, is_published: bool = True, until: date | None = None, **audience: Any
) -> News:
    """Write a piece of news, for the whole town unless ``school_id`` or ``class_group_id`` is given."""
    office, now = cast.staff["office"], clock.now()
    row = operations.write_news(
        by=office,
        news_id=None,
        title=title,
        body="Venerdì la mensa è chiusa.",
        audience=Audience(**audience),
        until=until,
        now=now,
    )
    if is_published:
        operations.publish_news(by=office, news_id=row.pk, now=now)
    return row
