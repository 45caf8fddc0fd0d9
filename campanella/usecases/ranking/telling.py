"""What families are told of lists and of places."""

from campanella.domains.ranking import queries
from campanella.foundation.core import clock
from campanella.foundation.core.scope import use_case
from campanella.usecases.messages import ranking as letters


@use_case
def tell_published(*, list_id: int) -> None:
    """Tell everybody in a list that it is published, each of its own application; whoever was told is not told again."""
    ranking = queries.ranking(list_id=list_id)
    published = queries.published(call_id=ranking.call_id)
    if published is None or published.ranking_id != list_id:
        return
    for line in queries.lines(list_id=list_id):
        letters.published(application=line.application, ranking=ranking, publication=published, now=clock.now())


@use_case
def tell_offered(*, offer_id: int) -> None:
    """Tell a family of the place that waits for its answer; one that was answered meanwhile is not told of."""
    offer = queries.offer(offer_id=offer_id)
    if offer.state == "open":
        letters.offered(offer=offer, now=clock.now())


@use_case
def tell_prolonged(*, offer_id: int) -> None:
    """Tell a family that a place waits longer for its answer; one that was answered meanwhile is not told of."""
    offer = queries.offer(offer_id=offer_id)
    if offer.state == "open":
        letters.prolonged(offer=offer, now=clock.now())


@use_case
def tell_answered(*, offer_id: int) -> None:
    """Confirm to a family what became of a place: accepted, given up, or over without an answer."""
    letters.answered(offer=queries.offer(offer_id=offer_id), now=clock.now())
