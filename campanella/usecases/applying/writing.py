"""A family writes an application, page by page; what is written waits for it until it is sent or thrown away."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from campanella.domains.applying import operations, queries, rules
from campanella.domains.applying.operations import AppliedAlready as AppliedAlready
from campanella.domains.applying.queries import Application, EnrolmentCall, FormPart
from campanella.domains.enrolment.choices import IseeChoices
from campanella.domains.people import queries as people
from campanella.domains.people.models import Child, Guardian
from campanella.domains.schools import queries as schools
from campanella.foundation.core import clock
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.italian import moment_full
from campanella.foundation.core.scope import use_case
from campanella.foundation.tenants.queries import active_town


class NotOpen(Refusal):
    """The call has not opened, or is over."""


def check_open(*, call: EnrolmentCall, received_at: datetime) -> None:
    """:raises NotOpen: what was received then is out of time"""
    if received_at < call.opens_at:
        raise NotOpen(f"Le iscrizioni si aprono il {moment_full(call.opens_at)}.")
    if not rules.is_open(opens_at=call.opens_at, closes_at=call.closes_at, received_at=received_at):
        raise NotOpen(f"Le iscrizioni si sono chiuse il {moment_full(call.closes_at)}: adesso si va all’ufficio.")


def asks_isee(*, call: EnrolmentCall) -> bool:
    """Tell whether an application says something of the ISEE: the call asks, and the town takes it from its families."""
    return call.asks_isee and active_town().chosen(IseeChoices).isee_is_declared_online


@use_case
def begin(*, call_id: int, guardian: Guardian, child_id: int | None, received_at: datetime, now: datetime) -> Application:
    """
    Begin an application, with what the town knows already; one that was begun is found again.

    :param child_id: of the family's own; None for a child that is not on record
    :raises NotFound: the town has no such call
    :raises NotOpen: it is not open
    :raises AppliedAlready: somebody has applied for the child
    """
    call = queries.call(call_id=call_id)
    check_open(call=call, received_at=received_at)
    child = people.child(child_id=child_id) if child_id else None
    data = _filled(call, guardian, child, now)
    return operations.begin(call=call, guardian=guardian, child=child, data=data, is_by_office=False, now=now)


@use_case
def begin_at_desk(*, call_id: int, guardian_id: int, child_id: int, now: datetime) -> Application:
    """
    Begin an application for a family that stands at the desk, open or not.

    :raises NotFound: the town has no such call, adult or child
    :raises AppliedAlready: somebody has applied for the child
    """
    call, guardian = queries.call(call_id=call_id), people.guardian(guardian_id=guardian_id)
    child = people.child(child_id=child_id)
    data = _filled(call, guardian, child, now)
    return operations.begin(call=call, guardian=guardian, child=child, data=data, is_by_office=True, now=now)


@use_case
def write(*, application: Application, data: Mapping[str, Any], files: Mapping[FormPart, bytes], now: datetime) -> None:
    """
    Keep what was written so far, with the documents that came with it.

    :raises FileRefused: a document is over 5 MB, or neither PDF nor picture
    :raises DecidedMeanwhile: the application may not be written any more
    """
    operations.write(application_id=application.pk, data=data, now=now)
    for part, content in files.items():
        operations.attach(application_id=application.pk, part=part, content=content, now=now)


@use_case
def drop(*, application: Application, now: datetime) -> None:
    """
    Throw away what was never sent.

    :raises DecidedMeanwhile: it was sent
    """
    operations.drop(application_id=application.pk, now=now)


def _filled(call: EnrolmentCall, guardian: Guardian, child: Child | None, now: datetime) -> dict[str, Any]:
    """Answer ahead what was answered for the same service before, in the same words, and where the child goes to school."""
    data: dict[str, Any] = {}
    if child and (place := schools.places_of(child_ids=[child.pk], day=clock.day_of(now)).get(child.pk)):
        data["school"] = place.school_id
    before = queries.earlier(guardian_id=guardian.pk, child_id=child.pk if child else None, call=call) if child else None
    if before:
        said: Mapping[str, str] = before.data.get("answers", {})
        known = {(one.kind, one.label): said.get(str(one.pk), "") for one in queries.every_part(call_id=before.call_id)}
        ahead = {str(one.pk): known.get((one.kind, one.label), "") for one in queries.parts(call_id=call.pk)}
        data["answers"] = {part_id: text for part_id, text in ahead.items() if text}
    return data
