"""Lists are drawn up, corrected, drawn up anew and published; what is on record is never written over."""

from datetime import date, timedelta

import pytest
from django.db import InternalError, ProgrammingError, transaction

from campanella.domains.enrolment import declared
from campanella.domains.messaging.models import Message
from campanella.domains.ranking import queries
from campanella.domains.ranking.models import RankLine, RankList
from campanella.foundation.core import clock
from campanella.readings.office.ranking import office_list
from campanella.usecases import isee
from campanella.usecases.applying import sending
from campanella.usecases.ranking import drawing, publishing
from tests.applying import CLOSES, accept, opened, part
from tests.ranking import AFTER, PARTS, WORKS, drawn, known, newborn, numbers_of, published, ranked, rule
from tests.towns import OFFICE, Cast, Family, run_jobs


def test_a_list_goes_by_points_and_keeps_what_it_was_made_of(valle: Cast) -> None:
    call = ranked(valle)
    idle, busy = newborn(valle, call, "B"), newborn(valle, call, "C", works=True)
    made = drawn(call)
    assert numbers_of(made) == [busy.number, idle.number]
    first, second = queries.lines(list_id=made.pk)
    assert (first.points, first.school_id, second.school_id) == (10, valle.school.pk, None)
    assert first.facts["worth"] == [[WORKS, "sì", 10, False, False]]
    assert [one["number"] for one in made.inputs["applicants"]] == [idle.number, busy.number]
    assert len(made.digest) == 64


def test_pressed_twice_it_is_one_and_another_seed_is_another(valle: Cast) -> None:
    call = ranked(valle)
    newborn(valle, call, "B")
    made = drawn(call)
    assert drawn(call).pk == made.pk
    assert drawn(call, seed="").pk == made.pk
    other = drawn(call, seed="7 21 90")
    assert (other.number, other.digest) == (2, made.digest)


def test_of_a_tie_the_draw_is_on_record(valle: Cast) -> None:
    call = ranked(valle)
    twins = {newborn(valle, call, letter).number for letter in "BCD"}
    made = drawn(call, seed="7 21 90")
    lines = queries.lines(list_id=made.pk)
    assert {line.application.number for line in lines if line.is_drawn} == twins
    assert [line.ticket for line in lines] == sorted(line.ticket for line in lines)


def test_after_an_appeal_the_next_list_says_what_has_moved_and_why(valle: Cast) -> None:
    call = ranked(valle)
    busy, idle = newborn(valle, call, "C", works=True), newborn(valle, call, "B")
    known(valle, call, "Luca", works=True)
    first = published(call, is_final=False)
    drawing.correct(
        by=valle.staff["office"],
        application_id=idle.pk,
        part_id=part(call, WORKS).pk,
        answer="yes",
        reason="Ricorso del 3 novembre, accolto",
        now=AFTER,
    )
    second = drawn(call, why="ricorso")
    found = office_list(list_id=second.pk)
    moves = {move.number: move.why for move in found.moves}
    assert f"{WORKS}: 0 → 10 punti" in moves[idle.number]
    assert RankLine.objects.get(ranking=first, application=idle).points == 0
    line = queries.line(list_id=second.pk, application_id=idle.pk)
    assert line
    assert line.facts["worth"][0][4] is True
    assert busy.number in numbers_of(second)


def test_the_isee_that_was_presented_decides_until_it_is_refused(valle: Cast, rossi: Family) -> None:
    call = opened(valle, parts=PARTS, asks_isee=True)
    rule(valle, call, keys=("points", "isee", "older"))
    given = {"how": "given", "cents": 980_000, "kind": "ordinary", "issued_on": "2026-03-02"}
    without = known(valle, call, "Amina", isee={"how": "none"})
    presented = known(valle, call, "Luca", isee=given)
    made = drawn(call)
    assert numbers_of(made) == [presented.number, without.number]
    assert [line.facts["isee"].replace("\xa0", " ") for line in queries.lines(list_id=made.pk)] == ["9.800,00 €", ""]
    (one,) = declared.of_payers(payer_ids=[rossi.guardian.pk])
    isee.refuse(by=OFFICE, declaration_id=one.id, reason="Non risulta all’INPS", told=None, now=clock.now())
    again = drawn(call)
    assert [line.facts["isee"] for line in queries.lines(list_id=again.pk)] == ["", ""]
    assert "ISEE: 9.800,00 € → nessuno" in str(office_list(list_id=again.pk).moves).replace("\\xa0", " ")


def test_what_is_on_record_cannot_be_written_over(valle: Cast) -> None:
    call = ranked(valle)
    newborn(valle, call, "B")
    made = drawn(call)
    with pytest.raises((ProgrammingError, InternalError)), transaction.atomic():
        RankList.objects.filter(pk=made.pk).update(seed="altro")


def test_who_has_withdrawn_is_in_the_next_list_no_more(valle: Cast, rossi: Family) -> None:
    call = ranked(valle)
    one, other = newborn(valle, call, "B"), newborn(valle, call, "C")
    drawn(call)
    sending.withdraw(by=rossi.user, application_id=one.pk, is_by_office=False, now=clock.now())
    assert numbers_of(drawn(call)) == [other.number]


def test_families_are_told_once_a_list_is_published(valle: Cast) -> None:
    call = ranked(valle, places=0, elsewhere=1)
    one = newborn(valle, call, "B")
    made = drawn(call)
    publishing.publish(by=OFFICE, list_id=made.pk, is_final=False, appeals_until=date(2026, 11, 20), now=AFTER)
    run_jobs()
    (letter,) = Message.objects.filter(template="ranking_published")
    assert "entro il 20 novembre 2026" in letter.text
    assert one.number in letter.text
    with pytest.raises(publishing.PublishedAlready):
        publishing.publish(by=OFFICE, list_id=made.pk, is_final=False, appeals_until=None, now=AFTER)


def test_what_cannot_be_published(valle: Cast) -> None:
    call = ranked(valle)
    one = newborn(valle, call, "B")
    made = drawn(call)
    drawing.correct(
        by=OFFICE, application_id=one.pk, part_id=part(call, WORKS).pk, answer="yes", reason="Controllo", now=AFTER
    )
    with pytest.raises(publishing.ChangedSince):
        publishing.publish(by=OFFICE, list_id=made.pk, is_final=True, appeals_until=None, now=AFTER)
    newer = published(call)
    with pytest.raises(drawing.FinalAlready):
        publishing.publish(by=OFFICE, list_id=newer.pk, is_final=True, appeals_until=None, now=AFTER)
    with pytest.raises(drawing.FinalAlready):
        drawn(call)


def test_a_list_is_drawn_up_by_whole_rules_after_the_deadline(valle: Cast) -> None:
    call = ranked(valle)
    with pytest.raises(drawing.StillOpen, match="31 ottobre 2026"):
        drawing.draw_up(by=OFFICE, call_id=call.pk, seed="", why="", now=CLOSES)
    rule(valle, call, groups=())
    with pytest.raises(drawing.RulesMissing, match="almeno una fascia"):
        drawn(call)


@pytest.mark.parametrize(
    ("answer", "reason", "refusal"),
    [("yes", " ", drawing.ReasonMissing), ("forse", "Ricorso", drawing.NoSuchAnswer)],
)
def test_a_correction_has_a_reason_and_an_answer_of_the_form(
    valle: Cast, answer: str, reason: str, refusal: type[Exception]
) -> None:
    call = ranked(valle)
    one = newborn(valle, call, "B")
    with pytest.raises(refusal):
        drawing.correct(
            by=OFFICE, application_id=one.pk, part_id=part(call, WORKS).pk, answer=answer, reason=reason, now=AFTER
        )
    other = part(call, WORKS).pk + 999
    with pytest.raises(drawing.NoSuchAnswer):
        drawing.correct(by=OFFICE, application_id=one.pk, part_id=other, answer="yes", reason="Ricorso", now=AFTER)


def test_after_the_final_list_only_places_and_terms_change(valle: Cast) -> None:
    call = ranked(valle)
    newborn(valle, call, "B")
    published(call)
    with pytest.raises(drawing.FinalAlready):
        rule(valle, call, criteria=())
    rule(valle, call, places=5, answer_days=3)
    assert queries.scheme(call_id=call.pk).answer_days == 3
    assert AFTER - timedelta(days=1) == CLOSES


def test_appeals_end_on_a_day_to_come_and_the_final_list_waits_for_it(valle: Cast) -> None:
    call, today = ranked(valle), clock.day_of(AFTER)
    newborn(valle, call, "B")
    made = drawn(call)
    for wrong in (today - timedelta(days=1), date(2001, 1, 1), date(9999, 12, 31)):
        with pytest.raises(publishing.AppealsRun, match="scegli un altro giorno"):
            publishing.publish(by=OFFICE, list_id=made.pk, is_final=False, appeals_until=wrong, now=AFTER)
    publishing.publish(by=OFFICE, list_id=made.pk, is_final=False, appeals_until=today, now=AFTER)
    with pytest.raises(publishing.AppealsRun, match="fino al"):
        publishing.publish(by=OFFICE, list_id=made.pk, is_final=True, appeals_until=None, now=AFTER)
    later = AFTER + timedelta(days=1)
    assert publishing.publish(by=OFFICE, list_id=made.pk, is_final=True, appeals_until=None, now=later).is_final


def test_a_child_stands_in_a_list_once(valle: Cast, rossi: Family) -> None:
    call = ranked(valle, places=2)
    one, other = newborn(valle, call, "B"), newborn(valle, call, "B", family="haddad")
    with pytest.raises(drawing.SameChild, match=f"n. {one.number} e n. {other.number}"):
        drawn(call)
    sending.withdraw(by=rossi.user, application_id=one.pk, is_by_office=False, now=clock.now())
    assert numbers_of(drawn(call)) == [other.number]


def test_another_seed_and_other_rules_are_said(valle: Cast) -> None:
    call = ranked(valle)
    for letter in "BCDEF":
        newborn(valle, call, letter)
    drawn(call, seed="7 21")
    again = drawn(call, seed="90 4")
    assert {move.why[0] for move in office_list(list_id=again.pk).moves} == {"il sorteggio è un altro"}
    rule(valle, call, keys=("points", "sent"))
    last = drawn(call)
    assert {move.why[0] for move in office_list(list_id=last.pk).moves} == {"sono cambiate le regole"}


def test_until_families_read_a_list_a_call_may_go_without_one_again(valle: Cast) -> None:
    call = ranked(valle)
    one = newborn(valle, call, "B")
    drawn(call)
    rule(valle, call, groups=())
    accept(valle, one, class_group_id=valle.classes["2B"].pk)
    rule(valle, call)
    newborn(valle, call, "C")
    published(call, is_final=False)
    with pytest.raises(drawing.ListsPublished):
        rule(valle, call, groups=())
