"""Lets what happens in a made-up town (``apart``) happen in the product, through its use cases, and reads its invoices."""

from datetime import date, datetime, time
from uuid import uuid4

from django.db.backends.postgresql.psycopg_any import DateRange

from campanella.domains.attendance.judging import Arrival
from campanella.domains.attendance.models import DayRule
from campanella.domains.billing import fee_rules, queries
from campanella.domains.enrolment.queries import subscriptions_of
from campanella.domains.ledger import operations as ledger
from campanella.domains.payments.models import PaymentRequest
from campanella.domains.people import operations as people
from campanella.domains.schools import operations as schools
from campanella.domains.services import operations as services
from campanella.foundation.core import clock
from campanella.foundation.core.money import Euro
from campanella.usecases import adjust, closing, mealtime, pricing, wishes
from campanella.usecases.billing import fees, issuing, policies, running, staging
from campanella.usecases.billing.drafting import NobodyPaysAfter
from tests.debits import signed
from tests.paying import receive
from tests.towns import OFFICE, Cast, choosing, subscribe
from tests.usecases.billing.apart import A_DAY, FEE, FIRST, MONTHS, Bill, Event, Plan, end_of

LUNCH = "pranzo"


def at(day: date, hour: int) -> datetime:
    return clock.rome(day, time(hour))


class Acting:
    """A town of the cast with the plan's service, children and rules; then one event after the other."""

    def __init__(self, plan: Plan, cast: Cast) -> None:
        self.plan, self.cast = plan, cast
        choosing(cast.town, bill_per_payer=plan.per_payer, bill_least=plan.least, bill_sample=0)
        lunch = services.register_service(code=LUNCH, name="Pranzo", kind="meal", position=5)
        cast.services[LUNCH] = self.lunch = lunch
        services.run(service=lunch, school=cast.school, first=date(2026, 9, 1), end=date(2027, 6, 10))
        tariff = services.set_tariff(
            service=lunch,
            code="pranzo-26",
            name="Pranzo 2026/27",
            first=date(2026, 9, 1),
            end=date(2027, 9, 1),
            brackets=[(str(place), f"Fascia {place}", None, cents) for place, cents in enumerate(plan.brackets)],
        )
        self.brackets = [tariff.brackets.select_related("tariff__service").get(code=code) for code in "01"]
        DayRule.objects.create(
            service=lunch,
            school=cast.school,
            days=DateRange(date(2026, 9, 1), None),
            mode=plan.mode,
            cut_off=time(9, 30),
            made_at=at(date(2026, 8, 20), 12),
        )
        self.children, self.wallets = [], []
        payers = [
            people.register_guardian(
                given_name="Ada", family_name=name, tax_code="", email=f"{name}@posta.example", phone=""
            )
            for name in ("neri", "verdi")
        ]
        for payer in payers:
            signed(payer)
        for number, kid in enumerate(plan.kids):
            child = people.register_child(
                given_name=f"K{number}", family_name="Neri", tax_code="", birth_date=date(2019, 4, 12)
            )
            people.tie(child=child, guardian=payers[kid.payer], is_payer=True)
            schools.place(child=child, class_group=cast.classes["2B"], first=date(2026, 9, 1), end=None)
            (price,) = kid.prices
            subscribe(
                child=child,
                service=lunch,
                bracket=self.brackets[price.bracket],
                first=kid.first,
                end=kid.last + A_DAY,
                reduction_percent=price.percent,
            )
            self.children.append(child)
            self.wallets.append(ledger.open_wallet(child=child, service_id=lunch.pk))
        self.closed: set[date] = set()
        self.lunched: set[date] = set()
        self.paid: set[int] = set()
        self.next_night = FIRST

    def act(self) -> list[Bill]:
        """Let everything happen, and return the invoices that were issued."""
        with clock.standing_at(at(FIRST, 0)):
            self._decide()
        for event in self.plan.events:
            while self.next_night <= event.day:
                with clock.standing_at(at(self.next_night, 1)):
                    fees.charge(by=OFFICE, now=clock.now())
                self.next_night = (self.next_night.replace(day=28) + 4 * A_DAY).replace(day=1)
            with clock.standing_at(at(event.day, event.hour)):
                getattr(self, f"_{event.what}")(event)
        return self.bills()

    def _decide(self) -> None:
        now = clock.now()
        for first, kind in self.plan.common:
            policies.set_for_all(by=OFFICE, service=self.lunch, kind=kind, first=first, reason="", now=now)
        for child, kid in zip(self.children, self.plan.kids, strict=True):
            for first, kind in kid.ways:
                policies.set_for_children(
                    by=OFFICE, child_ids=[child.pk], service=self.lunch, kind=kind, first=first, reason="", now=now
                )
        if any(self.plan.shares):
            fee_id = fees.draft(
                by=OFFICE,
                service=self.lunch,
                name="Retta",
                every="month",
                edges=next(one for one in fee_rules.EDGES if one == self.plan.edges),
                level="",
                parts=fee_rules.monthly(first=date(2026, 9, 1), last=date(2026, 11, 30), day=1, shift=0),
                cents={bracket.pk: cents for bracket, cents in zip(self.brackets, self.plan.shares, strict=True)},
                reason="",
                now=now,
            )
            fees.confirm(by=OFFICE, fee_id=fee_id, now=now)

    def _lunch(self, event: Event) -> None:
        if event.day not in self.closed:
            self.lunched.add(event.day)
            mealtime.confirm(
                by=OFFICE,
                roll_call=self.cast.roll_call(service=LUNCH, day=event.day),
                absent_ids=[self.children[kid].pk for kid in event.away],
                adults=None,
                now=clock.now(),
            )

    def _cancel(self, event: Event) -> None:
        wishes.ask(
            by=OFFICE,
            lines=[(self.children[event.kid].pk, self.lunch.pk)],
            days=[event.about],
            action="cancel",
            key=uuid4(),
            arrival=Arrival(clock.now(), channel="office"),
            now=clock.now(),
        )

    def _right(self, event: Event) -> None:
        if event.about in self.lunched and event.about not in self.closed:
            mealtime.correct(
                by=OFFICE,
                child_id=self.children[event.kid].pk,
                service=self.lunch,
                day=event.about,
                is_present=bool(event.number),
                reason="visto dopo",
                now=clock.now(),
            )

    def _close(self, event: Event) -> None:
        if event.about in self.lunched - self.closed:
            self.closed.add(event.about)
            closure = closing.enter(
                by=OFFICE,
                first=event.about,
                last=event.about,
                reason="sciopero",
                school=self.cast.school,
                only=[self.lunch],
                now=clock.now(),
            )
            closing.give_back(by=OFFICE, closure_id=closure.pk, now=clock.now())

    def _price(self, event: Event) -> None:
        assert event.price
        child_id = self.children[event.kid].pk
        (line,) = subscriptions_of(child_id=child_id)
        pricing.change_price(
            by=OFFICE,
            child_id=child_id,
            subscription_id=line.id,
            bracket=self.brackets[event.price.bracket],
            reduction_percent=event.price.percent,
            first=event.price.first,
            now=clock.now(),
        )

    def _money(self, event: Event) -> None:
        adjust.adjust(
            by=OFFICE,
            wallet_id=self.wallets[event.kid].pk,
            amount=Euro(event.number),
            reason="versamento",
            key=str(uuid4()),
            now=clock.now(),
        )

    def _pay(self, event: Event) -> None:
        place, nth = divmod(event.number, 10)
        mine = queries.invoices_between(period=date(*MONTHS[place], 1))
        if nth < len(mine) and mine[nth].id not in self.paid:
            (made,) = queries.positions_of(invoice_ids=[mine[nth].id]).values() or ([],)
            if made:
                self.paid.add(mine[nth].id)
                receive(PaymentRequest.objects.get(pk=made[0]), iur=str(uuid4()))

    def _bill(self, event: Event) -> None:
        month = MONTHS[event.number]
        try:
            run = running.preview(by=OFFICE, service=self.lunch, first=date(*month, 1), last=end_of(month), now=clock.now())
            running.confirm(by=OFFICE, run_id=run.id, now=clock.now())
        except (NobodyPaysAfter, running.NothingToIssue):
            return
        issuing.issue(run_id=run.id)
        if running.runs.run(run_id=run.id).is_waiting:
            staging.go_on(by=OFFICE, run_id=run.id, now=clock.now())
            issuing.issue(run_id=run.id)

    def bills(self) -> list[Bill]:
        """Return all invoices, as the walker writes them."""
        kids = {child.pk: number for number, child in enumerate(self.children)}
        found = queries.invoices_between(period=None)
        lines = queries.lines_of(invoice_ids=[one.id for one in found])
        return [
            Bill(
                (one.period.year, one.period.month),
                tuple(kids[share.child_id] for share in one.shares),
                one.method == "debit",
                {kids[share.child_id]: share.due.cents for share in one.shares},
                {
                    (kids[line.child_id], "day" if line.is_day else FEE, line.day): line.amount.cents
                    for line in lines[one.id]
                },
            )
            for one in found
        ]
