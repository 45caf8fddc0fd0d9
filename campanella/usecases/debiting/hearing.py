"""
What a bank answers: kept as it came, read to its end before anything is done, then done some lines in a transaction.

What cannot be read, or is another town's, is not kept: it is nobody's here. A second reading finds what the first has done:
the bytes are known, and a return counts once for its message, key and reason. One that was killed goes on where it was.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Literal

from campanella.domains.debiting import asked, collecting, ending, handing, queries
from campanella.domains.debiting.asked import CollectionView, Heard
from campanella.domains.debiting.choices import DebitChoices
from campanella.domains.debiting.events import CollectionCameBack
from campanella.domains.debiting.gateways.sepa import reading
from campanella.domains.debiting.gateways.sepa.base import KINDS, Answer, Line
from campanella.domains.debiting.gateways.sepa.reading import NotReadable
from campanella.domains.debiting.models import BankAnswer
from campanella.domains.debiting.rules import reasons
from campanella.domains.debiting.rules.collecting import VERDICTS, ComingKind, verdict
from campanella.domains.messaging import silencing
from campanella.domains.people import queries as people
from campanella.foundation.core import clock
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.closed import one_of
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.events import publish_all
from campanella.foundation.core.scope import use_case
from campanella.foundation.tenants.queries import active_town
from campanella.usecases.debiting import booking
from campanella.usecases.debiting.paying import pay_so

# Lines of one transaction: their wallets are held for a second or two.
CHUNK = 2000
NO_HEAD = Answer(form="", message_id="")


class NoAnswer(Refusal):
    """The file cannot be read, or is of another town or bank; nothing of it was done."""


# A line, the bank's message it stands in, and the collection it speaks of.
Spoken = tuple[str, Line, CollectionView | None]


@dataclass(frozen=True, slots=True)
class Report:
    """
    What became of a file.

    :ivar is_known: the same bytes were read to their end before
    :ivar heard: its lines; what was done by an earlier reading says ``again``
    """

    form: str
    message_id: str
    is_known: bool
    heard: tuple[Heard, ...]

    @property
    def applied(self) -> int:
        """How many lines were new and done."""
        return sum(1 for one in self.heard if one.verdict == "applied")


def hear(*, by: Actor, body: bytes, now: datetime) -> Report:
    """
    Read a file of a bank and do what it says: it opens its own transactions, the file in one, some lines in each.

    :raises NoAnswer: it cannot be read to its end, or is of another town or bank
    """
    first, said = _read(body)
    answer = _keep(by=by, body=body, now=now)
    heard = _heard_before(answer)
    done = {one.line.number for one in heard}
    lines = (one for one in said if one[1].number not in done)
    is_known = bool(heard)
    while batch := list(islice(lines, CHUNK)):
        is_known = False
        heard += apply(answer_id=answer.pk, lines=batch, by=by, now=now)
    return Report(first.form, first.message_id, is_known, tuple(heard))


def _read(body: bytes) -> tuple[Answer, list[tuple[str, Line]]]:
    """
    Read a file to its end, and see whose it is.

    :returns: its head, and its lines, each with the bank's message it stands in
    :raises NoAnswer: it breaks off, or is somebody else's
    """
    heads: list[Answer] = []
    lines: list[tuple[str, Line]] = []
    try:
        for part in reading.read(io.BytesIO(body)):
            if isinstance(part, Answer):
                heads.append(part)
            else:
                lines.append(_placed(part, heads[-1] if heads else NO_HEAD))
    except NotReadable as fault:
        raise NoAnswer(str(fault)) from None
    _check(heads)
    return heads[0], lines


def _placed(line: Line, head: Answer) -> tuple[str, Line]:
    """Return a line with its message; one that speaks of the whole file names the file."""
    is_whole = not (line.end_to_end_id or line.payment_id or line.is_nameless)
    return head.message_id, replace(line, payment_id=head.original_id) if is_whole else line


def _check(heads: Sequence[Answer]) -> None:
    known, cuc = _known_creditors()
    # A file that was made without the code is sent with the one of now.
    cucs = known.cucs | {cuc} if cuc else known.cucs
    for head in heads:
        if head.iban and head.iban not in known.ibans:
            raise NoAnswer("Questo file parla di un altro conto: non è quello su cui questo Comune incassa gli addebiti.")
        if head.cuc and cucs and head.cuc not in cucs:
            raise NoAnswer("Questo file è di un altro ente: il codice CBI non è quello di questo Comune.")
        if head.original_id and head.original_id not in known.message_ids:
            raise NoAnswer(
                f"Questo file risponde alla disposizione {head.original_id}, che questo Comune non ha mandato: forse è di "
                "un altro Comune. Non è stato registrato niente."
            )
    if not heads:
        raise NoAnswer("In questo file non c’è nessun esito.")


@use_case
def _known_creditors() -> tuple[asked.KnownCreditors, str]:
    return asked.known_creditors(), active_town().chosen(DebitChoices).sdd_cuc


@use_case
def _keep(*, by: Actor, body: bytes, now: datetime) -> BankAnswer:
    return collecting.keep(by=by, body=body, now=now)


@use_case
def apply(*, answer_id: int, lines: Sequence[tuple[str, Line]], by: Actor, now: datetime) -> list[Heard]:
    """Decide under the wallets' lock what becomes of some lines, and do it: comings, money, mandates, letters."""
    spoken = _spoken_of(lines)
    booking.hold(collections=[one for _, _, one in spoken if one], payer_ids=_may_end(spoken))
    heard = _with_consequences(_judged(_as_known_now(spoken)))
    handing.note_heard(file_ids=[one.collection.file_id for one in heard if one.collection], now=now)
    went_back = collecting.note(answer_id=answer_id, heard=heard, now=now, today=clock.day_of(now))
    _move_money(heard, now)
    _move_mandates(heard, by, now)
    silencing.silence(guardian_ids=[one.collection.payer_id for one in heard if one.collection and _silences(one)], now=now)
    publish_all([CollectionCameBack(coming_id=coming_id) for coming_id in went_back])
    return heard


def _may_end(spoken: Sequence[Spoken]) -> list[int]:
    """Return the payers whose mandates some lines may end, as far as it can be told before anything is held."""
    ends = {one.payer_id for _, line, one in spoken if one and reasons.reason(line.reason).ends_mandate}
    return sorted(ends)


def _spoken_of(lines: Sequence[tuple[str, Line]]) -> list[Spoken]:
    """Find the collections that lines speak of; a line of a whole block speaks of each of its collections."""
    by_key = asked.collections_by_key(keys=[line.end_to_end_id for _, line in lines if line.end_to_end_id])
    found: list[Spoken] = []
    for message, line in lines:
        if line.end_to_end_id or line.is_nameless:
            found.append((message, line, by_key.get(line.end_to_end_id)))
            continue
        block = asked.collections_together(identifier=line.payment_id) if line.payment_id else []
        total = sum(one.cents for one in block)
        if not block or line.cents not in (None, total):
            found.append((message, line, None))
        found += [(message, replace(line, cents=one.cents), one) for one in block if line.cents in (None, total)]
    return found


def _as_known_now(spoken: Sequence[Spoken]) -> list[Spoken]:
    """Return the same with what another reading has made of the collections meanwhile, which is seen under the lock."""
    known = asked.known_of(collection_ids=[one.id for _, _, one in spoken if one])
    nothing: frozenset[str] = frozenset()
    return [
        (message, line, replace(one, known=now) if one and (now := known.get(one.id, nothing)) != one.known else one)
        for message, line, one in spoken
    ]


def _judged(spoken: Sequence[Spoken]) -> list[Heard]:
    known = {one.id: set(one.known) for _, _, one in spoken if one}
    heard = []
    for message, line, one in spoken:
        before = known[one.id] if one else set()
        said = verdict(asked_cents=one.cents if one else None, cents=line.cents, known=before, kind=line.kind)
        was_booked = "booked" in before
        coming: ComingKind | Literal[""] = _coming(line, before) if said == "applied" else ""
        if coming and one:
            known[one.id].add(coming)
        heard.append(Heard(line, message, one, said, coming, was_booked=was_booked))
    return heard


def _coming(line: Line, before: set[str]) -> ComingKind:
    if line.kind == "collected":
        return "booked"
    return "returned" if "booked" in before or line.kind == "return" else "rejected"


def _with_consequences(heard: Sequence[Heard]) -> list[Heard]:
    """Add what each return asks for; of several of one mandate each counts the ones before it."""
    choices = active_town().chosen(DebitChoices)
    back = [one for one in heard if one.collection and one.coming in ("rejected", "returned")]
    returns = queries.returns_of(mandate_ids=[one.collection.mandate_id for one in back if one.collection])
    told: list[Heard] = []
    for one in heard:
        if one.collection and one.coming in ("rejected", "returned"):
            mandate_id, known = one.collection.mandate_id, reasons.reason(one.line.reason)
            if known.action != "office" and not one.collection.is_amended:
                returns[mandate_id] = returns.get(mandate_id, 0) + 1
            follows = reasons.follows(
                known=known,
                attempts=one.collection.attempt,
                retries=choices.sdd_retries,
                returns=returns.get(mandate_id, 0),
                limit=choices.sdd_returns_limit,
                is_amended=one.collection.is_amended,
            )
            one = replace(one, follows=follows)
        told.append(one)
    return told


def _move_money(heard: Sequence[Heard], now: datetime) -> None:
    booked = [one.collection for one in heard if one.collection and one.coming == "booked"]
    back = [one for one in heard if one.collection and one.coming == "returned"]
    # A return whose money nobody had booked yet (its day has not come) takes nothing away.
    went = [one for one in back if one.was_booked]
    booking.bring(collections=booked, now=now)
    booking.take_back(
        collections=[one.collection for one in went if one.collection],
        words={one.collection.id: reasons.reason(one.line.reason).words for one in went if one.collection},
        now=now,
    )


def _move_mandates(heard: Sequence[Heard], by: Actor, now: datetime) -> None:
    """End or suspend the mandates of what came back, each with the reason that its family reads."""
    for step, follows in ((ending.end, ("stop", "silence")), (ending.suspend, ("pause",))):
        by_reason: dict[str, set[int]] = {}
        for one in heard:
            if one.collection and one.follows in follows and not one.collection.is_amended:
                by_reason.setdefault(reasons.reason(one.line.reason).words, set()).add(one.collection.mandate_id)
        for words, mandate_ids in sorted(by_reason.items()):
            step(by=by, mandate_ids=sorted(mandate_ids), why=words, now=now)
    # An invoice must not say that the bank pays it when there is no bank to ask any more.
    over = {one.collection.payer_id for one in heard if one.collection and _ends(one)}
    for payer in people.guardians(guardian_ids=sorted(over)):
        pay_so(by=by, payer=payer, kind="town", now=now)


def _silences(one: Heard) -> bool:
    """Tell whether a line says that the account's holder has died, and the family has given no other one meanwhile."""
    return one.collection is not None and one.follows == "silence" and not one.collection.is_amended


def _ends(one: Heard) -> bool:
    """Tell whether a return has ended the mandate of its collection."""
    return one.collection is not None and one.follows in ("stop", "silence") and not one.collection.is_amended


@use_case
def _heard_before(answer: BankAnswer) -> list[Heard]:
    """Return what an earlier reading of the same bytes has heard."""
    rows = asked.lines_of(answer_id=answer.pk)
    spoken_of = asked.collections(ids=[row.collection_id for row in rows if row.collection_id])
    by_id = {one.id: one for one in spoken_of}
    return [
        Heard(
            Line(row.number, one_of(KINDS, row.kind), row.key, row.reason, row.cents, on=row.day),
            row.message_id,
            by_id.get(row.collection_id or 0),
            "again" if row.verdict == "applied" else one_of(VERDICTS, row.verdict),
        )
        for row in rows
    ]
