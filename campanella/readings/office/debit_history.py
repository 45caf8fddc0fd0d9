"""A file of direct debits collection by collection, and what a payer's account was asked for: with names, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from campanella.domains.billing import queries as billing
from campanella.domains.debiting import history, queries
from campanella.domains.debiting.history import Came, Outcome
from campanella.domains.debiting.models import ACTS, MandateAct
from campanella.domains.debiting.queries import MandateView
from campanella.domains.debiting.rules import reasons
from campanella.domains.debiting.rules.accounts import masked
from campanella.domains.debiting.rules.debts import invoice_of
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.italian import day_full
from campanella.foundation.core.money import Euro
from campanella.readings.office.debit_answers import payers
from campanella.readings.office.debits import FileLine, files

A_PAGE = 40
OUTCOMES: dict[Outcome, str] = {
    "": "Tutti",
    "waiting": "Senza esito",
    "booked": "Incassati",
    "back": "Tornati indietro",
}
# What follows from a return, to follow it; a fault of the file waits for the office, and then goes as that has decided.
FOLLOWS = {
    "retry": "si riprova",
    "ask": "si paga con un avviso pagoPA",
    "pause": "l’autorizzazione è sospesa, e si paga con un avviso pagoPA",
    "stop": "l’autorizzazione è finita, e si paga con un avviso pagoPA",
    "silence": "nessuna lettera: l’ufficio chiama la famiglia",
    "office": "lo guarda l’ufficio",
}
DECIDED = {"again": "l’ufficio lo ha fatto richiedere", "notice": "l’ufficio ha mandato un avviso pagoPA"}
WITHDRAWN = "FOCR"


@dataclass(frozen=True)
class CollectionLine:
    """
    A collection as the office reads it.

    :ivar told: what came of it, on which day, why and what follows; empty where nothing is known
    """

    came: Came
    payer: str
    invoice_id: int
    number: str
    amount: Euro
    pill: tuple[str, str]
    told: str


@dataclass(frozen=True)
class FilePage:
    """
    A file with some of its collections.

    :ivar next: after which the next page begins, 0 for none
    """

    file: FileLine
    lines: list[CollectionLine]
    next: int


@dataclass(frozen=True)
class ActLine:
    """What happened to a mandate: when, what, why, who did it, and the account from then on by its end."""

    at: datetime
    words: str
    reference: str
    account: str
    why: str
    who: str


@dataclass(frozen=True)
class HistoryPage:
    """
    Everything about the direct debits of a payer.

    :ivar next: before which older ones begin, 0 for none
    """

    mandate: MandateView | None
    acts: list[ActLine]
    lines: list[CollectionLine]
    next: int


def file_page(*, file_id: int, outcome: Outcome, after: int) -> FilePage:
    """
    Return a page of a file: four queries, however many collections it has.

    :raises NotFound: the town has no such file
    """
    file = next(iter(files(file_id=file_id)), None)
    if file is None:
        raise NotFound
    lines, following = _page(history.of_file(file_id=file_id, outcome=outcome, after=after, limit=A_PAGE + 1))
    return FilePage(file, lines, following)


def history_page(*, payer_id: int, before: int | None) -> HistoryPage:
    """Return what happened to the direct debits of a payer, newest first: five queries."""
    lines, following = _page(history.of_payer(payer_id=payer_id, before=before, limit=A_PAGE + 1))
    acts = [_act(one) for one in history.acts_of_payer(payer_id=payer_id)]
    return HistoryPage(queries.mandates_of(payer_ids=[payer_id]).get(payer_id), acts, lines, following)


def _page(found: Sequence[Came]) -> tuple[list[CollectionLine], int]:
    """Put names to one page, and say where the next one begins: two queries."""
    shown = found[:A_PAGE]
    names = payers([one.payer_id for one in shown])
    numbers = billing.numbers(invoice_ids=[invoice_of(one.debt) for one in shown])
    return [_line(one, names, numbers) for one in shown], shown[-1].id if len(found) > A_PAGE else 0


def _line(one: Came, names: dict[int, str], numbers: dict[int, str]) -> CollectionLine:
    invoice_id = invoice_of(one.debt)
    return CollectionLine(
        one, names.get(one.payer_id, ""), invoice_id, numbers.get(invoice_id, ""), Euro(one.cents), _pill(one), _told(one)
    )


def _pill(one: Came) -> tuple[str, str]:
    if not one.kind:
        return ("wait", "Chiesto alla banca") if one.is_handed else ("warn", "File mai scaricato")
    if one.reason == WITHDRAWN and not one.is_handed:
        return ("off", "Annullato")
    return {
        "booked": ("ok", "Incassato"),
        "rejected": ("stop", "Rifiutato"),
        "returned": ("stop", "Tornato indietro"),
    }[one.kind]


def _told(one: Came) -> str:
    on = f"il {day_full(one.on)}" if one.on else ""
    if one.kind in ("", "booked"):
        return on
    known = reasons.reason(one.reason)
    after = DECIDED.get(one.decided) or FOLLOWS.get(one.follows, "")
    return f"{on}, perché {known.words} ({known.code}){f': {after}' if after else ''}"


def _act(one: MandateAct) -> ActLine:
    how = {"paper": ", su carta", "portal": ", dal portale"}.get(one.evidence.get("how", ""), "")
    kept_at = one.evidence.get("kept_at", "")
    words = f"{dict(ACTS)[one.kind].capitalize()}{how}{f' ({kept_at})' if kept_at else ''}"
    return ActLine(one.at, words, one.mandate.reference, masked(one.iban), one.why, one.by_label)


def outcome_of(text: str) -> Outcome:
    """Read which collections are asked for; what is none of the answers asks for all."""
    return next((one for one in OUTCOMES if one == text), "")
