"""Enrolment in tests: a call that is open, applications that are written, sent and decided."""

from datetime import date, time, timedelta
from typing import Any

from campanella.domains.applying import queries, setting_up
from campanella.domains.applying.queries import Application, EnrolmentCall, FormPart
from campanella.domains.applying.setting_up import CallData, PartData
from campanella.domains.schools.queries import year_of
from campanella.domains.services.models import Bracket
from campanella.foundation.core import clock
from campanella.usecases.applying import deciding, sending, writing
from campanella.usecases.applying.deciding import Choice
from tests.towns import OFFICE, TODAY, Cast, Family

CLOSES = clock.rome(date(2026, 10, 31), time(23, 59, 59, 999_999))


def data(**more: Any) -> CallData:
    """Return what the office says of a call that is open."""
    values: dict[str, Any] = {
        "opens_at": clock.rome(date(2026, 10, 1), time(8)),
        "closes_at": CLOSES,
        "begins_on": TODAY + timedelta(days=7),
        "places": None,
        "levels": (),
        "asks_isee": False,
        "admits_only_enrolled": False,
        "intro": "La mensa è aperta a chi va al Rodari.",
        "next_steps": "L’ufficio risponde entro dieci giorni.",
        "desk": "Sportello di via Solferino, da lunedì a venerdì 8:30–12:30.",
    }
    return CallData(**{**values, **more})


def opened(cast: Cast, service: str = "scuolabus", *, parts: tuple[PartData, ...] = (), **more: Any) -> EnrolmentCall:
    """Let families apply for a service."""
    year = year_of(day=TODAY)
    assert year
    call = setting_up.open_call(by=OFFICE, service=cast.services[service], year=year, data=data(**more), now=clock.now())
    for part in parts:
        setting_up.add_part(by=OFFICE, call=call, data=part, now=clock.now())
    return call


def part(call: EnrolmentCall, label: str) -> FormPart:
    """Return a part of a form by its label."""
    return next(one for one in queries.parts(call_id=call.pk) if one.label == label)


def written(cast: Cast, call: EnrolmentCall, family: Family, child: str = "Luca", **more: Any) -> Application:
    """Write an application for a child on record."""
    now = clock.now()
    begun = writing.begin(call_id=call.pk, guardian=family.guardian, child_id=cast.child(child).pk, received_at=now, now=now)
    writing.write(application=begun, data={"school": cast.school.pk, "answers": {}, **more}, files={}, now=now)
    return queries.application(application_id=begun.pk)


def of_new_child(cast: Cast, call: EnrolmentCall, family: Family, **child: str) -> Application:
    """Write an application for a child that is not on record."""
    now = clock.now()
    begun = writing.begin(call_id=call.pk, guardian=family.guardian, child_id=None, received_at=now, now=now)
    said = {
        "given_name": "Nina",
        "family_name": "Rossi",
        "tax_code": "RSSNNI20E41G479K",
        "birth_date": "2020-05-01",
        **child,
    }
    writing.write(application=begun, data={"school": cast.school.pk, "answers": {}, "child": said}, files={}, now=now)
    return queries.application(application_id=begun.pk)


def send(family: Family, application: Application, **more: Any) -> Application:
    """Send it, with everything ticked."""
    ticked = [one.pk for one in queries.parts(call_id=application.call_id) if one.kind in ("notice", "declaration")]
    values: dict[str, Any] = {"version": application.version + 1, "ticked": ticked, "received_at": clock.now(), **more}
    return sending.send(by=family.user, application_id=application.pk, is_by_office=False, now=clock.now(), **values)


def sent(cast: Cast, call: EnrolmentCall, family: Family, child: str = "Luca", **more: Any) -> Application:
    """Write and send an application for a child on record."""
    return send(family, written(cast, call, family, child, **more))


def ride(cast: Cast, service: str = "scuolabus", code: str = "full") -> Bracket:
    """Return a price."""
    return Bracket.objects.select_related("tariff__service").get(tariff__service=cast.services[service], code=code)


def accept(cast: Cast, application: Application, **more: Any) -> int:
    """Accept it from the day on which the service begins."""
    choice = Choice(bracket=ride(cast, application.call.service.code), first=application.call.begins_on, **more)
    return deciding.accept(by=cast.staff["office"], application_id=application.pk, choice=choice, now=clock.now())


def lively(cast: Cast) -> dict[str, int]:
    """Open the school bus, with every kind of question, and let the family Rossi be in several states; canteen is over."""
    parts = (
        PartData("choice", "Fermata di salita", "La più vicina a casa.", ("Piazza Alberica", "Via Roma")),
        PartData("yes_no", "Usa anche la corsa di ritorno?"),
        PartData("day", "Da quando", is_required=False),
        PartData("long", "Altro che dobbiamo sapere", "Non scrivere qui dati di salute.", is_required=False),
        PartData("document", "Delega a chi lo aspetta alla fermata", is_required=False),
        PartData("health", "Certificato per il posto riservato", is_required=False),
        PartData("consent", "Acconsento a ricevere gli avvisi per SMS"),
    )
    rossi, office = cast.families["rossi"], cast.staff["office"]
    intro = "Lo scuolabus porta a scuola chi va al Rodari."
    call = opened(cast, parts=parts, asks_isee=True, places=2, intro=intro)
    said = {"answers": {str(part(call, "Fermata di salita").pk): "Via Roma"}, "isee": {"how": "none"}}
    said["answers"] |= {str(part(call, "Usa anche la corsa di ritorno?").pk): "yes"}
    for child in ("Sofia", "Giulia"):
        family = next(one for one in cast.families.values() if child in one.children)
        sent(cast, call, family, child, **said)
    asked = sent(cast, call, rossi, "Luca", **said)
    deciding.ask(by=office, application_id=asked.pk, words="Manca la delega firmata.", now=clock.now())
    draft = written(cast, call, rossi, "Anna")
    begins = clock.now() - timedelta(days=9)
    with clock.standing_at(begins + timedelta(days=1)):
        over = opened(cast, "mensa", opens_at=begins, closes_at=begins + timedelta(days=7))
        late = sent(cast, over, rossi, "Anna")
        accepted = sent(cast, over, rossi, "Luca")
        behind = of_new_child(cast, over, rossi)
    # As if accepted before the year began: the child uses the service since then.
    Application.objects.filter(pk=accepted.pk).update(state="accepted")
    return {
        "call": call.pk,
        "over": over.pk,
        "asked": asked.pk,
        "draft": draft.pk,
        "late": late.pk,
        "accepted": accepted.pk,
        "behind": behind.pk,
        "part": queries.parts(call_id=call.pk)[0].pk,
    }
