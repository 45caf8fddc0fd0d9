"""What a family is told when its credit is put right by hand: by an adjustment, a passage, or a corrected presence."""

from campanella.domains.attendance import asked
from campanella.domains.attendance import queries as sheets
from campanella.domains.ledger import queries as wallets
from campanella.domains.ledger.events import CreditCorrected
from campanella.domains.ledger.rules import Source
from campanella.domains.people import queries as people
from campanella.domains.services import queries as services
from campanella.foundation.core import clock
from campanella.foundation.core.events import publish
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import operation, use_case
from campanella.usecases.messages import closures, letters
from campanella.usecases.messages.closures import GivenLine


# Part of the act that has moved the money: it joins that act's transaction.
@operation
def publish_corrected(*, wallet_id: int, source: Source) -> None:
    """Tell that what a source moves in a wallet was just put right."""
    moment = wallets.moment_of(wallet_id=wallet_id, source=source)
    if moment and moment.entry_id:
        publish(CreditCorrected(wallet_id=wallet_id, entry_id=moment.entry_id))


@use_case
def tell(*, wallet_id: int, entry_id: int) -> None:
    """Tell who pays what has changed, why, and where the credit stood right after it."""
    wallet = wallets.wallet(wallet_id=wallet_id)
    payer = people.payer_of(child_id=wallet.child_id)
    (movement,) = wallets.movements_of(wallet_id=wallet_id, before_entry=entry_id + 1, limit=1)
    if payer:
        child = people.child(child_id=wallet.child_id)
        letters.credit_corrected(payer=payer, child=child, wallet=wallet, movement=movement, now=clock.now())


@use_case
def tell_many(*, moment: int, presence_ids: list[int], cents: list[int]) -> None:
    """Write to each payer, in one letter, what an act on many days has given back or taken, line by line, and why."""
    names = {service.pk: service.name for service in services.services()}
    marks = sheets.marks_by_id(presence_ids=presence_ids)
    child_ids = sorted({mark.child_id for mark in marks.values()})
    payers, children = people.payers_of(child_ids=child_ids), people.called(child_ids=child_ids)
    reasons = asked.reasons_of(days=[(mark.child_id, mark.service_id, mark.day) for mark in marks.values()])
    lines: dict[int, list[GivenLine]] = {}
    why: dict[int, str] = {}
    for presence_id, amount in zip(presence_ids, cents, strict=True):
        mark = marks[presence_id]
        payer = payers.get(mark.child_id)
        if payer:
            line = GivenLine(children[mark.child_id], names[mark.service_id], mark.day, Euro(amount))
            lines.setdefault(payer.pk, []).append(line)
            why[payer.pk] = reasons.get((mark.child_id, mark.service_id, mark.day), "")
    guardians = {payer.pk: payer for payer in payers.values()}
    for guardian_id, given in lines.items():
        payer, reason = guardians[guardian_id], why[guardian_id]
        closures.corrected(payer=payer, given=given, reason=reason, act=moment, now=clock.now())
