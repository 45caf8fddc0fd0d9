"""A town that pays after the month: Valle, post-paid from September on."""

from datetime import date, timedelta

import pytest

from campanella.foundation.core import clock
from campanella.usecases.billing import policies
from tests.billing import noon
from tests.towns import OFFICE, Cast


def post_paid(cast: Cast, *, first: date = date(2026, 9, 1), service: str = "mensa", kind: str = "postpaid") -> None:
    """Let everybody pay a service after the month, as it was decided some days before."""
    with clock.standing_at(noon(first - timedelta(days=10))):
        policies.set_for_all(
            by=OFFICE, service=cast.services[service], kind=kind, first=first, reason="delibera", now=clock.now()
        )


@pytest.fixture
def billed(valle: Cast) -> Cast:
    """Valle, whose canteen is paid after the month."""
    post_paid(valle)
    return valle
