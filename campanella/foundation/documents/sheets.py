"""Sheets for spreadsheet programs: CSV as Italian ones open it, and XLSX written row by row."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date
from io import BytesIO, StringIO

from campanella.foundation.core.italian import day_figures
from campanella.foundation.core.later import Later
from campanella.foundation.core.money import Euro

xlsxwriter = Later("xlsxwriter")

Cell = str | int | date | Euro | None

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV = "text/csv; charset=utf-8"
# A spreadsheet runs a cell that begins so as a formula (OWASP, CSV injection).
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
WIDEST = 48


def harmless(text: str) -> str:
    """Neutralise a text that a spreadsheet would run as a formula."""
    return f"'{text}" if text.startswith(DANGEROUS) else text


def csv_sheet(*, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Write a sheet as Italian spreadsheets open it: semicolons, decimal comma, byte order mark."""
    out = StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(head)
    for row in rows:
        writer.writerow([_written(cell) for cell in row])
    return ("\ufeff" + out.getvalue()).encode()


def xlsx_sheet(*, title: str, head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """
    Write a sheet as XLSX, row by row: memory does not grow with its length, and no text is ever run as a formula.

    :param title: of the sheet, at most 31 characters
    """
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold = book.add_format({"bold": True, "bottom": 1})
    money = book.add_format({"num_format": "#,##0.00"})
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    page = book.add_worksheet(title)
    page.freeze_panes(1, 0)
    page.set_landscape()
    page.repeat_rows(0)
    page.fit_to_pages(1, 0)
    for place, label in enumerate(head):
        page.set_column(place, place, min(WIDEST, max(12, len(label) + 4)))
        page.write_string(0, place, label, bold)
    for line, row in enumerate(rows, start=1):
        for place, cell in enumerate(row):
            if isinstance(cell, Euro):
                page.write_number(line, place, cell.cents / 100, money)
            elif isinstance(cell, date):
                page.write_datetime(line, place, cell, day)
            elif isinstance(cell, int):
                page.write_number(line, place, cell)
            elif cell:
                page.write_string(line, place, cell)
    book.close()
    return out.getvalue()


def _written(cell: Cell) -> str:
    if isinstance(cell, Euro):
        return cell.plain()
    if isinstance(cell, date):
        return day_figures(cell)
    return "" if cell is None else harmless(str(cell))
