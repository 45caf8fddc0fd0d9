"""``POST /api/v1/rollcall/events``: marks as they come, each read by itself: one that is not as described blocks none."""

import json
from collections.abc import Mapping
from datetime import time
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.views.decorators.http import require_POST

from campanella.domains.attendance.digests import digest_of
from campanella.domains.attendance.receiving import Answer, Key
from campanella.domains.attendance.refusing import Unfit
from campanella.domains.attendance.rules import MOST_ADULTS, Mark
from campanella.foundation.core import clock
from campanella.foundation.core.scope import scope
from campanella.interfaces.api.answers import answered, refused
from campanella.interfaces.api.doors import REVOKED, Sent, tablet_even_revoked
from campanella.interfaces.api.reading import Fields, NotUnderstood, read
from campanella.interfaces.doors import TownRequest
from campanella.usecases.marks import receiving, refusing
from campanella.usecases.marks.placing import HandedIn

MOST = 500
# What is kept of a mark that nobody understands.
LONGEST_CONTENT = 2_000
OF_A_CLASS = ("adults", "confirmed")
KINDS = ("present", "absent", "white", "late", "arrived", "left", *OF_A_CLASS)


@require_POST
@tablet_even_revoked
def events(request: TownRequest, sent: Sent) -> HttpResponse:
    """Take the marks that a tablet hands in, and answer for each."""
    body = read(sent.body)
    sent_at, now = body.moment("sent_at"), clock.now()
    with scope(request.town.id):
        if refusing.is_heard_out(device=sent.device, now=now):
            return refused(HTTPStatus.UNAUTHORIZED, "revoked_device", REVOKED)
    readings = [(raw, _read(raw)) for raw in body.list_of("events", least=0, most=MOST)]
    handed = [found for _, found in readings if isinstance(found, HandedIn)]
    unfit = [found for _, found in readings if isinstance(found, Unfit)]
    answers = receiving.receive(device=sent.device, sent_at=sent_at, handed=handed, now=now) if handed else {}
    if unfit:
        answers |= refusing.refuse(device=sent.device, unfit=unfit, now=now)
    told = [_answer(raw, found, answers) for raw, found in readings]
    return answered({"answers": told, "forget": bool(sent.device.revoked_at)})


def _read(raw: Any) -> HandedIn | Unfit | NotUnderstood:
    """Read one mark; without an id nobody could ask for its answer again, so it is only told what is wrong."""
    fields = Fields(raw if isinstance(raw, dict) else {})
    try:
        event_id = fields.uuid("event_id")
    except NotUnderstood as wrong:
        return wrong
    try:
        return _mark(event_id, fields, raw)
    except NotUnderstood as wrong:
        return Unfit(Key(event_id, _digest(raw)), _keepable(raw), str(wrong))


def _mark(event_id: UUID, fields: Fields, raw: Any) -> HandedIn:
    kind, value = fields.text("kind", most=20), fields.found.get("value")
    if kind not in KINDS:
        raise NotUnderstood(f"kind deve essere fra {', '.join(KINDS)}.")
    child_id = fields.whole_or_none("child_id")
    if (child_id is None) != (kind in OF_A_CLASS):
        raise NotUnderstood("child_id deve esserci per un bambino, e mancare per la classe.")
    return HandedIn(
        key=Key(event_id, _digest(raw)),
        seq=fields.whole("seq"),
        day=fields.day("day"),
        service=fields.text("service", most=20),
        class_id=fields.whole("class_id"),
        child_id=child_id,
        kind=kind,
        operator_id=fields.whole("operator_id"),
        made_at=fields.instant("made_at"),
        content=_keepable(raw),
        mark=_state(kind, value),
        hour=_hour(kind, value),
        adults=fields.whole("value", least=0, most=MOST_ADULTS) if kind == "adults" else None,
    )


def _state(kind: str, value: Any) -> Mark | None:
    """Read what a child is marked as: who comes in is there."""
    if kind in OF_A_CLASS or kind == "left":
        return None
    more: Mapping[str, Any] = value if isinstance(value, dict) else {}
    white, is_late = more.get("white"), kind == "late" or more.get("late") is True
    # Who only says that a child is there says nothing of its menu.
    is_white = True if kind == "white" else white if isinstance(white, bool) else None
    return Mark.of(is_present=kind != "absent", is_white=is_white, is_late=is_late)


def _hour(kind: str, value: Any) -> time | None:
    if kind not in ("arrived", "left") or (kind == "left" and value is None):
        return None
    try:
        return time.fromisoformat(value) if isinstance(value, str) and len(value) == len("09:05") else _no_hour()
    except ValueError:
        return _no_hour()


def _no_hour() -> time:
    raise NotUnderstood("value deve essere un’ora come 09:05.")


def _keepable(raw: Any) -> Any:
    """Return a mark as the database can keep it: what PostgreSQL has no letters for, or is endless, becomes a text."""
    try:
        text = json.dumps(raw, allow_nan=False)
    except (ValueError, RecursionError):
        return {"unreadable": repr(raw)[:LONGEST_CONTENT]}
    odd = "\\u0000" in text or "\\ud" in text or len(text) > LONGEST_CONTENT
    return {"unreadable": text[:LONGEST_CONTENT]} if odd else raw


def _digest(raw: Mapping[str, Any]) -> UUID:
    """Tell what came under an id from anything else; its moment is told anew when the tablet's clock is set."""
    return digest_of({name: value for name, value in raw.items() if name not in ("event_id", "made_at")})


def _answer(raw: Any, found: HandedIn | Unfit | NotUnderstood, answers: Mapping[Key, Answer]) -> dict[str, Any]:
    if isinstance(found, NotUnderstood):
        sent = raw.get("event_id") if isinstance(raw, dict) else None
        return {"event_id": sent if isinstance(sent, str) else None, "status": "refused", "sentence": str(found)}
    answer = answers[found.key]
    told = {"event_id": str(found.key.event_id), "status": answer.status, "sentence": answer.sentence}
    return {**told, "error": "event_id_used"} if answer.is_reuse else told
