"""What the database refuses of a menu, and what a week shows of it."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from campanella.domains.cooking import operations as cooking
from campanella.domains.cooking import queries
from campanella.domains.cooking.models import Menu, MenuDish
from campanella.foundation.core import clock
from tests.towns import OFFICE, TODAY, Cast


@pytest.fixture
def menu(valle: Cast) -> Menu:
    return cooking.add_menu(
        by=OFFICE,
        service=valle.services["mensa"],
        name="Invernale",
        first=TODAY,
        end=date(2027, 1, 1),
        weeks=2,
        now=clock.now(),
    )


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"week": 0}, "a_dish_is_of_a_week_of_a_menu"),
        ({"week": 9}, "a_dish_is_of_a_week_of_a_menu"),
        ({"weekday": 7}, "a_dish_is_of_a_weekday"),
        ({"position": 8}, "a_day_has_so_many_dishes"),
        ({"name": ""}, "a_dish_has_a_name"),
    ],
)
def test_a_dish_is_of_a_day_that_a_menu_has(menu: Menu, wrong: dict[str, Any], named: str) -> None:
    dish: dict[str, Any] = {"menu": menu, "week": 1, "weekday": 0, "position": 0, "name": "Pasta"}
    MenuDish.objects.create(**dish)
    with pytest.raises(IntegrityError, match=named), transaction.atomic():
        MenuDish.objects.create(**{**dish, "position": 1, **wrong})


def test_a_week_shows_its_working_days(menu: Menu) -> None:
    """Menus are written for the working week; where a dish of a Saturday is written, the week goes as far."""
    for weekday, days in ((0, 5), (5, 6)):
        MenuDish.objects.create(menu=menu, week=1, weekday=weekday, position=0, name="Pasta")
        found = queries.week(menu_id=menu.pk, week=1)
        eaten = [[dish.name for dish in dishes] for dishes in found]
        assert eaten == [["Pasta"] if day <= weekday and day in (0, 5) else [] for day in range(days)]
