"""
Which encoding a text is in: UTF-8 and UTF-16 show, the encodings of one byte are told apart by how Italian is written.

Guessing libraries take a Windows export for Central European; here only what offices send is tried: Windows, Mac, DOS.
"""

import re
import unicodedata
from codecs import BOM_UTF16_BE, BOM_UTF16_LE, getincrementaldecoder
from collections import Counter
from pathlib import Path

HEAD = 64 * 1024
PIECE = 2**20

# The first wins where all read alike.
ONE_BYTE = ("cp1252", "mac-roman", "cp850")
COMMON = set("àèéìòù’")
USED = set("ÀÈÉÌÒÙçÇªº°€ñÑäöüÄÖÜßëïáíóúâêîôû–«»“”‘")
# A letter beyond ASCII with what stands around it.
_ODD = re.compile(rb"[A-Za-z0-9\x80-\xff]{0,2}[\x80-\xff][A-Za-z]?")


def of_text(path: Path, head: bytes) -> str:
    """
    Return the encoding of a text file.

    :param head: how the file begins
    """
    if two_bytes := of_two_bytes(head):
        return two_bytes
    if _decodes(path, "utf-8-sig"):
        return "utf-8-sig"
    odd = _odd(path)
    fitting = [encoding for encoding in ONE_BYTE if _reads(odd, encoding)]
    return max(fitting, key=lambda encoding: likeness(odd, encoding), default="latin-1")


def of_two_bytes(head: bytes) -> str:
    """Return the encoding of a text of two bytes for each letter, empty when it is none."""
    if head.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return "utf-16"
    # Without the mark that says so, every second byte of most letters is 0.
    for encoding, zeros in (("utf-16-le", head[1::2]), ("utf-16-be", head[::2])):
        if zeros and zeros.count(0) > len(zeros) * 0.7:
            return encoding
    return ""


def likeness(odd: Counter[bytes], encoding: str) -> int:
    """Return how much pieces of text look like Italian when read in an encoding."""
    return sum(count * _likeness(piece.decode(encoding)) for piece, count in odd.items())


def _likeness(piece: str) -> int:
    odd = [place for place, letter in enumerate(piece) if letter > "\x7f"]
    return sum(_likeness_of(piece[:place], piece[place], piece[place + 1 :]) for place in odd)


def _likeness_of(before: str, letter: str, after: str) -> int:
    if (letter in "“‘«" and before[-1:].isalpha()) or (letter in "”»" and after[:1].isalpha()):
        return -2
    if letter in "ªº°" and before[-1:].isdigit():
        return 3
    likeness = 3 if letter in COMMON else 1 if letter in USED else 0 if unicodedata.category(letter)[0] == "L" else -3
    # No capital follows a small letter inside a word, and no small one two capitals.
    turns = (letter.isupper() and before[-1:].islower()) or (letter.islower() and len(before) > 1 and before[-2:].isupper())
    return likeness - (3 if turns or (letter.islower() and after[:1].isupper()) else 0)


def _odd(path: Path) -> Counter[bytes]:
    odd: Counter[bytes] = Counter()
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            odd.update(_ODD.findall(piece))
    return odd


def _reads(odd: Counter[bytes], encoding: str) -> bool:
    try:
        for piece in odd:
            piece.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _decodes(path: Path, encoding: str) -> bool:
    decoder = getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
