"""Valle before its classes move up."""

from datetime import date

import pytest

from campanella.domains.schools import operations as schools
from campanella.domains.schools.models import ClassGroup, SchoolYear
from tests.towns import Cast, open_class


@pytest.fixture
def fifth(valle: Cast) -> Cast:
    """Amina is in a fifth class, so she leaves; Anna and Luca are in the second; and there is a first one."""
    year = SchoolYear.objects.get()
    for name in ("5B", "1B"):
        open_class(school=valle.school, year=year, name=name)
    schools.move(child_id=valle.child("Amina").pk, class_group=ClassGroup.objects.get(name="5B"), first=date(2026, 9, 1))
    open_class(school=valle.school, year=year, name="1B")
    schools.move(child_id=valle.child("Luca").pk, class_group=ClassGroup.objects.get(name="1B"), first=date(2026, 9, 1))
    return valle
