"""Valenza's nursery: more babies than places, a list with a tie that was drawn, an appeal, places offered."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from campanella.demo.babies import (
    BABIES,
    CHILDREN,
    DISABLED,
    HOURS,
    HOUSEHOLD,
    OTHER,
    PARTS,
    POINTS,
    RESIDENCE,
    SECOND,
    WORK,
    Baby,
)
from campanella.demo.enrolments import LAST_MINUTE
from campanella.demo.life import Life
from campanella.demo.settling import OFFICE, Settled
from campanella.demo.tax_codes import tax_code
from campanella.domains.accounts.models import User
from campanella.domains.accounts.roles import Role
from campanella.domains.applying import queries as applying
from campanella.domains.applying import setting_up
from campanella.domains.applying.queries import Application, EnrolmentCall
from campanella.domains.applying.setting_up import CallData
from campanella.domains.people import queries as people
from campanella.domains.people.models import Guardian
from campanella.domains.ranking import queries
from campanella.domains.ranking.rules.scheme import Criterion, Group, Scheme, Seats
from campanella.domains.schools import operations as schools
from campanella.domains.schools.models import School
from campanella.domains.schools.queries import all_classes, year_of
from campanella.foundation.core import clock
from campanella.foundation.core.scope import scope
from campanella.usecases.applying import sending, writing
from campanella.usecases.ranking import drawing, offers, publishing

TOWN, SERVICE, CADASTRAL, GROUP = "valenza", "nido", "L570", "Piccoli"
SEED = "12 27 45 61 88"


def rank(*, life: Life, settled: Settled) -> None:
    """Open the call, let families apply as their pages do, and the office draw up, hear an appeal and publish."""
    if life.town.slug != TOWN:
        return
    opened, closed = life.moment - timedelta(days=50), life.today - timedelta(days=30)
    office = settled.staff[Role.OFFICE]
    with scope(life.town.id):
        families = _families(settled)[: len(BABIES)]
        with clock.standing_at(opened):
            call = _call(settled, life.today, opened, closed)
            _rules(call, opened, life.today)
    sent = []
    for number, (baby, (user, adult)) in enumerate(zip(BABIES, families, strict=False)):
        at = opened + timedelta(days=1 + number, minutes=17 * number)
        with clock.standing_at(at), scope(life.town.id):
            sent.append(_apply(call, baby, user, adult, life.today, at))
    if len(sent) == len(BABIES):
        _draw(life, call, office, sent)


def _draw(life: Life, call: EnrolmentCall, office: User, sent: Sequence[Application]) -> None:
    at = life.moment - timedelta(days=24)
    with clock.standing_at(at), scope(life.town.id):
        first = drawing.draw_up(by=office, call_id=call.pk, seed=SEED, why="Prima graduatoria", now=at)
        appeals = clock.day_of(at) + timedelta(days=10)
        publishing.publish(by=office, list_id=first.pk, is_final=False, appeals_until=appeals, now=at)
    at = life.moment - timedelta(days=15)
    with clock.standing_at(at), scope(life.town.id):
        hours = _part(call, HOURS)
        drawing.correct(
            by=office,
            application_id=sent[-1].pk,
            part_id=_part(call, WORK),
            answer="Contratto breve",
            reason="Ricorso accolto: il contratto era già firmato alla scadenza.",
            now=at,
        )
        drawing.correct(
            by=office, application_id=sent[-1].pk, part_id=hours, answer="Fino a 20", reason="Come sopra.", now=at
        )
        second = drawing.draw_up(by=office, call_id=call.pk, seed="", why="Dopo un ricorso", now=at)
    at = life.moment - timedelta(days=4)
    with clock.standing_at(at), scope(life.town.id):
        publishing.publish(by=office, list_id=second.pk, is_final=True, appeals_until=None, now=at)
    at = life.moment - timedelta(days=2)
    with clock.standing_at(at), scope(life.town.id):
        # The first in the list accepts, the second gives its place up: the next one has it open.
        waiting = sorted(queries.offers(call_id=call.pk), key=lambda one: one.pk)
        for offer, answer in zip(waiting, (offers.accept, offers.refuse), strict=False):
            adult = offer.application.guardian
            if adult and adult.user:
                answer(by=adult.user, offer_id=offer.pk, received_at=at, now=at)


def _call(settled: Settled, today: date, opened: datetime, closed: date) -> EnrolmentCall:
    year = year_of(day=today)
    assert year
    data = CallData(
        opens_at=opened,
        closes_at=clock.rome(closed, LAST_MINUTE),
        begins_on=date(today.year + 1, 1, 11),
        places=None,
        levels=("nido",),
        asks_isee=False,
        admits_only_enrolled=False,
        intro="I posti che si liberano a gennaio vanno a chi viene prima in graduatoria.",
        help_data="Ogni risposta dà i punti scritti nel bando: le controlliamo.",
        next_steps="La graduatoria provvisoria esce entro una settimana dalla scadenza.",
        desk="Ufficio Istruzione: da lunedì a venerdì 8:30–12:30.",
    )
    call = setting_up.open_call(by=OFFICE, service=settled.services[SERVICE], year=year, data=data, now=opened)
    for part in PARTS:
        setting_up.add_part(by=OFFICE, call=call, data=part, now=opened)
    return applying.call(call_id=call.pk)


def _rules(call: EnrolmentCall, now: datetime, today: date) -> None:
    first, other = _structures()
    classes = [one.pk for one in all_classes(day=today) if one.school_id == first.pk]
    named = {part.label: part.pk for part in applying.parts(call_id=call.pk)}
    criteria = [
        Criterion(named[label], answer, points) for label, worth in POINTS.items() for answer, points in worth.items()
    ]
    scheme = Scheme(
        groups=(Group(GROUP, date(today.year - 1, 11, 1), date(today.year, 10, 31)),),
        seats=(Seats(first.pk, GROUP, 2, min(classes, default=None)), Seats(other.pk, GROUP, 1)),
        criteria=(*criteria, Criterion(named[DISABLED], "yes", 0, comes_first=True)),
        preferences=(named[SECOND],),
        residence=named[RESIDENCE],
        keys=("first", "resident", "points", "older"),
    )
    drawing.set_rules(by=OFFICE, call_id=call.pk, scheme=scheme, now=now)


def _structures() -> tuple[School, School]:
    """Return the nursery of the plan, and a second one that a cooperative runs."""
    return (
        schools.register_school(code="nido-rosetta", name="Nido Rosetta", level="nido"),
        schools.register_school(code="nido-pioppo", name=OTHER, level="nido"),
    )


def _families(settled: Settled) -> list[tuple[User, Guardian]]:
    found: dict[int, tuple[User, Guardian]] = {}
    for one in settled.residents[2:]:
        adult = people.guardian_of(user=one.user) if one.user else None
        if one.user and adult and adult.email:
            found.setdefault(one.user.pk, (one.user, adult))
    return list(found.values())


def _apply(call: EnrolmentCall, baby: Baby, user: User, adult: Guardian, today: date, at: datetime) -> Application:
    one = writing.begin(call_id=call.pk, guardian=adult, child_id=None, received_at=at, now=at)
    born = today - timedelta(days=baby.days_old)
    code = tax_code(family_name=adult.family_name, given_name=baby.given_name, sex=baby.sex, born=born, place=CADASTRAL)
    child = {
        "given_name": baby.given_name,
        "family_name": adult.family_name,
        "tax_code": code,
        "birth_date": born.isoformat(),
    }
    said = dict(zip((HOUSEHOLD, CHILDREN, WORK, HOURS), baby.answers, strict=True))
    said |= {RESIDENCE: "yes", DISABLED: "yes" if baby.is_first else "no", SECOND: baby.second}
    answers = {str(_part(call, label)): answer for label, answer in said.items() if answer}
    school, _ = _structures()
    writing.write(application=one, data={"child": child, "school": school.pk, "answers": answers}, files={}, now=at)
    ticked = [part.pk for part in applying.parts(call_id=call.pk) if part.kind in ("notice", "declaration")]
    return sending.send(by=user, application_id=one.pk, version=1, ticked=ticked, is_by_office=False, received_at=at, now=at)


def _part(call: EnrolmentCall, label: str) -> int:
    return next(one.pk for one in applying.parts(call_id=call.pk) if one.label == label)
