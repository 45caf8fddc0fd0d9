"""What an import would change: the file's lines against what the town has. Plain rules, no database."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from campanella.foundation.core.money import Euro
from campanella.usecases.importing import values
from campanella.usecases.importing.columns import header_of
from campanella.usecases.importing.known import Known, Person
from campanella.usecases.importing.lines import Adult, ChildLine, Problem, Use
from campanella.usecases.importing.matching import Children, Guardians, NewKey


@dataclass(frozen=True, slots=True)
class Wish:
    """A subscription to make: at a known bracket, or at a price for which one must be made."""

    service: str
    bracket_id: int | None
    cents: int


@dataclass
class Step:
    """What one line changes; ``child_id`` None is a child to register, an empty step changes nothing."""

    line: ChildLine
    child_id: int | None
    mend: dict[str, str | date] = field(default_factory=dict)
    former_code: str = ""
    ties: list[tuple[int | NewKey, bool]] = field(default_factory=list)
    moves: bool = False
    wishes: list[Wish] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    opening: Euro | None = None

    @property
    def is_new(self) -> bool:
        """Tell whether the child is registered by this step."""
        return self.child_id is None

    @property
    def changes(self) -> bool:
        """Tell whether anything would be written."""
        return bool(self.is_new or self.mend or self.former_code or self.ties or self.moves or self.wishes or self.opening)


@dataclass
class Plan:
    """Everything an import would change, and what speaks against it."""

    steps: list[Step] = field(default_factory=list)
    schools: dict[str, tuple[str, str]] = field(default_factory=dict)
    classes: set[tuple[str, str]] = field(default_factory=set)
    services: dict[str, str] = field(default_factory=dict)
    calendars: set[tuple[str, str]] = field(default_factory=set)
    guardians: dict[NewKey, Adult] = field(default_factory=dict)
    contacts: dict[int, dict[str, str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def make(lines: Iterable[ChildLine], known: Known, *, first: date) -> Plan:
    """
    Compare the lines with the town; a line with a problem has no step.

    :param first: the day from which the file holds
    """
    plan = Plan()
    spellings = {(school, name.casefold()): name for school, name in known.classes}
    planner = _Planner(plan, known, first, Children(known), Guardians(known), spellings)
    for line in lines:
        planner.add(line)
    return plan


@dataclass
class _Planner:
    plan: Plan
    known: Known
    first: date
    children: Children
    guardians: Guardians
    spellings: dict[tuple[str, str], str]

    def add(self, line: ChildLine) -> None:
        line = replace(line, class_name=self._spelled(line))
        child, problems = self.children.find(line)
        wishes, ends = self._wishes(line, child, problems)
        step = Step(line, child.id if child else None, wishes=wishes, ends=ends)
        step.mend = _mended(line, child) if child else {}
        step.former_code = line.former_code if line.former_code not in self.known.former else ""
        step.moves = self._moves(line, child, problems)
        step.opening = self._opening(line, child, problems)
        self._check_school(line, problems)
        self.plan.problems += problems
        if not any(not problem.is_warning for problem in problems):
            self._set_up(line)
            step.ties = self._ties(line, child)
            self.plan.steps.append(step)

    def _spelled(self, line: ChildLine) -> str:
        """Return the class's name as it was written the first time: 1a is 1A, unless the town has both."""
        if (line.school_code, line.class_name) in self.known.classes:
            return line.class_name
        return self.spellings.setdefault((line.school_code, line.class_name.casefold()), line.class_name)

    def _check_school(self, line: ChildLine, problems: list[Problem]) -> None:
        level = self.known.levels.get(line.school_code) or line.level or values.level_in(line.school_name)
        if not level:
            problems.append(_problem(line, "level", "manca, e dal nome del plesso non si capisce"))

    def _set_up(self, line: ChildLine) -> None:
        """Note the school, the class and the services that this line needs and the town lacks."""
        plan = self.plan
        if line.school_code not in self.known.levels:
            level = line.level or values.level_in(line.school_name)
            plan.schools.setdefault(line.school_code, (line.school_name, level))
        if (line.school_code, line.class_name) not in self.known.classes:
            plan.classes.add((line.school_code, line.class_name))
        for use in line.uses:
            if use.code not in self.known.services:
                plan.services.setdefault(use.code, values.service_kind(use.code))
            if (use.code, line.school_code) not in self.known.calendars:
                plan.calendars.add((use.code, line.school_code))

    def _moves(self, line: ChildLine, child: Person | None, problems: list[Problem]) -> bool:
        stay = self.known.places.get(child.id) if child else None
        if stay is None:
            return True
        if stay.of == self.known.classes.get((line.school_code, line.class_name)):
            return False
        if stay.since > self.first:
            problems.append(_problem(line, "class_name", f"il bambino ha già un’altra classe dal {stay.since:%d/%m/%Y}"))
        return True

    def _wishes(self, line: ChildLine, child: Person | None, problems: list[Problem]) -> tuple[list[Wish], list[int]]:
        wishes: list[Wish] = []
        ends: list[int] = []
        for use in line.uses:
            stay = self.known.subscriptions.get((child.id, use.code)) if child else None
            if use.code not in self.known.services and not values.service_kind(use.code):
                problems.append(_problem(line, "services", f"il Comune non ha un servizio “{use.code}”"))
                continue
            if stay and use.price is None and not use.bracket:
                continue
            wish = self._wish(use)
            if isinstance(wish, str):
                problems.append(_problem(line, "services", wish))
            elif stay is None:
                wishes.append(wish)
            elif not self._is_same(stay.of, wish):
                if stay.since > self.first:
                    problems.append(
                        _problem(line, "services", f"“{use.code}” ha già un’altra tariffa dal {stay.since:%d/%m/%Y}")
                    )
                wishes.append(wish)
                ends.append(stay.id)
        return wishes, ends

    def _wish(self, use: Use) -> Wish | str:
        """Return the price wished for, or why there is none."""
        prices = [price for price in self.known.prices if price.service == use.code]
        if use.price is not None:
            same = next((price.id for price in prices if price.cents == use.price.cents), None)
            return Wish(use.code, same, use.price.cents)
        if use.bracket:
            wanted = use.bracket.casefold()
            named = [price for price in prices if wanted in (price.code.casefold(), price.name.casefold())]
            if named:
                return Wish(use.code, named[0].id, named[0].cents)
            return f"“{use.code}” non ha una fascia “{use.bracket}”"
        full = [price for price in prices if price.is_full]
        if len(full) == 1:
            return Wish(use.code, full[0].id, full[0].cents)
        return f"manca la tariffa di “{use.code}”: scrivi per esempio {use.code}=4,60"

    def _is_same(self, bracket_id: int, wish: Wish) -> bool:
        if bracket_id == wish.bracket_id:
            return True
        return any(price.id == bracket_id and price.cents == wish.cents for price in self.known.prices)

    def _ties(self, line: ChildLine, child: Person | None) -> list[tuple[int | NewKey, bool]]:
        have = self.known.ties.get(child.id, {}) if child else {}
        wanted: list[tuple[int | NewKey, bool]] = []
        for i, adult in enumerate(line.guardians):
            found = self.guardians.find(adult, tied=have)
            if found is None:
                key = self.guardians.remember(adult, line=line.number)
                self.plan.guardians.setdefault(key, adult)
                wanted.append((key, i == 0))
                continue
            missing = _blanks_filled(found, adult)
            if missing:
                self.plan.contacts.setdefault(found.id, {}).update(missing)
            if found.id not in have or (i == 0 and not have[found.id]):
                wanted.append((found.id, i == 0))
        return wanted

    def _opening(self, line: ChildLine, child: Person | None, problems: list[Problem]) -> Euro | None:
        """Return the balance to carry: once for a line's codes, and once for a wallet, whatever code the child has now."""
        if line.balance is None:
            return None
        known = self.known
        posted = next((known.openings[source].amount for source in line.openings if source in known.openings), None)
        if posted is None and child:
            posted = known.carried.get((child.id, line.opening_service(known.services)))
        if posted is None:
            return line.balance if line.balance.cents else None
        if posted != line.balance:
            reason = (
                f"il saldo iniziale è già stato portato con {posted}, il file dice {line.balance}: correggi dall’ufficio"
            )
            problems.append(_problem(line, "balance", reason))
        return None


def totals(lines: Sequence[ChildLine]) -> tuple[Euro, Euro]:
    """Return the debts and the credits of the file, both as positive amounts."""
    amounts = [line.balance.cents for line in lines if line.balance]
    return Euro(-sum(cents for cents in amounts if cents < 0)), Euro(sum(cents for cents in amounts if cents > 0))


def _mended(line: ChildLine, child: Person) -> dict[str, str | date]:
    mended: dict[str, str | date] = {}
    if (line.family_name, line.given_name) != (child.family_name, child.given_name):
        mended |= {"family_name": line.family_name, "given_name": line.given_name}
    if line.tax_code and not child.tax_code:
        mended["tax_code"] = line.tax_code
    if line.birth_date and line.birth_date != child.birth_date:
        mended["birth_date"] = line.birth_date
    return mended


def _blanks_filled(person: Person, adult: Adult) -> dict[str, str]:
    """Contacts that are missing; one that is there may have been mended by the family and is never replaced."""
    told = {"tax_code": adult.tax_code, "email": adult.email, "phone": adult.phone}
    return {name: value for name, value in told.items() if value and not getattr(person, name)}


def _problem(line: ChildLine, name: str, reason: str) -> Problem:
    return Problem(line.number, header_of(name), reason)
