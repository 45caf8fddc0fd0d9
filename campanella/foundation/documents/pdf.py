"""
PDF documents that last and can be read aloud: PDF/A-2a and PDF/UA-1, set by typst.

Templates are `.typ` files beside the code that fills them; the shared look is in
`templates/letterhead.typ`. Values reach a template as data, never as markup, so a name may hold any
character. Only the committed fonts are used: the same page everywhere.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import cast

import typst

_PACKAGE = Path(__file__).resolve().parents[2]
_FONTS = Path(__file__).parent / "fonts"

# One compiler a process keeps fonts and parsed templates (75 MB); it holds state, so one thread at a time.
_turn = Lock()


class NotRendered(Exception):
    """A template and its data do not fit; the text is for a technician and holds no data."""


def render(
    template: str,
    data: Mapping[str, object],
    *,
    made_at: datetime,
    images: Mapping[str, bytes] | None = None,
) -> bytes:
    """
    Set a document as PDF. The same values give the same bytes: no clock inside.

    :param template: path below the package `campanella`, such as `domains/payments/documents/notice.typ`
    :param data: texts, numbers, lists and dictionaries of them
    :param made_at: the instant that the file names as its date
    :param images: SVG, PNG or JPEG by name; the template gives each its alternative text
    :raises NotRendered: the template is missing, or does not fit the data
    """
    values = {
        "data": json.dumps(data, ensure_ascii=False),
        "images": json.dumps({name: _as_value(content) for name, content in (images or {}).items()}),
    }
    with _turn:
        try:
            pdf = _compiler().compile(
                _PACKAGE / template,
                format="pdf",
                sys_inputs=values,
                pdf_standards=["a-2a", "ua-1"],
                timestamp=int(made_at.timestamp()),
            )
        except RuntimeError as problem:  # typst's own error is one, and so is a missing file
            raise NotRendered(f"{template}: {problem}") from problem
    return cast(bytes, pdf)


def _as_value(content: bytes) -> dict[str, object]:
    """Give an image as typst takes it from data: SVG as text, the others byte by byte."""
    if content.startswith(b"\x89PNG"):
        return {"format": "png", "content": list(content)}
    if content.startswith(b"\xff\xd8"):
        return {"format": "jpg", "content": list(content)}
    return {"format": "svg", "content": content.decode()}


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(root=_PACKAGE, font_paths=[_FONTS], ignore_system_fonts=True)
