"""Direct debit in tests: a mandate of Maria Rossi, and collections of what she owes."""

from datetime import date, datetime
from typing import Any

from campanella.domains.debiting import collecting, mandates, queries
from campanella.domains.debiting.acts import Signature
from campanella.domains.debiting.collecting import Wanted
from campanella.domains.debiting.gateways.sepa.base import Creditor
from campanella.domains.debiting.mandates import Holder
from campanella.domains.debiting.models import CollectionFile, Mandate
from campanella.domains.debiting.rules.accounts import account
from campanella.domains.people.models import Guardian
from campanella.foundation.core import clock
from tests.towns import OFFICE, Cast

ACCOUNT = "IT39R0306909606100000067890"
OTHER = "IT78N0760103200001012345678"
CREDITOR = Creditor("Comune di Valle", "IT58ZZZ0000080017210727", account("IT60X0542811101000000123456"), "1234567A")
DAY = date(2026, 12, 10)


def holder(iban: str = ACCOUNT, **more: str) -> Holder:
    """Give the holder of an account."""
    return Holder(name="Maria Rossi", account=account(iban), **more)


def signature(on: date = date(2026, 9, 1)) -> Signature:
    """Give a signature on paper."""
    return Signature(on=on, how="paper", kept_at="faldone 3")


def signed(payer: Guardian, iban: str = ACCOUNT, **more: Any) -> Mandate:
    """Give a mandate that is in force."""
    return mandates.sign(by=OFFICE, payer=payer, holder=holder(iban), signature=signature(), now=clock.now(), **more)


def asked(
    cast: Cast, payer: Guardian, *cents: int, debt: str = "invoice:1", attempt: int = 1, day: date = DAY
) -> CollectionFile:
    """Ask the bank for what a payer owes: each amount of another wallet."""
    wallets = [cast.wallet("Anna").pk, cast.wallet("Luca").pk]
    mandate = queries.mandates_of(payer_ids=[payer.pk], creditor_id=CREDITOR.creditor_id)[payer.pk]
    shares = tuple(zip(wallets, cents, strict=False))
    one = Wanted(debt, mandate, attempt, day, shares, "Mensa scolastica, novembre 2026")
    return collecting.ask(by=OFFICE, wanted=[one], creditor=CREDITOR, period="2026-11", now=clock.now())


def at(day: date) -> datetime:
    """Give noon of a day."""
    return datetime(day.year, day.month, day.day, 11, tzinfo=clock.ROME)
