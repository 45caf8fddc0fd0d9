"""What may be asked for and what may be decided: the same questions under the wallets' lock, asked and once more done."""

from campanella.domains.accounts.models import User
from campanella.domains.adjusting import rules
from campanella.domains.adjusting.choices import AdjustChoices
from campanella.domains.adjusting.rules import Kind
from campanella.domains.billing.rules import refund_due
from campanella.domains.ledger import queries as wallets
from campanella.domains.ledger.queries import WalletView
from campanella.domains.people import queries as people
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.money import Euro
from campanella.foundation.tenants.queries import active_town


class ReasonMissing(Refusal):
    """Money moves by hand only with a reason."""

    message = "Scrivi il motivo: resta nel registro e la famiglia lo legge tra i movimenti."


class ActMissing(Refusal):
    """A debt is written off by an act of the town."""

    message = "Scrivi il numero dell’atto che cancella il debito, per esempio della determina."


class NotEnoughCredit(Refusal):
    """More would leave a wallet than it holds."""


class TooMuchWrittenOff(Refusal):
    """The debt is too large to be written off here, or smaller than what is asked for."""


class TooLittle(Refusal):
    """The town gives back nothing so small."""


class OwnFamily(Refusal):
    """Whoever decides is an adult of that child."""

    message = "È un bambino della tua famiglia: su questo decide un collega."


def check_amount(*, kind: Kind, wallet_id: int, amount: Euro) -> WalletView:
    """
    Make sure that a wallet is as a proposal needs it; read under its lock.

    :raises NotEnoughCredit: a refund or a passage would leave a debt behind
    :raises TooLittle: a refund below what the town gives back
    :raises TooMuchWrittenOff: no debt of that size, or too large a one
    """
    wallet, choices = wallets.wallet(wallet_id=wallet_id), active_town().chosen(AdjustChoices)
    if kind in ("refund", "passage") and wallet.balance < abs(amount):
        raise NotEnoughCredit(f"In questo borsellino ci sono {wallet.balance}: può uscirne al massimo quello.")
    if kind == "refund" and not (amount.cents and refund_due(cents=abs(amount.cents), least=choices.refund_least)):
        least = Euro(max(1, choices.refund_least))
        raise TooLittle(f"Il Comune rimborsa da {least} in su: meno di così si sposta o rimane.")
    if kind == "write_off" and not rules.may_write_off(
        cents=amount.cents, balance=wallet.balance.cents, most=choices.write_off_most
    ):
        most = Euro(max(0, min(choices.write_off_most, -wallet.balance.cents)))
        raise TooMuchWrittenOff(f"Di questo borsellino si possono cancellare al massimo {most}.")
    return wallet


def is_of_own_family(*, by: Actor, child_ids: list[int]) -> bool:
    """Tell whether somebody is an adult of one of these children, by this access or by one of the same e-mail address."""
    if not isinstance(by, User):
        return False
    ties = [tie for found in people.guardians_by_child(child_ids=child_ids).values() for tie in found]
    own = by.email.strip().lower()
    return any(tie.guardian.user_id == by.pk or (own and tie.guardian.email.strip().lower() == own) for tie in ties)
