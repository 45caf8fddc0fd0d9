"""Invented tax codes against the ministry's rules."""

import json
import os
from datetime import date
from pathlib import Path

import pytest
from stdnum.it import codicefiscale

from campanella.demo.calendar import SchoolYear
from campanella.demo.people import Inventor
from campanella.demo.tax_codes import tax_code
from campanella.demo.towns import TOWNS

SPEC = Path(os.environ.get("CAMPANELLA_SPEC") or Path(__file__).resolve().parents[2].parent / "shared" / "spec")
VECTORS = SPEC / "fisco" / "codice-fiscale-vectors.json"


@pytest.mark.skipif(not VECTORS.exists(), reason="the official vectors are not here (make schemas)")
def test_every_official_vector() -> None:
    vectors = json.loads(VECTORS.read_text())["valid"]

    made = [
        tax_code(
            family_name=v["cognome"],
            given_name=v["nome"],
            sex=v["sesso"],
            born=date.fromisoformat(v["nascita"]),
            place=v["codice_luogo"],
        )
        for v in vectors
    ]

    assert made == [v["cf"] for v in vectors]


@pytest.mark.parametrize(
    ("family_name", "given_name", "letters"),
    [("Fo", "Al", "FOXLAX"), ("D’Amico", "Niccolò Maria", "DMCNCL"), ("Łukasik", "Michał", "LKSMHL"),
     ("Țăranu", "Ștefan", "TRNSFN"),
     ("Çela", "Ergi", "CLERGE"), ("Yıldız", "Yiğit", "YLDYGT"), ("Đorđević", "Željko", "DRDZJK")],
)  # fmt: skip
def test_names_from_everywhere(family_name: str, given_name: str, letters: str) -> None:
    made = tax_code(family_name=family_name, given_name=given_name, sex="M", born=date(2018, 2, 3), place="H501")

    assert made[:6] == letters
    assert codicefiscale.is_valid(made)


@pytest.mark.parametrize("plan", TOWNS, ids=lambda plan: plan.slug)
def test_everybody_is_invented_whole_and_twice_the_same(plan: object) -> None:
    town = next(known for known in TOWNS if known == plan)

    def invent() -> list[object]:
        return list(Inventor(town, schools=town.schools, year=SchoolYear(2026), seed=town.slug).households())

    households = Inventor(town, schools=town.schools, year=SchoolYear(2026), seed=town.slug).households()
    people = [person for h in households for person in (*h.adults, *h.children)]
    codes = [person.tax_code for person in people if person.tax_code]
    children = sum(len(household.children) for household in households)

    assert invent() == households
    assert len(set(codes)) == len(codes) >= len(people) - 2
    assert all(map(codicefiscale.is_valid, codes))
    assert 90 <= children <= 160
    siblings = sum(len(h.children) - 1 for h in households)
    assert 0.15 <= siblings / children <= 0.35
