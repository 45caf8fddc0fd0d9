"""Which week of a menu a day is, and what a class orders."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

MOST_WEEKS = 8


@dataclass(frozen=True, slots=True)
class Special:
    """What a child eats in the place of the usual menu: its diet, the white meal, or the white meal of its diet."""

    code: str
    menu: str
    is_white: bool

    @property
    def label(self) -> str:
        """What to serve: "Senza glutine (D1), in bianco"."""
        diet = f"{self.menu} ({self.code})" if self.code else ""
        return ", ".join(filter(None, [diet, "in bianco" if self.is_white else ""]))


@dataclass(frozen=True, slots=True)
class Changed:
    """
    What a sheet changes of the one before, in one class.

    :ivar school_id: 0 for what changes everywhere
    :ivar sign: by how much: "+1", "−2"; empty where no number changes
    :ivar at: instant as ISO 8601
    """

    school_id: int
    school_name: str
    class_name: str
    sign: str
    sentence: str
    at: str


@dataclass(frozen=True)
class Order:
    """What one class orders: who eats, the special meals among them by child, and how many adults."""

    school_id: int
    school_name: str
    class_group_id: int
    class_name: str
    shift: int
    cut_off: datetime
    adults: int
    child_ids: tuple[int, ...]
    special: Mapping[int, Special]

    @property
    def total(self) -> int:
        """Meals to bring, adults included."""
        return len(self.child_ids) + self.adults

    def counted(self, *, is_white: bool) -> dict[str, int]:
        """Count the special meals by the code of their diet, those in white or those that are not; empty is no diet."""
        return dict(Counter(one.code for one in self.special.values() if one.is_white is is_white))


def week_of(*, day: date, first: date, weeks: int) -> int:
    """
    Tell which week of a menu a day is, from 1; the first week is the one the menu begins in.

    :param weeks: after how many the menu begins again
    """
    return (_monday(day) - _monday(first)).days // 7 % weeks + 1


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
