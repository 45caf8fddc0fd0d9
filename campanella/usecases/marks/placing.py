"""
What a mark of a tablet speaks of, and when it was made. Nothing is written here.

What cannot be taken is refused with a sentence; what can only be kept says why.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from campanella.domains.accounts.models import Device
from campanella.domains.accounts.queries import Operator
from campanella.domains.accounts.rules import CLOCK_MAY_BE_OFF
from campanella.domains.attendance.receiving import Answer, Key, Said
from campanella.domains.attendance.rules import Mark
from campanella.foundation.core import clock
from campanella.foundation.core.italian import moment_figures
from campanella.readings.handed_in import Asked, Known, Room, Spot, Stands

# A mark of a day that is further back waits for the office: the month may have been told and paid.
OLDEST = timedelta(days=7)
REVOKED = "Questo tablet è stato revocato: il segno è tenuto per l’ufficio e non cambia l’appello."
TO_COME = "È un segno di un giorno che deve ancora venire."
NOT_OURS = "Questa classe non è fra quelle di questo tablet."
NO_SERVICE = "Quel giorno in questa classe il servizio non c’è."
NOBODY = "Non sappiamo chi ha fatto questo segno: non è fra chi usa questo tablet."
UNKNOWN_CHILD = "Questo bambino non è fra quelli del Comune."
SEQ_TAKEN = "Il numero d’ordine di questo segno è già di un altro."
UNCERTAIN = "momento incerto: l’orologio del tablet era del tutto sbagliato"
TOO_OLD = "È di più di sette giorni fa: lo vede l’ufficio, l’appello non cambia."
ELSEWHERE = "Il bambino è in un’altra scuola: lo vede l’ufficio, l’appello non cambia."
NOT_ENROLLED = "Quel giorno il bambino non è iscritto a questo servizio: lo vede l’ufficio."
CLOSED = "Quel giorno il servizio è chiuso ({reason}): il segno non conta."


@dataclass(frozen=True)
class HandedIn:
    """
    One mark as a tablet handed it in.

    :ivar kind: present, absent, white, late, arrived, left, adults, confirmed
    :ivar made_at: by the tablet's clock
    :ivar content: as it came
    """

    key: Key
    seq: int
    day: date
    service: str
    class_id: int
    child_id: int | None
    kind: str
    operator_id: int
    made_at: datetime
    content: Any
    mark: Mark | None = None
    hour: time | None = None
    adults: int | None = None


@dataclass(frozen=True)
class Placed:
    """
    A mark whose class, service and author are known.

    :ivar clocked: its moment, corrected by the error of the tablet's clock; None where it cannot be
    :ivar made_at: its moment as it goes on record, among the others of its tablet (``moments.in_sequence``)
    :ivar class_group_id: the class whose roll-call it is of: a child that has moved is marked where it is now
    :ivar kept: why it changes nothing, whatever else is true; empty where it may
    """

    handed: HandedIn
    by: Operator
    clocked: datetime | None
    made_at: datetime
    note: str
    service_id: int
    kind_of_service: str
    class_group_id: int
    marks_until: datetime
    kept: str = ""

    def said(self, answer: Answer, *, counts: bool, takes_away: bool = False) -> Said:
        """
        Return it as it goes on record.

        :param takes_away: who leaves does not eat, and is absent from that hour on
        """
        handed, mark = self.handed, self.handed.mark
        return Said(
            key=handed.key,
            seq=handed.seq,
            class_group_id=self.class_group_id,
            child_id=handed.child_id,
            kind="marked" if takes_away or (mark and handed.kind != "arrived") else handed.kind,
            by_id=self.by.actor_id,
            made_at=self.made_at,
            answer=answer,
            counts=counts,
            is_on=mark.is_present if mark else False if takes_away else None,
            is_white=mark.is_white if mark else False,
            is_late=bool(mark and mark.is_late),
            clock=handed.hour,
            adults=handed.adults,
            note=self.note,
        )


def place(*, handed: HandedIn, known: Known, device: Device, ahead: timedelta | None, now: datetime) -> Placed | str:
    """
    Find what a mark speaks of, or say why it cannot be taken.

    :param ahead: of the tablet's clock; None where it cannot be told
    """
    room = known.rooms.get(Spot(handed.class_id, handed.service, handed.day))
    by, today = known.operators.get(handed.operator_id), clock.day_of(now)
    if device.revoked_at:
        return REVOKED
    if handed.day > today:
        return TO_COME
    if room is None:
        return NOT_OURS
    is_old = today - handed.day > OLDEST
    if room.service_id is None or not (is_old or room.is_served):
        return NO_SERVICE
    if by is None:
        return NOBODY
    stands = known.stands.get(Asked(handed.child_id, handed.service, handed.day)) if handed.child_id else None
    if handed.child_id and stands is None:
        return UNKNOWN_CHILD
    clocked, note = _moment(handed, ahead, now)
    kept = TOO_OLD if is_old else _kept(room, stands)
    where = stands.class_group_id if stands and stands.class_group_id and not kept else room.class_group_id
    moments, until = (clocked, clocked or now, note), room.terms.marks_until
    return Placed(handed, by, *moments, room.service_id, room.kind, where, until, kept)


def placed_anew(*, placed: Placed, known: Known) -> Placed:
    """Return a mark of a child as it is placed now that the child's wallets are held: it may have moved in between."""
    handed = placed.handed
    room = known.rooms[Spot(handed.class_id, handed.service, handed.day)]
    stands = known.stands[Asked(handed.child_id or 0, handed.service, handed.day)]
    kept = placed.kept or _kept(room, stands)
    where = stands.class_group_id if stands.class_group_id and not kept else room.class_group_id
    return replace(placed, class_group_id=where, kept=kept)


def _kept(room: Room, stands: Stands | None) -> str:
    """Say what keeps a mark from counting where it was made, if anything does."""
    if room.closed_because:
        return CLOSED.format(reason=room.closed_because)
    if stands is None:
        return ""
    if stands.class_group_id is None or not stands.is_enrolled:
        return NOT_ENROLLED
    return ELSEWHERE if stands.school_id != room.school_id else ""


def _moment(handed: HandedIn, ahead: timedelta | None, now: datetime) -> tuple[datetime | None, str]:
    """
    Return the corrected moment of a mark, and what must be said of it.

    A moment of another day than the mark's own is none: the clock was set in between. So is one by a clock of which nobody
    can tell how wrong it is.
    """
    if ahead is None:
        return None, UNCERTAIN
    corrected = min(now, handed.made_at - ahead)
    shown = f"l’orologio del tablet segnava {moment_figures(handed.made_at)}"
    if clock.day_of(corrected) != handed.day:
        return None, f"momento incerto: {shown}"
    return corrected, shown if abs(ahead) > CLOCK_MAY_BE_OFF else ""
