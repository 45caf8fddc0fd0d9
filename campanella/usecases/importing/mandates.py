"""
A file of mandates of a former bank or software → one mandate a line, each with its problem; nothing is written here.

A line has the reference (UMR), the day of the signature, the account and its holder, and says whom it pays for: the payer by
tax code, or a child by tax code or code. Read by the readers of every other file.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path

from campanella.domains.debiting.gateways.sepa.text import is_identifier
from campanella.domains.debiting.mandates import Holder
from campanella.domains.debiting.rules.accounts import NoAccount, account
from campanella.domains.debiting.rules.creditors import is_creditor_id
from campanella.usecases.importing import reading, values
from campanella.usecases.importing.absences import TITLE_ROWS, Wrong
from campanella.usecases.importing.cells import Cell, Row, Unreadable
from campanella.usecases.importing.columns import folded

FIELDS = {
    "reference": ("riferimento", "riferimento mandato", "codice mandato", "mandato", "umr", "rum", "id mandato"),
    "new_reference": ("nuovo riferimento", "nuovo codice mandato", "nuovo mandato"),
    "signed_on": ("data firma", "firmato il", "data di firma", "data sottoscrizione", "data mandato", "firma"),
    "iban": ("iban", "conto", "iban debitore"),
    "holder": (
        "intestatario del conto",
        "intestatario conto",
        "titolare",
        "titolare del conto",
        "sottoscrittore",
        "debitore",
    ),
    "holder_tax_code": ("cf titolare", "codice fiscale titolare", "cf sottoscrittore", "codice fiscale sottoscrittore"),
    "payer_tax_code": (
        "codice fiscale intestatario",
        "cf intestatario",
        "codice fiscale debitore",
        "cf debitore",
        "codice fiscale genitore",
        "cf genitore",
        "codice fiscale pagante",
        "cf pagante",
    ),
    "child_tax_code": (
        "codice fiscale bambino",
        "cf bambino",
        "codice fiscale alunno",
        "cf alunno",
        "codice fiscale utente",
    ),
    "child_code": ("codice bambino", "codice alunno", "codice utente", "codice"),
    "used_on": ("ultimo addebito", "data ultimo addebito", "ultimo incasso", "ultimo utilizzo"),
    "creditor_id": ("codice creditore", "identificativo creditore", "creditore", "cid", "codice identificativo creditore"),
    "town": ("citta", "comune titolare", "localita"),
    "country": ("paese", "nazione"),
}
_KNOWN = {name: field for field, names in FIELDS.items() for name in names}
NEEDED = ("reference", "signed_on", "iban", "holder")
WHOSE = ("payer_tax_code", "child_tax_code", "child_code")
MOST_LINES = 20_000
LONGEST_REFERENCE, LONGEST_NAME, LONGEST_TOWN = 35, 70, 35


@dataclass(frozen=True, slots=True)
class Line:
    """
    A mandate as a line tells it.

    :ivar reference: that it will have: the new one, where the line gives one
    :ivar former_reference: the one before it, empty where it is kept
    :ivar former_creditor_id: of whoever collected with it, empty where the line does not say
    :ivar used_on: the last collection, None where there was none
    """

    number: int
    payer_id: int
    reference: str
    former_reference: str
    former_creditor_id: str
    signed_on: date
    used_on: date | None
    holder: Holder


@dataclass(frozen=True, slots=True)
class Read:
    """A file as it was read: its lines, each payer and each reference once, and those that are wrong."""

    lines: tuple[Line, ...]
    wrong: tuple[Wrong, ...]


@dataclass(frozen=True, slots=True)
class Payers:
    """Who pays in the town: by tax code, and by the tax code and the code of a child; whom nobody pays for is missing."""

    by_tax_code: Mapping[str, int]
    by_child_tax_code: Mapping[str, int]
    by_child_code: Mapping[str, int]


def read(*, path: Path, payers: Payers, today: date, judge: Callable[[Line], str] = lambda line: "") -> Read:
    """
    Read a file whole.

    :param judge: what else is wrong with a line, as a sentence without its point; empty for nothing
    :raises Unreadable: the file as a whole cannot be taken
    """
    places, rows = _headers(reading.rows(path))
    lines: list[Line] = []
    wrong: list[Wrong] = []
    seen: dict[object, int] = {}
    number = 0
    for number, row in enumerate(rows, start=1):
        if number > MOST_LINES:
            raise Unreadable(f"Il file ha più di {MOST_LINES} righe: dividilo.")
        cells = {field: row.cells[place] if place < len(row.cells) else None for field, place in places.items()}
        try:
            line = _line(row.number, cells, payers, today)
            _once(line, seen)
            problem = judge(line)
            if problem:
                raise values.Wrong(problem)
        except values.Wrong as problem:
            wrong.append(Wrong(row.number, f"{_who(cells)}: {problem}."))
        else:
            lines.append(line)
    if not number:
        raise Unreadable("Il file ha le intestazioni e nessuna riga.")
    return Read(tuple(lines), tuple(wrong))


def _headers(found: Iterator[Row]) -> tuple[dict[str, int], Iterator[Row]]:
    """:raises Unreadable: something is missing that every mandate needs, or nothing says whose it is"""
    for row in islice(found, TITLE_ROWS):
        places: dict[str, int] = {}
        for place, cell in enumerate(row.cells):
            field = _KNOWN.get(folded(cell))
            if field:
                places.setdefault(field, place)
        if places.keys() >= set(NEEDED) and not places.keys().isdisjoint(WHOSE):
            return places, found
    raise Unreadable(
        "Mancano le colonne: servono “Riferimento”, “Data firma”, “IBAN”, “Intestatario del conto” e, per sapere chi paga, "
        "“Codice fiscale intestatario” oppure “Codice fiscale bambino” o “Codice bambino”."
    )


def _line(number: int, cells: Mapping[str, Cell], payers: Payers, today: date) -> Line:
    reference = _reference(cells.get("reference"))
    if not reference:
        raise values.Wrong("manca il riferimento del mandato")
    new = _reference(cells.get("new_reference"))
    signed_on = values.day(cells.get("signed_on"), first=date(2000, 1, 1), last=today)
    if signed_on is None:
        raise values.Wrong("manca la data della firma")
    used_on = values.day(cells.get("used_on"), first=signed_on, last=today)
    creditor_id = values.text(cells.get("creditor_id"), most=35).replace(" ", "").upper()
    if creditor_id and not is_creditor_id(creditor_id):
        raise values.Wrong("il codice del creditore non torna: sono 23 caratteri che cominciano per IT")
    return Line(
        number=number,
        payer_id=_payer(cells, payers),
        reference=new or reference,
        former_reference=reference if new and new != reference else "",
        former_creditor_id=creditor_id,
        signed_on=signed_on,
        used_on=used_on,
        holder=_holder(cells),
    )


def _reference(cell: Cell) -> str:
    plain = values.text(cell, most=LONGEST_REFERENCE)
    if plain and not is_identifier(plain):
        raise values.Wrong("il riferimento ha caratteri che la banca non accetta")
    return plain


def _holder(cells: Mapping[str, Cell]) -> Holder:
    try:
        found = account(values.text(cells.get("iban"), most=60))
    except NoAccount as problem:
        raise values.Wrong(str(problem).removesuffix(".")) from problem
    name = values.text(cells.get("holder"), most=LONGEST_NAME)
    if not name:
        raise values.Wrong("manca l’intestatario del conto")
    return Holder(
        name=name,
        account=found,
        tax_code=values.tax_code(cells.get("holder_tax_code")),
        town=values.text(cells.get("town"), most=LONGEST_TOWN),
        country=values.text(cells.get("country"), most=2).upper(),
    )


def _payer(cells: Mapping[str, Cell], payers: Payers) -> int:
    """
    Return who pays by this mandate.

    :raises values.Wrong: nobody of the town, nobody who pays, or two columns speak of two
    """
    code, child = values.tax_code(cells.get("payer_tax_code")), values.tax_code(cells.get("child_tax_code"))
    former = values.text(cells.get("child_code"), most=40)
    found: set[int] = set()
    for what, known, whose in (
        (code, payers.by_tax_code, "nessuno che paga per un bambino ha il codice fiscale dell’intestatario"),
        (child, payers.by_child_tax_code, "nessun bambino ha questo codice fiscale, o non c’è chi paga per lui"),
        (former, payers.by_child_code, "nessun bambino ha questo codice, o non c’è chi paga per lui"),
    ):
        if what and what not in known:
            raise values.Wrong(whose)
        if what:
            found.add(known[what])
    if not found:
        raise values.Wrong("manca chi paga: scrivi il codice fiscale dell’intestatario o del bambino")
    if len(found) > 1:
        raise values.Wrong("l’intestatario e chi paga per il bambino sono due persone: lascia solo chi paga")
    return found.pop()


def _once(line: Line, seen: dict[object, int]) -> None:
    """Note what may be in a file only once: its payer, and its reference."""
    for key, what in ((line.payer_id, "la stessa famiglia"), (line.reference, "lo stesso riferimento")):
        before = seen.setdefault(key, line.number)
        if before != line.number:
            raise values.Wrong(f"ha {what} della riga {before}: una famiglia ha un’autorizzazione sola")


def _who(cells: Mapping[str, Cell]) -> str:
    told = (cells.get(field) for field in ("holder", "reference"))
    return next((str(cell).strip()[:60] for cell in told if str(cell or "").strip()), "riga senza nome")
