"""Questions about mandates, collections and files; what is returned is frozen, and shows of an account its end only."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from campanella.domains.debiting import statements
from campanella.domains.debiting.gateways.sepa.base import Amendment
from campanella.domains.debiting.models import Mandate, MandateAct
from campanella.domains.debiting.rules.accounts import Account
from campanella.domains.debiting.rules.collecting import Past, Standing
from campanella.foundation.core import sql
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.scope import active_town_id


@dataclass(frozen=True, slots=True)
class MandateView:
    """
    A mandate as it stands.

    :ivar used_on: the day of the former software's last collection, where it is known
    :ivar last_used: the day of its last collection that was not rejected, None before the first
    :ivar is_silent: it has ended because its holder has died: the office calls, and nobody is written to
    :ivar amendment: what the bank is to be told with the next collection
    """

    id: int
    payer_id: int
    reference: str
    state: str
    signed_on: date
    confirmed_at: datetime
    holder_name: str = field(repr=False)
    holder_tax_code: str = field(repr=False)
    account: Account
    town: str
    country: str
    is_carried: bool
    used_on: date | None
    last_used: date | None
    is_silent: bool
    amendment: Amendment

    @property
    def is_in_force(self) -> bool:
        """Tell whether collections may be made, now or when it is taken up again."""
        return self.state in ("active", "suspended")

    @property
    def is_first(self) -> bool:
        """Tell whether no collection was made with it yet."""
        return self.last_used is None and not self.is_carried

    @property
    def standing(self) -> Standing:
        """What of it decides whether a debt is collected."""
        lacks = self.account.asks_for_address and not (self.town and self.country)
        last_used = self.last_used or self.used_on or self.signed_on
        return Standing(self.state, self.confirmed_at, last_used, lacks, self.is_silent)


def mandates_of(*, payer_ids: Sequence[int], creditor_id: str = "") -> dict[int, MandateView]:
    """
    Return by payer the mandate in force, else the last one: one query.

    :param creditor_id: the town's own; where the last collection had another one, the bank is to be told
    """
    values = {"town": active_town_id(), "payers": list(payer_ids), "creditor": creditor_id}
    return {row["payer_id"]: _mandate(row) for row in sql.named_rows(statements.MANDATES, values)}


@dataclass(frozen=True, slots=True)
class Taken:
    """A mandate by its reference: whose it is, how it stands, and its account whole, to be compared and never shown."""

    payer_id: int
    state: str
    iban: str = field(repr=False)


def by_reference() -> dict[str, Taken]:
    """Return every mandate of the town by its reference: one query."""
    rows = Mandate.objects.values_list("reference", "payer_id", "state", "iban")
    return {reference: Taken(payer_id, state, iban) for reference, payer_id, state, iban in rows}


def payers_by_bank() -> frozenset[int]:
    """Return who has a mandate with which a bank may be asked: one query."""
    return frozenset(Mandate.objects.filter(state="active").values_list("payer_id", flat=True))


def mandate(*, mandate_id: int) -> MandateView:
    """
    Return a mandate.

    :raises NotFound: the town has no such mandate
    """
    rows = sql.named_rows(statements.MANDATE, {"town": active_town_id(), "mandate": mandate_id, "creditor": ""})
    if not rows:
        raise NotFound
    return _mandate(rows[0])


def payers_of(*, mandate_ids: Sequence[int]) -> list[int]:
    """Return whose these mandates are: one query."""
    return sorted(set(Mandate.objects.filter(pk__in=list(mandate_ids)).values_list("payer_id", flat=True)))


def acts_of(*, mandate_id: int) -> list[MandateAct]:
    """Return what happened to a mandate, oldest first."""
    return list(MandateAct.objects.filter(mandate_id=mandate_id).order_by("id"))


def act(*, act_id: int) -> MandateAct:
    """Return one act."""
    return MandateAct.objects.select_related("mandate__payer").get(pk=act_id)


def unused_since(*, day: date) -> list[int]:
    """Return the mandates in force whose last collection, or signature, is not after this day."""
    return [pk for (pk,) in sql.rows(statements.UNUSED, {"town": active_town_id(), "day": day})]


def pasts(*, debts: Sequence[str]) -> dict[str, Past]:
    """Return by debt what came of asking for it so far; one that was never asked for is missing."""
    rows = sql.rows(statements.PASTS, {"town": active_town_id(), "debts": list(debts)})
    return {debt: Past(*past) for debt, *past in rows}


def returns_of(*, mandate_ids: Sequence[int]) -> dict[int, int]:
    """Count by mandate the collections that came back since it was last confirmed; one without any is missing."""
    return dict(sql.rows(statements.RETURNS, {"town": active_town_id(), "mandates": list(mandate_ids)}))


def _mandate(row: dict[str, Any]) -> MandateView:
    former = Amendment(
        former_reference=row["former_reference"] or "",
        former_creditor_id=row["former_creditor_id"] or "",
        is_new_account=row["is_new_account"] or False,
    )
    account = Account(row["iban"], row["bic"])
    rest = {name: row[name] for name in _AS_READ}
    return MandateView(**rest, account=account, amendment=former)


_AS_READ = (
    "id",
    "payer_id",
    "reference",
    "state",
    "signed_on",
    "confirmed_at",
    "holder_name",
    "holder_tax_code",
    "town",
    "country",
    "is_carried",
    "used_on",
    "last_used",
    "is_silent",
)
