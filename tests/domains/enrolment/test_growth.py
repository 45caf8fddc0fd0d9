"""What is asked of every child's line is not looked up for each of them."""

from datetime import timedelta

from campanella.domains.enrolment import queries
from campanella.foundation.core import sql
from tests.domains.attendance.test_growth import looked_up
from tests.towns import TODAY, Cast


def test_the_prices_that_hold_today_are_gathered_once(valle: Cast) -> None:
    values = {"town": valle.town.id, "today": TODAY, "until": TODAY + timedelta(days=30)}
    assert sql.rows(queries._WAITING, values)[0][2] == 0
    for table in ("services_bracket", "services_tariff"):
        loops = looked_up(queries._WAITING, values, table)
        assert loops
        assert sum(loops) <= len(valle.services) * 4, "once for each price, whatever the children"
