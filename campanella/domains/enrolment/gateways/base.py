"""Where an ISEE can be looked up: what is asked, what is found, and what may go wrong."""

from dataclasses import dataclass
from datetime import date

from campanella.domains.enrolment.rules import IseeKind


@dataclass(frozen=True, slots=True, kw_only=True)
class IseeAsked:
    """
    A question about one person's ISEE, with all that the law wants to know of who asks.

    :ivar valid_on: the day on which it must hold
    :ivar benefit: the code of the service in the table of INPS
    :ivar protocol: of the request, chosen by us before it leaves
    """

    tax_code: str
    kind: IseeKind
    valid_on: date
    benefit: str
    protocol: str
    body: str
    office: str
    operator: str


@dataclass(frozen=True, slots=True)
class IseeFound:
    """
    What is on record there; ``issued_on`` and ``dsu`` where the answer says them.

    :ivar dsu: the number of the declaration at INPS
    """

    cents: int
    issued_on: date | None
    dsu: str
    has_omissions: bool


class LookupUnavailable(Exception):
    """No answer, or none that makes sense: asking again later may help."""


class LookupRefused(Exception):
    """It was understood and refused: asking again the same way will not help."""
