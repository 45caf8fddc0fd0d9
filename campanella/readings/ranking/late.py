"""Applications that came once the final list was published: they stand behind it, and are offered what it leaves free."""

from collections.abc import Sequence
from dataclasses import dataclass

from campanella.domains.applying import queries as applying
from campanella.domains.applying.queries import Application, EnrolmentCall
from campanella.domains.applying.rules import OPEN
from campanella.domains.ranking import queries
from campanella.domains.ranking.queries import RankPublication
from campanella.domains.ranking.rules.late import behind
from campanella.domains.ranking.rules.order import Ranked
from campanella.domains.ranking.rules.scheme import Scheme
from campanella.readings.ranking.applicants import Known, gathered


@dataclass(frozen=True, slots=True)
class Late:
    """
    A late application in its line.

    :ivar row: its group and position, the first behind the list is 1
    :ivar same_as: the number of another application for the same child, which goes before; empty where there is none
    """

    known: Known
    row: Ranked
    same_as: str

    @property
    def application(self) -> Application:
        """What was sent."""
        return self.known.application


def late(*, call: EnrolmentCall, scheme: Scheme, final: RankPublication) -> list[Late]:
    """Return the late applications of a call that are not decided, group by group in their order: a dozen queries."""
    listed = queries.listed(list_id=final.ranking_id)
    rows = [one for one in applying.sent(call_id=call.pk, states=OPEN) if one.pk not in listed]
    if not rows:
        return []
    known = gathered(rows=rows, call=call, scheme=scheme)
    by_number = {one.applicant.number: one for one in known}
    standing = [one for one in applying.sent(call_id=call.pk, states=(*OPEN, "accepted")) if one not in rows]
    first = _codes(standing)
    for one in known:
        first.setdefault(one.tax_code or one.application.number, one.application.number)
    ranked = behind(scheme=scheme, applicants=[one.applicant for one in known], seed=final.ranking.seed)
    return [Late(by_number[row.number], row, _other(by_number[row.number], first)) for row in ranked]


@dataclass(frozen=True, slots=True)
class InLine:
    """An application in the order in which places are offered, with the structures that it wants."""

    application_id: int
    group: str
    wanted: tuple[int, ...]


def line_of(*, call: EnrolmentCall, scheme: Scheme, final: RankPublication) -> list[InLine]:
    """
    Return in which order places are offered: the final list, then who has come after it; a child stands there once.

    A query, and a dozen where somebody has come late.
    """
    listed = queries.lines(list_id=final.ranking_id)
    order = [InLine(one.application_id, one.group, tuple(one.facts["wanted"])) for one in listed]
    return order + [
        InLine(one.application.pk, one.row.group, one.known.applicant.schools)
        for one in late(call=call, scheme=scheme, final=final)
        if not one.same_as
    ]


def _codes(rows: Sequence[Application]) -> dict[str, str]:
    """Return by tax code, of child or as it was written, the number of the application that stands: one query."""
    said = applying.data_sent(applications=[one for one in rows if one.child is None])
    codes = [one.child.tax_code if one.child else str(said[one.pk].get("child", {}).get("tax_code", "")) for one in rows]
    return {code.upper(): one.number for code, one in zip(codes, rows, strict=True) if code}


def _other(one: Known, first: dict[str, str]) -> str:
    number = first[one.tax_code or one.application.number]
    return "" if number == one.application.number else number
