"""Charges day after day, each on its own morning, and says each one when it is committed: to be killed in the middle."""

import sys
from collections.abc import Sequence
from datetime import UTC, date, time, timedelta

import django

django.setup()

from campanella.domains.schools.models import ClassGroup  # noqa: E402
from campanella.domains.services.models import Service  # noqa: E402
from campanella.foundation.core import clock  # noqa: E402
from campanella.foundation.core.audit import Software  # noqa: E402
from campanella.foundation.core.scope import scope  # noqa: E402
from campanella.foundation.tenants.queries import town_by_slug  # noqa: E402
from campanella.usecases import mealtime  # noqa: E402


def main(words: Sequence[str]) -> None:
    """Go on from a day, for ever."""
    town = town_by_slug(slug="valle")
    day = date.fromisoformat(words[0])
    while True:
        with clock.standing_at(clock.rome(day, time(9, 5)).astimezone(UTC)), scope(town.id):
            meal = Service.objects.get(code="mensa")
            classes = list(ClassGroup.objects.values_list("id", flat=True))
            mealtime.confirm_day(
                by=Software("test"), service=meal, day=day, class_group_ids=classes, absent_ids=[], now=clock.now()
            )
        print(day, flush=True)
        day += timedelta(days=1)


if __name__ == "__main__":
    main(sys.argv[1:])
