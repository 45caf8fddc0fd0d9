"""The file of refunds for the bank: every one that is approved and was not asked for yet; pressed twice, it is one."""

from datetime import datetime

from campanella.domains.adjusting import asked, ordering, queries
from campanella.domains.adjusting.asked import FileView
from campanella.domains.adjusting.gateways.sct import writing
from campanella.domains.adjusting.gateways.sct.base import FORMATS, CreditTransfer, Format, TransferFile
from campanella.domains.adjusting.ordering import Debtor
from campanella.domains.debiting.rules import days
from campanella.foundation.core import clock, sql
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.scope import active_town_id, use_case
from campanella.foundation.tenants.queries import active_town
from campanella.usecases.debiting import creditor


class NothingToPay(Refusal):
    """No refund was approved since the last file."""

    message = "Non c’è nessun rimborso approvato da mandare in banca."


@use_case
def make(*, by: Actor, now: datetime) -> FileView:
    """
    Ask a bank for every refund that is approved and was not asked for yet.

    :raises NothingToPay: there is none
    :raises NotSetUp: the town has no account yet
    """
    # Two who press at once: the second finds nothing left to ask for.
    sql.take_turns("refunds", active_town_id())
    town = creditor.creditor_of(active_town())
    refunds = queries.to_pay()
    if not refunds:
        raise NothingToPay
    file = ordering.order(
        by=by,
        refunds=refunds,
        debtor=Debtor(town.name, town.account, town.cuc),
        day=days.on_or_after(clock.day_of(now)),
        now=now,
    )
    # What cannot be written is not asked for either: nothing of this file is kept then.
    for form in FORMATS:
        write(file_id=file.pk, form=form)
    return asked.file(file_id=file.pk)


def write(*, file_id: int, form: Format) -> bytes:
    """
    Write a file as the bank takes it, from what was written down: the same bytes each time.

    :raises NotFound: the town has no such file
    """
    file = asked.file(file_id=file_id)
    transfers = [
        CreditTransfer(one.end_to_end_id, one.cents, one.holder_name, one.account, f"Rimborso {one.service_name}")
        for one in asked.orders_of(file_id=file_id)
    ]
    order = TransferFile(file.message_id, file.made_at, file.day, file.debtor_name, file.account, file.cuc, transfers)
    return writing.write(order, form=form)
