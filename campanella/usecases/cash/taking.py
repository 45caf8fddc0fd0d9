"""
Money at the counter: whose code it is, the top-up, and the few minutes in which it can be undone.

One press is one top-up: the form's own key is looked for under the wallet's and the point's lock, so that a second press
finds what the first has booked.
"""

from datetime import datetime

from campanella.domains.accounts.models import User
from campanella.domains.cash import queries, rules, till
from campanella.domains.cash.choices import CashChoices
from campanella.domains.cash.events import CashTaken, CashVoided
from campanella.domains.cash.models import CashPoint
from campanella.domains.cash.queries import TopUpView
from campanella.domains.cash.rules import Means
from campanella.domains.cash.words import MEANS_WORDS
from campanella.domains.ledger import operations as ledger
from campanella.domains.ledger import queries as wallets
from campanella.domains.ledger.operations import Movement
from campanella.domains.ledger.rules import EntryKind, Source
from campanella.foundation.core import audit, clock
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.core.events import publish
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import use_case
from campanella.foundation.tenants.queries import active_town

audit.sentences(
    {
        "cash.taken": "ha incassato {amount} per {service}: {means}, ricevuta {receipt}",
        "cash.voided": "ha annullato una ricarica di {amount} per {service}, ricevuta {receipt}",
    }
)

LONGEST_MEMO = 200


class NoPoint(NotFound):
    """Somebody who stands at no cash point, or in a town that has none."""

    message = "Il tuo accesso non è di nessun punto di ricarica: chiedi all’ufficio."


class WrongCode(Refusal):
    """What was typed is nobody's code; the message says what to look at."""


class AmountRefused(Refusal):
    """The amount is under the town's least or over its most."""


class FormUsed(Refusal):
    """The page was used before, for something else."""

    def __init__(self, before: TopUpView) -> None:
        self.before = before
        super().__init__(
            f"Con questa pagina hai già incassato {before.amount}, ricevuta {before.receipt}: adesso non è stato registrato"
            " niente. Per un’altra ricarica riparti dal codice."
        )


def stand_of(*, user: User) -> CashPoint:
    """
    Return the cash point where somebody takes money.

    :raises NoPoint: at none, or the town has no cash points
    """
    point = queries.point_of(user_id=user.pk) if active_town().chosen(CashChoices).cash_points else None
    if point is None:
        raise NoPoint
    return point


def wallet_of(*, typed: str) -> int:
    """
    Return whose wallet a code is, as somebody typed it.

    :raises WrongCode: it is too short, its check digit does not agree, or nobody has it
    """
    code = rules.read_code(typed)
    if not code:
        raise WrongCode("Scrivi il codice: 10 cifre, accanto al servizio.")
    if not (code.isascii() and code.isdigit()):
        raise WrongCode("Il codice ha solo cifre: controlla che cosa hai scritto.")
    if len(code) != rules.CODE_DIGITS:
        raise WrongCode(f"Il codice ha {rules.CODE_DIGITS} cifre, qui ce ne sono {len(code)}.")
    if not rules.is_code(code):
        raise WrongCode("C’è una cifra sbagliata, o due scambiate: ricontrolla il codice con chi te l’ha dato.")
    try:
        return queries.wallet_of_code(code=code)
    except NotFound:
        raise WrongCode("Questo codice non è di nessuno in questo Comune: fattelo mostrare di nuovo.")


@use_case
def take(*, by: User, typed: str, amount: Euro, means: Means, key: str, now: datetime) -> TopUpView:
    """
    Take money for the wallet of a code: the credit rises at once.

    :param key: of the form; the same form sent again gives what it has booked
    :raises NoPoint: the person stands at no cash point
    :raises WrongCode: nobody's code
    :raises AmountRefused: outside the town's limits
    :raises FormUsed: the form was used for something else
    :raises till.NotOpen: no till is open; ``till.OfAnotherDay``, ``till.NotTakenHere``
    """
    point = stand_of(user=by)
    wallet_id = wallet_of(typed=typed)
    ledger.hold_wallets(wallet_ids=[wallet_id])
    till.hold_point(point_id=point.pk)
    before = queries.top_up_of_form(key=key)
    if before:
        if (before.point_id, before.wallet_id, before.amount, before.means) != (point.pk, wallet_id, amount, means):
            raise FormUsed(before)
        return before
    check_amount(amount=amount)
    made = till.take(by=by, point_id=point.pk, wallet_id=wallet_id, amount=amount, means=means, key=key, now=now)
    top_up = queries.top_up(top_up_id=made.pk)
    _post(by=by, top_up=top_up, source=Source.of_cash(top_up.id), kind="cash", amount=amount, now=now)
    _record(by=by, action="cash.taken", top_up=top_up, now=now)
    publish(CashTaken(top_up_id=top_up.id, wallet_id=wallet_id))
    return top_up


@use_case
def void(*, by: User, top_up_id: int, why: str, now: datetime) -> TopUpView:
    """
    Undo a top-up of one's own point whose money is given back.

    :raises NotFound: it is of another point
    :raises till.TooLateToVoid: the town's minutes are over, or the day is closed
    :raises till.VoidedAlready: it was undone before
    """
    top_up = mine(by=by, top_up_id=top_up_id)
    ledger.hold_wallets(wallet_ids=[top_up.wallet_id])
    minutes = active_town().chosen(CashChoices).cash_void_minutes
    till.give_back(by=by, top_up_id=top_up_id, minutes=minutes, why=why, now=now)
    source = Source.of_cash_void(top_up.id)
    _post(by=by, top_up=top_up, source=source, kind="cash_void", amount=-top_up.amount, now=now)
    _record(by=by, action="cash.voided", top_up=top_up, now=now, why=why)
    publish(CashVoided(top_up_id=top_up.id, wallet_id=top_up.wallet_id))
    return queries.top_up(top_up_id=top_up_id)


def mine(*, by: User, top_up_id: int) -> TopUpView:
    """
    Return a top-up of one's own point.

    :raises NotFound: it is of another
    :raises NoPoint: the person stands at none
    """
    point = stand_of(user=by)
    top_up = queries.top_up(top_up_id=top_up_id)
    if top_up.point_id != point.pk:
        raise NotFound
    return top_up


def check_amount(*, amount: Euro) -> None:
    """
    Check an amount against what the town lets a counter take.

    :raises AmountRefused: with the limit
    """
    chosen = active_town().chosen(CashChoices)
    if amount.cents < chosen.cash_min:
        raise AmountRefused(f"Il minimo alla cassa è {Euro(chosen.cash_min)}. Scrivi per esempio 20,00.")
    if amount.cents > chosen.cash_max:
        raise AmountRefused(f"Il massimo alla cassa è {Euro(chosen.cash_max)} per volta. Scrivi un importo più piccolo.")


def _post(*, by: Actor, top_up: TopUpView, source: Source, kind: EntryKind, amount: Euro, now: datetime) -> None:
    """Move the wallet against the account of the means: what it clears through says whether it leaves a trace."""
    clearing = ledger.account(kind="clearing", code=top_up.means)
    ledger.post(
        movements=[Movement(source, top_up.wallet_id, clearing.pk, amount)],
        kind=kind,
        day=clock.day_of(now),
        memo=f"{MEANS_WORDS[top_up.means]}, {top_up.point_name}, ricevuta {top_up.receipt}"[:LONGEST_MEMO],
        by_id=by.actor_id,
        now=now,
    )


def _record(*, by: Actor, action: str, top_up: TopUpView, now: datetime, why: str = "") -> None:
    wallet = wallets.wallet(wallet_id=top_up.wallet_id)
    data = {
        "amount": str(top_up.amount),
        "service": wallet.service_name,
        "means": top_up.means_words.lower(),
        "receipt": top_up.receipt,
    }
    subjects = [f"child:{wallet.child_id}", f"cash_point:{top_up.point_id}"]
    audit.record(by=by, action=action, subjects=subjects, at=now, why=why, data=data)
