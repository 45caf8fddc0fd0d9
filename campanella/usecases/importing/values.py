"""One cell → one value, or the reason why not, in Italian. Plain rules: no database, no clock."""

import re
import unicodedata
from datetime import date, datetime, timedelta
from decimal import Decimal

from stdnum.it import codicefiscale

from campanella.foundation.core import amounts
from campanella.foundation.core.amounts import MOST_CENTS
from campanella.foundation.core.amounts import Wrong as Wrong
from campanella.foundation.core.italian import day_figures
from campanella.foundation.core.money import Euro
from campanella.usecases.importing.cells import Broken, Cell, Continued

# Of a whole file; of one child it is what ``core.amounts`` takes.
MOST_TOTAL_CENTS = 100_000_000_000
EXCEL_BEGINS = date(1899, 12, 30)
_SERIAL = re.compile(r"[1-9]\d{4}")
# Letters of every alphabet with their marks, and what stands between them in names.
_IN_NAMES = re.compile(r"[^\W\d_]|[ '’‘`´ʼ.,()/–-]|[\u0300-\u036f\u0900-\u0dff\u064b-\u0652\u200c\u200d]")
FORMULA_MARKS = ("=", "+", "-", "@")

LEVEL_WORDS = {
    "nido": "nido",
    "infanzia": "infanzia",
    "materna": "infanzia",
    "primaria": "primaria",
    "elementare": "primaria",
    "elementari": "primaria",
    "secondaria": "secondaria",
    "media": "secondaria",
    "medie": "secondaria",
}

SERVICE_WORDS = {
    "mensa": "meal",
    "refezione": "meal",
    "ristorazione": "meal",
    "pasti": "meal",
    "scuolabus": "bus",
    "trasporto": "bus",
    "bus": "bus",
    "nido": "nursery",
    "pre": "before",
    "prescuola": "before",
    "post": "after",
    "postscuola": "after",
    "doposcuola": "after",
}


WAYS = ("andata", "ritorno")


def text(cell: Cell, *, most: int) -> str:
    """
    Return a cell as text, blanks folded.

    :param most: how many characters fit
    """
    if isinstance(cell, Broken):
        raise Wrong(cell.reason)
    if isinstance(cell, Continued) and cell.value is not None:
        raise Wrong("è unita con la cella sopra: dividi le celle e scrivi il valore in ogni riga")
    if isinstance(cell, Continued):
        cell = None
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    plain = " ".join(unicodedata.normalize("NFC", "" if cell is None else str(cell)).split())
    if len(plain) > most:
        raise Wrong(f"è troppo lungo: al massimo {most} caratteri")
    if not plain.isprintable() and any(unicodedata.category(letter) == "Cc" for letter in plain):
        raise Wrong("contiene caratteri che non si leggono")
    return plain


def label(cell: Cell, *, most: int) -> str:
    """Return the name of a class, a school or a code: text that is no formula."""
    plain = text(cell, most=most)
    if is_formula(plain):
        raise Wrong(f"comincia con “{plain[0]}”: sembra una formula")
    return plain


def name(cell: Cell, *, most: int = 80) -> str:
    """Return a person's name; one all in capitals becomes ``D'Amico``, ``De Luca``."""
    plain = label(cell, most=most)
    if any(letter.isdigit() for letter in plain) or (plain and not any(letter.isalpha() for letter in plain)):
        raise Wrong("non è un nome")
    odd = next((sign for sign in plain if not _IN_NAMES.match(sign)), "")
    if odd:
        raise Wrong(f"contiene “{odd}”, che in un nome non c’è: forse il file va letto con un’altra codifica (--encoding)")
    if plain.isupper() and len(plain) > 1:
        return re.sub(r"[^\W\d_]+", lambda word: word[0].capitalize(), plain)
    return plain


def is_formula(plain: str) -> bool:
    """Tell whether a spreadsheet would reckon a text."""
    return plain.startswith(FORMULA_MARKS)


def name_as_written(cell: Cell, *, most: int = 80) -> str:
    """Return the name of somebody who is a child beyond doubt: what looks like a formula is a text, as it is written."""
    plain = text(cell, most=most)
    return plain if is_formula(plain) else name(cell, most=most)


def tax_code(cell: Cell) -> str:
    """Return a tax code in capitals, empty when there is none."""
    plain = text(cell, most=40).replace(" ", "").upper()
    if plain and not codicefiscale.is_valid(plain):
        raise Wrong("il codice fiscale non è corretto: controlla le 16 lettere e cifre")
    return plain


def contradiction(*, code: str, family_name: str, given_name: str, birth_date: date | None) -> str:
    """Return why a tax code does not seem this person's, empty when it may be."""
    if len(code) != 16:
        return ""
    if code[:3] != _letters(family_name, is_given=False) or code[3:6] != _letters(given_name, is_given=True):
        return "il codice fiscale non sembra di questo nome e cognome"
    born = codicefiscale.get_birth_date(code)
    if birth_date and (born.day, born.month, born.year % 100) != (birth_date.day, birth_date.month, birth_date.year % 100):
        return "il codice fiscale dice un’altra data di nascita"
    return ""


def filled_down(cell: Cell) -> Cell:
    """Return a cell that is one with those above it as if it were written in its own row: a class, a school."""
    return cell.value if isinstance(cell, Continued) else cell


def day(cell: Cell, *, first: date, last: date) -> date | None:
    """
    Return a day, None when there is none.

    :param first: earliest day that makes sense
    :param last: latest day that makes sense
    """
    if isinstance(cell, datetime):
        found = cell.date()
    elif _SERIAL.fullmatch(serial := text(cell, most=40) if isinstance(cell, str | int | float) else ""):
        # A workbook counts days; exported without its format, a date is their number.
        found = EXCEL_BEGINS + timedelta(days=int(serial))
    elif isinstance(cell, date):
        found = cell
    else:
        plain = text(cell, most=40)
        if not plain:
            return None
        found = _day_of(plain)
    if not first <= found <= last:
        raise Wrong(f"la data {day_figures(found)} non è possibile")
    return found


def total(cell: Cell) -> Euro | None:
    """Return the amount of a whole file; written like any other."""
    return amount(cell, most=MOST_TOTAL_CENTS)


def amount(cell: Cell, *, most: int = MOST_CENTS) -> Euro | None:
    """
    Return an amount, as ``core.amounts`` reads it; None when there is none.

    :param most: how many cents it may be, debt or credit
    """
    if isinstance(cell, bool):
        raise Wrong("non è un importo")
    if isinstance(cell, int | float):
        return amounts.in_cents(Decimal(repr(round(cell, 6))), most)
    return amounts.amount(text(cell, most=40), most=most)


def notation(cell: Cell) -> str:
    """Return what stands before the cents of an amount, where it shows: ``,`` or, in English, ``.``; else nothing."""
    plain = re.sub(r"[^\d.,]", "", cell) if isinstance(cell, str) else ""
    if re.fullmatch(r"\d{1,3}(,\d{3})+\.\d{1,2}|\d{1,3}(,\d{3}){2,}", plain):
        return "."
    return "," if re.fullmatch(r"\d+,\d{1,2}|\d{1,3}(\.\d{3})+,\d{1,2}", plain) else ""


def email(cell: Cell) -> str:
    """Return an e-mail address in small letters, empty when there is none."""
    plain = text(cell, most=254).lower()
    if plain and not re.fullmatch(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s.,;<>]{2,}", plain):
        raise Wrong(f"“{plain}” non è un indirizzo e-mail")
    return plain


def phone(cell: Cell) -> str:
    """Return a telephone number as written, empty when there is none."""
    plain = text(cell, most=30)
    if plain and not re.fullmatch(r"\+?[\d\s./()-]{5,}", plain):
        raise Wrong(f"“{plain}” non è un numero di telefono")
    return plain


def level(cell: Cell) -> str:
    """Return a level of school, empty when there is none."""
    plain = text(cell, most=60)
    found = level_in(plain)
    if plain and not found:
        raise Wrong(f"“{plain}” non è un ordine di scuola: nido, infanzia, primaria o secondaria")
    return found


def level_in(words: str) -> str:
    """Return the level that these words name (``Scuola dell'infanzia Rodari``), empty when none."""
    return next((LEVEL_WORDS[word] for word in re.findall(r"[a-z]+", words.lower()) if word in LEVEL_WORDS), "")


def service_kind(code: str) -> str:
    """Return the kind of service that a code names, empty when none."""
    words = re.findall(r"[a-z]+", code.lower())
    kind = next((SERVICE_WORDS[word] for word in words if word in SERVICE_WORDS), "")
    way = {"andata": "bus_out", "ritorno": "bus_back"}.get(next((word for word in words if word in WAYS), ""))
    return way if kind == "bus" and way else kind


def slug(words: str, *, most: int) -> str:
    """Return words as a code: ``Primaria Rodari`` → ``primaria-rodari``."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:most].strip("-")


def _day_of(plain: str) -> date:
    parts = re.fullmatch(r"(\d{1,4})[/.\-](\d{1,2})[/.\-](\d{1,4})(?:[ T]00:00(?::00)?)?", plain)
    if parts is None:
        raise Wrong(f"“{plain}” non è una data: scrivi per esempio 12/04/2019")
    first, middle, last = parts[1], parts[2], parts[3]
    year, on = (first, last) if len(first) == 4 else (last, first)
    if len(year) == 2:
        year = f"20{year}"
    try:
        return date(int(year), int(middle), int(on))
    except ValueError:
        raise Wrong(f"“{plain}” non è una data del calendario")


def _letters(words: str, *, is_given: bool) -> str:
    """The three letters of a name in a tax code (decree of 23 December 1976, art. 2 and 3)."""
    plain = unicodedata.normalize("NFKD", words).encode("ascii", "ignore").decode().upper()
    letters = [letter for letter in plain if letter.isalpha()]
    consonants = [letter for letter in letters if letter not in "AEIOU"]
    if is_given and len(consonants) > 3:
        consonants = [consonants[0], *consonants[2:]]
    vowels = [letter for letter in letters if letter in "AEIOU"]
    return "".join([*consonants, *vowels, "X", "X", "X"])[:3]
