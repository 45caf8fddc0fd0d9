"""One cell → one value, or a reason that an office understands."""

from datetime import UTC, date, datetime

import pytest

from campanella.foundation.core.money import Euro
from campanella.usecases.importing import values
from campanella.usecases.importing.cells import Broken, Cell
from campanella.usecases.importing.values import Wrong

DAYS = {"first": date(1990, 1, 1), "last": date(2026, 10, 14)}


@pytest.mark.parametrize(
    ("cell", "cents"),
    [
        ("12,50", 1250), ("-12.50", -1250), ("€ 12,50", 1250), ("(12,50)", -1250), ("12,5", 1250), ("12", 1200),
        ("1.234,50", 123450), ("1,234.50", 123450), ("12,50-", -1250), ("−3,00 €", -300), ("12.50 EUR", 1250),
        ("1.234.567", None), ("1.234", None), ("12,345", None), ("dodici", None), ("1e9", None), ("--5", None),
        ("12.345", None), ("12,505", None), ("+12,50-", None), ("-12,50-", None), ("+12,50", 1250), ("12,5050", None),
        (12.5, 1250), (-36.8, -3680), (7, 700), (0.1 + 0.2, 30), (12.345, None), (1e9, None), (True, None), ("0", 0),
    ],
)  # fmt: skip
def test_amounts(cell: Cell, cents: int | None) -> None:
    if cents is None:
        with pytest.raises(Wrong):
            values.amount(cell)
    else:
        assert values.amount(cell) == Euro(cents)


@pytest.mark.parametrize("cell", ["12.345", "12,505", "1.234"])
def test_an_amount_that_may_be_two_is_asked_about_without_advice_on_which(cell: Cell) -> None:
    with pytest.raises(Wrong, match=r"non è chiaro, migliaia o decimali: scrivi l’importo con due decimali e la virgola$"):
        values.amount(cell)


@pytest.mark.parametrize(
    "cell", ["15/10/24", 45580, 45580.0, "45580", datetime(2024, 10, 15, tzinfo=UTC), date(2024, 10, 15)]
)
def test_a_day_of_two_years_ago(cell: Cell) -> None:
    assert values.day(cell, **DAYS) == date(2024, 10, 15)


def test_a_day_written_as_in_america_is_refused() -> None:
    with pytest.raises(Wrong, match="“10/15/2024” non è una data del calendario"):
        values.day("10/15/2024", **DAYS)


def test_no_amount_is_none() -> None:
    assert values.amount("") is values.amount(None) is values.amount("  ") is None


MIDNIGHT = datetime(2019, 4, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "cell",
    [
        "12/04/2019",
        "12-4-2019",
        "12.04.2019",
        "2019-04-12",
        "12/04/19",
        date(2019, 4, 12),
        MIDNIGHT,
        43567,
        43567.0,
        "43567",
    ],
)
def test_days(cell: Cell) -> None:
    assert values.day(cell, **DAYS) == date(2019, 4, 12)


@pytest.mark.parametrize(
    "cell", ["31/02/2020", "12/2019", "ieri", "12/04/1919", "15/10/2026", 99999.0, 12, "00012", "04/13/2019"]
)
def test_wrong_days(cell: Cell) -> None:
    with pytest.raises(Wrong):
        values.day(cell, **DAYS)


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("ROSSI", "Rossi"), ("D'AMICO", "D'Amico"), ("DE LUCA", "De Luca"), ("Di Già", "Di Già"),
        ("  Nguyễn   Thị ", "Nguyễn Thị"),
        ("AGUILAR-PÉREZ", "Aguilar-Pérez"), ("O", "O"), ("=A1", None), ("+39", None), ("-x", None), ("@x", None),
        ("Anna3", None),
        ("...", None), ("a" * 81, None), ("An\x00na", None), (3.0, None), (Broken("x"), None),
    ],
)  # fmt: skip
def test_names(cell: Cell, name: str | None) -> None:
    if name is None:
        with pytest.raises(Wrong):
            values.name(cell)
    else:
        assert values.name(cell) == name


@pytest.mark.parametrize(
    ("cell", "level"),
    [
        ("Scuola dell'Infanzia", "infanzia"), ("materna", "infanzia"), ("ELEMENTARE", "primaria"), ("Primaria", "primaria"),
        ("secondaria di I grado", "secondaria"), ("media", "secondaria"), ("Asilo nido", "nido"), ("", ""),
    ],
)  # fmt: skip
def test_levels(cell: Cell, level: str) -> None:
    assert values.level(cell) == level


@pytest.mark.parametrize(
    ("code", "family", "given", "born", "odd"),
    [
        ("RSSNNA19D52L483C", "Rossi", "Anna", date(2019, 4, 12), ""),
        ("RSSNNA19D52L483C", "Rossi", "Anna", None, ""),
        ("RSSNNA19D52L483C", "Rossi", "Anna", date(2019, 4, 13), "il codice fiscale dice un’altra data di nascita"),
        ("RSSNNA19D52L483C", "Rosi", "Anna", None, "il codice fiscale non sembra di questo nome e cognome"),
        ("RSSNNA19D52L483C", "Rossi", "Gianfranco", None, "il codice fiscale non sembra di questo nome e cognome"),
        ("RSSMRA85T10A562S", "Rossi", "Mario", None, ""),
        ("00142920438", "Rossi", "Mario", None, ""),
    ],
)  # fmt: skip
def test_a_tax_code_against_its_person(code: str, family: str, given: str, born: date | None, odd: str) -> None:
    assert values.contradiction(code=code, family_name=family, given_name=given, birth_date=born) == odd


def test_a_number_cell_is_text_without_its_point() -> None:
    assert values.phone(3335550142.0) == "3335550142"
    assert values.label(7.0, most=40) == "7"


@pytest.mark.parametrize(
    "name", ["D’Amico", "Šarić-Dell'Orto", "Nuñez", "José María", "Ó Briain", "王小明", "अनन्या", "Ann (Nina)"]
)
def test_names_of_every_alphabet(name: str) -> None:
    assert values.name(name) == name


@pytest.mark.parametrize("misread", ["Ross“", "RossÃ¬", "Ni\N{REPLACEMENT CHARACTER}ola", "Rossi; Anna", "<b>Rossi</b>"])
def test_a_name_read_in_the_wrong_encoding_is_told(misread: str) -> None:
    with pytest.raises(Wrong, match="forse il file va letto con un’altra codifica"):
        values.name(misread)
