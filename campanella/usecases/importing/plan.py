"""What an import would change: the file's lines against what the town has. Plain rules, no database."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from campanella.domains.services import rules
from campanella.foundation.core.italian import day_figures, elided
from campanella.foundation.core.money import Euro
from campanella.usecases.importing import values
from campanella.usecases.importing.known import Known, Line, Person
from campanella.usecases.importing.lines import Adult, ChildLine, Problem, Use, problem
from campanella.usecases.importing.matching import Children, Guardians, NewKey
from campanella.usecases.importing.places import Places

# A file of a former software knows a price and not why: whoever pays by ISEE goes on doing so.
RECKONED = "il prezzo di “{code}” si calcola dall’ISEE: scrivi solo “{code}”, senza prezzo, o cambia la tariffa dalla scheda"

# Only the office, with the family's application, lets somebody in where the town has said so.
NOT_ADMITTED = (
    "a “{code}” si è ammessi solo con una domanda accettata, e qui non c’è: il bambino entra senza questo servizio"
)


@dataclass(frozen=True, slots=True)
class Wish:
    """
    A subscription to make: at a known bracket, or at a price for which one must be made.

    :ivar end: first day after, None while it lasts
    :ivar reduction_percent: 0 to 100; the one the child has already, because a file tells of none
    :ivar replaces: the subscription whose place it takes
    """

    service: str
    bracket_id: int | None
    cents: int
    end: date | None
    reduction_percent: int = 0
    replaces: int | None = None

    @property
    def paid(self) -> Euro:
        """What a day costs, the reduction taken off."""
        return rules.price(full=Euro(self.cents), reduction_percent=self.reduction_percent)


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
    plan, lines = Plan(), list(lines)
    planner = _Planner(plan, known, first, Children(known, lines), Guardians(known), Places(known))
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
    places: Places

    def add(self, line: ChildLine) -> None:
        place = self.places.find(line)
        if place.school:
            school = place.school
            line = replace(
                line,
                school_code=school.code,
                school_name=school.name,
                level=school.level,
                class_name=place.class_name,
            )
        child, problems = self.children.find(line)
        problems += place.problems
        step = Step(line, child.id if child else None, wishes=self._wishes(line, child, problems))
        step.mend = _mended(line, child) if child else {}
        step.former_code = line.former_code if line.former_code not in self.known.former else ""
        step.moves = self._moves(line, child, problems)
        step.opening = self._opening(line, child, problems)
        self.plan.problems += problems
        if not any(not one.is_warning for one in problems):
            self._set_up(line)
            step.ties = self._ties(line, child)
            self.plan.steps.append(step)

    def _set_up(self, line: ChildLine) -> None:
        """Note the school, the class and the services that this line needs and the town lacks."""
        plan = self.plan
        if line.school_code not in self.known.schools:
            plan.schools.setdefault(line.school_code, (line.school_name, line.level))
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
            problems.append(problem(line, "class_name", f"il bambino ha già un’altra classe dal {day_figures(stay.since)}"))
        return True

    def _wishes(self, line: ChildLine, child: Person | None, problems: list[Problem]) -> list[Wish]:
        wishes: list[Wish] = []
        for use in line.uses:
            line_now = self.known.subscriptions.get((child.id, use.code)) if child else None
            if use.code not in self.known.services and not values.service_kind(use.code):
                problems.append(problem(line, "services", f"il Comune non ha un servizio “{use.code}”"))
                continue
            if line_now and use.price is None and not use.bracket:
                continue
            wish = self._wish(use, line.level)
            if isinstance(wish, str):
                problems.append(problem(line, "services", wish))
            elif line_now is None and not self._is_admitted(use, child):
                problems.append(problem(line, "services", NOT_ADMITTED.format(code=use.code), is_warning=True))
            elif line_now is None:
                wishes.append(wish)
            elif line_now.paid == use.price and (line_now.is_reckoned or self._holds(line_now, line.level)):
                continue
            elif line_now.is_reckoned:
                if not self._is_whole(wish):
                    problems.append(problem(line, "services", RECKONED.format(code=use.code)))
            elif self._is_same(line_now, wish, line.level):
                problems += _reduced(line, use, line_now.reduction_percent, line_now.paid)
            else:
                if line_now.since > self.first:
                    reason = f"“{use.code}” ha già un’altra tariffa {elided(f'dal {day_figures(line_now.since)}')}"
                    problems.append(problem(line, "services", reason))
                # Another price changes neither until when the child uses the service nor its reduction.
                end, percent = line_now.end or wish.end, line_now.reduction_percent
                kept = replace(wish, end=end, reduction_percent=percent, replaces=line_now.id)
                problems += _reduced(line, use, kept.reduction_percent, kept.paid)
                wishes.append(kept)
        return wishes

    def _is_admitted(self, use: Use, child: Person | None) -> bool:
        """Tell whether a child may begin to use a service: where only the enrolled may, its application is accepted."""
        enrolled = self.known.enrolled.get(use.code)
        return enrolled is None or (child is not None and child.id in enrolled)

    def _wish(self, use: Use, level: str) -> Wish | str:
        """Return the price wished for among those for the child's level, or why there is none."""
        prices = [price for price in self.known.prices if price.service == use.code and price.level in ("", level)]
        if use.price is not None:
            same = next((price for price in prices if price.cents == use.price.cents), None)
            season_end = same.season_end if same else self.known.year[1]
            return Wish(use.code, same.id if same else None, use.price.cents, season_end)
        if use.bracket:
            wanted = use.bracket.casefold()
            named = [price for price in prices if wanted in (price.code.casefold(), price.name.casefold())]
            if named:
                return Wish(use.code, named[0].id, named[0].cents, named[0].season_end)
            return f"“{use.code}” non ha una fascia “{use.bracket}”"
        full = [price for price in prices if price.is_full]
        if len(full) == 1:
            return Wish(use.code, full[0].id, full[0].cents, full[0].season_end)
        return f"manca la tariffa di “{use.code}”: scrivi per esempio {use.code}=4,60"

    def _is_same(self, line: Line, wish: Wish, level: str) -> bool:
        return line.bracket_id == wish.bracket_id or (line.cents == wish.cents and self._holds(line, level))

    def _is_whole(self, wish: Wish) -> bool:
        """Tell whether what is wished for is a reckoned tariff as a whole, which its own children pay already."""
        return any(price.id == wish.bracket_id and price.code == rules.BY_SCHEME for price in self.known.prices)

    def _holds(self, line: Line, level: str) -> bool:
        """Tell whether what a child pays is of a list that holds, and is for its level."""
        return any(price.id == line.bracket_id and price.level in ("", level) for price in self.known.prices)

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
        """Return the balance to carry: once for a child and a service, whichever code the file knows the child by."""
        if line.balance is None:
            return None
        service = line.opening_service(self.known.services)
        posted = _carried(self.known, child, service)
        if posted is None and line.balance.cents:
            problems += self._second_opening(line, child, line.balance)
            return line.balance
        if posted is None:
            return None
        if posted != line.balance:
            reason = (
                f"il saldo iniziale è già stato portato con {posted}, il file dice {line.balance}: correggi dall’ufficio"
            )
            problems.append(problem(line, "balance", reason))
        return None

    def _second_opening(self, line: ChildLine, child: Person | None, balance: Euro) -> list[Problem]:
        """Notice the same amount brought before for another service: perhaps it is the same money."""
        before = [code for (who, code), one in self.known.carried.items() if child and who == child.id and one == balance]
        reason = f"lo stesso saldo, {balance}, è già stato portato per “{{}}”: controlla che sia un altro"
        return [problem(line, "balance", reason.format(code), is_warning=True) for code in before]


def totals(lines: Sequence[ChildLine]) -> tuple[Euro, Euro]:
    """Return the debts and the credits of the file, both as positive amounts."""
    debts, credits = (line.debt or Euro(0) for line in lines), (line.credit or Euro(0) for line in lines)
    return sum(debts, Euro(0)), sum(credits, Euro(0))


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


def _carried(known: Known, child: Person | None, service: str) -> Euro | None:
    if child is None:
        return None
    # A common wallet whose opening does not say for which service took over everything the child had.
    return known.carried.get((child.id, service), known.carried.get((child.id, "")))


def _reduced(line: ChildLine, use: Use, percent: int, paid: Euro) -> list[Problem]:
    """Tell that a price of the file is a whole one, of which the child's reduction is taken off."""
    if not percent:
        return []
    reason = f"la riduzione del {percent} % su “{use.code}” resta: paga {paid}"
    return [problem(line, "services", reason, is_warning=True)]
