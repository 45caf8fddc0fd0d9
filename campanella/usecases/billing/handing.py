"""The office writes down that an invoice was brought on paper: without it, or an e-mail, its family knows nothing."""

from collections.abc import Sequence
from datetime import date, datetime

from campanella.domains.billing import handing
from campanella.domains.billing import queries as billing
from campanella.foundation.core import clock
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.scope import use_case
from campanella.readings import told


class NotOnThisDay(Refusal):
    """Before the invoice was issued, or in days to come."""

    message = "Scegli un giorno da quello della fattura a oggi."


class UnknownWay(Refusal):
    """There is no such way."""

    message = "Scegli se a mano o per posta."


@use_case
def note(*, by: Actor, invoice_ids: Sequence[int], day: date, how: str, now: datetime) -> int:
    """
    Write down on which day invoices were brought; what was written before stays.

    :param how: ``hand`` or ``post``
    :returns: how many are new
    :raises NotOnThisDay: the day is before one of them was issued, or has not come
    :raises UnknownWay: neither by hand nor by post
    """
    if how not in handing.WORDS:
        raise UnknownWay
    found = billing.invoices(invoice_ids=invoice_ids)
    if day > clock.day_of(now) or any(day < one.issued_on for one in found):
        raise NotOnThisDay
    return handing.note(by=by, numbers={one.id: one.number for one in found}, day=day, how=how, now=now)


@use_case
def note_of_run(*, by: Actor, run_id: int, day: date, how: str, now: datetime) -> int:
    """
    Write down that all invoices of a run were brought whose families have had no e-mail of them.

    :returns: how many are new
    :raises NotOnThisDay: the day is before one of them was issued, or has not come
    :raises UnknownWay: neither by hand nor by post
    """
    mine = told.untold(invoices=billing.invoices_between(period=None, run_id=run_id), today=clock.day_of(now))
    return note(by=by, invoice_ids=[one.id for one in mine], day=day, how=how, now=now)
