"""What a certificate may be, and when a diet asks for a new one; how long an ISEE lasts; who is enrolled."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from campanella.foundation.core.handed import kind_of

# So long before its certificate ends the office is told of a diet: a visit to the doctor takes weeks.
AHEAD = timedelta(days=45)

Expiry = Literal["", "soon", "over"]

IseeKind = Literal["ordinary", "minors", "current"]
IseeState = Literal["declared", "checked", "refused"]
ISEE_KINDS: dict[IseeKind, str] = {
    "ordinary": "ordinario",
    "minors": "per prestazioni a minorenni",
    "current": "corrente",
}
ISEE_STATES: dict[IseeState, str] = {"checked": "controllato", "refused": "rifiutato"}
MONTHS_OF_A_CURRENT_ISEE = 6

Standing = Literal["counts", "waiting", "refused", "omissions", "over"]
Verdict = Literal["same", "other", "omissions", "none", "silent", "refused"]
# What INPS has said of what a family declared: it holds, or somebody looks.
CONCLUSIVE: tuple[Verdict, ...] = ("same", "other", "omissions")


@dataclass(frozen=True, slots=True)
class EnrolmentAsked:
    """
    Days on which whoever uses a service needs an accepted application, and who has one then.

    :ivar end: first day after
    :ivar children: of whom it is asked, and in which days, each with the first day after; None for everybody always
    :ivar spells: by child, from when until the first day after
    """

    service_id: int
    first: date
    end: date
    children: Mapping[int, Sequence[tuple[date, date]]] | None
    spells: Mapping[int, Sequence[tuple[date, date]]]

    def lacks(self, *, child_id: int, day: date) -> bool:
        """Tell whether a child is not enrolled on a day, and should be."""
        is_asked = self.first <= day < self.end and (self.children is None or _has(self.children, child_id, day))
        return is_asked and not _has(self.spells, child_id, day)

    def edges(self, *, child_id: int) -> Iterator[date]:
        """Yield the days on which a child may become enrolled, or be so no more."""
        yield from (self.first, self.end)
        for first, end in (*self.spells.get(child_id, ()), *(self.children or {}).get(child_id, ())):
            yield from (first, end)


def _has(stays: Mapping[int, Sequence[tuple[date, date]]], child_id: int, day: date) -> bool:
    return any(first <= day < end for first, end in stays.get(child_id, ()))


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


def isee_valid_until(*, kind: IseeKind, issued_on: date) -> date:
    """
    Return the last day of an ISEE: the 31st of December of its year, of a current one six months.

    Source: D.P.C.M. 159/2013, art. 9 and 10; D.Lgs. 147/2017, art. 10.
    """
    if kind != "current":
        return date(issued_on.year, 12, 31)
    months = issued_on.month - 1 + MONTHS_OF_A_CURRENT_ISEE
    year, month = issued_on.year + months // 12, months % 12 + 1
    return date(year, month, min(issued_on.day, _last_of(year, month)))


def _last_of(year: int, month: int) -> int:
    return (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day


def verdict(
    *, said_cents: int, said_on: date, said_omissions: bool, found_cents: int, found_on: date | None, found_omissions: bool
) -> Verdict:
    """
    Compare what a family has declared with what INPS has: omissions that were not told come before the amount.

    :param found_on: the day of the attestation there, None where the answer does not say it
    """
    if found_omissions and not said_omissions:
        return "omissions"
    is_same = said_cents == found_cents and said_omissions == found_omissions and found_on in (None, said_on)
    return "same" if is_same else "other"


def standing(*, state: IseeState, has_omissions: bool, counts_omissions: bool, is_over: bool) -> Standing:
    """
    Say in one word how a declaration stands, for the family: what somebody has decided, then what keeps it from counting.

    :param counts_omissions: the town takes an attestation with omissions or discrepancies
    """
    if state == "refused":
        return "refused"
    if is_over:
        return "over"
    if has_omissions and not counts_omissions:
        return "omissions"
    return "counts" if state == "checked" else "waiting"
