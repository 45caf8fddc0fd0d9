"""The white meals of some lines around some days: gathered once, then asked of day by day (R3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from campanella.domains.attendance import asked
from campanella.domains.attendance.asked import DayOfLine, Line
from campanella.domains.attendance.choices import FamilyChoices
from campanella.domains.attendance.white_rules import WhiteLimit, WhiteLimits, white_refused
from campanella.foundation.tenants.queries import active_town

# Days before and after a white meal that are looked at: no run reaches over more of them.
AROUND = timedelta(days=45)


@dataclass(frozen=True, slots=True)
class Whites:
    """
    What one more white meal is judged by.

    :ivar service_days: of each line, the days of the service around those asked for
    :ivar white: of each line, those of them with a white meal
    """

    limits: WhiteLimits
    service_days: dict[Line, set[date]]
    white: dict[Line, set[date]]

    @classmethod
    def around(cls, *, lines: Sequence[Line], first: date, last: date) -> "Whites":
        """Gather those of some lines around two days: three queries, none where the town sets no limit."""
        limits = limits_of_town()
        service_days: dict[Line, set[date]] = {line: set() for line in lines}
        if not lines or not (limits.in_a_row or limits.in_a_month):
            return cls(limits, service_days, {line: set() for line in lines})
        begin, end = first - AROUND, last + AROUND
        white = asked.white_days(lines=lines, first=begin, last=end)
        around = [begin + timedelta(days=number) for number in range((end - begin).days + 1)]
        for day in asked.days_of(lines=lines, days=around):
            if day.is_served and not day.closed_because:
                service_days[day.child_id, day.service_id].add(day.day)
        # A meal asked for a day that was closed since was never eaten.
        return cls(limits, service_days, {line: white[line] & days for line, days in service_days.items()})

    def refused(self, key: DayOfLine) -> WhiteLimit:
        """Tell which limit a white meal of this day would break, empty for none."""
        child_id, service_id, day = key
        line = child_id, service_id
        return white_refused(day=day, white=self.white[line], service_days=self.service_days[line], limits=self.limits)

    def ask(self, key: DayOfLine) -> WhiteLimit:
        """Ask for one, and count it for the next ones: a day that is refused keeps the run of its request together."""
        child_id, service_id, day = key
        limit = self.refused(key)
        self.white[child_id, service_id].add(day)
        return limit


def limits_of_town() -> WhiteLimits:
    """Return how many white meals this town lets a family ask for without a certificate."""
    chosen = active_town().chosen(FamilyChoices)
    return WhiteLimits(chosen.white_meals_in_a_row, chosen.white_meals_in_a_month)
