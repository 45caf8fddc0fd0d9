"""Which column of a file is what, by its header: Italian names and the synonyms of usual exports."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from campanella.usecases.importing.cells import Cell, Unreadable

# Field → (the header as documented, synonyms). Headers are compared without case, accents and punctuation.
FIELDS: dict[str, tuple[str, ...]] = {
    "family_name": ("Cognome", "Cognome bambino", "Cognome alunno", "Cognome figlio", "Cognome utente", "Cognome minore"),
    "given_name": ("Nome", "Nome bambino", "Nome alunno", "Nome figlio", "Nome utente", "Nome minore"),
    "tax_code": (
        "Codice fiscale",
        "CF",
        "Cod. fiscale",
        "Codice fiscale bambino",
        "Codice fiscale alunno",
        "Codice fiscale figlio",
        "Codice fiscale utente",
        "CF bambino",
        "CF alunno",
    ),
    "birth_date": ("Data di nascita", "Data nascita", "Nato il", "Nascita", "Data di nascita alunno"),
    "school_code": ("Codice plesso", "Codice scuola", "Codice meccanografico", "Cod. plesso"),
    "school_name": ("Plesso", "Scuola", "Nome plesso", "Nome scuola", "Istituto"),
    "level": ("Ordine", "Ordine di scuola", "Grado", "Livello", "Tipo scuola"),
    "class_name": ("Classe", "Sezione", "Classe/sezione", "Classe e sezione", "Classe sezione"),
    "guardian_family_name": (
        "Cognome genitore",
        "Cognome intestatario",
        "Cognome genitore 1",
        "Cognome pagante",
        "Cognome tutore",
    ),
    "guardian_given_name": ("Nome genitore", "Nome intestatario", "Nome genitore 1", "Nome pagante", "Nome tutore"),
    "guardian_tax_code": (
        "Codice fiscale genitore",
        "CF genitore",
        "Codice fiscale intestatario",
        "CF intestatario",
        "Codice fiscale genitore 1",
        "CF genitore 1",
        "Codice fiscale pagante",
        "Codice fiscale tutore",
    ),
    "guardian_email": ("E-mail", "Mail", "E-mail genitore", "E-mail genitore 1", "Posta elettronica"),
    "guardian_phone": ("Telefono", "Cellulare", "Telefono genitore", "Cellulare genitore", "Tel.", "Telefono genitore 1"),
    "guardian2_family_name": ("Cognome genitore 2", "Cognome secondo genitore", "Cognome altro genitore"),
    "guardian2_given_name": ("Nome genitore 2", "Nome secondo genitore", "Nome altro genitore"),
    "guardian2_tax_code": (
        "Codice fiscale genitore 2",
        "CF genitore 2",
        "Codice fiscale secondo genitore",
        "CF secondo genitore",
    ),
    "guardian2_email": ("E-mail genitore 2", "E-mail secondo genitore"),
    "guardian2_phone": ("Telefono genitore 2", "Cellulare genitore 2", "Telefono secondo genitore"),
    "services": ("Servizi", "Servizio"),
    "price": ("Tariffa", "Prezzo", "Fascia", "Costo pasto", "Prezzo pasto"),
    "former_code": (
        "Codice",
        "Codice utente",
        "Vecchio codice",
        "Codice precedente",
        "Matricola",
        "Codice PAN",
        "Codice alunno",
    ),
    "balance": ("Saldo", "Saldo iniziale", "Saldo attuale", "Credito/debito", "Residuo"),
    "debt": ("Debito", "Debiti", "Dovuto", "Insoluto"),
    "credit": ("Credito", "Crediti"),
}

REQUIRED = ("family_name", "given_name", "class_name")
# A header this poor is a title above the table.
FEWEST = 2


class ColumnsMissing(Unreadable):
    """Columns that are needed are not in the file, or are called by names that nobody knows."""

    def __init__(self, names: Sequence[str], message: str) -> None:
        self.names = tuple(names)
        super().__init__(message)


@dataclass(frozen=True)
class Columns:
    """The place of each field in a row, the headers nobody knows, and how many columns have a header."""

    places: Mapping[str, int]
    ignored: tuple[str, ...]
    width: int

    def cell(self, cells: Sequence[Cell], field: str) -> Cell:
        """Return a field's cell, None when the file has no such column or the row is short."""
        place = self.places.get(field)
        return cells[place] if place is not None and place < len(cells) else None


def header_of(field: str) -> str:
    """Return the documented header of a field."""
    return FIELDS[field][0]


def known_to(said: Mapping[str, str]) -> Mapping[str, str]:
    """Return what every header means, where the town has said some itself: folded header → field, empty is left out."""
    return {**_KNOWN, **said}


def looks_like_headers(cells: Sequence[Cell], known: Mapping[str, str]) -> bool:
    """Tell whether a row may be the header: titles above it have too few known words."""
    return sum(1 for cell in cells if folded(cell) in known) >= FEWEST


def is_header_again(cells: Sequence[Cell], found: Columns, known: Mapping[str, str]) -> bool:
    """Tell whether a row repeats the header, as printed pages do."""
    return all(known.get(folded(found.cell(cells, field))) == field for field in REQUIRED)


def recognise(cells: Sequence[Cell], known: Mapping[str, str]) -> Columns:
    """
    Read the header.

    :param known: what every header means (``known_to``)
    :raises ColumnsMissing: one that is needed is not there
    :raises Unreadable: one is there twice
    """
    places: dict[str, int] = {}
    ignored: list[str] = []
    for place, cell in enumerate(cells):
        field = known.get(folded(cell))
        if not field:
            ignored += [str(cell)] if folded(cell) and field is None else []
        elif field in places:
            raise Unreadable(f"Due colonne dicono la stessa cosa: “{cells[places[field]]}” e “{cell}”. Lasciane una sola.")
        else:
            places[field] = place
    missing = [header_of(field) for field in REQUIRED if field not in places]
    if "school_name" not in places and "school_code" not in places:
        missing.append(header_of("school_name"))
    if missing:
        raise ColumnsMissing(
            missing,
            f"Mancano le colonne: {', '.join(missing)}. Al posto delle intestazioni c’è scritto: {_shown(cells)}."
            " Le intestazioni accettate sono in docs/how/import.md; “campanella import columns” ne insegna altre.",
        )
    if "balance" in places and ("debt" in places or "credit" in places):
        raise Unreadable("Ci sono sia “Saldo” sia “Debito” o “Credito”: lascia l’uno o gli altri.")
    last = max(place for place, cell in enumerate(cells) if folded(cell))
    return Columns(places, tuple(ignored), width=last + 1)


def folded(cell: Cell) -> str:
    """Return a header without case, accents and punctuation: ``E-mail genitore`` and ``EMAIL GENITORE`` are one."""
    plain = unicodedata.normalize("NFKD", str(cell or "")).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", " ", plain.replace("e-mail", "email")).split()
    return " ".join(words)


def _shown(cells: Sequence[Cell]) -> str:
    """The beginning of a row, for a message."""
    words = ", ".join(str(cell).strip() for cell in cells if folded(cell)) or "niente"
    return words if len(words) <= 100 else f"{words[:100]}…"


_KNOWN = {folded(name): field for field, names in FIELDS.items() for name in names}
