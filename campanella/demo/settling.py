"""Registers the invented people of a town: schools, services, children, adults, accesses, subscriptions, wallets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from campanella.demo import incomes
from campanella.demo.calendar import SchoolYear, year_of
from campanella.demo.people import DIETS, Adult, Household, Kid, grade_of
from campanella.demo.towns import MON_WED_FRI, SchoolPlan, ServicePlan, TownPlan
from campanella.domains.accounts.models import User
from campanella.domains.accounts.operations import NewUser, create_users
from campanella.domains.accounts.roles import Role
from campanella.domains.enrolment import diet_codes
from campanella.domains.enrolment import diets as special
from campanella.domains.enrolment import operations as enrolment
from campanella.domains.enrolment.operations import NewSubscription
from campanella.domains.ledger import operations as ledger
from campanella.domains.people import operations as people
from campanella.domains.people.models import Child, Guardian
from campanella.domains.people.operations import NewChild, NewChildAccess, NewGuardian, NewTie
from campanella.domains.schools import operations as schools
from campanella.domains.schools.models import School
from campanella.domains.services import operations as services
from campanella.domains.services.models import Bracket, Service
from campanella.domains.services.rules import BY_SCHEME
from campanella.foundation.core.audit import Software
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import use_case

# Diets that a family declares, without a doctor.
DECLARED = ("D4", "D5")
PASSWORD = "campanella-demo"  # noqa: S105  # printed when the demo starts
# Of everybody who marks on a tablet, printed as well.
PIN = "408215"
OFFICE = Software("Ufficio Scuola")
STAFF = {
    Role.OFFICE: ("ufficio", "Teresa Marchi"),
    Role.SCHOOL: ("scuola", "Lucia Bassi"),
    Role.KITCHEN: ("cucina", "Renzo Costa"),
    Role.CASHIER: ("cassa", "Ivana Testa"),
}


@dataclass
class Use:
    """A child's use of a service: who pays what for a day."""

    child_id: int
    service: Service
    wallet_id: int
    price: Euro
    school: SchoolPlan
    was_there_last_year: bool


@dataclass
class Resident:
    """A child of the town with its household."""

    kid: Kid
    household: Household
    child: Child
    # Who pays from the portal.
    user: User | None = None
    uses: list[Use] = field(default_factory=list)


@dataclass
class Settled:
    """A town with everybody in it."""

    plan: TownPlan
    residents: list[Resident]
    services: dict[str, Service]
    # Classes by first day of the year and level.
    classes: dict[date, dict[str, list[int]]]
    staff: dict[Role, User]
    guardians: list[Guardian]


@use_case
def settle(*, plan: TownPlan, households: Sequence[Household], school_plans: Sequence[SchoolPlan], day: date) -> Settled:
    """
    Register everybody, with last year's classes for those who were there.

    :param day: a day of the present school year
    """
    year, now = year_of(day), datetime.combine(day, datetime.min.time()).astimezone()
    last = SchoolYear(year.autumn - 1)
    at = {
        school.code: schools.register_school(code=school.code, name=school.name, level=school.level)
        for school in school_plans
    }
    catalogue = {
        service.code: services.register_service(code=service.code, name=service.name, kind=service.kind, position=i)
        for i, service in enumerate(plan.services)
    }
    brackets = _price_lists(plan, catalogue, last, year, now)
    _calendars(plan, school_plans, catalogue, at, (last, year))
    residents = _register(households, now)
    class_ids = _classes(residents, school_plans, at, last, year)
    _subscribe(plan, residents, catalogue, brackets, last, year)
    guardians = _adults(plan, households, residents, now)
    if plan.reckons:
        paying = _paying(households, guardians)
        incomes.declare(by=OFFICE, payers=paying, years=(last, year), day=day, now=now)
    staff = _staff(at, school_plans, now)
    return Settled(plan, residents, catalogue, class_ids, staff, guardians)


def _price_lists(
    plan: TownPlan, catalogue: dict[str, Service], last: SchoolYear, year: SchoolYear, now: datetime
) -> dict[tuple[str, str], list[Bracket]]:
    found: dict[tuple[str, str], list[Bracket]] = {}
    for service in plan.services:
        for level, prices in service.prices.items():
            if service.code in plan.reckons:
                tariff = incomes.set_scheme(
                    by=OFFICE,
                    code=f"{service.code}-{level}",
                    name=f"{service.name}, {level}",
                    service=service.code,
                    level=level,
                    prices=prices,
                    first=last.first,
                    end=year.end,
                    now=now,
                )
                found[service.code, level] = list(tariff.brackets.exclude(code=BY_SCHEME).order_by("id"))
                continue
            tariff = services.set_tariff(
                service=catalogue[service.code],
                code=f"{service.code}-{level}",
                name=f"{service.name}, {level}",
                level=level,
                first=last.first,
                end=year.end,
                brackets=[
                    (f"f{i}", f"ISEE fino a {Euro(isee).italian()}" if isee else "Tariffa intera", isee, cents)
                    for i, (isee, cents) in enumerate(prices, start=1)
                ],
            )
            found[service.code, level] = list(tariff.brackets.order_by("id"))
    return found


def _calendars(
    plan: TownPlan,
    school_plans: Sequence[SchoolPlan],
    catalogue: dict[str, Service],
    at: dict[str, School],
    years: tuple[SchoolYear, SchoolYear],
) -> None:
    for school in school_plans:
        for service in plan.services:
            if school.level not in service.prices:
                continue
            weekdays = MON_WED_FRI if school.level == "secondaria" and service.kind == "meal" else services.WORKING_WEEK
            for year in years:
                services.run(
                    service=catalogue[service.code],
                    school=at[school.code],
                    first=year.first_meal,
                    end=date.fromordinal(year.last_meal.toordinal() + 1),
                    weekdays=weekdays,
                )
    for year in years:
        for holiday in year.holidays(plan.patron):
            schools.close(
                by=OFFICE,
                first=holiday.first,
                last=holiday.last,
                reason=holiday.reason,
                now=datetime.combine(year.first, datetime.min.time()).astimezone(),
            )


def _register(households: Sequence[Household], now: datetime) -> list[Resident]:
    kids = [(kid, household) for household in households for kid in household.children]
    made = people.register_children(
        children=[NewChild(kid.given_name, kid.family_name, kid.tax_code, kid.birth_date) for kid, _ in kids]
    )
    return [Resident(kid, household, child) for (kid, household), child in zip(kids, made, strict=True)]


def _classes(
    residents: Sequence[Resident],
    school_plans: Sequence[SchoolPlan],
    at: dict[str, School],
    last: SchoolYear,
    year: SchoolYear,
) -> dict[date, dict[str, list[int]]]:
    """Open the classes of both years and put the children in; returns class ids by year's first day and level."""
    found: dict[date, dict[str, list[int]]] = {}
    for each in (last, year):
        rows = schools.open_year(first=each.first, end=each.end)
        ids = schools.open_classes(year=rows, names=[(at[s.code].pk, name) for s in school_plans for name in s.classes])
        found[each.first] = {}
        for school in school_plans:
            levels = found[each.first].setdefault(school.level, [])
            levels += [ids[at[school.code].pk, name] for name in school.classes]
        places = {}
        for resident in residents:
            index = _class_index(resident.kid, is_last=each is last)
            if index is not None:
                school = resident.kid.school
                places[resident.child.pk] = ids[at[school.code].pk, school.classes[index]]
        schools.place_many(class_by_child=places, first=each.first, end=each.end)
    return found


def _class_index(kid: Kid, *, is_last: bool) -> int | None:
    """Return the class this year; last year's was one lower, and first-years were elsewhere."""
    if not is_last:
        return kid.class_index
    return kid.class_index - 1 if grade_of(kid.school, kid.class_index) > 0 else None


def _subscribe(
    plan: TownPlan,
    residents: Sequence[Resident],
    catalogue: dict[str, Service],
    brackets: dict[tuple[str, str], list[Bracket]],
    last: SchoolYear,
    year: SchoolYear,
) -> None:
    plans = {service.code: service for service in plan.services}
    keys = [(r, code) for r in residents for code in r.kid.services]
    wallets = ledger.open_wallets(
        owners=[(r.child.pk, None if plan.common_wallet else catalogue[code].pk) for r, code in keys]
    )
    new: dict[bool, list[NewSubscription]] = {True: [], False: []}
    for resident, code in keys:
        service, kid = catalogue[code], resident.kid
        bracket = _bracket(brackets[code, kid.school.level], resident.household.isee_cents)
        percent = _reduction(plans[code], kid)
        was_there = _class_index(kid, is_last=True) is not None
        wallet_id = wallets[resident.child.pk, None if plan.common_wallet else service.pk]
        new[was_there].append(NewSubscription(resident.child.pk, service.pk, bracket.pk, year.end, percent))
        price = Euro(bracket.cents).less_percent(percent)
        resident.uses.append(Use(resident.child.pk, service, wallet_id, price, kid.school, was_there))
    enrolment.subscribe_many(subscriptions=new[True], first=last.first_meal)
    enrolment.subscribe_many(subscriptions=new[False], first=year.first_meal)
    moment = datetime.combine(last.first, datetime.min.time()).astimezone()
    for code, words, _ in DIETS:
        diet_codes.add_code(by=OFFICE, code=code, menu=words, needs_certificate=code not in DECLARED, now=moment)
    diets = {one.child.pk: (one.kid.diet[0], one.kid.diet[2]) for one in residents if one.kid.diet}
    special.set_diets(diets=diets, first=last.first_meal, end=None)


def _bracket(brackets: list[Bracket], isee_cents: int | None) -> Bracket:
    fitting = [b for b in brackets if isee_cents is not None and b.isee_up_to_cents and isee_cents <= b.isee_up_to_cents]
    return min(fitting, key=lambda b: b.isee_up_to_cents or 0) if fitting else brackets[-1]


def _reduction(service: ServicePlan, kid: Kid) -> int:
    return service.sibling_percent if kid.is_sibling else 0


def _adults(plan: TownPlan, households: Sequence[Household], residents: Sequence[Resident], now: datetime) -> list[Guardian]:
    adults = [(adult, household) for household in households for adult in household.adults]
    made = people.register_guardians(
        guardians=[NewGuardian(a.given_name, a.family_name, a.tax_code, a.email, a.phone) for a, _ in adults]
    )
    by_adult = {id(adult): guardian for (adult, _), guardian in zip(adults, made, strict=True)}
    ties = [
        NewTie(r.child.pk, by_adult[id(adult)].pk, is_payer=i == 0, kind=adult.kind)
        for r in residents
        for i, adult in enumerate(r.household.adults)
    ]
    people.tie_many(ties=ties)
    if plan.choices.get("account_per_child"):
        _child_accesses(residents, by_adult, now)
    else:
        users = create_users(by=OFFICE, users=[_access(a) for a, _ in adults], password=PASSWORD, now=now)
        people.give_accesses(user_by_guardian={g.pk: user.pk for g, user in zip(made, users, strict=True)})
        by_name = {user.username: user for user in users}
        for resident in residents:
            resident.user = by_name[resident.household.adults[0].username]
    return made


def _paying(households: Sequence[Household], guardians: Sequence[Guardian]) -> list[tuple[Household, Guardian]]:
    """Return each household with its first adult, who pays."""
    adults = iter(guardians)
    found = []
    for household in households:
        first, *_ = (next(adults) for _ in household.adults)
        found.append((household, first))
    return found


def _child_accesses(residents: Sequence[Resident], by_adult: Mapping[int, Guardian], now: datetime) -> None:
    """As the credentials letter of these towns: the code of the child is the user name."""
    new = [
        NewUser(r.child.code, f"Famiglia di {r.kid.given_name}", (Role.GUARDIAN,), r.household.adults[0].email)
        for r in residents
    ]
    users = create_users(by=OFFICE, users=new, password=PASSWORD, now=now)
    people.give_child_accesses(
        accesses=[
            NewChildAccess(user.pk, r.child.pk, by_adult[id(r.household.adults[0])].pk)
            for user, r in zip(users, residents, strict=True)
        ]
    )
    for user, resident in zip(users, residents, strict=True):
        resident.user = user


def _access(adult: Adult) -> NewUser:
    return NewUser(adult.username, f"{adult.given_name} {adult.family_name}", (Role.GUARDIAN,), adult.email)


def _staff(at: dict[str, School], school_plans: Sequence[SchoolPlan], now: datetime) -> dict[Role, User]:
    """One of each role for the whole town, and one at each school."""
    rows = [NewUser(name, person, (role,)) for role, (name, person) in STAFF.items()]
    local = [NewUser(f"scuola.{s.code}", f"Segreteria {s.name}", (Role.SCHOOL,)) for s in school_plans]
    users = create_users(by=OFFICE, users=rows + local, password=PASSWORD, now=now, pin=PIN)
    for user, school in zip(users[len(rows) :], school_plans, strict=True):
        schools.let_work_at(user=user, school=at[school.code])
    return dict(zip(STAFF, users, strict=False))
