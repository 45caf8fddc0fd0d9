"""The ladder of a town, and the runs that send its reminders."""

from django.db import models
from django.db.models import Q

from campanella.domains.arrears.rules.ladder import CHANNELS, MOST_COST
from campanella.domains.people.models import Guardian
from campanella.foundation.core.tables import TownForeignKey, TownRow

RUN_STATES = ("prepared", "going", "stopped", "sent", "closed")


class Ladder(TownRow):
    """From a day on reminders go by these steps; insert only. Of two that begin on one day the later written holds."""

    append_only = True

    first = models.DateField()
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=200, blank=True)


class LadderStep(TownRow):
    """One step of a ladder (``rules.ladder.Step``); insert only."""

    append_only = True

    ladder = TownForeignKey(Ladder, related_name="steps")
    place = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=60)
    threshold_cents = models.BigIntegerField()
    after_days = models.PositiveIntegerField()
    channel = models.CharField(max_length=10)
    text = models.TextField(blank=True)
    wait_days = models.PositiveIntegerField()
    pay_days = models.PositiveIntegerField()
    cost_cents = models.BigIntegerField()
    # Beyond the legal rate, in hundredths of a point; null for no interest.
    interest_points = models.PositiveSmallIntegerField(null=True)

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint("municipality_id", "ladder", "place", name="one_step_per_ladder_and_place"),
            models.CheckConstraint(name="a_step_is_of_a_known_channel", condition=Q(channel__in=CHANNELS)),
            models.CheckConstraint(
                name="a_step_costs_no_more_than_a_notification", condition=Q(cost_cents__gte=0, cost_cents__lte=MOST_COST)
            ),
        ]


class ReminderRun(TownRow):
    """
    One sending of reminders, from the preview to the last of them.

    :ivar allowed: how many candidates may be gone through for now, null for all
    :ivar leaves_at: nothing leaves before; until then all of it can be taken back
    """

    state = models.CharField(max_length=8, default="prepared", choices=[(one, one) for one in RUN_STATES])
    day = models.DateField()
    prepared_at = models.DateTimeField()
    prepared_by_id = models.BigIntegerField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by_id = models.BigIntegerField(null=True)
    leaves_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    allowed = models.PositiveIntegerField(null=True)

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint(
                "municipality_id",
                condition=Q(state__in=["prepared", "going", "stopped"]),
                name="one_living_run_of_reminders",
            ),
            models.CheckConstraint(
                name="reminders_leave_after_somebody_has_confirmed",
                condition=Q(state="prepared", confirmed_at=None, leaves_at=None)
                | ~Q(state="prepared") & Q(confirmed_at__isnull=False, leaves_at__isnull=False),
            ),
        ]


class Candidate(TownRow):
    """
    A household in a run: what the preview found, and what became of it.

    :ivar sequence: its turn, 0 for who is left out by the preview
    :ivar place: of the step it is to have, 0 for none
    :ivar outcome: empty while it waits, ``sent``, or why it is left out (``rules.ladder.Why``)
    :ivar left_cents: what of its debt nobody is asked for now
    :ivar interest_cents: what the step would add, on the day of the preview
    """

    run = TownForeignKey(ReminderRun, related_name="candidates")
    sequence = models.PositiveIntegerField()
    payer = TownForeignKey(Guardian, related_name="+")
    place = models.PositiveSmallIntegerField()
    cents = models.BigIntegerField()
    left_cents = models.BigIntegerField(default=0)
    interest_cents = models.BigIntegerField(default=0, db_default=0)
    outcome = models.CharField(max_length=10, blank=True)

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint("municipality_id", "run", "payer", name="one_candidate_per_run_and_payer"),
        ]
        indexes = [models.Index(fields=["municipality_id", "run", "sequence"], name="candidate_by_turn")]
