"""The cash points as the office sees them: what is open now, how each day was counted, what was taken for whom."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from campanella.domains.cash import queries, rules, settled
from campanella.domains.cash.queries import CashPoint, CashSession, Taken, TopUpView
from campanella.domains.cash.settled import CloseView
from campanella.domains.ledger import queries as wallets
from campanella.domains.people import queries as people
from campanella.foundation.core.italian import moment_figures
from campanella.foundation.core.money import Euro
from campanella.foundation.documents.sheets import Cell

TAKEN_HEAD = (
    "Punto",
    "Ricevuta",
    "Quando",
    "Importo",
    "Come",
    "Bambino",
    "Servizio",
    "Codice",
    "Chi ha incassato",
    "Annullata",
    "Motivo",
)
DAYS_HEAD = (
    "Giorno",
    "Punto",
    "Contanti",
    "Contanti contati",
    "Differenza contanti",
    "Carte",
    "Scontrino POS",
    "Differenza carte",
    "Chi ha chiuso",
    "Nota",
)


@dataclass(frozen=True, slots=True)
class PointLine:
    """
    A cash point of the list.

    :ivar session: its till that is open, with what is in it
    :ivar due: what closed days have brought in that no settlement has yet
    """

    point: CashPoint
    people: list[str]
    session: CashSession | None
    taken: Taken | None
    due: Euro


@dataclass(frozen=True, slots=True)
class ForWhom:
    """A top-up with the child and the service it is for."""

    top_up: TopUpView
    child_id: int
    child_name: str
    service_name: str
    code: str


def point_lines(*, today: date) -> list[PointLine]:
    """Return the cash points of the town: two queries, and three for each point."""
    operators = queries.operators()
    lines = []
    for point in queries.points():
        session = queries.open_session(point_id=point.pk)
        closes = settled.unsettled(point_id=point.pk, last=today)
        lines.append(
            PointLine(
                point=point,
                people=[one.user.display_name for one in operators.get(point.pk, [])],
                session=session,
                taken=queries.taken(session_id=session.pk) if session else None,
                due=Euro(sum(close.cash.cents + close.card.cents for close in closes)),
            )
        )
    return lines


def for_whom(*, top_ups: Sequence[TopUpView]) -> list[ForWhom]:
    """Say for whom money was taken: three queries."""
    found = {one.id: one for one in wallets.wallets_by_id(wallet_ids=sorted({one.wallet_id for one in top_ups}))}
    names = people.full_names(child_ids=sorted({wallet.child_id for wallet in found.values()}))
    codes = queries.codes(wallet_ids=list(found))
    return [
        ForWhom(
            top_up=one,
            child_id=found[one.wallet_id].child_id,
            child_name=names[found[one.wallet_id].child_id],
            service_name=found[one.wallet_id].service_name,
            code=rules.in_groups(codes.get(one.wallet_id, "")),
        )
        for one in top_ups
    ]


def taken_cells(*, first: date, last: date) -> Iterator[list[Cell]]:
    """Write what was taken in these days as rows under ``TAKEN_HEAD``, those undone too."""
    for line in for_whom(top_ups=queries.taken_between(first=first, last=last)):
        one = line.top_up
        yield [
            one.point_name,
            one.receipt,
            moment_figures(one.taken_at),
            one.amount,
            one.means_words,
            line.child_name,
            line.service_name,
            line.code,
            one.by_label,
            moment_figures(one.voided_at) if one.voided_at else "",
            one.void_why,
        ]


def day_cells(closes: Sequence[CloseView]) -> Iterator[list[Cell]]:
    """Write counted days as rows under ``DAYS_HEAD``."""
    for one in closes:
        off = one.card_off if one.slip is not None else None
        yield [
            one.day,
            one.point_name,
            one.cash,
            one.counted,
            one.cash_off,
            one.card,
            one.slip,
            off,
            one.by_label,
            one.note,
        ]
