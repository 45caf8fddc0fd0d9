"""Who is told that the days of a closure have changed: by what each family was told last."""

from datetime import timedelta

from campanella.domains.enrolment.models import Subscription
from campanella.domains.messaging.models import Message
from campanella.domains.schools.models import Closure
from campanella.usecases import closing
from tests.towns import OFFICE, TODAY, Cast, run_jobs
from tests.usecases.asking import TOMORROW, rome


def letters(template: str) -> list[Message]:
    run_jobs()
    return list(Message.objects.filter(template=template).order_by("id"))


def close(valle: Cast, **where: object) -> Closure:
    where = where or {"school": valle.school}
    return closing.enter(by=OFFICE, first=TODAY, last=TODAY, reason="Neve", now=rome("07:50"), **where)  # type: ignore[arg-type]


def test_days_that_come_back_are_told_again_and_the_same_ones_are_not(valle: Cast) -> None:
    closure = close(valle)
    told = [len(letters("closure_entered"))]
    about = {"by": OFFICE, "closure_id": closure.pk, "reason": "Neve"}
    for minute, day in enumerate((TOMORROW, TODAY), start=1):
        closing.change(**about, first=day, last=day, now=rome(f"08:0{minute}"))
        told.append(len(letters("closure_entered")))
    assert told == [2, 4, 6]
    # Changed and changed back before anybody was written to: the families know these days.
    for minute, day in enumerate((TOMORROW, TODAY), start=3):
        closing.change(**about, first=day, last=day, now=rome(f"08:0{minute}"))
    assert len(letters("closure_entered")) == 6


def test_families_told_of_days_that_are_open_again_are_told_so(valle: Cast) -> None:
    """A week closed, shortened to yesterday: the days to come are told as open, once, and as closed when they are again."""
    yesterday, week = TODAY - timedelta(days=1), TODAY + timedelta(days=7)
    closure = closing.enter(by=OFFICE, first=TODAY, last=week, reason="Neve", now=rome("08:00"), school=valle.school)
    assert len(letters("closure_entered")) == 2
    about = {"by": OFFICE, "closure_id": closure.pk, "reason": "Neve"}
    closing.change(**about, first=yesterday, last=yesterday, now=rome("08:01"))
    texts = [" ".join(letter.text.split()) for letter in letters("closure_withdrawn")]
    assert ["14 ottobre 2026 al 21 ottobre 2026 i servizi ci sono" in text for text in texts] == [True, True], texts
    closing.change(**about, first=yesterday, last=TODAY, now=rome("08:02"))
    assert len(letters("closure_entered")) == 4
    closing.withdraw(by=OFFICE, closure_id=closure.pk, why="non nevica", now=rome("08:03"))
    assert len(letters("closure_withdrawn")) == 4


def test_a_closure_that_moves_off_a_childs_days_is_told_to_its_family(valle: Cast) -> None:
    """Anna's family has the bus on Wednesdays only: it was told of Wednesday, and reads that Friday is closed instead."""
    Subscription.objects.filter(service=valle.services["scuolabus"]).update(weekdays=0b00100)
    closure = close(valle, only=[valle.services["scuolabus"]])
    assert len(letters("closure_entered")) == 1
    friday = TODAY + timedelta(days=2)
    closing.change(by=OFFICE, closure_id=closure.pk, first=friday, last=friday, reason="Neve", now=rome("08:01"))
    text = " ".join(letters("closure_entered")[-1].text.split())
    assert "Prima: 14 ottobre 2026; nei giorni che non sono più chiusi vale quello che avevi scelto." in text
    assert "16 ottobre 2026 il servizio Scuolabus è chiuso" in text
