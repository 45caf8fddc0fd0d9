"""Which week of a menu a day is, and what a class orders."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

MOST_WEEKS = 8


@dataclass(frozen=True, slots=True)
class Special:
    """What a child eats in the place of the usual menu: its diet, in white, packed, or more than one of them."""

    code: str
    menu: str
    is_white: bool = False
    is_packed: bool = False

    @property
    def label(self) -> str:
        """What to serve: "Senza glutine (D1), in bianco", "al sacco"."""
        diet = f"{self.menu} ({self.code})" if self.menu else self.code
        return ", ".join(filter(None, [diet, self.ways]))

    @property
    def ways(self) -> str:
        """How it is made whatever the diet: "in bianco", "al sacco"."""
        return ", ".join(filter(None, ["in bianco" if self.is_white else "", "al sacco" if self.is_packed else ""]))

    @property
    def is_of_the_menu(self) -> bool:
        """Tell whether it is made of the dishes of the day, or what the menu gives in their place."""
        return not self.is_white and not self.is_packed

    @property
    def order(self) -> tuple[bool, str, bool, bool]:
        """Its place among others: diets by their code, then what is nobody's diet."""
        return not self.code, self.code, self.is_white, self.is_packed


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
class ClassOrder:
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

    def counted(self) -> dict[Special, int]:
        """Count the special meals that are alike."""
        return dict(Counter(self.special.values()))


def week_of(*, day: date, first: date, weeks: int) -> int:
    """
    Tell which week of a menu a day is, from 1; the first week is the one the menu begins in.

    :param weeks: after how many the menu begins again
    """
    return (_monday(day) - _monday(first)).days // 7 % weeks + 1


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
