"""
An auditor who shares nothing with the product.

Reads the tables with SQL of its own and reckons everything anew, in ``Decimal``: what each day costs, what each wallet holds
(from receipts, acts and days, not from the entries), what each day of the calendar was, how each movement leaves the credit.
Then it asks the product the same and names every difference. Runs after every story and on the towns of the demo.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from io import StringIO
from typing import Any

from django.db import connection

from campanella.domains.accounts.models import User
from campanella.domains.ledger import queries as wallets
from campanella.foundation.core import clock
from campanella.foundation.tenants.queries import Town
from campanella.readings.family.month import family_month
from tests.browsing import Browser, browser

ALL = "Tutti i servizi"
MONTHS = 4


def differences(town: Town, *, months: int = MONTHS) -> list[str]:
    """
    Return where the product and the auditor do not agree on the active town, in words.

    :param months: how many are looked at day by day, this one and those before it
    """
    book = Book.read(town)
    return [*book.days(), *book.balances(), *book.movements(), *book.calendars(months), *book.sheets(months)]


def months_with_marks() -> int:
    """Return how many months back the oldest mark lies, this one counted."""
    ((oldest,),) = _asked("select min(day) from attendance_presence")
    today = clock.today()
    return 1 + (max(0, 12 * (today.year - oldest.year) + today.month - oldest.month) if oldest else 0)


def _asked(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def _cents(text: str) -> int:
    """Read "−1.234,50 €"."""
    sign = -1 if text[:1] in "-−" else 1
    return sign * int("".join(letter for letter in text if letter.isdigit()) or "0")


@dataclass(frozen=True)
class Line:
    """What one entry did to one wallet."""

    entry_id: int
    kind: str
    source: str
    cents: int


@dataclass(frozen=True)
class Book:
    """A town's raw rows."""

    town: Town
    wallet_of: dict[tuple[int, int | None], int]
    stored: dict[int, int]
    due: dict[int, int]
    paid_by: dict[int, int | None]
    lines: dict[int, list[Line]]

    @classmethod
    def read(cls, town: Town) -> "Book":
        """Read the tables."""
        rows = _asked("select id, child_id, service_id, account_id, balance_cents from ledger_wallet")
        accounts = {account: wallet for wallet, _, _, account, _ in rows}
        wallet_of = {(child, service): wallet for wallet, child, service, _, _ in rows}
        lines: dict[int, list[Line]] = {wallet: [] for wallet in accounts.values()}
        moved = _asked(
            "select e.id, e.kind, e.source, t.debit_id, t.credit_id, t.cents from ledger_transfer t"
            " join ledger_entry e on e.id = t.entry_id order by e.id, t.id"
        )
        for entry, kind, source, debit, credit, cents in moved:
            for account, sign in ((debit, -1), (credit, 1)):
                if account in accounts:
                    lines[accounts[account]].append(Line(entry, kind, source, sign * cents))
        due, paid_by = _prices(wallet_of)
        return cls(town, wallet_of, {row[0]: row[4] for row in rows}, due, paid_by, lines)

    def days(self) -> Iterator[str]:
        """Compare what each day was charged."""
        charged: dict[int, int] = defaultdict(int)
        for wallet, lines in self.lines.items():
            for line in lines:
                if line.kind == "charge":
                    presence = int(line.source.split(":")[1])
                    charged[presence] -= line.cents
                    if self.paid_by.get(presence) != wallet:
                        yield f"presence {presence}: charged to wallet {wallet}, {self.paid_by.get(presence)} pays it"
        for presence in sorted({*charged, *self.due}):
            if charged.get(presence, 0) != self.due.get(presence, 0):
                yield f"presence {presence}: charged {charged.get(presence, 0)}, due {self.due.get(presence, 0)}"

    def balances(self) -> Iterator[str]:
        """Compare what each wallet holds."""
        expected: dict[int, int] = defaultdict(int)
        for presence, cents in self.due.items():
            wallet = self.paid_by[presence]
            if wallet is not None:
                expected[wallet] -= cents
        for wallet, lines in self.lines.items():
            expected[wallet] += sum(line.cents for line in lines if line.kind == "opening")
        for wallet, cents in [
            *self._received(),
            *self._by_hand(),
            *self._by_bank(),
            *self._fees(),
            *self._stamps(),
            *self._reminders(),
            *self._at_counters(),
        ]:
            expected[wallet] += cents
        told = {line.wallet_id: line.balance.cents for line in wallets.balances()}
        for wallet, stored in self.stored.items():
            if not expected[wallet] == stored == told[wallet]:
                yield f"wallet {wallet}: stored {stored}, told {told[wallet]}, by the facts {expected[wallet]}"

    def movements(self) -> Iterator[str]:
        """Compare the movements of each wallet, and the credit after each."""
        for wallet, mine in self.lines.items():
            told = wallets.movements_of(wallet_id=wallet, limit=100_000)[::-1]
            if sorted((line.entry_id, line.amount.cents) for line in told) != [(line.entry_id, line.cents) for line in mine]:
                yield f"wallet {wallet}: {len(told)} movements told, {len(mine)} there"
            after = 0
            for line in told:
                after += line.amount.cents
                if line.balance_after.cents != after:
                    yield f"wallet {wallet}, entry {line.entry_id}: {line.balance_after.cents} told, {after} reckoned"

    def calendars(self, months: int) -> Iterator[str]:
        """Compare what each day of the last months was for each child a family can see."""
        now = clock.now()
        today, calendar = clock.day_of(now), Calendar()
        for user_id, child_id, service_id in _seen():
            user = User.objects.get(pk=user_id)
            month = today.replace(day=1)
            for _ in range(months):
                found = family_month(user=user, child_id=child_id, service_id=service_id, month=month, now=now)
                for cell in found.cells if found else ():
                    state, cents = calendar.what_was(
                        child=child_id, service=service_id, day=cell.day, today=today, due=self.due
                    )
                    if (cell.state, cell.charged.cents if cell.charged else 0) != (state, cents):
                        yield f"child {child_id}, {cell.day}: told {cell.state} {cell.charged}, was {state} {cents}"
                month = (month - timedelta(days=1)).replace(day=1)

    def sheets(self, months: int) -> Iterator[str]:
        """Compare the tables that families take away: every amount, the credit after it, and each month with the next."""
        users = {child: user for user, child, _ in _seen()}
        for (child, _), wallet in self.wallet_of.items():
            if child not in users or not self.lines[wallet]:
                continue
            phone = browser(self.town, User.objects.get(pk=users[child]))
            rows = _table(phone, wallet, "")
            after = 0
            for cents, credit in rows:
                after += cents
                if credit != after:
                    yield f"wallet {wallet}: the sheet says {credit} after {cents}, it is {after}"
            if sorted(cents for cents, _ in rows) != sorted(line.cents for line in self.lines[wallet]):
                yield f"wallet {wallet}: the sheet has other amounts than the book"
            yield from _months_of(phone, wallet, after, months)

    def _received(self) -> Iterator[tuple[int, int]]:
        """What pagoPA brought: into the wallets of the position, or where the office has placed it."""
        shares: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for request, wallet, cents in _asked("select request_id, wallet_id, cents from payments_positionshare"):
            shares[request].append((wallet, cents))
        booked = _asked(
            "select q.id, q.wallet_id, r.amount_cents, r.others_cents from payments_receipt r"
            " join payments_paymentrequest q on q.id = r.request_id where r.outcome = 'booked'"
        )
        for request, wallet, amount, others in booked:
            yield from shares.get(request) or [(wallet, min(amount, amount - others))]
        placed = _asked(
            "select receipt_id, amount_cents, others_cents from payments_receipt"
            " where outcome = 'parked' and resolved_at is not null"
        )
        where = {line.source: wallet for wallet, lines in self.lines.items() for line in lines}
        for receipt_id, amount, others in placed:
            yield where[f"receipt:{receipt_id}"], min(amount, amount - others)

    def _fees(self) -> Iterator[tuple[int, int]]:
        """What children owe whatever the days; the proof of fees reckons it again from the town's decisions."""
        for child, service, cents in _asked("select child_id, service_id, cents from billing_feedue where cents > 0"):
            yield self.wallet_of.get((child, service)) or self.wallet_of[child, None], -cents

    def _stamps(self) -> Iterator[tuple[int, int]]:
        """What invoices that count add for stamp duty: on the wallet that they bill most, the older one of two."""
        billed: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
        lines = _asked(
            "select h.invoice_id, h.wallet_id, l.cents from billing_line l join billing_share h on h.id = l.share_id"
            " join billing_run r on r.id = h.run_id where r.stamp = 'family' and r.state <> 'recalled'"
            " and l.source not like 'stamp:%%'"
        )
        for invoice, wallet, cents in lines:
            billed[invoice][wallet] += cents
        for wallets_of in billed.values():
            if Decimal(sum(wallets_of.values())) / 100 > Decimal("77.47"):
                yield min(wallets_of, key=lambda wallet: (-wallets_of[wallet], wallet)), -200

    def _reminders(self) -> Iterator[tuple[int, int]]:
        """What reminders have cost, and the interest that nobody has waived."""
        yield from _asked(
            "select d.wallet_id, -d.cents from arrears_reminderdebt d where d.kind = 'cost' or d.kind = 'interest'"
            " and not exists (select from arrears_interestwaiver w where w.reminder_id = d.reminder_id)"
        )

    def _by_bank(self) -> Iterator[tuple[int, int]]:
        """What banks have brought, and taken back."""
        came = _asked(
            "select s.wallet_id, case o.kind when 'booked' then s.cents else -s.cents end from debiting_coming o"
            " join debiting_collectionshare s on s.collection_id = o.collection_id where o.kind in ('booked', 'returned')"
        )
        yield from came

    def _at_counters(self) -> Iterator[tuple[int, int]]:
        """What counters have taken, and not given back."""
        yield from _asked(
            "select wallet_id, cents from cash_cashtopup t"
            " where not exists (select from cash_cashvoid v where v.top_up_id = t.id)"
        )

    def _by_hand(self) -> Iterator[tuple[int, int]]:
        """What the office has put right or moved, as its acts say it."""
        names = {None: ALL, **dict(_asked("select id, name from services_service"))}
        given = dict(_asked("select id, given_name from people_child"))
        acts = _asked(
            "select subjects, case action when 'refund.approved' then '−' else '' end || (data->>'amount'),"
            " data->>'service', data->>'giver', data->>'taker' from core_auditrow"
            " where action in ('wallet.adjusted', 'wallet.moved', 'wallet.given', 'wallet.written_off', 'refund.approved')"
        )
        yield from _asked(
            "select p.wallet_id, -p.cents from adjusting_refundcoming c join adjusting_refundorder o on o.id = c.order_id"
            " join adjusting_proposal p on p.id = o.proposal_id where c.kind = 'back'"
        )
        for subjects, amount, service, giver, taker in acts:
            children = [int(subject.split(":")[1]) for subject in subjects]
            mine = {
                f"{given[child]}, {names[what]}": wallet
                for (child, what), wallet in self.wallet_of.items()
                if child in children
            }
            if giver:
                yield mine[giver], -_cents(amount)
                yield mine[taker], _cents(amount)
            else:
                yield mine[f"{given[children[0]]}, {service}"], _cents(amount)


def _prices(wallet_of: dict[tuple[int, int | None], int]) -> tuple[dict[int, int], dict[int, int | None]]:
    """Return what each presence costs, and the wallet that pays it."""
    lines: dict[tuple[int, int], list[tuple[date, date | None, Decimal]]] = defaultdict(list)
    subscribed = _asked(
        "select s.child_id, s.service_id, lower(s.days), upper(s.days), b.cents, s.reduction_percent"
        " from enrolment_subscription s join services_bracket b on b.id = s.bracket_id"
    )
    for child, service, first, end, cents, percent in subscribed:
        price = (Decimal(cents) * (100 - percent) / 100).quantize(Decimal(1), rounding=ROUND_HALF_UP)
        lines[child, service].append((first, end, price))
    due: dict[int, int] = {}
    paid_by: dict[int, int | None] = {}
    marks = _asked(
        "select p.id, p.child_id, p.service_id, p.day, p.is_due and r.confirmed_at is not null"
        " from attendance_presence p join attendance_rollcall r on r.id = p.roll_call_id"
    )
    for presence, child, service, day, pays in marks:
        held = [price for first, end, price in lines[child, service] if first <= day and (end is None or day < end)]
        due[presence] = int(sum(held)) if pays else 0
        paid_by[presence] = wallet_of.get((child, service), wallet_of.get((child, None)))
    return due, paid_by


def _table(phone: Browser, wallet: int, month: str) -> list[tuple[int, int]]:
    """Return amount and credit of each row of a sheet, oldest first."""
    answer = phone.get(f"/pagamenti/movimenti/{wallet}/movimenti.csv", {"mese": month})
    rows = list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))[::-1]
    return [(_cents(row["Importo"]), _cents(row["Credito"])) for row in rows]


def _months_of(phone: Browser, wallet: int, now: int, months: int) -> Iterator[str]:
    """Compare each month's opening, movements and closing, back from today: the last closing is the credit of now."""
    month = clock.today().replace(day=1)
    for _ in range(months):
        rows = _table(phone, wallet, f"{month:%Y-%m}")
        if rows:
            (_, opening), (_, closing) = rows[0], rows[-1]
            if opening + sum(cents for cents, _ in rows) != closing or closing != now:
                yield f"wallet {wallet}, {month:%Y-%m}: {opening} and its movements do not make {closing}, or it is {now}"
            now = opening
        month = (month - timedelta(days=1)).replace(day=1)


def _seen() -> list[tuple[int, int, int]]:
    """Return who may look at which child and service: one adult a child."""
    return [
        (user, child, service)
        for user, child, service in _asked(
            "select min(g.user_id), t.child_id, s.service_id from people_guardianship t"
            " join people_guardian g on g.id = t.guardian_id join accounts_user u on u.id = g.user_id and u.is_active"
            " join enrolment_subscription s on s.child_id = t.child_id group by t.child_id, s.service_id order by 2, 3"
        )
    ]


class Calendar:
    """What the town has written down of days: marks, classes, closures, subscriptions, weekdays."""

    def __init__(self) -> None:
        self.marks = {
            (child, service, day): (presence, is_present, is_due)
            for presence, child, service, day, is_present, is_due in _asked(
                "select p.id, p.child_id, p.service_id, p.day, p.is_present, p.is_due from attendance_presence p"
                " join attendance_rollcall r on r.id = p.roll_call_id where r.confirmed_at is not null"
            )
        }
        self.places = _asked(
            "select m.child_id, m.class_group_id, g.school_id, lower(m.days), upper(m.days) from schools_membership m"
            " join schools_classgroup g on g.id = m.class_group_id"
        )
        self.closures = _asked(
            "select school_id, class_group_id, service_ids, lower(days), upper(days) from schools_closure"
            " where withdrawn_at is null"
        )
        self.lines = _asked("select child_id, service_id, lower(days), upper(days) from enrolment_subscription")
        self.rules = _asked("select service_id, school_id, mode, lower(days), upper(days) from attendance_dayrule")
        self.wishes = {
            (child, service, day): is_booked
            for child, service, day, is_booked in _asked(
                "select distinct on (child_id, service_id, day) child_id, service_id, day, is_on from attendance_dayevent e"
                " where kind = 'asked' and counts and not exists (select from attendance_dayevent u where u.kind = 'undone'"
                " and u.counts and u.request_id = e.request_id and (u.child_id, u.service_id, u.day)"
                " = (e.child_id, e.service_id, e.day)) order by child_id, service_id, day, made_at desc, request_id desc"
            )
        }
        self.seasons = _asked(
            "select service_id, school_id, lower(days), upper(days), weekdays::int from services_servicecalendar"
        )

    def what_was(self, *, child: int, service: int, day: date, today: date, due: dict[int, int]) -> tuple[str, int]:
        """Say what one day was for a child, and what it cost."""
        here = [(group, school) for who, group, school, *days in self.places if who == child and _within(day, *days)]
        group, school = here[0] if here else (None, None)
        shut = [
            where for where, whose, what, *days in self.closures
            if _within(day, *days) and where in (None, school) and whose in (None, group)
            and (what is None or service in what)
        ]  # fmt: skip
        modes = [
            mode for what, where, mode, *days in self.rules if (what, where) == (service, school) and _within(day, *days)
        ]
        is_usual = "opt_in" not in modes
        is_wanted, not_wanted = self.wishes.get((child, service, day), is_usual), "cancelled" if is_usual else "unbooked"
        if (child, service, day) in self.marks:
            presence, is_present, is_due = self.marks[child, service, day]
            if is_present or is_due or not shut:
                return ("present" if is_present else "absent" if is_wanted or is_due else not_wanted), due[presence]
        if not here or not any((who, what) == (child, service) and _within(day, *days) for who, what, *days in self.lines):
            return "not_enrolled", 0
        if shut:
            return "closed", 0
        runs = [
            weekdays >> day.weekday() & 1
            for what, where, first, end, weekdays in self.seasons
            if (what, where) == (service, school) and _within(day, first, end)
        ]
        if not any(runs) or day < today:
            return "no_service", 0
        if not is_wanted:
            return not_wanted, 0
        return ("awaited" if day == today else "to_come"), 0


def _within(day: date, first: date, end: date | None) -> bool:
    return first <= day and (end is None or day < end)
