"""The catalogue of services and their prices."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models

from campanella.domains.schools.models import LEVELS, ClassGroup, School, YearRoll
from campanella.domains.services.taxation import DEDUCTIONS, STAMP_PAYERS, VATS
from campanella.foundation.core.tables import Tells, TownForeignKey, TownRow

KINDS = [
    ("meal", "mensa"),
    ("bus", "scuolabus"),
    # A ride of a direction is a service of its own: enrolled in, asked for, called and priced by itself.
    ("bus_out", "scuolabus, andata"),
    ("bus_back", "scuolabus, ritorno"),
    ("nursery", "nido"),
    ("before", "pre-scuola"),
    ("after", "post-scuola"),
    # Asked for and paid by the week: each week has its places.
    ("camp", "centro estivo"),
]


class Service(TownRow):
    """Something a child uses on some days, priced by the day of presence."""

    tells = Tells("town")

    code = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, choices=KINDS)
    # One use of it, singular and plural, in the town's words: pasto/pasti, corsa/corse, giorno/giorni.
    unit = models.CharField(max_length=20)
    units = models.CharField(max_length=20)
    # pagoPA taxonomy, with its closing slash; what the bank statement and the tax office read.
    taxonomy = models.CharField(max_length=20)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta(TownRow.Meta):
        constraints = [models.UniqueConstraint("municipality_id", "code", name="one_service_per_code")]

    def __str__(self) -> str:
        return self.name


class ServiceCalendar(TownRow):
    """The weekdays and the season of a service in a school; without a row the school has no such service."""

    tells = Tells("town", days="days")

    service = TownForeignKey(Service, related_name="calendars")
    school = TownForeignKey(School, related_name="+")
    days = DateRangeField()
    # Bit 0 is Monday.
    weekdays = models.PositiveSmallIntegerField(default=0b11111)
    # The roll-over that has carried it here from the year before, and whether nobody has looked at it since.
    rolled_by = TownForeignKey(YearRoll, null=True, related_name="+")
    is_to_confirm = models.BooleanField(default=False, db_default=False)

    class Meta(TownRow.Meta):
        constraints = [
            ExclusionConstraint(
                name="one_calendar_per_service_school_day",
                expressions=[
                    ("municipality_id", RangeOperators.EQUAL),
                    ("service", RangeOperators.EQUAL),
                    ("school", RangeOperators.EQUAL),
                    ("days", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(name="weekdays_are_seven_bits", condition=models.Q(weekdays__gte=0, weekdays__lte=127)),
        ]


class ClassCalendar(TownRow):
    """The days of the week on which a class uses a service, as its return days; without a row all of the school's."""

    tells = Tells("town", days="days")

    service = TownForeignKey(Service, related_name="+")
    class_group = TownForeignKey(ClassGroup, related_name="+")
    days = DateRangeField()
    # Bit 0 is Monday.
    weekdays = models.PositiveSmallIntegerField()
    # The roll-over that has carried it here from the year before.
    rolled_by = TownForeignKey(YearRoll, null=True, related_name="+")

    class Meta(TownRow.Meta):
        constraints = [
            ExclusionConstraint(
                name="one_calendar_per_service_class_day",
                expressions=[
                    ("municipality_id", RangeOperators.EQUAL),
                    ("service", RangeOperators.EQUAL),
                    ("class_group", RangeOperators.EQUAL),
                    ("days", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(name="a_classes_weekdays_are_seven_bits", condition=models.Q(weekdays__lte=127)),
        ]


class Tariff(TownRow):
    """A price list of a service for a season, as the town's council decides it."""

    service = TownForeignKey(Service, related_name="tariffs")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    days = DateRangeField()
    # Empty is for every level of school.
    level = models.CharField(max_length=12, choices=LEVELS, blank=True, default="")
    # As the file of tariffs says it (``docs/how/tariffs.md``); empty when it is its brackets and no more.
    scheme = models.TextField(blank=True, default="", db_default="")
    # The roll-over that carried it into its year, and takes it away again when it is undone.
    rolled_by = TownForeignKey(YearRoll, null=True, related_name="+")

    class Meta(TownRow.Meta):
        constraints = [models.UniqueConstraint("municipality_id", "code", name="one_tariff_per_code")]

    def is_for(self, level: str) -> bool:
        """Tell whether a child at a school of this level may pay these prices."""
        return self.level in ("", level)


class Bracket(TownRow):
    """One price of a tariff: an ISEE bracket, or the full price."""

    tariff = TownForeignKey(Tariff, related_name="brackets")
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    # Upper end of the ISEE, included; null is the full price.
    isee_up_to_cents = models.BigIntegerField(null=True)
    cents = models.PositiveIntegerField()
    # Made because some child's price came out so: nobody chooses it from a list.
    is_reckoned = models.BooleanField(default=False, db_default=False)

    class Meta(TownRow.Meta):
        constraints = [models.UniqueConstraint("municipality_id", "tariff", "code", name="one_bracket_per_tariff_and_code")]


class ServiceTaxation(TownRow):
    """How tax law treats a service, from a calendar year until the next row; without a row, as is usual for its kind."""

    service = TownForeignKey(Service, related_name="taxations")
    from_year = models.PositiveSmallIntegerField()
    deduction = models.CharField(max_length=8)
    vat = models.CharField(max_length=8)
    # Who bears stamp duty where no VAT is due.
    stamp = models.CharField(max_length=6, default="town", db_default="town")

    class Meta(TownRow.Meta):
        constraints = [
            models.UniqueConstraint("municipality_id", "service", "from_year", name="one_taxation_per_service_and_year"),
            models.CheckConstraint(name="a_deduction_is_known", condition=models.Q(deduction__in=DEDUCTIONS)),
            models.CheckConstraint(name="a_vat_treatment_is_known", condition=models.Q(vat__in=VATS)),
            models.CheckConstraint(name="who_bears_stamp_duty_is_known", condition=models.Q(stamp__in=STAMP_PAYERS)),
        ]
