"""
Statements (estratto conto) for any days: opening, every movement in words, sums by kind, closing; of one wallet or of all
that a payer's children have. As data for pages, as rows for a sheet, as a paper.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from campanella.domains.ledger import periods
from campanella.domains.ledger.queries import WalletView
from campanella.foundation.core.italian import day_figures, day_full
from campanella.foundation.core.money import Euro
from campanella.foundation.documents.sheets import Cell
from campanella.foundation.documents.tables import Section, sections_pdf
from campanella.foundation.tenants.queries import active_town
from campanella.readings.movements import Told, told
from campanella.readings.wallet_sums import account_of_lines

HEAD = ("Bambino", "Borsellino", "Registrato il", "Del giorno", "Che cosa", "Perché", "Importo", "Credito")
COLUMNS = ("Registrato il", "Che cosa", "Importo", "Credito")
WIDTHS = (0, 1, 0, 0)
AT_FIRST, AT_LAST = "Credito all’inizio", "Credito alla fine"


@dataclass(frozen=True)
class Statement:
    """
    One wallet between two days: the opening and all the lines make the closing, and so do the opening and the sums.

    :ivar whose: the child's name, as whoever reads it may see it
    :ivar told: oldest first
    :ivar sums: what moved by kind, in words
    """

    wallet: WalletView
    whose: str
    opening: Euro
    told: tuple[Told, ...]
    sums: tuple[tuple[str, Euro], ...]
    closing: Euro

    @property
    def label(self) -> str:
        """Whose and for what: "Anna · Refezione"."""
        return f"{self.whose} · {self.wallet.service_name}"


@dataclass(frozen=True)
class Together:
    """Statements of the same days, and what they make together."""

    first: date
    last: date
    statements: tuple[Statement, ...]

    @property
    def opening(self) -> Euro:
        """What all wallets held on the morning of the first day."""
        return sum((one.opening for one in self.statements), Euro(0))

    @property
    def closing(self) -> Euro:
        """What all wallets held on the evening of the last day."""
        return sum((one.closing for one in self.statements), Euro(0))

    @property
    def sums(self) -> list[tuple[str, Euro]]:
        """What moved by kind, of all wallets."""
        found: dict[str, Euro] = {}
        for one in self.statements:
            for name, amount in one.sums:
                found[name] = found.get(name, Euro(0)) + amount
        return list(found.items())


def statements(*, wallets: Sequence[tuple[WalletView, str]], first: date, last: date) -> Together:
    """
    State these wallets between two days, both included: one query, and at most ten for the words of all.

    :param wallets: each with the name of whose it is, in the order in which they are shown
    """
    found = {one.wallet_id: one for one in periods.periods_of(wallet_ids=[w.id for w, _ in wallets], first=first, last=last)}
    words: dict[int, Told] = {}
    for is_shared in (False, True):
        mine = [wallet.id for wallet, _ in wallets if (wallet.service_id is None) == is_shared]
        lines = [line for wallet_id in mine for line in found[wallet_id].lines]
        # A passage moves two wallets by one entry: what is told of it differs by its sign.
        words |= {id(one.line): one for one in told(lines=lines, is_shared=is_shared)}
    return Together(first, last, tuple(_statement(wallet, whose, found[wallet.id], words) for wallet, whose in wallets))


def _statement(wallet: WalletView, whose: str, period: periods.Period, words: dict[int, Told]) -> Statement:
    account = account_of_lines(period.lines[::-1])
    return Statement(
        wallet=wallet,
        whose=whose,
        opening=period.opening,
        told=tuple(words[id(line)] for line in period.lines),
        sums=account.lines if account else (),
        closing=period.closing,
    )


def rows_of(together: Together) -> Iterator[list[Cell]]:
    """Write statements as rows of a sheet under ``HEAD``, each wallet between its opening and its closing."""
    for one in together.statements:
        of = [one.whose, one.wallet.service_name]
        yield [*of, together.first, None, AT_FIRST, None, None, one.opening]
        for item in one.told:
            line = item.line
            yield [*of, line.booked_on, line.day, item.title, item.why, line.amount, line.balance_after]
        yield [*of, together.last, None, AT_LAST, None, None, one.closing]


def statement_pdf(together: Together, *, payer_name: str, made_at: datetime, note: str = "") -> bytes:
    """
    Print statements as one tagged PDF: a table for each wallet, and what they make together.

    :param note: what more is said above them, such as how a plan by instalments stands
    """
    lines = [f"Intestatario: {payer_name}"] if payer_name else []
    if len(together.statements) > 1:
        lines.append(f"In tutto: {together.opening} all’inizio, {together.closing} alla fine.")
    if note:
        lines.append(note)
    return sections_pdf(
        town_name=active_town().name,
        title="Estratto conto",
        about=f"Dal {day_full(together.first)} al {day_full(together.last)}, compresi.",
        lines=lines,
        sections=[_section(one, together) for one in together.statements],
        made_at=made_at,
    )


def _section(one: Statement, together: Together) -> Section:
    sums = "; ".join(f"{name} {amount.italian(signed=True)}" for name, amount in one.sums)
    opening = [day_figures(together.first), AT_FIRST, "", str(one.opening)]
    closing = [day_figures(together.last), AT_LAST, "", str(one.closing)]
    return Section(
        heading=one.label,
        about=sums or "Nessun movimento in questi giorni.",
        columns=COLUMNS,
        widths=WIDTHS,
        rows=[opening, *map(_printed, one.told), closing],
    )


def _printed(item: Told) -> list[str]:
    line = item.line
    return [day_figures(line.booked_on), _said(item), line.amount.italian(signed=True), str(line.balance_after)]


def _said(item: Told) -> str:
    return f"{item.title}: {item.why}" if item.why else item.title
