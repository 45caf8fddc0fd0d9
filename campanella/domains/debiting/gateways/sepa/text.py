"""The characters that banks take: Latin letters without accents, digits, and a few signs (EPC, SDD Core guidelines)."""

import re
import unicodedata

_OTHERS = re.compile(r"[^A-Za-z0-9/\-?:().,'+ ]")
# Nothing to write otherwise: the names of most people.
_PLAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9/\-?:().,'+ ]*[A-Za-z0-9/\-?:().,'+])?")
_IDENTIFIER = re.compile(r"(?!/)(?!.*//)[A-Za-z0-9/\-?:().,'+ ]{1,35}(?<!/)")
# What has no decomposition into a letter and its accent.
# fmt: off
_LETTERS = str.maketrans(
    {
        "ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L",
        "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ı": "i", "ə": "e", "Ə": "E",
        "’": "'", "‘": "'", "`": "'", "´": "'", "“": "'", "”": "'", '"': "'", "«": "'", "»": "'",
        "–": "-", "—": "-", "_": "-", "&": "+", "@": "(at)", "€": "EUR", ";": ",", "°": ".", "·": "-",
    }
)
# fmt: on


LONGEST_NAME = 70


class NotWritable(ValueError):
    """A text has no letter that a bank could read."""


def plain(text: str, *, longest: int) -> str:
    """
    Write a text with the characters that banks take, no longer than they take it.

    A letter that has no counterpart becomes a question mark, so that nothing disappears unseen.

    :raises NotWritable: nothing readable is left of it
    """
    if _PLAIN.fullmatch(text) and "  " not in text and len(text) <= longest:
        return text
    written = _written(text)[:longest].strip()
    if not re.search(r"[A-Za-z0-9]", written):
        raise NotWritable("nothing of this text can be written for a bank")
    return written


def _written(text: str) -> str:
    marked = unicodedata.normalize("NFKD", " ".join(text.translate(_LETTERS).split()))
    letters = "".join(letter for letter in marked if not unicodedata.combining(letter))
    return _OTHERS.sub("?", letters)


def is_writable(text: str) -> bool:
    """Tell whether every word of a name keeps a letter or a digit that a bank reads: another alphabet keeps none."""
    return all(re.search(r"[A-Za-z0-9]", _written(word)) for word in text.split()) and bool(text.split())


def is_identifier(text: str) -> bool:
    """Tell whether an id may stand in a file: up to 35 of these characters, no slash at an end, no two together."""
    return _IDENTIFIER.fullmatch(text) is not None


def euros(cents: int) -> str:
    """Write an amount as files do: ``100.25``."""
    return f"{cents // 100}.{cents % 100:02}"
