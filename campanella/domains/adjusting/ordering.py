"""Asking a bank to pay refunds, and keeping what came of it."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from campanella.domains.adjusting.asked import OrderView
from campanella.domains.adjusting.gateways.sct.base import Kind
from campanella.domains.adjusting.models import RefundAnswer, RefundComing, RefundFile, RefundOrder
from campanella.domains.adjusting.queries import ProposalView
from campanella.domains.debiting.rules.accounts import Account
from campanella.foundation.core import audit, clock
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import active_town_id, operation

audit.sentences(
    {
        "refunds.asked": "ha preparato il file dei rimborsi {file}: {count}, in tutto {amount}",
        "refunds.answered": "ha caricato un file della banca sui rimborsi",
    }
)


@dataclass(frozen=True, slots=True)
class Debtor:
    """Who pays: the town, from its account; ``cuc`` is how CBI knows who sends files."""

    name: str
    account: Account
    cuc: str


@operation
def order(*, by: Actor, refunds: Sequence[ProposalView], debtor: Debtor, day: date, now: datetime) -> RefundFile:
    """
    Write orders down, before any file leaves the house: each has its key.

    Whoever calls has taken the town's turn, so that no refund is asked for twice; a unique key says the same.
    """
    file = RefundFile.objects.create(
        message_id=f"RIMB-{active_town_id()}-{clock.day_of(now):%Y%m%d}-{secrets.token_hex(4).upper()}",
        made_at=now,
        made_by_id=by.actor_id,
        day=day,
        debtor_name=debtor.name[:70],
        iban=debtor.account.iban,
        bic=debtor.account.bic,
        cuc=debtor.cuc,
    )
    RefundOrder.objects.bulk_create(
        RefundOrder(file=file, proposal_id=one.id, end_to_end_id=f"{key_prefix()}{one.id}") for one in refunds
    )
    amount = Euro(sum(abs(one.amount.cents) for one in refunds))
    audit.record(
        by=by,
        action="refunds.asked",
        subjects=[f"refund_file:{file.pk}"],
        at=now,
        data={"file": file.message_id, "count": len(refunds), "amount": str(amount)},
    )
    return file


@operation
def keep(*, by: Actor, body: bytes, now: datetime) -> tuple[RefundAnswer, bool]:
    """
    Keep a file of a bank as it came; the same bytes are kept once.

    :returns: the file, and whether it is new
    """
    made = {"body": body, "received_at": now, "received_by_id": by.actor_id}
    kept, is_new = RefundAnswer.objects.get_or_create(sha256=hashlib.sha256(body).hexdigest(), defaults=made)
    if is_new:
        audit.record(by=by, action="refunds.answered", at=now, subjects=[f"refund_answer:{kept.pk}"])
    return kept, is_new


@operation
def note(*, order: OrderView, kind: Kind, reason: str, day: date, answer: RefundAnswer, now: datetime) -> RefundComing:
    """Write down what a bank has said of an order; a second time is refused by the database."""
    return RefundComing.objects.create(order_id=order.id, kind=kind, at=now, day=day, reason=reason[:4], answer=answer)


def key_prefix() -> str:
    """Return how our own keys begin: the town is in them, so that no other town's answer can speak of one."""
    return f"RIMB-{active_town_id()}-"
