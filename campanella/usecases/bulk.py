"""
What the office does for many children at once: a message to their families, a notice for each, letters of access.

An act is named after its form and all that it says: sent twice it is done once, and corrected words are another act. What it
began can be found and stopped by its name.
"""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from campanella.domains.accounts.documents.access_letter import access_letters_pdf
from campanella.domains.messaging import operations as messaging
from campanella.domains.payments import operations as payments
from campanella.domains.payments import queries as positions
from campanella.domains.payments.operations import NotOpen, PaymentUnderWay
from campanella.foundation.core import audit, sql
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import active_town_id, use_case
from campanella.readings.office import bulk as reading
from campanella.readings.office.bulk import LISTS, key_of
from campanella.usecases import top_up
from campanella.usecases.access import giving as accesses
from campanella.usecases.access import handed
from campanella.usecases.messages import letters

MOST_LETTERS = 200

audit.sentences(
    {
        "list.message": "ha scritto a {count:persona|persone}: «{subject}»",
        "list.stopped": "ha fermato {count:e-mail non ancora partita|e-mail non ancora partite}",
        "list.letters": "ha stampato {count:lettera|lettere} di accesso",
        "list.notices": "ha fatto {count:avviso|avvisi} da {amount}",
        "list.notices_owed": "ha fatto {count:avviso|avvisi}, a ciascuno quanto deve: {amount} in tutto",
        "list.notices_deleted": "ha eliminato {count:avviso non pagato|avvisi non pagati}",
    }
)


class NobodyToWriteTo(Refusal):
    """None of these families has an e-mail address."""

    message = "Nessuna di queste famiglie ha un’e-mail: aggiungi i recapiti, o scrivi una News."


class NoWallets(Refusal):
    """None of these children has a wallet of the service."""

    message = "Nessuno di questi bambini ha un borsellino per questo servizio."


class NobodyOwes(Refusal):
    """None of these children owes anything that a notice may ask for."""

    message = "Qui nessuno deve niente per questo servizio, o ha già un avviso da pagare."


class SumChanged(Refusal):
    """What they would ask for in all is no longer what was told."""

    message = "Intanto qualche credito è cambiato: controlla la nuova somma e conferma."


class NobodyToLetIn(Refusal):
    """Nobody of these families waits for a letter."""

    message = "Qui nessuno aspetta una lettera: chi ha un adulto ha già anche l’accesso."


class TooManyLetters(Refusal):
    """More letters than one file should hold."""

    message = f"Al massimo {MOST_LETTERS} lettere alla volta: scegli una scuola o una classe."


class PrintedBefore(Refusal):
    """The same press came twice; the passwords of the first file hold."""

    message = (
        "Queste lettere sono appena state stampate: valgono quelle del primo PDF. Se si è perso, ristampa ogni lettera "
        "dalla scheda dell’adulto o del bambino."
    )


@use_case
def write(*, by: Actor, child_ids: Sequence[int], subject: str, text: str, batch: str, now: datetime) -> str:
    """
    Write to the adults of these children, each once.

    :param batch: of the form; the same form with the same words writes to nobody twice
    :returns: the act
    :raises NobodyToWriteTo: none has an address
    """
    act = _begin(batch, child_ids, subject, text)
    if reading.is_done(act=act):
        return act
    readers = reading.readers_of(child_ids=child_ids).adults
    if not readers:
        raise NobodyToWriteTo
    for adult in readers:
        letters.from_office(guardian=adult, subject=subject, text=text, act=key_of(act), now=now)
    _note("list.message", by=by, act=act, now=now, count=len(readers), subject=subject)
    return act


@use_case
def stop_writing(*, by: Actor, act: str, now: datetime) -> int:
    """Call the messages of an act off that have not left yet, and return how many."""
    stopped = messaging.call_off(keys=[f"{key_of(act)}:"], now=now)
    if stopped:
        _note("list.stopped", by=by, act=act, now=now, count=stopped)
    return stopped


@use_case
def make_notices(
    *,
    by: Actor,
    child_ids: Sequence[int],
    service_id: int,
    amount: Euro | None,
    batch: str,
    now: datetime,
    told: Euro | None = None,
) -> str:
    """
    Make a notice for each of these children that has a wallet of the service.

    :param amount: of each notice; None for what each owes
    :param batch: of the form; the same form with the same amount makes each notice once
    :param told: the sum that was told before, None when none was
    :returns: the act
    :raises NobodyOwes: nobody owes what a notice may ask for
    :raises SumChanged: it is not the sum that was told
    :raises AmountOutOfRange: the amount is not within the town's limits
    :raises NoWallets: none of them has a wallet of the service
    :raises NoAccount: the town has no IBAN
    """
    if amount is not None:
        top_up.check_amount(amount=amount)
    act = _begin(batch, child_ids, str(service_id), "owed" if amount is None else str(amount.cents))
    if reading.is_done(act=act):
        return act
    due = reading.notices_due(child_ids=child_ids, service_id=service_id, amount=amount, now=now)
    if not due.wanted:
        raise NobodyOwes if amount is None and len(due.without_wallet) < len(child_ids) else NoWallets
    if told is not None and due.total != told:
        raise SumChanged
    made = top_up.prepare_for_many(by=by, wanted=due.wanted, key=key_of(act), now=now)
    action, said = ("list.notices_owed", due.total) if amount is None else ("list.notices", amount)
    _note(action, by=by, act=act, now=now, count=len(made), amount=str(said))
    return act


@use_case
def delete_notices(*, by: Actor, act: str, now: datetime) -> tuple[int, int]:
    """
    Delete the notices of an act that nobody has paid.

    :returns: how many were deleted, and how many stay because they are paid or being paid
    """
    deleted = kept = 0
    for position_id in positions.open_of(order_key=key_of(act)):
        try:
            payments.cancel_position(by=by, request_id=position_id, now=now)
        except (NotOpen, PaymentUnderWay):
            kept += 1
        else:
            deleted += 1
    if deleted:
        _note("list.notices_deleted", by=by, act=act, now=now, count=deleted)
    return deleted, kept


@use_case
def print_letters(*, by: Actor, child_ids: Sequence[int], batch: str, now: datetime) -> bytes:
    """
    Print the letters of access of these children's families as one PDF, giving the accesses.

    :param child_ids: of children whom nobody can see in the portal
    :param batch: of the form
    :raises PrintedBefore: the same press came twice
    :raises NobodyToLetIn: nobody waits for one
    :raises TooManyLetters: they are more than one file should hold
    """
    act = _begin(batch, [], "letters")
    if reading.is_done(act=act):
        raise PrintedBefore
    due = reading.letters_due(child_ids=child_ids)
    if not due.count:
        raise NobodyToLetIn
    if due.count > MOST_LETTERS:
        raise TooManyLetters
    printed = [handed.letter(by=by, child_id=child_id, now=now) for child_id in due.by_child]
    printed += [accesses.letter_to_guardian(by=by, guardian_id=pk, now=now) for pk in due.to_guardians]
    _note("list.letters", by=by, act=act, now=now, count=len(printed))
    return access_letters_pdf(printed)


def _begin(batch: str, child_ids: Sequence[int], *words: str) -> str:
    """Name an act after its form, whom it is for and what it says, and let nobody else begin one meanwhile."""
    sql.take_turns("acts on lists", active_town_id())
    said = "\n".join((batch, ",".join(map(str, sorted(child_ids))), *words))
    return sha256(said.encode()).hexdigest()[:24]


def _note(action: str, *, by: Actor, act: str, now: datetime, count: int, **data: str) -> None:
    audit.record(by=by, action=action, subjects=[key_of(act), LISTS], at=now, data={"count": str(count), **data})
