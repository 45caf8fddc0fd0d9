"""Reading a PDF as others do: its text, tags and codes."""

import io
import re

import pikepdf
import zxingcpp
from PIL import Image


def opened(pdf: bytes) -> pikepdf.Pdf:
    return pikepdf.open(io.BytesIO(pdf))


def text_of(pdf: bytes) -> str:
    """Give the text as a screen reader gets it, white space folded (through the fonts' ToUnicode maps)."""
    with opened(pdf) as document:
        return " ".join("".join(_page_text(page) for page in document.pages).split())


def pages_of(pdf: bytes) -> list[str]:
    """Give the text of each page apart, white space folded."""
    with opened(pdf) as document:
        return [" ".join(_page_text(page).split()) for page in document.pages]


def tags_of(pdf: bytes) -> list[tuple[str, str]]:
    """Give every tag of the structure in reading order, with its alternative text."""
    with opened(pdf) as document:
        found: list[tuple[str, str]] = []
        _walk(document.Root.StructTreeRoot, found)
        return found


def codes_of(png: bytes) -> list[str]:
    """Give the texts of the codes on a picture of a page."""
    return [code.text for code in zxingcpp.read_barcodes(Image.open(io.BytesIO(png)).convert("L"))]


def _walk(node: pikepdf.Object, found: list[tuple[str, str]]) -> None:
    if isinstance(node, pikepdf.Array):
        for child in node:
            _walk(child, found)
    elif isinstance(node, pikepdf.Dictionary):
        if "/S" in node:
            found.append((str(node.S)[1:], str(node.get("/Alt", ""))))
        if "/K" in node:
            _walk(node.K, found)


def _page_text(page: pikepdf.Page) -> str:
    fonts = {name: _letters(font) for name, font in page.Resources.get("/Font", {}).items()}
    words, letters = [], {}
    for operands, operator in pikepdf.parse_content_stream(page):
        if str(operator) == "Tf":
            letters = fonts[str(operands[0])]
        elif str(operator) in ("Tj", "TJ"):
            parts = operands[0] if str(operator) == "TJ" else [operands[0]]
            for part in parts:
                if isinstance(part, pikepdf.String):
                    raw = bytes(part)
                    glyphs = (raw[at : at + 2] for at in range(0, len(raw), 2))
                    words.append("".join(letters.get(glyph, "?") for glyph in glyphs))
        elif str(operator) == "BT":
            words.append(" ")
    return "".join(words)


def _letters(font: pikepdf.Object) -> dict[bytes, str]:
    """Read the map from glyphs to letters that every tagged font must carry."""
    cmap = bytes(font.ToUnicode.read_bytes()).decode("latin-1")
    letters = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", cmap, re.DOTALL):
        for glyph, text in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
            letters[bytes.fromhex(glyph)] = bytes.fromhex(text).decode("utf-16-be")
    return letters
