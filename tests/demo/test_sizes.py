"""The demo of full size: as many children as promised, in classes of a real size."""

from collections import Counter

import pytest

from campanella.demo.calendar import SchoolYear
from campanella.demo.people import Inventor
from campanella.demo.sizes import children_of, schools_of
from campanella.demo.towns import town_plan


@pytest.mark.slow
@pytest.mark.parametrize(("slug", "children"), [("pesaro", 8050), ("carrara", 1240)])
def test_a_town_of_full_size_has_its_children_in_real_classes(slug: str, children: int) -> None:
    plan = town_plan(slug)
    assert children_of(plan, size="full") == children
    assert children_of(plan, size="small") is None
    schools = schools_of(plan, size="full")
    assert len({school.code for school in schools}) == len(schools)
    inventor = Inventor(plan, schools=schools, year=SchoolYear(2026), seed=slug, children=children)
    kids = [kid for household in inventor.households() for kid in household.children]
    classes = Counter((kid.school.code, kid.class_index) for kid in kids)
    assert len(kids) == children
    assert len(classes) == sum(len(school.classes) for school in schools)
    assert min(classes.values()) >= 6
    assert max(classes.values()) <= 28
