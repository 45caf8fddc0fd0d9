"""The night: applications that were never sent go, and health documents before them; what was sent stays."""

from datetime import datetime, timedelta

from campanella.domains.applying import forgetting, operations
from campanella.domains.applying.choices import ApplyingChoices
from campanella.domains.applying.operations import DecidedMeanwhile
from campanella.foundation.core import clock
from campanella.foundation.core.audit import Software
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.scope import use_case
from campanella.foundation.tenants.queries import active_town

NIGHT = Software("Fine della conservazione")


@use_case
def forget(*, now: datetime) -> None:
    """Throw away what is kept no longer; a second run finds nothing."""
    choices = active_town().chosen(ApplyingChoices)
    forgetting.erase_of_drafts(before=now - timedelta(days=choices.draft_health_days))
    forgetting.erase_of_decided(by=NIGHT, today=clock.day_of(now), now=now)
    gone = []
    for pk in forgetting.left_over(before=now - timedelta(days=choices.draft_days)):
        try:
            operations.drop(application_id=pk, now=now)
        except (DecidedMeanwhile, NotFound):
            continue  # sent, or thrown away, in this moment
        gone.append(pk)
    if gone:
        forgetting.note_dropped(by=NIGHT, application_ids=gone, now=now)
