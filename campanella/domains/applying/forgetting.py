"""
What of applications is over and not kept: what was never sent, and health documents that have done their work.

What was sent stays: it is an act of the town with a protocol number (DPR 445/2000, art. 53), and only the rules of archives
let it be thrown away (D.Lgs. 42/2004, art. 21). A health document serves until nobody may appeal any more: 120 days to the
Head of State (DPR 1199/1971, art. 9), the longest term there is; then it is in excess (GDPR, art. 5 and 9).
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db.models import Q

from campanella.domains.applying.models import Application, ApplicationFile
from campanella.domains.applying.rules import APPEALS_DAYS, OPEN
from campanella.foundation.core import audit, files
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.scope import operation

audit.sentences(
    {
        "application.drafts_dropped": "ha cancellato le domande mai mandate di iscrizioni chiuse: {count}",
        "application.health_erased": "ha cancellato i certificati medici della domanda n. {number}",
    }
)

APPEALS = timedelta(days=APPEALS_DAYS)
# What nobody decides of any more.
OVER = ("refused", "withdrawn", "given_up", "revoked")


def left_over(*, before: datetime) -> list[int]:
    """Return the drafts of calls that had closed then, and into which nobody has written since: one query."""
    rows = Application.objects.filter(state="draft", call__closes_at__lt=before, changed_at__lt=before)
    return list(rows.order_by("pk").values_list("pk", flat=True))


@operation
def erase_of_drafts(*, before: datetime) -> int:
    """
    Erase the health documents of what was never sent, as ``left_over``.

    :returns: how many
    """
    # Held, so that what is sent in this moment keeps its own.
    drafts = Application.objects.select_for_update(no_key=True).filter(pk__in=left_over(before=before), state="draft")
    ids = list(drafts.values_list("pk", flat=True))
    rows = list(ApplicationFile.objects.filter(part__kind="health", application_id__in=ids, application__version=0))
    for one in rows:
        files.remove(one.stored_as)
    return int(ApplicationFile.objects.filter(pk__in=[one.pk for one in rows]).delete()[0])


@operation
def erase_of_decided(*, by: Actor, today: date, now: datetime) -> int:
    """
    Erase the health documents of what was decided, or ended, longer ago than anybody may appeal; the rest stays.

    Of who uses the service, and of who still waits for a place, they go as long after the year is over.

    :returns: how many
    """
    is_over = Q(application__state__in=OVER, application__changed_at__lt=now - APPEALS)
    is_past = Q(application__state__in=("accepted", *OPEN), application__call__year__days__endswith__lt=today - APPEALS)
    rows = ApplicationFile.objects.select_for_update(no_key=True, of=("self",)).filter(
        is_over | is_past, part__kind="health", erased_at=None
    )
    found = list(rows.select_related("application").order_by("pk"))
    for one in found:
        files.remove(one.stored_as)
    ApplicationFile.objects.filter(pk__in=[one.pk for one in found]).update(erased_at=now, stored_as="")
    for pk, number in dict.fromkeys((one.application_id, one.application.number) for one in found):
        subjects = [f"application:{pk}"]
        audit.record(by=by, action="application.health_erased", subjects=subjects, at=now, data={"number": number})
    return len(found)


@operation
def note_dropped(*, by: Actor, application_ids: Collection[int], now: datetime) -> None:
    """Write down that drafts were thrown away; of whom they were is told no more."""
    data: dict[str, str | int] = {"count": len(application_ids)}
    audit.record(by=by, action="application.drafts_dropped", subjects=["town"], at=now, data=data)
