"""A file of tariffs is read to the last value, or refused with the line of each fault."""

from dataclasses import replace

import pytest

from campanella.domains.services.tariff_files import reading, writing
from campanella.domains.services.tariff_files.nodes import FileRefused
from campanella.domains.services.tariffs.shapes import Flat, Scheme
from campanella.foundation.core.money import Euro
from tests.usecases.tariffs.files import BANDS, TOWNS, put

LINES = {line.strip(): number for number, line in enumerate(BANDS.splitlines(), start=1)}


def read(text: str) -> list[Scheme]:
    return reading.schemes(text, services=["mensa", "scuolabus"])


def refused(text: str) -> list[str]:
    with pytest.raises(FileRefused) as caught:
        read(text)
    return [str(problem) for problem in caught.value.problems]


def test_amounts_are_read_as_italians_and_machines_write_them() -> None:
    (one,) = read(BANDS)
    assert [band.isee_up_to for band in one.bands] == [Euro(700_000), Euro(1_100_000), None]
    assert [band.shape for band in one.bands] == [Flat((Euro(255),)), Flat((Euro(305),)), Flat((Euro(450),))]
    assert one.isee.months == {9: 30}


@pytest.mark.parametrize("town", TOWNS, ids=lambda town: town.stem)
def test_what_is_written_is_read_as_the_same(town: object) -> None:
    schemes = read(town.read_text())  # type: ignore[attr-defined]
    assert read(writing.text(schemes)) == schemes
    assert read(writing.text([replace(schemes[0], eldest="youngest", siblings="any_service")]))[0].eldest == "youngest"


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ('isee_up_to: "7.000,00"', "isee_up_to: 11000", "Riga 11: sovrapposizione: «Fino a 11.000» arriva a 11.000,00"),
        ("{name: Piena, price: 4.50}", "{name: Piena, isee_up_to: 20000, price: 4.50}", "Riga 12: buco: oltre 20.000,00"),
        (
            "{name: Fino a 11.000, isee_up_to: 11000, price",
            "{name: Tutti, price",
            "Riga 12: sovrapposizione: «Tutti» non ha un limite",
        ),
        ("price: 3.05", "price: 12.345", "Riga 11: “price”: “12.345” non è chiaro"),
        ("price: 3.05", "price: -1", "Riga 11: “price”: “-1” è sotto zero"),
        ("price: 3.05", "prezzo: 3.05", "Riga 11: ci vuole una forma sola"),
        ("price: 3.05", "price: 3.05, sconto: 2", "Riga 11: “sconto” non si conosce"),
        ("service: mensa", "service: teatro", "Riga 5: “service”: “teatro” non va bene: si può scrivere mensa, scuolabus"),
        ("to: 2027-08-31", "to: 2026-08-31", "Riga 7: finisce prima di cominciare"),
        ("to: 2027-08-31", "to: 31/02/2027", "Riga 7: “to”: “31/02/2027” non è un giorno"),
        ("percent: 20", "percent: 120", "Riga 14: “percent”: “120” non è una percentuale"),
        ("percent: 20", "percent: 20, amount: 1", "Riga 14: ci vuole una sola tra"),
        ("by_day: 15", "by_day: 32", "Riga 8: “by_day”: “32” non è un numero da 0 a 31"),
        ("months: {9: 30}", "months: {²: 30}", "Riga 8: “²” non è un mese da 1 a 12"),
        ("counts: month", "counts: deadlines", "Riga 8: mancano le scadenze"),
        ("code: mensa-2026", "nome: x", "Riga 3: “nome” non si conosce"),
    ],
)
def test_each_fault_is_told_with_its_line(key: str, value: str, told: str) -> None:
    assert any(problem.startswith(told) for problem in refused(put(key, value))), refused(put(key, value))


def test_a_line_must_begin_where_the_band_before_it_ends() -> None:
    lucca = next(town for town in TOWNS if town.stem == "lucca").read_text()
    assert (
        "buco: «Minima» arriva a 7.500,00\xa0€, la retta di «Proporzionale» parte da 7.600,00\xa0€"
        in refused(lucca.replace("{from_isee: 7500,", "{from_isee: 7600,"))[0]
    )
    assert "sovrapposizione" in refused(lucca.replace("{from_isee: 7500,", "{from_isee: 7400,"))[0]


def test_households_that_nobody_thought_of_are_a_hole() -> None:
    casal = next(town for town in TOWNS if town.stem == "casalmaggiore").read_text()
    told = refused(casal.replace("{name: Piena, price", "{name: Piena, household_from: 3, price"))
    assert told == ["Riga 3: buco: nessun prezzo (famiglie di 2)"]


def test_two_tariffs_never_hold_on_one_day() -> None:
    twice = BANDS + BANDS.replace("\ntariffs:\n", "").replace("mensa-2026", "mensa-2027").replace("to: 2027", "to: 2028")
    assert refused(twice) == [
        "Riga 15: sovrapposizione: «Mensa 2026/27» e «Mensa 2026/27» valgono negli stessi giorni per mensa"
    ]
    assert read(twice.replace("to: 2027", "unit: month\n    to: 2027", 1))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "Riga 1: il file è vuoto"),
        ("tariffs: [", "il file non si legge più"),
        ("- uno", "Riga 1: qui ci vogliono coppie"),
        ("tariffs: 3", "Riga 1: “tariffs” è un elenco"),
        ("altro: 3", "“altro” non si conosce"),
        ("tariffs:\n  - code: [1]\n", "Riga 2: “code” è un valore solo"),
        ("!!python/object/apply:os.system ['true']", "Riga 1: qui ci vogliono coppie"),
        ("a: &a [*a]", "“a” non si conosce"),
    ],
)
def test_what_is_no_file_of_tariffs_is_refused(text: str, told: str) -> None:
    assert any(told in problem for problem in refused(text)), refused(text)
