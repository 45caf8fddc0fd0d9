"""What every offer is checked for, whoever makes it: that an answer is in time, and that prolonging it makes sense."""

from datetime import date, datetime

from campanella.domains.places import offer_rules
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.italian import day_full, elided, moment_full


class OfferOver(Refusal):
    """The offer was answered already, or its time is over."""

    message = "A questa offerta non si può più rispondere: guarda com’è adesso."


class ProlongFirst(OfferOver):
    """The office gives a place to somebody whose own offer has just run out: it says so first, with its reason."""


class NotLonger(Refusal):
    """An offer is prolonged to a later day than it had, which is not over, while something is left of what is offered."""


class NobodySaidWhy(Refusal):
    """Whoever prolongs an offer says why: others wait for the place."""

    message = "Scrivi il motivo: c’è chi aspetta questo posto, e la famiglia lo legge."


def check_in_time(*, is_open: bool, until: datetime | None, received_at: datetime) -> None:
    """
    Make sure that a family's answer counts.

    :raises OfferOver: it was answered already, or its time is over
    """
    if offer_rules.may_answer(is_open=is_open, until=until, received_at=received_at):
        return
    if is_open and until:
        when = moment_full(until)
        raise OfferOver(elided(f"Il tempo per rispondere è finito il {when}: il posto va a chi viene dopo."))
    raise OfferOver


def check_not_over(*, is_open: bool, until: datetime | None, now: datetime) -> None:
    """
    Make sure that the office gives nobody a place whose offer has run out, and would go to the next.

    :raises ProlongFirst: it has
    """
    if is_open and until and not offer_rules.may_answer(is_open=is_open, until=until, received_at=now):
        raise ProlongFirst(
            elided(
                f"L’offerta che questa famiglia aveva è scaduta il {moment_full(until)}, e il posto va a chi viene dopo. "
                "Per darglielo lo stesso, prima prolunga l’offerta e scrivi il motivo; poi dagli il posto."
            )
        )


def prolonged(
    *, is_open: bool, until: datetime | None, day: date, over: date, words: str, now: datetime
) -> tuple[datetime, str]:
    """
    Say until when an offer is answered once it is prolonged, and why.

    One whose time is over may still be prolonged, while nobody has let it go.

    :param day: the last one for the answer
    :param over: the first day on which what is offered is over
    :raises OfferOver: it was answered, or let go
    :raises NobodySaidWhy: without a reason
    :raises NotLonger: the day is over, no later than it was, or nothing would be left
    """
    if not is_open or until is None:
        raise OfferOver
    if not words.strip():
        raise NobodySaidWhy
    ends_at = offer_rules.end_of(day)
    if ends_at <= max(until, now):
        raise NotLonger(elided(f"Si rispondeva già fino al {moment_full(until)}: scegli un giorno dopo, da oggi in avanti."))
    if day > offer_rules.last_answer(over=over):
        last = offer_rules.last_answer(over=over)
        raise NotLonger(elided(f"Al più tardi il {day_full(last)}: dopo non resterebbe niente da dare."))
    return ends_at, words.strip()
