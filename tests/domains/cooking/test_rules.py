"""Which week of a menu a day is, and a day's dishes as the office writes them."""

from datetime import date

import pytest

from campanella.demo.kitchens import winter
from campanella.domains.cooking.rules import ALLERGENS, NotUnderstood, plate, read_dishes, undefined, week_of, written


@pytest.mark.parametrize(
    ("day", "first", "weeks", "expected"),
    [
        (date(2026, 9, 14), date(2026, 9, 14), 4, 1),
        (date(2026, 9, 18), date(2026, 9, 14), 4, 1),
        (date(2026, 9, 21), date(2026, 9, 14), 4, 2),
        (date(2026, 10, 12), date(2026, 9, 14), 4, 1),
        # A menu that begins on a Thursday: its first week is that one, the second begins on Monday.
        (date(2026, 9, 17), date(2026, 9, 17), 4, 1),
        (date(2026, 9, 21), date(2026, 9, 17), 4, 2),
        # Across the change of the clock and the new year a week stays a week.
        (date(2027, 1, 11), date(2026, 9, 14), 4, 2),
        (date(2026, 12, 1), date(2026, 9, 14), 1, 1),
    ],
)
def test_the_week_of_a_menu(day: date, first: date, weeks: int, expected: int) -> None:
    assert week_of(day=day, first=first, weeks=weeks) == expected


def test_dishes_are_read_as_menus_write_them_and_written_back() -> None:
    text = "Pasta al pomodoro (9, 1)\n  d1: Pasta di riso (9)\n\nPlatessa (1; 4)\nMela"
    pasta, fish, apple = read_dishes(text)
    assert (pasta.name, pasta.allergens, pasta.contains) == ("Pasta al pomodoro", (1, 9), "cereali con glutine, sedano")
    assert [(one.code, one.name, one.allergens) for one in pasta.instead] == [("D1", "Pasta di riso", (9,))]
    assert (fish.allergens, apple.allergens, apple.contains) == ((1, 4), (), "")
    assert plate([pasta], "D1") == "Pasta di riso"
    assert read_dishes(written([pasta, fish, apple])) == [pasta, fish, apple]


def test_what_the_menu_does_not_say_of_a_diet_is_to_be_asked_and_never_the_dish_of_all() -> None:
    text = "Pasta al pomodoro (1, 9)\nD1: Pasta di riso (9)\nD2, D3: come tutti\nPlatessa (1; 4)\nMela\ntutte: come tutti"
    dishes = read_dishes(text, codes=["D1", "D2", "D3", "D4"])
    assert plate(dishes, "D1") == "Pasta di riso, Mela; per un piatto sostituzione da definire: chiedere all’ufficio"
    assert plate(dishes, "D2") == "Pasta al pomodoro, Mela; per un piatto sostituzione da definire: chiedere all’ufficio"
    assert plate(dishes, "D4") == "Mela; per 2 piatti sostituzione da definire: chiedere all’ufficio"
    # A code that came after the menu was written: nobody has thought of it.
    assert plate(dishes, "D7") == "Sostituzione da definire: chiedere all’ufficio"
    assert undefined(dishes, ["D1", "D7", "", "D1"]) == {
        "D1": ["Platessa"],
        "D7": ["Pasta al pomodoro", "Platessa", "Mela"],
    }
    assert written(dishes).splitlines()[1:3] == ["  D1: Pasta di riso (9)", "  D2, D3: come tutti"]
    assert read_dishes(written(dishes)) == dishes


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Pasta (15)", "Riga 1: 15 non è un allergene"),
        (f"Pasta ({'9' * 5000})", "Riga 1: 999999 non è un allergene"),
        ("Pasta\nRiso (0)", "Riga 2: 0 non è un allergene"),
        ("D1: Pasta di riso", "Riga 1: prima scrivi il piatto"),
        ("Pasta\nD1: Riso\nD1: Mais", "Riga 3: per la dieta D1 c’è già"),
        ("Pasta\nD1, D2: Riso\nD2: come tutti", "Riga 3: per la dieta D2 c’è già"),
        ("(1, 3)", "Riga 1: manca il nome"),
        ("x" * 121, "Riga 1: il nome è troppo lungo"),
        ("\n".join(["Mela"] * 9), "Sono 9 piatti"),
    ],
)
def test_what_is_not_understood_says_which_line(text: str, said: str) -> None:
    with pytest.raises(NotUnderstood, match=said):
        read_dishes(text)


def test_there_are_fourteen_allergens_by_law() -> None:
    assert list(ALLERGENS) == list(range(1, 15))


def test_the_menu_of_the_demo_is_four_whole_weeks() -> None:
    weeks = winter()
    assert [len(week) for week in weeks] == [5, 5, 5, 5]
    # Who may not eat gluten, milk or eggs never gets them.
    for code, forbidden in (("D1", 1), ("D2", 7), ("D3", 3), ("D6", 8)):
        for week in weeks:
            for dishes in week:
                served = [dish.for_diet(code) for dish in dishes]
                assert None not in served
                assert [one.name for one in served if one and forbidden in one.allergens] == []
