"""
Acts that can meet on one child's day, two at a time: the day ends as one order of the two would have it.

Each race is played in a town of its own and compared with two other towns, where the same acts come one after the other.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from campanella.domains.attendance import queries as sheets
from campanella.domains.attendance.models import RollCall
from campanella.domains.attendance.rules import Mark
from campanella.domains.enrolment import queries as enrolment
from campanella.domains.enrolment.models import Subscription
from campanella.domains.ledger import statements, verify
from campanella.domains.messaging.models import Message
from campanella.domains.people import queries as people
from campanella.domains.schools import operations as closing
from campanella.domains.schools import queries as schools
from campanella.domains.schools.models import Closure
from campanella.domains.services.models import Bracket
from campanella.foundation.core import clock, sql
from campanella.foundation.core.audit import Software
from campanella.foundation.core.errors import Refusal
from campanella.foundation.core.money import Euro
from campanella.foundation.core.scope import scope
from campanella.readings import proofs
from campanella.readings.class_sheet import class_sheet_of
from campanella.usecases import adjust, class_sheet, enrolling, low_credit, mealtime, pricing, registry
from campanella.usecases.importing import people as importing
from tests.concurrency.racing import in_turn
from tests.towns import OFFICE, TODAY, Cast, make_cast
from tests.usecases.importing.files import text_file

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("concurrency")]

YESTERDAY = TODAY - timedelta(days=1)
HEADERS = ["Codice", "Cognome", "Nome", "Plesso", "Classe", "Servizi"]


@dataclass
class Day:
    """Luca's day in one town, and what may be done to it; everything that an act needs to know is known before."""

    town: Cast
    luca: int
    line: int
    full: Bracket
    file: Path
    other_adult: int

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

    def close(self) -> None:
        closing.close(by=OFFICE, first=TODAY, last=TODAY, reason="Neve", now=clock.now())

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
                "brothers": self.town.balance("Anna"),
            }


@dataclass
class Days:
    """Makes one town after the other."""

    folder: Path
    made: int = 0

    def another(self, *, is_confirmed: bool) -> Day:
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
            if is_confirmed:
                day.confirm()
        return day


@pytest.fixture
def days(committed: str, tmp_path: Path) -> Days:
    return Days(tmp_path)


BEFORE = {
    "confirm": ["price", "end", "move", "close", "bring", "payer", "tap", "confirm_day"],
    "confirm_day": ["price", "end"],
    "tap": ["price", "move", "close"],
    "tap_present": ["bring"],
    "price": ["price", "end", "move", "bring"],
    "end": ["end", "move", "bring"],
    "payer": ["payer_back", "bring"],
}
AFTER = {
    "absent": ["absent", "present", "price", "end", "move", "close", "bring", "confirm_day"],
    "present": ["end"],
    "price": ["price", "bring"],
}


@pytest.mark.parametrize("one", BEFORE)
def test_two_acts_before_the_roll_call(days: Days, one: str) -> None:
    for other in BEFORE[one]:
        _race(days, one, other, is_confirmed=False)


@pytest.mark.parametrize("one", AFTER)
def test_two_acts_after_the_roll_call(days: Days, one: str) -> None:
    for other in AFTER[one]:
        _race(days, one, other, is_confirmed=True)


def test_a_tap_that_comes_before_an_end_is_seen_and_one_after_it_refused(days: Days) -> None:
    for first, second in (("tap_present", "end"), ("end", "tap_present")):
        day = days.another(is_confirmed=False)
        raced = in_turn(day.town, _act(day, first), _act(day, second), held=lambda day=day: _hold_line(day.line))
        raced = raced if first == "tap_present" else raced[::-1]
        assert _outcome(raced, day) in _serial(days, "tap_present", "end", is_confirmed=False)


def test_a_look_tells_what_is_true(days: Days) -> None:
    """A credit is told as it stood under its lock; what comes in meanwhile is told by its own look, or not at all."""
    for looks_first in (True, False):
        day = days.another(is_confirmed=False)
        with scope(day.town.town.id):
            wallet = day.town.wallet("Luca").pk
            day.town.credit("Luca", -1000)

        def look(wallet: int = wallet) -> None:
            low_credit.look(wallet_ids=[wallet])

        def give(wallet: int = wallet) -> None:
            adjust.adjust(by=OFFICE, wallet_id=wallet, amount=Euro(20000), reason="errore", key="k", now=clock.now())

        outcomes = in_turn(day.town, *((look, give) if looks_first else (give, look)))
        assert [one for one in outcomes if isinstance(one, Exception)] == []
        with scope(day.town.town.id):
            told = Message.objects.filter(template="low_credit").values_list("balance_cents", flat=True)
            assert list(told) == ([-1000] if looks_first else [])
            assert proofs.violations() == []


def test_a_guard_taken_away_shows_the_race(days: Days, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: wallets that are noted without being held leave the day at the old price, so the races can fail."""
    possible = _serial(days, "confirm", "price", is_confirmed=False)
    monkeypatch.setattr(statements, "HOLD_CHILDREN", statements.HOLD_CHILDREN.replace("for no key update", ""))
    monkeypatch.setattr(statements, "HOLD_PAYERS", statements.PAYERS)
    day = days.another(is_confirmed=False)
    held = statements.HOLD

    def hold() -> None:
        with_lock = held.replace("any(%(wallets)s)", "any(select id from ledger_wallet where child_id = %(luca)s)")
        sql.run(with_lock, {"town": day.town.town.id, "luca": day.luca})

    outcomes = in_turn(day.town, _act(day, "confirm"), _act(day, "price"), held=hold)
    with pytest.raises(AssertionError):
        assert _outcome(outcomes, day) in possible


def _race(days: Days, one: str, other: str, *, is_confirmed: bool) -> None:
    possible = _serial(days, one, other, is_confirmed=is_confirmed)
    for first, second in {(one, other), (other, one)}:
        day = days.another(is_confirmed=is_confirmed)
        outcomes = in_turn(day.town, _act(day, first), _act(day, second))
        if (first, second) != (one, other):
            outcomes = outcomes[::-1]
        assert _outcome(outcomes, day) in possible, (first, second)


def _serial(days: Days, one: str, other: str, *, is_confirmed: bool) -> list[Any]:
    """Play both orders of two acts, one after the other."""
    possible = []
    for order in ((one, other), (other, one)):
        day = days.another(is_confirmed=is_confirmed)
        results = [_tried(day, name) for name in order]
        possible.append(_outcome(results if order == (one, other) else results[::-1], day))
    return possible


def _act(day: Day, name: str) -> Callable[[], Any]:
    act: Callable[[], Any] = getattr(day, name)
    return act


def _tried(day: Day, name: str) -> Any:
    try:
        with scope(day.town.town.id):
            return _act(day, name)()
    except Refusal as refusal:
        return refusal


def _outcome(results: Sequence[Any], day: Day) -> tuple[Any, ...]:
    """What each act answered, a refusal by its name, and how the day has ended."""
    for result in results:
        if isinstance(result, Exception) and not isinstance(result, Refusal):
            raise result
    said = [type(result).__name__ if isinstance(result, Exception) else result for result in results]
    return (said, day.told())


def _hold_line(subscription_id: int) -> None:
    sql.run("select id from enrolment_subscription where id = %s for update", [subscription_id])
