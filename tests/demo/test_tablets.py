"""Pesaro's schools have tablets: in use, one with a wrong clock, one that waits."""

from campanella.demo import tablets
from campanella.domains.accounts.queries import devices
from campanella.domains.schools import operations as schools
from campanella.foundation.core import clock
from tests.browsing import browser
from tests.towns import Cast


def test_some_tablets_are_used_and_one_waits(valle: Cast) -> None:
    for name in ("Primaria Collodi", "Primaria Montessori"):
        schools.register_school(code=name, name=name, level="primaria")

    tablets.lend(slug="pesaro", moment=clock.now())
    tablets.lend(slug="aosta", moment=clock.now())

    found = {device.name: (device.paired_at is not None, device.clock_ahead_ms) for device in devices()}
    assert found == {
        "Tablet Primaria Collodi": (True, 0),
        "Tablet Primaria Montessori": (True, -17 * 60_000),
        "Tablet Primaria Rodari": (False, None),
    }
    page = browser(valle.town, valle.staff["office"]).read("/ufficio/tablet/")
    assert "orologio 17 minuti indietro" in page
    assert "da abbinare" in page
