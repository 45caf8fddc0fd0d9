"""Luca's day in towns of their own, and every act that can meet another on it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import transaction

from campanella.domains.attendance import queries as sheets
from campanella.domains.attendance.models import RollCall
from campanella.domains.attendance.rules import Mark
from campanella.domains.enrolment import queries as enrolment
from campanella.domains.enrolment.models import Subscription
from campanella.domains.ledger import verify
from campanella.domains.people import queries as people
from campanella.domains.schools import queries as schools
from campanella.domains.schools.models import Closure
from campanella.domains.services.models import Bracket
from campanella.foundation.core import clock
from campanella.foundation.core.audit import Software
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.scope import scope
from campanella.readings import proofs
from campanella.readings.class_sheet import class_sheet_of
from campanella.readings.office.changes import DayChange
from campanella.usecases import bulk_days, class_sheet, closing, enrolling, mealtime, pricing, registry
from campanella.usecases.importing import people as importing
from tests.concurrency.racing import in_turn
from tests.tablets import Marks, paired
from tests.towns import OFFICE, TODAY, Cast, make_cast
from tests.usecases.importing.files import text_file

YESTERDAY = TODAY - timedelta(days=1)
HEADERS = ["Codice", "Cognome", "Nome", "Plesso", "Classe", "Servizi"]
# How far the day has come: nothing yet, the roll-call confirmed, closed after it, and the charge given back.
STATES = ("open", "confirmed", "closed", "given")


@dataclass
class Day:
    """Luca's day in one town, and what may be done to it; everything that an act needs to know is known before."""

    town: Cast
    luca: int
    line: int
    full: Bracket
    file: Path
    other_adult: int
    tablet: Marks | None = None

    def confirm(self) -> Any:
        teacher, group = self.town.staff["school"], self.town.classes["2B"]
        sheet = class_sheet_of(user=teacher, class_group_id=group.pk, service_code="mensa", day=TODAY)
        if sheet.closed_because:  # as the page would say
            raise mealtime.ClosedMeanwhile
        return class_sheet.confirm(by=teacher, sheet=sheet, changes={}, adults=None, now=clock.now())

    def confirm_day(self) -> Any:
        classes = [group.pk for group in self.town.classes.values()]
        meal = self.town.services["mensa"]
        return mealtime.confirm_day(
            by=OFFICE, service=meal, day=TODAY, class_group_ids=classes, absent_ids=[], now=clock.now()
        )

    def tap(self) -> None:
        self._tap(is_present=False)

    def tap_present(self) -> None:
        self._tap(is_present=True)

    def _tap(self, *, is_present: bool) -> None:
        class_sheet.tap(
            by=self.town.staff["school"],
            class_group_id=self.town.classes["2B"].pk,
            service_code="mensa",
            day=TODAY,
            child_id=self.luca,
            mark=Mark(is_present=is_present),
            now=clock.now(),
        )

    def absent(self) -> None:
        self._correct(is_present=False)

    def present(self) -> None:
        self._correct(is_present=True)

    def _correct(self, *, is_present: bool) -> None:
        mealtime.correct(
            by=OFFICE,
            child_id=self.luca,
            service=self.town.services["mensa"],
            day=TODAY,
            is_present=is_present,
            reason="ha telefonato la famiglia",
            now=clock.now(),
        )

    def price(self) -> int:
        return pricing.change_price(
            by=OFFICE,
            child_id=self.luca,
            subscription_id=self.line,
            bracket=self.full,
            reduction_percent=0,
            first=TODAY,
            now=clock.now(),
        )

    def end(self) -> None:
        enrolling.end(by=OFFICE, child_id=self.luca, subscription_id=self.line, last=YESTERDAY, now=clock.now())

    def move(self) -> None:
        third = self.town.classes["3A"].pk
        enrolling.move(by=OFFICE, child_id=self.luca, class_group_id=third, first=TODAY, now=clock.now())

    def leave(self) -> None:
        enrolling.move(by=OFFICE, child_id=self.luca, class_group_id=None, first=TODAY, now=clock.now())

    def close(self) -> None:
        closing.enter(by=OFFICE, first=TODAY, last=TODAY, reason="Neve", now=clock.now())

    def give_back(self) -> Any:
        return closing.give_back(by=OFFICE, closure_id=Closure.objects.get().pk, now=clock.now())

    def withdraw(self) -> Any:
        closures = Closure.objects.values_list("pk", flat=True)
        return closing.withdraw(by=OFFICE, closure_id=max(closures, default=0), why="non nevica", now=clock.now())

    def many(self) -> int:
        """Correct the day as one of many: absent, as a register says it."""
        change = DayChange(self.luca, TODAY, is_present=False)
        meal, now = self.town.services["mensa"], clock.now()
        done = bulk_days.correct(by=OFFICE, service=meal, changes=[change], reason="dal registro", now=now)
        return len(done.lines)

    def batch(self) -> list[str]:
        """Hand in what a tablet has marked."""
        assert self.tablet
        return self.tablet.hand_in(self.tablet.made("absent", self.luca))

    def bring(self) -> bool:
        return importing.run(
            by=Software("importazione"),
            source=importing.Source(self.file),
            declared=importing.Declared(),
            first=TODAY,
            today=TODAY,
            skip_bad=False,
            now=clock.now(),
        ).changes_nothing

    def payer(self) -> None:
        registry.choose_payer(by=OFFICE, child_id=self.luca, guardian_id=self.other_adult, now=clock.now())

    def payer_back(self) -> None:
        first = self.town.families["rossi"].guardian.pk
        registry.choose_payer(by=OFFICE, child_id=self.luca, guardian_id=first, now=clock.now())

    def told(self) -> dict[str, Any]:
        """Tell how the day has ended; whatever happened, the book and the facts agree."""
        with scope(self.town.town.id):
            assert verify.violations() + proofs.violations() == []
            marks = sheets.marks_on(child_ids=[self.luca], day=TODAY)
            lines = enrolment.enrolled(child_ids=[self.luca], day=TODAY)
            place = schools.places_of(child_ids=[self.luca], day=TODAY).get(self.luca)
            payer = people.payer_of(child_id=self.luca)
            return {
                "marks": [(mark.is_present, mark.confirmed_at is not None) for mark in marks],
                "balance": self.town.balance("Luca"),
                "prices": [line.price.cents for line in lines],
                "class": place.class_name if place else None,
                "payer": payer.email if payer else None,
                "confirmed": RollCall.objects.exclude(confirmed_at=None).count(),
                "closures": Closure.objects.count(),
                "due": [(mark.is_due, mark.is_white) for mark in marks],
                "brothers": self.town.balance("Anna"),
            }


@dataclass
class Days:
    """Makes one town after the other."""

    folder: Path
    made: int = 0

    def another(self, *, state: str, acts: Iterable[str]) -> Day:
        self.made += 1
        town = make_cast(slug=f"valle{self.made}", tax_code=f"{self.made:011}")
        with scope(town.town.id):
            luca = town.child("Luca")
            adult, _ = registry.register_guardian(
                by=OFFICE, child_id=luca.pk, given_name="Ugo", family_name="Rossi", tax_code="", email="ugo@posta.example",
                phone="", kind="parent", is_payer=False, now=clock.now(),
            )  # fmt: skip
            folder = self.folder / town.town.slug
            folder.mkdir()
            row = [luca.code, "Rossi", "Luca", "Primaria Rodari", "2B", "mensa=4,60"]
            day = Day(
                town=town,
                luca=luca.pk,
                line=Subscription.objects.get(child=luca).pk,
                full=Bracket.objects.select_related("tariff__service").get(tariff__code="mensa-26", code="full"),
                file=text_file(folder, [row], headers=HEADERS),
                other_adult=adult.pk,
            )
            if "batch" in acts:
                tablet = paired(town.town, school_id=town.school.pk)
                day.tablet = Marks(tablet, town.staff["school"].pk, town.classes["2B"].pk)
            come = STATES.index(state)
            for act in (day.confirm, day.close, day.give_back)[:come]:
                act()
        return day


class _Undone(Exception):
    """How a day has ended that is then as it was."""

    def __init__(self, ended: tuple[Any, ...]) -> None:
        self.ended = ended


def race(days: Days, one: str, other: str, *, state: str) -> None:
    """
    Let two acts meet in both orders, and compare how the day ends with the acts coming one after the other.

    Those are tried in the same town before, and rolled back.
    """
    possible: list[tuple[Any, ...]] = []
    for first, second in dict.fromkeys([(one, other), (other, one)]):
        day = days.another(state=state, acts=(one, other))
        possible = possible or serial(day, one, other)
        raced = in_turn(day.town, act_of(day, first), act_of(day, second))
        ended = outcome(raced if (first, second) == (one, other) else raced[::-1], day)
        assert ended in possible, (first, second, ended, possible)


def serial(day: Day, one: str, other: str) -> list[tuple[Any, ...]]:
    """Play both orders of two acts, one after the other; the day is as before."""
    return [_undone(day, (one, other)), _undone(day, (other, one), turned=True)]


def _undone(day: Day, order: tuple[str, str], *, turned: bool = False) -> tuple[Any, ...]:
    try:
        with scope(day.town.town.id):
            results = [_tried(day, name) for name in order]
            raise _Undone(outcome(results[::-1] if turned else results, day))
    except _Undone as undone:
        return undone.ended


def _tried(day: Day, name: str) -> Any:
    try:
        with transaction.atomic():
            return act_of(day, name)()
    except Refusal as refusal:
        return refusal


def act_of(day: Day, name: str) -> Callable[[], Any]:
    """Return an act by its name."""
    act: Callable[[], Any] = getattr(day, name)
    return act


def outcome(results: Sequence[Any], day: Day) -> tuple[Any, ...]:
    """What each act answered, a refusal by its name, and how the day has ended."""
    for result in results:
        if isinstance(result, Exception) and not isinstance(result, Refusal):
            raise result
    said = [type(result).__name__ if isinstance(result, Exception) else result for result in results]
    return (said, day.told())
