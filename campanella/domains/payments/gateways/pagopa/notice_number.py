"""
Notice numbers (codice avviso, 18 digits) and what is printed and typed around them.

Layout of a new number: `3` + segregation (2) + base (13) + check (2), check = first 16 digits mod 93; the
IUV is all but the first digit. Older numbers (auxiliary digit 0, 1, 2) are read but never made. Source:
SACI 3.2.1, "Generazione dell'identificativo univoco di versamento"; QR: printed notice 3.5.
"""

import re
from dataclasses import dataclass

_AUX = "3"
_MODULUS = 93
_MAX_CENTS = 99_999_999_999
_DIGITS = re.compile(r"[0-9]{18}")
_GAPS = re.compile(r"[\s\u200b\ufeff.\-]+")


class NoticeNumberError(ValueError):
    """
    A text is not a notice number.

    :param message: an Italian sentence for the person who typed it
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotEighteenDigits(NoticeNumberError):
    """The text has too few or too many digits, or other characters."""


class WrongCheckDigits(NoticeNumberError):
    """Eighteen digits whose last two do not agree with the others: a typing mistake."""


class UnreadableQr(NoticeNumberError):
    """The text of a QR code that is not a pagoPA notice, or is damaged."""


@dataclass(frozen=True, slots=True)
class ReadNotice:
    """What a typed, pasted or scanned text says; tax code and cents only come with a QR code."""

    notice_number: str
    tax_code: str | None = None
    cents: int | None = None


def notice_number(segregation: int, base: int) -> str:
    """
    Make a notice number.

    :param segregation: 0 to 99, given to the creditor by PagoPA: configuration, never a constant
    :param base: 0 to 9999999999999, unique for ever for creditor and segregation
    :raises ValueError: a number out of range
    """
    if not 0 <= segregation <= 99:
        raise ValueError(f"segregation code out of range: {segregation}")
    if not 0 <= base < 10**13:
        raise ValueError(f"base out of range: {base}")
    first_sixteen = f"{_AUX}{segregation:02}{base:013}"
    return f"{first_sixteen}{_check(first_sixteen)}"


def is_valid(notice: str) -> bool:
    """Tell whether these are exactly eighteen digits with right check digits."""
    return bool(_DIGITS.fullmatch(notice)) and notice[0] in "0123" and _agrees(notice)


def read(text: str) -> ReadNotice:
    """
    Read a notice number as people give it: with spaces, pasted, or the whole text of the QR code.

    :raises NotEighteenDigits: wrong length, other characters or an unknown first digit
    :raises WrongCheckDigits: a typing mistake
    :raises UnreadableQr: the text starts as a QR code of pagoPA but does not go on as one
    """
    stripped = text.strip()
    if "|" in stripped or stripped.upper().startswith("PAGOPA"):
        return _read_qr(stripped)
    return ReadNotice(_checked(_GAPS.sub("", stripped)))


def qr_text(notice: str, tax_code: str, cents: int) -> str:
    """
    Give the text of the QR code printed on the notice.

    :param tax_code: the creditor's, 11 digits
    :param cents: the amount, 1 to 99999999999
    :raises ValueError: a value that readers would refuse
    """
    if not is_valid(notice):
        raise ValueError("not a notice number")
    if not re.fullmatch(r"[0-9]{11}", tax_code):
        raise ValueError("the creditor's tax code must have 11 digits")
    if not 0 < cents <= _MAX_CENTS:
        raise ValueError(f"amount out of range: {cents} cents")
    return f"PAGOPA|002|{notice}|{tax_code}|{cents:02}"


def grouped(notice: str) -> str:
    """Give the number in groups of four, as printed: `3012 0260 0000 0001 03`."""
    return " ".join(notice[start : start + 4] for start in range(0, len(notice), 4))


def _read_qr(text: str) -> ReadNotice:
    match = re.fullmatch(r"PAGOPA\|002\|([0-9]{18})\|([0-9]{11})\|([0-9]{1,12})", text, re.IGNORECASE)
    if match is None:
        raise UnreadableQr("Questo codice QR non è di un avviso pagoPA. Scrivi le 18 cifre del codice avviso.")
    return ReadNotice(_checked(match[1]), tax_code=match[2], cents=int(match[3]))


def _checked(digits: str) -> str:
    if not _DIGITS.fullmatch(digits):
        raise NotEighteenDigits(_wrong_length(digits))
    if digits[0] not in "0123":
        raise NotEighteenDigits("Un codice avviso comincia con 0, 1, 2 o 3. Controlla la prima cifra.")
    if not _agrees(digits):
        raise WrongCheckDigits("C'è una cifra sbagliata nel codice avviso. Ricontrollalo con il foglio alla mano.")
    return digits


def _wrong_length(text: str) -> str:
    if not text:
        return "Scrivi il codice avviso: sono 18 cifre."
    if not re.fullmatch(r"[0-9]+", text):
        return "Il codice avviso è fatto di sole cifre, sono 18."
    return f"Il codice avviso ha 18 cifre: qui sono {len(text)}."


def _agrees(notice: str) -> bool:
    # Numbers with auxiliary digit 1 carry no check digits.
    return notice[0] == "1" or notice[16:] == _check(notice[:16])


def _check(first_sixteen: str) -> str:
    return f"{int(first_sixteen) % _MODULUS:02}"
