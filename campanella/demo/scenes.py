"""What is on the table this morning: notices in every state, receipts for the office, corrections, a mail that failed."""

from datetime import date, datetime, time, timedelta
from random import Random

from campanella.demo.calendar import DAY
from campanella.demo.life import Life
from campanella.demo.receipts import keep_receipt_for, keep_receipt_of
from campanella.demo.settling import Resident, Settled
from campanella.demo.teacher import AWAY, LATE, WHITE, Teacher
from campanella.domains.accounts.roles import Role
from campanella.domains.attendance import queries as sheets
from campanella.domains.attendance.choices import RollCallChoices
from campanella.domains.messaging import operations as messaging
from campanella.domains.payments import operations as payments
from campanella.domains.payments.gateways.pagopa.messages import Subject
from campanella.domains.payments.queries import PaymentRequest
from campanella.domains.people import queries as people
from campanella.domains.people.models import Guardian
from campanella.domains.services import queries as services
from campanella.domains.services.models import Service
from campanella.foundation.core import clock
from campanella.foundation.core.scope import scope
from campanella.readings import serving
from campanella.usecases import closing, mealtime, top_up

OPEN_NOTICES = 12
# The drivers strike on so many school days from now.
STRIKE_IN = 3
# A quick class for each so many children, before the closing hour.
CHILDREN_TO_A_QUICK_CLASS = 160
REASONS = (
    "È uscita alle 11, lo dice la maestra",
    "Segnata per errore",
    "Era in gita con la 4ª",
    "La famiglia ha telefonato",
)


class Scenes:
    """This morning in one town."""

    def __init__(self, *, life: Life, settled: Settled, seed: str) -> None:
        self.life, self.settled = life, settled
        self.moment, self.today = life.moment, life.today
        self.random = Random(f"scenes {seed}")  # noqa: S311  # nothing secret: it must repeat
        # Whose absence was marked as a presence, and on which day: the family writes about it, the office puts it right.
        self.wronged: tuple[Resident, date] | None = None

    def set(self) -> None:
        """Set this morning."""
        with scope(self.life.town.id):
            self._open_notices()
            self._unknown_receipt()
            self._failed_mail()
            self._bus_strike()
            self.life.booking.look_ahead(self.life.coming(), self.moment)
            self._this_morning()

    def _open_notices(self) -> None:
        holders = [resident for resident in self.settled.residents if resident.uses]
        for i, resident in enumerate(holders[:OPEN_NOTICES]):
            at = self._earlier(days=self.random.randint(1, 9))
            with clock.standing_at(at):
                self.life.ask(
                    wallet_id=resident.uses[0].wallet_id, cents=(2000, 3000, 4650, 5000, 10000)[i % 5], is_notice=True
                )

    def settle_notices(self) -> None:
        """Have notices of weeks ago paid, cancelled and expired, before the mails of the last days tell of the credit."""
        with scope(self.life.town.id):
            for i, resident in enumerate([resident for resident in self.settled.residents if resident.uses][:9]):
                self._settle_notice(i, resident)

    def _settle_notice(self, i: int, resident: Resident) -> None:
        made, wallet_id, cents = self._earlier(days=70 + i), resident.uses[0].wallet_id, 2500 + 500 * i
        with clock.standing_at(made):
            (request,) = self.life.ask(wallet_id=wallet_id, cents=cents, is_notice=True)
        later = made + timedelta(days=2, hours=3)
        if i % 3 == 0:
            self._pay(request, later)
            self.life.balances[wallet_id] += cents
        elif i % 3 == 1:
            self._cancel(request, resident, later)
            if i == 1:
                self._pay(request, later + timedelta(days=1))

    def _pay(self, request: PaymentRequest, at: datetime) -> None:
        with clock.standing_at(at):
            receipt = keep_receipt_of(request=request, at=at, random=self.random)
            if receipt:
                top_up.book(receipt_pk=receipt.pk)

    def _cancel(self, request: PaymentRequest, resident: Resident, at: datetime) -> None:
        by = resident.user or self.settled.staff[Role.OFFICE]
        payments.cancel_position(by=by, request_id=request.pk, now=at)

    def _unknown_receipt(self) -> None:
        at = self._earlier(days=2)
        with clock.standing_at(at):
            receipt = keep_receipt_for(
                notice_number="300999999999999928",
                cents=4000,
                debtor=Subject(kind="F", tax_code="ANONIMO", name="ANONIMO"),
                iban=self.settled.plan.iban,
                category="9/0107101TS/",
                at=at,
                random=self.random,
            )
            if receipt:
                top_up.book(receipt_pk=receipt.pk)

    def _bus_strike(self) -> None:
        """Have the office close the bus on a day to come: its families were told, the meals go on."""
        buses = [service for service in services.services() if service.kind.startswith("bus")]
        coming = [day for day in self.life.coming() if day > self.today]
        if not buses or len(coming) < STRIKE_IN:
            return
        at = self._earlier(days=1)
        with clock.standing_at(at):
            closing.enter(
                by=self.settled.staff[Role.OFFICE],
                first=coming[STRIKE_IN - 1],
                last=coming[STRIKE_IN - 1],
                reason="Sciopero degli autisti",
                now=at,
                only=buses,
            )

    def correct(self, day: date) -> None:
        """Have the office correct a presence before noon, on each of the very last days."""
        reasons = dict(zip(reversed(self.life.days()), REASONS, strict=False))
        with scope(self.life.town.id):
            if day in reasons:
                self._correct(day, reasons[day])
            if [day] == self.life.days()[-1:]:
                self._put_right(self.life.days()[-2], at=clock.rome(day, time(11, 41)))

    def _correct(self, day: date, reason: str) -> None:
        resident = self.random.choice([resident for resident in self.settled.residents if resident.uses])
        marks = sheets.marks_on(child_ids=[resident.child.pk], day=day)
        at = clock.rome(day, time(11, 40))
        for mark in marks[:1]:
            service = next(use.service for use in resident.uses if use.service.pk == mark.service_id)
            self._change(service, mark.child_id, day=day, is_present=not mark.is_present, reason=reason, at=at)

    def _change(self, service: Service, child_id: int, *, day: date, is_present: bool, reason: str, at: datetime) -> None:
        office = self.settled.staff[Role.OFFICE]
        with clock.standing_at(at):
            mealtime.correct(
                by=office, child_id=child_id, service=service, day=day, is_present=is_present, reason=reason, now=at
            )

    def _put_right(self, day: date, *, at: datetime) -> None:
        """Believe a family that its child was at home: the day before has been paid, and is given back."""
        for resident in self.settled.residents[1:]:
            use, payer = next(iter(resident.uses), None), people.payer_of(child_id=resident.child.pk)
            marks = {mark.service_id: mark for mark in sheets.marks_on(child_ids=[resident.child.pk], day=day)}
            if use and use.price.cents and payer and payer.email and (mark := marks.get(use.service.pk)) and mark.is_present:
                self._change(
                    use.service, resident.child.pk, day=day, is_present=False, reason="La maestra lo conferma", at=at
                )
                self.wronged = (resident, day)
                return

    def _failed_mail(self) -> None:
        guardian: Guardian = self.settled.guardians[-1]
        at = self._earlier(days=3)
        message = messaging.queue(
            key="demo:failed",
            guardian=guardian,
            address=guardian.email,
            template="low_credit",
            subject=f"Il credito sta per finire · {self.settled.plan.name}",
            text="Il credito sta per finire. Puoi fare una ricarica dal portale.",
            now=at,
        )
        if message:
            failure = "550 5.1.1 casella inesistente"
            messaging.note_failure(message_id=message.pk, failure=failure, now=at + timedelta(minutes=1), is_final=True)

    def _this_morning(self) -> None:
        """Some classes are quick; after the closing hour all but one are confirmed."""
        if self.today not in self.life.year.lesson_days(self.settled.plan.patron):
            return
        here = self.moment.astimezone(clock.ROME).time()
        if here < time(8, 30):
            return
        is_open = here < self.life.town.chosen(RollCallChoices).roll_call_closes_at
        quick = max(1, len(self.settled.residents) // CHILDREN_TO_A_QUICK_CLASS)
        classes = quick if is_open else None
        for minutes, resident in zip((52, 33, 17), self.settled.residents[20:], strict=False):
            if resident.uses:
                self.life.pay(wallet_id=resident.uses[0].wallet_id, at=self.moment - timedelta(minutes=minutes))
        at, absent = self.moment - timedelta(minutes=4), self.life.absent(self.today)
        booking = self.life.booking
        booking.in_time(self.today, absent - {self.settled.residents[0].child.pk}, until=at)
        if booking.mode == "opt_out" and is_open:
            # Families still cancel: the cut-off confirms the classes.
            return
        with clock.standing_at(at):
            self.life.confirm(day=self.today, at=at, absent=absent, classes=classes)
            self._begun(at)

    def _begun(self, at: datetime) -> None:
        """One class is being called right now."""
        meal = next(service for service in self.settled.services.values() if service.kind == "meal")
        done = sheets.confirmed_classes(service_id=meal.pk, day=self.today)
        open_ids = [group.pk for group in serving.classes(service_id=meal.pk, day=self.today) if group.pk not in done]
        if open_ids:
            teacher = Teacher(by=self.settled.staff[Role.SCHOOL], service=meal, day=self.today, at=at)
            teacher.mark(among=open_ids, absent=(), marks=(AWAY, WHITE, LATE))

    def _earlier(self, *, days: int) -> datetime:
        return clock.rome(self.today - days * DAY, time(self.random.randint(17, 21), self.random.randint(0, 59)))
