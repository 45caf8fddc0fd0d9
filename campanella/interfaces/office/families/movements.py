"""The movements of a child, wallet by wallet: a filter by days and wallet, and the same as a sheet."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from campanella.domains.accounts.roles import Role
from campanella.domains.ledger import queries as ledger
from campanella.domains.ledger.queries import WalletView
from campanella.domains.people import queries as people
from campanella.domains.schools import queries as schools
from campanella.foundation.core import clock
from campanella.foundation.documents.downloads import as_download, as_paper
from campanella.foundation.documents.sheets import CSV, Cell, csv_sheet
from campanella.interfaces.doors import PersonRequest, number, staff
from campanella.interfaces.office.families.views import SECTION
from campanella.readings import statements
from campanella.readings.office.movements import Book, Span, books
from campanella.usecases import adjust

A_PAGE = 50
# Of each wallet, while several are looked at together.
TOGETHER = 15
# Every day of many school years.
MOST_ROWS = 100_000
HEAD = ("Borsellino", "Registrato il", "Del giorno", "Che cosa", "Perché", "Importo", "Credito")


@dataclass(frozen=True)
class Asked:
    """
    Which movements are looked at.

    :ivar wallets: all of the child's, or the one that was chosen
    :ivar wallet_id: the chosen one; None for all
    """

    wallets: list[WalletView]
    wallet_id: int | None
    span: Span

    @property
    def query(self) -> str:
        """The filter as an address carries it."""
        query = QueryDict(mutable=True)
        query["dal"], query["al"] = (day.isoformat() if day else "" for day in (self.span.first, self.span.last))
        if self.wallet_id:
            query["borsellino"] = str(self.wallet_id)
        return query.urlencode()


@staff(Role.OFFICE)
@require_safe
def movements(request: PersonRequest, child_id: int) -> HttpResponse:
    """Show the movements of each wallet, the last ones first; of one wallet all of them, fifty a page."""
    child = people.child(child_id=child_id)
    held = ledger.wallets_of(child_ids=[child_id])
    asked = _asked(request.GET, held)
    is_alone = len(asked.wallets) == 1
    before = number(request.GET.get("prima", "")) if is_alone else None
    year = schools.year_of(day=clock.today())
    page = {
        "child": child,
        "held": held,
        "asked": asked,
        "books": books(wallets=asked.wallets, span=asked.span, most=A_PAGE if is_alone else TOGETHER, before=before),
        "is_alone": is_alone,
        "is_first": before is None,
        "last_year": clock.today().year - 1,
        "year": (year.days.lower, year.days.upper - timedelta(days=1)) if year else None,
    }
    return render(request, "office/families/movements.html", {**SECTION, **page})


@staff(Role.OFFICE)
@require_safe
def as_csv(request: PersonRequest, child_id: int) -> HttpResponse:
    """Give the same movements whole, with opening and closing of each wallet."""
    child = people.child(child_id=child_id)
    asked = _asked(request.GET, ledger.wallets_of(child_ids=[child.pk]))
    found = books(wallets=asked.wallets, span=asked.span, most=MOST_ROWS)
    rows = [row for book in found for row in _rows(book)]
    return as_download(content=csv_sheet(head=HEAD, rows=rows), name="movimenti.csv", content_type=CSV)


@staff(Role.OFFICE)
@require_safe
def statement(request: PersonRequest, child_id: int) -> HttpResponse:
    """
    Give a statement to hand to the payer, as PDF: of the wallets and days that are looked at, or of all of its children.

    Without days it is of this calendar year.
    """
    child = people.child(child_id=child_id)
    is_family = request.GET.get("figli") == "tutti"
    held = adjust.wallets_of_family(child_id=child.pk) if is_family else ledger.wallets_of(child_ids=[child.pk])
    asked = _asked(request.GET, held)
    today = clock.today()
    names = people.full_names(child_ids=[wallet.child_id for wallet in asked.wallets])
    found = statements.statements(
        wallets=[(wallet, names[wallet.child_id]) for wallet in asked.wallets],
        first=asked.span.first or date(today.year, 1, 1),
        last=asked.span.last or today,
    )
    payer = people.payer_of(child_id=child.pk)
    paper = statements.statement_pdf(found, payer_name=payer.full_name if payer else "", made_at=clock.now())
    return as_paper(paper, filename=f"estratto-conto-{found.first}-{found.last}.pdf")


def _rows(book: Book) -> list[list[Cell]]:
    if book.account is None:
        return []
    name = book.wallet.service_name
    lines: list[list[Cell]] = [
        [name, one.line.booked_on, one.line.day, one.title, one.why, one.line.amount, one.line.balance_after]
        for one in book.told
    ]
    closing: list[Cell] = [name, None, None, "Credito alla fine", None, None, book.account.closing]
    return [closing, *lines, [name, None, None, "Credito all’inizio", None, None, book.account.opening]]


def _asked(query: QueryDict, held: list[WalletView]) -> Asked:
    """Read the filter; a wallet that is not the child's is none, and days that are upside down are turned."""
    wallet_id = number(query.get("borsellino", ""))
    chosen = [wallet for wallet in held if wallet.id == wallet_id]
    first, last = _day(query, "dal"), _day(query, "al")
    if first and last and first > last:
        first, last = last, first
    return Asked(chosen or held, chosen[0].id if chosen else None, Span(first, last))


def _day(query: QueryDict, name: str) -> date | None:
    return clock.read_day(query.get(name, ""))
