"""A town that pays after the month: each month billed some days after its end, and paid as each family does."""

from datetime import date, datetime, time, timedelta
from random import Random

from campanella.demo.people import Habit
from campanella.demo.receipts import keep_receipt_of
from campanella.demo.settling import OFFICE, Settled
from campanella.domains.billing import queries as invoices
from campanella.domains.payments import queries as positions
from campanella.foundation.core import clock
from campanella.foundation.core.scope import naming, scope
from campanella.foundation.tenants.queries import Town
from campanella.usecases import top_up
from campanella.usecases.billing import handing, issuing, policies, running, staging, telling

# So many days after the end of a month its invoices leave.
AFTER = timedelta(days=4)
# So many days after its issue a family pays; a debtor keeps its last ones open.
PAYS_AFTER: dict[Habit, int] = {"early": 3, "warned": 16, "late": 41, "debtor": 75}
BOOKED_AFTER = timedelta(minutes=3)


class Biller:
    """The invoices of a town's past, made by the use cases with the clock standing at their moments."""

    def __init__(self, *, town: Town, settled: Settled, first: date, today: date, seed: str) -> None:
        self.town, self.settled, self.today = town, settled, today
        self.random = Random(f"billing {seed}")  # noqa: S311  # nothing secret: it must repeat
        self.services = [settled.services[code] for code in settled.plan.pays_after]
        self.next_month = first.replace(day=1)
        self.habits = {resident.child.pk: resident.household.habit for resident in settled.residents}
        self.due: list[tuple[datetime, int]] = []

    def begin(self) -> None:
        """Decide that the services are paid after the month, from the first day on."""
        at = clock.rome(self.next_month, time(9))
        for service in self.services:
            with clock.standing_at(at):
                policies.set_for_all(
                    by=OFFICE, service=service, kind="postpaid", first=self.next_month, reason="Delibera di Giunta", now=at
                )

    def pays_after(self, service_id: int) -> bool:
        """Tell whether a service is paid after the month."""
        return any(service.pk == service_id for service in self.services)

    def catch_up(self, day: date) -> list[int]:
        """
        Bill the months that are over and pay what families have paid by this day.

        :returns: the invoices of the last month that was billed
        """
        issued: list[int] = []
        while (end := _end(self.next_month)) + AFTER < day:
            self._pay(end)
            issued = self._bill(self.next_month, end) or issued
            self.next_month = end + timedelta(days=1)
        self._pay(day)
        return issued

    def tell(self, invoice_ids: list[int]) -> None:
        """Bring invoices to their families, as the worker does."""
        with scope(self.town.id):
            telling.tell_issued(invoice_ids=invoice_ids)

    def _bill(self, first: date, last: date) -> list[int]:
        at = clock.rome(last + AFTER, time(10, 20))
        made: list[int] = []
        with clock.standing_at(at), naming(self.town.id):
            for service in self.services:
                run = running.preview(by=OFFICE, service=service, first=first, last=last, now=at)
                if not run.invoices:
                    continue
                running.confirm(by=OFFICE, run_id=run.id, now=at)
                staging.go_on(by=OFFICE, run_id=run.id, now=at)
                issuing.issue(run_id=run.id)
                with scope(self.town.id):
                    found = invoices.invoices_between(period=None, run_id=run.id)
                # The e-mails of a year would fill every mailbox: what is past was brought on paper.
                handing.note(by=OFFICE, invoice_ids=[one.id for one in found], day=clock.day_of(at), how="hand", now=at)
                for one in found:
                    made.append(one.id)
                    habit = self.habits[one.child_ids[0]]
                    hour = time(self.random.randint(18, 22), self.random.randint(0, 59), self.random.randint(0, 59))
                    days = PAYS_AFTER[habit] + self.random.randint(-2, 2)
                    self.due.append((clock.rome(clock.day_of(at) + timedelta(days=days), hour), one.id))
        return made

    def _pay(self, day: date) -> None:
        """Pay what is due before a day, in the order of time, each by its notice."""
        ready = sorted(one for one in self.due if clock.day_of(one[0]) < day)
        self.due = [one for one in self.due if clock.day_of(one[0]) >= day]
        for at, invoice_id in ready:
            with clock.standing_at(at), scope(self.town.id):
                made = invoices.positions_of(invoice_ids=[invoice_id]).get(invoice_id, [])
                open_ones = [one for one in positions.requests(request_ids=made) if one.state == "open"]
                receipt = keep_receipt_of(request=open_ones[0], at=at, random=self.random) if open_ones else None
            if receipt:
                with clock.standing_at(receipt.kept_at + BOOKED_AFTER), scope(self.town.id):
                    top_up.book(receipt_pk=receipt.pk)


def _end(first: date) -> date:
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
