"""Which debts are asked of a bank, on which day, as the first time or not; and what is wrong with an answer."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from campanella.domains.debiting.rules import days

WhyNot = Literal[
    "no_mandate",
    "suspended",
    "lapsed",
    "under_way",
    "paid",
    "no_retry",
    "not_told",
    "no_letter",
    "address",
    "noticed",
    "office",
    "silence",
]

WHY_NOT: dict[WhyNot, str] = {
    "no_mandate": "manca l’autorizzazione all’addebito",
    "suspended": "l’autorizzazione è sospesa",
    "lapsed": "l’autorizzazione è scaduta: non è stata usata per 36 mesi",
    "under_way": "l’addebito è già stato chiesto alla banca",
    "paid": "risulta già incassato",
    "no_retry": "è tornato indietro, e non si riprova",
    "not_told": "la famiglia non lo sa da abbastanza giorni",
    "no_letter": "alla famiglia non è arrivata nessuna e-mail: senza preavviso non si addebita",
    "noticed": "la paga un avviso pagoPA che è aperto",
    "office": "è tornato indietro, e non per colpa della famiglia: prima lo guarda l’ufficio",
    "silence": "il titolare del conto è deceduto: nessuna lettera, chiama l’ufficio",
    "address": "il conto è fuori dallo Spazio economico europeo: mancano città e Paese del titolare",
}


# What the bank is not asked for and nobody else is either: these a pagoPA notice asks for.
PAID_OTHERWISE: tuple[WhyNot, ...] = ("no_mandate", "suspended", "lapsed", "no_retry", "no_letter", "address")


@dataclass(frozen=True, slots=True)
class Told:
    """
    The pre-notification of a debt.

    :ivar on: the day on which the family was told amount and day, None when it was not
    :ivar is_to_come: it still may be
    """

    on: date | None
    is_to_come: bool = True


@dataclass(frozen=True, slots=True)
class Terms:
    """
    How a town collects; all of them days.

    :ivar bank_days: TARGET days before the collection by which the bank wants the file
    :ivar notice_days: calendar days for which a family knows what will be collected
    :ivar retry_days: calendar days from a return to the next attempt
    """

    bank_days: int
    notice_days: int
    retry_days: int
    retries: int


@dataclass(frozen=True, slots=True)
class Standing:
    """
    A mandate, as far as it decides whether a debt is collected.

    :ivar last_used: the day of its last collection that was not rejected, else of its signature
    :ivar is_silent: it has ended because its holder has died
    """

    state: str
    confirmed_at: datetime
    last_used: date
    lacks_address: bool
    is_silent: bool = False


@dataclass(frozen=True, slots=True)
class Past:
    """
    What came of asking for a debt so far.

    :ivar outcome: of the last attempt: ``""`` not yet known, ``booked``, ``rejected`` or ``returned``
    :ivar follows: what the last return asked for
    :ivar back_on: when it came back, the town has heard so, or has put its fault right: the family's notice begins
    :ivar decided: what the office has decided of a fault of the file: ``again``, ``notice``, empty for nothing yet
    :ivar collection_id: of the last attempt
    :ivar day: of the last attempt, as the file has it
    :ivar reason: the code with which it came back, empty where it did not
    :ivar cents: what the last attempt asked for
    """

    attempts: int = 0
    outcome: str = ""
    follows: str = ""
    back_at: datetime | None = None
    back_on: date | None = None
    decided: str = ""
    collection_id: int = 0
    day: date | None = None
    reason: str = ""
    cents: int = 0


def day_of(*, due_on: date, past: Past, terms: Terms, today: date) -> date:
    """Return the day on which a debt is collected: when it is due, or after a return when the family was told."""
    wanted = due_on if past.back_on is None else retry_on(back_on=past.back_on, terms=terms)
    return days.collection_day(wanted=wanted, today=today, bank_days=terms.bank_days)


def told_day(*, due_on: date, past: Past, told: Told, terms: Terms, today: date) -> date:
    """Return the day that a family is told: of the collection on file, else of the next one, once it has its notice."""
    if past.day is not None and past.outcome in ("", "booked"):
        return past.day
    day = day_of(due_on=due_on, past=past, terms=terms, today=today)
    if past.attempts:
        return day
    return max(day, days.on_or_after((told.on or today) + timedelta(days=terms.notice_days)))


def retry_on(*, back_on: date, terms: Terms) -> date:
    """Return the day of the next attempt, as the letter tells it: the family has the notice that it always has."""
    return days.on_or_after(back_on + timedelta(days=max(terms.retry_days, terms.notice_days)))


def why_not(
    *,
    mandate: Standing | None,
    past: Past,
    told: Told,
    due_on: date,
    terms: Terms,
    today: date,
    is_noticed: bool = False,
) -> WhyNot | None:
    """
    Tell why a debt is not asked of the bank today, None when it is.

    :param is_noticed: a pagoPA notice asks for it: nobody pays one debt on two roads
    """
    if past.attempts and past.outcome in ("", "booked"):
        return "paid" if past.outcome else "under_way"
    why = _of_mandate(mandate, past)
    if mandate and why is None:
        day = day_of(due_on=due_on, past=past, terms=terms, today=today)
        why = _of_day(mandate, past, told, day, terms)
    return "noticed" if is_noticed and why in (None, "not_told") else why


def _of_mandate(mandate: Standing | None, past: Past) -> WhyNot | None:
    # Another account, or a mandate taken up again, is a new beginning for what came back before.
    if (mandate and mandate.is_silent) or (past.follows == "silence" and not _is_mended(mandate, past)):
        return "silence"
    if past.follows == "office" and not past.decided:
        return "office"
    if mandate is None or mandate.state not in ("active", "suspended"):
        return "no_mandate"
    if mandate.state == "suspended":
        return "suspended"
    if mandate.lacks_address:
        return "address"
    return None


def _of_day(mandate: Standing, past: Past, told: Told, day: date, terms: Terms) -> WhyNot | None:
    if days.lapses_on(mandate.last_used) <= day:
        return "lapsed"
    if past.attempts:
        is_tried = _is_mended(mandate, past) or past.follows == "retry"
        # A fault of the file is none of the attempts that a family has.
        return None if past.decided == "again" or (past.attempts <= terms.retries and is_tried) else "no_retry"
    if not (told.on or told.is_to_come):
        return "no_letter"
    return None if days.is_told_in_time(told_on=told.on, collected_on=day, notice_days=terms.notice_days) else "not_told"


def _is_mended(mandate: Standing | None, past: Past) -> bool:
    return mandate is not None and past.back_at is not None and mandate.confirmed_at > past.back_at


FaultKind = Literal["again", "notice"]
"""What the office decides of a fault of the file: the bank is asked once more · the family pays with pagoPA."""

ComingKind = Literal["booked", "rejected", "returned"]
"""What came of a collection: the money is there for now · it never came · it went back."""

Verdict = Literal["applied", "again", "unknown", "amount"]

VERDICTS: dict[Verdict, str] = {
    "applied": "registrato",
    "again": "già registrato: non cambia niente",
    "unknown": "non corrisponde a nessun addebito del Comune",
    "amount": "l’importo non è quello chiesto: lo guarda l’ufficio",
}


def verdict(*, asked_cents: int | None, cents: int | None, known: set[str], kind: str) -> Verdict:
    """
    Tell what becomes of a line of a bank.

    :param asked_cents: of the collection it speaks of, None when there is none
    :param cents: as the bank says it, None when it does not
    :param known: what came of the collection before: ``booked``, ``rejected``, ``returned``
    :param kind: ``collected``, ``reject`` or ``return``
    """
    if asked_cents is None:
        return "unknown"
    if cents is not None and cents != asked_cents:
        return "amount"
    if kind == "collected":
        return "again" if known else "applied"
    return "again" if known & {"rejected", "returned"} else "applied"
