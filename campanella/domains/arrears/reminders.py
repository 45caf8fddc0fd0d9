"""Questions about reminders as they were issued: what they ask for, how they left, which step a debt has reached."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from campanella.domains.arrears.models import (
    Handing,
    InterestWaiver,
    Reminder,
    ReminderDebt,
    ReminderPaper,
    ReminderPosition,
)
from campanella.domains.arrears.rules.debts import ADDED
from campanella.domains.arrears.rules.ladder import BY_ITSELF
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.money import Euro


@dataclass(frozen=True, slots=True)
class HandingView:
    """What the office wrote down of a reminder (``models.Handing``)."""

    kind: str
    words: str
    day: date
    protocol: str
    note: str


@dataclass(frozen=True, slots=True)
class DebtView:
    """One thing that a reminder asked for."""

    kind: str
    key: str
    wallet_id: int
    invoice_id: int | None
    title: str
    due_on: date
    amount: Euro


@dataclass(frozen=True, slots=True)
class ReminderView:
    """
    A reminder as it was issued.

    :ivar number: as it is printed
    :ivar request_ids: the positions that were made for it, the oldest first
    """

    id: int
    run_id: int | None
    payer_id: int
    place: int
    name: str
    channel: str
    number: str
    issued_on: date
    issued_at: datetime
    pay_by: date
    total: Euro
    cost: Euro
    until_entry: int
    address: str
    debts: tuple[DebtView, ...]
    request_ids: tuple[int, ...]
    handings: tuple[HandingView, ...]

    @property
    def leaves_by_itself(self) -> bool:
        """Tell whether the software sends it; the office hands all others over."""
        return self.channel in BY_ITSELF

    @property
    def keys(self) -> frozenset[str]:
        """Return the keys of what it asks for."""
        return frozenset(debt.key for debt in self.debts)

    def handed(self, *kinds: str) -> date | None:
        """Return the day on which one of these was written down, None where none was."""
        return next((one.day for one in self.handings if one.kind in kinds), None)


def reminder(*, reminder_id: int) -> ReminderView:
    """
    Return one reminder: four queries.

    :raises NotFound: the town has none of this id
    """
    for found in _views(Reminder.objects.filter(pk=reminder_id)):
        return found
    raise NotFound


def stored(*, reminder_id: int) -> Reminder:
    """
    Return the row of a reminder, with what is printed on it: one query.

    :raises NotFound: the town has none of this id
    """
    found = Reminder.objects.filter(pk=reminder_id).first()
    if found is None:
        raise NotFound
    return found


def reminders(*, reminder_ids: Sequence[int]) -> list[ReminderView]:
    """Return reminders by id, the oldest first: four queries."""
    return _views(Reminder.objects.filter(pk__in=list(reminder_ids)))


def reminders_of(*, payer_ids: Sequence[int]) -> list[ReminderView]:
    """Return the reminders of households, the oldest first: four queries."""
    return _views(Reminder.objects.filter(payer_id__in=list(payer_ids)))


def of_run(*, run_id: int) -> list[ReminderView]:
    """Return the reminders of a run, the oldest first: four queries."""
    return _views(Reminder.objects.filter(run_id=run_id))


def every() -> list[ReminderView]:
    """Return all reminders of the town, the oldest first: four queries."""
    return _views(Reminder.objects.all())


def paper(*, reminder_id: int) -> bytes | None:
    """Return the PDF of a reminder as it was printed the first time, None before: one query."""
    body = ReminderPaper.objects.filter(reminder_id=reminder_id).values_list("body", flat=True).first()
    return None if body is None else bytes(body)


@dataclass(frozen=True, slots=True)
class Reached:
    """A debt was asked for by a step, on a day."""

    payer_id: int
    key: str
    place: int
    issued_on: date


def reached(*, payer_ids: Sequence[int] | None = None) -> list[Reached]:
    """Return which debts were asked for by which step, the oldest first: one query."""
    rows = ReminderDebt.objects.exclude(kind__in=ADDED)
    if payer_ids is not None:
        rows = rows.filter(reminder__payer_id__in=list(payer_ids))
    fields = ("reminder__payer_id", "key", "reminder__place", "reminder__issued_on")
    return [Reached(*one) for one in rows.order_by("reminder_id").values_list(*fields)]


@dataclass(frozen=True, slots=True)
class Added:
    """What a reminder has added to what a household owed, a cost or interest; it has seen the book until an entry."""

    id: int
    kind: str
    key: str
    payer_id: int
    wallet_id: int
    child_id: int
    title: str
    due_on: date
    cents: int
    until_entry: int


def added(*, payer_ids: Sequence[int] | None = None) -> list[Added]:
    """
    Return what reminders have added, the oldest first; interest that was waived is none: one query.

    A later reminder that asks for it once more has added nothing: the first row of a key is the one that did.
    """
    is_waived = Exists(InterestWaiver.objects.filter(reminder_id=OuterRef("reminder_id")))
    rows = ReminderDebt.objects.filter(Q(kind="cost") | Q(kind="interest") & ~is_waived)
    if payer_ids is not None:
        rows = rows.filter(reminder__payer_id__in=list(payer_ids))
    fields = (
        "id",
        "kind",
        "key",
        "reminder__payer_id",
        "wallet_id",
        "wallet__child_id",
        "title",
        "due_on",
        "cents",
        "reminder__until_entry",
    )
    first = rows.order_by("key", "id").distinct("key").values_list(*fields)
    return sorted((Added(*one) for one in first), key=lambda one: one.id)


def _views(rows: "QuerySet[Reminder]") -> list[ReminderView]:
    found = list(rows.defer("sheet").order_by("id"))
    ids = [one.pk for one in found]
    debts: dict[int, list[DebtView]] = {}
    for row in ReminderDebt.objects.filter(reminder_id__in=ids).order_by("id"):
        view = DebtView(row.kind, row.key, row.wallet_id, row.invoice_id, row.title, row.due_on, Euro(row.cents))
        debts.setdefault(row.reminder_id, []).append(view)
    made: dict[int, list[int]] = {}
    of_these = ReminderPosition.objects.filter(reminder_id__in=ids).order_by("id")
    for reminder_id, request_id in of_these.values_list("reminder_id", "request_id"):
        made.setdefault(reminder_id, []).append(request_id)
    handings: dict[int, list[HandingView]] = {}
    for one in Handing.objects.filter(reminder_id__in=ids).order_by("day", "id"):
        handed = HandingView(one.kind, one.get_kind_display(), one.day, one.protocol, one.note)
        handings.setdefault(one.reminder_id, []).append(handed)
    return [
        ReminderView(
            id=one.pk,
            run_id=one.run_id,
            payer_id=one.payer_id,
            place=one.place,
            name=one.name,
            channel=one.channel,
            number=one.written,
            issued_on=one.issued_on,
            issued_at=one.issued_at,
            pay_by=one.pay_by,
            total=Euro(one.total_cents),
            cost=Euro(one.cost_cents),
            until_entry=one.until_entry,
            address=one.address,
            debts=tuple(debts.get(one.pk, ())),
            request_ids=tuple(made.get(one.pk, ())),
            handings=tuple(handings.get(one.pk, ())),
        )
        for one in found
    ]


def of_position(*, request_id: int) -> Reminder | None:
    """Return the reminder that a position asks for, None for any other position: one query."""
    return Reminder.objects.filter(positions__request_id=request_id).defer("sheet").first()
