"""
Twelve real set-ups: settings and a file of tariffs, no code. What each says a child pays is a table an officer can check.

Where a figure was not published the file says that it is assumed.
"""

from datetime import date, time
from pathlib import Path
from typing import Any

import pytest
import yaml

from campanella.domains.attendance.models import MODES
from campanella.domains.billing.rules import KINDS
from campanella.domains.services.tariff_files import reading, writing
from campanella.domains.services.tariffs.facts import Facts, Sibling
from campanella.domains.services.tariffs.quoting import quote
from campanella.foundation.core.money import Euro
from campanella.foundation.tenants import settings

FOLDER = Path(__file__).parent
FILES = {path.stem: path.read_text() for path in sorted(FOLDER.glob("*.yaml"))}
SETTINGS: dict[str, Any] = yaml.safe_load((FOLDER / "settings.yml").read_text())
A_DAY = date(2026, 11, 20)

# Town, ISEE in cents (None: none), place among the children, resident, cents.
PRICES = [
    *[("gasperina", isee, 1, True, 140) for isee in (0, 300_000, 900_000, None)],
    ("gasperina", 300_000, 2, True, 90),
    ("gasperina", 300_001, 2, True, 100),
    ("gasperina", 500_000, 2, True, 100),
    ("gasperina", 500_001, 2, True, 110),
    ("gasperina", 300_000, 3, True, 0),
    ("gasperina", 500_000, 3, True, 0),
    ("gasperina", 500_001, 3, True, 90),
    ("gasperina", None, 2, True, 110),
    *[("gasperina", isee, 1, False, 260) for isee in (0, 500_000, None)],
    ("gasperina", 300_000, 2, False, 200),
    ("gasperina", 500_000, 2, False, 220),
    ("gasperina", 500_001, 2, False, 240),
    ("gasperina", 300_000, 3, False, 160),
    ("gasperina", 500_000, 3, False, 200),
    ("gasperina", 500_001, 3, False, 200),
    ("salussola", None, 1, True, 530),
    ("salussola", 100_000, 3, False, 530),
    ("arsago", 400_000, 1, True, 175),
    ("arsago", 400_001, 1, True, 280),
    ("arsago", 600_000, 2, True, 280),
    ("arsago", 800_000, 1, True, 390),
    ("arsago", 800_001, 1, True, 550),
    ("arsago", None, 1, True, 550),
    ("arsago", None, 2, True, 500),
    ("arsago", 100_000, 1, False, 565),
    ("arsago", 100_000, 2, False, 565),
    ("san-giorgio", 0, 1, True, 295),
    # 2.95 + 2.88 × 6,531 / 13,062 = 4.39 exactly, half-way.
    ("san-giorgio", 653_100, 1, True, 439),
    ("san-giorgio", 1_306_200, 1, True, 583),
    ("san-giorgio", 1_306_201, 1, True, 583),
    ("san-giorgio", None, 2, True, 567),
    ("san-giorgio", 100_000, 1, False, 606),
    ("cusano", 600_000, 1, True, 250),
    ("cusano", 600_001, 1, True, 350),
    ("cusano", 1_600_000, 1, True, 400),
    ("cusano", 2_000_000, 1, True, 450),
    ("cusano", 2_000_001, 1, True, 500),
    ("cusano", 2_000_001, 2, True, 400),
    ("lissone", 200_000, 1, True, 50),
    ("lissone", 400_000, 1, True, 135),
    ("lissone", 700_000, 1, True, 255),
    ("lissone", 1_100_000, 1, True, 305),
    ("lissone", 1_500_000, 1, True, 365),
    ("lissone", 2_500_000, 1, True, 410),
    ("lissone", 2_500_001, 1, True, 450),
    ("lissone", 100_000, 1, False, 450),
    ("empoli", 500_000, 1, True, 0),
    ("empoli", 500_001, 1, True, 170),
    ("empoli", 1_600_000, 1, True, 340),
    ("empoli", 2_500_000, 1, True, 380),
    ("empoli", 2_500_001, 1, True, 410),
    ("caltanissetta", 300_000, 1, True, 0),
    ("caltanissetta", 500_000, 2, True, 35),
    ("caltanissetta", 900_000, 2, True, 126),
    ("caltanissetta", 1_400_000, 2, True, 175),
    ("caltanissetta", 2_000_000, 1, True, 380),
    ("caltanissetta", 2_700_000, 2, True, 336),
    # 5.30 less 30 in a hundred.
    ("caltanissetta", None, 2, True, 371),
    ("caltanissetta", None, 3, True, 0),
    ("bolzano", None, 1, True, 106),
    ("bolzano", None, 2, True, 95),
    ("bolzano", None, 1, False, 436),
    ("milano", None, 1, True, 73_440),
    ("milano", 2_700_000, 1, True, 45_000),
    ("milano", 2_700_001, 1, True, 73_440),
    ("milano", 100_000, 1, False, 100_000),
    ("pisa", 600_000, 1, True, 150),
    ("pisa", 1_600_000, 1, True, 350),
    ("pisa", None, 1, True, 520),
    ("cassola", None, 1, True, 450),
    ("cassola", 100_000, 2, False, 450),
]


def _facts(**values: Any) -> Facts:
    children = tuple(Sibling(date(2014 + place, 5, 1), frozenset({"mensa"})) for place in range(4))
    return Facts(**{"day": A_DAY, "children": children, **values})


def test_there_are_twelve_and_each_has_its_settings() -> None:
    assert len(FILES) == 12
    assert FILES.keys() == SETTINGS.keys() == {town for town, *_ in PRICES}


@pytest.mark.parametrize(("town", "isee", "child", "is_resident", "cents"), PRICES)
def test_what_a_child_pays(town: str, isee: int | None, child: int, is_resident: bool, cents: int) -> None:
    facts = _facts(isee=None if isee is None else Euro(isee), child=child - 1, is_resident=is_resident)
    for scheme in reading.schemes(FILES[town], services=["mensa"]):
        assert quote(scheme=scheme, facts=facts).amount == Euro(cents)


@pytest.mark.parametrize(("words", "cents"), [(frozenset[str](), 530), (frozenset({"disabled"}), 0)])
def test_a_disabled_pupil_of_caltanissetta_eats_for_nothing(words: frozenset[str], cents: int) -> None:
    (scheme,) = reading.schemes(FILES["caltanissetta"], services=["mensa"])
    assert quote(scheme=scheme, facts=_facts(words=words)).amount == Euro(cents)


@pytest.mark.parametrize(
    ("town", "presented", "day", "cents"),
    [
        ("lissone", date(2026, 10, 15), date(2026, 10, 1), 305),
        ("lissone", date(2026, 10, 16), date(2026, 10, 30), 450),
        ("lissone", date(2026, 10, 16), date(2026, 11, 2), 305),
        ("lissone", date(2026, 9, 30), date(2026, 9, 15), 305),
        ("empoli", date(2026, 6, 30), date(2026, 9, 15), 170),
        ("empoli", date(2026, 9, 30), date(2026, 10, 30), 410),
        ("empoli", date(2026, 9, 30), date(2026, 11, 2), 170),
        ("empoli", date(2026, 10, 1), date(2026, 12, 18), 410),
        ("empoli", date(2026, 12, 31), date(2027, 1, 8), 170),
        ("milano", date(2027, 4, 30), date(2027, 4, 30), 45_000),
        ("milano", date(2027, 5, 1), date(2027, 5, 3), 73_440),
    ],
)
def test_from_when_an_isee_counts(town: str, presented: date, day: date, cents: int) -> None:
    (scheme,) = reading.schemes(FILES[town], services=["mensa"])
    assert quote(scheme=scheme, facts=_facts(isee=Euro(980_000), presented_on=presented, day=day)).amount == Euro(cents)


@pytest.mark.parametrize(("weekdays", "cents"), [(1, 14_688), (3, 44_064), (5, 73_440)])
def test_a_year_in_milano_goes_by_weekdays(weekdays: int, cents: int) -> None:
    (scheme,) = reading.schemes(FILES["milano"], services=["mensa"])
    found = quote(scheme=scheme, facts=_facts(weekdays=weekdays))
    assert (found.amount, found.unit) == (Euro(cents), "year")


@pytest.mark.parametrize("town", FILES)
def test_a_file_is_written_as_it_is_read(town: str) -> None:
    read = reading.schemes(FILES[town], services=["mensa"])
    assert reading.schemes(writing.text(read), services=["mensa"]) == read


@pytest.mark.parametrize("town", SETTINGS)
def test_a_town_chooses_what_can_be_chosen(town: str) -> None:
    said = SETTINGS[town]
    assert said.keys() == {"pays", "wallet", "days", "choices"}
    assert said["pays"] in KINDS
    assert said["wallet"] in ("child", "family")
    assert said["days"]["mode"] in dict(MODES)
    assert time.fromisoformat(said["days"]["closes_at"]) <= time(9, 30)
    kept = settings.stored(said["choices"])
    kinds = {one.name: one.metadata for one in settings.declared()}
    for name, value in said["choices"].items():
        assert kept[name] == value
        least, most = kinds[name]["bounds"] or (0, 0)
        assert not isinstance(value, int) or isinstance(value, bool) or name == "floor" or least <= value <= most
