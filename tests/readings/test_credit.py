"""What a credit is worth, and what a family reads of one that is low."""

from dataclasses import dataclass

import pytest
from django.core import mail

from campanella.domains.ledger.choices import CreditChoices
from campanella.foundation.core.money import Euro
from campanella.readings.credit import Credit, calm, counted
from campanella.usecases import low_credit
from tests.browsing import browser
from tests.towns import Cast, Family, run_jobs

LIMITS = CreditChoices(low_credit_meals=3, floor=-2000)


@dataclass(frozen=True)
class Use:
    kind: str
    price: Euro
    unit: str
    units: str


def meal(price: int) -> Use:
    return Use("meal", Euro(price), "pasto", "pasti")


def credit(cents: int, price: int = 460) -> Credit:
    return counted(balance=Euro(cents), uses=[meal(price)], limits=LIMITS)


@pytest.mark.parametrize(
    ("cents", "lasts", "owed", "is_low"),
    [
        (3680, "circa 8 pasti", "", False),
        (1380, "circa 3 pasti", "", True),
        (460, "circa 1 pasto", "", True),
        (100, "meno di 1 pasto", "", True),
        (0, "", "", True),
        (-100, "", "circa 1 pasto da pagare", True),
        (-930, "", "circa 3 pasti da pagare", True),
    ],
)
def test_a_balance_is_counted_in_uses(cents: int, lasts: str, owed: int, is_low: bool) -> None:
    told = credit(cents)

    assert (told.lasts, told.owes, told.is_low) == (lasts, owed, is_low)


def test_a_credit_that_pays_the_bus_too_is_counted_in_days_of_both() -> None:
    uses = [meal(590), Use("bus", Euro(140), "giorno", "giorni")]

    def shared(cents: int) -> Credit:
        return counted(balance=Euro(cents), uses=uses, limits=LIMITS)

    assert (shared(10280).lasts, shared(10280).kind, shared(10280).price) == ("circa 14 giorni", "meal", Euro(730))
    assert (shared(2190).is_low, shared(2190 + 730).is_low) == (True, False)
    assert shared(-730).owes == "circa 1 giorno da pagare"
    assert counted(balance=Euro(1460), uses=[], limits=LIMITS).lasts == ""


@pytest.mark.parametrize(
    ("cents", "amount", "worth"),
    [
        (1000, 2000, "circa 4 pasti"),
        (-400, 1500, "circa 2 pasti"),
        (-1500, 1500, "torni in pari"),
        (-1500, 1000, "non basta per il debito"),
        (-1100, 1500, "meno di 1 pasto"),
    ],
)
def test_an_amount_pays_a_debt_first(cents: int, amount: int, worth: str) -> None:
    assert credit(cents).worth(Euro(amount)) == worth


def test_a_debt_is_low_where_no_price_is_known() -> None:
    assert (credit(-100, price=0).is_low, credit(100, price=0).is_low) == (True, False)
    assert credit(-100, price=0).owes == "da pagare"


@pytest.mark.parametrize(
    ("kind", "said"),
    [("meal", "Anna mangia comunque."), ("bus", "Lo scuolabus passa comunque."), ("nursery", "Al nido non cambia nulla.")],
)
def test_nothing_changes_for_the_child_whatever_the_service(kind: str, said: str) -> None:
    assert calm(kind=kind, child="Anna") == said


def test_family_office_and_letter_call_the_same_credit_low(valle: Cast, rossi: Family) -> None:
    """One rule: fewer uses left than the town has chosen, told in the same words."""
    valle.credit("Anna", 300, "scuolabus")
    phone, desk = browser(valle.town, rossi.user), browser(valle.town, valle.staff["office"])

    low_credit.look(wallet_ids=[valle.wallet("Anna", "scuolabus").pk])
    run_jobs()

    assert "Il credito di Anna (Scuolabus) sta per finire" in phone.read("/")
    assert "cp-wallet is-warn" in phone.get("/anagrafica/").content.decode()
    assert "is-warn" in desk.get(f"/ufficio/bambini/{valle.child('Anna').pk}/").content.decode()
    (letter,) = [message for message in mail.outbox if "sta per finire" in message.subject]
    assert "il credito di Anna (Scuolabus) sta per finire" in letter.body
    assert "Lo scuolabus passa comunque. A scuola nessuno vede questo saldo." in letter.body
