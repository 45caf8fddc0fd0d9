"""The letter about a certificate that ends; it never says of which diet."""

from datetime import date, datetime

from campanella.domains.people.models import Child, Guardian
from campanella.usecases.messages.queuing import LAST, queue


def certificate_ends(*, guardian: Guardian, child: Child, last: date, is_over: bool, now: datetime) -> None:
    """Ask an adult for a child's new certificate: once ahead, and once more when the old one is over."""
    queue(
        template="certificate_ends",
        key=f"certificate_ends:{child.pk}:{last:%y%m%d}:{'over' if is_over else 'soon'}",
        urgency=LAST,
        guardian=guardian,
        child=child,
        subject="Un certificato da rinnovare",
        now=now,
        values={"last": last, "is_over": is_over},
    )
