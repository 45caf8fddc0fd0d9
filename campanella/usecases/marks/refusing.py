"""Marks of a tablet that cannot be taken: each is answered, leaves its trace for the office, and the office ticks it off."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from campanella.domains.accounts.models import Device
from campanella.domains.attendance import receiving, refusing
from campanella.domains.attendance.receiving import ID_USED, Answer, Key
from campanella.domains.attendance.refusing import Unfit
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.scope import use_case


@use_case
def refuse(*, device: Device, unfit: Sequence[Unfit], now: datetime) -> dict[Key, Answer]:
    """
    Keep what cannot be taken, as it came, for the office to see; what was answered before keeps its answer.

    Each id leaves one trace, and one more where something else came under it; a tablet so many a day, no more.
    """
    given = receiving.given(device_id=device.pk, keys=[one.key for one in unfit], seqs=[]).answers
    answers = {key: answer for key, answer in given.items() if not answer.is_reuse}
    firsts: dict[UUID, Key] = {}
    traces = []
    for one in unfit:
        if one.key in answers:
            continue
        is_used = one.is_reuse or one.key in given or firsts.setdefault(one.key.event_id, one.key) != one.key
        trace = reused(one.key, one.content) if is_used else one
        answers[one.key] = Answer("refused", trace.sentence, is_reuse=trace.is_reuse)
        traces.append(trace)
    room = refusing.room_for_refused(device_id=device.pk, now=now) if traces else 0
    refusing.refuse(unfit=traces[:room], device_id=device.pk, now=now)
    return answers


def is_heard_out(*, device: Device, now: datetime) -> bool:
    """Tell whether a revoked tablet has handed in as much as the office keeps of it in a day."""
    return bool(device.revoked_at) and not refusing.room_for_refused(device_id=device.pk, now=now)


@use_case
def see(*, by: Actor, marks: Sequence[tuple[UUID, bool]], now: datetime) -> None:
    """Note that the office has looked at marks of tablets; each stays on record with who did."""
    refusing.see(by=by, marks=marks, now=now)


def reused(key: Key, content: Any) -> Unfit:
    """Return what came under an id that was used."""
    return Unfit(key, content, ID_USED, is_reuse=True)
