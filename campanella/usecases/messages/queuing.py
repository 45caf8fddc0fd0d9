"""How every letter is queued: its template with the town's name around it, in the transaction of its fact."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.template.loader import render_to_string

from campanella.domains.messaging import operations as messaging
from campanella.domains.messaging.operations import Also, Told
from campanella.domains.people import queries as people
from campanella.domains.people.models import Child, Guardian
from campanella.foundation.core.clock import ROME
from campanella.foundation.tenants.queries import Town, active_town

# Of a letter to many: it waits for each letter to one.
LAST = -10


def queue(
    *,
    template: str,
    key: str,
    guardian: Guardian | None,
    subject: str,
    now: datetime,
    values: Mapping[str, object],
    address: str = "",
    child: Child | None = None,
    told: Told | None = None,
    also: Sequence[Also] = (),
    urgency: int = 0,
    papers: str = "",
    wait_seconds: int = 0,
) -> None:
    """
    Queue one letter; who has no address gets none, and a key that was used before queues nothing.

    :param key: what it answers to, unique in the town
    :param guardian: whose it is; None for somebody who is no adult of a child
    :param address: where it goes, the adult's own without
    :param told: what it says about money
    :param papers: what goes with it, such as ``invoice:12``
    :param also: further matters of the same letter
    :param wait_seconds: it leaves no earlier than so much later
    """
    to = address or (guardian.email if guardian else "")
    if not to:
        return
    head, text = worded(template=template, subject=subject, values=values, child=child, now=now)
    messaging.queue(
        key=key[:100],
        guardian=guardian,
        address=to,
        template=template,
        subject=head,
        text=text,
        now=now,
        child_id=child.pk if child else None,
        told=told,
        also=also,
        urgency=urgency,
        papers=papers,
        wait_seconds=wait_seconds,
    )


def worded(
    *, template: str, subject: str, values: Mapping[str, object], now: datetime, child: Child | None = None
) -> tuple[str, str]:
    """Return subject and text of a letter as they would be sent."""
    town = active_town()
    known = {
        "town": town,
        "child": people.called(child_ids=[child.pk])[child.pk] if child else "",
        "sent_at": now.astimezone(ROME),
    }
    return _subject(subject, town), render_to_string(f"messages/{template}.txt", {**known, **values})


def _subject(subject: str, town: Town) -> str:
    return f"{subject} · {town.name}"
