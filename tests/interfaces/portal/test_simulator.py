"""What things cost is told to anybody, by the function that charges."""

import pytest

from tests.browsing import at_most, browser
from tests.tariffs import LISSONE, SIBLINGS, load
from tests.towns import Cast

NURSERY = """
tariffs:
  - code: nido
    name: Nido
    service: mensa
    level: nido
    from: 2026-09-01
    to: 2027-07-31
    unit: month
    without_isee: full
    prices:
      - {name: Minima, isee_up_to: 4000, price: 164}
      - {name: Proporzionale, line: {from_isee: 4000, from_price: 164, to_isee: 30000, to_price: 562}}
    reductions:
      - {name: Part-time, percent: 25, if: part_time}
      - {name: Secondo figlio, percent: 50, from_child: 2, to_child: 2}
"""


@pytest.mark.parametrize(
    ("isee", "full", "part_time", "second"),
    [
        ("4.000,00", "164,00", "123,00", "82,00"),
        ("4000.01", "164,00", "123,00", "82,00"),
        ("4.195,00", "166,99", "125,24", "83,50"),
        ("10000", "255,85", "191,89", "127,93"),
        ("12.345,67", "291,75", "218,81", "145,88"),
        ("17.345,67", "368,29", "276,22", "184,15"),
        ("29.999,99", "562,00", "421,50", "281,00"),
        ("", "562,00", "421,50", "281,00"),
    ],
)
def test_a_straight_line_to_the_cent(valle: Cast, isee: str, full: str, part_time: str, second: str) -> None:
    load(NURSERY)
    anybody = browser(valle.town)
    for more, price in (({}, full), ({"vale": "part_time"}, part_time), ({"fratelli": "1"}, second)):
        told = anybody.read("/quanto-si-paga/", isee=isee, residente="si", **more)
        assert f"Refezione: {price} € al mese" in told.replace("\xa0", " ").replace("&nbsp;", " ")


def test_nobody_needs_to_sign_in_and_nothing_is_lost(valle: Cast) -> None:
    load(LISSONE + SIBLINGS)
    anybody = browser(valle.town)
    assert "Calcola" in anybody.read("/quanto-si-paga/")
    told = anybody.read("/quanto-si-paga/", isee="9.800,00", fratelli="1").replace("\xa0", " ")
    assert "ISEE 9.800,00 €; Fino a 11.000: 3,05 €; Secondo figlio, meno il 20%: 2,44 € al giorno." in told
    away = anybody.read("/quanto-si-paga/", isee="9800", residente="no").replace("\xa0", " ")
    assert "Non residente: 4,50 € al giorno." in away
    wrong = anybody.get("/quanto-si-paga/", {"isee": "-1"}).content.decode()
    assert "L’importo non può essere negativo" in wrong
    assert 'value="-1"' in wrong


def test_it_asks_a_few_questions(valle: Cast) -> None:
    load()
    with at_most(4):
        browser(valle.town).get("/quanto-si-paga/", {"isee": "9800"})
