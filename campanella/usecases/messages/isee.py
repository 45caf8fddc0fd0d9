"""The letters about an ISEE; none of them says how much it is."""

from datetime import date, datetime

from campanella.domains.enrolment.choices import IseeChoices
from campanella.domains.enrolment.declared import Declaration
from campanella.domains.people.models import Guardian
from campanella.foundation.tenants.queries import active_town
from campanella.usecases.links import portal_link
from campanella.usecases.messages.queuing import LAST, queue


def refused(*, guardian: Guardian, declaration: Declaration, reason: str, now: datetime) -> None:
    """Tell a payer that the office has not accepted an ISEE, why, and what to do."""
    queue(
        template="isee_refused",
        key=f"isee_refused:{declaration.id}:{len(declaration.decisions)}",
        guardian=guardian,
        subject="Il tuo ISEE non è stato accettato",
        now=now,
        values={"issued_on": declaration.issued_on, "reason": reason, **_where()},
    )


def ends(*, guardian: Guardian, declaration: Declaration, now: datetime) -> None:
    """Remind a payer that an ISEE ends soon, once."""
    queue(
        template="isee_ends",
        key=f"isee_ends:{declaration.id}",
        urgency=LAST,
        guardian=guardian,
        subject="Un ISEE che sta per scadere",
        now=now,
        values={"last": declaration.valid_until, **_where()},
    )


def deadline(*, guardian: Guardian, by: date, begins: date, now: datetime) -> None:
    """Tell a payer of whom no ISEE counts by when one is to be declared, once for each such day."""
    queue(
        template="isee_deadline",
        key=f"isee_deadline:{guardian.pk}:{by:%Y%m%d}",
        urgency=LAST,
        guardian=guardian,
        subject="Un termine per l’ISEE",
        now=now,
        values={"by": by, "begins": begins, **_where()},
    )


def _where() -> dict[str, object]:
    """Say where an ISEE is declared: on the page the link leads to, or at the office, and the page tells the prices."""
    return {"is_online": active_town().chosen(IseeChoices).isee_is_declared_online, "link": portal_link("portal:isee")}
