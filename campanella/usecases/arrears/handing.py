"""The office writes down how a reminder that it prints has left, and whether it has arrived: the proof for the collector."""

from datetime import date, datetime

from campanella.domains.arrears import issuing, reminders
from campanella.domains.arrears.models import Handing
from campanella.domains.arrears.models.reminders import HANDINGS
from campanella.domains.arrears.rules.ladder import WITH_PROTOCOL
from campanella.foundation.core import clock
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.scope import use_case


class LeavesByItself(Refusal):
    """The software sends it."""

    message = "Questo sollecito parte per e-mail: la prova è la consegna al server di posta."


class ProtocolMissing(Refusal):
    """The channel asks for a number of the town's register."""

    message = "Scrivi il numero di protocollo: è la prova della spedizione."


class NotOnThisDay(Refusal):
    """Before the reminder was issued, or in days to come."""

    message = "Scegli un giorno da quello del sollecito a oggi."


class UnknownWay(Refusal):
    """There is no such way."""

    message = "Scegli che cosa è successo."


@use_case
def note(*, by: Actor, reminder_id: int, kind: str, day: date, protocol: str, note: str, now: datetime) -> Handing:
    """
    Write down what became of a reminder on paper; what was written before stays.

    :param kind: ``handed``, ``posted``, ``delivered`` or ``returned``
    :raises NotFound: the town has none of this id
    :raises LeavesByItself: it goes by e-mail
    :raises ProtocolMissing: it leaves with a protocol number, and there is none
    :raises NotOnThisDay: the day is before it was issued, or has not come
    """
    found = reminders.stored(reminder_id=reminder_id)
    if found.channel == "mail":
        raise LeavesByItself
    if kind not in dict(HANDINGS):
        raise UnknownWay
    if not found.issued_on <= day <= clock.day_of(now):
        raise NotOnThisDay
    if kind == "posted" and found.channel in WITH_PROTOCOL and not protocol.strip():
        raise ProtocolMissing
    return issuing.note_handing(
        by=by, reminder=found, kind=kind, day=day, protocol=protocol.strip(), note=note.strip(), now=now
    )
