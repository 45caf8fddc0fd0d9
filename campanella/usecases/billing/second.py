"""Who may confirm a large sum: above the town's amount another person than who has prepared it, by no other access."""

from datetime import datetime

from campanella.domains.billing.choices import BillingChoices
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.money import Euro
from campanella.foundation.tenants.queries import active_town
from campanella.usecases import two_people


class AnotherPersonNeeded(Refusal):
    """Above the town's amount somebody else must confirm."""


def check(*, what: str, total: Euro, prepared_by: int | None, by: Actor, now: datetime) -> None:
    """
    Make sure that two people have looked at a sum that is above the town's amount.

    Who works at the console of the house is on record as such, and is no access of the office.

    :param what: what is confirmed: "le fatture"
    :raises AnotherPersonNeeded: by who has prepared it
    :raises InOneHand: one person may lately have held both accesses
    """
    limit = active_town().chosen(BillingChoices).bill_second_person
    if total.cents <= limit or prepared_by is None or by.actor_id is None:
        return
    try:
        two_people.check(hands=[prepared_by], by_id=by.actor_id, now=now)
    except two_people.SamePerson as refusal:
        raise AnotherPersonNeeded(
            f"In tutto sono {total}: sopra {Euro(limit)} {what} le conferma un’altra persona dell’ufficio. Chiedi a un "
            "collega di aprire questa pagina."
        ) from refusal
