"""Files to import, made by tests: text in any encoding, workbooks, and a whole invented town."""

import random
from collections.abc import Sequence
from pathlib import Path

import xlsxwriter

HEADERS = [
    "Codice", "Cognome", "Nome", "Codice fiscale", "Data di nascita", "Plesso", "Ordine", "Classe",
    "Cognome genitore", "Nome genitore", "Codice fiscale genitore", "E-mail genitore", "Telefono genitore",
    "Servizi", "Saldo",
]  # fmt: skip
ANNA = [
    "A-1", "Bruni", "Anna", "BRNNNA19D52L483B", "12/04/2019", "Primaria Collodi", "primaria", "2A", "Bruni",
    "Maria Addolorata", "BRNMDD85T50A562X", "bruni@posta.example", "333 555 0142", "mensa=4,60 + scuolabus=1,50", "12,50",
]  # fmt: skip
LUCA = [
    "A-2", "Bruni", "Luca", "", "03/09/2020", "Primaria Collodi", "primaria", "1A", "Bruni", "Maria Addolorata",
    "BRNMDD85T50A562X", "bruni@posta.example", "333 555 0142", "mensa=3,10", "-36,80",
]  # fmt: skip
Cells = Sequence[str | float | None]


def text_file(
    folder: Path, rows: Sequence[Cells], *, headers: Cells = HEADERS, separator: str = ";", encoding: str = "utf-8"
) -> Path:
    """Write a text file of columns."""
    path = folder / "anagrafica.csv"
    lines = [separator.join("" if cell is None else str(cell) for cell in row) for row in [headers, *rows]]
    path.write_bytes(("\r\n".join(lines) + "\r\n").encode(encoding))
    return path


def workbook(
    folder: Path, rows: Sequence[Cells], *, headers: Cells = HEADERS, formulas: Sequence[tuple[str, str, object]] = ()
) -> Path:
    """Write a workbook; ``formulas`` are (place, formula, kept value)."""
    path = folder / "anagrafica.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Alunni")
        book.add_worksheet("Altro")
        for y, row in enumerate([headers, *rows]):
            sheet.write_row(y, 0, row)
        for place, formula, value in formulas:
            sheet.write_formula(place, formula, None, value)
    return path


def changed(row: Sequence[str], **fields: str) -> list[str]:
    """Return a row with some cells changed, by the words of their headers with underscores."""
    by_name = dict(zip(HEADERS, row, strict=True))
    for name, value in fields.items():
        header = next(header for header in HEADERS if header.lower().replace(" ", "_").replace("-", "") == name)
        by_name[header] = value
    return list(by_name.values())


def town_of(count: int) -> list[list[str]]:
    """Return the lines of an invented town: siblings, several schools, debts and credits."""
    dice = random.Random(7)
    syllables = ["ba", "ce", "di", "fo", "gu", "la", "me", "ni", "po", "ru", "sa", "te", "vi", "zo"]
    rows = []
    for n in range(count):
        family = n * 2 // 3
        surname = "".join(syllables[family // 14**i % 14] for i in range(4)).title()
        school = family % 30
        level = ("infanzia", "primaria", "secondaria")[school % 3]
        balance = dice.choice(
            ["", "0,00", f"{dice.randint(1, 9000) / 100:.2f}".replace(".", ","), f"-{dice.randint(1, 90)},50"]
        )
        rows.append([
            f"K{n:05}", surname,
            f"Bimbo{'abcdefghij'[n % 10]}".title(), "", f"{n % 28 + 1:02}/{n % 12 + 1:02}/{2014 + n % 8}",
            f"Plesso {school}", level, f"{n % 5 + 1}{'ABC'[n % 3]}", surname, f"Genitore{'xyz'[family % 3]}", "",
            f"famiglia{family}@posta.example", f"333 {family:07}",
            "mensa=4,60" if n % 4 else "mensa=3,10+scuolabus=1,50", balance,
        ])  # fmt: skip
    return rows
