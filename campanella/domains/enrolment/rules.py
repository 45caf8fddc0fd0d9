"""What a certificate may be, and when a diet asks for a new one."""

from datetime import date, timedelta
from typing import Literal

from campanella.foundation.core.handed import kind_of

# So long before its certificate ends the office is told of a diet: a visit to the doctor takes weeks.
AHEAD = timedelta(days=45)

Expiry = Literal["", "soon", "over"]


def certificate_kind(content: bytes) -> str | None:
    """Tell what a certificate is by what is inside it, None when it is too large or none that is taken."""
    return kind_of(content)


def expiry(*, expires_on: date | None, today: date) -> Expiry:
    """
    Tell whether the certificate of a diet is over, soon over, or neither. The diet is served all the same.

    :param expires_on: its last day, None when it lasts for good
    """
    if expires_on is None or expires_on > today + AHEAD:
        return ""
    return "over" if expires_on < today else "soon"
