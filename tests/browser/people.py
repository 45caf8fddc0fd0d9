"""
The people of the browser tests, as committed rows: Valle with a lively school, Borgo next door.

``python -m tests.browser.people FILE`` makes them in the database of ``DATABASE_URL`` and writes who is who. Every story
has a family of its own, so that stories do not disturb each other.
"""

import json
import os
import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

# (access, given name, family name, e-mail, ((child, class, credit in cents after the past days, has a tax code), …))
# Classes that one story each confirms.
CLASSES_OF_THEIR_OWN = ("5A", "5B", "5C", "5D", "5E", "5F", "5G", "5H", "5I", "5L", "5M", "5N", "5O", "5P", "5R")
FAMILIES = (
    ("bianchi", "Laura", "Bianchi", "bianchi@posta.example", (("Sofia", "3A", 1250, True), ("Marco", "3A", 2310, True))),
    ("verdi", "Paolo", "Verdi", "verdi@posta.example", (("Giulia", "4C", 920, True),)),
    ("fontana", "Elena", "Fontana", "fontana@posta.example", (("Tommaso", "4C", 1840, True),)),
    ("esposito", "Ciro", "Esposito", "esposito@posta.example", (("Gennaro", "4C", 3000, True),)),
    ("conti", "Sara", "Conti", "conti@posta.example", (("Emma", "4C", 4140, True),)),
    ("greco", "Davide", "Greco", "greco@posta.example", (("Leonardo", "4C", -780, True), ("Vittoria", "2B", 0, True))),
    (
        "lunghi", "Maximiliane Anastasia", "Della Rovere-Wohlgemuthová", "nome.molto.lungo@posta-elettronica.example",
        (("Bartolomeo Ferdinando Massimiliano", "2B", 5000, True),),
    ),
    ("marini", "Chiara", "Marini", "", (("Pietro", "2B", 2200, False),)),
)  # fmt: skip
CLASSMATES = (
    "Ahmed Benali", "Alice Ferri", "Andrea Galli", "Beatrice Serra", "Camilla Neri", "Dario Longo", "Elisa Costa",
    "Filippo Riva",
    "Greta Sala", "Ioana Popescu", "Jacopo Testa", "Matteo D’Angelo",
    "Nicolò Barbieri", "Yara El Amrani", "Zoë Martini",
)  # fmt: skip
PAST_DAYS, MEAL = 8, 460
# The birthday of the children of the cast (tests/towns.py).
BORN = date(2019, 4, 12)


@dataclass
class Making:
    """What is needed while making people."""

    cast: Any
    brackets: dict[str, Any]
    year: Any
    number: int = 0


def make() -> dict[str, Any]:
    """Make both towns and return who is who."""
    from campanella.domains.applying import queries as applying
    from campanella.foundation.core import clock
    from campanella.foundation.core.scope import scope
    from tests.applying import lively
    from tests.buses import bus_lines
    from tests.camps import camp_weeks
    from tests.ranking import lively as ranked
    from tests.towns import choosing, make_cast

    with clock.standing_at(datetime(2026, 9, 14, 6, 0, tzinfo=UTC)):
        valle = make_cast(slug="valle", tax_code="00142920439")
        borgo = make_cast(slug="borgo", tax_code="00142920413")
    with scope(valle.town.id):
        choosing(valle.town, registration=True, sdd_offered=True, sdd_iban="IT60X0542811101000000123456")
        with clock.standing_at(datetime(2026, 9, 14, 6, 30, tzinfo=UTC)):
            _enrich(valle)
        _past_days(valle)
        _frozen_yesterday(valle)
        with clock.standing_at(clock.now()):
            _reminded_early()
            told = _present(valle) | _counter(valle) | _registered() | {"enrolment": lively(valle), "bus": bus_lines(valle)}
            told["camps"] = camp_weeks(valle)
            over = applying.application(application_id=told["enrolment"]["late"])
            behind = applying.application(application_id=told["enrolment"]["behind"])
            told["ranking"] = ranked(valle, over.call, over, behind)
        told |= {"tariff": _tariff()}
    told |= _after_the_month()
    with scope(borgo.town.id):
        told["borgo_child"] = borgo.child("Anna").pk
        _next_door(borgo)
        told["borgo_arrears"] = _in_arrears(borgo)
    return told


def _tariff() -> int:
    """Return the canteen's prices."""
    from campanella.domains.services.models import Tariff

    found: int = Tariff.objects.get(code="mensa-26").pk
    return found


def _after_the_month() -> dict[str, Any]:
    """Make Mese, which pays after the month: September is billed, some days of October are used."""
    from campanella.foundation.core import clock
    from campanella.foundation.core.scope import scope
    from tests.billing import bill, eat
    from tests.paying import made_ready
    from tests.towns import choosing, make_cast
    from tests.usecases.billing.conftest import post_paid

    with clock.standing_at(datetime(2026, 9, 14, 6, 0, tzinfo=UTC)):
        mese = make_cast(slug="mese", tax_code="00142920447")
        with scope(mese.town.id):
            choosing(mese.town, bill_sample=1, bill_least=0)
            post_paid(mese)
            made_ready(mese.families["rossi"])
    with scope(mese.town.id):
        eat(mese, [date(2026, 9, day) for day in (21, 22, 23, 24, 25)], absent=["Luca"])
        eat(mese, [date(2026, 10, day) for day in (1, 2)])
        bill(mese, "2026-09")
        eat(mese, [date(2026, 10, day) for day in (6, 7, 8, 9)])
    return {
        "mese_guardian": mese.families["rossi"].guardian.pk,
        "mese_child": mese.child("Anna").pk,
    }


def _next_door(cast: Any) -> None:
    """In Borgo the roll-call closes at eight, and an access that sees one child only was handed out and closed."""
    from campanella.foundation.core import clock
    from campanella.usecases.access import handed
    from tests.towns import OFFICE, choosing

    choosing(cast.town, roll_call_closes_at="08:00", account_per_child=True)
    now, anna = clock.now(), cast.child("Anna").pk
    handed.print_letter(by=OFFICE, child_id=anna, now=now)
    (account,) = handed_to(anna)
    handed.keep(by=OFFICE, child_id=anna, user_id=account.user_id, is_open=False, now=now)


def _in_arrears(cast: Any) -> dict[str, int]:
    """In Borgo two families were reminded: one is left alone since, the other pays by instalments."""
    from campanella.domains.arrears import reminders
    from campanella.foundation.core import clock
    from campanella.usecases.arrears import ladder, planning, running, sending
    from tests.towns import OFFICE

    with clock.standing_at(datetime(2026, 9, 14, 6, 30, tzinfo=UTC)):
        for name, cents in (("Anna", -6000), ("Luca", -4000), ("Amina", -8000)):
            cast.credit(name, cents)
    now = datetime(2026, 10, 1, 8, 0, tzinfo=UTC)
    with clock.standing_at(now):
        run = running.preview(by=OFFICE, now=now)
        running.confirm(by=OFFICE, run_id=run.id, now=now)
    with clock.standing_at(now + timedelta(minutes=5)):
        sending.send(run_id=run.id)
    rossi, haddad = (cast.families[name].guardian.pk for name in ("rossi", "haddad"))
    later = now + timedelta(days=4)
    with clock.standing_at(later):
        first = date(2026, 10, 20)
        plan = planning.agree(by=OFFICE, payer_id=haddad, count=3, first=first, months=1, note="in ufficio", now=later)
        stop = ladder.stop(by=OFFICE, payer_id=rossi, until=date(2026, 12, 31), reason="In carico ai servizi", now=later)
    (reminder,) = reminders.reminders_of(payer_ids=[rossi])
    return {"run": run.id, "reminder": reminder.id, "plan": plan.pk, "stop": stop.pk, "rossi": rossi, "haddad": haddad}


def _reminded_early() -> None:
    """In Valle whoever is below zero is reminded the day after."""
    from dataclasses import replace

    from campanella.domains.arrears.rules.ladder import DEFAULT
    from campanella.foundation.core import clock
    from campanella.usecases.arrears import ladder
    from tests.towns import OFFICE

    first, *others = DEFAULT.steps
    steps = [replace(first, after_days=0), *others]
    ladder.set_ladder(by=OFFICE, first=clock.today(), steps=steps, reason="prova", now=clock.now())


def _counter(cast: Any) -> dict[str, Any]:
    """In Valle a pharmacy takes money: one day is counted, and off by five euro; today something was taken and undone."""
    from campanella.domains.cash.models import CashPoint
    from campanella.foundation.core import clock
    from campanella.usecases.cash import days, points
    from tests.cash import close, code, opened, take, void
    from tests.towns import OFFICE, choosing

    with clock.standing_at(clock.now() - timedelta(days=1)):
        session = opened(cast, float_cents=5000)
        take(cast, 2000, child="Yara")
        take(cast, 3000, child="Nicolò", means="card")
        close(cast, session, 6500, slip=3000, note="Mancano 5 euro")
        settlement = points.settle(by=OFFICE, point_id=session.point_id, last=session.day, now=clock.now())
    # Longer than the tests take, so that what was taken at their beginning can still be undone.
    choosing(cast.town, cash_void_minutes=120)
    days.open_day(by=cast.staff["cashier"], float_cents=5000, now=clock.now())
    void(cast, take(cast, 1000, child="Yara"))
    top_up = take(cast, 2000, child="Yara")
    point = CashPoint.objects.get()
    found = {"top_up": top_up.id, "closed": session.pk, "point": point.pk, "settlement": settlement.id}
    return {"cash": {**found, "code": code(cast, "Nicolò")}}


def _registered() -> dict[str, Any]:
    """In Valle a mother has registered, confirmed her mailbox, and waits for the office."""
    from campanella.domains.people import registered, registering
    from campanella.foundation.core import clock
    from campanella.usecases.access import registering as applying

    born = date(1986, 4, 2)
    mother = registering.Applicant(
        "Teodora", "Barbieri", tax_code("Barbieri Teodora", born), "teodora@posta.example", "teodora", "", "Nicolò, 2B"
    )
    made, token = registering.ask(applicant=mother, password="", now=clock.now())
    applying.confirm(token=token, now=clock.now())
    applying.welcome(registration_id=made.pk)
    return {"registration": registered.waiting()[0].pk}


def handed_to(child_id: int) -> Any:
    """Return the accesses that see one child only."""
    from campanella.domains.people import queries

    return queries.child_accounts(child_id=child_id)


def _enrich(cast: Any) -> None:
    from campanella.domains.accounts.operations import create_user
    from campanella.domains.accounts.roles import Role
    from campanella.domains.enrolment import diet_codes, diets
    from campanella.domains.ledger import operations as ledger
    from campanella.domains.people import mending
    from campanella.domains.services.models import Bracket
    from campanella.foundation.core import clock
    from campanella.foundation.core.money import Euro
    from campanella.usecases import isee
    from tests.diets import serve
    from tests.towns import OFFICE, PASSWORD, open_class

    now, year = clock.now(), cast.classes["2B"].year
    for name in ("1A", "4C", *CLASSES_OF_THEIR_OWN):
        cast.classes[name] = open_class(school=cast.school, year=year, name=name)
    brackets = {bracket.code: bracket for bracket in Bracket.objects.filter(tariff__service=cast.services["mensa"])}
    making = Making(cast, brackets, year)
    for name, cents in (("Anna", 3680 + 7 * MEAL), ("Luca", 1720 + 7 * 310)):
        mending.write_child_tax_code(by=OFFICE, child_id=cast.child(name).pk, tax_code=tax_code(name, BORN), now=now)
        cast.credit(name, cents)
    cast.credit("Anna", 1350, "scuolabus")
    for family in FAMILIES:
        _family(making, *family)
    for name in CLASSMATES:
        given, _, family_name = name.partition(" ")
        _child(making, given, family_name, "2B", 2500, True)
    for given, class_name in (("Rosa", "1A"), ("Ugo", "1A"), ("Ivo", "1A")):
        _child(making, given, "Prova", class_name, 2500, True)
    for class_name in CLASSES_OF_THEIR_OWN:
        for given in ("Ada", "Bice", "Ciro"):
            _child(making, f"{given} {class_name}", "Prova", class_name, 2500, True)
    for code, menu in (("SG", "Senza glutine"), ("SL", "Senza latte")):
        diet_codes.add_code(by=OFFICE, code=code, menu=menu, needs_certificate=True, now=now)
    serve(cast.child("Anna"), "SG", "Senza glutine", reason="salute", first=date(2026, 9, 1))
    colleague = create_user(
        by=OFFICE, username="ufficio.due", display_name="Collega", roles=[Role.OFFICE], password=PASSWORD, now=clock.now()
    )
    diets.propose(
        by=colleague,
        child=cast.child("Rosa"),
        code="SL",
        reason="salute",
        first=date(2026, 10, 14),
        expires_on=date(2026, 11, 1),
        certificate=b"%PDF-1.7 certificato",
        now=clock.now(),
    )
    said = isee.Said(Euro(980_000), "ordinary", clock.day_of(now), clock.day_of(now), 4)
    payer_id = cast.families["rossi"].guardian.pk
    isee.declare(by=OFFICE, payer_id=payer_id, said=said, key="abcdefghijklmnop", now=now)
    # Credit that is left of a bus which Tommaso no longer takes.
    ledger.open_wallet(child=cast.child("Tommaso"), service_id=cast.services["scuolabus"].pk)
    cast.credit("Tommaso", 1200, "scuolabus")
    # An access that still waits for its children.
    create_user(
        by=OFFICE,
        username="nuova",
        display_name="Nadia Nuova",
        roles=[Role.GUARDIAN],
        password=PASSWORD,
        now=now,
        email="nuova@posta.example",
    )
    create_user(
        by=OFFICE,
        username="prima",
        display_name="Primo Accesso",
        roles=[Role.GUARDIAN],
        password=PASSWORD,
        now=now + timedelta(days=20),  # the password of a letter waits for thirty
        must_change_password=True,
    )
    create_user(
        by=OFFICE,
        username="smemorata",
        display_name="Ida Smemorata",
        roles=[Role.GUARDIAN],
        password=PASSWORD,
        now=now,
    )


def _family(making: Making, username: str, given: str, family_name: str, email: str, children: Any) -> None:
    from campanella.domains.accounts.operations import create_user
    from campanella.domains.accounts.roles import Role
    from campanella.domains.people import operations as people
    from campanella.foundation.core import clock
    from tests.towns import OFFICE, PASSWORD, Family

    making.number += 1
    born = date(1980, 1 + making.number // 28, 1 + making.number % 28)
    guardian = people.register_guardian(
        given_name=given,
        family_name=family_name,
        tax_code=tax_code(username, born) if email else "",
        email=email,
        phone="333 555 0100",
    )
    user = create_user(
        by=OFFICE,
        username=username,
        display_name=guardian.full_name,
        roles=[Role.GUARDIAN],
        password=PASSWORD,
        email=email,
        now=clock.now(),
    )
    people.give_access(guardian=guardian, user=user)
    family = making.cast.families[username] = Family(guardian, user)
    for child, class_name, cents, has_code in children:
        row = _child(making, child, family_name, class_name, cents, has_code, family)
        people.tie(child=row, guardian=guardian, is_payer=True)


def _child(
    making: Making, given: str, family_name: str, class_name: str, cents: int, has_code: bool, family: Any = None
) -> Any:
    from campanella.domains.ledger import operations as ledger
    from campanella.domains.people import operations as people
    from campanella.domains.schools import operations as schools
    from tests.towns import Family, subscribe

    making.number += 1
    cast, first = making.cast, date(2026, 9, 15)
    born = date(2018, 3, 1 + making.number % 28)
    child = people.register_child(
        given_name=given,
        family_name=family_name,
        tax_code=tax_code(given, born) if has_code else "",
        birth_date=born,
    )
    schools.place(child=child, class_group=cast.classes[class_name], first=date(2026, 9, 1), end=None)
    subscribe(child=child, service=cast.services["mensa"], bracket=making.brackets["full"], first=first, end=None)
    ledger.open_wallet(child=child, service_id=cast.services["mensa"].pk)
    group = family or cast.families.setdefault("classmates", Family(None, None))
    group.children[given] = child
    if cents > 0:
        cast.credit(given, cents + PAST_DAYS * MEAL)
    return child


def _this_morning(cast: Any, now: Any) -> int:
    """Mark a white meal and a child that comes later on a sheet that stays open, and close a day; return the closure."""
    from campanella.domains.attendance import operations as attendance
    from campanella.domains.attendance.rules import Mark
    from campanella.domains.cooking import operations as cooking
    from campanella.domains.cooking.rules import read_dishes
    from campanella.domains.schools import operations as schools

    office, day = cast.staff["office"], now.date()
    menu = cooking.add_menu(
        by=office, service=cast.services["mensa"], name="Invernale", first=day, end=date(2027, 3, 1), weeks=2, now=now
    )
    dishes = read_dishes("Pasta al pomodoro (1, 9)\nD1: Pasta di riso (9)\nPlatessa gratinata (1, 4)\nMela")
    cooking.write_week(by=office, menu=menu, week=1, days=[dishes] * 5, now=now)
    call = attendance.begin(class_group=cast.classes["1A"], service=cast.services["mensa"], day=now.date())
    marks = {
        cast.child("Rosa").pk: Mark(is_present=True, is_white=True),
        cast.child("Ugo").pk: Mark(is_present=True, is_late=True),
        cast.child("Ivo").pk: Mark(is_present=False),
    }
    attendance.mark_many(by=cast.staff["school"], roll_call=call, marks=marks, now=now)
    closed = date(2027, 1, 7)
    return schools.close(by=cast.staff["office"], first=closed, last=closed, reason="Ponte dell’Epifania", now=now).pk


def _past_days(cast: Any) -> None:
    """Confirm the last school days of every class, so that there are presences, charges and absences to look at."""
    from campanella.foundation.core import clock
    from campanella.usecases import mealtime
    from tests.towns import TODAY

    days: list[date] = []
    day = TODAY - timedelta(days=1)
    while len(days) < PAST_DAYS:
        days += [day] if day.weekday() < 5 else []
        day -= timedelta(days=1)
    greco = cast.child("Leonardo").pk
    # From the first to the last, as they were.
    for back, day in reversed(list(enumerate(days))):
        at = clock.rome(day, time(9, 5)).astimezone(UTC)
        absent = [cast.child(name).pk for name, on in (("Luca", 2), ("Anna", 4)) if on == back]
        with clock.standing_at(at):
            mealtime.confirm_day(
                by=cast.staff["office"],
                service=cast.services["mensa"],
                day=day,
                class_group_ids=[c.pk for c in cast.classes.values()],
                absent_ids=absent + ([greco] if back > 4 else []),
                now=at,
            )


def _frozen_yesterday(cast: Any) -> None:
    """Freeze yesterday's sheet at its cut-off, then let one more adult be counted: an addition."""
    from campanella.domains.attendance import correcting
    from campanella.domains.attendance.models import RollCall
    from campanella.foundation.core import clock
    from campanella.usecases import freezing
    from tests.towns import OFFICE, TODAY

    yesterday = TODAY - timedelta(days=1)
    at = clock.rome(yesterday, time(9, 30)).astimezone(UTC) + timedelta(seconds=20)
    with clock.standing_at(at):
        for due in freezing.due(now=at):
            freezing.freeze(by=OFFICE, due=due, now=at)
        call = RollCall.objects.get(class_group=cast.classes["2B"], service=cast.services["mensa"], day=yesterday)
        later = at + timedelta(minutes=11)
        correcting.correct_adults(by=cast.staff["office"], roll_call_id=call.pk, adults=1, reason="supplente", now=later)


def _present(cast: Any) -> dict[str, Any]:
    """What lies about this morning: notices, news, a ticket."""
    from campanella.domains.accounts import operations as accounts
    from campanella.domains.accounts import passwords
    from campanella.domains.accounts.models import User
    from campanella.domains.support import operations as support
    from campanella.domains.support.models import Faq
    from campanella.domains.support.words import Topic
    from campanella.foundation.core import clock
    from campanella.foundation.core.money import Euro
    from campanella.usecases import tablets, top_up
    from campanella.usecases.importing import mapping
    from tests.towns import OFFICE, PASSWORD

    mapping.say(by=OFFICE, header="Cod. ass.", column="Codice", now=clock.now())
    now, office = clock.now(), cast.staff["office"]
    passwords.choose_pin(user=cast.staff["school"], pin="408215", password=PASSWORD, now=now)
    notices = {}
    for name, cents in (("Tommaso", 2000), ("Anna", 4600), ("Emma", 1500)):
        made = top_up.prepare_at_desk(by=OFFICE, wallet_id=cast.wallet(name).pk, amount=Euro(cents), count=1, now=now)
        notices[name] = {"id": made[0].pk, "number": made[0].notice_number}
    support.start_faq(by=OFFICE, now=now)
    news = []
    for title, body in (
        ("Sciopero di venerdì 23 ottobre", "La mensa potrebbe non essere servita.\n\nLe classi avvisano entro le 9:30."),
        ("Il menù d’autunno", "Da lunedì 19 ottobre si cambia menù: lo trovi in allegato alla prossima news."),
    ):
        row = support.write_news(
            by=office, news_id=None, title=title, body=body, audience=support.Audience(), until=None, now=now
        )
        support.publish_news(by=office, news_id=row.pk, now=now)
        news.append(row.pk)
    draft = support.write_news(
        by=office,
        news_id=None,
        title="Bozza",
        body="Non ancora pubblicata.",
        audience=support.Audience(),
        until=None,
        now=now,
    )
    attachment = support.attach(by=office, news_id=news[0], name="avviso.png", content=PICTURE, now=now)
    family, forgetful = cast.families["rossi"], User.objects.get(username="smemorata")
    writer = support.Writer(
        name=family.guardian.full_name, email=family.guardian.email, origin="", user=family.user, guardian=family.guardian
    )
    ticket = support.open_ticket(by=writer, topic=Topic.PRESENCES, text="Luca il 9 era a casa: è stato addebitato?", now=now)
    children = {name: child for family in cast.families.values() for name, child in family.children.items()}
    return {
        "password": PASSWORD,
        "tax_code": cast.town.tax_code,
        "children": {name.split()[0]: child.pk for name, child in children.items()},
        "wallets": {name.split()[0]: cast.wallet(name).pk for name in children},
        "guardians": {name: family.guardian.pk for name, family in cast.families.items() if family.guardian},
        "classes": {name: row.pk for name, row in cast.classes.items()},
        "school": cast.school.pk,
        "mensa": cast.services["mensa"].pk,
        "staff": {role: user.pk for role, user in cast.staff.items()},
        "notices": notices,
        "faq": Faq.objects.values_list("pk", flat=True)[0],
        "news": news,
        "draft": draft.pk,
        "tablet": tablets.prepare(by=OFFICE, name="Tablet rosso", school_id=cast.school.pk, now=now).device.pk,
        "closure": _this_morning(cast, now),
        "attachment": attachment.pk,
        "ticket": ticket.number,
        "amina_tax_code": tax_code("Haddad Amina", BORN),
        "reset": {"user": forgetful.pk, "token": passwords.reset_token(user=forgetful)},
        "contacts_token": accounts.ask_contact_change(
            user=cast.families["lunghi"].user, email="altra@posta.example", phone="", now=now
        ),
    }


PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360f8cf500f0003860180"
    "5a34e8790000000049454e44ae426082"
)


def tax_code(seed: str, born: date) -> str:
    """Return a tax code with a right check letter, invented out of a name, that tells the right birthday."""
    from stdnum.it import codicefiscale

    letters = [c for c in seed.upper() if "A" <= c <= "Z"] + ["X"] * 6
    half = f"{''.join(letters[:6])}{born:%y}{'ABCDEHLMPRST'[born.month - 1]}{born:%d}A562"
    return half + codicefiscale.calc_check_digit(half)


def main(target: str) -> None:
    """Make everybody and write who is who."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "campanella.config.settings")
    # The clock of the pages runs; the people are made at the times they name.
    django.setup()
    Path(target).write_text(json.dumps(make()))


if __name__ == "__main__":
    main(sys.argv[1])
