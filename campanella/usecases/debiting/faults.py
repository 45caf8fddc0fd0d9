"""What becomes of a collection that a bank refused for a fault of our file: the office looks first, then decides."""

from datetime import datetime

from campanella.domains.billing import queries as billing
from campanella.domains.debiting import asked, collecting, queries
from campanella.domains.debiting.collecting import DecidedBefore
from campanella.domains.debiting.events import CollectionAgain
from campanella.domains.debiting.rules.collecting import FaultKind
from campanella.domains.debiting.rules.debts import invoice_of
from campanella.domains.payments.events import NoticesMade
from campanella.foundation.core import sql
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.events import publish
from campanella.foundation.core.scope import active_town_id, use_case
from campanella.usecases.billing import asking


@use_case
def decide(*, by: Actor, collection_id: int, kind: FaultKind, now: datetime) -> None:
    """
    Decide of a collection that came back by a fault of the file: the next file asks for it again, or a notice does.

    :raises NotFound: the town has no such collection
    :raises DecidedBefore: it is decided, or waits for no decision
    :raises NothingOpen: its invoice was paid meanwhile, or called back
    """
    sql.take_turns("collections", active_town_id())
    found = asked.collections(ids=[collection_id])
    if not found:
        raise NotFound
    (one,) = found
    past = queries.pasts(debts=[one.debt])[one.debt]
    if past.collection_id != one.id or past.follows != "office" or past.decided:
        raise DecidedBefore
    invoice = billing.invoice(invoice_id=invoice_of(one.debt))
    if invoice.open.cents <= 0:
        raise asking.NothingOpen
    collecting.decide(by=by, collection=one, kind=kind, now=now)
    if kind == "again":
        publish(CollectionAgain(collection_id=one.id))
    else:
        publish(NoticesMade(request_ids=[asking.position_for(by=by, invoice_id=invoice.id, now=now)]))
