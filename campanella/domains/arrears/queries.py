"""Questions about ladders, stops and runs; frozen dataclasses out, never the reason of a stop."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from campanella.domains.arrears.models import Candidate, LadderStep, ReminderRun, Stop, StopEnd
from campanella.domains.arrears.models import Ladder as LadderRow
from campanella.domains.arrears.rules.ladder import CHANNELS, Channel, Ladder, Step, ladder_on
from campanella.foundation.core.errors import NotFound
from campanella.foundation.core.money import Euro


def ladders() -> list[Ladder]:
    """Return the ladders of the town in the order in which they were written: two queries."""
    steps: dict[int, list[Step]] = {}
    for row in LadderStep.objects.order_by("ladder_id", "place"):
        steps.setdefault(row.ladder_id, []).append(_step(row))
    return [Ladder(pk, first, tuple(steps.get(pk, ()))) for pk, first in _written().values_list("pk", "first")]


def ladder(*, day: date) -> Ladder:
    """Return the ladder of a day: the town's, else the one that is proposed: two queries."""
    return ladder_on(ladders(), day)


@dataclass(frozen=True, slots=True)
class LadderNote:
    """When a ladder was written, from when it holds, and why."""

    first: date
    made_at: datetime
    reason: str


def ladder_notes() -> list[LadderNote]:
    """Return when ladders were written, the last one first: one query."""
    return [LadderNote(*row) for row in _written().reverse().values_list("first", "made_at", "reason")]


def _written() -> "QuerySet[LadderRow]":
    return LadderRow.objects.order_by("id")


def _step(row: LadderStep) -> Step:
    channel: Channel = next(one for one in CHANNELS if one == row.channel)
    return Step(
        place=row.place,
        name=row.name,
        threshold=row.threshold_cents,
        after_days=row.after_days,
        channel=channel,
        text=row.text,
        wait_days=row.wait_days,
        pay_days=row.pay_days,
        cost=row.cost_cents,
        interest=row.interest_points,
    )


@dataclass(frozen=True, slots=True)
class StopView:
    """A stop: who is not written to, from when until when, and who said so."""

    id: int
    payer_id: int
    first: date
    until: date
    made_at: datetime
    made_by: str
    is_ended: bool

    def holds_on(self, day: date) -> bool:
        """Tell whether it holds on a day."""
        return not self.is_ended and self.first <= day <= self.until


def stops_of(*, payer_id: int) -> list[StopView]:
    """Return the stops of a household, newest first: one query."""
    return _stops(Q(payer_id=payer_id))


def stops_on(*, day: date) -> list[StopView]:
    """Return the stops of the town that hold on a day, newest first: one query."""
    return [one for one in _stops(Q(first__lte=day, until__gte=day)) if not one.is_ended]


def stopped(*, day: date, payer_ids: Sequence[int] | None = None) -> set[int]:
    """Return the households that nobody writes to on a day: one query."""
    wanted = Q(first__lte=day, until__gte=day)
    if payer_ids is not None:
        wanted &= Q(payer_id__in=list(payer_ids))
    return {one.payer_id for one in _stops(wanted) if not one.is_ended}


def _stops(wanted: Q) -> list[StopView]:
    rows = Stop.objects.filter(wanted).annotate(is_ended=Exists(StopEnd.objects.filter(stop=OuterRef("pk"))))
    fields = ("id", "payer_id", "first", "until", "made_at", "made_by_label", "is_ended")
    return [StopView(*row) for row in rows.order_by("-id").values_list(*fields)]


@dataclass(frozen=True, slots=True)
class RunView:
    """
    A run of reminders as everybody sees it.

    :ivar wanted: households that are to have a reminder, ``gone`` those it has gone through
    :ivar sent: reminders that were issued, ``total`` what the preview would ask for, interest and costs apart
    :ivar interest: what their steps would add, on the day of the preview
    """

    id: int
    state: str
    day: date
    prepared_at: datetime
    confirmed_at: datetime | None
    leaves_at: datetime | None
    ended_at: datetime | None
    allowed: int | None
    wanted: int
    gone: int
    sent: int
    total: Euro
    interest: Euro

    @property
    def is_alive(self) -> bool:
        """Tell whether something of it may still leave."""
        return self.state in ("prepared", "going", "stopped")

    @property
    def is_waiting(self) -> bool:
        """Tell whether the first ones have left and somebody is to look at them."""
        return self.state == "going" and self.allowed is not None and self.gone >= self.allowed


def runs(*, limit: int = 24) -> list[RunView]:
    """Return the last runs, newest first: two queries."""
    return _runs(Q(), limit=limit)


def run(*, run_id: int) -> RunView:
    """
    Return one run: two queries.

    :raises NotFound: the town has none of this id
    """
    for found in _runs(Q(pk=run_id), limit=1):
        return found
    raise NotFound


def _runs(wanted: Q, *, limit: int) -> list[RunView]:
    rows = list(ReminderRun.objects.filter(wanted).order_by("-id")[:limit])
    is_wanted = Q(sequence__gt=0)
    counts = Candidate.objects.filter(run_id__in=[row.pk for row in rows]).order_by().values("run_id")
    found = {
        one["run_id"]: (one["wanted"], one["gone"], one["sent"], one["total"], one["interest"])
        for one in counts.annotate(
            wanted=Count("pk", filter=is_wanted),
            gone=Count("pk", filter=is_wanted & ~Q(outcome="")),
            sent=Count("pk", filter=Q(outcome="sent")),
            total=Sum("cents", filter=is_wanted, default=0),
            interest=Sum("interest_cents", filter=is_wanted, default=0),
        )
    }
    return [_run(row, *found.get(row.pk, (0, 0, 0, 0, 0))) for row in rows]


def _run(row: ReminderRun, wanted: int, gone: int, sent: int, total: int, interest: int) -> RunView:
    return RunView(
        id=row.pk,
        state=row.state,
        day=row.day,
        prepared_at=row.prepared_at,
        confirmed_at=row.confirmed_at,
        leaves_at=row.leaves_at,
        ended_at=row.ended_at,
        allowed=row.allowed,
        wanted=wanted,
        gone=gone,
        sent=sent,
        total=Euro(total),
        interest=Euro(interest),
    )


@dataclass(frozen=True, slots=True)
class CandidateView:
    """A household in a run (``models.Candidate``)."""

    payer_id: int
    sequence: int
    place: int
    cents: int
    left_cents: int
    outcome: str
    interest_cents: int


def candidates(*, run_id: int) -> list[CandidateView]:
    """Return the households of a run, those that are to have a reminder first, in their turn: one query."""
    rows = Candidate.objects.filter(run_id=run_id)
    fields = ("payer_id", "sequence", "place", "cents", "left_cents", "outcome", "interest_cents")
    found = [CandidateView(*row) for row in rows.order_by("sequence", "id").values_list(*fields)]
    return [one for one in found if one.sequence] + [one for one in found if not one.sequence]


def next_candidates(*, run_id: int, limit: int) -> list[CandidateView]:
    """Return the next households of a run that wait for their reminder: one query."""
    rows = Candidate.objects.filter(run_id=run_id, sequence__gt=0, outcome="").order_by("sequence")
    fields = ("payer_id", "sequence", "place", "cents", "left_cents", "outcome", "interest_cents")
    return [CandidateView(*row) for row in rows.values_list(*fields)[:limit]]
