"""Files of tariffs, as councils decide them."""

from pathlib import Path

TOWNS = sorted((Path(__file__).parent / "towns").glob("*.yaml"))

BANDS = """
tariffs:
  - code: mensa-2026
    name: Mensa 2026/27
    service: mensa
    from: 2026-09-01
    to: 2027-08-31
    isee: {counts: month, by_day: 15, months: {9: 30}}
    prices:
      - {name: Fino a 7.000, isee_up_to: "7.000,00", price: "2,55"}
      - {name: Fino a 11.000, isee_up_to: 11000, price: 3.05}
      - {name: Piena, price: 4.50}
    reductions:
      - {name: Secondo figlio, percent: 20, from_child: 2, to_child: 2, residents: yes}
"""


def put(key: str, value: str, text: str = BANDS) -> str:
    """Return the file with one line put in another's place."""
    assert key in text
    return text.replace(key, value)
