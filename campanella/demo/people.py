"""
Invents the people of a town: households with adults and children, in classes, with an ISEE and habits of paying.

Plain data and a seeded random, no database: the same town is made of the same people every time.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Literal

from campanella.demo.calendar import SchoolYear
from campanella.demo.names import FATHERS, ITALIAN_PLACES, MOTHERS, ORIGINS, Origin
from campanella.demo.tax_codes import Sex, plain, tax_code
from campanella.demo.towns import SchoolPlan, TownPlan

# How a household pays: in time, when the mail comes, late and below zero, not for weeks.
Habit = Literal["early", "warned", "late", "debtor"]
HABITS: tuple[tuple[Habit, int], ...] = (("early", 55), ("warned", 27), ("late", 13), ("debtor", 5))

FIRST_AGE = {"nido": 0, "infanzia": 3, "primaria": 6, "secondaria": 11}
YEARS = {"nido": 3, "infanzia": 3, "primaria": 5, "secondaria": 3}
DIETS = (
    ("D1", "Senza glutine", "Celiachia, certificato del pediatra"),
    ("D2", "Senza latte e derivati", "Intolleranza al lattosio"),
    ("D3", "Senza uova", "Allergia alle uova, certificato dell’allergologo"),
    ("D4", "Senza carne di maiale", "Motivi religiosi"),
    ("D5", "Senza carne", "Scelta della famiglia"),
    ("D6", "Senza frutta a guscio", "Allergia grave, farmaco salvavita a scuola"),
)
# Out of a hundred children: health diets 4, belief and choice 7.
DIET_WEIGHTS = (1, 1, 1, 5, 2, 1)


@dataclass
class Adult:
    """Somebody responsible for children."""

    given_name: str
    family_name: str
    tax_code: str
    email: str
    phone: str
    username: str
    kind: str = "parent"


@dataclass
class Kid:
    """Somebody who eats, rides, plays."""

    given_name: str
    family_name: str
    tax_code: str
    birth_date: date
    school: SchoolPlan
    class_index: int
    services: tuple[str, ...]
    is_sibling: bool = False
    diet: tuple[str, str, str] | None = None


@dataclass
class Household:
    """Adults, the first of them pays, and their children; ``isee_cents`` None when none was declared."""

    adults: list[Adult]
    children: list[Kid] = field(default_factory=list)
    isee_cents: int | None = None
    habit: Habit = "early"


def grade_of(school: SchoolPlan, class_index: int) -> int:
    """Return how many years a class has been at its school, from 0."""
    return class_index % YEARS[school.level]


class Inventor:
    """Invents the people of one town."""

    def __init__(
        self, plan: TownPlan, *, schools: tuple[SchoolPlan, ...], year: SchoolYear, seed: str, children: int | None = None
    ) -> None:
        self.plan, self.schools, self.year, self.children = plan, schools, year, children
        self.random = Random(seed)  # noqa: S311  # nothing secret: it must repeat
        self.taken: set[str] = set()
        self.usernames: dict[str, int] = {}

    def households(self) -> list[Household]:
        """Return every household; the first ones are those the demo presents."""
        seats = self._seats()
        found: list[Household] = []
        while seats:
            found.append(self._household(seats, is_first=not found))
        self._special_cases(found)
        return found

    def _seats(self) -> list[tuple[SchoolPlan, int]]:
        seats = [
            (school, index)
            for school in self.schools
            for index in range(len(school.classes))
            for _ in range(max(1, school.size + self.random.randint(-2, 2)))
        ]
        self.random.shuffle(seats)
        if self.children:
            seats += self.random.choices(seats, k=max(0, self.children - len(seats)))
            del seats[self.children :]
        return seats

    def _household(self, seats: list[tuple[SchoolPlan, int]], *, is_first: bool) -> Household:
        origin = ORIGINS[0] if is_first else self._origin()
        draw = self.random.random()
        size = 2 if is_first else 1 if draw < 0.74 else 2 if draw < 0.95 else 3
        families = (*origin.families, *self.plan.dialect) if origin is ORIGINS[0] else origin.families
        father_name, mother_name = self.random.choice(families), self.random.choice(families)
        adults = self._adults(origin, mother_name, father_name)
        habit = self.random.choices([h for h, _ in HABITS], [w for _, w in HABITS])[0]
        household = Household(adults, isee_cents=self._isee(), habit="warned" if is_first else habit)
        family_name = (
            f"{father_name} {mother_name}" if self.random.random() < 0.06 and " " not in father_name else father_name
        )
        for i, (school, index) in enumerate(self._take_seats(seats, size, is_first)):
            household.children.append(self._child(origin, family_name, school, index, is_sibling=i > 0, is_first=is_first))
        return household

    def _take_seats(
        self, seats: list[tuple[SchoolPlan, int]], size: int, is_first: bool
    ) -> Iterator[tuple[SchoolPlan, int]]:
        if is_first:
            # The family that the presenter shows: one child in the second year of the first primary school.
            primary = next(school for school in self.schools if school.level == "primaria")
            seats.remove((primary, 1))
            size -= 1
            yield primary, 1
        for _ in range(min(size, len(seats))):
            yield seats.pop()

    def _origin(self) -> Origin:
        return self.random.choices(ORIGINS, [origin.share for origin in ORIGINS])[0]

    def _isee(self) -> int | None:
        if self.random.random() > 0.45:
            return None
        return int(min(60_000, self.random.lognormvariate(9.2, 0.6))) * 100

    def _adults(self, origin: Origin, mother_name: str, father_name: str) -> list[Adult]:
        is_italian = origin is ORIGINS[0]
        girls, boys = (MOTHERS, FATHERS) if is_italian else (origin.girls, origin.boys)
        mother = self._adult(self.random.choice(girls), mother_name, "F", origin)
        father = self._adult(self.random.choice(boys), father_name, "M", origin)
        draw = self.random.random()
        adults = [mother, father] if draw < 0.6 else [father, mother]
        if draw > 0.96:
            adults[0].kind = "tutor"
        return adults[:1] if draw > 0.85 else adults

    def _adult(self, given_name: str, family_name: str, sex: Sex, origin: Origin) -> Adult:
        born = date(1970, 1, 1) + timedelta(days=self.random.randrange(365 * 27))
        places = origin.states if origin is not ORIGINS[0] else (*ITALIAN_PLACES, *([self.plan.cadastral] * 20))
        code, _ = self._tax_code(family_name, given_name, sex, born, places)
        username = self._username(given_name, family_name)
        phone = f"3{self.random.randint(20, 93)} 555 {self.random.randint(0, 9999):04}"
        return Adult(given_name, family_name, code, f"{username}@posta.example", phone, username)

    def _child(
        self, origin: Origin, family_name: str, school: SchoolPlan, index: int, *, is_sibling: bool, is_first: bool
    ) -> Kid:
        is_girl = self.random.random() < 0.5
        given_name = self.random.choice(origin.girls if is_girl else origin.boys)
        age = FIRST_AGE[school.level] + grade_of(school, index)
        born = date(self.year.autumn - age, 1, 1) + timedelta(days=self.random.randrange(365))
        if school.level == "nido":
            born = max(born - timedelta(days=200), date(self.year.autumn - 3, 1, 1))
        places = (self.plan.cadastral, self.plan.cadastral, *(origin.states[:1] if age > 6 else ()))
        code, born = self._tax_code(family_name, given_name, "F" if is_girl else "M", born, places)
        services = tuple(
            service.code
            for service in self.plan.services
            if school.level in service.prices
            and (self.random.randrange(100) < service.share or (is_first and service.share >= 15))
        )
        diet = self.random.choices(DIETS, DIET_WEIGHTS)[0] if self.random.random() < 0.11 else None
        return Kid(given_name, family_name, code, born, school, index, services, is_sibling, diet)

    def _tax_code(
        self, family_name: str, given_name: str, sex: Sex, born: date, places: tuple[str, ...]
    ) -> tuple[str, date]:
        """Two invented people must not share a tax code: the second is born a day later."""
        place = self.random.choice(places)
        while True:
            code = tax_code(family_name=family_name, given_name=given_name, sex=sex, born=born, place=place)
            if code not in self.taken:
                self.taken.add(code)
                return code, born
            born += timedelta(days=1)

    def _username(self, given_name: str, family_name: str) -> str:
        letters = [
            letter for letter in plain(f"{given_name.split()[0]}.{family_name}").lower() if letter.isalpha() or letter == "."
        ]
        name = "".join(letters)
        self.usernames[name] = self.usernames.get(name, 0) + 1
        return name if self.usernames[name] == 1 else f"{name}{self.usernames[name]}"

    def _special_cases(self, households: list[Household]) -> None:
        """Show what the manuals show: a parent without e-mail, one without tax code, a child without tax code."""
        for adult in households[2].adults:
            adult.email = ""
        households[3].children[0].tax_code = ""
        households[4].adults[0].tax_code = ""
