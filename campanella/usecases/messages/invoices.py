"""Letters about invoices: issued, paid, called back, to pay again. No name and no amount in a subject."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from campanella.domains.billing.queries import InvoiceView
from campanella.domains.people.models import Guardian
from campanella.foundation.core.money import Euro
from campanella.usecases.links import portal_link
from campanella.usecases.messages.queuing import queue

# After letters to one, before news to all.
URGENCY = -5


@dataclass(frozen=True, slots=True)
class Balance:
    """How a wallet of an invoice stands when the letter is written, as the statement has it."""

    child: str
    service: str
    balance: Euro


def issued(
    *,
    payer: Guardian,
    invoice: InvoiceView,
    names: str,
    in_all: Euro,
    balances: Sequence[Balance],
    debited_on: date | None,
    now: datetime,
) -> None:
    """
    Bring an invoice with its papers: one invoice is one letter, for ever.

    :param names: the children it is for, as one says them
    :param in_all: what is open of all of the payer's invoices
    :param debited_on: when a bank pays it, and the family has nothing to do; None where it is to pay
    """
    queue(
        template="invoice_issued",
        key=invoice.letter,
        guardian=payer,
        subject="Una nuova fattura",
        now=now,
        values={**_values(invoice), "names": names, "in_all": in_all, "balances": balances, "debited_on": debited_on},
        urgency=URGENCY,
        papers=f"invoice:{invoice.id}",
    )


def keys_of(*, invoice_ids: Iterable[int]) -> list[str]:
    """Return how the keys of the letters begin that bring these invoices."""
    return [f"invoice:{pk}:" for pk in invoice_ids]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a bank was asked for as well, and for which day."""

    amount: Euro
    day: date


def paid(
    *,
    payer: Guardian,
    invoice: InvoiceView,
    source: str,
    amount: Euro,
    surplus: Euro,
    in_all: Euro,
    asked: Asked | None,
    now: datetime,
) -> None:
    """
    Tell that a payment of an invoice has arrived, and what is left of it and of all.

    :param surplus: what of the payment was asked for no more, and is credit
    :param asked: a bank was asked for it too, and has not said no: what comes twice becomes credit
    """
    queue(
        template="invoice_paid",
        key=f"invoice_paid:{source}",
        guardian=payer,
        subject="Pagamento ricevuto",
        now=now,
        values={**_values(invoice), "amount": amount, "surplus": surplus, "in_all": in_all, "asked": asked},
    )


def paid_together(
    *,
    payer: Guardian,
    invoices: Sequence[InvoiceView],
    source: str,
    amount: Euro,
    surplus: Euro,
    in_all: Euro,
    link: str,
    now: datetime,
) -> None:
    """
    Tell that a joint notice was paid, which invoices it was for, and what is left of them and of all.

    :param surplus: what of the payment was asked for no more, and is credit
    """
    left = Euro(sum(one.open.cents for one in invoices))
    queue(
        template="joint_paid",
        key=f"joint_paid:{source}",
        guardian=payer,
        subject="Pagamento ricevuto",
        now=now,
        values={
            "invoices": invoices,
            "amount": amount,
            "surplus": surplus,
            "left": left,
            "in_all": in_all,
            "link": link,
        },
    )


def recalled(
    *,
    payer: Guardian,
    invoice: InvoiceView,
    balances: Sequence[Balance],
    money: Euro,
    is_under_way: bool,
    joint: str,
    now: datetime,
) -> None:
    """
    Tell that an invoice was called back, why, and what becomes of a payment.

    :param money: what was paid for it
    :param is_under_way: a bank was asked for it, and has not answered
    :param joint: the page of the joint notice that asked for it, and ended with it; empty where none did
    """
    queue(
        template="invoice_recalled",
        key=f"invoice_recalled:{invoice.id}",
        guardian=payer,
        subject="Fattura annullata",
        now=now,
        values={**_values(invoice), "balances": balances, "money": money, "is_under_way": is_under_way, "joint": joint},
        urgency=URGENCY,
    )


def _values(invoice: InvoiceView) -> dict[str, object]:
    return {"invoice": invoice, "link": portal_link("portal:invoice", invoice.id)}
