"""``campanella tariff``."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError

from campanella.domains.enrolment.models import Subscription
from campanella.domains.services.models import Bracket, Tariff
from tests.config.commands.running import said
from tests.towns import Cast
from tests.usecases.tariffs.files import put

FACTS = {"day": "2028-10-20", "children": [{"birth_date": "2019-03-16", "services": ["mensa"]}]}
NEXT_YEAR = put("2027-08-31", "2029-06-30", put("2026-09-01", "2028-09-01"))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file of tariffs for years that the town has none for."""
    path = tmp_path / "tariffe.yaml"
    path.write_text(NEXT_YEAR)
    return path


def load(file: Path, *more: str) -> str:
    return said("tariff", "load", str(file), "--town", "valle", *more)


def quoted(tmp_path: Path, **facts: Any) -> Any:
    asked = tmp_path / "fatti.json"
    asked.write_text(json.dumps({**FACTS, **facts}))
    return json.loads(said("tariff", "quote", "--town", "valle", "--service", "mensa", "--facts", str(asked), "--json"))


def test_a_file_is_told_kept_and_written_again(valle: Cast, file: Path, tmp_path: Path) -> None:
    before = Tariff.objects.count()
    assert "mensa-2026: nuova\ntariffe da caricare: 1" in load(file, "--dry-run")
    assert Tariff.objects.count() == before
    assert "tariffe caricate: 1; già così: 0" in load(file)
    listed = Bracket.objects.filter(tariff__code="mensa-2026").order_by("cents", "code")
    # The first one stands for the whole of it: a child is subscribed to that.
    assert [(bracket.code, bracket.cents) for bracket in listed] == [("1", 255), ("2", 305), ("0", 450), ("3", 450)]
    assert "tariffe caricate: 0; già così: 1" in load(file)

    exported = tmp_path / "di-nuovo.yaml"
    exported.write_text(said("tariff", "export", "--town", "valle"))
    assert "già così" in load(exported)
    assert "nuova" not in load(exported, "--dry-run")


def test_a_price_is_quoted_with_its_reason(valle: Cast, file: Path, tmp_path: Path) -> None:
    load(file)
    assert quoted(tmp_path) == {
        "cents": 450,
        "unit": "day",
        "bracket": "Piena",
        "because": "Senza ISEE; Piena: 4,50\xa0€ al giorno.",
    }
    asked = {"isee_cents": 980_000, "isee_presented_on": "2028-10-15T21:59:30Z"}
    assert quoted(tmp_path, **asked)["cents"] == 305
    assert quoted(tmp_path, **asked | {"isee_presented_on": "2028-10-15T22:30:00Z"})["cents"] == 450, "the 16th in the town"
    two = [{"birth_date": "2016-01-01", "services": ["mensa"]}, *FACTS["children"]]
    assert quoted(tmp_path, **asked, children=two, child=1)["cents"] == 244


def test_a_tariff_that_somebody_pays_is_never_another(valle: Cast, file: Path) -> None:
    load(file)
    bracket = Bracket.objects.get(tariff__code="mensa-2026", code="3")
    Subscription.objects.filter(child=valle.child("Anna")).update(bracket=bracket)
    file.write_text(NEXT_YEAR.replace("4.50", "4.60"))
    with pytest.raises(CommandError, match="la paga già un bambino"):
        load(file)
    assert Bracket.objects.filter(tariff__code="mensa-2026", cents=450).exists()


def test_one_that_nobody_pays_takes_the_place_of_the_former(valle: Cast, file: Path) -> None:
    load(file)
    file.write_text(NEXT_YEAR.replace("4.50", "4.60"))
    assert "cambia, nessuno la paga ancora" in load(file)
    assert Bracket.objects.filter(tariff__code="mensa-2026", cents=460).exists()
    file.write_text(NEXT_YEAR.replace("mensa-2026", "altra"))
    with pytest.raises(CommandError, match="varrebbe negli stessi giorni di «Mensa 2026/27»"):
        load(file)


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"isee_cents": -1}, "“isee_cents” è un numero intero da 0"),
        ({"isee_cents": "12.345,67"}, "“isee_cents” è un numero intero"),
        ({"day": "ieri"}, "“day” non è un giorno"),
        ({"children": []}, "almeno un bambino"),
        ({"child": 1}, "“child” è un numero intero da 0 a 0"),
        ({"resident": "no"}, "“resident” è true o false"),
        ({"reddito": 3}, "“reddito” non si conosce"),
        ({"day": "2040-01-01"}, "Nessuna tariffa di “mensa” vale il 1 gennaio 2040"),
    ],
)
def test_facts_that_say_nothing_are_refused(valle: Cast, file: Path, tmp_path: Path, facts: Any, told: str) -> None:
    load(file)
    with pytest.raises(CommandError, match=told):
        quoted(tmp_path, **facts)


def test_a_file_with_faults_changes_nothing(valle: Cast, file: Path) -> None:
    before = Tariff.objects.count()
    file.write_text(NEXT_YEAR.replace("price: 3.05", "price: 12.345"))
    with pytest.raises(CommandError, match="Riga 11"):
        load(file)
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(CommandError, match="not UTF-8"):
        load(file)
    assert Tariff.objects.count() == before
