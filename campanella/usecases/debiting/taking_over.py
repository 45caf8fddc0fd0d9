"""
Mandates of a former bank, software or creditor, taken over in one file: read and told first, line by line, then written.

What was collected with them goes on as the same mandate (RCUR); where reference or creditor are other ones than before, the
next collection tells the bank (``OrgnlMndtId``, ``OrgnlCdtrSchmeId``). The same file again changes nothing.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from campanella.domains.debiting import mandates, queries
from campanella.domains.debiting.acts import LIVING, TAKEN_OVER, Signature
from campanella.domains.debiting.mandates import Former
from campanella.domains.debiting.rules.creditors import is_same_creditor
from campanella.domains.people import queries as people
from campanella.foundation.core import audit, clock
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.scope import active_town_id, scope, use_case
from campanella.foundation.tenants.queries import active_town
from campanella.usecases.debiting.authorising import OwnAccount
from campanella.usecases.debiting.creditor import creditor_id_of, own_accounts
from campanella.usecases.debiting.paying import hold_payers, pay_so
from campanella.usecases.importing import mandates as files
from campanella.usecases.importing.absences import Wrong
from campanella.usecases.importing.mandates import Line, Payers

audit.sentences({"mandates.taken": "ha preso in carico {count:autorizzazione|autorizzazioni} all’addebito da un file"})

ALREADY = "ha già un’autorizzazione in vigore, con un altro riferimento o un altro conto: si cambia dalla sua scheda"


class LinesWrong(Refusal):
    """Some lines cannot be taken, and nothing was written."""

    message = "Alcune righe sono sbagliate: non è stato preso niente. Correggi il file, oppure lascia fuori quelle righe."


@dataclass(frozen=True, slots=True)
class Report:
    """
    What a file says, or what became of it.

    :ivar new: lines that are, or were, written; ``known`` are those that were taken before
    :ivar carried: of the new ones, those that somebody has collected with: no collection is their first
    :ivar amended: of these, those of which the bank is told a change with the next collection
    """

    new: tuple[Line, ...]
    known: int
    wrong: tuple[Wrong, ...]
    carried: int
    amended: int


def check(*, path: Path, now: datetime) -> Report:
    """
    Tell what a file would do; nothing is written: six queries.

    :raises Unreadable: the file as a whole cannot be taken
    """
    own, today = creditor_id_of(active_town()), clock.day_of(now)
    before, ours = queries.by_reference(), own_accounts(active_town())
    living = {one.payer_id: one for one in before.values() if one.state in LIVING}

    def judge(line: Line) -> str:
        if _is_known(line, before):
            return ""
        if line.payer_id in living:
            return ALREADY
        if line.reference in before:
            return "questo riferimento è già di un’altra autorizzazione"
        if line.holder.account.iban in ours:
            return OwnAccount.message.removesuffix(".")
        return mandates.fault_of(holder=line.holder, signed_on=line.signed_on, used_on=line.used_on, today=today)

    found = files.read(path=path, payers=_payers(), today=today, judge=judge)
    new = tuple(line for line in found.lines if not _is_known(line, before))
    formers = [_former(line, own) for line in new]
    return Report(
        new=new,
        known=len(found.lines) - len(new),
        wrong=found.wrong,
        carried=sum(one.is_used for one in formers),
        amended=sum(one.is_used and bool(one.reference or one.creditor_id) for one in formers),
    )


def take(*, by: Actor, path: Path, kept_at: str, leave_wrong: bool, now: datetime) -> Report:
    """
    Take a file over, a line a transaction: one that was killed goes on with the same file.

    :param kept_at: where the signed papers are
    :param leave_wrong: take the others, where some lines are wrong
    :raises LinesWrong: some are, and they are not to be left out
    :raises Unreadable: the file as a whole cannot be taken
    """
    with scope(active_town_id()):
        report = check(path=path, now=now)
    if report.wrong and not leave_wrong:
        raise LinesWrong
    for line in report.new:
        _take(by=by, line=line, kept_at=kept_at, now=now)
    if report.new:
        _note(by=by, count=len(report.new), now=now)
    return report


@use_case
def _take(*, by: Actor, line: Line, kept_at: str, now: datetime) -> None:
    hold_payers(payer_ids=[line.payer_id])
    payer = people.guardian(guardian_id=line.payer_id)
    mandates.sign(
        by=by,
        payer=payer,
        holder=line.holder,
        signature=Signature(on=line.signed_on, how=TAKEN_OVER, kept_at=kept_at),
        reference=line.reference,
        used_on=line.used_on,
        former=_former(line, creditor_id_of(active_town())),
        now=now,
    )
    pay_so(by=by, payer=payer, kind="debit", now=now)


@use_case
def _note(*, by: Actor, count: int, now: datetime) -> None:
    audit.record(by=by, action="mandates.taken", subjects=["mandates"], at=now, data={"count": count})


def _former(line: Line, own: str) -> Former:
    creditor = line.former_creditor_id
    return Former(
        reference=line.former_reference,
        creditor_id="" if not creditor or is_same_creditor(creditor, own) else creditor,
        is_used=line.used_on is not None,
    )


def _is_known(line: Line, before: dict[str, queries.Taken]) -> bool:
    """Tell whether a line was taken before: the same mandate of the same payer, which is still there."""
    one = before.get(line.reference)
    return (
        one is not None
        and one.payer_id == line.payer_id
        and (one.state not in LIVING or one.iban == line.holder.account.iban)
    )


def _payers() -> Payers:
    """Return who pays, by their codes and those of the children: two queries."""
    children = people.everybody()
    payers = people.payers_of(child_ids=[child.pk for child in children])
    paid = [(child, payers[child.pk]) for child in children if child.pk in payers]
    return Payers(
        by_tax_code={payer.tax_code: payer.pk for _, payer in paid if payer.tax_code},
        by_child_tax_code={child.tax_code: payer.pk for child, payer in paid if child.tax_code},
        by_child_code={child.code: payer.pk for child, payer in paid if child.code},
    )
