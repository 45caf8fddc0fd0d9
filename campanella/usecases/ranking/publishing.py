"""
The office publishes a list: families read it, and the final one offers its places.

The call is held first, so that nothing is corrected or drawn up while it is looked at.
"""

from datetime import date, datetime, timedelta

from campanella.domains.applying.queries import EnrolmentCall
from campanella.domains.ranking import operations, queries
from campanella.domains.ranking.queries import RankPublication
from campanella.foundation.core import clock
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.italian import day_full, elided
from campanella.foundation.core.scope import use_case
from campanella.readings.ranking import applicants as gathering
from campanella.usecases.ranking import offers
from campanella.usecases.ranking.drawing import held_open

MOST_APPEALS = timedelta(days=120)


class NotTheLast(Refusal):
    """Only the newest list is published."""

    message = "Ce n’è una più nuova: si pubblica quella."


class ChangedSince(Refusal):
    """What the list was made of is not what holds now."""

    message = "Da quando è stata fatta è cambiato qualcosa (domande, ISEE, correzioni, regole): falla di nuovo."


class PublishedAlready(Refusal):
    """Families read this list already."""

    message = "Questa graduatoria è già pubblicata."


class AppealsRun(Refusal):
    """Families were told that appeals are heard until a day, which is not over; or until one that is, or that is far."""


@use_case
def publish(*, by: Actor, list_id: int, is_final: bool, appeals_until: date | None, now: datetime) -> RankPublication:
    """
    Let families read a list; the final one offers its places at once.

    :raises NotFound: the town has no such list
    :raises FinalAlready: the final list is published
    :raises NotTheLast: there is a newer one
    :raises ChangedSince: what it was made of has changed
    :raises PublishedAlready: it is published as that
    :raises AppealsRun: appeals are still heard, or would end on a day that is over or far
    """
    ranking = queries.ranking(list_id=list_id)
    call = held_open(ranking.call_id)
    last = queries.last_list(call_id=call.pk)
    if last is None or last.pk != list_id:
        raise NotTheLast
    if any(one.ranking_id == list_id and one.is_final == is_final for one in queries.publications(call_id=call.pk)):
        raise PublishedAlready
    _check_appeals(call, is_final, appeals_until, clock.day_of(now))
    if gathering.digest_of(inputs_now(call)) != ranking.digest:
        raise ChangedSince
    made = operations.publish(
        by=by, call=call, ranking=ranking, is_final=is_final, appeals_until=None if is_final else appeals_until, now=now
    )
    if is_final:
        offers.go_on(call_id=call.pk, now=now)
    return made


def inputs_now(call: EnrolmentCall) -> dict[str, object]:
    """Return what a list would be made of now."""
    scheme = queries.scheme(call_id=call.pk)
    return gathering.inputs_of(scheme=scheme, known=gathering.applicants(call=call, scheme=scheme))


def _check_appeals(call: EnrolmentCall, is_final: bool, until: date | None, today: date) -> None:
    promised = queries.published(call_id=call.pk)
    last = promised.appeals_until if promised else None
    if is_final and last and today <= last:
        raise AppealsRun(
            elided(f"Le famiglie possono fare ricorso fino al {day_full(last)}: la definitiva si pubblica dopo quel giorno.")
        )
    if not is_final and until and not today <= until <= today + MOST_APPEALS:
        raise AppealsRun(elided(f"I ricorsi finiscono da oggi al {day_full(today + MOST_APPEALS)}: scegli un altro giorno."))
