"""The office sets calls up: when they open and close, for how many, what their form asks and tells."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Max

from campanella.domains.applying.events import CallTold
from campanella.domains.applying.models import EnrolmentCall, FormPart
from campanella.domains.schools.models import SchoolYear
from campanella.domains.services.models import Service
from campanella.foundation.core import audit
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.events import publish
from campanella.foundation.core.scope import operation

audit.sentences(
    {
        "call.made": "ha preparato le iscrizioni a {service} per il {year}",
        "call.changed": "ha cambiato le iscrizioni a {service} per il {year}",
        "call.part": "ha cambiato il modulo delle iscrizioni a {service} per il {year}: {part}",
    }
)

PRIVACY = "Ho letto l’informativa sul trattamento dei dati personali (art. 13 del Regolamento UE 2016/679)"
TRUTH = "Dichiaro che quello che ho scritto è vero (artt. 46 e 47 del DPR 445/2000)"
PENALTIES = "Chi dichiara il falso perde il beneficio e ne risponde per legge (artt. 75 e 76 del DPR 445/2000)."


class CalledAlready(Refusal):
    """The town has a call for this service and year."""

    message = "Per questo servizio e anno le iscrizioni ci sono già: aprile e cambiale."


class ClosesBeforeItOpens(Refusal):
    """The end comes before the beginning."""

    message = "La scadenza viene prima dell’apertura: controlla i giorni."


@dataclass(frozen=True, slots=True)
class CallData:
    """
    What the office says of a call.

    :ivar closes_at: the last instant that counts
    :ivar places: None where there is no limit
    """

    opens_at: datetime
    closes_at: datetime
    begins_on: date
    places: int | None
    levels: tuple[str, ...]
    asks_isee: bool
    admits_only_enrolled: bool
    intro: str = ""
    help_data: str = ""
    help_summary: str = ""
    next_steps: str = ""
    desk: str = ""


@dataclass(frozen=True, slots=True)
class PartData:
    """What the office says of a part of a form."""

    kind: str
    label: str
    help: str = ""
    options: tuple[str, ...] = ()
    is_required: bool = True
    position: int | None = None


LAWFUL = (
    PartData(
        "notice",
        PRIVACY,
        "Il Comune tratta i dati per svolgere il servizio: non serve il tuo consenso, ma devi sapere come.",
    ),
    PartData("declaration", TRUTH, PENALTIES),
)


@operation
def open_call(*, by: Actor, service: Service, year: SchoolYear, data: CallData, now: datetime) -> EnrolmentCall:
    """
    Set a call up, with what the law wants read and declared.

    :raises CalledAlready: the town has one for this service and year
    :raises ClosesBeforeItOpens: its end comes before its beginning
    """
    if data.closes_at <= data.opens_at:
        raise ClosesBeforeItOpens
    try:
        with transaction.atomic():
            call = EnrolmentCall.objects.create(service=service, year=year, **_columns(data))
    except IntegrityError:
        raise CalledAlready
    for part in LAWFUL:
        _add(call, part)
    _note("call.made", by=by, call=call, now=now)
    publish(CallTold(call_id=call.pk))
    return call


@operation
def change_call(*, by: Actor, call: EnrolmentCall, data: CallData, now: datetime) -> None:
    """
    Change a call; what was sent stays as it was sent.

    :raises ClosesBeforeItOpens: its end comes before its beginning
    """
    if data.closes_at <= data.opens_at:
        raise ClosesBeforeItOpens
    EnrolmentCall.objects.filter(pk=call.pk).update(**_columns(data))
    _note("call.changed", by=by, call=call, now=now)
    publish(CallTold(call_id=call.pk))


@operation
def add_part(*, by: Actor, call: EnrolmentCall, data: PartData, now: datetime) -> FormPart:
    """Let a form ask for one thing more."""
    part = _add(call, data)
    _note("call.part", by=by, call=call, now=now, part=data.label)
    return part


@operation
def change_part(*, by: Actor, part: FormPart, data: PartData, now: datetime) -> None:
    """Ask a thing in other words; of another kind it is another part, so the one before ends."""
    call = part.call
    if part.kind == data.kind:
        values = {"label": data.label, "help": data.help, "options": list(data.options), "is_required": data.is_required}
        position = part.position if data.position is None else data.position
        FormPart.objects.filter(pk=part.pk).update(position=position, **values)
    else:
        FormPart.objects.filter(pk=part.pk).update(ended_at=now)
        _add(call, data)
    _note("call.part", by=by, call=call, now=now, part=data.label)


@operation
def end_part(*, by: Actor, part: FormPart, now: datetime) -> None:
    """Ask a thing no more; what was answered stays with who has sent it."""
    FormPart.objects.filter(pk=part.pk, ended_at=None).update(ended_at=now)
    _note("call.part", by=by, call=part.call, now=now, part=part.label)


@operation
def copy_parts(*, by: Actor, call: EnrolmentCall, source: EnrolmentCall, now: datetime) -> None:
    """Let a call ask what another one asks, as that of the year before, in the place of what it asked so far."""
    FormPart.objects.filter(call=call, ended_at=None).update(ended_at=now)
    for part in FormPart.objects.filter(call=source, ended_at=None).order_by("position", "id"):
        _add(call, PartData(part.kind, part.label, part.help, tuple(part.options), part.is_required))
    _note("call.part", by=by, call=call, now=now, part="tutto il modulo")


def _add(call: EnrolmentCall, data: PartData) -> FormPart:
    position = data.position
    if position is None:
        last = FormPart.objects.filter(call=call).aggregate(last=Max("position"))["last"]
        position = 1 if last is None else last + 1
    return FormPart.objects.create(
        call=call,
        position=position,
        kind=data.kind,
        label=data.label,
        help=data.help,
        options=list(data.options),
        is_required=data.is_required,
    )


def _columns(data: CallData) -> dict[str, object]:
    return {
        "opens_at": data.opens_at,
        "closes_at": data.closes_at,
        "begins_on": data.begins_on,
        "places": data.places,
        "levels": list(data.levels),
        "asks_isee": data.asks_isee,
        "admits_only_enrolled": data.admits_only_enrolled,
        "intro": data.intro,
        "help_data": data.help_data,
        "help_summary": data.help_summary,
        "next_steps": data.next_steps,
        "desk": data.desk,
    }


def _note(action: str, *, by: Actor, call: EnrolmentCall, now: datetime, **more: str) -> None:
    data = {"service": call.service.name, "year": call.year.name, **more}
    audit.record(by=by, action=action, subjects=[f"call:{call.pk}"], at=now, data=data)
