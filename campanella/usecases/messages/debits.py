"""Letters about direct debit; the text is a template beside it. Of an account only its end is told."""

from collections.abc import Sequence
from datetime import date, datetime

from campanella.domains.people.models import Guardian
from campanella.foundation.core.money import Euro
from campanella.usecases.links import portal_link
from campanella.usecases.messages.queuing import queue

# Child as its family calls it, service, from which day.
TopUps = Sequence[tuple[str, str, date]]

SUBJECTS = {
    "signed": "L’addebito sul conto è attivo",
    "taken": "L’addebito sul conto continua",
    "amended": "L’addebito sul conto usa un altro conto",
    "resumed": "L’addebito sul conto riprende",
    "revoked": "L’addebito sul conto è revocato",
    "lapsed": "L’addebito sul conto è scaduto",
}


def came_back(
    *,
    payer: Guardian,
    coming_id: int,
    amount: Euro,
    remittance: str,
    words: str,
    follows: str,
    is_open: bool,
    retry_on: date,
    account: str,
    new_account: str,
    others: Sequence[tuple[Euro, date]],
    topped_up: TopUps,
    invoice_id: int,
    now: datetime,
) -> None:
    """
    Tell a payer that a collection came back and what to do now; what is to be paid otherwise comes with its notice.

    :param follows: what the return asks for (``debiting.rules.reasons.Action``)
    :param is_open: False where nothing of the invoice is to pay any more
    :param topped_up: what is paid before it is used from now on, since no account pays it any more
    :param others: what else a bank was asked for and has not answered, with its days
    :param new_account: the end of the account that the family has given meanwhile, empty where it is the same
    """
    queue(
        template="collection_back",
        key=f"collection_back:{coming_id}",
        guardian=payer,
        subject="Un addebito sul conto non è andato a buon fine",
        now=now,
        values={
            "amount": amount,
            "remittance": remittance,
            "words": words,
            "follows": follows,
            "is_open": is_open,
            "retry_on": retry_on,
            "account": account,
            "new_account": new_account,
            "others": others,
            "topped_up": topped_up,
            "link": portal_link("portal:debit"),
            "invoice": portal_link("portal:invoice", invoice_id),
        },
        papers="" if follows in ("retry", "office") or not is_open else f"invoice:{invoice_id}",
    )


def again(
    *,
    payer: Guardian,
    collection_id: int,
    amount: Euro,
    remittance: str,
    retry_on: date,
    account: str,
    invoice_id: int,
    now: datetime,
) -> None:
    """Tell a payer on which day a collection that came back by no fault of its own is asked for once more."""
    queue(
        template="collection_again",
        key=f"collection_again:{collection_id}",
        guardian=payer,
        subject="Un addebito sul conto riparte",
        now=now,
        values={
            "amount": amount,
            "remittance": remittance,
            "retry_on": retry_on,
            "account": account,
            "invoice": portal_link("portal:invoice", invoice_id),
        },
    )


def services_joined(
    *,
    payer: Guardian,
    key: str,
    joined: Sequence[tuple[str, str]],
    day: date,
    account: str,
    notice_days: int,
    now: datetime,
) -> None:
    """
    Tell a payer that its bank pays more services from a day on.

    :param joined: (child as its family calls it, service)
    """
    queue(
        template="services_joined",
        key=f"services_joined:{key}",
        guardian=payer,
        subject="L’addebito sul conto paga un servizio in più"
        if len(joined) == 1
        else "L’addebito sul conto paga altri servizi",
        now=now,
        values={
            "joined": joined,
            "day": day,
            "account": account,
            "notice_days": notice_days,
            "link": portal_link("portal:debit"),
        },
    )


def mandate_changed(
    *,
    payer: Guardian,
    act_id: int,
    kind: str,
    reference: str,
    holder: str,
    account: str,
    notice_days: int,
    topped_up: TopUps,
    now: datetime,
) -> None:
    """
    Tell a payer what has become of its authorisation.

    :param topped_up: what is paid before it is used from now on, since no account pays it any more
    """
    queue(
        template="mandate_changed",
        key=f"mandate_changed:{act_id}",
        guardian=payer,
        subject=SUBJECTS[kind],
        now=now,
        values={
            "kind": kind,
            "reference": reference,
            "topped_up": topped_up,
            "holder": holder,
            "account": account,
            "notice_days": notice_days,
            "link": portal_link("portal:debit"),
        },
    )
