"""Who looks at a board and who changes it, and a second school."""

import pytest

from campanella.domains.schools import operations as schools
from campanella.domains.schools.models import ClassGroup
from campanella.domains.services import operations as services
from tests.browsing import Browser, browser
from tests.towns import TODAY, Cast, open_class


@pytest.fixture
def cook(valle: Cast) -> Browser:
    return browser(valle.town, valle.staff["kitchen"])


@pytest.fixture
def teacher(valle: Cast) -> Browser:
    return browser(valle.town, valle.staff["school"])


@pytest.fixture
def nursery(valle: Cast) -> ClassGroup:
    """A second school, where Luca goes."""
    school = schools.register_school(code="nido", name="Nido Aquilone", level="nido")
    group = open_class(school=school, year=valle.classes["2B"].year, name="Piccoli")
    services.run(service=valle.services["mensa"], school=school, first=TODAY, end=TODAY.replace(year=2027))
    schools.place_many(class_by_child={valle.child("Luca").pk: group.pk}, first=TODAY, end=None)
    return group
