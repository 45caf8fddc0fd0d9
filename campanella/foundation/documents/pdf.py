"""
PDF documents that last and can be read aloud: PDF/A-2a and PDF/UA-1, set by typst.

Templates are `.typ` files beside the code that fills them; the shared look is in
`templates/letterhead.typ`. Values reach a template as data, never as markup, so a name may hold any
character. Only the committed fonts and typst's own are used: the same page everywhere. What none of them draws, such as
Chinese or an emoji, is printed as `MARK`: these standards take no page with a glyph missing, and the paper must leave.
"""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache, lru_cache
from pathlib import Path
from threading import Lock
from typing import cast

import typst

_PACKAGE = Path(__file__).resolve().parents[2]
_FONTS = Path(__file__).parent / "fonts"
_WORD = "foundation/documents/templates/word.typ"

MARK = "□"
# What joins or colours the character before it says nothing after a mark.
_AFTER_A_MARK = re.compile(f"(?<={MARK})[\u200d\ufe00-\ufe0f\u20e3\U000e0020-\U000e007f]+")
# Marks that turn the direction of writing by hand: they would turn letters of the paper, and its spaces for who listens.
_TURNS = dict.fromkeys([0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])

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
    pictures = json.dumps({name: _as_value(content) for name, content in (images or {}).items()})
    try:
        return _set(template, data, pictures, made_at=made_at)
    except NotRendered:
        drawn = _with_marks(data)
        if drawn == data:
            raise
        return _set(template, drawn, pictures, made_at=made_at)


def _set(template: str, data: object, pictures: str, *, made_at: datetime) -> bytes:
    with _turn:
        try:
            pdf = _compiler().compile(
                _PACKAGE / template,
                format="pdf",
                sys_inputs={"data": json.dumps(data, ensure_ascii=False).translate(_TURNS), "images": pictures},
                pdf_standards=["a-2a", "ua-1"],
                timestamp=int(made_at.timestamp()),
            )
        except RuntimeError as problem:  # typst's own error is one, and so is a missing file
            raise NotRendered(f"{template}: {problem}") from problem
    return cast(bytes, pdf)


def _with_marks(value: object) -> object:
    """Return data with a mark for every character that cannot be printed."""
    if isinstance(value, str):
        return re.sub(r"\S+", lambda found: found[0] if found[0].isascii() else _printable(found[0]), value)
    if isinstance(value, Mapping):
        return {name: _with_marks(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_with_marks(one) for one in value]
    return value


@lru_cache(4096)
def _printable(word: str) -> str:
    """Mark the characters of a word that no font draws; all that are not ASCII where they cannot be drawn together."""
    if _is_drawn(word):
        return word
    marked = _AFTER_A_MARK.sub("", "".join(one if _is_drawn(one) else MARK for one in word))
    return marked if _is_drawn(marked) else re.sub(r"[^\x20-\x7e]", MARK, word)


@lru_cache(4096)
def _is_drawn(text: str) -> bool:
    """Ask typst itself, under the same standards and look, whether it draws a text."""
    if text.isascii() and text.isprintable():
        return True
    try:
        _set(_WORD, {"text": text}, "{}", made_at=datetime(2000, 1, 1, tzinfo=UTC))
    except NotRendered:
        return False
    return True


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
