"""Enrolment in Carrara: the school bus home is open, with families in every state; canteen is over."""

from datetime import date, datetime, time, timedelta
from typing import Any

from campanella.demo.life import Life
from campanella.demo.settling import OFFICE, Resident, Settled
from campanella.domains.accounts.models import User
from campanella.domains.accounts.roles import Role
from campanella.domains.applying import queries, setting_up
from campanella.domains.applying.queries import Application, EnrolmentCall
from campanella.domains.applying.setting_up import CallData, PartData
from campanella.domains.people import queries as people
from campanella.domains.schools import queries as schools
from campanella.foundation.core import clock
from campanella.foundation.core.scope import scope
from campanella.readings.office.applications import admission
from campanella.usecases.applying import deciding, leaving, sending, writing
from campanella.usecases.applying.deciding import Choice

TOWN, BUS, MEAL = "carrara", "bus-ritorno", "mensa"
DESK = "Via Solferino 12A: da lunedì a venerdì 8:30–12:30, martedì e giovedì anche 15:00–17:00."
LAST_MINUTE = time(23, 59, 59, 999_999)
STOP, PAPER = "Fermata di discesa", "Delega a chi aspetta il bambino alla fermata"
PARTS = (
    PartData("choice", STOP, "La più vicina a casa.", ("Avenza stazione", "Bonascola piazza", "Marina viale Colombo")),
    PartData("yes_no", "C’è sempre un adulto ad aspettarlo?"),
    PartData("document", PAPER, "Se non lo aspettate voi genitori.", is_required=False),
    PartData("health", "Certificato per un posto riservato", "Solo se serve.", is_required=False),
    PartData("long", "Altro che dobbiamo sapere", "Non scrivere qui dati di salute.", is_required=False),
)
# What becomes of each, a family apart.
STATES = ("draft", "sent", "taken", "asked", "accepted", "refused", "withdrawn", "given_up", "revoked", "sent", "sent")

ACCEPTED = ("accepted", "given_up", "revoked")


def enrol(*, life: Life, settled: Settled) -> None:
    """Open the calls as the office would, and let families apply as their pages do."""
    if life.town.slug != TOWN:
        return
    opened = life.moment - timedelta(days=20)
    with clock.standing_at(opened), scope(life.town.id):
        call = _call(settled, life.today, opened, life.today + timedelta(days=20))
        _over(settled, life.today)
        riders = _without_bus(settled)
    for number, (state, resident) in enumerate(zip(STATES, riders, strict=False)):
        at = life.moment - timedelta(days=len(STATES) - number, minutes=30)
        with clock.standing_at(at), scope(life.town.id):
            _apply(call, resident, state, settled.staff[Role.OFFICE], at)


def _call(settled: Settled, today: date, opened: datetime, last: date) -> EnrolmentCall:
    year = schools.year_of(day=today)
    assert year
    data = CallData(
        opens_at=opened,
        closes_at=clock.rome(last, LAST_MINUTE),
        begins_on=today + timedelta(days=30),
        places=40,
        levels=("primaria",),
        asks_isee=False,
        admits_only_enrolled=False,
        intro="Lo scuolabus riporta a casa gli alunni della primaria. L’iscrizione si fa ogni anno.",
        help_data="Rispondi a tutto: l’autista legge la fermata e chi aspetta il bambino.",
        help_summary="Controlla soprattutto la fermata.",
        next_steps="L’ufficio risponde entro dieci giorni. Se i posti finiscono si va in ordine di arrivo.",
        desk=DESK,
    )
    call = setting_up.open_call(by=OFFICE, service=settled.services[BUS], year=year, data=data, now=opened)
    for part in PARTS:
        setting_up.add_part(by=OFFICE, call=call, data=part, now=opened)
    return queries.call(call_id=call.pk)


def _over(settled: Settled, today: date) -> None:
    """Canteen: families applied until the middle of September; after it they go to the desk."""
    year = schools.year_of(day=today)
    assert year
    first = year.days.lower
    data = CallData(
        opens_at=clock.rome(first - timedelta(days=90), time(8)),
        closes_at=clock.rome(date(first.year, 9, 15), LAST_MINUTE),
        begins_on=date(first.year, 9, 15),
        places=None,
        levels=(),
        asks_isee=True,
        admits_only_enrolled=False,
        intro="L’iscrizione alla mensa si fa ogni anno, anche per chi l’usava già.",
        desk=DESK,
    )
    setting_up.open_call(by=OFFICE, service=settled.services[MEAL], year=year, data=data, now=clock.now())


def _without_bus(settled: Settled) -> list[Resident]:
    """Return children of a primary school that do not ride home yet and whose parent has an access, a family each."""
    found: dict[int, Resident] = {}
    for one in settled.residents[8:]:
        uses = {use.service.code for use in one.uses}
        is_primary = any(use.school.level == "primaria" for use in one.uses)
        if one.user and is_primary and BUS not in uses and people.guardian_of(user=one.user):
            found.setdefault(one.user.pk, one)
    return list(found.values())


def _apply(call: EnrolmentCall, resident: Resident, state: str, clerk: User, at: datetime) -> None:
    user = resident.user
    adult = people.guardian_of(user=user) if user else None
    if user is None or adult is None:
        return
    one = writing.begin(call_id=call.pk, guardian=adult, child_id=resident.child.pk, received_at=at, now=at)
    stop, adult_waits = (
        str(part.pk) for part in queries.parts(call_id=call.pk) if part.label == STOP or part.kind == "yes_no"
    )
    answers = {stop: "Avenza stazione", adult_waits: "yes"}
    writing.write(application=one, data={"answers": answers if state != "draft" else {}}, files={}, now=at)
    if state == "draft":
        return
    ticked = [part.pk for part in queries.parts(call_id=call.pk) if part.kind in ("notice", "declaration")]
    sent = sending.send(by=user, application_id=one.pk, version=1, ticked=ticked, is_by_office=False, received_at=at, now=at)
    _go_on(sent, state, user, clerk, at + timedelta(minutes=20))


def _go_on(sent: Application, state: str, user: User, clerk: User, at: datetime) -> None:
    acting: dict[str, Any] = {"application_id": sent.pk, "now": at}
    if state in ("taken", *ACCEPTED, "asked"):
        deciding.take_up(by=clerk, **acting)
    if state == "asked":
        deciding.ask(by=clerk, words="Manca la delega a chi aspetta il bambino: allegala.", **acting)
    if state == "refused":
        deciding.refuse(by=clerk, words="La casa è a meno di un chilometro dalla scuola: lo dice il regolamento.", **acting)
    if state == "withdrawn":
        sending.withdraw(by=user, is_by_office=False, **acting)
    how = admission(application=sent) if state in ACCEPTED else None
    if how and how.proposed:
        deciding.accept(by=clerk, choice=Choice(how.proposed, how.first), **acting)
    if state == "given_up":
        leaving.give_up(by=user, last=clock.day_of(at), is_by_office=False, **acting)
    if state == "revoked":
        why = "La fermata scelta non c’è più: la corsa di quest’anno non passa da lì."
        leaving.revoke(by=clerk, last=clock.day_of(at), words=why, **acting)
