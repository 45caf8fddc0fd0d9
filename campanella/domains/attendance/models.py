"""What a day is in a school, what happened on it, and what it came to for a child."""

import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models

from campanella.domains.attendance.fact_rules import CORRECTION, MARK, REQUEST
from campanella.domains.attendance.rules import MOST_ADULTS, OWN
from campanella.domains.people.models import Child
from campanella.domains.schools.models import ClassGroup, School
from campanella.domains.services.models import Service
from campanella.foundation.core import clock
from campanella.foundation.core.tables import Tells, TownForeignKey, TownRow

MODES = [
    ("roll_call", "si segna all’appello"),
    ("opt_out", "prenotato, la famiglia disdice"),
    ("opt_in", "la famiglia prenota giorno per giorno"),
    ("register", "dalle assenze del registro di classe"),
]
CHANNELS = [
    ("portal", "portale"),
    ("office", "ufficio"),
    ("page", "pagina della scuola"),
    ("tablet", "tablet"),
    ("register", "registro di classe"),
    ("command", "comando"),
    ("software", "automatico"),
]
EVENTS = [
    ("asked", "richiesta"),
    ("undone", "richiesta annullata"),
    ("marked", "segno"),
    ("arrived", "entrata"),
    ("left", "uscita"),
    ("adults", "adulti"),
    ("confirmed", "conferma"),
    ("corrected", "correzione"),
    ("closed", "chiusura"),
    ("opened", "chiusura tolta"),
]
ACTIONS = ["cancel", "book", "white", "packed", "keep", "undo"]
LEVELS = [REQUEST, MARK, CORRECTION]
# What a family is told of a day that it asks for, and a tablet of its mark.
ANSWERS = ["accepted", "closed", "late", "doubtful", "taken", "too_far", "row", "month", "no_white", "kept"]


class DayRule(TownRow):
    """
    How the days of a service go in a school, from a day until another: who decides who eats, and until when.

    A mode changes on a date, by one more row: the past stays explained as it was. Without a row the roll-call decides.
    """

    tells = Tells("town", days="days")

    service = TownForeignKey(Service, related_name="+")
    school = TownForeignKey(School, related_name="+")
    days = DateRangeField()
    mode = models.CharField(max_length=10, choices=MODES)
    # Wall-clock time in Rome of the day itself, or of so many days before. Null is the town's closing time.
    cut_off = models.TimeField(null=True)
    cut_off_days_before = models.PositiveSmallIntegerField(default=0)
    # How many days ahead a family may ask; null is as far as the service runs.
    horizon_days = models.PositiveSmallIntegerField(null=True)
    # From what hour of the first of these days; null is from its beginning.
    opens_at = models.TimeField(null=True)
    # What is asked until an hour of its own, before the numbers close; null is until they do.
    book_cut_off = models.TimeField(null=True)
    book_cut_off_days_before = models.PositiveSmallIntegerField(default=0, db_default=0)
    white_cut_off = models.TimeField(null=True)
    white_cut_off_days_before = models.PositiveSmallIntegerField(default=0, db_default=0)
    packed_cut_off = models.TimeField(null=True)
    packed_cut_off_days_before = models.PositiveSmallIntegerField(default=0, db_default=0)
    # Until when a mark of the school changes a day that is confirmed; null is until the cut-off.
    marks_until = models.TimeField(null=True)
    # When it was entered: no day is charged by itself whose cut-off was over by then, nobody could have cancelled it.
    made_at = models.DateTimeField(default=clock.now)

    class Meta(TownRow.Meta):
        constraints = [
            ExclusionConstraint(
                name="one_rule_per_service_school_day",
                expressions=[
                    ("municipality_id", RangeOperators.EQUAL),
                    ("service", RangeOperators.EQUAL),
                    ("school", RangeOperators.EQUAL),
                    ("days", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(name="a_mode_is_known", condition=models.Q(mode__in=[name for name, _ in MODES])),
        ]


class CutOffShift(TownRow):
    """
    The cut-off of one day, moved: by an outage that the heartbeats witness, or by the office. The latest instant holds.

    Null is every service, every school. An action is an hour of its own (``rules.OWN``); empty is when the numbers close.
    """

    tells = Tells("town", days="day")

    append_only = True

    day = models.DateField()
    service = TownForeignKey(Service, null=True, related_name="+")
    school = TownForeignKey(School, null=True, related_name="+")
    action = models.CharField(max_length=6, blank=True, default="", db_default="")
    until = models.DateTimeField()
    reason = models.CharField(max_length=200)
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint(
                "municipality_id",
                "day",
                "service",
                "school",
                "action",
                "until",
                nulls_distinct=False,
                name="one_cut_off_shift_per_day_place_and_instant",
            ),
            models.CheckConstraint(name="an_hour_that_moves_is_known", condition=models.Q(action__in=["", *OWN])),
        ]
        indexes = [models.Index(fields=["municipality_id", "day"], name="cut_off_shift_by_day")]


class FamilyRequest(TownRow):
    """
    What a family asked in one act, with its outcome number; insert only. Each child's day of it is a ``DayEvent``.

    ``received_at`` is the instant at which the server got it; ``made_at`` the corrected instant of a tap made without
    network, the same where there was none.
    """

    append_only = True

    # Of the form or the phone that asks: the same again is the same request.
    key = models.UUIDField()
    number = models.CharField(max_length=20)
    action = models.CharField(max_length=10)
    channel = models.CharField(max_length=10, choices=CHANNELS)
    by_id = models.BigIntegerField(null=True)
    received_at = models.DateTimeField()
    made_at = models.DateTimeField()
    # The request that this one takes back.
    undoes = TownForeignKey("self", null=True, related_name="+")
    note = models.CharField(max_length=300, blank=True)
    # What else was asked, though the child does not use the service then: [child, service, [days]], told with the answer.
    left_out = models.JSONField(default=list)
    # Of what was asked: another content under the same key is no repeat. Null is from before that was told.
    digest = models.UUIDField(null=True)

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint("municipality_id", "key", name="one_family_request_per_key"),
            models.UniqueConstraint("municipality_id", "number", name="one_family_request_per_number"),
            models.CheckConstraint(name="what_a_family_asks_is_known", condition=models.Q(action__in=ACTIONS)),
            models.CheckConstraint(
                name="a_request_comes_by_a_known_way", condition=models.Q(channel__in=[name for name, _ in CHANNELS])
            ),
        ]


class RequestCounter(TownRow):
    """The last outcome number given to a family in a month."""

    # Its first day.
    month = models.DateField()
    last = models.PositiveIntegerField()

    written_over = True

    class Meta(TownRow.Meta):
        constraints = [models.UniqueConstraint("municipality_id", "month", name="one_request_counter_per_month")]


class DayEvent(TownRow):
    """
    Something that happened to a day of a child, or of a class, as it came in; insert only, nothing is written over.

    ``rules.fold`` makes the state of a day out of them, the same whatever order and however often they came.
    """

    append_only = True

    event_id = models.UUIDField(default=uuid.uuid4, db_default=models.Func(function="gen_random_uuid"))
    service = TownForeignKey(Service, related_name="+")
    day = models.DateField()
    # None for what a family asks, which goes with the child wherever it sits.
    class_group = TownForeignKey(ClassGroup, null=True, related_name="+")
    # None for what is of the whole class: its confirmation, its adults.
    child = TownForeignKey(Child, null=True, related_name="+")
    kind = models.CharField(max_length=10, choices=EVENTS)
    channel = models.CharField(max_length=10, choices=CHANNELS)
    # Strength: 0 a request, 1 a mark, 2 a correction.
    level = models.PositiveSmallIntegerField()
    by_id = models.BigIntegerField(null=True)
    # The tablet and its own count; a page has none.
    device_id = models.BigIntegerField(null=True)
    seq = models.BigIntegerField(null=True)
    received_at = models.DateTimeField()
    # The corrected instant of a mark made without network; never after ``received_at``.
    made_at = models.DateTimeField()
    # Whether it changes the day: a request that came too late is on record and changes nothing.
    counts = models.BooleanField(default=True, db_default=True)
    # The cut-off by which a request was judged.
    cut_off = models.DateTimeField(null=True)
    request = TownForeignKey(FamilyRequest, null=True, related_name="events")
    # Booked, or present; None where it says something else.
    is_on = models.BooleanField(null=True)
    # None: a mark that says who is there and nothing of the menu.
    is_white = models.BooleanField(null=True, default=False, db_default=False)
    is_packed = models.BooleanField(default=False, db_default=False)
    is_late = models.BooleanField(default=False, db_default=False)
    clock = models.TimeField(null=True)
    adults = models.PositiveSmallIntegerField(null=True)
    note = models.CharField(max_length=300, blank=True, default="", db_default="")
    # What its sender was told, so that a repeat is told the same.
    answer = models.CharField(max_length=10, blank=True, default="accepted", db_default="accepted")
    sentence = models.CharField(max_length=300, blank=True, default="", db_default="")
    # Of what a tablet sent: another content under the same id is no repeat.
    digest = models.UUIDField(null=True)
    # The event of somebody else that says otherwise, where neither could know of the other.
    against = models.UUIDField(null=True)

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint("municipality_id", "event_id", name="one_day_event_per_id"),
            models.UniqueConstraint("municipality_id", "device_id", "seq", name="one_day_event_per_device_and_seq"),
            models.CheckConstraint(
                name="what_happens_on_a_day_is_known", condition=models.Q(kind__in=[name for name, _ in EVENTS])
            ),
            models.CheckConstraint(
                name="an_event_comes_by_a_known_way", condition=models.Q(channel__in=[name for name, _ in CHANNELS])
            ),
            models.CheckConstraint(name="an_event_is_of_a_known_strength", condition=models.Q(level__in=LEVELS)),
            models.CheckConstraint(name="what_a_sender_was_told_is_known", condition=models.Q(answer__in=ANSWERS)),
            models.CheckConstraint(
                name="an_event_is_not_made_after_it_came", condition=models.Q(made_at__lte=models.F("received_at"))
            ),
        ]
        indexes = [
            models.Index(fields=["municipality_id", "child", "day"], name="day_event_by_child"),
            models.Index(fields=["municipality_id", "day", "class_group"], name="day_event_by_class"),
            # Most events are of the school, which no request has.
            models.Index(
                fields=["municipality_id", "request"],
                name="day_event_by_request",
                condition=models.Q(request__isnull=False),
            ),
            # What the office looks at: few of many.
            models.Index(
                fields=["municipality_id", "received_at"],
                name="day_event_to_look_at",
                condition=models.Q(answer="kept") | models.Q(against__isnull=False),
            ),
        ]


class RefusedMark(TownRow):
    """A mark that a tablet handed in and that could not be taken: as it came, with what the tablet was told; insert only."""

    append_only = True

    # So many are kept of one tablet and one day, no more: a tablet that works makes none.
    MOST_A_DAY = 1_000

    event_id = models.UUIDField()
    device_id = models.BigIntegerField()
    content = models.JSONField()
    received_at = models.DateTimeField()
    sentence = models.CharField(max_length=300)
    digest = models.UUIDField(null=True)
    # Its id was given to something else before, be it taken or refused.
    is_reuse = models.BooleanField(default=False, db_default=False)

    class Meta(TownRow.Meta):
        constraints = [models.UniqueConstraint("municipality_id", "event_id", "is_reuse", name="one_refused_mark_per_id")]
        indexes = [models.Index(fields=["municipality_id", "received_at"], name="refused_mark_by_time")]


class MarkSeen(TownRow):
    """That somebody of the office has looked at a mark that changed nothing, was refused, or is at odds; insert only."""

    append_only = True

    event_id = models.UUIDField()
    # Both traces of an id may wait: the mark itself, and something else that came under its id.
    is_reuse = models.BooleanField(default=False)
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)

    class Meta(TownRow.Meta):
        constraints = [models.UniqueConstraint("municipality_id", "event_id", "is_reuse", name="one_look_per_mark")]


class Booking(TownRow):
    """What a family wants for one day of a service, folded from its requests; without a row, what the mode says."""

    child = TownForeignKey(Child, related_name="+")
    service = TownForeignKey(Service, related_name="+")
    day = models.DateField()
    is_booked = models.BooleanField()
    is_white = models.BooleanField(default=False)
    is_packed = models.BooleanField(default=False)
    # Of the request that decided; it explains the day.
    request = TownForeignKey(FamilyRequest, related_name="+")

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint("municipality_id", "child", "service", "day", name="one_booking_per_child_service_day"),
        ]
        indexes = [models.Index(fields=["municipality_id", "day", "service"], name="booking_by_day")]


class RollCall(TownRow):
    """The roll-call of one class for one service on one day; confirmed once, corrected one by one afterwards."""

    tells = Tells("class", "class_group_id", days="day")

    class_group = TownForeignKey(ClassGroup, related_name="+")
    service = TownForeignKey(Service, related_name="+")
    day = models.DateField()
    adults = models.PositiveSmallIntegerField(default=0)
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by_id = models.BigIntegerField(null=True)
    # Counts every change of the class under the row's lock, marks and requests too: the row so tells them all.
    changes = models.PositiveIntegerField(default=0)

    written_over = True

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint(
                "municipality_id", "class_group", "service", "day", name="one_roll_call_per_class_service_day"
            ),
            models.CheckConstraint(name="adults_of_a_class_are_at_most_99", condition=models.Q(adults__lte=MOST_ADULTS)),
            # Presences point at it: they are of the service and the day of their roll-call.
            models.UniqueConstraint("municipality_id", "id", "service", "day", name="roll_call_with_service_and_day"),
        ]
        indexes = [
            models.Index(fields=["municipality_id", "day"], name="roll_call_by_day"),
        ]


class Presence(TownRow):
    """
    What one day of a service came to for a child, folded from its events; the source of the day's charge.

    ``is_present`` says whether it is there and eats, ``is_due`` whether the day is charged: where meals are booked, who
    did not cancel in time pays, there or not.
    """

    roll_call = TownForeignKey(RollCall, related_name="presences", agreeing=("service_id", "day"))
    child = TownForeignKey(Child, related_name="+")
    service = TownForeignKey(Service, related_name="+")
    day = models.DateField()
    is_present = models.BooleanField()
    is_due = models.BooleanField()
    # Both count only while the child is there: a confirmation that finds the child absent leaves them as they were.
    is_white = models.BooleanField(default=False, db_default=False)
    is_late = models.BooleanField(default=False, db_default=False)
    # When it came and went, where the school writes it down: a nursery, an early leaver.
    arrived = models.TimeField(null=True)
    left = models.TimeField(null=True)
    marked_at = models.DateTimeField()
    marked_by_id = models.BigIntegerField(null=True)

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint("municipality_id", "child", "service", "day", name="one_presence_per_child_service_day"),
        ]
        indexes = [
            models.Index(fields=["municipality_id", "roll_call"], name="presence_by_roll_call"),
            # Not by day: a day that statistics have not seen yet would lure the planner into reading it again and again.
            models.Index(fields=["municipality_id", "marked_at"], name="presence_by_time"),
        ]


class Contest(TownRow):
    """A charged day that a family contests, by the ticket in which the office decides; insert only."""

    append_only = True

    child = TownForeignKey(Child, related_name="+")
    service = TownForeignKey(Service, related_name="+")
    day = models.DateField()
    ticket_number = models.PositiveIntegerField()
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint("municipality_id", "ticket_number", name="one_contest_per_ticket"),
            models.UniqueConstraint("municipality_id", "child", "service", "day", name="one_contest_per_child_service_day"),
        ]
        indexes = [models.Index(fields=["municipality_id", "child", "day"], name="contest_by_child")]
