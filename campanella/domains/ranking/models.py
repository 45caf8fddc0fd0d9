"""Rules of rankings, corrections, lists with their lines, publications: facts; and offers, which are answered."""

from typing import Any

from django.db import models
from django.db.models import Q

from campanella.domains.applying.models import Application, EnrolmentCall, FormPart
from campanella.domains.ranking.rules.places import OFFERS
from campanella.domains.schools.models import School
from campanella.foundation.core.tables import TownForeignKey, TownRow


class RankScheme(TownRow):
    """
    The rules of a call as they were from an instant on; the last ones hold.

    :ivar content: as ``rules/scheme.py`` writes it
    """

    append_only = True

    call = TownForeignKey(EnrolmentCall, related_name="+")
    version = models.PositiveSmallIntegerField()
    content: Any = models.JSONField()
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    by_label = models.CharField(max_length=120)

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint("municipality_id", "call", "version", name="one_row_per_call_and_version_of_its_rules")
        ]


class RankCorrection(TownRow):
    """
    The office counts another answer than was sent, after an appeal or a check; the last one of a question holds.

    :ivar answer: empty takes the question for not answered
    """

    append_only = True

    application = TownForeignKey(Application, related_name="+")
    part = TownForeignKey(FormPart, related_name="+")
    answer = models.CharField(max_length=200, blank=True)
    reason = models.TextField()
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    by_label = models.CharField(max_length=120)

    class Meta(TownRow.Meta):
        constraints = [models.CheckConstraint(name="a_correction_has_its_reason", condition=~Q(reason=""))]
        indexes = [models.Index(fields=["municipality_id", "application"], name="correction_by_application")]


class RankList(TownRow):
    """
    A list as it was drawn up: from these inputs, with this seed, by these rules; another one stands beside it.

    :ivar inputs: everything that decided, as JSON; ``digest`` is its SHA-256
    """

    append_only = True

    call = TownForeignKey(EnrolmentCall, related_name="+")
    number = models.PositiveSmallIntegerField()
    scheme = TownForeignKey(RankScheme, related_name="+")
    seed = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)
    inputs: Any = models.JSONField()
    why = models.TextField(blank=True)
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    by_label = models.CharField(max_length=120)

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint("municipality_id", "call", "number", name="one_list_per_call_and_number"),
            models.CheckConstraint(name="a_list_has_its_seed", condition=~Q(seed="")),
        ]


class RankLine(TownRow):
    """
    An application's place in a list.

    :ivar group: of age, whose list it is; empty where it is in none, with position 0
    :ivar school: in which it finds a place, None while it waits
    :ivar facts: what decided, as it is read: the points by answer, the ISEE, what was corrected, the structures asked for
    """

    append_only = True

    ranking = TownForeignKey(RankList, related_name="lines")
    application = TownForeignKey(Application, related_name="+")
    group = models.CharField(max_length=40, blank=True)
    position = models.PositiveIntegerField()
    points = models.IntegerField()
    is_first = models.BooleanField()
    is_resident = models.BooleanField()
    is_drawn = models.BooleanField()
    ticket = models.CharField(max_length=64)
    school = TownForeignKey(School, null=True, related_name="+")
    facts: Any = models.JSONField()

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint("municipality_id", "ranking", "application", name="one_line_per_list_and_application"),
            models.UniqueConstraint(
                "municipality_id", "ranking", "group", "position", condition=~Q(group=""), name="one_application_per_place"
            ),
            models.CheckConstraint(
                name="who_is_in_a_list_has_a_position",
                condition=Q(group="", position=0) | (~Q(group="") & Q(position__gt=0)),
            ),
        ]
        indexes = [models.Index(fields=["municipality_id", "application"], name="rank_line_by_application")]


class RankPublication(TownRow):
    """
    Since when families read a list.

    :ivar is_final: places are offered by it, and no other list follows
    :ivar appeals_until: the last day for appeals, None where none are heard
    """

    append_only = True

    call = TownForeignKey(EnrolmentCall, related_name="+")
    ranking = TownForeignKey(RankList, related_name="+")
    is_final = models.BooleanField()
    appeals_until = models.DateField(null=True)
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    by_label = models.CharField(max_length=120)

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint("municipality_id", "ranking", "is_final", name="a_list_is_published_once_as_what_it_is"),
            models.UniqueConstraint("municipality_id", "call", condition=Q(is_final=True), name="one_final_list_per_call"),
        ]


class PlaceOffer(TownRow):
    """
    A place that was offered to an application of the final list.

    :ivar until: the last instant at which the family may answer
    :ivar prolonged_for: why the office has let the family answer later than was said first, empty where it has not
    :ivar waits_for: why who has accepted is not enrolled yet, empty where it is
    """

    call = TownForeignKey(EnrolmentCall, related_name="+")
    application = TownForeignKey(Application, related_name="+")
    school = TownForeignKey(School, related_name="+")
    group = models.CharField(max_length=40)
    offered_at = models.DateTimeField()
    until = models.DateTimeField()
    state = models.CharField(max_length=10, default="open")
    answered_at = models.DateTimeField(null=True)
    prolonged_for = models.TextField(blank=True)
    waits_for = models.TextField(blank=True)

    class Meta(TownRow.Meta):
        constraints = [
            models.CheckConstraint(name="an_offer_is_in_a_known_state", condition=Q(state__in=list(OFFERS))),
            models.CheckConstraint(
                name="an_answered_offer_knows_when",
                condition=Q(state="open", answered_at=None) | (~Q(state="open") & Q(answered_at__isnull=False)),
            ),
            models.UniqueConstraint(
                "municipality_id",
                "application",
                condition=Q(state__in=("open", "accepted")),
                name="one_place_per_application_at_a_time",
            ),
            models.UniqueConstraint(
                "municipality_id", "application", "school", name="a_structure_is_offered_once_to_an_application"
            ),
        ]
        indexes = [models.Index(fields=["municipality_id", "call", "state"], name="offer_by_call_and_state")]
