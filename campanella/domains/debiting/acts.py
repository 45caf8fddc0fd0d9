"""What every step of a mandate has in common: it is held, written down as an act that stays, and told."""

from dataclasses import dataclass
from datetime import date, datetime

from campanella.domains.debiting.events import MandateChanged
from campanella.domains.debiting.models import Mandate, MandateAct
from campanella.domains.debiting.rules.accounts import Account
from campanella.foundation.core import audit
from campanella.foundation.core.audit import Actor
from campanella.foundation.core.errors import NotFound, Refusal
from campanella.foundation.core.events import publish
from campanella.foundation.core.scope import operation

audit.sentences(
    {
        "mandate.signed": "ha autorizzato l’addebito diretto {reference}, conto {account}",
        "mandate.amended": "ha cambiato il conto dell’addebito diretto {reference}: {account}",
        "mandate.suspended": "ha sospeso l’addebito diretto {reference}",
        "mandate.resumed": "ha ripreso l’addebito diretto {reference}",
        "mandate.revoked": "ha revocato l’addebito diretto {reference}",
        "mandate.ended": "ha chiuso l’addebito diretto {reference}",
        "mandate.lapsed": "è scaduto l’addebito diretto {reference}",
    }
)

LIVING = ("active", "suspended")
# How a mandate was signed that another bank, software or creditor had before.
TAKEN_OVER = "taken over"


class NotInForce(Refusal):
    """The mandate is revoked, over or lapsed."""

    message = "Questa autorizzazione non è più valida: se vuoi l’addebito diretto, firmane una nuova."


@dataclass(frozen=True, slots=True)
class Signature:
    """
    How a mandate was signed.

    :ivar on: the day on it
    :ivar how: ``portal``, ``paper`` or ``TAKEN_OVER``
    :ivar text: digest of the text that was signed, empty for paper
    :ivar kept_at: where the paper is kept
    """

    on: date
    how: str
    text: str = ""
    kept_at: str = ""


@operation
def hold(*, mandate_id: int) -> Mandate:
    """
    Lock a mandate until the end of the transaction.

    :raises NotFound: the town has no such mandate
    """
    held = Mandate.objects.select_for_update(no_key=True, of=("self",)).filter(pk=mandate_id).first()
    if held is None:
        raise NotFound
    return held


def act(*, by: Actor, mandate: Mandate, action: str, now: datetime, signature: Signature | None = None) -> None:
    """Write an act down and tell it; its mandate is held and stands as it is now."""
    act = written(by=by, mandate=mandate, action=action, now=now)
    if signature:
        act.evidence = {"how": signature.how, "text": signature.text, "kept_at": signature.kept_at}
    act.save()
    audit.record(
        by=by,
        action=action,
        at=now,
        subjects=subjects_of(mandate),
        data={"reference": mandate.reference, "account": str(Account(mandate.iban))},
    )
    publish(MandateChanged(mandate_id=mandate.pk, act_id=act.pk))


def written(*, by: Actor, mandate: Mandate, action: str, now: datetime, why: str = "") -> MandateAct:
    """Return an act of a mandate, with the terms it has now."""
    terms = {name: getattr(mandate, name) for name in ("holder_name", "iban", "bic", "town", "country")}
    who = {"by_id": by.actor_id, "by_label": by.actor_label}
    return MandateAct(mandate=mandate, kind=kind_of(action), at=now, why=why, **who, **terms)


def kind_of(action: str) -> str:
    """Return the kind of the act that has this sentence."""
    return action.removeprefix("mandate.")


def subjects_of(mandate: Mandate) -> tuple[str, str]:
    """Return what an act on a mandate concerns."""
    return f"guardian:{mandate.payer_id}", f"mandate:{mandate.pk}"
