"""A tariff is told in sentences, whatever its shapes."""

import pytest

from campanella.domains.services.tariff_files import reading
from campanella.domains.services.tariffs.telling import told

HEAD = """
tariffs:
  - code: x
    name: X
    service: mensa
    from: 2026-09-01
    to: 2027-06-30
"""


def sentences(text: str) -> dict[str, list[str]]:
    (scheme,) = reading.schemes(HEAD + text, services=["mensa"])
    return {part.title: [one.replace("\xa0", " ") for one in part.sentences] for part in told(scheme)}


@pytest.mark.parametrize(
    ("price", "said"),
    [
        ("price: 4.50", "Piena: 4,50 € al giorno."),
        (
            "price: [1.40, 0.90, 0]",
            "Piena: 1,40 € il 1º figlio, 0,90 € il 2º figlio, 0,00 € il 3º figlio e gli altri al giorno.",
        ),
        (
            "weekdays: {1: 150, 5: 734.40}",
            "Piena: 150,00 € con 1 giorno alla settimana, 734,40 € con 5 giorni alla settimana al giorno.",
        ),
        (
            "line: {from_isee: 4000, from_price: 164, to_isee: 30000, to_price: 562}",
            "Piena: cresce in proporzione da 164,00 € con ISEE 4.000,00 € a 562,00 € con ISEE 30.000,00 € al giorno.",
        ),
        (
            "percent_of_isee: 0.2205, above: 6000, base: 26.25, at_most: 90",
            "Piena: 26,25 € più 0,2205% dell’ISEE oltre 6.000,00 €, al massimo 90,00 € al giorno.",
        ),
    ],
)
def test_each_shape(price: str, said: str) -> None:
    # A line begins where a band ends; the others are for everybody.
    low = "      - {name: Bassa, isee_up_to: 4000, price: 1}\n" if price.startswith("line") else ""
    assert said in sentences(f"    prices:\n{low}      - {{name: Piena, {price}}}\n")["Quanto si paga"]


def test_who_is_outside_reductions_and_days() -> None:
    found = sentences(
        """    prices:
      - {name: ISEE fino a 7.000, isee_up_to: 7000, price: 2}
      - {name: Piena, price: 4}
    non_resident: {price: 6, reductions: yes}
    not_enrolled: full
    reductions:
      - {name: Fratelli, percent: 20, from_child: 2, isee_up_to: 20000}
      - {name: Tardi, surcharge: 5, enrolled_after: 2026-09-15}
    reductions_are: best_only
    isee: {counts: deadlines, deadlines: [{by: 2026-09-30, from: 2026-11-01}], expired: ends}
"""
    )
    assert found == {
        "Quanto si paga": ["ISEE fino a 7.000: 2,00 € al giorno.", "Piena: 4,00 € al giorno."],
        "Chi è fuori dalle fasce": [
            "Chi non è residente paga 6,00 €, con le riduzioni.",
            "Chi non presenta l’ISEE paga il prezzo pieno.",
            "Chi usa il servizio senza iscriversi paga il prezzo pieno.",
        ],
        "Riduzioni e maggiorazioni": [
            "Fratelli: 20% in meno se è dal 2º figlio in poi, l’ISEE arriva a 20.000,00 €.",
            "Tardi: 5,00 € in più se è iscritto dopo il 15 settembre 2026.",
            "Vale una riduzione sola, la più favorevole.",
            "Il primo figlio è il più grande; contano i fratelli che usano lo stesso servizio.",
        ],
        "Da quando conta l’ISEE": [
            "Presentato entro il 30 settembre 2026 vale dal 1 novembre 2026.",
            "Un ISEE che scade durante l’anno smette di valere: chi non lo rinnova paga come senza ISEE.",
        ],
    }
