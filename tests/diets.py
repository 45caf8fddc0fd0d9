"""Children who are served something else, as tests want them: without the two readers that the office needs."""

from datetime import date

from campanella.domains.enrolment import diets
from campanella.domains.enrolment.models import Diet, DietCode
from campanella.domains.people.models import Child
from tests.towns import TODAY


def serve(child: Child, code: str, menu: str, *, reason: str = "", first: date = TODAY, end: date | None = None) -> Diet:
    """Give a child a diet from a day on, and the town its code where it has none."""
    DietCode.objects.get_or_create(code=code, defaults={"menu": menu})
    diets.set_diets(diets={child.pk: (code, reason)}, first=first, end=end)
    return Diet.objects.get(child=child, days__contains=first)
