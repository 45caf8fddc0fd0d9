"""Writing a plan: a few dozen statements, however many children."""

from datetime import date, datetime

from campanella.domains.enrolment.operations import NewSubscription
from campanella.domains.ledger import holding
from campanella.domains.ledger import operations as ledger
from campanella.domains.ledger.operations import Movement
from campanella.domains.ledger.rules import Source
from campanella.domains.people import mending
from campanella.domains.people import operations as people
from campanella.domains.people.operations import NewChild, NewGuardian, NewTie
from campanella.domains.schools import operations as schools
from campanella.domains.schools.keeping import NewSchool
from campanella.domains.schools.models import School
from campanella.domains.services import operations as services
from campanella.domains.services.models import Service
from campanella.domains.services.providing import NewService
from campanella.foundation.core import audit, clock
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.italian import day_figures
from campanella.foundation.core.money import Euro
from campanella.usecases import enrolling, lasting, pricing
from campanella.usecases.importing.known import IMPORTED, Known
from campanella.usecases.importing.lines import ChildLine
from campanella.usecases.importing.plan import Plan, Step
from campanella.usecases.setting_up import schools as setting_up
from campanella.usecases.setting_up import services as offered
from campanella.usecases.setting_up import years

SERVICE_NAMES = {
    "meal": "Mensa",
    "bus": "Scuolabus",
    "bus_out": "Scuolabus andata",
    "bus_back": "Scuolabus ritorno",
    "nursery": "Nido",
    "before": "Pre-scuola",
    "after": "Post-scuola",
    "camp": "Centro estivo",
}


def apply(*, by: Actor, plan: Plan, known: Known, first: date, file: str, now: datetime) -> None:
    """
    Write everything a plan says; call it inside the transaction that read ``known``.

    :param first: the day from which classes and subscriptions hold
    :param file: the file's name, for the history
    """
    steps = [step for step in plan.steps if step.changes]
    if not steps and not plan.contacts and not plan.calendars:
        return
    classes = _schools(by, plan, known, now)
    brackets = _services(by, plan, known, now)
    children = _people(steps, plan)
    # Those the file brings join the town, which is held.
    holding.hold_children(child_ids=children)
    places = {
        children[i]: classes[step.line.school_code, step.line.class_name] for i, step in enumerate(steps) if step.moves
    }
    schools.place_many(class_by_child=places, first=first, end=known.year[1])
    moved: list[tuple[str, dict[str, str | int]]] = [
        (f"child:{step.child_id}", {"place": _place(step.line), "day": day_figures(first)})
        for step in steps
        if step.moves and not step.is_new
    ]
    audit.record_each(by=by, action="child.moved", at=now, told=moved)
    _subscriptions(by, steps, children, brackets, first=first, now=now)
    _openings(by, steps, children, now=now)
    data: dict[str, str | int] = {
        "file": file[:100],
        "new": sum(step.is_new for step in steps),
        "changed": sum(not step.is_new for step in steps),
        "openings": sum(step.opening is not None for step in steps),
    }
    audit.record(by=by, action="people.imported", subjects=["town"], at=now, data=data)


def _place(line: ChildLine) -> str:
    return f"{line.class_name}, {line.school_name}"


def _schools(by: Actor, plan: Plan, known: Known, now: datetime) -> dict[tuple[str, str], int]:
    """Make schools and classes by the road of the office's pages; return every class by (school's code, name)."""
    year = years.year_of(by=by, first=known.year[0], end=known.year[1], now=now)
    new = [NewSchool(code, name, level) for code, (name, level) in plan.schools.items()]
    setting_up.add_many(by=by, new=new, now=now)
    ids = dict(School.objects.values_list("code", "id"))
    names = [(ids[code], name) for code, name in sorted(plan.classes)]
    made = setting_up.open_many(by=by, year=year, names=names, now=now)
    codes = {pk: code for code, pk in ids.items()}
    return {**known.classes, **{(codes[school_id], name): pk for (school_id, name), pk in made.items()}}


def _services(by: Actor, plan: Plan, known: Known, now: datetime) -> dict[tuple[str, int], int]:
    """Make services, their calendars and prices; return brackets by (service, cents)."""
    new = []
    for code, kind in plan.services.items():
        taken = len([one for one in plan.services.values() if one == kind]) + list(known.services.values()).count(kind)
        new.append(NewService(code, SERVICE_NAMES[kind] if taken == 1 else code.replace("-", " ").capitalize(), kind))
    offered.add_many(by=by, new=new, now=now)
    by_code = {service.code: service for service in Service.objects.all()}
    school_ids = dict(School.objects.values_list("code", "id"))
    start, end = known.year
    for last, is_nursery in ((date(end.year, 6, 30), False), (date(end.year, 7, 31), True)):
        pairs = [
            (by_code[service].pk, school_ids[school])
            for service, school in sorted(plan.calendars)
            if (by_code[service].kind == "nursery") == is_nursery
        ]
        offered.begin_many(by=by, pairs=pairs, first=start, last=last, weekdays=services.WORKING_WEEK, now=now)
    wanted: dict[str, set[int]] = {}
    for wish in (wish for step in plan.steps for wish in step.wishes if wish.bracket_id is None):
        wanted.setdefault(wish.service, set()).add(wish.cents)
    label = f"{start.year}/{end.year % 100:02}"
    found: dict[tuple[str, int], int] = {}
    for code, prices in wanted.items():
        made = services.add_prices(
            service=by_code[code],
            code=f"{IMPORTED}{code}-{label}",
            name=f"Tariffe di {by_code[code].name} {label}",
            first=start,
            end=end,
            prices=sorted(prices),
        )
        found |= {(code, cents): pk for cents, pk in made.items()}
    return found


def _people(steps: list[Step], plan: Plan) -> list[int]:
    """Register and mend people; return the child of each step."""
    new = [step.line for step in steps if step.is_new]
    registered = iter(
        people.register_children(
            children=[NewChild(line.given_name, line.family_name, line.tax_code, line.birth_date) for line in new]
        )
    )
    children = [step.child_id if step.child_id is not None else next(registered).pk for step in steps]
    adults = [
        NewGuardian(adult.given_name, adult.family_name, adult.tax_code, adult.email, adult.phone)
        for adult in plan.guardians.values()
    ]
    made = people.register_guardians(guardians=adults)
    guardian_ids = {key: guardian.pk for key, guardian in zip(plan.guardians, made, strict=True)}
    mended = {children[i]: step.mend for i, step in enumerate(steps) if step.mend}
    mending.mend_many(children=mended, guardians=plan.contacts)
    ties: dict[tuple[int, int], NewTie] = {}
    for i, step in enumerate(steps):
        for who, is_payer in step.ties:
            guardian_id = who if isinstance(who, int) else guardian_ids[who]
            ties.setdefault((children[i], guardian_id), NewTie(children[i], guardian_id, is_payer))
    people.tie_many(ties=list(ties.values()))
    people.note_former_codes(codes={step.former_code: children[i] for i, step in enumerate(steps) if step.former_code})
    return children


def _subscriptions(
    by: Actor, steps: list[Step], children: list[int], brackets: dict[tuple[str, int], int], *, first: date, now: datetime
) -> None:
    """Subscribe and change prices by the road of the office's pages, and write it down for children known before."""
    catalogue = {service.code: service for service in Service.objects.all()}
    lines: list[NewSubscription] = []
    then: list[tuple[NewSubscription, date]] = []
    wishes = [wish for step in steps for wish in step.wishes]
    ended = [wish.replaces for wish in wishes if wish.replaces]
    outlasting = lasting.outlasting(bracket_ids={wish.bracket_id for wish in wishes if wish.bracket_id})
    told: dict[str, list[tuple[str, dict[str, str | int]]]] = {"subscription.made": [], "subscription.priced": []}
    for i, step in enumerate(steps):
        for wish in step.wishes:
            service = catalogue[wish.service]
            bracket_id = wish.bracket_id if wish.bracket_id is not None else brackets[wish.service, wish.cents]
            new = NewSubscription(children[i], service.pk, bracket_id, wish.end, wish.reduction_percent)
            if price := outlasting.get(bracket_id):
                new, more, gone = lasting.of_a_file(new=new, price=price, replaces=wish.replaces, first=first)
                then += more
                ended += gone
            lines.append(new)
            if not step.is_new:
                data: dict[str, str | int] = {
                    "service": service.name,
                    "day": day_figures(first),
                    "price": str(Euro(wish.cents)),
                }
                action = "subscription.priced" if wish.replaces else "subscription.made"
                told[action].append((f"child:{children[i]}", data))
    pricing.write_lines(by=by, ended=ended, lines=lines, then=then, first=first, now=now)
    for action, acts in told.items():
        audit.record_each(by=by, action=action, at=now, told=acts)


def _openings(by: Actor, steps: list[Step], children: list[int], *, now: datetime) -> None:
    """Post each opening balance once, on the wallet that pays the child's first meal service, else its first service."""
    rows = Service.objects.values_list("code", "id", "kind")
    ids, kinds = {code: pk for code, pk, _ in rows}, {code: kind for code, _, kind in rows}
    amounts: dict[int, dict[int, Euro]] = {}
    for i, step in enumerate(steps):
        if step.opening:
            amounts.setdefault(ids[step.line.opening_service(kinds)], {})[children[i]] = step.opening
    if not amounts:
        return
    other = ledger.account(kind="opening", code="import")
    movements: list[Movement] = []
    for service_id, balances in amounts.items():
        wallets = enrolling.open_wallets(child_ids=list(balances), service_id=service_id)
        movements += [
            Movement(Source.of_carried(child_id=child_id, service_id=service_id), wallets[child_id], other.pk, amount)
            for child_id, amount in balances.items()
        ]
    ledger.post(
        movements=movements,
        kind="opening",
        day=clock.day_of(now),
        memo="Saldo dal programma precedente",
        by_id=by.actor_id,
        now=now,
    )
